"""How long the rank sets take, from records on: `python bench/rank_sets_records.py [LISTINGS] [CLUSTERS]`.

Simulates a world (`hubrank simulate`), runs its newer study, and times the step from sums of records, which are added
up while listings are written, to sets: years, covariance, both kinds of sets.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hubrank import pipeline
from hubrank.ranking import rank_intervals
from hubrank.simulation import simulate


class Timed:
    """A function that measures its time."""

    def __init__(self, work: Callable[..., Any]) -> None:
        self.work, self.wall, self.busy = work, 0.0, 0.0

    def __call__(self, *arguments: Any) -> Any:  # noqa: ANN401
        wall, busy = time.perf_counter(), time.process_time()
        result = self.work(*arguments)
        self.wall, self.busy = time.perf_counter() - wall, time.process_time() - busy
        return result


def main(listings: int, clusters: int) -> None:
    moments, sets = Timed(rank_intervals.score_moments), Timed(rank_intervals.rank_intervals)
    with tempfile.TemporaryDirectory() as folder:
        world = simulate(Path(folder), listings=listings, clusters=clusters)
        study = world.folder / "2025.toml"
        study.write_text(study.read_text("utf-8").replace("[compare]\nprevious", "[compare]\n# previous"), "utf-8")
        rank_intervals.score_moments, rank_intervals.rank_intervals = moments, sets
        edition = pipeline.run(study, world.folder / "2025")
        table = edition.table("robustness")
    metrics, draws = len(edition.metrics), edition.manifest["study"]["robustness"]["draws"]
    print(f"{listings:,} listings, {table.num_rows} clusters, {metrics} metrics, {draws:,} draws")
    print(f"covariance, sets: {moments.wall + sets.wall:.2f} s, {moments.busy + sets.busy:.2f} s of processor time")


if __name__ == "__main__":
    listings, clusters = [*sys.argv[1:], *("300000", "300")[len(sys.argv) - 1 :]]
    main(int(listings), int(clusters))
