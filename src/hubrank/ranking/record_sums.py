"""Listings in clusters → what the records of a metric add up to, in one pass, record by record (METHOD 5, 8, 13).

The rows of a record follow each other. Its located listings have all of its units. Sums of squares do not fit 64 bits,
so each takes two words, split at SPLIT.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hubrank.core import keyed_sums
from hubrank.core.compiled import fixed, kernel, part, ready
from hubrank.core.keyed_sums import KeyedSums, Table, has_room, row_of
from hubrank.core.progress import Progress
from hubrank.core.sphere import Ints
from hubrank.ranking.cluster_records import MetricRecords
from hubrank.ranking.rank_sets.rank_covariance import SPLIT, wide_sums

# Columns of a cluster: its records; those with a listing outside; and, of two words each, the sums of squares of what
# each record gives it as it is counted, and as a fraction, and of the products with what the record weighs.
_RECORDS, _OUTSIDE, _SQUARES, _PARTS, _CROSSED, _COLUMNS = 0, 1, 2, 4, 6, 8
_NONE = -1


class _Rows(NamedTuple):
    """Located rows: where the keys of their records start, and end, in the letters; and columns of RecordSums.add."""

    start: NDArray[np.int32]
    letters: NDArray[np.uint8]
    cluster: Ints
    units: Ints
    listings: Ints


class _State(NamedTuple):
    """What was added up so far.

    record : int64, shape (3,). Of the record at hand: the number of its clusters, its units and its count.
    cluster : int64, shape (clusters,). Its clusters. units : what it gives each cluster, _NONE where it has no row.
    sums : int64, shape (clusters, _COLUMNS). world : int64, shape (2,), the sum of squares of what records weigh.
    """

    record: Ints
    cluster: Ints
    units: Ints
    sums: Ints
    world: Ints


class RecordSums:
    """What the records of one metric add up to, by cluster and by pair of clusters that share records.

    clusters : how many. full : whether a record counts wholly in each of its clusters, not by its fraction there.
    """

    __slots__ = ("_full", "_last", "_pairs", "_state")

    def __init__(self, clusters: int, *, full: bool) -> None:
        self._full, self._pairs = full, KeyedSums(3)
        self._last: bytes | None = None
        cluster, units = np.zeros(clusters, np.int64), np.full(clusters, _NONE, np.int64)
        sums, world = np.zeros((clusters, _COLUMNS), np.int64), np.zeros(2, np.int64)
        self._state = _State(np.zeros(3, np.int64), cluster, units, sums, world)

    def add(self, keys: pa.Array, cluster: Ints, units: Ints, listings: Ints) -> None:
        """Take located rows; the first may go on with the last record of the rows before.

        keys : string, the record of each row. cluster : int64, of each row; their number where it is in none.
        listings : of one row of each record at least, how many records it stands for; of its others the same, or 0.
        """
        if len(keys):
            start, letters = _text(keys)
            goes_on = letters[start[0] : start[1]].tobytes() == self._last
            self._last = letters[start[-2] : start[-1]].tobytes()
            self._take(_Rows(start, letters, fixed(cluster), fixed(units), fixed(listings)), goes_on=goes_on)

    def end(self) -> None:
        """Count the last record."""
        if self._last is not None:
            nothing = fixed(np.zeros(0, np.int64))
            self._take(_Rows(*_text(pa.array([], pa.string())), nothing, nothing, nothing), goes_on=False)
            self._last = None

    def _take(self, rows: _Rows, *, goes_on: bool) -> None:
        done = 0
        while (done := _add(rows, done, goes_on, self._full, self._state, self._pairs.table)) != len(rows.units):
            self._pairs.grow()
            done = max(done, 0)

    def all(self) -> MetricRecords:
        """Return what all rows add up to."""
        self.end()
        sums, world = self._state.sums, self._state.world
        squares, parts, crossed = (wide_sums(sums[:, at], sums[:, at + 1]) for at in (_SQUARES, _PARTS, _CROSSED))
        (weights,) = wide_sums(world[:1], world[1:])
        a, b, both = self._pairs.rows()
        pairs, shared = list(zip(a.tolist(), b.tolist(), strict=True)), both[:, 0].tolist()
        products = wide_sums(both[:, 1], both[:, 2])
        records, outside = sums[:, _RECORDS], sums[:, _OUTSIDE]
        return MetricRecords(records, outside, squares, parts, crossed, weights, pairs, shared, products)


def _text(keys: pa.Array) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Return where each text starts, and ends, and the letters of all."""
    _, starts, letters = keys.buffers()
    start = np.frombuffer(starts, np.int32)[keys.offset : keys.offset + len(keys) + 1]
    return fixed(start), fixed(np.frombuffer(letters or b"", np.uint8))


