"""The ranking as rows of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from hubrank.core import countries


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure: as in the tables, and rounded for reading."""

    value: str
    shown: str


@dataclass(frozen=True, slots=True)
class Row:
    """One cluster in the table of the page.

    bar : left edge and width of the rank interval, in percent of the ranks.
    split : per metric, left edge and width of its part of the score, in percent of the best score.
    """

    cluster_id: str
    rank: int
    rank_low: int | None
    rank_high: int | None
    bar: tuple[float, float]
    change: int | None
    is_new: bool
    cluster: str
    economies: tuple[tuple[str, str], ...]
    score: Cell
    shares: tuple[Cell, ...]
    split: tuple[tuple[float, float], ...]
    intensity: Cell
    intensity_rank: int | None


def cell(value: Decimal | int | None, decimals: int = 2) -> Cell:
    """Return a figure; nothing is a dash."""
    if value is None:
        return Cell("", "–")
    exact = Decimal(value)
    return Cell(f"{exact:f}", f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN):,f}")


def economies(codes: str) -> tuple[tuple[str, str], ...]:
    """Return code and name of each economy of a cluster, as the tables write them: CN/HK."""
    return tuple((code, countries.name(code)) for code in codes.split("/") if code)


def rows(ranking: Sequence[Mapping[str, Any]], metrics: Sequence[str], weights: Mapping[str, Decimal]) -> list[Row]:
    """Return the rows of the page, first rank first."""
    best = max((float(row["score_pct"]) for row in ranking), default=0.0)
    return [_row(row, metrics, _split(row, metrics, weights, best), len(ranking)) for row in ranking]


def _split(
    row: Mapping[str, Any], metrics: Sequence[str], weights: Mapping[str, Decimal], best: float
) -> tuple[tuple[float, float], ...]:
    """Split the bar of a score in proportion to weight times share."""
    parts = [float(weights.get(metric, 0)) * float(row[f"{metric}_share_pct"] or 0) for metric in metrics]
    scale = 100 * float(row["score_pct"]) / best / sum(parts) if sum(parts) else 0.0
    widths = [scale * part for part in parts]
    return tuple((round(sum(widths[:place]), 2), round(width, 2)) for place, width in enumerate(widths))


def _row(row: Mapping[str, Any], metrics: Sequence[str], split: tuple[tuple[float, float], ...], count: int) -> Row:
    low, high = row.get("rank_low"), row.get("rank_high")
    bar = (100 * (low - 1) / count, 100 * (high - low + 1) / count) if low and high else (0.0, 0.0)
    return Row(
        cluster_id=row["cluster_id"],
        rank=row["rank"],
        rank_low=low,
        rank_high=high,
        bar=(round(bar[0], 2), round(bar[1], 2)),
        change=row.get("change"),
        is_new="previous_rank" in row and row["previous_rank"] is None,
        cluster=row["cluster"],
        economies=economies(row["economies"]),
        score=cell(row["score_pct"]),
        shares=tuple(cell(row[f"{metric}_share_pct"]) for metric in metrics),
        split=split,
        intensity=cell(row.get("score_pct_per_million"), 3),
        intensity_rank=row.get("intensity_rank"),
    )
