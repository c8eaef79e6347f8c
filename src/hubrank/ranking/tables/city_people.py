"""Clusters of which only a part of the people of their cities live on the ground (METHOD 9)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

# A third, as it is rounded: without them density is 2/3, as under the highest threshold that variants try, × 3/2.
LEAST_AT_CENTRES_PCT = Decimal("33.333333")


def counts_a_part(row: Mapping[str, Any]) -> bool:
    """Return whether the people on the ground of a cluster may be too few, as its listings state no more than a city.

    What is known of a record by its city alone lies at the centre of it, and half a radius around that is not all of a
    large city: all records of São Paulo would be divided by the people of its centre. Where listings lie at their own
    places, ground that has none of them is no part of the cluster. row : of the ranking.
    """
    people, cities, at_centres = (row.get(name) for name in ("population", "city_people", "at_city_centres_pct"))
    if people is None or cities is None or at_centres is None:
        return False
    return bool(2 * people < cities and at_centres >= LEAST_AT_CENTRES_PCT)