def compiled() -> bool:
    """Say whether the sums are machine code already."""
    return ready(__name__, keyed_sums.__name__)


def prepare(progress: Progress) -> None:
    """Compile the sums where they are not compiled yet, and say so; a later run loads the machine code."""
    if not compiled():
        progress("compiling the sums of records, this once (about 2 s)", 0, 1)
        some, sums = np.zeros(1, np.int64), RecordSums(1, full=False)
        sums.add(pa.array(["a"]), some, some, some)
        KeyedSums(1).add(some, some, some.reshape(1, 1))


@part
def _begins(start: NDArray[np.int32], letters: NDArray[np.uint8], row: int) -> bool:  # pragma: no cover - compiled
    """Say whether a row is of another record than the one before: most keys differ at their ends."""
    left = start[row + 1] - start[row]
    if left != start[row] - start[row - 1]:
        return True
    while left and letters[start[row] + left - 1] == letters[start[row - 1] + left - 1]:
        left -= 1
    return bool(left)


@part
def _count(full: bool, state: _State, pairs: Table) -> None:  # pragma: no cover - compiled
    """Add what the record at hand gives to clusters and pairs of them, and forget it."""
    clusters, units, count = state.record[0], state.record[1], state.record[2]
    if count:
        weight = units // count
        state.world[0] += count * (weight * weight // SPLIT)
        state.world[1] += count * (weight * weight % SPLIT)
        for nth in range(clusters):
            of = state.cluster[nth]
            fraction = state.units[of] // count
            each = weight if full else fraction
            state.sums[of, _RECORDS] += count
            if state.units[of] < units:
                state.sums[of, _OUTSIDE] += count
            state.sums[of, _SQUARES] += count * (each * each // SPLIT)
            state.sums[of, _SQUARES + 1] += count * (each * each % SPLIT)
            state.sums[of, _PARTS] += count * (fraction * fraction // SPLIT)
            state.sums[of, _PARTS + 1] += count * (fraction * fraction % SPLIT)
            state.sums[of, _CROSSED] += count * (each * weight // SPLIT)
            state.sums[of, _CROSSED + 1] += count * (each * weight % SPLIT)
            for before in range(nth):
                other = state.cluster[before]
                product = each * (weight if full else state.units[other] // count)
                at = row_of(min(of, other), max(of, other), pairs)
                pairs.sums[at, 0] += count
                pairs.sums[at, 1] += count * (product // SPLIT)
                pairs.sums[at, 2] += count * (product % SPLIT)
    for nth in range(clusters):
        state.units[state.cluster[nth]] = _NONE
    state.record[:] = 0


@kernel
def _add(
    rows: _Rows, first: int, goes_on: bool, full: bool, state: _State, pairs: Table
) -> int:  # pragma: no cover - compiled
    """Take rows from the first on; return the one before which pairs need more room, or their number."""
    many = len(rows.units)
    for row in range(first, max(many, 1)):  # without rows, the record at hand has ended
        if (not goes_on) if row == 0 else _begins(rows.start, rows.letters, row):
            if not has_room(state.record[0] * (state.record[0] - 1) // 2, pairs):
                return row if many else _NONE
            _count(full, state, pairs)
        if many:
            of = rows.cluster[row]
            if of < len(state.units):
                if state.units[of] == _NONE:
                    state.units[of] = 0
                    state.cluster[state.record[0]] = of
                    state.record[0] += 1
                state.units[of] += rows.units[row]
            state.record[1] += rows.units[row]
            state.record[2] = max(state.record[2], rows.listings[row])
    return many
