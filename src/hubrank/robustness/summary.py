"""All doubts about a cluster's rank in one row: the sets of ranks, other weights, other methods, parts left out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from hubrank.robustness.variants import BASE, CHOICES, OWN
from hubrank.stages import sampling
from hubrank.tables import Column, schema

FIRM = 1  # places that a firm rank may move at most
HANGS = 5  # places that a choice moves a rank at least, if the rank hangs on it
PARTS = ("organisation", "field", "year")
ADDED = (
    Column("weights_best", pa.int64(), "best rank over all weights; none beyond three metrics", null=True),
    Column("weights_worst", pa.int64(), "worst rank over all weights; none beyond three metrics", null=True),
    Column("weights_low", pa.int64(), "rank below which a twentieth of the draws of weights lies at most"),
    Column("weights_high", pa.int64(), "rank above which a twentieth of the draws of weights lies at most"),
    Column("method_best", pa.int64(), "best rank where one choice of method is replaced"),
    Column("method_worst", pa.int64(), "worst rank where one choice of method is replaced"),
    Column("method_lost", pa.int64(), "replacements, of one choice each, that split, absorb or lose it", "variants"),
    Column("hangs_on", pa.string(), f"the only choice that moves it {HANGS} places or more or loses it", null=True),
    Column("hangs_by", pa.int64(), "how far that choice moves it at most; none where it loses it", "places", null=True),
    *(Column(f"without_{part}", pa.int64(), f"its rank by fractional counts without one {part}", null=True)
      for part in PARTS),
    Column("firm", pa.bool_(), f"whether neither records nor one choice of method move it by more than {FIRM} place"),
)  # fmt: skip
COLUMNS = (*sampling.COLUMNS, *ADDED)
SCHEMA = schema(COLUMNS)
KEY = sampling.KEY
_WEIGHED = {
    "weights_best": "best_rank", "weights_worst": "worst_rank", "weights_low": "draws_low", "weights_high": "draws_high"
}  # fmt: skip
Row = dict[str, Any]


def moves(variants: Sequence[Row]) -> dict[str, dict[str, int | None]]:
    """Return, per cluster and choice, how far replacing it alone moves the rank; None where the cluster is lost.

    variants : rows of the table variants, the study itself among them.
    """
    own = {row["cluster_id"]: row["rank"] for row in variants if row["variant"] == BASE}
    found: dict[str, dict[str, int | None]] = {cluster: {} for cluster in own}
    for row in variants:
        changed = _changed(row)
        if len(changed) == 1:
            known = found[row["cluster_id"]]
            before = known.get(changed[0], 0)
            lost = before is None or row["rank"] is None
            known[changed[0]] = None if lost else max(before, abs(row["rank"] - own[row["cluster_id"]]))
    return found


def summary(doubts: pa.Table, variants: pa.Table, weights: pa.Table, left: pa.Table) -> pa.Table:
    """Return COLUMNS, one row per cluster.

    doubts : table of stages.sampling, or one that was summed up before.
    variants, weights, left : tables of robustness.
    """
    rows = variants.to_pylist()
    moved, spans = moves(rows), _spans(rows)
    weighed = {row["cluster_id"]: row for row in weights.to_pylist()}
    without = {(row["cluster_id"], row["left_out"]): row["rank_without"] for row in left.to_pylist()}
    made = []
    for row in doubts.select(sampling.SCHEMA.names).to_pylist():
        key = row["cluster_id"]
        told = {name: weighed[key][known] for name, known in _WEIGHED.items()}
        parts = {f"without_{part}": without.get((key, part)) for part in PARTS}
        firm = {"firm": _firm(row, moved[key])}
        made.append({**row, **told, **spans[key], **_hanging(moved[key]), **parts, **firm})
    return pa.Table.from_pylist(made, SCHEMA)


def _changed(row: Row) -> list[str]:
    return [choice for choice in CHOICES if row[choice] != OWN]


def _spans(variants: Sequence[Row]) -> dict[str, Row]:
    """Return method_best, method_worst and method_lost of each cluster: one choice replaced, or none."""
    ranks: dict[str, list[int | None]] = defaultdict(list)
    for row in variants:
        if len(_changed(row)) <= 1:
            ranks[row["cluster_id"]].append(row["rank"])
    spans = {}
    for cluster, known in ranks.items():
        there = [rank for rank in known if rank is not None]
        spans[cluster] = {"method_best": min(there), "method_worst": max(there), "method_lost": known.count(None)}
    return spans


def _hanging(moved: Mapping[str, int | None]) -> Row:
    """Return hangs_on and hangs_by: nothing where no choice moves a rank far, or several do."""
    far = [choice for choice, move in moved.items() if move is None or move >= HANGS]
    return {"hangs_on": far[0], "hangs_by": moved[far[0]]} if len(far) == 1 else {}


def _firm(row: Row, moved: Mapping[str, int | None]) -> bool:
    wide = max(row["rank"] - row["rank_low"], row["rank_high"] - row["rank"])
    return wide <= FIRM and all(move is not None and move <= FIRM for move in moved.values())
