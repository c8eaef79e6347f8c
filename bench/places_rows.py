"""The rows on which the resolver is trained (half A) and measured (half B): addresses and where they are."""

import csv
import gzip
import itertools
import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import geocoding as bench
import places_truth
from forms import in_short
from hubrank.core import countries
from hubrank.core.sphere import EARTH_RADIUS_KM, to_e7
from hubrank.core.tables import Geocoder
from hubrank.geocoding.evidence.segments import segment
from hubrank.geocoding.gazetteer import gazetteer, organisations, regions, registers
from hubrank.geocoding.gazetteer.nearest import nearest_places
from hubrank.geocoding.text.affiliations import split
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.stated_countries import STATES_OF

DISTRICT = {"DC": "District of Columbia"}
KM_PER_DEGREE = math.radians(EARTH_RADIUS_KM)
WITH_COORDINATES, WORDS, CODED = 9_000, 4_000, 8_000
SMALL_TOWN = 5_000  # inhabitants
SHARE_OF_IDS, SHARE_WITH_CITY, SHARE_WITH_COUNTRY, SHARE_CUT = 0.05, 0.06, 0.7, 0.2
SHARE_OF_NAMES = {organisations.LABEL: 0.2, organisations.ALIAS: 0.3, organisations.ACRONYM: 0.7}  # that are taken


@dataclass(frozen=True)
class Row:
    """One distinct address, where it is (degrees; None where it should not be located), and how many rows it is.

    part : what the half is decided by, as in bench/geocoding.py.
    rate : how much it counts in training beside other rows of its file.
    """

    file: str
    address: dict[str, Any]
    lat: float | None
    lon: float | None
    part: str
    count: int = 1
    rate: float = 1.0

    @property
    def half(self) -> str:
        return bench.half(self.part)


def distinct(rows: Iterable[Row]) -> list[Row]:
    """Return rows once each, counted."""
    counted: dict[str, Row] = {}
    for row in rows:
        name = json.dumps([row.address, row.lat, row.lon], sort_keys=True)
        old = counted.get(name)
        counted[name] = row if old is None else replace(row, count=old.count + 1)
    return list(counted.values())


def columns(file: str, rows: Iterator[bench.Row]) -> list[Row]:
    """Return the rows of a file with a city and a country."""
    return distinct(Row(file, r.address, r.lat, r.lon, r.address["city"]) for r in rows if math.isfinite(r.lat))


def companies() -> list[tuple[str, str]]:
    """Return the distinct cities and states of the companies and funding rounds of the United States."""
    pairs: dict[tuple[str, str], None] = {}
    for name, city, state in (("companies", "city", "state_code"), ("rounds", "company_city", "company_state_code")):
        path = bench.SHARED / f"deals/crunchbase-2013-10/crunchbase-{name}.csv"
        lines = path.read_bytes().decode("mac_roman").replace("\r\n", "\n").replace("\r", "\n").splitlines()
        for r in csv.DictReader(lines):
            if r.get(city) and re.fullmatch("[A-Z]{2}", r.get(state) or ""):
                pairs[r[city].strip(), r[state]] = None
    return list(pairs)


def _answers(addresses: list[dict[str, Any]], resolver: Geocoder) -> list[tuple[float, float] | None]:
    answers, _ = bench.locate(addresses, resolver)
    pairs = zip(answers["lat_e7"].to_pylist(), answers["lon_e7"].to_pylist(), strict=True)
    return [None if lat is None else (lat / 1e7, lon / 1e7) for lat, lon in pairs]


def american_texts(resolver: Geocoder) -> list[Row]:
    """Return American places as one text; the truth is the answer to the same row in columns."""
    names = {r.iso: r.name for r, _ in regions.table() if r.economy == "US" and not r.admin2 and r.iso} | DISTRICT
    rows = []
    pairs = companies()
    stated = [{"city": city, "region": state, "country": "USA"} for city, state in pairs]
    for (city, state), address, spot in zip(pairs, stated, _answers(stated, resolver), strict=True):
        if spot:
            rows.append(Row("columns-us", address, *spot, city))
            texts = f"{city}, {state}, USA", f"{city}, {state}", f"{city}, {names[state]}, United States"
            for file, text in zip(("text-us", "text-us-short", "text-us-long"), texts, strict=True):
                rows.append(Row(file, {"address": text}, *spot, city))
    cities = sorted({row.address["city"].strip() for row in bench.offices() if row.address["country"] == "USA"} - {""})
    bare = [{"city": city, "country": "USA"} for city in cities]
    for city, spot in zip(cities, _answers(bare, resolver), strict=True):
        if spot:
            rows.append(Row("text-us-offices", {"address": f"{city}, USA"}, *spot, city))
    return rows


