"""Clusters of which only a part of the people of their cities live on the ground (METHOD 9)."""

from collections.abc import Mapping
from typing import Any


def counts_a_part(row: Mapping[str, Any]) -> bool:
    """Return whether the people on the ground of a cluster are less than half of those of its cities.

    What is known of a record by its city alone lies at the centre of it, and half a radius around that is not all of a
    large city: all records of São Paulo would be divided by the people of its centre. row : of the ranking.
    """
    people, cities = row.get("population"), row.get("city_people")
    return people is not None and cities is not None and 2 * people < cities
