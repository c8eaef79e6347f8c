"""What the tables between the stages hold, and what engines, sources and geocoders promise.

One description of each column feeds the Parquet schema, the data dictionary and the checks (METHOD 12).
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from hubrank.core.units import WEIGHT_ONE


@dataclass(frozen=True, slots=True)
class Metric:
    """What is counted: "patents", counted in applications, each naming inventors."""

    name: str
    unit: str
    listing: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Arrow type, unit and meaning; `null` where it may be missing."""

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    null: bool = False


def schema(columns: tuple[Column, ...]) -> pa.Schema:
    """Return the Arrow schema of a table."""
    return pa.schema([pa.field(c.name, c.type, nullable=c.null) for c in columns])


_TEXT, _INT, _SMALL = pa.string(), pa.int64(), pa.int32()
_WHERE = (
    Column("lat_e7", _INT, "latitude (WGS 84)", "1e-7 degree"),
    Column("lon_e7", _INT, "longitude (WGS 84), from -180 inclusive to 180 exclusive", "1e-7 degree"),
)
_MAYBE_WHERE = tuple(Column(c.name, c.type, c.meaning, c.unit, null=True) for c in _WHERE)

ADDRESS = (
    *_MAYBE_WHERE,
    Column("institution_id", _TEXT, "ROR or OpenAlex id, as the source wrote it", null=True),
    Column("institution", _TEXT, "name of the institution, or an affiliation that holds it", null=True),
    Column("address", _TEXT, "free text", null=True),
    Column("city", _TEXT, "city as written", null=True),
    Column("region", _TEXT, "state, province or prefecture as written", null=True),
    Column("country", _TEXT, "country as written: ISO 2, ISO 3 or a name", null=True),
)

LISTING = (
    Column("record_key", _TEXT, "the record: its id in the source, or a hash of its canonical row and an ordinal"),
    Column("listing_no", _SMALL, "the listing in its record: the source's sequence number"),
    Column("copy", _INT, "line of the record where a line is a whole record, else 0: tells copies in one file apart"),
    Column("date", _TEXT, "ISO date of this version of the record, to choose between copies", null=True),
    Column("year", _SMALL, "year that decides the window", null=True),
    Column("weight", _INT, f"part of the record, relative to its other listings; {WEIGHT_ONE} is one whole listing"),
    Column("count", _INT, "how many records this row stands for (1, or more in pre-aggregated tables)"),
    *ADDRESS,
    Column(
        "organisations",
        pa.list_(_TEXT),
        "organisations of the listing where the source tells them apart, else of the record",
        null=True,
    ),
    Column("field", _TEXT, "first field of the record", null=True),
    Column("source_file", _TEXT, "file, relative to the study"),
    Column("source_row", _INT, "line, or number of the document, in that file"),
)

SET_ASIDE = (
    Column("metric", _TEXT, "metric of the source"),
    Column("source_file", _TEXT, "file, relative to the study"),
    Column("source_row", _INT, "line, or number of the document, in that file"),
    Column("reason", _TEXT, "why the row could not be used"),
    Column("field", _TEXT, "the offending field"),
    Column("value", _TEXT, "what stood there, cut to 200 characters", null=True),
)

_PLACE = pa.struct(
    [
        ("lat_e7", pa.int64()),
        ("lon_e7", pa.int64()),
        ("gazetteer_id", pa.int64()),
        ("economy", pa.string()),
        ("probability_pm", pa.int32()),
    ]
)

ANSWER = (
    *_MAYBE_WHERE,
    Column("precision", _TEXT, "site, institution, city, region or country", null=True),
    Column("evidence", _TEXT, "kinds of evidence that name the place: coordinates, institutions, names …", null=True),
    Column("probability_pm", _SMALL, "probability that the address lies within 15 km", "per mille", null=True),
    Column("gazetteer_id", _INT, "GeoNames id", null=True),
    Column("economy", _TEXT, "ISO 3166-1 alpha-2 code of the economy", null=True),
    Column("alternatives", pa.list_(_PLACE), "less likely places, at most three, the likeliest first", null=True),
)

PRECISIONS = ("site", "institution", "city", "region", "country")  # from fine to coarse

LISTING_SCHEMA = schema(LISTING)
ADDRESS_SCHEMA = schema(ADDRESS)
ANSWER_SCHEMA = schema(ANSWER)
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
        """Count rows that are fine but not asked for (type, year, field): no fault."""

    def set_aside(self, file: str, row: int, reason: str, field: str, value: object) -> None:
        """Keep one row that cannot be used: reason is a short phrase, the same for each such row."""


class Source(Protocol):
    """A module in `sources/`: how one file format becomes listings."""

    METRIC: Metric
    ROLES: tuple[str, ...]  # the first is the main one; others are joined to it
    OPTIONAL_ROLES: tuple[str, ...]
    WHOLE_RECORDS: bool  # True where all listings of a record stand in one main file
    Options: type[Any]  # a pydantic model: what may stand under [sources] options, with its defaults

    def read(self, files: Files, options: Any, ledger: Ledger) -> Iterator[pa.Table]:  # noqa: ANN401
        """Yield tables of LISTING_SCHEMA; raise DataError where a file cannot be used at all."""


class Geocoder(Protocol):
    """One step of geocoding."""

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
        """Name one statement; it is run whenever its rows are asked for."""

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
        """Give back the room that relations take."""

    def map(self, relation: Relation, function: Callable[[pa.Table], pa.Table], table_schema: pa.Schema) -> Relation:
        """Send a relation through a Python function in pieces."""


def rows_in(relation: Relation, engine: Engine) -> int:
    """Return how many rows a relation has."""
    return int(engine.rows("SELECT COUNT(*) AS n FROM counted", counted=relation)["n"][0].as_py())
