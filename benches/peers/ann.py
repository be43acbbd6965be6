"""Nearest neighbours: seer against faiss HNSW SQ8, hnswlib, and plain scans, in one run.

Measured: queries per second on one thread at several efforts, without and with filters; seconds
and memory of a build on two threads; a cold start. Engines take turns, round by round, so that a
busy machine disturbs all alike; printed are medians over the rounds, and ratios to the best peer.
recall@10 counts a row as found when its cosine is at least the true tenth's (the data holds
duplicates). Peers get all queries in one call; seer gets them one by one.

Data: real CLIP ViT-B/32 embeddings, texts asked over images; more rows are mixed from the real
ones by the bench itself (`grown` in src/vectors/benches/ann/data.rs).

    python -m venv peers && peers/bin/pip install -r benches/peers/requirements-ann.txt
    cargo bench -p seer-vectors --bench ann --no-run     # prints where the program is
    peers/bin/python benches/peers/ann.py --program PATH --folder EMPTY_FOLDER --rows 100000

Peers: HNSW with 16 connections and 200 candidates while building, both libraries alike; filters
by hnswlib's callback-free way are not possible from Python, so the peers' filters are faiss'
bitmaps: HNSW, IVF (sqrt(n) * 3 lists), and the scan of the kept rows.
"""

import argparse
import json
import os
import statistics
import subprocess
import time
from pathlib import Path

import faiss
import hnswlib
import numpy as np

