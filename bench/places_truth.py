"""Where the affiliations of the shared folder are: the city that a text states, else the seat of its organisation.

The city is read here by a rule of its own, so that the resolver is not measured against itself: from the right, the
first segment that is in whole the name of a place in the stated country. Where such a city and the seat lie more than
15 km apart the string was read, and `affiliations_settled.csv` says what it states. So were all strings of the logs in
which the rule sees no city, and those of Springer that have a seat only: where two readers, who saw neither each
other's judgements nor any answer, or a third who settled the rest, are sure of a city, or of an organisation of the
register that nobody had labelled, that is the truth.
"""

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hubrank.core import countries
from hubrank.core.sphere import distance_km, to_e7
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key, plain

RIGHT_KM = 15
SETTLED = Path(__file__).with_name("affiliations_settled.csv")
_MARKS = re.compile(r"[,;|()\[\]/]+|\s[-–—]\s")
_POST = re.compile(r"\b[A-Z]{0,2}-?\d[\d-]*\w*\b|\b\d[A-Z]{2}\b", re.IGNORECASE)
_SIGNS = frozenset(vocabulary.words("organisation", "signs"))
_LARGE = 300_000
_SHORTEST = 3  # letters of a city's name that is believed


@dataclass(frozen=True)
class Affiliation:
    """A string, the ids of its organisations, and where it is (degrees; None where neither city nor seat is known).

    how : city, seat, agreed, settled, conflict (not settled yet), none.
    """

    text: str
    ror: tuple[str, ...]
    lat: float | None
    lon: float | None
    how: str


def digest(text: str) -> str:
    """Return what stands for a text in the tables of judgements."""
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def seats(register: Path) -> dict[str, tuple[float, float]]:
    """Return where the organisations of a ROR dump have their seats, by bare id."""
    seat_of = {}
    with gzip.open(register, "rt", encoding="utf-8") as file:
        for r in map(json.loads, file):
            if "locations" in r:
                spots = [(p["geonames_details"]["lat"], p["geonames_details"]["lng"]) for p in r["locations"][:1]]
            else:
                spots = [(p["lat"], p["lng"]) for p in r["addresses"][:1]]
            if spots and spots[0][0] is not None:
                seat_of[r["id"].rpartition("/")[2]] = spots[0]
    return seat_of


def _segments(text: str) -> list[str]:
    segments = [" ".join(_POST.sub(" ", part).strip(" .-").split()) for part in _MARKS.split(text.partition(";")[0])]
    return [part for part in segments if part]


def _country(segments: list[str]) -> tuple[list[str], str]:
    """Take the country off the end; "" where there is none."""
    if not segments:
        return segments, ""
    last = segments[-1]
    if (len(last) > 3 or last in {"UK", "USA", "PRC", "UAE"}) and last != "Georgia" and (code := countries.find(last)):
        return segments[:-1], code
    parts = last.split()
    for size in (4, 3, 2, 1):
        tail = " ".join(parts[-size:])
        if len(parts) > size and len(tail) > 3 and tail != "Georgia" and (code := countries.find(tail)):
            return [*segments[:-1], " ".join(parts[:-size])], code
    return segments, ""


def stated_city(text: str) -> list[int]:
    """Return the rows of the places of one name that a text may state as its city, in its country and region."""
    segments, economy = _country(_segments(text))
    if not economy:
        return []
    names, places = gazetteer.names(), gazetteer.places()
    family = countries.family(economy)
    stated_areas: list = []
    for at in range(len(segments) - 1, 0, -1):  # the first segment is an organisation's
        segment = segments[at]
        areas = regions.find(segment, economy)
        rows = [
            r
            for r, kind in names.rows(key(segment))
            if r < len(places.name) and kind <= 1 and places.economy[r] in family
        ]
        if any(not a.admin2 for a in areas):  # a region's name is a city's where that city lies in it, or is large
            inside = [r for r in rows if any(places.admin1[r] == a.admin1 for a in areas)]
            rows = [r for r in rows if r in inside or places.population[r] >= _LARGE]
        if len(segment) < _SHORTEST or not _SIGNS.isdisjoint(plain(segment).split()) or (areas and not rows):
            stated_areas = stated_areas or list(areas)
            continue
        if areas and at > 1 and any(not a.admin2 for a in areas) and _is_city(segments[at - 1], family):
            stated_areas = stated_areas or list(areas)
            continue
        inside = [r for r in rows if any(places.admin1[r] == a.admin1 for a in stated_areas)]
        if rows:
            return sorted(inside or rows, key=lambda r: -int(places.population[r]))
    return []


def _is_city(segment: str, family: tuple[str, ...]) -> bool:
    names, places = gazetteer.names(), gazetteer.places()
    plain_city = _SIGNS.isdisjoint(plain(segment).split()) and len(segment) >= _SHORTEST
    return plain_city and any(
        r < len(places.name) and kind <= 1 and places.economy[r] in family for r, kind in names.rows(key(segment))
    )


def _spot(row: int) -> tuple[float, float]:
    places = gazetteer.places()
    return int(places.lat_e7[row]) / 1e7, int(places.lon_e7[row]) / 1e7


def gap_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return how far two places (degrees) are apart."""
    sides = [to_e7(np.array([v])) for v in (*a, *b)]
    return float(distance_km(*sides)[0])


def _settled() -> dict[str, str]:
    if not SETTLED.exists():
        return {}
    with SETTLED.open(encoding="utf-8") as file:
        return {row["hash"]: row["geonames_id"] for row in csv.DictReader(file)}


def read(path: Path, seat_of: dict[str, tuple[float, float]]) -> Iterator[Affiliation]:
    """Yield the distinct strings of a file with where they are."""
    settled = _settled()
    with path.open(encoding="utf-8-sig") as file:
        rows = {r["affiliation"]: r["ror_ids"] for r in csv.DictReader(file)}
    for text, ids in rows.items():
        ror = tuple(part.rpartition("/")[2] for part in re.split(r"[;|,\s]+", ids) if part)
        at = [seat_of[number] for number in ror if number in seat_of]
        yield Affiliation(text, ror, *_where(text, at, settled))


def _where(text: str, at: list[tuple[float, float]], settled: dict[str, str]) -> tuple[float | None, float | None, str]:
    number = settled.get(digest(text))
    if number is not None:
        row = gazetteer.places().row(int(number)) if number else None
        return (*_spot(row), "settled") if row is not None else (None, None, "none")
    cities = stated_city(text)
    for row in cities:
        if any(gap_km(_spot(row), seat) <= RIGHT_KM for seat in at):
            return (*_spot(row), "agreed")
    if cities and at:
        return None, None, "conflict"
    if cities:
        return (*_spot(cities[0]), "city")
    return (*at[0], "seat") if at else (None, None, "none")
