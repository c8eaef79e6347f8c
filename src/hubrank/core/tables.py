"""What the tables between the stages hold, and what engines, sources and geocoders promise.

Columns are named and typed here; what each means, and its unit, is in the table of `core/columns` (METHOD 12).
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from hubrank.core.remote import InputFile, RemoteObject
from hubrank.core.units import SHARE


@dataclass(frozen=True, slots=True)
class Metric:
    """What is counted: "patents", counted in applications, each naming inventors."""

    name: str
    unit: str
    listing: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where files of a format come from, for a source that neither its study nor a manifest names."""

    name: str
    publisher: str
    url: str


CODED = pa.dictionary(pa.int32(), pa.string())  # texts of which there are few
_TYPES = {
    "text": pa.string(),
    "coded": CODED,
    "int": pa.int64(),
    "int32": pa.int32(),
    "bool": pa.bool_(),
    "share": SHARE,
}
_COLUMN = re.compile(r"(\S+) (\w+)(?:\((\d+),(\d+)\))?(\[\])?(\?)?")


def schema(columns: str) -> pa.Schema:
    """Return the Arrow schema of a table from `name type, name type, …`.

    columns : types are those of _TYPES and decimal(digits,decimals); `[]` makes a list of one, and a column whose type
        ends in `?` may hold nulls.
    """
    return pa.schema([_field(column) for column in re.split(r",\s+", columns.strip())])


def _field(column: str) -> pa.Field:
    match = _COLUMN.fullmatch(column)
    if match is None:
        raise ValueError(f"{column!r} is no column; expected `name type`, as in `year int32?`.")
    name, kind, digits, decimals, many, null = match.groups()
    value = pa.decimal128(int(digits), int(decimals)) if kind == "decimal" else _TYPES[kind]
    return pa.field(name, pa.list_(value) if many else value, nullable=bool(null))


def uncoded(field: pa.Field) -> pa.Field:
    """Return the field of the values of a column that is coded by a dictionary, else the field itself."""
    return field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field


_ADDRESS = """
lat_e7 int?, lon_e7 int?, institution_id text?, institution text?, address text?, city text?, region text?,
country text?
""".strip()
_PLACE = schema("lat_e7 int?, lon_e7 int?, gazetteer_id int?, economy text?, location_probability decimal(4,3)?")
ADDRESS_SCHEMA = schema(_ADDRESS)
ADDRESS_TEXTS = tuple(field.name for field in ADDRESS_SCHEMA if pa.types.is_string(field.type))
LISTING_SCHEMA = schema(f"""
    record_key text, listing_no int32, record_version int, date text?, year int32?, weight int, count int,
    record_units int, {_ADDRESS},
    organisations text[]?, field text?, source_file coded, source_row int
""")
SET_ASIDE_SCHEMA = schema("metric text, source_file text, source_row int, reason text, field text, value text?")
ANSWER_SCHEMA = schema("""
    lat_e7 int?, lon_e7 int?, precision text?, geocoding_evidence text?, location_probability decimal(4,3)?,
    gazetteer_id int?, economy text?
""")
ANSWER_SCHEMA = ANSWER_SCHEMA.append(pa.field("alternatives", pa.list_(pa.struct(_PLACE))))
ANSWER_SCHEMA = ANSWER_SCHEMA.append(pa.field("contradictions", pa.string()))
ANSWER_SCHEMA = ANSWER_SCHEMA.append(pa.field("registered_organisation", pa.string()))
ANSWER_SCHEMA = ANSWER_SCHEMA.append(pa.field("correction_line", pa.int32()))
ADDRESS_ROW_SCHEMA = pa.schema(
    [
        *schema("""
        address_key int, organisation text?, address text?, city text?, region text?, country text?,
        stated_economy text?, place text?
    """),
        *ANSWER_SCHEMA,
    ]
)
PRECISIONS = ("site", "institution", "city", "region", "country")  # from fine to coarse


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one source: `main` holds the records; `roles` the tables they refer to.

    roots : folders by how a study calls them: "" for its own, "${NAME}" for what the environment names, an address for
        its copy, which is a file.
    """

    main: tuple[InputFile, ...]
    roles: dict[str, tuple[InputFile, ...]]
    roots: dict[str, Path]

    def name(self, path: InputFile) -> str:
        """Return how a file is called in tables and messages: the same on every machine."""
        if isinstance(path, RemoteObject):
            return path.public_address
        absolute = path.absolute()
        for call, root in self.roots.items():
            if absolute.is_relative_to(root.absolute()):
                return "/".join(
                    part for part in (call, absolute.relative_to(root.absolute()).as_posix()) if part not in ("", ".")
                )
        return Path(os.path.relpath(absolute, self.roots[""].absolute())).as_posix() if "" in self.roots else path.name


class Ledger(Protocol):
    """Where a reader accounts for each row: rows read = kept + out of scope + set aside."""

    def read(self, rows: int = 1) -> None:
        """Count rows of the main files that were read, whatever becomes of them."""

    def out_of_scope(self, reason: str, rows: int = 1) -> None:
        """Count rows that are fine but out of scope (type, year, field): no fault."""

    def of_kind(self, kind: str, rows: int) -> None:
        """Count rows of a kind that an option may name, in scope or not: a kind that no row has is reported."""

    def set_aside(self, file: str, row: int, reason: str, field: str, value: object) -> None:
        """Keep one row that cannot be used: reason is a short phrase, the same for each such row."""

    def remark(self, what: str, records: int) -> None:
        """Count records that are used, and of which something has to be known: `what` is a short phrase."""


class Geocoder(Protocol):
    """What locates addresses: the resolver, or a service."""

    name: str

    def locate(self, addresses: pa.Table) -> pa.Table:
        """Take ADDRESS_SCHEMA, return ANSWER_SCHEMA: one row per address, in the same order; nulls where unknown."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A table inside an engine: its name there."""

    name: str


class Engine(Protocol):
    """What runs the record-heavy statements, for modules that a second process imports without DuckDB."""

    def load(self, batches: Iterator[pa.Table], table_schema: pa.Schema) -> Relation:
        """Take Arrow tables in."""

    def run(self, sql: str, **relations: Relation) -> Relation:
        """Run one statement over relations, which it names; keep the result."""

    def plan(self, sql: str, **relations: Relation) -> Relation:
        """Name one statement; it is run whenever its rows are read."""

    def rows(self, sql: str, **relations: Relation) -> pa.Table:
        """Run one statement whose result is small and hand it out."""

    def rows_in(self, relation: Relation) -> int:
        """Return how many rows a relation has."""

    def arrow(self, relation: Relation) -> pa.Table:
        """Hand a relation out; in no promised order."""

    def parquet(self, files: list[Path]) -> Relation:
        """Name Parquet files of one schema as a relation, without reading them yet."""

    def numbered(self, files: Mapping[int, Path], column: str, where: str = "TRUE") -> Relation:
        """Name Parquet files of one schema as one relation; `column` holds the number of each file."""

    def stacked(self, relations: Mapping[int | str, Relation], column: str) -> Relation:
        """Put relations of the same columns on top of each other; `column` holds the number or name of each."""

    def batches(self, sql: str, **relations: Relation) -> pa.RecordBatchReader:
        """Run one statement and stream its result."""

    def drop(self, *relations: Relation) -> None:
        """Free the memory of relations."""

    def map(self, relation: Relation, function: Callable[[pa.Table], pa.Table], table_schema: pa.Schema) -> Relation:
        """Send a relation through a Python function in pieces."""
