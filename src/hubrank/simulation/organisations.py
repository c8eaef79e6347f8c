"""Simulated organisations, and the fields they work in."""

import numpy as np

from hubrank.core.sphere import Floats, Ints
from hubrank.simulation.packaged import metric_fields
from hubrank.simulation.places import Places

COMPANIES = 12  # of a cluster, behind its leader
LEADING_FIELD = 0.4  # of a unit's records


def applicants(places: Places, unit: Ints, spot: Floats) -> Ints:
    """Return which company of its unit applies: 0 is the leader, the others by their size."""
    leader = places.leader_pct[unit] / 100
    rest = np.maximum(spot - leader, 0) / (1 - leader)
    many = np.where(unit < places.clusters, COMPANIES, 2)
    return np.where(spot < leader, 0, 1 + np.floor(rest**2 * many).astype(np.int64))


def company(places: Places, unit: int, number: int) -> str:
    """Return the name of a company; the number of its unit distinguishes cities of the same name."""
    return f"Simulated Works {unit}-{number + 1} of {places.name[unit].split('–')[0]}"


def fields(places: Places, metric: str, unit: Ints, spot: Floats) -> tuple[tuple[dict[str, str], ...], Ints]:
    """Return the fields of a metric and which of them each record has: often the leading one of its unit."""
    names = metric_fields(metric)
    other = np.floor((spot - LEADING_FIELD) / (1 - LEADING_FIELD) * len(names)).astype(np.int64)
    return names, np.where(spot < LEADING_FIELD, places.field[metric][unit], other)
