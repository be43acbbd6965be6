"""Nearest neighbours: seer against faiss HNSW SQ8, hnswlib, and plain scans, in one run.

Measured: queries per second on one thread at several efforts, without and with filters; seconds
and memory of a build on two threads; a cold start. Engines take turns, round by round; searches that
the machine's host disturbed are made again (`quiet.py`); printed are medians over the rounds, and
ratios to the best peer.
recall@10 counts a row as found when its cosine is at least the true tenth's (the data holds
duplicates). Peers get all queries in one call; seer gets them one by one.

Data: real CLIP ViT-B/32 embeddings, texts asked over images; more rows are mixed from the real
ones by the bench itself (`grown` in src/vectors/benches/ann/data.rs).

    python -m venv peers && peers/bin/pip install -r benches/peers/requirements-ann.txt
    cargo bench -p seer-vectors --bench ann --no-run     # prints where the program is
    peers/bin/python benches/peers/ann.py --program PATH --folder EMPTY_FOLDER --rows 100000

A peer's graph of a million rows takes a quarter of an hour: with `--built FOLDER` graphs and lists
are kept in that folder, and later runs on the same vectors take them from there. Their seconds are
then of the day they were built and printed as such, without a ratio; seer builds in every run.
`--filters` and `--efforts` choose what is searched, so that a run on a quiet machine can be short.

Peers: HNSW with 16 connections and 200 candidates while building, both libraries alike; filters
by hnswlib's callback-free way are not possible from Python, so the peers' filters are faiss'
bitmaps: HNSW, IVF (sqrt(n) * 3 lists), and the scan of the kept rows.
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
import hnswlib
import numpy as np
from quiet import Quiet

DIM, K = 512, 10
BUILD_THREADS = 2
MOST_GATHERED = 100_000  # rows; a scan of more takes minutes for all queries


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
        environment = {**os.environ, "RAYON_NUM_THREADS": "1"}
        command = [program, "--step", "serve", str(folder)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
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


class Faiss:
    """What both faiss peers share: how an index is kept."""

    @staticmethod
    def save(index, path):
        faiss.write_index(index, str(path))

    @staticmethod
    def load(path, rows):
        return faiss.read_index(str(path))


class FaissHnsw(Faiss):
    name = "faiss"

    @staticmethod
    def build(base):
        kind = faiss.ScalarQuantizer.QT_8bit
        index = faiss.IndexHNSWSQ(DIM, kind, 16, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = 200
        index.train(base[:: max(1, len(base) // 50_000)])
        index.add(base)
        return index


class FaissIvf(Faiss):
    name = "ivf"

    @staticmethod
    def build(base):
        lists = int(3 * len(base) ** 0.5)
        quantizer = faiss.IndexFlatIP(DIM)
        index = faiss.IndexIVFFlat(quantizer, DIM, lists, faiss.METRIC_INNER_PRODUCT)
        index.train(base[:: max(1, len(base) // (40 * lists))])
        index.add(base)
        return index


class Hnswlib:
    name = "hnswlib"

    @staticmethod
    def build(base):
        index = hnswlib.Index("ip", DIM)
        index.init_index(len(base), M=16, ef_construction=200)
        index.add_items(base, num_threads=BUILD_THREADS)
        return index

    @staticmethod
    def save(index, path):
        index.save_index(str(path))

    @staticmethod
    def load(path, rows):
        index = hnswlib.Index("ip", DIM)
        index.load_index(str(path), max_elements=rows)
        return index


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
    path, facts = folder / f"{peer.name}-{mark}.index", folder / f"{peer.name}-{mark}.json"
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
    print(f"  {name:<8} {facts['seconds']:7.1f} s {facts['memory'] / 1024:8.0f} MiB; {note}")


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
    """Exact, on one thread, query by query; the rows of a filter are gathered for each query, since
    every search has a filter of its own."""

    def search():
        kept = lambda: base if rows is None else base[rows]
        found = [np.argpartition(-(kept() @ query), K - 1)[:K] for query in queries]
        return np.array(found) if rows is None else rows[np.array(found)]

    return search


def contest(title, contestants, rounds, case, percent):
    """All in turn, `rounds` times; a list of (owner, name, recall, queries per second)."""
    seconds, quiet = {name: [] for _, name, _ in contestants}, Quiet()
    found = {}
    for _ in range(rounds):
        for _, name, search in contestants:
            taken, found[name] = quiet(search)
            seconds[name].append(taken)
    print(f"\n{title:<28}{'recall@10':>10}{'queries/s':>11}{'lowest':>9}{'highest':>9}")
    lines = []
    for owner, name, _ in contestants:
        speeds = sorted(len(case.queries) / taken for taken in seconds[name])
        speed = statistics.median(speeds)
        share = recall(case.base, case.queries, found[name], case.tenth[percent])
        print(f"  {name:<26}{share:>10.4f}{speed:>11.0f}{speeds[0]:>9.0f}{speeds[-1]:>9.0f}")
        lines.append((owner, name, share, speed))
    print(f"  {quiet}", flush=True)
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


def numbers(text):
    return [int(part) for part in text.split(",")]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="the built bench program")
    parser.add_argument("--folder", required=True, type=Path, help="for data and index")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--peers", default="faiss,hnswlib,ivf,scan", help="which peers, by comma")
    parser.add_argument("--built", type=Path, help="where the peers' indexes are kept")
    parser.add_argument("--filters", type=numbers, default=[0, 1, 10, 50], help="percents kept; 0: all")
    parser.add_argument("--efforts", type=numbers, default=[64, 128, 192, 256, 384, 512, 1024])
    return parser.parse_args()


class Case:
    """Vectors, texts, the rows that filters keep, and each query's true tenth."""

    def __init__(self, asked):
        step(asked.program, "data", asked.folder, asked.rows)
        self.base = np.memmap(asked.folder / "base.f32", np.float32, "r").reshape(-1, DIM)
        self.queries = np.fromfile(asked.folder / "queries.f32", np.float32).reshape(-1, DIM)
        self.filters = {0: None}
        for percent in filter(None, asked.filters):
            random = np.random.default_rng(percent).random(len(self.base))
            kept = np.flatnonzero(random < percent / 100).astype(np.uint32)
            kept.tofile(asked.folder / f"filter.{percent}.u32")
            self.filters[percent] = kept
        self.tenth = true_cosines(self.base, self.queries, self.filters)

    def bitmap(self, percent):
        bits = np.zeros(len(self.base), bool)
        bits[self.filters[percent]] = True
        return faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))


