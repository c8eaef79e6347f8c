"""What places are called in English, which are sections of a city, and which GeoNames has twice.

All are packaged lists: `scripts/compile_city_names.py` and `scripts/compile_duplicate_places.py` write them.
"""

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files


@cache
def english_names() -> dict[int, str]:
    """Return the English name of each place whose name in the gazetteer is another, by GeoNames id."""
    return {int(number): name for number, name in _rows("english_names.csv")}


@cache
def sections() -> frozenset[int]:
    """Return the GeoNames ids of neighbourhoods, wards and boroughs: sections of a populated place (PPLX)."""
    return frozenset(int(number) for (number,) in _rows("sections.csv"))


@cache
def duplicate_places() -> dict[int, int]:
    """Return of each place that GeoNames has once more, where nothing is, the GeoNames id of the place itself."""
    return {int(number): int(remaining) for number, remaining, _ in _rows("duplicate_places.csv")}


def _rows(name: str) -> Iterator[list[str]]:
    text = files("hubrank.geocoding.gazetteer").joinpath(f"data/{name}").read_text("utf-8")
    return iter(list(csv.reader(text.splitlines()[1:])))
