"""Simulated organisations, and the fields they work in."""

from functools import lru_cache

import numpy as np

from hubrank.simulation.mixing import hashed
from hubrank.simulation.places import Places, packaged
from hubrank.sphere import Floats, Ints

COMPANIES = 12  # of a cluster, behind its leader
LEADING_FIELD = 0.4  # of a unit's records


def applicants(places: Places, unit: Ints, spot: Floats) -> Ints:
    """Return which company of its unit applies: 0 is the leader, the others by their size."""
    leader = places.leader_pct[unit] / 100
    rest = np.maximum(spot - leader, 0) / (1 - leader)
    many = np.where(unit < places.clusters, COMPANIES, 2)
    return np.where(spot < leader, 0, 1 + np.floor(rest**2 * many).astype(np.int64))


def company(places: Places, unit: int, number: int) -> str:
    """Return the name of a company."""
    return f"Simulated Works {number + 1} of {places.name[unit].split('–')[0]}"


@lru_cache
def known_fields(metric: str) -> tuple[dict[str, str], ...]:
    """Return the fields of a metric: id, name, sector."""
    return tuple(row for row in packaged("fields.csv") if row["kind"] == metric)


def fields(places: Places, metric: str, unit: Ints, spot: Floats, seed: int) -> tuple[tuple[dict[str, str], ...], Ints]:
    """Return the fields of a metric and which of them each record has: often the leading one of its unit."""
    known = known_fields(metric)
    place = {row["name"]: i for i, row in enumerate(known)}
    any_field = (hashed(np.arange(places.units), seed + 9) % np.uint64(len(known))).astype(np.int64)
    leading = np.array([place.get(name, int(other)) for name, other in zip(places.field[metric], any_field, strict=True)])
    other = np.floor((spot - LEADING_FIELD) / (1 - LEADING_FIELD) * len(known)).astype(np.int64)
    return known, np.where(spot < LEADING_FIELD, leading[unit], other)
