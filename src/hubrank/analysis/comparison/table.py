"""A comparison as tables: what `hubrank compare` prints and hands on."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from hubrank.analysis.comparison.decomposition import RankPath
from hubrank.analysis.comparison.matching import ClusterMatches
from hubrank.core.tables import Column, schema
from hubrank.core.units import SHOWN_DECIMALS, half_even
from hubrank.ranking.rank_clusters import RankedClusters
from hubrank.ranking.scores import Scores

_TEXT, _INT, _SHARE = pa.string(), pa.int64(), pa.decimal128(38, SHOWN_DECIMALS)

COMPARISON = (
    Column("rank", _INT, null=True),
    Column("cluster_id", _TEXT),
    Column("cluster", _TEXT),
    Column("economies", _TEXT),
    Column("kind", _TEXT),
    Column("previous_rank", _INT, null=True),
    Column("change", _INT, null=True),
    Column("rank_before", _INT, null=True),
    Column("move", _INT, null=True),
    Column("data", _INT, null=True),
    Column("boundary", _INT, null=True),
    Column("method", _INT, null=True),
    Column("score_pct", _SHARE, null=True),
    Column("score_before_pct", _SHARE, null=True),
    Column("score_data_pct", _SHARE, null=True),
    Column("score_boundary_pct", _SHARE, null=True),
    Column("score_method_pct", _SHARE, null=True),
    Column("cluster_before", _TEXT, null=True),
    Column("kin", pa.list_(_TEXT)),
)
COMPARISON_SCHEMA = schema(COMPARISON)


@dataclass(frozen=True, slots=True, eq=False)
class EditionPair:
    """Two editions, matched: as printed, and with the earlier records under the later method.

    printed : earlier ↔ later as printed; alike : recounted ↔ later.
    """

    earlier: RankedClusters
    recounted: RankedClusters
    later: RankedClusters
    printed: ClusterMatches
    alike: ClusterMatches


def comparison(sides: EditionPair, way: RankPath, returned: set[int]) -> pa.Table:
    """Return COMPARISON: the clusters of the later edition by rank, then what the earlier one had beside them.

    returned : labels of later clusters that an edition before the earlier one had.
    """
    later = [_later_row(label, sides, way, returned) for label in range(sides.later.count)]
    lost = [_lost_row(label, sides) for label, after in enumerate(sides.printed.after) if after is None]
    rows = sorted(later, key=lambda row: row["rank"]) + sorted(lost, key=lambda row: row["rank_before"])
    return pa.Table.from_pylist(rows, COMPARISON_SCHEMA)


def _later_row(label: int, sides: EditionPair, way: RankPath, returned: set[int]) -> dict[str, Any]:
    before, alike = sides.printed.before[label], sides.alike.before[label]
    rank = sides.later.rank[label]
    previous = None if alike is None else sides.recounted.rank[alike]
    printed = None if before is None else sides.earlier.rank[before]
    kind = sides.printed.kind[label]
    return {
        "rank": rank,
        **named(sides.later, label),
        "kind": "re-entered" if kind == "new" and label in returned else kind,
        "previous_rank": previous,
        "change": None if previous is None else previous - rank,
        "rank_before": printed,
        **_parts(label, before, way),
        "cluster_before": None if before is None else sides.earlier.names[before].cluster,
        "kin": [sides.earlier.names[a].cluster_id for a in sides.printed.kin_before[label]],
    }


def _lost_row(label: int, sides: EditionPair) -> dict[str, Any]:
    return {
        **named(sides.earlier, label),
        "kind": sides.printed.fate[label],
        "rank_before": sides.earlier.rank[label],
        "score_before_pct": shown(sides.earlier.scores, label),
        "kin": [sides.later.names[b].cluster_id for b in sides.printed.kin_after[label]],
    }


def _parts(label: int, before: int | None, way: RankPath) -> dict[str, Any]:
    """Return the three differences of rank and of score; nothing where the steps do not lead to `before`."""
    first, *_, last = way.standings
    steps = way.ways[label]
    found: dict[str, Any] = {
        "move": None,
        "score_pct": shown(last.scores, label),
        "score_before_pct": None if before is None else shown(first.scores, before),
    }
    if steps is None or steps[0] != before:
        return found
    rank = [standing.rank[at] for standing, at in zip(way.standings, steps, strict=True)]
    score = [shown(standing.scores, at) for standing, at in zip(way.standings, steps, strict=True)]
    found["move"] = rank[0] - rank[3]
    for step, name in enumerate(("data", "boundary", "method")):
        found[name] = rank[step] - rank[step + 1]
        found[f"score_{name}_pct"] = score[step + 1] - score[step]
    return found


def named(found: RankedClusters, label: int) -> dict[str, str]:
    """Return what a cluster is called."""
    name = found.names[label]
    return {"cluster_id": name.cluster_id, "cluster": name.cluster, "economies": "/".join(name.economies)}


def shown(score: Scores, label: int) -> Decimal:
    """Return a score in percent, half-even at 6 decimals."""
    return half_even(score.numerators[label], score.denominator, SHOWN_DECIMALS)
