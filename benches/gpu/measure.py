"""All measurements on a GPU in one call: seer's towers by candle's operations against PyTorch.

Measured, in this order, each within its share of `--seconds` (at most 480):
- parity: every family of `tests/fixtures` in f32, bf16 and f16 on the device, with the bars of the
  tests; and one ViT-B/32 of full size against PyTorch in f32, by the lowest cosine of its pictures;
- peak: TFLOP/s of PyTorch's product of two large square matrices in the numbers measured;
- towers: ViT-B/32 and ViT-L/14, random weights, pictures a second at each batch, from 8-bit pixels in
  the processor's memory to embeddings back there, for seer and for the same network written with
  PyTorch's scaled_dot_product_attention, and the share of the peak that each reaches. Both do the
  same work; the best of the rounds counts;
- pipeline: the same of seer from JPEG files, decoded on all cores, and decoding alone.

PyTorch, NumPy and safetensors come from the machine's Python; without PyTorch its lines are left out.
`--device cpu --small` runs all of it where there is no GPU, with towers of a few layers, to see that
it works; its figures mean nothing. What is missing or misses its bar is said at the end, and is the
exit status.

    python benches/gpu/measure.py --program KIT/gpu --fixtures KIT/fixtures --pictures KIT/pictures
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import vit

try:
    import peer
except ImportError as missing:
    peer = None
    print(f"PyTorch is left out: {missing}")

#: How many pictures embeddings are compared on.
COMPARED = 16
#: Least cosine of pictures to PyTorch's in f32.
BARS = {"f32": 0.9999, "bf16": 0.999, "f16": 0.9999}
#: Longest that one part may take, in shares of all time.
PARITY, PIPELINE = 0.25, 0.15


class Run:
    """The program, and what went wrong with it."""

    def __init__(self, options):
        self.options = options
        self.misses = []
        self.end = time.monotonic() + options.seconds

    def left(self):
        return self.end - time.monotonic()

    def ask(self, *arguments, limit, quiet=True):
        """What the program prints; nothing where it fails."""
        paths = [*(peer.libraries() if peer else []), os.environ.get("LD_LIBRARY_PATH", "")]
        environment = {**os.environ, "SEER_FIXTURES": str(self.options.fixtures),
                       "LD_LIBRARY_PATH": ":".join(filter(None, paths))}
        command = [str(self.options.program), *map(str, arguments)]
        limit = max(1, min(limit, self.left()))
        try:
            done = subprocess.run(command, env=environment, capture_output=True, text=True,
                                  timeout=limit)
        except subprocess.TimeoutExpired:
            self.misses.append(f"{' '.join(command[1:])}: not done after {limit:.0f} s")
            return ""
        if not quiet or done.returncode:
            print(done.stdout, end="")
        if done.returncode:
            print(done.stderr, end="")
            self.misses.append(f"{' '.join(command[1:])}: {done.stderr.strip()[-300:]}")
            return ""
        return done.stdout


def figures(line):
    """`name number name number …` as a dictionary."""
    words = line.split()
    return {name: float(value) for name, value in zip(words[::2], words[1::2])}


def parity(run):
    print("parity on the fixtures: pictures' cosine | off by | texts' cosine | off by")
    run.ask("parity", run.options.device, limit=PARITY * run.options.seconds, quiet=False)


def compare(run, model, folder, dtype):
    """The lowest cosine between seer's embeddings in `folder` and PyTorch's in f32."""
    found = np.fromfile(folder / f"{dtype}.f32", np.float32).reshape(COMPARED, -1)
    expected = peer.embeddings(model, folder, run.options.device)
    cosine = float((found * expected).sum(1).min())
    spread = float((expected[0] * expected[1:]).sum(1).min())
    print(f"  {dtype}: cosine to PyTorch in f32 >= {cosine:.6f} (different pictures: {spread:.3f})")
    if not cosine >= BARS[dtype]:
        run.misses.append(f"{model.name} in {dtype}: cosine {cosine}")


def towers(run, model, folder, peak, seconds):
    options = run.options
    share = lambda rate: f"{rate * model.operations / peak:7.1%}" if peak else "      -"
    print(f"{model.name}, {options.dtype}: {model.operations / 1e9:.2f} GFLOP a picture")
    print(f"{'batch':>8}{'seer/s':>12}{'of peak':>9}{'PyTorch/s':>12}{'of peak':>9}{'ratio':>8}")
    for batch in options.batches:
        line = run.ask("towers", options.device, options.dtype, folder, batch, seconds,
                       limit=60 + 4 * seconds)
        ours = figures(line).get("best") if line else None
        theirs = peer and peer.rate(model, folder, options.device, options.dtype, batch, seconds)
        cell = lambda rate: f"{rate:12.1f}  {share(rate)}" if rate else f"{'-':>12}{'-':>9}"
        ratio = f"{ours / theirs:8.2f}" if ours and theirs else f"{'-':>8}"
        print(f"{batch:8}{cell(ours)}{cell(theirs)}{ratio}", flush=True)
    if peer:
        for dtype in dict.fromkeys(["f32", options.dtype]):
            if not (folder / f"{dtype}.f32").is_file():
                run.ask("towers", options.device, dtype, folder, COMPARED, 0, limit=60)
            if (folder / f"{dtype}.f32").is_file():
                compare(run, model, folder, dtype)


def pipeline(run, model, folder, seconds):
    options = run.options
    line = run.ask("pipeline", options.device, options.dtype, folder, options.batches[0], seconds,
                   options.pictures, limit=PIPELINE * options.seconds)
    if line:
        rates = figures(line)
        print(f"{model.name} from JPEG files: {rates['whole']:.1f} pictures/s, decoding alone "
              f"{rates['decoding']:.1f}, on {os.cpu_count()} cores")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", type=Path, required=True, help="the bench `gpu`")
    parser.add_argument("--fixtures", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, help="a folder of JPEGs; without it no pipeline")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--dtype", default="bf16", choices=BARS)
    parser.add_argument("--batches", type=int, nargs="+", default=[64, 256, 1024])
    parser.add_argument("--seconds", type=float, default=480, help="for all, at most 480")
    parser.add_argument("--small", action="store_true", help="towers of a few layers")
    options = parser.parse_args()
    options.seconds = min(options.seconds, 480)
    for name in ("program", "fixtures", "pictures"):
        path = getattr(options, name)
        if path is not None:
            if not path.exists():
                parser.error(f"--{name}: there is no {path}")
            setattr(options, name, path.resolve())
    return options


def main():
    run = Run(arguments())
    options = run.options
    if peer:
        print(peer.describe(options.device))
    parity(run)
    peak = peer and peer.peak(options.device, options.dtype, 512 if options.small else 8192)
    if peak:
        print(f"peak of a product in {options.dtype}: {peak / 1e12:.1f} TFLOP/s", flush=True)
    models = vit.SMALL if options.small else vit.MODELS
    with tempfile.TemporaryDirectory() as folder:
        for model in models:
            checkpoint = Path(folder) / model.name.replace("/", "-")
            vit.write(model, checkpoint, COMPARED)
            rest = run.left() - PIPELINE * options.seconds
            each = rest / (len(models) * len(options.batches) * 4)
            towers(run, model, checkpoint, peak, max(0.5, min(3, each)))
            if options.pictures and model is models[0]:
                pipeline(run, model, checkpoint, max(1, min(10, options.seconds / 50)))
    if not peer:
        run.misses.append("PyTorch was not there: no peer, no peak")
    for miss in run.misses:
        print("missed:", miss)
    return 1 if run.misses else 0


if __name__ == "__main__":
    sys.exit(main())