def peer_indexes(asked, base):
    """Each peer's index by name, with what its build took."""
    named = [peer for peer in (FaissHnsw, Hnswlib, FaissIvf) if peer.name in asked.peers.split(",")]
    make = (lambda peer: kept(peer, base, asked.built)) if asked.built else (lambda peer: built(peer, base))
    return {peer.name: make(peer) for peer in named}


def builds(asked, indexes):
    """Builds seer's index, starts from it, and prints both beside the peers' builds."""
    made = step(asked.program, "build", asked.folder)
    cold = step(asked.program, "cold", asked.folder)
    print(f"build on {BUILD_THREADS} threads, memory beside the vectors")
    print(f"  seer     {made['build_s']:7.1f} s {made['lists_bytes'] / 2**20:8.0f} MiB")
    for name in ("faiss", "hnswlib"):
        if name in indexes:
            print_build(name, made["build_s"], indexes[name][1])
    print(
        f"  cold start: {cold['answer_s']:.2f} s to the first answer, "
        f"{cold['resident'] / 1024:.0f} MiB resident, {cold['anonymous'] / 1024:.0f} MiB of it not in files"
    )


def unfiltered(asked, case, indexes, seer):
    queries, root = case.queries, len(case.base) ** 0.5
    contestants = []
    for lists in [int(share * root) for share in (0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.5, 2.5)]:
        contestants.append(("seer", f"seer, {lists} lists", lambda n=lists: seer.search(n, 0)))
    contestants.append(("seer", "seer, default", lambda: seer.search(0, 0)))
    for ef in asked.efforts:
        if "faiss" in indexes:
            search = faiss_hnsw(indexes["faiss"][0], queries, ef)
            contestants.append(("peer", f"faiss HNSW SQ8, ef {ef}", lambda s=search: timed(s)))
        if "hnswlib" in indexes:
            search = hnswlib_search(indexes["hnswlib"][0], queries, ef)
            contestants.append(("peer", f"hnswlib, ef {ef}", lambda s=search: timed(s)))
    if "scan" in asked.peers:
        search = scan(case.base, queries)
        contestants.append(("peer", "scan", lambda s=search: timed(s)))
    lines = contest("no filter", contestants, asked.rounds, case, 0)
    ratio("recall 0.95", lines, 0.95)
    ratio("recall 0.99", lines, 0.99)


def filtered(asked, case, indexes, seer, percent):
    queries, root, rows = case.queries, len(case.base) ** 0.5, case.filters[percent]
    bitmap = case.bitmap(percent)
    contestants = [("seer", "seer, default", lambda: seer.search(0, percent))]
    if "faiss" in indexes:
        for ef in (128, 256, 512):
            search = faiss_hnsw(indexes["faiss"][0], queries, ef, bitmap)
            contestants.append(("peer", f"faiss HNSW SQ8, ef {ef}", lambda s=search: timed(s)))
    if "ivf" in indexes:
        for probes in [int(share * root) for share in (0.1, 0.2, 0.4, 0.8)]:
            search = faiss_ivf(indexes["ivf"][0], queries, probes, bitmap)
            contestants.append(("peer", f"faiss IVF, {probes} lists", lambda s=search: timed(s)))
    if "scan" in asked.peers and len(rows) <= MOST_GATHERED:
        search = scan(case.base, queries, rows)
        contestants.append(("peer", "scan of kept rows", lambda s=search: timed(s)))
    lines = contest(f"filter keeps {percent} %", contestants, asked.rounds, case, percent)
    ratio("seer at 0.99, peers at 0.95", lines, 0.99, 0.95)
    ratio("both at 0.99", lines, 0.99)


def measure(asked, case, indexes):
    print(f"{len(case.base)} rows, {len(case.queries)} texts")
    builds(asked, indexes)
    faiss.omp_set_num_threads(1)
    seer = Seer(asked.program, asked.folder)
    for percent in asked.filters:
        if percent == 0:
            unfiltered(asked, case, indexes, seer)
        else:
            filtered(asked, case, indexes, seer, percent)
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
