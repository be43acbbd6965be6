"""Nearest neighbours: seer against faiss (HNSW SQ8, IVF, IVF with PQ fast-scan), hnswlib, and plain scans, in one run.

Measured: queries per second on one thread, one by one and 64 at once, without and with filters; seconds
and memory of a build on two threads; a cold start. How hard an engine has to try for a recall is chosen on
other queries than those that are measured: of its efforts that reach the recall there, the fastest. Then
the engines take turns, round by round; searches that the machine's host disturbed are made again
(`quiet.py`); printed are medians over the rounds, and ratios to the best peer.
recall@10 counts a row as found when its cosine is at least the true tenth's (the data holds duplicates).

Data: real CLIP ViT-B/32 embeddings, texts asked over images; more rows are mixed from the real
ones by the bench itself (`grown` in src/vectors/benches/ann/data.rs).

    python -m venv peers && peers/bin/pip install -r benches/peers/requirements-ann.txt
    cargo bench -p seer-vectors --bench ann --no-run     # prints where the program is
    peers/bin/python benches/peers/ann.py --program PATH --folder EMPTY_FOLDER --rows 100000

A peer's graph of a million rows takes a quarter of an hour: with `--built FOLDER` graphs and lists
are kept in that folder, and later runs on the same vectors take them from there. Their seconds are
then of the day they were built and printed as such, without a ratio; seer builds in every run.
`--filters`, `--recalls` and `--peers` choose what is searched, so that a run on a quiet machine can be short.

Peers (`ann_peers.py`): HNSW with 16 connections and 200 candidates while building, both libraries alike; IVF
and PQ fast-scan (`IVFn,PQ256x4fsr,RFlat`) with 3 * sqrt(rows) lists. hnswlib's filters are callbacks from
Python, and are left out; those of faiss are bitmaps.
"""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import time
from pathlib import Path

import faiss
import numpy as np
from ann_peers import BUILD_THREADS, DIM, PEERS, K, scan
from quiet import Quiet

MOST_GATHERED = 100_000  # rows; a scan of more takes minutes for all queries
AT_ONCE = 64


