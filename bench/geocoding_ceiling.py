"""How much of a truth set could be located with these places: `python bench/geocoding.py --ceiling`.

A row is within reach where any place in the stated country that is called so, by whatever name of it, lies within 15 km
of the truth: the right one of all homonyms, which nobody could pick without more than the row says. The others are
counted by what stands in the way; a larger gazetteer would help against one of these only, that no place is called so.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from hubrank.core import countries
from hubrank.core.sphere import distance_km, to_e7
from hubrank.geocoding.evidence import coordinates
from hubrank.geocoding.gazetteer import gazetteer, organisations, place_index, regions
from hubrank.geocoding.gazetteer.name_variants import variants
from hubrank.geocoding.gazetteer.nearest import nearest_places
from hubrank.geocoding.gazetteer.place_lookup import PlaceNames
from hubrank.geocoding.text.normalise import key

RIGHT_KM, ABROAD_KM = 15, 50
_PARTED = re.compile(r"[,(/;|)]")
_CODE = 3  # letters of the longest code of a country
BLANK, MIDDLE, ABROAD, COARSE, UNKNOWN, FAR = (
    "city or truth blank",
    "truth at the middle of a country",
    "truth in another country",
    "country or region for a city",
    "no place called so",
    "each place called so farther",
)


def place_names(register: Path) -> PlaceNames:
    """Return the names of all places, those that a register adds included."""
    places, villages, names = gazetteer.places(), gazetteer.villages(), gazetteer.names()
    return PlaceNames(names, place_index.with_register(places, villages, names, organisations.load((register,))))


def _places_named(names: PlaceNames, city: str, economies: tuple[str, ...]) -> Iterator[int]:
    """Yield the row of every place in the economies that a text, or a part of it, may name."""
    for text in (city, *_PARTED.split(city)):
        for name in (key(text), *(name for name, _ in variants(text, economies[0] if economies else ""))):
            yield from (row for row, _ in names.rows(name) if names.table.economy[row] in economies)


def _gap_km(names: PlaceNames, rows: set[int], lat_e7: int, lon_e7: int) -> float:
    """Return how near the nearest of some places is, infinite where there are none."""
    spots = np.array([names.spot(row) for row in rows], np.int64).reshape(-1, 2)
    there = np.full(len(rows), lat_e7), np.full(len(rows), lon_e7)
    return float(distance_km(spots[:, 0], spots[:, 1], *there).min(initial=math.inf))


def _abroad(economies: tuple[str, ...], lat_e7: np.ndarray, lon_e7: np.ndarray) -> bool:
    """Say whether the nearest place to a truth is another country's, or far away."""
    row, gap = nearest_places(lat_e7, lon_e7)
    return gazetteer.places().economy[row[0]] not in economies or gap[0] > ABROAD_KM


def _coarse(city: str, economy: str) -> bool:
    """Say whether a country or a first-level region stands where a city should."""
    matches = regions.find(city, economy)
    return len(city) > _CODE and bool(countries.find(city) or (matches and not matches[0].admin2))


def obstacle(names: PlaceNames, city: str, country: str, lat: float, lon: float) -> str:
    """Return what keeps a row from being located right, "" where nothing does."""
    if not city or not math.isfinite(lat):
        return BLANK
    economy = countries.find(country) or ""
    economies = countries.family(economy)
    lat_e7, lon_e7 = to_e7(np.array([lat])), to_e7(np.array([lon]))
    rows = set(_places_named(names, city, economies))
    if _gap_km(names, rows, int(lat_e7[0]), int(lon_e7[0])) <= RIGHT_KM:
        return ""
    if not coordinates.usable(lat_e7, lon_e7)[0]:
        return MIDDLE
    if _abroad(economies, lat_e7, lon_e7):
        return ABROAD
    if _coarse(city, economy):
        return COARSE
    return FAR if rows else UNKNOWN


def shares(register: Path, rows: Iterable[tuple[str, str, float, float]], right: Iterable[bool]) -> dict[str, float]:
    """Return the share of rows (city, country, latitude, longitude) within reach, and of each obstacle to the others.

    right : whether a row is located right already, by whatever name. What is right of answers is at most what can be
    right where coarse, blank and unknown cities alone are refused: nothing in the row tells the other obstacles.
    """
    names = place_names(register)
    obstacles = Counter("" if good else obstacle(names, *row) for row, good in zip(rows, right, strict=True))
    count = obstacles.total()
    answerable = count - obstacles[BLANK] - obstacles[COARSE] - obstacles[UNKNOWN]
    reach = {"right at most": obstacles[""] / count, "of answers at most": obstacles[""] / max(answerable, 1)}
    return reach | {why: obstacles[why] / count for why in (BLANK, MIDDLE, ABROAD, COARSE, UNKNOWN, FAR)}
