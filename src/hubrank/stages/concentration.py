"""profiles → concentration: is a cluster one company? (METHOD 8).

Shares are taken of everything the cluster made: what names no organisation, and natural persons, count as spread out.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.stages.profiles import INDIVIDUAL, NONE, SHARE
from hubrank.stages.ranked import Ranked
from hubrank.stages.ranking import SHOWN_DECIMALS, half_even

ALL = "all"  # all metrics together, by score
ONE_ORGANISATION_PCT = 50  # of the score: more than all others together
SCHEMA = pa.schema(
    [
        pa.field("cluster_id", pa.string(), nullable=False),
        pa.field("metric", pa.string(), nullable=False),
        pa.field("organisations", pa.int64(), nullable=False),
        pa.field("leader", pa.string()),
        pa.field("leader_share_pct", SHARE),
        pa.field("herfindahl", SHARE),
        pa.field("one_organisation", pa.bool_(), nullable=False),
    ]
)
KEY = ("cluster_id", "metric")
Parts = dict[str, int]  # what each organisation made


def concentration(profiles: pa.Table, found: Ranked, factors: Sequence[int]) -> pa.Table:
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
        half of the output. Leader and measures are null where nothing was made, or by no named organisation.
    """
    parts = _parts(profiles)
    metrics = found.sites.metrics
    rows = []
    for cluster, name in enumerate(found.names):
        mine = [parts.get((name.cluster_id, metric), {}) for metric in metrics]
        wholes = [int(units) for units in found.units[:, cluster]]
        for metric, made, whole in zip(metrics, mine, wholes, strict=True):
            rows.append(_measured(name.cluster_id, metric, made, whole))
        scored = sum(factor * whole for factor, whole in zip(factors, wholes, strict=True))
        rows.append(_measured(name.cluster_id, ALL, _together(mine, factors), scored))
    return pa.Table.from_pylist(rows, SCHEMA)


def _parts(profiles: pa.Table) -> dict[tuple[str, str], Parts]:
    """Return what each named organisation made, per cluster and metric."""
    unnamed = pc.is_in(profiles["name"], pa.array([NONE, INDIVIDUAL]))
    kept = profiles.filter(pc.and_not(pc.equal(profiles["kind"], "organisation"), unnamed))
    parts: dict[tuple[str, str], Parts] = defaultdict(dict)
    columns = (kept[name].to_pylist() for name in ("cluster_id", "metric", "name", "units"))
    for cluster_id, metric, name, units in zip(*columns, strict=True):
        parts[cluster_id, metric][name] = units
    return parts


def _together(parts: Sequence[Parts], factors: Sequence[int]) -> Parts:
    """Return what each organisation scored over all metrics."""
    score: Parts = defaultdict(int)
    for made, factor in zip(parts, factors, strict=True):
        for name, units in made.items():
            score[name] += factor * units
    return {name: scored for name, scored in score.items() if scored}


def _measured(cluster_id: str, metric: str, made: Parts, whole: int) -> dict[str, Any]:
    row: dict[str, Any] = {"cluster_id": cluster_id, "metric": metric, "organisations": len(made)}
    if not made:
        return row | {"leader": None, "leader_share_pct": None, "herfindahl": None, "one_organisation": False}
    leader = min(made, key=lambda name: (-made[name], name))
    return row | {
        "leader": leader,
        "leader_share_pct": half_even(100 * made[leader], whole, SHOWN_DECIMALS),
        "herfindahl": half_even(sum(part * part for part in made.values()), whole * whole, SHOWN_DECIMALS),
        "one_organisation": 100 * made[leader] >= ONE_ORGANISATION_PCT * whole,
    }