def state_codes() -> list[Row]:
    """Return a sample of towns with the two letters of their state or province, of any country, and no country."""
    places = gazetteer.places()
    coded = {
        (region.economy, region.admin1, region.iso)
        for many in regions.by_code().values()
        for region in many
        if not region.admin2
    }
    codes = {(economy, admin1): iso for economy, admin1, iso in sorted(coded)}
    homes = zip(places.economy, places.admin1, strict=True)
    towns = [row for row, home in enumerate(homes) if home in codes and places.population[row] >= SMALL_TOWN]
    forms = "{}, {}", "General Hospital, {}, {}", "Faculty of Physics, {} {}"
    rows = []
    for number, row in enumerate(random.Random(5).sample(towns, CODED)):
        code = codes[places.economy[row], places.admin1[row]]
        text = {"institution": forms[number % len(forms)].format(places.name[row], code)}
        spot = places.lat_e7[row] / 1e7, places.lon_e7[row] / 1e7
        file = "state-codes-us" if places.economy[row] in STATES_OF else "state-codes-abroad"
        rows.append(Row(file, text, *spot, places.name[row]))
    return rows


def misspelt(resolver: Geocoder) -> list[Row]:
    """Return misspelt cities; the truth is the answer to the corrected row."""
    pairs = list(bench.typos())
    spots = _answers([right for _, right in pairs], resolver)
    zipped = zip(pairs, spots, strict=True)
    return distinct(Row("typos", wrong, *spot, right["city"]) for (wrong, right), spot in zipped if spot)


def abroad_texts() -> list[Row]:
    """Return cities abroad as one text, with the name of their country."""
    texts = []
    for row in columns("text-abroad", bench.totals(us=False)):
        economy = countries.find(row.address["country"])
        text = f"{row.address['city']}, {countries.name(economy) if economy else row.address['country']}"
        texts.append(replace(row, address={"address": text}))
    return texts


def affiliations(name: str) -> list[Row]:
    """Return the affiliations of a file that state a city or whose organisation has a known seat, and the others."""
    strings = places_truth.read(bench.SHARED / f"affiliations/{name}-half.csv", places_truth.seats(bench.ROR))
    kind = {"none": "unknown"}
    return [
        Row(
            f"{name}-{kind.get(a.how, a.how)}{'' if a.ror else '-unregistered'}",
            {"institution": a.text},
            a.lat,
            a.lon,
            a.text,
        )
        for a in strings
    ]


def without_country(rows: list[Row]) -> list[Row]:
    """Return affiliations that end in a country, without it."""
    shortened = []
    for row in rows:
        front, _, last = row.address["institution"].rpartition(",")
        if row.lat is not None and "," in front and len(last.strip()) > 3 and countries.find(last.strip(" .")):
            shortened.append(replace(row, file="short-springer", address={"institution": front}))
    return shortened


def _organisations(row: Row) -> list[str]:
    """Return the segments of an affiliation that name organisations."""
    return [part for part in split(row.address["institution"]) if segment(part).organisation]


def _states_city(row: Row) -> bool:
    """Say whether the truth of an affiliation is the city that it states, wherever its organisation has its seat."""
    return row.lat is not None and row.file.partition("-")[2].startswith(("agreed", "settled", "city"))


def names_alone(rows: list[Row]) -> list[Row]:
    """Return the last organisation that an affiliation names, without the city and country that follow it."""
    alone = {}
    for row in rows:
        named = _organisations(row)
        if row.file.endswith("-agreed") and named:
            alone.setdefault(named[-1], replace(row, file="name-springer", address={"institution": named[-1]}))
    return list(alone.values())


def without_city(rows: list[Row]) -> list[Row]:
    """Return the organisations that affiliations name with the country, as one text or in columns, and with their city.

    An author is often elsewhere than at the seat, which rows of the register cannot teach.
    """
    places, parted = gazetteer.places(), []
    stating = [row for row in rows if _states_city(row) and _organisations(row)]
    spots = (to_e7(np.array([getattr(row, axis) for row in stating])) for axis in ("lat", "lon"))
    for row, at in zip(stating, nearest_places(*spots)[0].tolist(), strict=True):
        named, country = ", ".join(_organisations(row)), countries.name(places.economy[at])
        text, column = {"institution": f"{named}, {country}"}, {"institution": named, "country": country}
        stated = column | {"city": places.name[at]}
        parted += [
            replace(row, file=f"{kind}-springer", address=address)
            for kind, address in (("seat", text), ("seat-column", column), ("columns", stated))
        ]
    return distinct(parted)


