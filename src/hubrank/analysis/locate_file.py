"""Locate a whole file of addresses."""

import re
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from hubrank.analysis.locate_address import coordinates_of, states_country
from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guess import column_words
from hubrank.analysis.new_study.guesses import guesses
from hubrank.analysis.new_study.sought import ORGANISATION
from hubrank.core.atomic_folder import expect_loose
from hubrank.core.errors import DataError, StudyError
from hubrank.core.files import write_bytes
from hubrank.core.sphere import E7
from hubrank.core.tables import ADDRESS_SCHEMA, Geocoder
from hubrank.geocoding.gazetteer import place_labels
from hubrank.sources.formats.columns import TableSpec, plain, require
from hubrank.sources.formats.header_lines import ROWS
from hubrank.sources.formats.post_code_column import POSTCODE, with_post_codes
from hubrank.sources.formats.text_table import TextTable, text_table
from hubrank.sources.table_remarks import list_separator

PLACES = ("address", "institution", "city", "region", "country")  # the columns of a file that name a place
PARTS = (*PLACES, POSTCODE)  # that are understood
_TEXTS = ("address", "institution", "city")  # that may state a country
ADDED = (
    *("place", "economy", "lat", "lon", "precision", "geocoding_evidence", "probability"),
    "registered_organisation",
)


@dataclass(frozen=True, slots=True)
class Done:
    """How many rows a file had, how many of them were located, and by which column each part of an address.

    without_country : rows without a value in a column of countries, where `--country` states none.
    within : of those that were located, how many lie in each economy.
    several : by column, what divides several places in a cell, and in how many cells; each row is answered once.
    """

    rows: int
    located: int
    columns: Mapping[str, str]
    without_country: int
    within: Mapping[str, int]
    several: Mapping[str, tuple[str, int]]


def locate_file(path: Path, out: Path, resolver: Geocoder, encoding: str | None = None, country: str = "") -> Done:
    """Write a table of text again, as CSV in UTF-8, with ADDED: where each row was put, and how sure that is.

    And which registered organisation it names (METHOD 8).

    country : the economy of rows that state none.
    encoding : of the table; None guesses it. A column of its own that is called as one of ADDED becomes `lat_before`.

    Raises DataError where the file is none, or no column is or looks like an address, institution, city, region or
    country; StudyError where it would be written over itself.
    """
    expect_loose(out)
    if out.resolve() == path.resolve():
        raise StudyError(f"{out} is the file to read; name another one to write (--out).")
    read = _read(path, encoding)
    used = _parts(read, path)
    if not used.keys() & set(PLACES):
        wanted = f"{', '.join(PLACES[:-1])} or {PLACES[-1]}"
        raise DataError(
            f"{path.name} has no column {wanted}; it has: {read.has}. None looks like one by its values; call one so "
            f"in the header."
        )
    table = pa.table(
        {name: pa.array([cell or None for cell in cells], pa.string()) for name, cells in read.columns().items()}
    )
    columns = pa.table({part: table[column] for part, column in used.items()})
    if POSTCODE in used:
        columns = with_post_codes(columns)
    if "address" in columns.column_names:
        columns = _with_coordinates(columns)
    if country:
        columns = _with_country(columns, country)
    empty = pa.nulls(table.num_rows, pa.string())
    addresses = pa.table(
        [
            columns[field.name] if field.name in columns.column_names else empty.cast(field.type)
            for field in ADDRESS_SCHEMA
        ],
        schema=ADDRESS_SCHEMA,
    )
    answers = resolver.locate(addresses).to_pylist()
    _write(out, table, answers)
    economies = [row["economy"] for row in answers]
    located = sum(row["lat_e7"] is not None for row in answers)
    several = {column: divided for column in used.values() if (divided := _divided(table[column].to_pylist()))}
    if country:
        return Done(table.num_rows, located, used, 0, {}, several)
    is_without = [not stated for stated in addresses["country"].to_pylist()]
    within = Counter(economy for economy, without in zip(economies, is_without, strict=True) if without and economy)
    return Done(table.num_rows, located, used, sum(is_without), dict(within), several)


