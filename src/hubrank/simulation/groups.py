"""The kinds of records and how many there are of each: a small table from which any block of records expands.

A record lies in one unit, or is shared by two. Shared ones come in pairs with the parts swapped (two inventors in
one unit and one in the other, and the reverse), so that a unit's fractional count is a whole number, as planted.
"""

from dataclasses import dataclass

import numpy as np

from hubrank.core.sphere import Ints
from hubrank.simulation.allocation import YEARS, largest_remainder, yearly
from hubrank.simulation.places import METRICS, Places
from hubrank.simulation.stable_hash import fraction

LISTINGS_PCT = {"patents": 38, "publications": 50, "deals": 12}  # of all listings
FIRST_YEAR = {"patents": 2019, "publications": 2018, "deals": 2019}
PATTERN = {  # listings of successive records of one cluster; each cluster starts at another position
    "patents": (1, 2, 2, 3, 4, 3),
    "publications": (2, 3, 4, 3, 2, 5),
    "deals": (1, 1, 1, 1, 1, 1),
}
STEADY = {  # the same elsewhere: so even that a few records never lift a decoy over the threshold
    "patents": (2, 3, 2, 3, 2, 3),
    "publications": (3, 3, 3, 4, 3, 3),
    "deals": (1, 1, 1, 1, 1, 1),
}
SHAPES = {"patents": ((1, 1), (2, 1)), "publications": ((2, 1), (1, 1), (3, 2)), "deals": ()}
SHARED_RATE = {"patents": 0.25, "publications": 0.7, "deals": 0.0}
HUBS = 40  # the leading units, with which all others share records
SAME_ECONOMY = 3  # how much likelier a record is shared within one economy
GROWTH_PCT = 103  # of the world, from year to year
LOST_PER_MILLE = {"patents": 6, "publications": 3, "deals": 4}  # records that nothing can locate
OUT_OF_SCOPE_PER_MILLE = 8  # records of each kind that no study counts
IN_SCOPE, LOST, OTHER_KIND, WITHDRAWN, EARLIER = range(5)  # the status of a record


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Groups of like records of one metric.

    year, first, second, in_first, in_second, status, count : int64, shape (groups,). `second` is -1 where one unit has
    all listings of a record; then `in_first` is 0 and the length of a record follows PATTERN.
    serial : int64. How many records of `first` come before the group.
    planted : int64, shape (units, 6). Records in scope and located, by unit and year.
    clusters : how many of the units are clusters.
    """

    metric: str
    clusters: int
    year: Ints
    first: Ints
    second: Ints
    in_first: Ints
    in_second: Ints
    status: Ints
    count: Ints
    serial: Ints
    planted: Ints

    def lengths(self, unit: Ints, serial: Ints) -> Ints:
        """Return how many listings a record has that lies in one unit."""
        pattern, steady = (np.array(which[self.metric], np.int64) for which in (PATTERN, STEADY))
        turn = (serial + unit) % len(pattern)
        return np.asarray(np.where(unit < self.clusters, pattern[turn], steady[turn]), np.int64)

    @property
    def total(self) -> int:
        """How many records there are."""
        return int(self.count.sum())


def planted_counts(places: Places, metric: str, listings: int) -> Ints:
    """Return int64, shape (units, 6): records of each unit and year, by largest remainder of its shares."""
    pattern = PATTERN[metric]
    records = listings * LISTINGS_PCT[metric] * len(pattern) // (100 * sum(pattern))
    pace = np.array([GROWTH_PCT**k * 100 ** (YEARS - k) for k in range(YEARS)], np.float64)
    world = [int(records * pace[span].sum() / pace.sum() + 0.5) for span in (slice(0, 5), slice(1, 6))]
    m = METRICS.index(metric)
    earlier, later = (largest_remainder(places.share_ppm[:, e, m], total) for e, total in enumerate(world))
    return yearly(earlier, later)


def groups(places: Places, metric: str, listings: int, seed: int) -> Groups:
    """Divide a metric's records into groups."""
    planted = planted_counts(places, metric, listings)
    parts = [*shared(places, metric, planted, seed)]
    used = np.zeros_like(planted)
    for year, first, second, _, _, pairs in parts:
        np.add.at(used, (first, year), pairs)
        np.add.at(used, (second, year), pairs)
    parts = [*swapped(parts), alone(planted - used, IN_SCOPE), *losses(planted, metric)]
    rows = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return _ordered(metric, places.clusters, rows, planted)


