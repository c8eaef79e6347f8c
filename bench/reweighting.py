"""How long it takes to rank 300 clusters by other weights of three metrics: `python bench/reweighting.py`.

The bound is 5 ms: a reader who drags a weight sees the list move. The counts are those of a random edition
with units of the published size, so that the exact integers are as long as real ones.
"""

import random
import statistics
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from hubrank import Edition, load
from hubrank.core.files import write_json
from hubrank.core.parquet import write_table
from hubrank.core.units import half_even

CLUSTERS, METRICS, ROUNDS, BOUND_MS = 300, ("patents", "publications", "deals"), 200, 5.0
WORLD = {"patents": 1_255_570, "publications": 7_459_270, "deals": 150_000}
UNIT = 10**9


def edition(folder: Path) -> Edition:
    """Write the two tables and the manifest that re-weighting reads."""
    rng = random.Random(1)
    ids = [f"cluster-{number:03}" for number in range(CLUSTERS)]
    units = {metric: [rng.randrange(WORLD[metric] * UNIT // CLUSTERS) for _ in ids] for metric in METRICS}
    measures = [
        {"cluster_id": cluster, "metric": metric, "units": units[metric][i], "listings": 1}
        for i, cluster in enumerate(ids)
        for metric in METRICS
    ]
    columns = {"rank": range(1, CLUSTERS + 1), "cluster_id": ids, "cluster": ids, "economies": ["FR"] * CLUSTERS}
    columns["score_pct"] = pa.array([half_even(0, 1, 6)] * CLUSTERS, pa.decimal128(38, 6))
    for metric in METRICS:
        columns[metric] = [half_even(value, UNIT, 3) for value in units[metric]]
        columns[f"{metric}_share_pct"] = [half_even(100 * value, WORLD[metric] * UNIT, 6) for value in units[metric]]
    write_table(folder / "tables" / "measures.parquet", pa.Table.from_pylist(measures), ["cluster_id", "metric"])
    write_table(folder / "tables" / "ranking.parquet", pa.table(columns), ["rank"])
    sources = [{"metric": metric, "reader": "table", "files": "x.csv"} for metric in METRICS]
    manifest = {
        "study": {"title": "bench", "edition": "1", "sources": sources, "clusters": {"min_listings": 1}},
        "metrics": {metric: {"units": WORLD[metric] * UNIT} for metric in METRICS},
        "clusters": CLUSTERS,
    }
    write_json(folder / "edition.json", manifest)
    return load(folder)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ranked = edition(Path(folder))
        start = time.perf_counter()
        ranked.rerank({"patents": 1})
        first = 1000 * (time.perf_counter() - start)
        seconds = []
        for turn in range(ROUNDS):
            start = time.perf_counter()
            ranked.rerank({"patents": f"0.{turn:03}1", "publications": "0.3", "deals": 1})
            seconds.append(time.perf_counter() - start)
    median, slowest = 1000 * statistics.median(seconds), 1000 * sorted(seconds)[int(0.95 * ROUNDS)]
    print(
        f"re-weighting {CLUSTERS} clusters, {len(METRICS)} metrics: {median:.2f} ms median of {ROUNDS}, "
        f"{slowest:.2f} ms at the 95th percentile, {first:.1f} ms the first time (tables are read)"
    )
    print(f"bound {BOUND_MS} ms: {'met' if median < BOUND_MS else 'MISSED'}")


if __name__ == "__main__":
    main()