def _divided(cells: list[str | None]) -> tuple[str, int] | None:
    """Return what divides several places in many cells of a column, and in how many; None where nothing does."""
    values = [cell for cell in cells if cell]
    separator = list_separator(values)
    cells_divided = sum(separator in value for value in values) if separator else 0
    return (separator, cells_divided) if separator and cells_divided else None


def _with_country(columns: pa.Table, country: str) -> pa.Table:
    """Return columns with the country of rows that state none, in a column or in a text."""
    texts = [columns[name].to_pylist() for name in _TEXTS if name in columns.column_names]
    states = {text: states_country(text) for text in set().union(*texts) if text}
    rows = zip(*texts, strict=True) if texts else [()] * columns.num_rows
    missing = [None if any(states[text] for text in row if text) else country for row in rows]
    if "country" not in columns.column_names:
        return columns.append_column("country", pa.array(missing, pa.string()))
    at = columns.column_names.index("country")
    return columns.set_column(at, "country", pc.coalesce(columns["country"], pa.array(missing, pa.string())))


def _with_coordinates(columns: pa.Table) -> pa.Table:
    """Return columns with the coordinates that are the address of a row in columns of their own."""
    at = columns.column_names.index("address")
    spots = [coordinates_of(text) for text in columns["address"].to_pylist()]
    texts = pc.if_else(pa.array([spot is None for spot in spots]), columns["address"], None)
    for name, axis in (("lat_e7", 0), ("lon_e7", 1)):
        columns = columns.append_column(name, pa.array([spot and spot[axis] for spot in spots], pa.int64()))
    return columns.set_column(at, "address", texts)


def _parts(read: TextTable, path: Path) -> dict[str, str]:
    """Return the columns that hold the parts of an address: those called so, and what a new study would take.

    A column of organisations locates where no other does.
    """
    rows = tuple(dict(zip(read.header, row, strict=True)) for row in read.rows[:ROWS])
    look = Look(path, read.name, "table", read.header, rows)
    columns_by_name = {guess.name: guess.column for guess in guesses(look)}
    guessed = {name: column for name, column in columns_by_name.items() if name in PARTS}
    named = {plain(name): name for name in read.header if plain(name) in PARTS}
    free = {part: column for part, column in guessed.items() if column not in named.values()}
    columns = {**free, **named}
    column = columns_by_name.get("organisation", "")
    if not columns.keys() & set(PLACES) and re.fullmatch(ORGANISATION, column_words(column)):
        columns["institution"] = column
    return {part: columns[part] for part in PARTS if part in columns}


def _read(path: Path, encoding: str | None) -> TextTable:
    """Read every column as text, whatever delimiter and lines before its header the file has."""
    if not path.is_file():
        raise DataError(f"there is no file {str(path)!r}.")
    table = text_table(path, path.name, encoding, alone=PARTS)
    require(table.header, TableSpec("table of addresses", {part: part for part in PARTS}), path.name)
    return table


def _write(out: Path, table: pa.Table, answers: list[dict[str, Any]]) -> None:
    added = [_result_cells(row) for row in answers]
    columns = {name: table[name] for name in table.column_names if name not in ADDED}
    columns |= {_free_name(f"{name}_before", columns): table[name] for name in table.column_names if name in ADDED}
    columns |= {name: pa.array([row[name] for row in added], pa.string()) for name in ADDED}
    sink = pa.BufferOutputStream()
    pacsv.write_csv(pa.table(columns), sink, pacsv.WriteOptions(quoting_style="needed"))
    write_bytes(out, sink.getvalue().to_pybytes())


def _free_name(name: str, taken: Container[str]) -> str:
    return _free_name(f"{name}_before", taken) if name in taken else name


def _result_cells(row: dict[str, Any]) -> dict[str, str | None]:
    if row["lat_e7"] is None:
        return dict.fromkeys(ADDED)
    lat, lon = (f"{Decimal(row[name]) / E7:f}" for name in ("lat_e7", "lon_e7"))
    probability = row["location_probability"]
    return {
        "place": place_labels.place_name(row["gazetteer_id"]) or place_labels.with_nearest(f"{lat}, {lon}"),
        "economy": row["economy"],
        "lat": lat,
        "lon": lon,
        "precision": row["precision"],
        "geocoding_evidence": row["geocoding_evidence"],
        "probability": None if probability is None else str(probability),
        "registered_organisation": row["registered_organisation"],
    }
