"""The ranking as rows of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hubrank.core.units import half_up
from hubrank.publishing.page_words import Words

MANY = 1_000  # rows from which shares have two digits, as they are a large part of the page


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure: as in the tables, and rounded for reading."""

    value: str
    shown: str


@dataclass(frozen=True, slots=True)
class Row:
    """One cluster in the list.

    rank_low, rank_high : the interval that the page shows, with the doubt about places where it is known.
    interval : the same as text.
    move : ranks gained since the edition before, None where that is not known; why, sentence : the same and its causes
        in the words of a list, and as a sentence.
    spot, shares_text, intervals : what the script reads: longitude and latitude; shares, rounded; ranges of ranks:
        counts alone, counts and places, other weights.
    """

    cluster_id: str
    rank: int
    rank_low: int | None
    rank_high: int | None
    interval: str
    cluster: str
    economies: tuple[tuple[str, str], ...]
    score: Cell
    shares: tuple[Cell, ...]
    spot: str
    shares_text: str
    intervals: str
    move: int | None
    why: str
    sentence: str


def cell(value: Decimal | int | None, decimals: int = 2) -> Cell:
    """Return a figure; nothing is a dash."""
    if value is None:
        return Cell("", "–")
    exact = Decimal(value)
    return Cell(f"{exact:f}", f"{half_up(exact, decimals):,f}")


def ends(low: int, high: int) -> str:
    """Return a range of ranks as text."""
    return str(low) if low == high else f"{low}–{high}"


def signed(value: Decimal | float, decimals: int = 0) -> str:
    """Return a difference with its sign, of ranks or of shares: minus is not a hyphen, and 0 has no sign."""
    text = f"{half_up(value, decimals):+,f}"
    return text.replace("-", "−") if text.strip("+-0.") else text[1:]


def rows(
    ranking: Sequence[Mapping[str, Any]],
    metrics: Sequence[str],
    spots: Mapping[str, tuple[float, float]],
    moves: Mapping[str, tuple[int | None, str, str]],
    words: Words,
) -> list[Row]:
    """Return the rows of the page, first rank first.

    spots : longitude and latitude of each cluster; moves : of each cluster, ranks gained and what moved it, in words.
    """
    digits = 3 if len(ranking) <= MANY else 2
    return [_row(row, metrics, spots.get(row["cluster_id"], (0.0, 0.0)), moves, digits, words) for row in ranking]


def _row(
    row: Mapping[str, Any],
    metrics: Sequence[str],
    spot: tuple[float, float],
    moves: Mapping[str, tuple[int | None, str, str]],
    digits: int,
    words: Words,
) -> Row:
    counts = (row.get("rank_low"), row.get("rank_high"))
    places = (row.get("rank_low_places") or counts[0], row.get("rank_high_places") or counts[1])
    move, why, sentence = moves.get(row["cluster_id"], (None, "", ""))
    weighed = (row.get("weights_best"), row.get("weights_worst")) if len(metrics) > 1 else ()
    ranges = [*counts, *places, *weighed]
    return Row(
        cluster_id=row["cluster_id"],
        rank=row["rank"],
        rank_low=places[0],
        rank_high=places[1],
        interval=ends(places[0], places[1]) if places[0] and places[1] else "",
        cluster=row["cluster"],
        economies=words.economies(row["economies"]),
        score=_in_language(cell(row["score_pct"]), words),
        shares=tuple(cell(row[f"{metric}_share_pct"]) for metric in metrics),
        spot=f"{round(spot[0], 2):g} {round(spot[1], 2):g}",
        shares_text=" ".join(_short(row[f"{metric}_share_pct"], digits) for metric in metrics),
        intervals=" ".join(str(end) for end in ranges if end is not None) if counts[0] else "",
        move=move,
        why=why,
        sentence=sentence,
    )


def _in_language(figure: Cell, words: Words) -> Cell:
    return Cell(figure.value, words.number(figure.shown))


def _short(share: Decimal | None, digits: int) -> str:
    """Return a share as its bar shows it until the exact one has come: two decimals, below 1 so many digits."""
    if not share:
        return "0"
    return f"{half_up(share, 2)}" if share >= 1 else f"{float(share):.{digits}g}".lstrip("0")
