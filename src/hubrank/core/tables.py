"""What the tables between the stages hold, and what engines, sources and geocoders promise.

Columns are named and typed here; what each means, and its unit, is in the table of `core/columns` (METHOD 12).
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Metric:
    """What is counted: "patents", counted in applications, each naming inventors."""

    name: str
    unit: str
    listing: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name and Arrow type; `null` where it may be missing."""

    name: str
    type: pa.DataType
    null: bool = False


def schema(columns: tuple[Column, ...]) -> pa.Schema:
    """Return the Arrow schema of a table."""
    return pa.schema([pa.field(c.name, c.type, nullable=c.null) for c in columns])


_TEXT, _INT, _SMALL = pa.string(), pa.int64(), pa.int32()
_WHERE = (
    Column("lat_e7", _INT),
    Column("lon_e7", _INT),
)
_MAYBE_WHERE = tuple(Column(column.name, column.type, null=True) for column in _WHERE)

ADDRESS = (
    *_MAYBE_WHERE,
    Column("institution_id", _TEXT, null=True),
    Column("institution", _TEXT, null=True),
    Column("address", _TEXT, null=True),
    Column("city", _TEXT, null=True),
    Column("region", _TEXT, null=True),
    Column("country", _TEXT, null=True),
)

LISTING = (
    Column("record_key", _TEXT),
    Column("listing_no", _SMALL),
    Column("record_version", _INT),
    Column("date", _TEXT, null=True),
    Column("year", _SMALL, null=True),
    Column("weight", _INT),
    Column("count", _INT),
    *ADDRESS,
    Column(
        "organisations",
        pa.list_(_TEXT),
        null=True,
    ),
    Column("field", _TEXT, null=True),
    Column("source_file", _TEXT),
    Column("source_row", _INT),
)

SET_ASIDE = (
    Column("metric", _TEXT),
    Column("source_file", _TEXT),
    Column("source_row", _INT),
    Column("reason", _TEXT),
    Column("field", _TEXT),
    Column("value", _TEXT, null=True),
)

_PROBABILITY = pa.decimal128(4, 3)
_PLACE = pa.struct(
    [
        ("lat_e7", _INT),
        ("lon_e7", _INT),
        ("gazetteer_id", _INT),
        ("economy", _TEXT),
        ("location_probability", _PROBABILITY),
    ]
)

ANSWER = (
    *_MAYBE_WHERE,
    Column("precision", _TEXT, null=True),
    Column("geocoding_evidence", _TEXT, null=True),
    Column("location_probability", _PROBABILITY, null=True),
    Column("gazetteer_id", _INT, null=True),
    Column("economy", _TEXT, null=True),
    Column("alternatives", pa.list_(_PLACE), null=True),
    Column("contradictions", _TEXT, null=True),
)

ADDRESS_ROW = (
    Column("address_key", _INT),
    Column("organisation", _TEXT, null=True),
    *ADDRESS[-4:],
    Column("stated_economy", _TEXT, null=True),
    Column("place", _TEXT, null=True),
    *ANSWER,
)

PRECISIONS = ("site", "institution", "city", "region", "country")  # from fine to coarse

LISTING_SCHEMA = schema(LISTING)
ADDRESS_SCHEMA = schema(ADDRESS)
ANSWER_SCHEMA = schema(ANSWER)
ADDRESS_ROW_SCHEMA = schema(ADDRESS_ROW)
SET_ASIDE_SCHEMA = schema(SET_ASIDE)


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one source: `main` holds the records; `roles` the tables they refer to.

    roots : folders by how a study calls them: "" for its own, "${NAME}" for what the environment names.
    """

    main: tuple[Path, ...]
    roles: dict[str, tuple[Path, ...]]
    roots: dict[str, Path]

    def name(self, path: Path) -> str:
        """Return how a file is called in tables and messages: the same on every machine."""
        absolute = path.absolute()
        for call, root in self.roots.items():
            if absolute.is_relative_to(root.absolute()):
                return "/".join(part for part in (call, absolute.relative_to(root.absolute()).as_posix()) if part)
        return Path(os.path.relpath(absolute, self.roots[""].absolute())).as_posix() if "" in self.roots else path.name


class Ledger(Protocol):
    """Where a reader accounts for each row: rows read = kept + out of scope + set aside."""

    def read(self, rows: int = 1) -> None:
        """Count rows of the main files that were read, whatever becomes of them."""

    def out_of_scope(self, reason: str, rows: int = 1) -> None:
        """Count rows that are fine but out of scope (type, year, field): no fault."""

    def set_aside(self, file: str, row: int, reason: str, field: str, value: object) -> None:
        """Keep one row that cannot be used: reason is a short phrase, the same for each such row."""


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
    """What runs the record-heavy statements."""

    def load(self, batches: Iterator[pa.Table], table_schema: pa.Schema) -> Relation:
        """Take Arrow tables in."""

    def run(self, sql: str, **relations: Relation) -> Relation:
        """Run one statement over relations, which it names; keep the result."""

    def plan(self, sql: str, **relations: Relation) -> Relation:
        """Name one statement; it is run whenever its rows are read."""

    def rows(self, sql: str, **relations: Relation) -> pa.Table:
        """Run one statement whose result is small and hand it out."""

    def arrow(self, relation: Relation) -> pa.Table:
        """Hand a relation out; in no promised order."""

    def parquet(self, files: list[Path]) -> Relation:
        """Name Parquet files of one schema as a relation, without reading them yet."""

    def stacked(self, relations: Mapping[int | str, Relation], column: str, where: str = "TRUE") -> Relation:
        """Put relations of the same columns on top of each other; `column` holds the number or name of each."""

    def batches(self, sql: str, **relations: Relation) -> pa.RecordBatchReader:
        """Run one statement and stream its result."""

    def drop(self, *relations: Relation) -> None:
        """Free the memory of relations."""

    def map(self, relation: Relation, function: Callable[[pa.Table], pa.Table], table_schema: pa.Schema) -> Relation:
        """Send a relation through a Python function in pieces."""


def rows_in(relation: Relation, engine: Engine) -> int:
    """Return how many rows a relation has."""
    return int(engine.rows("SELECT COUNT(*) AS n FROM counted", counted=relation)["n"][0].as_py())