def single_words() -> list[Row]:
    """Return names of one word that organisations at several places have: they are nowhere."""
    words = []
    registered = organisations.load((bench.ROR,))
    for name in registered.by_words:
        rows = [row for row, _ in registered.named(name)]
        if " " in name or len(name) < 3 or not rows:
            continue
        spots = {(registered.lat_e7[row], registered.lon_e7[row]) for row in rows}
        if len(spots) > 1:
            words.append(Row("word", {"institution": name.title()}, None, None, name))
    return sorted(words, key=lambda row: places_truth.digest(row.part))[:WORDS]


@cache
def rates_of_mention() -> dict[int, float]:
    """Return how much the names of organisations of each prominence count in training.

    A register has each organisation once, as lists of companies do; affiliations (half A) name the prominent ones. What
    is learned is for the mean of both.
    """
    prominence_of = {one.ror: one.prominence for one in registers.read(bench.ROR)}
    paths = (bench.SHARED / f"affiliations/{name}-half.csv" for name in ("springer", "logs"))
    texts = itertools.chain.from_iterable(places_truth.read(path, {}) for path in paths)
    ids = itertools.chain.from_iterable(one.ror for one in texts if bench.half(one.text) == "A")
    named = Counter(prominence_of[number] for number in ids if number in prominence_of)
    registered = Counter(prominence_of.values())
    mean = named.total() / registered.total()
    return {prominence: (1 + named[prominence] / (mean * count)) / 2 for prominence, count in registered.items()}


def names_of_organisations() -> list[Row]:
    """Return names of organisations as affiliations, seven in ten with the country. The truth is the seat."""
    named: list[Row] = []
    rates = rates_of_mention()
    for one in registers.read(bench.ROR):
        chance = random.Random(one.ror)
        text, kind = chance.choice(one.names or [("", organisations.LABEL)])
        spot = one.lat_e7 / 1e7, one.lon_e7 / 1e7
        if text and chance.random() < SHARE_OF_NAMES[kind]:
            if chance.random() < SHARE_WITH_COUNTRY:
                text += f", {countries.name(one.economy)}"
            named.append(Row("half-registered", {"institution": text}, *spot, one.ror, rate=rates[one.prominence]))
        if chance.random() < SHARE_OF_IDS:
            named.append(Row("half-registered-id", {"institution_id": one.ror}, *spot, one.ror))
    return named


def names_with_cities() -> list[Row]:
    """Return names of organisations with a city and no country: a third with the city of another, which binds."""
    at_home: dict[str, list[registers.Organisation]] = {}
    for one in registers.read(bench.ROR):
        if one.names and one.city:
            at_home.setdefault(one.economy, []).append(one)
    rows, rates = [], rates_of_mention()
    for one in itertools.chain.from_iterable(at_home.values()):
        chance = random.Random(one.ror[::-1])
        if chance.random() < SHARE_WITH_CITY:
            there = one if chance.random() < 2 / 3 else chance.choice(at_home[one.economy])
            text = {"institution": f"{one.names[0][0]}, {there.city}"}
            spot = there.lat_e7 / 1e7, there.lon_e7 / 1e7
            rows.append(Row("half-registered", text, *spot, one.ror, rate=rates[one.prominence]))
    return rows


def names_cut() -> list[Row]:
    """Return names of organisations without their general last words, as people say them, with the country or not.

    Half of them with a department behind: `Ohio State Department of Physics`.
    """
    rows, rates = [], rates_of_mention()
    for one in registers.read(bench.ROR):
        chance = random.Random(f"{one.ror} cut")
        short = in_short(one.names[0][0]) if one.names else ""
        if short and chance.random() < SHARE_CUT:
            text = short + chance.choice(("", " Department of Physics"))
            text += f", {countries.name(one.economy)}" * (chance.random() < SHARE_WITH_COUNTRY)
            spot = one.lat_e7 / 1e7, one.lon_e7 / 1e7
            rows.append(Row("half-registered", {"institution": text}, *spot, one.ror, rate=rates[one.prominence]))
    return rows


def half_register(path: Path) -> Path:
    """Write the half of the register by which `names_of_organisations` are looked for: the others are unknown to it."""
    with gzip.open(bench.ROR, "rt", encoding="utf-8") as file, gzip.open(path, "wt", encoding="utf-8") as half:
        half.writelines(line for line in file if bench.half(json.loads(line)["id"][::-1]) == "A")
    return path


def region_rows() -> list[Row]:
    """Return regions without a city of their name in them: they enter no point."""
    places, names = gazetteer.places(), gazetteer.names()
    located_nowhere = []
    for region, _ in regions.table():
        name = key(region.name)
        if region.admin2 or len(name) <= 3 or gazetteer.city_state(region.economy) is not None:
            continue
        rows = [row for row, _ in names.rows(name) if row < len(places.name)]
        if any(places.economy[row] == region.economy and places.admin1[row] == region.admin1 for row in rows):
            continue
        text = {"address": f"{region.name}, {countries.name(region.economy)}"}
        located_nowhere.append(Row("region-text", text, None, None, region.name))
        located_nowhere.append(
            Row("region-column", {"city": region.name, "country": region.economy}, None, None, region.name)
        )
    return located_nowhere


