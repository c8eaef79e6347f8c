"""Which spot a reader means: "48.85, 2.35", or a place by its name."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import numpy as np
import pyarrow as pa

from hubrank import geocoding
from hubrank.analysis.explanation.scene import Scene
from hubrank.core import countries
from hubrank.core.errors import StudyError
from hubrank.core.sphere import DATE_LINE_E7, E7, POLE_E7, Floats, Ints, unit_vectors
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding import explain_address
from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.names import OWN_NAME
from hubrank.geocoding.gazetteer import city_names, gazetteer, place_labels
from hubrank.geocoding.gazetteer.nearest import nearest_places
from hubrank.geocoding.gazetteer.place_index import middles
from hubrank.geocoding.resolver import Resolver
from hubrank.geocoding.text.normalise import key
from hubrank.study.sections import Geocoding

_NUMBER = r"([+-]?\d+(?:\.\d*)?)"
_COORDINATES = re.compile(rf"\s*{_NUMBER}\s*[,;\s]\s*{_NUMBER}\s*")
_WITH_COMMAS = re.compile(r"\s*([+-]?\d+,\d+)(?:\s*[;\s]\s*|,\s+)([+-]?\d+,\d+)\s*")  # decimals of much of the world
_LIKELY = 0.1  # from which probability a place is named where none is likely enough
_AS_SHOWN = re.compile(r"\((-?\d+\.\d+), (-?\d+\.\d+)\)$")  # behind a place that its region has twice
_NAMESAKES = 3  # named in the answer
_PRIMARY, _OTHER = 10, 3  # how much a place's own name counts against one of its other names: as in a run


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to look. `namesakes` are other places of the name that was given; `geonames_id` is that of the place."""

    name: str
    lat_e7: int
    lon_e7: int
    namesakes: tuple[str, ...] = ()
    geonames_id: int | None = None


def find(text: str, scene: Scene) -> Spot:
    """Return the spot that a text means; of several places of one name the one with most listings near it.

    scene : the sites of the edition that is asked.
    Raises StudyError where the text names no place, or coordinates that are nowhere.
    """
    if numbers := _position(text):
        return _coordinates(numbers[1], numbers[2], text)
    alone = None if "," in text else _namesakes(text, scene)
    return alone or _located(text, scene)


def _position(text: str) -> re.Match[str] | None:
    """Return latitude and longitude of a text that states a position."""
    return _COORDINATES.fullmatch(text) or _COORDINATES.fullmatch(_with_points(text)) or _AS_SHOWN.search(text)


def _with_points(text: str) -> str:
    """Return a position whose decimals have commas with points; any other text as it is."""
    numbers = _WITH_COMMAS.fullmatch(text)
    return " ".join(numbers.groups()).replace(",", ".") if numbers else text


def place_name(row: int, language: str) -> str:
    """Return what a study calls a place of the gazetteer: "Princeton, NJ, United States", "Kowloon, Hong Kong"."""
    return place_labels.place_name(int(gazetteer.places().geonames_id[row]), countries.name, language)


def places_named(text: str) -> dict[int, bool]:
    """Return the rows of all places with a name, and whether each is called so itself."""
    named = gazetteer.names().rows(key(text))
    places = len(gazetteer.places().name)  # villages follow
    return {row: kind == gazetteer.PRIMARY for row, kind in named if row < places}


def other_name(text: str) -> str:
    """Return a text where no place is called so itself, as with a former name or with words of an organisation."""
    first = text.partition(",")[0]
    return "" if _position(text) or any(places_named(first).values()) else text


def _coordinates(lat: str, lon: str, text: str) -> Spot:
    lat_e7, lon_e7 = (int((Decimal(number) * E7).to_integral_value()) for number in (lat, lon))
    if abs(lat_e7) > POLE_E7 or abs(lon_e7) > DATE_LINE_E7:
        raise StudyError(
            f"{text!r} is not a position on Earth; give latitude (-90 to 90), then longitude (-180 to 180)."
        )
    return Spot(f"{lat}, {lon}", lat_e7, lon_e7)


def _namesakes(text: str, scene: Scene) -> Spot | None:
    """Return the place of a name that stands alone; None where no place is called so."""
    primary = places_named(text)
    return _busiest(primary, scene) if primary else None