DIM, K = 512, 10
BUILD_THREADS = 2


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

    def __init__(self, program, folder):
        self.found = folder / "found.u32"
        command = [program, "--step", "serve", str(folder)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.process.stdout.readline()

    def search(self, effort, percent):
        """Seconds and rows found; effort 0 is the default."""
        self.process.stdin.write(f"{effort} {percent}\n")
        self.process.stdin.flush()
        self.answer = json.loads(self.process.stdout.readline())
        rows = np.fromfile(self.found, np.uint32).reshape(-1, K)
        return self.answer["seconds"], rows

    def close(self):
        self.process.stdin.close()
        self.process.wait()


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


def timed(search):
    start = time.perf_counter()
    rows = search()
    return time.perf_counter() - start, rows


def build_faiss(base):
    faiss.omp_set_num_threads(BUILD_THREADS)
    index = faiss.IndexHNSWSQ(DIM, faiss.ScalarQuantizer.QT_8bit, 16, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = 200
    before, start = resident(), time.perf_counter()
    index.train(base[:: max(1, len(base) // 50_000)])
    index.add(base)
    return index, time.perf_counter() - start, resident() - before


def build_hnswlib(base):
    index = hnswlib.Index("ip", DIM)
    before, start = resident(), time.perf_counter()
    index.init_index(len(base), M=16, ef_construction=200)
    index.add_items(base, num_threads=BUILD_THREADS)
    return index, time.perf_counter() - start, resident() - before


def build_ivf(base):
    lists = int(3 * len(base) ** 0.5)
    quantizer = faiss.IndexFlatIP(DIM)
    index = faiss.IndexIVFFlat(quantizer, DIM, lists, faiss.METRIC_INNER_PRODUCT)
    index.train(base[:: max(1, len(base) // (40 * lists))])
    index.add(base)
    return index


def faiss_hnsw(index, queries, ef, selector=None):
    parameters = faiss.SearchParametersHNSW(efSearch=ef, sel=selector)
    return lambda: index.search(queries, K, params=parameters)[1]


def faiss_ivf(index, queries, probes, selector):
    parameters = faiss.SearchParametersIVF(nprobe=probes, sel=selector)
    return lambda: index.search(queries, K, params=parameters)[1]


def hnswlib_search(index, queries, ef):
    def search():
        index.set_ef(ef)
        return index.knn_query(queries, K, num_threads=1)[0]

    return search


def scan(base, queries, rows=None):
    """Exact, on one thread: one product of all queries' own with the rows, one by one."""
    kept = base if rows is None else base[rows]

    def search():
        found = [np.argpartition(-(kept @ query), K - 1)[:K] for query in queries]
        return np.array(found) if rows is None else rows[np.array(found)]

    return search


def contest(title, contestants, rounds, base, queries, tenth):
    """All in turn, `rounds` times; a list of (owner, name, recall, queries per second)."""
    seconds = {name: [] for _, name, _ in contestants}
    found = {}
    for _ in range(rounds):
        for _, name, search in contestants:
            taken, found[name] = search()
            seconds[name].append(taken)
    print(f"\n{title:<28}{'recall@10':>10}{'queries/s':>11}{'lowest':>9}{'highest':>9}")
    lines = []
    for owner, name, _ in contestants:
        speeds = sorted(len(queries) / taken for taken in seconds[name])
        speed, share = statistics.median(speeds), recall(base, queries, found[name], tenth)
        print(f"  {name:<26}{share:>10.4f}{speed:>11.0f}{speeds[0]:>9.0f}{speeds[-1]:>9.0f}")
        lines.append((owner, name, share, speed))
    return lines


def ratio(what, lines, floor, peer_floor=None):
    """Prints seer's best at `floor` over the best peer's at `peer_floor`."""
    best = {}
    for owner, name, share, speed in lines:
        if share >= (floor if owner == "seer" else peer_floor or floor):
            best[owner == "seer"] = max(best.get(owner == "seer", (0, "")), (speed, name))
    if True not in best or False not in best:
        print(f"  {what}: reached by {'seer' if True in best else 'peers' if best else 'nobody'} only")
        return
    ours, theirs = best[True], best[False]
    print(f"  {what}: {ours[1]} {ours[0]:.0f} / {theirs[1]} {theirs[0]:.0f} = {ours[0] / theirs[0]:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="the built bench program")
    parser.add_argument("--folder", required=True, type=Path, help="for data and index")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--peers", default="faiss,hnswlib,ivf,scan", help="which peers, by comma")
    asked = parser.parse_args()
    folder, peers = asked.folder, asked.peers.split(",")

    step(asked.program, "data", folder, asked.rows)
    base = np.memmap(folder / "base.f32", np.float32, "r").reshape(-1, DIM)
    queries = np.fromfile(folder / "queries.f32", np.float32).reshape(-1, DIM)
    random = np.random.default_rng(7)
    filters = {0: None}
    for percent in (1, 10, 50):
        kept = np.flatnonzero(random.random(len(base)) < percent / 100).astype(np.uint32)
        kept.tofile(folder / f"filter.{percent}.u32")
        filters[percent] = kept
    tenth = true_cosines(base, queries, filters)

    built = step(asked.program, "build", folder)
    cold = step(asked.program, "cold", folder)
    print(f"{len(base)} rows, {len(queries)} texts; build on {BUILD_THREADS} threads")
    print(f"  seer     {built['build_s']:7.1f} s {built['lists_bytes'] / 2**20:8.0f} MiB beside the vectors")
    if "faiss" in peers:
        sq8, taken, memory = build_faiss(base)
        print(f"  faiss    {taken:7.1f} s {memory / 1024:8.0f} MiB; seer / faiss = {built['build_s'] / taken:.2f}")
    if "hnswlib" in peers:
        graph, taken, memory = build_hnswlib(base)
        print(f"  hnswlib  {taken:7.1f} s {memory / 1024:8.0f} MiB; seer / hnswlib = {built['build_s'] / taken:.2f}")
    ivf = build_ivf(base) if "ivf" in peers else None
    print(
        f"  cold start: {cold['answer_s']:.2f} s to the first answer, "
        f"{cold['resident'] / 1024:.0f} MiB resident, {cold['anonymous'] / 1024:.0f} MiB of it not in files"
    )

    faiss.omp_set_num_threads(1)
    seer = Seer(asked.program, folder)
    ours = lambda effort, percent=0: lambda: seer.search(effort, percent)
    root = len(base) ** 0.5
    contestants = [
        ("seer", f"seer, {int(share * root)} lists", ours(int(share * root)))
        for share in (0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.5, 2.5)
    ]
    contestants.append(("seer", "seer, default", ours(0)))
    for ef in (64, 128, 192, 256, 384, 512, 1024):
        if "faiss" in peers:
            search = faiss_hnsw(sq8, queries, ef)
            contestants.append(("peer", f"faiss HNSW SQ8, ef {ef}", lambda s=search: timed(s)))
        if "hnswlib" in peers:
            search = hnswlib_search(graph, queries, ef)
            contestants.append(("peer", f"hnswlib, ef {ef}", lambda s=search: timed(s)))
    if "scan" in peers:
        search = scan(base, queries)
        contestants.append(("peer", "scan", lambda s=search: timed(s)))
    lines = contest("no filter", contestants, asked.rounds, base, queries, tenth[0])
    ratio("recall 0.95", lines, 0.95)
    ratio("recall 0.99", lines, 0.99)

    for percent in (1, 10, 50):
        kept = filters[percent]
        bits = np.zeros(len(base), bool)
        bits[kept] = True
        bitmap = faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))
        contestants = [("seer", "seer, default", ours(0, percent))]
        if "faiss" in peers:
            for ef in (128, 256, 512):
                search = faiss_hnsw(sq8, queries, ef, bitmap)
                contestants.append(("peer", f"faiss HNSW SQ8, ef {ef}", lambda s=search: timed(s)))
        if ivf is not None:
            for probes in (int(root * 0.2), int(root * 0.4), int(root * 0.8)):
                search = faiss_ivf(ivf, queries, probes, bitmap)
                contestants.append(("peer", f"faiss IVF, {probes} lists", lambda s=search: timed(s)))
        if "scan" in peers:
            search = scan(base, queries, kept)
            contestants.append(("peer", "scan of kept rows", lambda s=search: timed(s)))
        title = f"filter keeps {percent} %"
        lines = contest(title, contestants, asked.rounds, base, queries, tenth[percent])
        ratio("seer at 0.99, peers at 0.95", lines, 0.99, 0.95)
    memory = seer.answer
    print(
        f"\nseer after all searches: {memory['resident'] / 1024:.0f} MiB resident, "
        f"{memory['anonymous'] / 1024:.0f} MiB of it not in files"
    )
    seer.close()


if __name__ == "__main__":
    main()
