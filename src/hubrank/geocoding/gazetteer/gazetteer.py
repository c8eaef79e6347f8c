"""The compiled gazetteer: where the places of GeoNames are, what they are called."""

from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from math import pi, sqrt

import marisa_trie
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from hubrank.core.sphere import distance_km
from hubrank.geocoding.cache import packed, shared_texts
from hubrank.geocoding.gazetteer.compile import compile_tables
from hubrank.geocoding.gazetteer.packaged import municipalities
from hubrank.geocoding.gazetteer.spellings import ALIAS, DERIVED, NEARBY, PRIMARY
from hubrank.geocoding.text.normalise import key

_CITY_KM, _CITY_SHARE = 15, 0.9  # an economy is one city if so many of its people live so near its largest place
_PEOPLE_PER_KM2 = 5_000  # of a dense city: New York reaches 24 km far, London 24, Paris 12
_CITY_ECONOMIES = frozenset({"HK", "MO", "SG", "MC", "VA"})  # one city each, whatever their districts
ANY_KIND = (PRIMARY, ALIAS, NEARBY, DERIVED)

__all__ = [
    "ALIAS",
    "ANY_KIND",
    "DERIVED",
    "NEARBY",
    "PRIMARY",
    "Names",
    "Places",
    "city_of",
    "city_state",
    "city_states",
    "is_called",
    "names",
    "other_names",
    "places",
    "reach_km",
    "region_of",
    "rows_in",
    "rows_named",
    "table",
    "villages",
]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The places by row, in the order of their GeoNames ids.

    geonames_id, lat_e7, lon_e7, population, part_of : int64, shape (n,). part_of is the GeoNames id of the city that a
    borough or ward belongs to, 0 where it is a town of its own.
    name, economy, admin1 : lists of n texts.
    """

    geonames_id: NDArray[np.int64]
    lat_e7: NDArray[np.int64]
    lon_e7: NDArray[np.int64]
    population: NDArray[np.int64]
    part_of: NDArray[np.int64]
    name: list[str]
    economy: list[str]
    admin1: list[str]

    def row(self, geonames_id: int) -> int | None:
        """Return the row of a GeoNames id, or None where the gazetteer does not have it."""
        at = int(self.geonames_id.searchsorted(geonames_id))
        return at if at < len(self.geonames_id) and self.geonames_id[at] == geonames_id else None


def reach_km(people: int) -> float:
    """Return how far a dense city of so many people reaches: the radius of its disc."""
    return sqrt(people / (pi * _PEOPLE_PER_KM2))


def region_of(places: Places, row: int) -> tuple[str, str]:
    """Return economy and region of a place; an economy that is one city has one region."""
    economy = places.economy[row]
    return economy, "" if economy in _CITY_ECONOMIES else places.admin1[row]


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """Which places a key names. Places of one key stand by relation, then population: the likeliest first.

    number : the number k of each key, a trie that is mapped into memory; its places are place[first[k]:first[k + 1]].
    place, kind : row in `Places`, or behind its last row in `villages`, and how the key is its name (PRIMARY, ALIAS,
    NEARBY or DERIVED). Packed: objects all over the memory would cost more than the look-up itself.
    """

    number: marisa_trie.Trie
    first: "array[int]"
    place: "array[int]"
    kind: "array[int]"

    def rows(self, name: str) -> list[tuple[int, int]]:
        """Return (row, kind) of each place that a key names."""
        at = self.number.get(name)
        if at is None:
            return []
        place, kind = self.place, self.kind
        return [(place[n], kind[n]) for n in range(self.first[at], self.first[at + 1])]


def table() -> pa.Table:
    """Return the places as a table: geonames_id, name, lat_e7, lon_e7, population, economy, admin1, part_of."""
    return pq.read_table(compile_tables().places, memory_map=True)


@cache
def places() -> Places:
    """Return the places; compiles the gazetteer into the cache folder the first time (about 20 s)."""
    columns = table()
    name, economy, admin1 = (shared_texts(columns[column]) for column in ("name", "economy", "admin1"))
    return Places(
        geonames_id=columns["geonames_id"].to_numpy(),
        lat_e7=columns["lat_e7"].to_numpy(),
        lon_e7=columns["lon_e7"].to_numpy(),
        population=columns["population"].to_numpy(),
        part_of=columns["part_of"].fill_null(0).to_numpy(),
        name=name,
        economy=economy,
        admin1=admin1,
    )


@cache
def _by_economy() -> dict[str, NDArray[np.int64]]:
    """Return the rows of the places of each economy, in order."""
    economies = pa.array(places().economy).dictionary_encode()
    order = np.argsort(economies.indices.to_numpy(), kind="stable")
    ends = np.cumsum(np.bincount(economies.indices.to_numpy()))[:-1]
    return dict(zip(economies.dictionary.to_pylist(), np.split(order, ends), strict=True))


def rows_in(economy: str, admin1: str | None = None) -> list[int]:
    """Return the rows of the places of an economy, or of one of its first-level regions, in order."""
    rows, regions = _by_economy(), places().admin1
    all_rows: list[int] = rows[economy].tolist() if economy in rows else []
    return all_rows if admin1 is None else [row for row in all_rows if regions[row] == admin1]


def villages() -> pa.Table:
    """Return the villages and suburbs too small for `places`: lat_e7, lon_e7, economy, admin1, geonames_id.

    The id is that of the nearest place.
    """
    return pq.read_table(compile_tables().villages, memory_map=True)


def village_count() -> int:
    """Return how many villages there are."""
    return int(pq.read_metadata(compile_tables().villages).num_rows)


@cache
def _village_regions() -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Return economy and first-level region of each village, each text once."""
    columns = pq.read_table(compile_tables().villages, columns=["economy", "admin1"])
    return columns["economy"].dictionary_encode(), columns["admin1"].dictionary_encode()


