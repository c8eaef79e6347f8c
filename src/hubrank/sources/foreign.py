"""Readers of other packages: what they must have, and whether what they yield keeps the contract (METHOD 1).

Their faults are reported as theirs: with the package, its version and the line of its code.
"""

import traceback
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.metadata import EntryPoint, packages_distributions, version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.errors import CheckFailed, DataError, HubrankError, StudyError
from hubrank.core.tables import LISTING_SCHEMA, Ledger, Metric
from hubrank.core.units import WEIGHT_ONE
from hubrank.sources.options import ReaderOptions

_MEANINGS = "docs/reference/tables.md says what each column of a listing means"


def loaded(entry: EntryPoint, contract: tuple[str, ...]) -> Any:  # noqa: ANN401 (Source, once it is checked)
    """Load a reader of another package. Raises StudyError where it lacks a part of the contract, or has a wrong one."""
    where = f"The reader {entry.name!r} of another package ({entry.value})"
    try:
        reader = entry.load()
    except Exception as error:  # noqa: BLE001 (whatever a module of another package raises)
        raise StudyError(f"{where} cannot be loaded: {error}. Reinstall its package.") from None
    missing = [name for name in contract if not hasattr(reader, name)]
    if missing:
        raise StudyError(f"{where} lacks {', '.join(missing)}. A reader must have: {', '.join(contract)}.")
    if not (isinstance(reader.Options, type) and issubclass(reader.Options, ReaderOptions)):
        raise StudyError(f"{where}: its Options must be a subclass of hubrank.sources.options.ReaderOptions.")
    for name, expected, fits in (
        ("METRIC", "a hubrank.core.tables.Metric", isinstance(reader.METRIC, Metric)),
        ("LICENCE", "a text", isinstance(reader.LICENCE, str)),
        ("ROLES", "a tuple of texts, at least one", _are_roles(reader.ROLES) and reader.ROLES),
        ("OPTIONAL_ROLES", "a tuple of texts", _are_roles(reader.OPTIONAL_ROLES)),
        ("WHOLE_RECORDS", "True or False", isinstance(reader.WHOLE_RECORDS, bool)),
        ("read", "a function", callable(reader.read)),
    ):
        if not fits:
            raise StudyError(f"{where}: its {name} must be {expected} (found: {getattr(reader, name)!r}).")
    return reader


def _are_roles(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(role, str) for role in value)


def versions(module: str) -> list[str]:
    """Return name and version of the distributions to which the package of a reader's module belongs."""
    package = module.partition(".")[0]
    return sorted({f"{name} {version(name)}" for name in _distributions().get(package, [])})


@cache
def _distributions() -> Mapping[str, list[str]]:
    """Return the distributions of each package: once, as every installed file is looked at."""
    return packages_distributions()


def checked(read: Callable[[], Iterator[Any]], module: str, name: str) -> Iterator[pa.Table]:
    """Yield the tables that a reader of another package reads, each checked.

    module : where the reader is from; name : what a study calls it.

    Raises DataError for a table that is no table of LISTING_SCHEMA, and for what the reader itself raises.
    """
    where = f"The reader {name!r} of another package ({', '.join(versions(module)) or module})"
    try:
        for table in read():
            _expect_listings(table, where)
            yield table
    except HubrankError:
        raise
    except Exception as error:
        raise DataError(
            f"{where} failed{_at(error, module)}: {type(error).__name__}: {error}. This is a fault of the reader, or "
            f"of a file that it does not expect: report it to its authors."
        ) from error


def accounted(tables: Iterator[pa.Table], ledger: Ledger, name: str) -> Iterator[pa.Table]:
    """Pass tables on. Raises CheckFailed at the end where rows were kept and none was entered in the ledger as read."""
    before, rows = getattr(ledger, "rows_read", None), 0
    for table in tables:
        rows += table.unify_dictionaries().group_by(["source_file", "source_row"]).aggregate([]).num_rows
        yield table
    if rows and before is not None and getattr(ledger, "rows_read", None) == before:
        raise CheckFailed(
            f"The reader {name!r} of another package: 0 rows read, but {rows:,} kept. It has to call ledger.read() "
            f"once for each row; this is a fault of the reader: report it to its authors."
        )


def _at(error: Exception, module: str) -> str:
    """Return where in the package of a reader an error was raised, as far as that is known."""
    package = module.partition(".")[0]
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if package in Path(frame.filename).with_suffix("").parts
    ]
    return f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""


def _expect_listings(table: object, where: str) -> None:
    """Raise DataError where a table is no table of listings."""
    if fault := _fault(table):
        raise DataError(f"{where} yields {fault}. This is a fault of the reader: {_MEANINGS}.")


def _fault(table: object) -> str:
    """Return what is wrong with a table of listings, or nothing."""
    if not isinstance(table, pa.Table):
        return f"an object of type {type(table).__name__}, not a pyarrow.Table"
    if table.schema.names != LISTING_SCHEMA.names:
        lacks = [name for name in LISTING_SCHEMA.names if name not in table.column_names]
        more = [name for name in table.column_names if name not in LISTING_SCHEMA.names]
        parts = [f"{what} {', '.join(names)}" for what, names in (("lacks", lacks), ("has", more)) if names]
        difference = "; ".join(parts) or "another order"
        return f"a table with other columns than LISTING_SCHEMA ({difference}); row_checks.listings makes one"
    for field in LISTING_SCHEMA:
        if table[field.name].type != field.type:
            return f"{field.name} as {table[field.name].type}, not {field.type}; row_checks.listings casts it"
        if not field.nullable and table[field.name].null_count:
            return f"{table[field.name].null_count:,} of {len(table):,} listings without {field.name}"
    return _repeated_number(table)


def _repeated_number(table: pa.Table) -> str:
    """Return what is wrong where rows have the number of one listing and together weigh more than one listing."""
    keys = ["record_key", "record_version", "source_file", "source_row", "listing_no"]
    listings = table.unify_dictionaries().group_by(keys).aggregate([("weight", "sum"), ("weight", "count")])
    over = pc.and_(pc.greater(listings["weight_count"], 1), pc.greater(listings["weight_sum"], WEIGHT_ONE))
    for row in listings.filter(over).slice(0, 1).to_pylist():
        return (
            f"{row['weight_count']} rows with listing_no {row['listing_no']} of record {row['record_key']!r} "
            f"({row['source_file']}, row {row['source_row']}) that together weigh more than one listing; listings are "
            f"numbered, or share the weight of one"
        )
    return ""
