"""ViT-B/32 towers: seer against PyTorch, ONNX Runtime and OpenVINO, in one run on two threads.

Measured: pictures per second at batches of 1, 8 and 32, in f32 and in 8 bits, and one short text,
from string to vector. All take turns, round by round; what the machine's host disturbed is measured
again (`quiet.py`); printed are medians over the rounds and ratios to the best peer. Peers get
normalised planes, seer gets 8-bit pixels; decoding and resizing are left out. Texts are tokenised
by each side itself: peers read all 77 places, as OpenCLIP's tokenizer fills them. Between two of
them lies a pause, in which the threads of the last one stop spinning.

The model has random weights of the published shape. In f32 all must agree with PyTorch (cosine
0.9999); what 8 bits cost is printed as the lowest cosine to f32, of pictures and of the text.

    python -m venv peers && peers/bin/pip install -r benches/peers/requirements-towers.txt
    cargo bench -p seer-encoders --bench towers --no-run     # prints where the program is
    peers/bin/python benches/peers/towers.py --program PATH --folder EMPTY_FOLDER
"""

import argparse
import os
import statistics
import subprocess
import time
from pathlib import Path

import numpy as np
import onnxruntime
import open_clip
import torch
import towers_models as models
from quiet import PAUSE, Quiet

THREADS = models.THREADS
BATCHES = (1, 8, 32)


class Seer:
    """The worker, asked line by line."""

    def __init__(self, program, folder):
        environment = {**os.environ, "RAYON_NUM_THREADS": str(THREADS)}
        self.process = subprocess.Popen([program, "--peers", str(folder)], env=environment,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        self.folder = folder

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def embeddings(self, dtype, count):
        self.ask(f"{dtype} write {count} {models.QUERY}")
        read = lambda what: np.fromfile(self.folder / f"{dtype}.{what}.f32", np.float32)
        return read("pictures").reshape(count, -1), read("text")[None]


def onnx(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda values: session.run(None, {"input": values})[0]


def pytorch(module):
    torch.set_num_threads(THREADS)

    def run(values):
        with torch.inference_mode():
            return module(torch.from_numpy(values)).numpy()

    return run


def milliseconds(work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def contest(title, contestants, rounds, per_second=None):
    """All in turn, `rounds` times; seer comes after each peer. Prints medians and the ratio."""
    (ours, seer), *peers = contestants.items()
    times, quiet = {name: [] for name in contestants}, Quiet()
    for number in range(rounds + 1):
        for name, peer in peers:
            for who, work in ((name, peer), (ours, seer)):
                time.sleep(PAUSE)
                taken = quiet(work)
                if number > 0:
                    times[who].append(taken)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    print(f"\n{title}")
    for name, median in sorted(medians.items(), key=lambda pair: pair[1]):
        low, high = min(times[name]), max(times[name])
        rate = f"{per_second * 1e3 / median:8.1f}/s" if per_second else ""
        print(f"  {name:<28}{median:9.2f} ms{rate}   ({low:.2f} to {high:.2f})")
    best = min((median, name) for name, median in medians.items() if name != ours)
    print(f"  seer / best peer ({best[1]}) in speed: {best[0] / medians[ours]:.2f}")
    print(f"  {quiet}", flush=True)


def lowest_cosine(found, expected):
    return float((found * expected).sum(1).min())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="the built bench program")
    parser.add_argument("--folder", required=True, type=Path, help="for the models; made if empty")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", default="f32,q8,text", help="which rows, by comma")
    asked = parser.parse_args()
    folder = asked.folder
    if not (folder / "texts.int8.xml").exists():
        folder.mkdir(parents=True, exist_ok=True)
        models.write(folder)

    made, planes = models.model(), models.pictures(folder)
    tokenizer = open_clip.get_tokenizer(models.NAME)
    ids = lambda: tokenizer([models.QUERY]).numpy()
    seer = Seer(asked.program, folder)
    images = {"PyTorch": pytorch(models.Images(made)), "ONNX Runtime": onnx(folder / "images.onnx"),
              "OpenVINO": models.openvino_at(folder / "images.xml", *BATCHES)}
    images8 = {"ONNX Runtime, dynamic": onnx(folder / "images.dynamic.onnx"),
               "ONNX Runtime, static": onnx(folder / "images.static.onnx"),
               "OpenVINO, nncf": models.openvino_at(folder / "images.int8.xml", *BATCHES)}
    texts = {"PyTorch": pytorch(models.Texts(made)), "ONNX Runtime": onnx(folder / "texts.onnx"),
             "OpenVINO": models.openvino_at(folder / "texts.xml", 1)}
    texts8 = {"ONNX Runtime, dynamic": onnx(folder / "texts.dynamic.onnx"),
              "ONNX Runtime, static": onnx(folder / "texts.static.onnx"),
              "OpenVINO, nncf": models.openvino_at(folder / "texts.int8.xml", 1)}

    count = len(planes)
    exact = images["PyTorch"](planes), texts["PyTorch"](ids())
    print("lowest cosine to PyTorch f32        pictures     text")
    rows = [(f"seer, {dtype}", *seer.embeddings(dtype, count)) for dtype in ("f32", "q8")]
    for kind in ((images, texts), (images8, texts8)):
        rows += [(name, kind[0][name](planes), kind[1][name](ids())) for name in kind[0]]
    for number, (name, *found) in enumerate(rows):
        cosines = [lowest_cosine(*pair) for pair in zip(found, exact)]
        print(f"  {name:<32}{cosines[0]:10.5f}{cosines[1]:10.5f}")
        assert number > 0 or min(cosines) >= 0.9999, "seer computes something else"
    others = exact[0] @ exact[0].T
    print(f"  different pictures, on average  {(others.sum() - count) / (count * (count - 1)):10.5f}")

    ours = lambda task: lambda: seer.ask(task)
    work = lambda run, values: lambda: milliseconds(lambda: run(values()))
    for dtype, peers in (("f32", images), ("q8", images8)):
        for batch in BATCHES if dtype in asked.only.split(",") else ():
            part = planes[:batch]
            runs = {name: work(run, lambda: part) for name, run in peers.items()}
            runs = {"seer": ours(f"{dtype} pictures {batch}"), **runs}
            contest(f"{batch} pictures, {dtype}", runs, asked.rounds, batch)
    if "text" in asked.only.split(","):
        for dtype, peers in (("f32", texts), ("q8", texts8)):
            runs = {name: work(run, ids) for name, run in peers.items()}
            contest(f"one text, {dtype}", {"seer": ours(f"{dtype} text {models.QUERY}"), **runs},
                    3 * asked.rounds)


if __name__ == "__main__":
    main()