def home_of(row: int) -> tuple[str, str]:
    """Return the economy and first-level region of a place or village by its row."""
    all_places = places()
    if row < len(all_places.name):
        return all_places.economy[row], all_places.admin1[row]
    economy, admin1 = _village_regions()
    return economy[row - len(all_places.name)].as_py(), admin1[row - len(all_places.name)].as_py()


@cache
def _municipal_spots() -> list[tuple[int, int, int]]:
    """Return where the municipalities are that stand for themselves, the last of the villages."""
    unlisted = [one for one in municipalities() if one.lat]
    return [(int(one.lat) * 10_000, int(one.lon) * 10_000, one.geonames_id) for one in unlisted]


@cache
def first_municipality() -> int:
    """Return the row of the first municipality that stands for itself; those between places and it are villages."""
    return len(places().name) + len(_village_regions()[0]) - len(_municipal_spots())


def spot_of(row: int) -> tuple[int, int, int]:
    """Return latitude and longitude (1e-7 degree) and GeoNames id of a place by its row.

    Zeros of a village that is no municipality, as its coordinates are those of its post code.
    """
    all_places = places()
    if row >= len(all_places.name):
        first = first_municipality()
        return _municipal_spots()[row - first] if row >= first else (0, 0, 0)
    return int(all_places.lat_e7[row]), int(all_places.lon_e7[row]), int(all_places.geonames_id[row])


def rows_named(name: str, economy: str = "", kinds: Collection[int] = ANY_KIND) -> list[int]:
    """Return the rows of the places of an economy, or of any where none is stated, that a key names; no villages.

    kinds : how the key is their name.
    """
    economies = places().economy
    rows = [row for row, kind in names().rows(name) if kind in kinds and row < len(economies)]
    return [row for row in rows if economies[row] == economy] if economy else rows


def own_key(row: int) -> str:
    """Return the key of the own name of a place, "" of a village: newyorkcity, which is also called New York."""
    names = places().name
    return key(names[row]) if row < len(names) else ""


def is_called(row: int, name: str) -> bool:
    """Say whether a place has a name, or one with more words, for its own with all of its marks: Vitória."""
    return row < len(places().name) and name in places().name[row]


def economies_of(name: str, least: int = 0) -> set[str]:
    """Return the economies of the places that a key names, villages left out, with so many inhabitants at least."""
    all_places = places()
    return {all_places.economy[row] for row in rows_named(name) if not least or all_places.population[row] >= least}


def most_people(name: str) -> int:
    """Return the inhabitants of the largest place that has a key for its own name, -1 where none has."""
    people = places().population
    return max((int(people[row]) for row in rows_named(name, kinds=(PRIMARY,))), default=-1)


@cache
def names() -> Names:
    """Return which places each key names; compiles the gazetteer like `places`."""
    paths = compile_tables()
    rows, number = pq.read_table(paths.names), marisa_trie.Trie().mmap(str(paths.keys))
    first = np.searchsorted(rows["number"].to_numpy(), np.arange(len(number) + 1))
    place, kind = (rows[column].to_numpy().tobytes() for column in ("place", "kind"))
    return Names(number, packed("i", first), array("i", place), array("b", kind))


def city_of(geonames_id: int) -> int:
    """Return the GeoNames id of the city that a borough, ward or section belongs to, else the id itself."""
    all_places = places()
    row = all_places.row(geonames_id)
    return geonames_id if row is None else int(all_places.part_of[row]) or geonames_id


def other_names(ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the keys in Latin letters or Chinese characters of the names of some places, by their GeoNames ids.

    Codes and what is only derived from names are left out.
    """
    all_places = places()
    at = {row: number for number in ids if (row := all_places.row(number)) is not None}
    if not at:
        return {}
    wanted = [("place", "in", list(at)), ("kind", "in", [PRIMARY, ALIAS])]
    named: dict[int, list[str]] = {number: [] for number in at.values()}
    paths = compile_tables()
    keys = marisa_trie.Trie().mmap(str(paths.keys))
    for row in pq.read_table(paths.names, columns=["number", "place"], filters=wanted).to_pylist():
        named[at[row["place"]]].append(keys.restore_key(row["number"]))
    return named


@cache
def city_states() -> dict[str, int]:
    """Return the rows of the largest places of economies no wider than a city: Singapore, Malta."""
    all_places = places()
    economies, number = np.unique(np.array(all_places.economy), return_inverse=True)
    order = np.lexsort((-all_places.population, number))
    order = order[all_places.part_of[order] == 0]
    starts = np.searchsorted(number[order], np.arange(len(economies) + 1))
    main_rows = {}
    for at, economy in enumerate(economies.tolist()):
        rows = order[starts[at] : starts[at + 1]]
        if len(rows):
            main = np.sort(rows[all_places.population[rows] == all_places.population[rows[0]]])[0]
            lat, lon = (np.full(len(rows), axis[main]) for axis in (all_places.lat_e7, all_places.lon_e7))
            near = distance_km(lat, lon, all_places.lat_e7[rows], all_places.lon_e7[rows]) <= _CITY_KM
            people = all_places.population[rows]
            if people[near].sum() >= _CITY_SHARE * people.sum():
                main_rows[economy] = int(main)
    return main_rows


def city_state(economy: str) -> int | None:
    """Return the row of the largest place of an economy no wider than a city, else None."""
    return city_states().get(economy)
