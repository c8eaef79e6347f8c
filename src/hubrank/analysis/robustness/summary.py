"""The robustness of a cluster's rank in one row: rank intervals, other weights, other methods, parts left out."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pyarrow as pa

from hubrank.analysis.robustness.variants import BASE, CHOICES, DECISIVE, UNCHANGED
from hubrank.core.tables import schema
from hubrank.ranking import rank_intervals

FIRM = 1  # places that a firm rank may move at most
PARTS = ("organisation", "field", "year")  # left out of a cluster one at a time
_WITHOUT = ", ".join(f"without_{part} int?" for part in PARTS)
ADDED = schema(f"""
    weights_best int?, weights_worst int?, weights_low int, weights_high int, method_best int, method_worst int,
    method_lost int, decisive_choice text?, decisive_move int?, {_WITHOUT}, firm bool
""")
SCHEMA = pa.schema([*rank_intervals.SCHEMA, *ADDED])
COMBINED_SCHEMA = pa.schema([*SCHEMA, *schema("combined_best int, combined_worst int, combined_lost int")])
KEY = rank_intervals.KEY
_WEIGHED = {
    "weights_best": "best_rank", "weights_worst": "worst_rank", "weights_low": "draws_low", "weights_high": "draws_high"
}  # fmt: skip
Row = dict[str, Any]


def moves(variants: Sequence[Row]) -> dict[str, dict[str, int | None]]:
    """Return, per cluster and choice, how far replacing it alone moves the rank; None where the cluster is lost.

    variants : rows of the table variants, the study itself among them.
    """
    study_rank = {row["cluster_id"]: row["rank"] for row in variants if row["variant"] == BASE}
    moved: dict[str, dict[str, int | None]] = {cluster: {} for cluster in study_rank}
    for row in variants:
        changed = _changed(row)
        if len(changed) == 1:
            largest = moved[row["cluster_id"]]
            before = largest.get(changed[0], 0)
            lost = before is None or row["rank"] is None
            largest[changed[0]] = None if lost else max(before, abs(row["rank"] - study_rank[row["cluster_id"]]))
    return moved


def summary(
    intervals: pa.Table,
    variants: pa.Table,
    weights: pa.Table,
    leave_one_out: pa.Table,
    *,
    not_firm: Collection[str] = (),
) -> pa.Table:
    """Return a table of SCHEMA, one row per cluster; of COMBINED_SCHEMA where variants replace several choices at once.

    intervals : table of rank_intervals, or one that was summed up before.
    variants, weights, leave_one_out : tables of robustness.
    not_firm : clusters no rank of which is firm: of equal scores, whose order is that of the rule for ties,
        or all, where one economy has most of a metric alone.
    """
    rows = variants.to_pylist()
    moved, spans = moves(rows), _spans(rows, "method", 1)
    combined = any(len(_changed(row)) > 1 for row in rows)
    more = _spans(rows, "combined", len(CHOICES)) if combined else {}
    weighed = {row["cluster_id"]: row for row in weights.to_pylist()}
    without = {(row["cluster_id"], row["left_out"]): row["rank_without"] for row in leave_one_out.to_pylist()}
    result = []
    for row in intervals.select(rank_intervals.SCHEMA.names).to_pylist():
        key = row["cluster_id"]
        weight_ends = {name: weighed[key][column] for name, column in _WEIGHED.items()}
        parts = {f"without_{part}": without.get((key, part)) for part in PARTS}
        firm = {"firm": key not in not_firm and _firm(row, moved[key])}
        result.append(
            {**row, **weight_ends, **spans[key], **_decisive(moved[key]), **parts, **firm, **more.get(key, {})}
        )
    return pa.Table.from_pylist(result, COMBINED_SCHEMA if combined else SCHEMA)


def _changed(row: Row) -> list[str]:
    return [choice for choice in CHOICES if row[choice] != UNCHANGED]


def _spans(variants: Sequence[Row], name: str, most: int) -> dict[str, Row]:
    """Return NAME_best, NAME_worst and NAME_lost of each cluster over variants of so many replaced choices at most."""
    ranks: dict[str, list[int | None]] = defaultdict(list)
    for row in variants:
        if len(_changed(row)) <= most:
            ranks[row["cluster_id"]].append(row["rank"])
    spans = {}
    for cluster, ranks_of in ranks.items():
        present = [rank for rank in ranks_of if rank is not None]
        ends = {f"{name}_best": min(present), f"{name}_worst": max(present)}
        spans[cluster] = {**ends, f"{name}_lost": ranks_of.count(None)}
    return spans


def _decisive(moved: Mapping[str, int | None]) -> Row:
    """Return decisive_choice and decisive_move: nothing where no choice moves a rank far, or several do."""
    far = [choice for choice, move in moved.items() if move is None or move >= DECISIVE]
    return {"decisive_choice": far[0], "decisive_move": moved[far[0]]} if len(far) == 1 else {}


def _firm(row: Row, moved: Mapping[str, int | None]) -> bool:
    wide = max(row["rank"] - row["rank_low_places"], row["rank_high_places"] - row["rank"])
    return wide <= FIRM and all(move is not None and move <= FIRM for move in moved.values())
