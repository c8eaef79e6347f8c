"""A candidate: one place where an address may be, and what speaks for and against it."""

from dataclasses import dataclass, field

from hubrank.core.sphere import near_e7, plane_km
from hubrank.geocoding.evidence.likeness import LIKE

INSIDE, OUTSIDE = "region: inside", "region: outside"  # features of places found by a name, where a region is stated
REGION_BEHIND = "text: a region's name behind other words"  # feature of places called like that region
TOWN_BEFORE = f"{REGION_BEHIND}, a town in it before"
CODED = "text: country by a code or region"  # feature of places in one of the economies that these leave open
BY_ID = "institution: id"  # feature of the seat of an organisation that an id names


@dataclass(slots=True)
class Candidate:
    """One place for an address.

    lat_e7, lon_e7 : 1e-7 degree.
    row : of the place in the index of places, -1 where the candidate is no place of it.
    source : the kind of evidence that raised it: coordinates, institutions, names or text.
    features : what speaks for or against it, in the words for which the model has coefficients. The first three of a
        place found by a name: what was read and how, the kind of its name, whether it lies in the stated region.
    group : the kind of name, within which inhabitants and organisations count alike.
    at_most : the greatest probability that it is given.
    register_row : of the organisation of which it is the seat, -1 where it is a place.
    word_at : the first word, among those of its text, of the name by which a seat was found; -1 where it was not.
    binds : whether it is the town that the address states, which stands for all that is near it.
    people, organisations, size : log10 of inhabitants + 300, of 1 + registered organisations, and of both together.
    """

    lat_e7: int
    lon_e7: int
    row: int
    source: str
    precision: str
    economy: str
    geonames_id: int
    group: str
    features: list[str] = field(default_factory=list)
    people: float = 0.0
    organisations: float = 0.0
    size: float = 0.0
    at_most: float = 1.0
    register_row: int = -1
    word_at: int = -1
    binds: bool = False

    @property
    def name_kind(self) -> str:
        """How the name by which a place was found is its name."""
        return self.features[1]

    @property
    def in_region(self) -> bool:
        """Whether a place found by a name lies in the stated region; no where none is stated."""
        return self.features[2] == INSIDE

    @property
    def outside_region(self) -> bool:
        """Whether a place found by a name lies outside of the stated region; no where none is stated."""
        return self.features[2] == OUTSIDE

    @property
    def is_similar(self) -> bool:
        """Whether it is the seat of an organisation whose name only shares words with a text."""
        return self.group == "institution" and self.features[0].startswith(LIKE)


def distance_km(a: Candidate, b: Candidate) -> float:
    """Return how far two candidates are apart, as on a plane: right to a percent below a few hundred kilometres."""
    return plane_km(a.lat_e7, a.lon_e7, b.lat_e7, b.lon_e7)


def near(a: Candidate, b: Candidate) -> bool:
    """Say whether two candidates are one place."""
    return near_e7(a.lat_e7, a.lon_e7, b.lat_e7, b.lon_e7)
