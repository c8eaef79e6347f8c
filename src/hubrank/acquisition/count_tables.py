"""Pages of OpenAlex's API → tables: works of an institution in a year, and the coverage of each country."""

import csv
import io
from collections import Counter
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hubrank.acquisition.pages import Rows
from hubrank.core.files import atomic_file, write_bytes

WORKS = pa.schema(
    [
        ("openalex_id", pa.string()),
        ("institution_id", pa.string()),
        ("institution", pa.string()),
        ("country", pa.string()),
        ("type", pa.string()),
        ("lat", pa.float64()),
        ("lon", pa.float64()),
        ("year", pa.int32()),
        ("works", pa.int64()),
    ]
)
COVERAGE = ("year", "country", "works", "counted_at_institutions", "counted_without_coordinates")
UNKNOWN = "unknown"
_MOST = 10**9  # works of an institution or a country in a year


def institution_rows(page: dict[str, Any]) -> Rows:
    """Return id, ROR id, name, country, kind, latitude and longitude of the institutions of a page."""
    return [
        [
            _last(each["id"]),
            *(_text(each.get(name)) for name in ("ror", "display_name", "country_code", "type")),
            *(
                _degrees((each.get("geo") or {}).get(name), most)
                for name, most in (("latitude", 90), ("longitude", 180))
            ),
        ]
        for each in page["results"]
    ]


def group_rows(page: dict[str, Any]) -> Rows:
    """Return key, name and number of works of the groups of a page."""
    return [
        [_last(each["key"]), _text(each.get("key_display_name")), _count(each["count"])] for each in page["group_by"]
    ]


def works(groups: Rows, institutions: Rows, year: int) -> list[dict[str, Any]]:
    """Return a row for each institution with works, by id; one that the list lacks keeps its name alone."""
    by_id = {row[0]: row for row in institutions}
    rows = []
    for key, name, count in sorted(groups, key=itemgetter(0)):
        institution = by_id.get(key, [key, None, name, None, None, None, None])
        lat, lon = institution[5:]
        both = lat is not None and lon is not None
        place = [lat, lon] if both else [None, None]
        values = [key, *institution[1:5], *place, year, count]
        rows.append(dict(zip(WORKS.names, values, strict=True)))
    return [row for row in rows if row["openalex_id"] != UNKNOWN and row["works"]]


def write_works(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write the rows of a year as Parquet."""
    with atomic_file(path) as out:
        pq.write_table(pa.Table.from_pylist(rows, WORKS), out, compression="zstd")


def write_coverage(path: Path, rows: list[dict[str, Any]], countries: Rows, year: int) -> str:
    """Write how many works a country has and how many are counted at its institutions; return the total in a sentence.

    A work counts in each country of its authors; at institutions it counts once at each, so that the second number can
    exceed the first.
    """
    counted, without = Counter[str](), Counter[str]()
    for row in rows:
        counted[row["country"] or UNKNOWN] += row["works"]
        without[row["country"] or UNKNOWN] += row["works"] if row["lat"] is None else 0
    total = {_country(key): count for key, _name, count in countries}
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COVERAGE)
    for country in sorted(total.keys() | counted.keys()):
        table.writerow([year, country, total.get(country, 0), counted[country], without[country]])
    write_bytes(path, text.getvalue().encode())
    return f"{year}: {total.get(UNKNOWN, 0):,} works name no country, and so no institution ({path.name})."


def _country(key: str) -> str:
    return key.upper() if len(key) == 2 else UNKNOWN


def _text(value: object) -> str | None:
    """Return a text or nothing; raise TypeError for anything else."""
    if value is not None and not isinstance(value, str):
        raise TypeError(value)
    return value


def _degrees(value: object, most: float) -> float | None:
    """Return a coordinate or nothing; raise ValueError or TypeError where it is none."""
    if value is None:
        return None
    degrees = float(str(value))
    if not abs(degrees) <= most:
        raise ValueError(value)
    return degrees


def _count(value: object) -> int:
    count = int(str(value))
    if not 0 <= count < _MOST:
        raise ValueError(value)
    return count


def _last(key: object) -> str:
    """Return the last part of an identifier such as https://openalex.org/I27837315."""
    return str(key).rpartition("/")[2]
