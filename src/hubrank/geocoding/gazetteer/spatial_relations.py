"""How two places, or a place and a region, lie to each other: by their rows in the gazetteer."""

from hubrank.core.sphere import near_e7
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.regions import Region


def are_near(row: int, other: int, km: float) -> bool:
    """Say whether two places are as near as stated."""
    return near_e7(*gazetteer.spot_of(row)[:2], *gazetteer.spot_of(other)[:2], km)


def lies_in(row: int, area: Region) -> bool:
    """Say whether a place or village lies in a region."""
    return area.contains(*gazetteer.home_of(row), *gazetteer.spot_of(row))
