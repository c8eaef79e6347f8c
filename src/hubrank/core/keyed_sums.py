"""Sums by pairs of whole numbers, in a table of machine code that grows with the pairs that occur."""

from typing import NamedTuple

import numpy as np

from hubrank.core.compiled import fixed, kernel, part
from hubrank.core.sphere import Ints

_EMPTY = -1
_FIRST_ROOM = 1024
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2⁶⁴ over the golden ratio (Knuth, TAOCP 3, 6.4)
_HALF = np.uint64(32)
_NEXT = np.uint64(1)


class Table(NamedTuple):
    """Open addresses, of which half at least are free.

    one, other : int64, shape (room,), a power of two. The pair of a row; `one` is _EMPTY where it is free.
    sums : int64, shape (room, columns). used : int64, shape (1,). How many rows are taken.
    """

    one: Ints
    other: Ints
    sums: Ints
    used: Ints


class KeyedSums:
    """Columns of sums for each pair of whole numbers of 64 bits, of which the first is not negative."""

    __slots__ = ("table",)

    def __init__(self, columns: int, room: int = _FIRST_ROOM) -> None:
        free, zeros = np.full(room, _EMPTY, np.int64), np.zeros(room, np.int64)
        self.table = Table(free, zeros, np.zeros((room, columns), np.int64), np.zeros(1, np.int64))

    def add(self, one: Ints, other: Ints, values: Ints) -> None:
        """Add rows of values, int64, shape (n, columns), to the sums of their pairs."""
        rows, done = (fixed(one), fixed(other), fixed(values)), 0
        while (done := _add(*rows, done, self.table)) < len(one):
            self.grow()

    def grow(self) -> None:
        """Make twice as much room."""
        larger = KeyedSums(self.table.sums.shape[1], 2 * len(self.table.one))
        larger.add(*self.rows())
        self.table = larger.table

    def rows(self) -> tuple[Ints, Ints, Ints]:
        """Return the pairs in ascending order, and their sums."""
        here = np.flatnonzero(self.table.one != _EMPTY)
        here = here[np.lexsort((self.table.other[here], self.table.one[here]))]
        return self.table.one[here], self.table.other[here], self.table.sums[here]


@part
def row_of(one: int, other: int, table: Table) -> np.uint64:  # pragma: no cover - compiled
    """Return the row of a pair in a table that has room for it."""
    last = np.uint64(len(table.one) - 1)
    row = ((np.uint64(one) * _GOLDEN ^ np.uint64(other)) * _GOLDEN >> _HALF) & last
    while table.one[row] != _EMPTY and (table.one[row] != one or table.other[row] != other):
        row = (row + _NEXT) & last
    if table.one[row] == _EMPTY:
        table.one[row], table.other[row] = one, other
        table.used[0] += 1
    return row


@part
def has_room(more: int, table: Table) -> bool:  # pragma: no cover - compiled
    """Say whether a table has room for so many pairs more."""
    return bool(2 * (table.used[0] + more) <= len(table.one))


@kernel
def _add(one: Ints, other: Ints, values: Ints, first: int, table: Table) -> int:  # pragma: no cover - compiled
    """Add rows from the first on; return the one that finds no room, or their number."""
    for row in range(first, len(one)):
        if not has_room(1, table):
            return row
        at = row_of(one[row], other[row], table)
        for column in range(values.shape[1]):
            table.sums[at, column] += values[row, column]
    return len(one)
