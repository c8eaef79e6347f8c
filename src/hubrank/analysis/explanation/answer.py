"""What is known about one spot."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class RankingEntry:
    """A cluster, as the ranking has it."""

    cluster_id: str
    name: str
    economies: str
    rank: int


@dataclass(frozen=True, slots=True)
class Core:
    """A core site: its coordinates in degrees, the town nearest to it, its distance, the listings around it."""

    lat: Decimal
    lon: Decimal
    near: str
    distance_km: float
    density_listings: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Under which choices a spot is in a cluster.

    threshold_listings : up to this threshold, at the radius of the study; None: under none.
    threshold_ppm : the same as the study states it, where that is a share of all listings.
    radius_km : from this radius on, at the threshold of the edition, among whole km from 1 to 100; None: under none.
    """

    threshold_listings: int | None
    threshold_ppm: int | None
    radius_km: int | None


@dataclass(frozen=True, slots=True)
class PlacePart:
    """What was located at a place, of one metric.

    label : what the metric is called. listings, count : those of the place in its cluster, records in parts.
    share_pct : of what the cluster has; None where it has nothing.
    """

    metric: str
    label: str
    listings: int
    count: Decimal
    share_pct: Decimal | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a spot is in a cluster, or in none.

    place, lat, lon : what was asked for, and the rounded coordinates at which a listing there is counted.
    namesakes : other places of the same name.
    site_listings : listings at that very spot, of all metrics.
    density_listings, threshold_listings, radius_km : listings around it that make density, against what is needed.
    role : "core", "border", "area", or None where the spot is in no cluster.
    cluster : the cluster, or None. core : the nearest core, which is the spot itself where role is "core".
    nearest, nearest_gap_km : the nearest cluster, and how far away its nearest site lies.
    limits : what would put the spot into a cluster, or out of its own.
    geonames_id : of the place; None for coordinates. parts : what was located at it, of each metric of its cluster.
    query : the name that was given, where the place is not called so itself.
    ranks_areas : whether the cluster is an area that holds the spot, whatever its density: role is "area" there.
    """

    place: str
    lat: Decimal
    lon: Decimal
    namesakes: tuple[str, ...]
    site_listings: int
    density_listings: int
    threshold_listings: int
    radius_km: float
    role: str | None
    cluster: RankingEntry | None
    core: Core | None
    nearest: RankingEntry | None
    nearest_gap_km: float | None
    limits: Limits
    ranks_areas: bool = False
    note: str = ""
    query: str = ""
    geonames_id: int | None = None
    parts: tuple[PlacePart, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        return {key: _plain(value) for key, value in asdict(self).items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 (any JSON)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value
