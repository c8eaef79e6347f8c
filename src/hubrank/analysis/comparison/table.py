"""Two editions compared, as a table: one row per cluster."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from hubrank.analysis.comparison.decomposition import RankPath
from hubrank.analysis.comparison.matching import ClusterMatches
from hubrank.core.tables import schema
from hubrank.core.units import SHOWN_DECIMALS, half_even
from hubrank.ranking.scores import RankedClusters, Scores

COMPARISON_SCHEMA = schema("""
    rank int?, cluster_id text, cluster text, economies text, kind text, previous_rank int?, change int?,
    rank_before int?, rank_before_low int?, rank_before_high int?, move int?,
    data int?, data_snapshot int?, data_window int?, boundary int?, method int?,
    score_pct share?, score_before_pct share?, score_data_pct share?, score_data_snapshot_pct share?,
    score_data_window_pct share?, score_boundary_pct share?, score_method_pct share?, cluster_before text?, kin text[]
""")


@dataclass(frozen=True, slots=True, eq=False)
class EditionPair:
    """Two editions, matched: as published, and with the earlier records under the later method.

    published : earlier ↔ later as published; same_method : recounted ↔ later.
    intervals : of the ranks of the earlier edition, by cluster_id; none where it has none.
    """

    earlier: RankedClusters
    recounted: RankedClusters
    later: RankedClusters
    published: ClusterMatches
    same_method: ClusterMatches
    intervals: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def comparison(pair: EditionPair, path: RankPath, returned: set[int]) -> pa.Table:
    """Return COMPARISON: the clusters of the later edition by rank, then the earlier ones without a rank there.

    returned : labels of later clusters that an edition before the earlier one had.
    """
    later = [_later_row(label, pair, path, returned) for label in range(pair.later.count)]
    lost = [_lost_row(label, pair) for label, after in enumerate(pair.published.after) if after is None]
    rows = sorted(later, key=lambda row: row["rank"]) + sorted(lost, key=lambda row: row["rank_before"])
    return pa.Table.from_pylist(rows, COMPARISON_SCHEMA)


def _later_row(label: int, pair: EditionPair, path: RankPath, returned: set[int]) -> dict[str, Any]:
    before, same_method = pair.published.before[label], pair.same_method.before[label]
    rank = pair.later.rank[label]
    previous = None if same_method is None else pair.recounted.rank[same_method]
    rank_before = None if before is None else pair.earlier.rank[before]
    kind = pair.published.kind[label]
    return {
        "rank": rank,
        **named(pair.later, label),
        "kind": "re-entered" if kind == "new" and label in returned else kind,
        "previous_rank": previous,
        "change": None if previous is None else previous - rank,
        "rank_before": rank_before,
        **_interval_before(before, pair),
        **_parts(label, before, path),
        "cluster_before": None if before is None else pair.earlier.names[before].cluster,
        "kin": [pair.earlier.names[a].cluster_id for a in pair.published.related_before[label]],
    }


def _lost_row(label: int, pair: EditionPair) -> dict[str, Any]:
    return {
        **named(pair.earlier, label),
        "kind": pair.published.outcome[label],
        "rank_before": pair.earlier.rank[label],
        **_interval_before(label, pair),
        "score_before_pct": shown(pair.earlier.scores, label),
        "kin": [pair.later.names[b].cluster_id for b in pair.published.related_after[label]],
    }


def _interval_before(label: int | None, pair: EditionPair) -> dict[str, int | None]:
    """Return the interval that the earlier edition gave the rank of a cluster of its own."""
    name = None if label is None else pair.earlier.names[label].cluster_id
    low, high = pair.intervals.get(name, (None, None)) if name is not None else (None, None)
    return {"rank_before_low": low, "rank_before_high": high}


def _parts(label: int, before: int | None, path: RankPath) -> dict[str, Any]:
    """Return the three differences of rank and of score; nothing where the steps do not lead to `before`."""
    first, *_, last = path.states
    steps = path.labels[label]
    parts: dict[str, Any] = {
        "move": None,
        "score_pct": shown(last.scores, label),
        "score_before_pct": None if before is None else shown(first.scores, before),
    }
    if steps is None or steps[0] != before:
        return parts
    rank = [state.rank[at] for state, at in zip(path.states, steps, strict=True)]
    score = [shown(state.scores, at) for state, at in zip(path.states, steps, strict=True)]
    parts["move"] = rank[0] - rank[3]
    for step, name in enumerate(("data", "boundary", "method")):
        parts[name] = rank[step] - rank[step + 1]
        parts[f"score_{name}_pct"] = score[step + 1] - score[step]
    if path.revised is not None:
        again, shown_again = path.revised.rank[steps[0]], shown(path.revised.scores, steps[0])
        parts |= {"data_snapshot": rank[0] - again, "data_window": again - rank[1]}
        parts |= {"score_data_snapshot_pct": shown_again - score[0], "score_data_window_pct": score[1] - shown_again}
    return parts


def named(clusters: RankedClusters, label: int) -> dict[str, str]:
    """Return id, name and economies of a cluster."""
    name = clusters.names[label]
    return {"cluster_id": name.cluster_id, "cluster": name.cluster, "economies": "/".join(name.economies)}


def shown(score: Scores, label: int) -> Decimal:
    """Return a score in percent, half-even at 6 decimals."""
    return half_even(score.numerators[label], score.denominator, SHOWN_DECIMALS)
