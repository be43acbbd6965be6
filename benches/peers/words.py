"""Reads the words in photos, for the bench `read` of seer-ocr, which starts this program.

The folder named on the command line holds photos, `NUMBER.png`. Each line asked, a photo's number, is
answered with the milliseconds that reading it took: rapidocr with onnxruntime on one thread, without
its classifier of upside-down lines. Before the first answer every photo is read once.
"""

import sys
import time
from pathlib import Path

import cv2
from rapidocr import RapidOCR

ENGINE = "EngineConfig.onnxruntime"
PARAMETERS = {"Global.log_level": "error", "Global.use_cls": False,
              "Det.limit_type": "max", "Det.limit_side_len": 992,
              f"{ENGINE}.intra_op_num_threads": 1, f"{ENGINE}.inter_op_num_threads": 1}


def main():
    cv2.setNumThreads(1)
    engine = RapidOCR(params=PARAMETERS)
    photos = {path.stem: cv2.imread(str(path)) for path in Path(sys.argv[1]).glob("*.png")}
    for name, photo in sorted(photos.items()):
        found = engine(photo)
        print(f"{name}.png: rapidocr reads {len(found.txts or ())} lines", file=sys.stderr)
    for line in sys.stdin:
        start = time.perf_counter()
        engine(photos[line.strip()])
        print((time.perf_counter() - start) * 1e3, flush=True)


main()
