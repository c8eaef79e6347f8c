"""The economies that a sample lies in, and whether one has most of a metric alone (METHOD 7)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from hubrank.core import one_economy
from hubrank.study.study import Study


def by_economy(rows: pa.Table, counts: Sequence[int]) -> dict[str, int]:
    """Return how many listings were put into each economy. rows : of addresses; counts : the listings of each."""
    sums = Counter[str]()
    for economy, count in zip(rows["economy"].to_pylist(), counts, strict=True):
        sums[economy or ""] += count
    del sums[""]
    return dict(sorted(sums.items()))


def of_one_economy(study: Study, sources: Sequence[Mapping[str, Any]]) -> dict[str, one_economy.Shares]:
    """Return the metrics of which one economy has most of the sample, and of another metric far less.

    sources : with their metric and their listings `by_economy`.
    """
    located: dict[str, Counter[str]] = {metric: Counter() for metric in study.metrics}
    for source in sources:
        located[source["metric"]].update(source["economies"])
    return {} if study.ranks_areas else one_economy.of_units(located)
