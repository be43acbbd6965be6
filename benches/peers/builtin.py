"""The built-in model's image tower: seer against OpenVINO, in one run.

Measured: 1, 8 and 32 pictures, in f32 and in 8 bits, from pixels (OpenVINO: from normalised planes) to
vectors; decoding and resizing are left out. Both take turns, round by round; what the machine's host disturbed
is measured again (`quiet.py`); printed are medians, the fastest, and the ratio of both. `builtin_models.py` says
what OpenVINO runs. In f32 both must agree (cosine 0.9999); what 8 bits cost is printed as the lowest cosine to
OpenVINO's f32.

    python -m venv peers && peers/bin/pip install -r benches/peers/requirements-towers.txt
    cargo bench -p seer-encoders --bench towers --no-run     # prints where the program is
    peers/bin/python benches/peers/builtin.py --program PATH --folder EMPTY_FOLDER

`--also PATH` lets a second program, an older one, take part.
"""

import argparse
import os
import statistics
import subprocess
import time
from pathlib import Path

import builtin_models as models
import numpy as np
import openvino
from quiet import Quiet

PAUSE = 0.05  # in which the threads of the last one stop spinning
BATCHES = (1, 8, 32)


class Seer:
    """The bench program, asked line by line."""

    def __init__(self, program, folder, threads):
        environment = {**os.environ, "RAYON_NUM_THREADS": str(threads)}
        self.process = subprocess.Popen([program, "--builtin", str(folder)], env=environment,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        self.folder = folder

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def vectors(self, dtype, count):
        self.ask(f"{dtype} write {count} a dog")
        found = np.fromfile(self.folder / f"{dtype}.pictures.f32", np.float32)
        return found.reshape(count, -1)


def milliseconds(work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def contest(title, contestants, rounds):
    """All in turn, `rounds` times after one that does not count; the last one is the peer."""
    times, quiet = {name: [] for name in contestants}, Quiet()
    for number in range(rounds + 1):
        for name, work in contestants.items():
            time.sleep(PAUSE)
            taken = quiet(work)
            if number > 0:
                times[name].append(taken)
    *_, peer = contestants
    middle = {name: statistics.median(taken) for name, taken in times.items()}
    print(f"\n{title}")
    for name, taken in times.items():
        ratio, fastest = middle[peer] / middle[name], min(times[peer]) / min(taken)
        print(f"  {name:<16}{middle[name]:9.2f} ms, fastest {min(taken):8.2f}   "
              f"OpenVINO's time is {ratio:.2f} of it, fastest {fastest:.2f}")
    print(f"  {quiet}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="the built bench program")
    parser.add_argument("--also", help="an older one")
    parser.add_argument("--folder", required=True, type=Path, help="for the models; made if empty")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    folder = asked.folder
    if not (folder / "builtin.int8.xml").exists():
        folder.mkdir(parents=True, exist_ok=True)
        models.write(folder)

    programs = {"seer": asked.program, **({"seer before": asked.also} if asked.also else {})}
    seers = {name: Seer(program, folder, asked.threads) for name, program in programs.items()}
    planes = models.pictures(folder)
    read = openvino.Core().read_model
    peers = {dtype: models.openvino_for(read(folder / file), asked.threads, BATCHES)
             for dtype, file in (("f32", "builtin.xml"), ("q8", "builtin.int8.xml"))}
    network = models.Network()
    exact = network.with_hubness(peers["f32"](planes))
    print("lowest cosine to OpenVINO's f32")
    print(f"  OpenVINO, nncf  {(network.with_hubness(peers['q8'](planes)) * exact).sum(1).min():.5f}")
    for name, seer in seers.items():
        for dtype in peers:
            cosine = (seer.vectors(dtype, len(planes)) * exact).sum(1).min()
            print(f"  {name}, {dtype}  {cosine:.5f}")
            assert dtype == "q8" or cosine > 0.9999, "seer computes something else"

    for dtype, peer in peers.items():
        for batch in BATCHES:
            part = planes[:batch]
            ours = lambda seer: lambda: seer.ask(f"{dtype} pictures {batch}")
            runs = {name: ours(seer) for name, seer in seers.items()}
            runs["OpenVINO"] = lambda: milliseconds(lambda: peer(part))
            contest(f"{batch} pictures, {dtype}", runs, asked.rounds)


if __name__ == "__main__":
    main()