def _busiest(primary: dict[int, bool], scene: Scene) -> Spot:
    """Return the place with most listings near it: of rows of places, and whether each is called so itself."""
    places = gazetteer.places()
    lat_e7, lon_e7 = _addresses()
    vectors = dict(zip(primary, unit_vectors(lat_e7[[*primary]], lon_e7[[*primary]]), strict=True))

    def weighed(row: int, near: Callable[[Floats], int]) -> tuple[int, int, int]:
        """Return what sorts places by what is near, then by population."""
        return -near(vectors[row]) * (_PRIMARY if primary[row] else _OTHER), -int(places.population[row]), row

    first = min(primary, key=lambda row: weighed(row, scene.closeness))
    rest = sorted(primary.keys() - {first}, key=lambda row: weighed(row, scene.density))
    language = scene.study.naming.language
    name = place_name(first, language)
    names = dict.fromkeys(place_name(row, language) for row in rest if primary[row])
    others = tuple(other for other in names if other != name)[:_NAMESAKES]
    return Spot(name, int(lat_e7[first]), int(lon_e7[first]), others, int(places.geonames_id[first]))


@cache
def _addresses() -> tuple[Ints, Ints]:
    """Return where an address of each place is counted, which in a wide city is not its centre."""
    return middles(gazetteer.places())


def _located(text: str, scene: Scene) -> Spot:
    """Return the place that a longer text names, as the resolver of a run would find it.

    Of several that none is likely enough of, the one with most listings near it.
    """
    resolver = geocoding.resolver_for(geocoding.Settings(geocoding=Geocoding(use=["names"])))
    addresses: list[dict[str, str | None]] = [{"address": text}]
    first, *rest = (part.strip() for part in text.split(","))
    if rest and countries.find_stated(rest[-1]):  # of two places in a state that with most listings is meant
        addresses.append({"city": first, "region": rest[0] if len(rest) > 1 else None, "country": rest[-1]})
    table = pa.Table.from_pylist(addresses, ADDRESS_SCHEMA)
    for answer in resolver.locate(table).to_pylist():
        row = gazetteer.places().row(answer["gazetteer_id"]) if answer["precision"] == "city" else None
        if row is not None:  # a village stands where it is, under the name of the nearest place
            name, number = place_name(row, scene.study.naming.language), answer["gazetteer_id"]
            return Spot(name, answer["lat_e7"], answer["lon_e7"], geonames_id=number)
    judged = (one.candidate for at in range(len(addresses)) for one in resolver.verdict(table.slice(at, 1)).judged)
    several = [c for c in judged if _has_own_name(c)]
    if several:
        return _busiest({c.row: True for c in [c for c in several if c.in_region] or several}, scene)
    if likely := _likely(text, resolver):
        raise StudyError(f"{text!r} may be {likely}: give the coordinates of the one that is meant.")
    if economy := countries.find(text):
        raise StudyError(f"{text!r} is an economy ({economy}); name a place in it, or give coordinates.")
    raise StudyError(
        f"{text!r} is not a place in the gazetteer. Add a country or region (Princeton, NJ), name the city of a "
        f"quarter (Nowa Huta, Kraków), or give coordinates: latitude, longitude."
    )


def _likely(text: str, resolver: Resolver) -> str:
    """Return the places that a text may mean, with probability and position; "" where it is not one of several."""
    judged = explain_address.explain({"address": text}, resolver)
    places = [
        f"{one.place} ({100 * one.probability:.0f} %, at {one.lat_e7 / E7:.4f},{one.lon_e7 / E7:.4f})"
        for one in judged
        if one.probability >= _LIKELY
    ]
    return " or ".join(places) if len(places) > 1 else ""


def _has_own_name(place: Candidate) -> bool:
    """Say whether a candidate is a place of the gazetteer that a text names by its own name, in the stated region."""
    in_whole = place.group in ("text", "column") and place.name_kind == OWN_NAME and not place.outside_region
    return in_whole and place.row < len(gazetteer.places().name)


def nearest_name(lat_e7: int, lon_e7: int, language: str) -> str:
    """Return what a study calls the place nearest to a coordinate."""
    row, _ = nearest_places(np.array([lat_e7]), np.array([lon_e7]))
    places = gazetteer.places()
    return city_names.name_in(int(places.geonames_id[row[0]]), places.name[int(row[0])], language)
