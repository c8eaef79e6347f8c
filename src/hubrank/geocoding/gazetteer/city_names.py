"""What places are called in English, and which are sections of a city.

Both are packaged lists that `scripts/compile_city_names.py` writes.
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


def _rows(name: str) -> Iterator[list[str]]:
    text = files("hubrank.geocoding.gazetteer").joinpath(f"data/{name}").read_text("utf-8")
    return iter(list(csv.reader(text.splitlines()[1:])))
