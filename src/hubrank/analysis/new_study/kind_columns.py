"""Columns of kinds: which of them are counted, and columns whose values stand on many rows each."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guess import Guess, column_words, unused_columns
from hubrank.analysis.new_study.numbered_columns import not_used
from hubrank.analysis.new_study.towns import ENOUGH
from hubrank.sources.crunchbase import VENTURE

MOST_KINDS = 20
MOST_LETTERS = 60
_ROWS_OF_A_KIND = 5  # at least, on average
_KINDS_SHOWN = 3
_TYPE = "(.* )?(type|kind|typ|tipo|type de .*|art)"


def of_types(look: Look, columns: Sequence[Guess]) -> Iterator[str]:
    """Say which kinds of records are counted, where a column has few, and how to count some of them only."""
    for column, kinds in _unused_kinds(look, columns):
        named = ", ".join(f"{kind} {rows:,}" for kind, rows in kinds.most_common())
        count = ", ".join(
            f'"{kind}"' for kind, _ in kinds.most_common() if _is_venture(kind) or not _is_deals(look, column)
        )
        yield (
            f"{column!r} says what kind a row is (in the first {len(look.rows):,}: {named}), and all are counted. To "
            f'count some of them only add type = "{column}" under [sources.columns], and under [sources.options] those '
            f"that count, such as types = [{count}]"
        )


def _unused_kinds(look: Look, columns: Sequence[Guess]) -> Iterator[tuple[str, Counter[str]]]:
    """Yield the columns that are called kinds and have few, with how many rows are of each, where none is used."""
    if any(guess.name == "type" for guess in columns):
        return
    for column in (one for one in look.header if re.fullmatch(_TYPE, column_words(one))):
        kinds = Counter(look.values(column))
        if 1 < len(kinds) <= min(MOST_KINDS, len(look.rows) / 2) and all(len(kind) <= MOST_LETTERS for kind in kinds):
            yield column, kinds


def other_kinds(look: Look, columns: Sequence[Guess]) -> str:
    """Return which kinds of deals are counted and are no venture capital; "" where all are, or no column says it."""
    for column, kinds in _unused_kinds(look, columns):
        if other := [kind for kind, _ in kinds.most_common() if not _is_venture(kind)]:
            named = ", ".join(other[:_KINDS_SHOWN]) + (", …" if len(other) > _KINDS_SHOWN else "")
            return f"{column!r} has kinds that are no venture capital ({named})"
    return ""


def of_kinds(look: Look, columns: Sequence[Guess]) -> Iterator[str]:
    """Name unused columns whose values stand on many rows each: kinds, fields or organisations, whatever their name."""
    of_places = {column for guess in columns for column in not_used(guess, look)}
    unused = [one for one in unused_columns(look, {guess.name: guess for guess in columns}) if one not in of_places]
    kinds = {column: Counter(look.values(column)) for column in unused if _has_words(look, column)}
    repeated = [
        f"{column!r} ({_first_kinds(of)})"
        for column, of in kinds.items()
        if 1 < len(of) <= len(look.rows) / _ROWS_OF_A_KIND and not re.fullmatch(_TYPE, column_words(column))
    ]
    if repeated:
        yield (
            f"equal values stand on many rows of {', '.join(repeated)}: as type (with types under [sources.options]) "
            f"such a column says which rows count, as field or organisation what pages divide them by"
        )


def _has_words(look: Look, column: str) -> bool:
    """Return whether nearly all rows have a value of letters."""
    values = look.values(column)
    return sum(any(map(str.isalpha, value)) for value in values) >= ENOUGH * len(look.rows)


def _first_kinds(kinds: Counter[str]) -> str:
    shown = [f"{kind[:MOST_LETTERS]} {rows:,}" for kind, rows in kinds.most_common(_KINDS_SHOWN)]
    return ", ".join([*shown, *["…"] * (len(kinds) > _KINDS_SHOWN)])


def _is_deals(look: Look, column: str) -> bool:
    """Return whether most rows are of kinds that count as venture capital."""
    values = look.values(column)
    return 2 * sum(map(_is_venture, values)) > len(values)


def _is_venture(kind: str) -> bool:
    """Return whether a kind of round counts as venture capital, as in the reader of Crunchbase."""
    key = re.sub(r"[^a-z0-9+]+", "_", kind.lower())
    return any(key == one or key.startswith(f"{one}_") for one in VENTURE)