Rows = tuple[Ints, ...]  # year, first, second, in_first, in_second, count; after `swapped` and `alone` also status


def shared(places: Places, metric: str, planted: Ints, seed: int) -> list[Rows]:
    """Return year, first, second, in_first, in_second and how many pairs of records two clusters share."""
    count = places.clusters
    hub, other = (a.ravel() for a in np.meshgrid(np.arange(min(HUBS, count)), np.arange(count), indexing="ij"))
    hub, other = hub[hub < other], other[hub < other]
    economy = np.array([names.split("/")[0] for names in places.economies[:count]])
    affinity = np.where(economy[hub] == economy[other], SAME_ECONOMY, 1) * SHARED_RATE[metric]
    parts: list[Rows] = []
    for year in range(YEARS):
        column = planted[:, year]
        expected = affinity * column[hub] * column[other] / max(1, int(column.sum()))
        pairs = np.floor(expected + fraction(hub * 1009 + other * 31 + year, seed)).astype(np.int64)
        pairs = affordable(pairs, hub, other, column)
        parts += [
            (np.full(at.size, year), hub[at], other[at], h, t, pairs[at])
            for at, h, t in shapes(metric, pairs, hub + other)
        ]
    return parts


def shapes(metric: str, pairs: Ints, key: Ints) -> list[Rows]:
    """Choose for each pair of clusters how many listings each has in a shared record."""
    kinds = SHAPES[metric]
    rows = [np.flatnonzero((pairs > 0) & (key % len(kinds) == k)) for k in range(len(kinds))]
    return [(at, np.full(at.size, h), np.full(at.size, t)) for at, (h, t) in zip(rows, kinds, strict=True)]


def affordable(pairs: Ints, hub: Ints, other: Ints, records: Ints) -> Ints:
    """Drop pairs that would leave a unit with fewer than half of its records in itself alone."""
    used = np.bincount(hub, pairs, len(records)) + np.bincount(other, pairs, len(records))
    overdrawn = used > records // 2
    return np.where(overdrawn[hub] | overdrawn[other], 0, pairs)


def swapped(parts: list[Rows]) -> list[Rows]:
    """Return each shared group twice: as it is, and with its parts swapped."""
    rows: list[Rows] = []
    for year, first, second, in_first, in_second, pairs in parts:
        status = np.full(year.size, IN_SCOPE)
        rows += [
            (year, first, second, in_first, in_second, status, pairs),
            (year, first, second, in_second, in_first, status, pairs),
        ]
    return rows


def alone(records: Ints, status: int) -> Rows:
    """Return the groups of records that lie in one unit."""
    unit, year = np.nonzero(records)
    zero = np.zeros_like(unit)
    return year, unit, zero - 1, zero, zero, zero + status, records[unit, year]


def losses(planted: Ints, metric: str) -> list[Rows]:
    """Return records that are read and not counted, distributed over the units as their records are."""
    total = int(planted.sum())
    kinds = [
        (LOST, LOST_PER_MILLE[metric]),
        *((status, OUT_OF_SCOPE_PER_MILLE) for status in (OTHER_KIND, WITHDRAWN, EARLIER)),
    ]
    rows = []
    for status, rate in kinds:
        flat = largest_remainder(planted.ravel(), total * rate // 1000)
        rows.append(alone(flat.reshape(planted.shape), status))
    return rows


def _ordered(metric: str, clusters: int, rows: list[Ints], planted: Ints) -> Groups:
    """Sort by first unit, and number the records of each."""
    year, first, second, in_first, in_second, status, count = rows
    order = np.lexsort((in_second, in_first, second, status, year, first))
    year, first, second, in_first, in_second, status, count = (
        row[order] for row in (year, first, second, in_first, in_second, status, count)
    )
    before = np.cumsum(count) - count
    start = np.searchsorted(first, first, side="left")
    return Groups(
        metric, clusters, year, first, second, in_first, in_second, status, count, before - before[start], planted
    )
