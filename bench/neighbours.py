"""Exact nearest neighbours against scikit-learn's brute force and faiss-cpu's flat index.

    python bench/neighbours.py           about three minutes

100,000 vectors of 512 numbers, float32, the 10 nearest by Euclidean distance, two threads for
each. Two sorts of data: numbers drawn independently, the hardest case there is for telling
neighbours apart, and tight clusters, whose members are nearly as far from a query as one another.
Each peer's answers are compared with distances measured in float64. Making ready (ours rounds
the vectors once, faiss copies them) is timed apart.
"""

import json
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import faiss  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from machine import machine  # noqa: E402
from sklearn.neighbors import NearestNeighbors  # noqa: E402
from threadpoolctl import threadpool_limits  # noqa: E402

from vizkit.vectors.neighbours import Neighbours  # noqa: E402

COUNT, WIDTH, K, THREADS = 100_000, 512, 10, 2
BATCHES = (1, 1000, 10_000)
TURNS = {1: 15, 1000: 3, 10_000: 1}


def independent(rng):
    vectors = rng.normal(size=(COUNT, WIDTH)).astype(np.float32)
    return vectors, rng.normal(size=(max(BATCHES), WIDTH)).astype(np.float32)


def clusters(rng):
    centres = rng.normal(size=(100, WIDTH))
    vectors = centres[rng.integers(0, 100, COUNT)] + rng.normal(size=(COUNT, WIDTH)) * 0.3 + 5
    queries = vectors[:max(BATCHES)] + rng.normal(size=(max(BATCHES), WIDTH)) * 0.1
    return vectors.astype(np.float32), queries.astype(np.float32)


def seconds(function, *arguments):
    start = time.perf_counter()
    result = function(*arguments)
    return time.perf_counter() - start, result


def ready(vectors):
    """Each peer: how long it took to make ready, and its function of queries → indices."""
    ours_time, ours = seconds(Neighbours, vectors)
    flat = faiss.IndexFlatL2(WIDTH)
    flat_time, _ = seconds(flat.add, vectors)
    brute = NearestNeighbors(n_neighbors=K, algorithm="brute")
    brute_time, _ = seconds(brute.fit, vectors)
    return {
        "vizkit": (ours_time, lambda queries: ours.nearest(queries, K)[0]),
        "faiss IndexFlatL2": (flat_time, lambda queries: flat.search(queries, K)[1]),
        "scikit-learn brute": (brute_time, lambda queries: brute.kneighbors(queries)[1]),
    }


def truth(vectors, queries):
    """The answer by measuring every distance in float64."""
    vectors, queries = torch.from_numpy(vectors).double(), torch.from_numpy(queries).double()
    return np.stack([
        np.argsort((vectors - query).square().sum(1).numpy(), kind="stable")[:K]
        for query in queries
    ])


def compare(name, make):
    vectors, queries = make(np.random.default_rng(0))
    peers = ready(vectors)
    expected = truth(vectors, queries[:200])
    rows = {peer: {"ready_s": round(taken, 3)} for peer, (taken, _) in peers.items()}
    for count in BATCHES:
        times = {peer: [] for peer in peers}
        for _ in range(TURNS[count] + 1):  # in turns; the first is left out where there are more
            for peer, (_, ask) in peers.items():
                times[peer].append(seconds(ask, queries[:count])[0])
        for peer, taken in times.items():
            rows[peer][f"{count}_queries_s"] = round(statistics.median(taken[1:]), 5)
    for peer, (_, ask) in peers.items():
        rows[peer]["right"] = round(float((ask(queries[:1000])[:200] == expected).mean()), 5)
    for peer, row in rows.items():
        print(f"{name:12} {peer:20} " + "  ".join(f"{key} {value}" for key, value in row.items()),
              flush=True)
    return rows


def main():
    torch.set_num_threads(THREADS)
    faiss.omp_set_num_threads(THREADS)
    with threadpool_limits(THREADS):
        rows = {make.__name__: compare(make.__name__, make) for make in (independent, clusters)}
    result = {
        "machine": machine("torch", "faiss-cpu", "scikit-learn", "numpy"), "threads": THREADS,
        "vectors": [COUNT, WIDTH], "k": K, "seconds": rows,
    }
    target = ROOT / "bench" / "results" / "neighbours.json"
    target.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
