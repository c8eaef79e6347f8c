"""profiles → concentration: is a cluster one company? (METHOD 8).

Shares are taken of the whole output of the cluster: what names no organisation, and natural persons, count as many
small parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.tables import schema
from hubrank.core.units import SHOWN_DECIMALS, half_even, share_pct
from hubrank.counting.points import metric_numbers
from hubrank.ranking.scores import RankedClusters
from hubrank.ranking.tables.profiles import INDIVIDUAL, NONE

ALL = "all"  # all metrics together, by score
ONE_ORGANISATION_PCT = 50  # of the score: more than all others together
FEWEST_RECORDS = 10  # of a cluster: of fewer, texts say nothing of a leader with half of them
SCHEMA = schema("""
    cluster_id text, metric text, organisations int, leader text?, leader_share_pct share?, herfindahl share?,
    one_organisation bool
""")
KEY = ("cluster_id", "metric")


@dataclass(frozen=True, slots=True)
class OrganisationOutput:
    """The output of the named organisations of a cluster: how many, the sum of squares, the largest and its part."""

    organisations: int
    squares: int
    leader: str
    largest: int


def concentration(profiles: pa.Table, ranked: RankedClusters, factors: Sequence[int]) -> pa.Table:
    """Measure how much of a cluster is one organisation's, per metric and, as metric `all`, by score.

    Parameters
    ----------
    profiles : columns cluster_id, metric, kind, name, units
    factors : per metric
        What one unit scores, as whole numbers; only their ratios matter.

    Returns
    -------
    Table of SCHEMA
        `herfindahl` is the sum of squared shares, from near 0 to 1; `one_organisation` marks a leader with at least
        half of the output. Leader and measures are null where no named organisation has any output.
    """
    named = _named(profiles, ranked)
    rows = []
    for cluster, name in enumerate(ranked.names):
        wholes = [int(units) for units in ranked.units[:, cluster]]
        for m, metric in enumerate(ranked.sites.metrics):
            alone = [int(other == m) for other in range(len(wholes))]
            rows.append(_measured(name.cluster_id, metric, _output(named[cluster], alone), wholes[m]))
        scored = sum(factor * whole for factor, whole in zip(factors, wholes, strict=True))
        rows.append(_measured(name.cluster_id, ALL, _output(named[cluster], factors), scored))
    return pa.Table.from_pylist(rows, SCHEMA)


def _named(profiles: pa.Table, ranked: RankedClusters) -> list[pa.Table]:
    """Return, per cluster, a table of its named organisations: name, units, number of the metric."""
    unnamed = pc.is_in(profiles["name"], pa.array([NONE, INDIVIDUAL]))
    named = profiles.filter(pc.and_not(pc.equal(profiles["kind"], "organisation"), unnamed))
    ids = [name.cluster_id for name in ranked.names]
    cluster = pc.index_in(named["cluster_id"], pa.array(ids, pa.string())).to_numpy()
    named = named.select(["name", "units"]).append_column(
        "metric", pa.array(metric_numbers(named, ranked.sites.metrics))
    )
    order = np.argsort(cluster, kind="stable")
    starts = np.searchsorted(cluster[order], np.arange(len(ids) + 1))
    named = named.take(order)
    return [named.slice(start, end - start) for start, end in pairwise(starts.tolist())]


def _output(named: pa.Table, factors: Sequence[int]) -> OrganisationOutput | None:
    """Sum up the output of each organisation, metrics weighed by `factors`; None where there is none."""
    codes = named["name"].combine_chunks().dictionary_encode()
    units = np.zeros((len(factors), len(codes.dictionary)), np.int64)
    np.add.at(units, (named["metric"].to_numpy(), codes.indices.to_numpy()), named["units"].to_numpy())
    parts = [sum(map(mul, factors, column)) for column in zip(*units.tolist(), strict=True)]
    largest = max(parts, default=0)
    if not largest:
        return None
    leader = min(name for name, part in zip(codes.dictionary.to_pylist(), parts, strict=True) if part == largest)
    return OrganisationOutput(sum(map(bool, parts)), sum(part * part for part in parts), leader, largest)


def _measured(cluster_id: str, metric: str, output: OrganisationOutput | None, whole: int) -> dict[str, Any]:
    row: dict[str, Any] = {"cluster_id": cluster_id, "metric": metric}
    if output is None:
        return row | {"organisations": 0, "one_organisation": False}
    return row | {
        "organisations": output.organisations,
        "leader": output.leader,
        "leader_share_pct": share_pct(output.largest, whole),
        "herfindahl": half_even(output.squares, whole * whole, SHOWN_DECIMALS),
        "one_organisation": 100 * output.largest >= ONE_ORGANISATION_PCT * whole,
    }
