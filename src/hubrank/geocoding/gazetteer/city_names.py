"""What places are called in English, at home and abroad, which are sections of a city, which GeoNames has twice.

All are packaged lists: `scripts/compile_city_names.py`, `compile_local_names.py`, `compile_home_names.py`,
`compile_town_names.py` and `compile_duplicate_places.py` write them.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files


@cache
def english_names() -> dict[int, str]:
    """Return the English name of each place whose name in the gazetteer is another, by GeoNames id."""
    return {int(number): name for number, name in _rows("english_names.csv")}


def local_names() -> dict[int, list[str]]:
    """Return the names that places have in their own countries, where the gazetteer has another, by GeoNames id."""
    names: dict[int, list[str]] = defaultdict(list)
    for number, name in _rows("local_names.csv"):
        names[int(number)].append(name)
    return names


@cache
def home_names() -> dict[int, str]:
    """Return what each place is called at home whose name in the gazetteer is an English one, by GeoNames id."""
    return {int(number): name for number, name in _rows("home_names.csv")}


@cache
def town_names(language: str) -> Mapping[int, str]:
    """Return the names of towns in a language by GeoNames id, where they are not the English ones."""
    packed = files("hubrank.geocoding.gazetteer").joinpath("data/town_names.tsv.gz").read_bytes()
    _, head, *lines = gzip.decompress(packed).decode().splitlines()
    if language not in (columns := head.split("\t")):
        return {}
    at = columns.index(language)
    rows = (line.split("\t") for line in lines)
    return {int(row[0]): row[at] for row in rows if row[at]}


def name_in(geonames_id: int, name: str, language: str) -> str:
    """Return what a study calls a place: "en": in English; "gazetteer": by its name there, or at home where it has one.

    name : of the gazetteer.
    """
    return (english_names() if language == "en" else home_names()).get(geonames_id, name)


@cache
def sections() -> frozenset[int]:
    """Return the GeoNames ids of neighbourhoods, wards and boroughs: sections of a populated place (PPLX)."""
    return frozenset(int(number) for (number,) in _rows("sections.csv"))


@cache
def sections_of_cities() -> frozenset[int]:
    """Return the sections that are no city by themselves.

    The register of research organisations writes addresses in cities: a section that it names is one (Funabashi).
    """
    return sections() - english_names().keys()


@cache
def duplicate_places() -> dict[int, int]:
    """Return of each place that GeoNames has once more, where nothing is, the GeoNames id of the place itself."""
    return {int(number): int(remaining) for number, remaining, _ in _rows("duplicate_places.csv")}


def _rows(name: str) -> Iterator[list[str]]:
    text = files("hubrank.geocoding.gazetteer").joinpath(f"data/{name}").read_text("utf-8")
    return iter(list(csv.reader(text.splitlines()[1:])))
