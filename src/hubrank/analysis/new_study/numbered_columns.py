"""Columns of places that are numbered, as those of several inventors are: each of them is a listing of its row."""

import re
from collections.abc import Sequence
from dataclasses import replace

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guess import Guess, column_words
from hubrank.analysis.new_study.sought import PLACES, is_of_inventors

_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_PARTS = ("region", "address")  # with a number at the end they may be levels of a region, or lines of one address


def numbered_like(column: str, header: Sequence[str]) -> list[str]:
    """Return the columns that differ from this one, the first of them, by a number alone: from 0 or 1 on, in order."""
    name = _NUMBER.split(column)
    if len(name) != 2:
        return []
    called_so = re.compile(r"(\d{1,2})".join(map(re.escape, name))).fullmatch
    by_number = {int(match[1]): one for one in header if (match := called_so(one))}
    first = min(by_number, default=2)
    is_series = first <= 1 and sorted(by_number) == [*range(first, first + len(by_number))]
    return [by_number[number] for number in sorted(by_number)][1:] if is_series and by_number[first] == column else []


def words_without_number(name: str, column: str, header: Sequence[str]) -> str:
    """Return the name of a column in lower case, without the number of the first of several if it may hold places."""
    is_first = name in PLACES and name not in _PARTS and numbered_like(column, header)
    return column_words(_NUMBER.sub("", column) if is_first else column)


def with_numbered(columns: list[Guess], look: Look) -> list[Guess]:
    """Return the columns of a table, those of places with the ones numbered like them: each is a listing of its row.

    A table whose rows are listings or counts has none, nor has one with lists in its cells.
    """
    if any(guess.name in ("listing", "count") or guess.split or guess.places for guess in columns):
        return columns
    groups = {guess.column: further for guess in columns if (further := not_used(guess, look))}
    if not any(_is_of_one(guess) for guess in columns if guess.column in groups):
        return columns
    fewest = min(map(len, groups.values()))
    return [
        replace(
            guess,
            further=tuple(groups[guess.column][:fewest]),
            reason=f"{guess.reason}; it is numbered: each of {fewest + 1} such columns is a listing",
        )
        if guess.column in groups
        else guess
        for guess in columns
    ]


def not_used(guess: Guess, look: Look) -> list[str]:
    """Return the columns that are numbered like one of places and not used."""
    is_of_places = guess.name in (*PLACES, "postcode")
    return [one for one in numbered_like(guess.column, look.header) if one not in guess.further] if is_of_places else []


def _is_of_one(guess: Guess) -> bool:
    """Return whether a numbered column is of one person or organisation, and no part of an address or of a region."""
    of_person = is_of_inventors(column_words(guess.column)) is not None
    return guess.name not in (*_PARTS, "postcode") or of_person or not guess.column[-1].isdecimal()