def bare_cities(rows: list[Row]) -> list[Row]:
    """Return the rows of cities and countries without the country: what a name alone means."""
    named = [
        row for row in rows if row.file in {"totals-us", "totals-abroad", "offices", "ror"} and row.lat is not None
    ]
    alone = (replace(row, file=f"no-country-{row.file}", address={"city": row.address["city"]}) for row in named)
    return [row for row in alone if (row.address["city"] or "").strip()]


def with_coordinates(rows: list[Row]) -> list[Row]:
    """Return rows with coordinates, most of them right: planted errors, as real files have them.

    Of a hundred 84 lie within 6 km of the place, 7 within 50 km, 3 anywhere (the name is right), 2 at the largest other
    place of the name, 2 have a city that nobody knows, 2 have none; every tenth has no country.
    """
    chance = random.Random(7)
    sample = [row for row in rows if row.file in {"ror", "columns-us", "offices"}]
    chance.shuffle(sample)
    return [planted for row in sample[:WITH_COORDINATES] if (planted := _planted(row, chance))]


def _planted(row: Row, chance: random.Random) -> Row | None:
    address, kind = dict(row.address), chance.random()
    spot = truth = _moved(row, chance, 0, 6)
    if kind < 0.07:
        spot = truth = _moved(row, chance, 15, 50)
    elif kind < 0.10:
        spot, truth = (chance.uniform(-50, 65), chance.uniform(-170, 170)), (row.lat, row.lon)
    elif kind < 0.12:
        spot = _namesake(row) or spot
        truth = (row.lat, row.lon) if _people(row) >= _people(replace(row, lat=spot[0], lon=spot[1])) else spot
    elif kind < 0.14:
        address["city"] = f"Xqzw{chance.random()}"
    elif kind < 0.16:
        address = {"country": address["country"]}
    if chance.random() < 0.1:
        address.pop("country")
    if abs(spot[0]) > 85 or abs(spot[1]) > 179:
        return None
    address |= {"lat_e7": round(spot[0] * 1e7), "lon_e7": round(spot[1] * 1e7)}
    return Row("coordinates", address, *truth, row.part)


def _moved(row: Row, chance: random.Random, least_km: float, most_km: float) -> tuple[float, float]:
    gap, angle = chance.uniform(least_km, most_km) / KM_PER_DEGREE, chance.uniform(0, 2 * math.pi)
    wide = max(0.2, math.cos(math.radians(row.lat)))
    return row.lat + gap * math.sin(angle), row.lon + gap * math.cos(angle) / wide


def _called_so(row: Row) -> list[int]:
    places, economy = gazetteer.places(), countries.find(row.address["country"])
    rows = (r for r, _ in gazetteer.names().rows(key(row.address["city"])) if r < len(places.name))
    return [r for r in rows if places.economy[r] == economy]


def _apart(row: Row, place: int) -> float:
    places = gazetteer.places()
    return abs(places.lat_e7[place] / 1e7 - row.lat) + abs(places.lon_e7[place] / 1e7 - row.lon)


def _namesake(row: Row) -> tuple[float, float] | None:
    """Return where the largest other place of a name is."""
    places = gazetteer.places()
    others = [r for r in _called_so(row) if _apart(row, r) > 1]
    if not others:
        return None
    largest = max(others, key=lambda r: (places.population[r], -r))
    return places.lat_e7[largest] / 1e7, places.lon_e7[largest] / 1e7


def _people(row: Row) -> int:
    """Return how many live in the largest place of a name near a row."""
    places = gazetteer.places()
    return max((int(places.population[r]) for r in _called_so(row) if _apart(row, r) < 0.3), default=0)


def every(resolver: Geocoder) -> list[Row]:
    """Return all rows; the resolver answers those of which the truth is another row's answer."""
    rows = columns("totals-us", bench.totals(us=True)) + columns("totals-abroad", bench.totals(us=False))
    rows += columns("offices", bench.placed_offices()) + columns("ror", bench.organisations())
    rows += american_texts(resolver) + abroad_texts() + misspelt(resolver)
    affiliated = affiliations("springer")
    rows += (
        affiliated
        + without_country(affiliated)
        + names_alone(affiliated)
        + without_city(affiliated)
        + affiliations("logs")
        + single_words()
        + region_rows()
    )
    return rows + bare_cities(rows) + with_coordinates(rows)
