"""Groups → records and their listings, in blocks, so that memory does not grow with the world.

Records of all units and years are mixed by a permutation that needs no memory, and any block can be computed alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hubrank.core.sphere import Floats, Ints
from hubrank.core.units import UNIT
from hubrank.simulation.groups import IN_SCOPE, LOST, Groups
from hubrank.simulation.stable_hash import Words, even, hashed, stride

BLOCK = 25_000  # records in memory at a time
EXTRA_EVERY = {
    "patents": 20,
    "publications": 40,
    "deals": 1 << 40,
}  # one record in this many has a listing without an address
NOWHERE = -1  # the unit of a listing without any location


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some records and their listings.

    number, year, first, second, status, serial : int64, shape (records,). `serial` counts within `first`.
    length : int64, shape (records,). Listings of each, of which `located` ones have a unit.
    record, order, unit : int64, shape (listings,). `order` counts from 0 within a record.
    turn : int64, shape (listings,). Counts the listings of a unit, with gaps. spot : float64 in [0, 1), even over them.
    """

    number: Ints
    year: Ints
    first: Ints
    second: Ints
    status: Ints
    serial: Ints
    length: Ints
    located: Ints
    record: Ints
    order: Ints
    unit: Ints
    turn: Ints
    spot: Floats

    @property
    def plain(self) -> NDArray[np.bool_]:
        """Where a listing may be misspelt: another one of its record, in the same unit, is not."""
        return np.asarray((self.order > 0) & (self.second[self.record] < 0) & (self.unit != NOWHERE))

    def units(self) -> Ints:
        """Return each listing's part of its record, in units that sum to UNIT; 0 where it has no location."""
        counted = np.where(self.status == IN_SCOPE, self.located, 0)[self.record]
        share, rest = np.divmod(UNIT, np.maximum(counted, 1))
        return np.where(self.order < counted, share + (self.order < rest), 0)


def blocks(groups: Groups, seed: int, numbers: range | None = None, size: int = BLOCK) -> Iterator[Block]:
    """Yield the records of a metric, `size` at a time: those of `numbers`, or all."""
    ends = np.cumsum(groups.count)
    total = int(ends[-1])
    step = stride(total)
    first, last = (numbers.start, min(numbers.stop, total)) if numbers is not None else (0, total)
    for low in range(first, last, size):
        number = np.arange(low, min(low + size, last), dtype=np.int64)
        mixed = number * step % total
        group = np.searchsorted(ends, mixed, side="right")
        yield _expanded(groups, group, number, mixed - (ends - groups.count)[group], hashed(groups.first, seed))


def _expanded(groups: Groups, group: Ints, number: Ints, within: Ints, starts: Words) -> Block:
    first, second, status = groups.first[group], groups.second[group], groups.status[group]
    serial = groups.serial[group] + within
    in_first = np.where(second < 0, groups.lengths(first, serial), groups.in_first[group])
    located = in_first + groups.in_second[group]
    bare = (second < 0) & (status == IN_SCOPE) & (serial % EXTRA_EVERY[groups.metric] == 7)
    length = located + bare
    located = np.where(status == LOST, 0, located)
    record = np.repeat(np.arange(number.size), length)
    order = np.arange(record.size) - (np.cumsum(length) - length)[record]
    unit = np.where(order < in_first[record], first[record], second[record])
    unit = np.where(order < located[record], unit, NOWHERE)
    turn = serial[record] * 8 + order
    return Block(
        number,
        groups.year[group],
        first,
        second,
        status,
        serial,
        length,
        located,
        record,
        order,
        unit,
        turn,
        even(turn, starts[group][record]),
    )
