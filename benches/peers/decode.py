"""Pillow's half of the decode bench: one picture after another, as the Rust half asks.

Reads lines "WAY PATH" (WAY: full, draft, draft2) and answers each with milliseconds for JPEG file to a bicubic resize
whose shorter edge is 224 pixels. `draft` lets libjpeg shrink to at least 224 pixels, `draft2` to at least 448.
"""

import sys
import time

from PIL import Image

SIDE = 224
Image.MAX_IMAGE_PIXELS = None


def prepare(way: str, path: str) -> float:
    start = time.perf_counter()
    picture = Image.open(path)
    if way != "full":
        side = SIDE if way == "draft" else 2 * SIDE
        picture.draft("RGB", (side, side))
    picture = picture.convert("RGB")
    scale = SIDE / min(picture.size)
    picture.resize((int(picture.width * scale), int(picture.height * scale)), Image.BICUBIC)
    return (time.perf_counter() - start) * 1000


for line in sys.stdin:
    way, path = line.rstrip("\n").split(" ", 1)
    print(prepare(way, path), flush=True)