def resident():
    """KiB of memory of this process."""
    for line in open("/proc/self/status"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def step(program, name, folder, rows=0):
    """One step of the bench program in a process of its own; its answer."""
    environment = {**os.environ, "RAYON_NUM_THREADS": str(BUILD_THREADS)}
    command = [program, "--step", name, str(folder), str(rows)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return json.loads(done.stdout) if done.stdout else {}


class Seer:
    """The worker, asked line by line."""

    name = "seer"

    def __init__(self, program, folder):
        self.found = folder / "found.u32"
        environment = {**os.environ, "RAYON_NUM_THREADS": "1"}
        command = [program, "--step", "serve", str(folder)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self.process.stdout.readline()

    def efforts(self, rows, percent):
        """Lists to read; 0: as many as seer reads unless told. A filter's are seer's own matter."""
        shares = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.5, 2.5)
        return [0] if percent else [0] + [int(share * rows**0.5) for share in shares]

    def search(self, case, queries, effort, percent, at_once):
        """Seconds and rows found."""
        self.process.stdin.write(f"{effort} {percent} {at_once} {queries}.f32\n")
        self.process.stdin.flush()
        self.answer = json.loads(self.process.stdout.readline())
        rows = np.fromfile(self.found, np.uint32).reshape(-1, K)
        return self.answer["seconds"], rows

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Peer:
    """One of `ann_peers.py`, with its index."""

    def __init__(self, kind, index):
        self.kind, self.index, self.name = kind, index, kind.name

    def efforts(self, rows, percent):
        return self.kind.efforts(rows) if self.kind.filters or not percent else []

    def search(self, case, queries, effort, percent, at_once):
        selector = case.bitmap(percent) if percent else None
        asked = case.queries[queries]
        parts = [asked[at : at + at_once] for at in range(0, len(asked), at_once)]
        start = time.perf_counter()
        found = [self.kind.search(self.index, part, effort, selector) for part in parts]
        return time.perf_counter() - start, np.concatenate(found)


class Scan:
    """All rows that a filter keeps, compared."""

    name = "scan"

    def efforts(self, rows, percent):
        return [""] if rows * (percent or 100) <= 100 * MOST_GATHERED else []

    def search(self, case, queries, effort, percent, at_once):
        start = time.perf_counter()
        found = scan(case.base, case.queries[queries], case.filters[percent])
        return time.perf_counter() - start, found


def true_cosines(base, queries, filters):
    """The cosine of each query's true tenth, for each filter."""
    tenth = {}
    for percent, rows in filters.items():
        best = np.full((len(queries), K), -2.0, np.float32)
        count = len(base) if rows is None else len(rows)
        for start in range(0, count, 50_000):
            part = base[start : start + 50_000] if rows is None else base[rows[start : start + 50_000]]
            cosines = np.concatenate([best, queries @ part.T], 1)
            best = np.partition(cosines, -K, 1)[:, -K:]
        tenth[percent] = best.min(1)
    return tenth


def recall(base, queries, rows, tenth):
    rows = np.where(rows < 0, 0, rows).astype(np.int64)
    cosines = np.einsum("qkd,qd->qk", base[rows], queries)
    return float((cosines >= tenth[:, None] - 1e-6).mean())


def built(peer, base):
    """The index, seconds and KiB of memory of a build in this process."""
    faiss.omp_set_num_threads(BUILD_THREADS)
    before, start = resident(), time.perf_counter()
    index = peer.build(base)
    return index, {"seconds": time.perf_counter() - start, "memory": resident() - before}


def kept(peer, base, folder):
    """The same, from `folder` if it holds these vectors' index, and put there if it does not."""
    sample = np.ascontiguousarray(base[:: max(1, len(base) // 1000)])
    mark = f"{len(base)}-{hashlib.sha256(sample).hexdigest()[:16]}"
    file = f"{peer.name.replace(' ', '-')}-{mark}"
    path, facts = folder / f"{file}.index", folder / f"{file}.json"
    if facts.exists():
        return peer.load(path, len(base)), {**json.loads(facts.read_text()), "kept": True}
    index, measured = built(peer, base)
    folder.mkdir(parents=True, exist_ok=True)
    peer.save(index, path)
    facts.write_text(json.dumps(measured))
    return index, measured


def print_build(name, seconds, facts):
    """A peer's build; a ratio only where both built in this run."""
    note = "built in another run" if "kept" in facts else f"seer / {name} = {seconds / facts['seconds']:.2f}"
    print(f"  {name:<22} {facts['seconds']:7.1f} s {facts['memory'] / 1024:8.0f} MiB; {note}")


def chosen(engine, case, percent, at_once, floors):
    """The fastest effort of an engine that reaches each recall on the choosing queries; where several do
    the same, the one for the lower recall does for both."""
    tried = []
    for effort in engine.efforts(len(case.base), percent):
        seconds, rows = engine.search(case, "choosing", effort, percent, at_once)
        tried.append((seconds, effort, case.recall("choosing", rows, percent)))
    fit = {floor: [(seconds, effort) for seconds, effort, share in tried if share >= floor] for floor in floors}
    return {floor: min(efforts)[1] for floor, efforts in fit.items() if efforts}


def contest(asked, case, engines, percent, at_once):
    """The engines in turn, each with its efforts for the recalls that are asked for."""
    title = f"filter keeps {percent} %" if percent else "no filter"
    title += ", one by one" if at_once == 1 else f", {at_once} at once"
    efforts = {engine.name: chosen(engine, case, percent, at_once, asked.recalls) for engine in engines}
    runs = [(engine, effort) for engine in engines for effort in dict.fromkeys(efforts[engine.name].values())]
    seconds, found, quiet = {}, {}, Quiet()
    for _ in range(asked.rounds):
        for engine, effort in runs:
            search = lambda: engine.search(case, "queries", effort, percent, at_once)
            taken, rows = quiet(search)
            seconds.setdefault((engine.name, effort), []).append(taken)
            found[engine.name, effort] = rows
    print(f"\n{title:<38}{'recall@10':>10}{'queries/s':>11}{'lowest':>9}{'highest':>9}")
    speed = {}
    for (name, effort), taken in seconds.items():
        speeds = sorted(len(case.queries["queries"]) / one for one in taken)
        share = case.recall("queries", found[name, effort], percent)
        speed[name, effort] = statistics.median(speeds), share
        print(f"  {named(name, effort):<36}{share:>10.4f}{speed[name, effort][0]:>11.0f}{speeds[0]:>9.0f}{speeds[-1]:>9.0f}")
    print(f"  {quiet}")
    for floor in asked.recalls:
        ratio(floor, {name: (effort[floor], *speed[name, effort[floor]]) for name, effort in efforts.items() if floor in effort})


def named(name, effort):
    if name == "seer" and effort == 0:
        return "seer, default"
    return f"{name}, {effort}" if effort != "" else name


def ratio(floor, reached):
    """Prints seer's queries a second over those of the fastest peer, both with the effort for a recall."""
    peers = {name: one for name, one in reached.items() if name != "seer"}
    if "seer" not in reached or not peers:
        print(f"  for a recall of {floor}: reached by {', '.join(reached) or 'nobody'} only", flush=True)
        return
    best = max(peers, key=lambda name: peers[name][1])
    (ours, our_speed, our_share), (theirs, their_speed, their_share) = reached["seer"], peers[best]
    print(
        f"  for a recall of {floor}: {named('seer', ours)} {our_speed:.0f} ({our_share:.4f}) / {named(best, theirs)} "
        f"{their_speed:.0f} ({their_share:.4f}) = {our_speed / their_speed:.2f}",
        flush=True,
    )


def numbers(text):
    return [int(part) for part in text.split(",")]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="the built bench program")
    parser.add_argument("--folder", required=True, type=Path, help="for data and index")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--peers", default="hnsw,hnswlib,ivf,fastscan,scan", help="which peers, by comma")
    parser.add_argument("--built", type=Path, help="where the peers' indexes are kept")
    parser.add_argument("--filters", type=numbers, default=[0, 1, 10, 50], help="percents kept; 0: all")
    parser.add_argument("--recalls", type=lambda text: [float(part) for part in text.split(",")], default=[0.95, 0.99])
    return parser.parse_args()


class Case:
    """Vectors, texts, the rows that filters keep, and each query's true tenth."""

    def __init__(self, asked):
        step(asked.program, "data", asked.folder, asked.rows)
        self.base = np.memmap(asked.folder / "base.f32", np.float32, "r").reshape(-1, DIM)
        read = lambda name: np.fromfile(asked.folder / f"{name}.f32", np.float32).reshape(-1, DIM)
        self.queries = {name: read(name) for name in ("queries", "choosing")}
        self.filters, self.bits = {0: None}, {}
        for percent in filter(None, asked.filters):
            random = np.random.default_rng(percent).random(len(self.base))
            kept = np.flatnonzero(random < percent / 100).astype(np.uint32)
            kept.tofile(asked.folder / f"filter.{percent}.u32")
            self.filters[percent] = kept
            bits = np.zeros(len(self.base), bool)
            bits[kept] = True
            self.bits[percent] = np.packbits(bits, bitorder="little")
        self.tenth = {name: true_cosines(self.base, asked, self.filters) for name, asked in self.queries.items()}

    def bitmap(self, percent):
        return faiss.IDSelectorBitmap(self.bits[percent])

    def recall(self, queries, rows, percent):
        return recall(self.base, self.queries[queries], rows, self.tenth[queries][percent])


def peer_indexes(asked, base):
    """Each peer with its index and what its build took."""
    kinds = [kind for name, kind in PEERS.items() if name in asked.peers.split(",")]
    make = (lambda kind: kept(kind, base, asked.built)) if asked.built else (lambda kind: built(kind, base))
    return [(kind, *make(kind)) for kind in kinds]


def builds(asked, peers):
    """Builds seer's index, starts from it, and prints both beside the peers' builds."""
    made = step(asked.program, "build", asked.folder)
    cold = step(asked.program, "cold", asked.folder)
    print(f"build on {BUILD_THREADS} threads, memory beside the vectors")
    print(f"  {'seer':<22} {made['build_s']:7.1f} s {made['lists_bytes'] / 2**20:8.0f} MiB")
    for kind, _, facts in peers:
        print_build(kind.name, made["build_s"], facts)
    print(
        f"  cold start: {cold['answer_s']:.2f} s to the first answer, "
        f"{cold['resident'] / 1024:.0f} MiB resident, {cold['anonymous'] / 1024:.0f} MiB of it not in files"
    )


def measure(asked, case, peers):
    print(f"{len(case.base)} rows, {len(case.queries['queries'])} texts")
    builds(asked, peers)
    faiss.omp_set_num_threads(1)
    seer = Seer(asked.program, asked.folder)
    engines = [seer] + [Peer(kind, index) for kind, index, _ in peers]
    for percent in asked.filters:
        for at_once in (1, AT_ONCE):
            alone = [Scan()] if "scan" in asked.peers and at_once == 1 else []
            contest(asked, case, engines + alone, percent, at_once)
    print(
        f"\nseer after all searches: {seer.answer['resident'] / 1024:.0f} MiB resident, "
        f"{seer.answer['anonymous'] / 1024:.0f} MiB of it not in files"
    )
    seer.close()


def main():
    asked = arguments()
    case = Case(asked)
    measure(asked, case, peer_indexes(asked, case.base))


if __name__ == "__main__":
    main()
