"""The peers of `ann.py`: how each is built, kept in a file, and searched.

`efforts` are what a peer can be told to try, from little to much; `search` takes one of them with some
queries and gives their rows. A filter is a faiss bitmap of the rows that may be found.
"""

import faiss
import hnswlib
import numpy as np

DIM, K = 512, 10
BUILD_THREADS = 2
# Lists that are read, as shares of the square root of the rows.
PROBES = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.5, 2.5)


def lists(rows):
    """How many lists faiss is given."""
    return int(3 * rows**0.5)


class Faiss:
    """What the faiss peers share: how an index is kept, and that it takes filters."""

    filters = True

    @staticmethod
    def save(index, path):
        faiss.write_index(index, str(path))

    @staticmethod
    def load(path, rows):
        return faiss.read_index(str(path))


class FaissHnsw(Faiss):
    name = "faiss HNSW SQ8"

    @staticmethod
    def build(base):
        kind = faiss.ScalarQuantizer.QT_8bit
        index = faiss.IndexHNSWSQ(DIM, kind, 16, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = 200
        index.train(base[:: max(1, len(base) // 50_000)])
        index.add(base)
        return index

    @staticmethod
    def efforts(rows):
        return [64, 128, 192, 256, 384, 512, 1024]

    @staticmethod
    def search(index, queries, ef, selector):
        parameters = faiss.SearchParametersHNSW(efSearch=ef, sel=selector)
        return index.search(queries, K, params=parameters)[1]


class FaissIvf(Faiss):
    name = "faiss IVF"

    @staticmethod
    def build(base):
        quantizer = faiss.IndexFlatIP(DIM)
        index = faiss.IndexIVFFlat(quantizer, DIM, lists(len(base)), faiss.METRIC_INNER_PRODUCT)
        index.train(base[:: max(1, len(base) // (40 * lists(len(base))))])
        index.add(base)
        return index

    @staticmethod
    def efforts(rows):
        return [max(1, int(share * rows**0.5)) for share in PROBES]

    @staticmethod
    def search(index, queries, probes, selector):
        parameters = faiss.SearchParametersIVF(nprobe=probes, sel=selector)
        return index.search(queries, K, params=parameters)[1]


class FaissFastScan(Faiss):
    """Lists of 4-bit product codes, the best of which are compared in full."""

    name = "faiss IVF PQ fast-scan"

    @staticmethod
    def build(base):
        kind = f"IVF{lists(len(base))},PQ256x4fsr,RFlat"
        index = faiss.index_factory(DIM, kind, faiss.METRIC_INNER_PRODUCT)
        index.train(base[:: max(1, len(base) // (40 * lists(len(base))))])
        index.add(base)
        return index

    @staticmethod
    def efforts(rows):
        return [(probes, factor) for probes in FaissIvf.efforts(rows) for factor in (2, 4, 8, 16, 32)]

    @staticmethod
    def search(index, queries, effort, selector):
        probes, factor = effort
        lists_read = faiss.SearchParametersIVF(nprobe=probes, sel=selector)
        parameters = faiss.IndexRefineSearchParameters(k_factor=factor, base_index_params=lists_read)
        return index.search(queries, K, params=parameters)[1]


class Hnswlib:
    name = "hnswlib"
    filters = False  # only by a Python callback for every row

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

    @staticmethod
    def efforts(rows):
        return FaissHnsw.efforts(rows)

    @staticmethod
    def search(index, queries, ef, selector):
        index.set_ef(ef)
        return index.knn_query(queries, K, num_threads=1)[0]


def scan(base, queries, rows=None):
    """Exact, query by query; the rows of a filter are gathered for each, since every search has its own."""
    kept = lambda: base if rows is None else base[rows]
    found = [np.argpartition(-(kept() @ query), K - 1)[:K] for query in queries]
    return np.array(found) if rows is None else rows[np.array(found)]


PEERS = {"hnsw": FaissHnsw, "hnswlib": Hnswlib, "ivf": FaissIvf, "fastscan": FaissFastScan}
