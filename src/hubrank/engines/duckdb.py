"""DuckDB: in-process, spills to disk, keeps to a memory limit."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Self, TypeVar

import duckdb
import pyarrow as pa

from hubrank.core.errors import StudyError
from hubrank.core.memory import machine_bytes
from hubrank.core.processes import cores
from hubrank.core.tables import Relation
from hubrank.engines.uses import Uses

Result = TypeVar("Result")
IN_PLACE_BYTES = 128 << 20  # of Arrow tables: a million listings
BATCH_ROWS = 122_880  # a row group of DuckDB
UTC = "SET GLOBAL TimeZone = 'UTC'"  # not the zone of the machine: it would decide the day and year of some rows
RUN_BYTES = 2 << 30  # that a run is laid out for, or a quarter of the machine, if that is less
MOST_THREADS = 256  # the system may refuse more, which would end this process
_MEMORY = re.compile(r"\s*(?!0+(\.0*)?\s*[a-zA-Z])\d+(\.\d+)?\s*[a-zA-Z]+\s*")
_NO_MEMORY = "memory is {!r}; give a number with its unit, such as 4GB or 500MB."
_TOO_LITTLE = "--memory is {}, which is too little for these records even on one thread; give more."
FEW = 255  # texts whose code fits a byte
RELEASE_MEMORY = {
    "allocator_flush_threshold": "8MB",
    "allocator_bulk_deallocation_flush_threshold": "8MB",
}  # 60 MB less


def default_memory() -> str:
    """Return what DuckDB may use where it is not told, in its words: half of what a run takes.

    The other half is for what a run has besides: the names of places, machine code, sites, pages, a second process.
    """
    return f"{min(RUN_BYTES, machine_bytes() // 4) // 2 >> 20}MiB"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one of several engines on this machine may use.

    spill : folder, in which each of them has its own for what does not fit into memory.
    """

    spill: Path
    memory: str
    threads: int


def without_bar(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep DuckDB from drawing a bar on stdout, as it does in processes that other ones start."""
    with suppress(duckdb.InvalidInputException):  # refused in a notebook without ipywidgets
        connection.execute("SET enable_progress_bar = false")


class DuckEngine:
    """One DuckDB connection whose results are temporary tables.

    memory : bytes, as DuckDB spells them ("4GB"), `default_memory` where none is given; what does not fit is spilled
        into `spill`.
    threads : at most so many; None takes every core.
    """

    def __init__(self, *, spill: Path, memory: str | None = None, threads: int | None = None) -> None:
        settings = {"temp_directory": str(spill), "preserve_insertion_order": "false", **RELEASE_MEMORY}
        settings["memory_limit"] = default_memory() if memory is None else memory
        if not _MEMORY.fullmatch(settings["memory_limit"]):
            raise StudyError(_NO_MEMORY.format(memory))
        if threads is not None:
            if not 1 <= threads <= max(MOST_THREADS, os.cpu_count() or 1):
                raise StudyError(f"threads is {threads:,}; give a number from 1 to {MOST_THREADS}.")
            settings["threads"] = str(threads)
        self._memory, self._threads, self._spill = settings["memory_limit"], threads, spill
        try:
            self._connection = duckdb.connect(":memory:", config=settings)
        except (duckdb.ParserException, duckdb.InvalidInputException):
            raise StudyError(_NO_MEMORY.format(memory)) from None
        self._connection.execute(UTC)
        without_bar(self._connection)
        self._number = 0
        self._uses = Uses()
        self._in_place: dict[str, pa.Table] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    @property
    def memory(self) -> str:
        """How much memory it may use, in DuckDB's words."""
        return self._memory

    @property
    def spill(self) -> Path:
        """The folder of what does not fit into memory, which other engines of the run have as well."""
        return self._spill

    @property
    def threads(self) -> int:
        """How many threads it may use."""
        return self._threads or cores()

    @property
    def memory_bytes(self) -> int:
        """How much memory it may use."""
        ((size,),) = self._connection.sql(f"SELECT parse_formatted_bytes('{self._memory}')").fetchall()
        return int(size)

    @contextmanager
    def shared(self, engines: int) -> Iterator[Limits]:
        """Leave this engine its part of its memory and threads for a while; give the limits of each of so many."""
        memory, threads = self._memory, self._threads
        limits = Limits(self._spill, f"{self.memory_bytes // engines}B", max(1, self.threads // engines))
        self._limit(limits.memory, limits.threads)
        yield limits
        self._limit(memory, threads)  # not after an error, as a result may still be open, and nothing follows

    def _limit(self, memory: str, threads: int | None) -> None:
        self._memory, self._threads = memory, threads
        self._connection.execute(f"SET memory_limit = '{memory}'")
        self._limit_threads()

    def _limit_threads(self) -> None:
        self._connection.execute("RESET threads" if self._threads is None else f"SET threads = {self._threads}")

    def _new(self) -> Relation:
        self._number += 1
        return Relation(f"r{self._number}")

    def load(self, batches: Iterator[pa.Table], table_schema: pa.Schema) -> Relation:
        """Load Arrow tables of one schema: read in place while they are small, else copied."""
        relation, tables, size = self._new(), [table_schema.empty_table()], 0
        for batch in batches:
            tables.append(batch)
            size += batch.nbytes
            if size > IN_PLACE_BYTES:
                self._insert(relation, chain(tables, batches))
                return relation
        self._in_place[relation.name] = pa.concat_tables(tables)
        pieces = self._in_place[relation.name].to_batches(BATCH_ROWS // 2)  # one for each thread at a time
        self._connection.register(relation.name, pa.Table.from_batches(pieces, table_schema))
        self._uses.planned(relation.name)
        return relation

    def in_place(self, relation: Relation) -> pa.Table | None:
        """Return the Arrow table that a relation is read from in place; None where it is in the database."""
        return self._in_place.get(relation.name)

    def _insert(self, relation: Relation, tables: Iterator[pa.Table]) -> None:
        """Copy tables into the database, which spills what does not fit."""
        for number, table in enumerate(tables):
            self._connection.register("incoming", table)
            verb = f"INSERT INTO {relation.name}" if number else f"CREATE TEMP TABLE {relation.name} AS"
            self._connection.execute(f"{verb} FROM incoming")
        self._connection.unregister("incoming")

    def parquet(self, files: list[Path]) -> Relation:
        """Name Parquet files of one schema as a relation, without reading them yet."""
        return self._scan(files, "*")

    def numbered(self, files: Mapping[int, Path], column: str, where: str = "TRUE") -> Relation:
        """Name Parquet files of one schema as one relation: one scan, which has few of them open at a time.

        column : holds the number of each file; where : the condition that rows have to meet.
        """
        number = f"[{', '.join(map(str, files))}][CAST(file_index AS BIGINT) + 1]"
        return self._scan([*files.values()], f"*, {number} AS {column}", where)

    def _scan(self, files: list[Path], columns: str, where: str = "TRUE") -> Relation:
        relation = self._new()
        listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
        scan = f"SELECT {columns} FROM read_parquet([{listed}]) WHERE {where}"
        self._connection.execute(f"CREATE TEMP VIEW {relation.name} AS {scan}")
        self._uses.planned(relation.name)
        return relation

    def stacked(self, relations: Mapping[int | str, Relation], column: str) -> Relation:
        """Return the union of relations of the same columns, unread; `column` holds the number or name of each."""
        relation = self._new()
        parts = [f"SELECT *, {name!r} AS {column} FROM {part.name}" for name, part in relations.items()]
        self._connection.execute(f"CREATE TEMP VIEW {relation.name} AS {' UNION ALL BY NAME '.join(parts)}")
        self._uses.planned(relation.name, [part.name for part in relations.values()])
        return relation

    def run(self, sql: str, **relations: Relation) -> Relation:
        """Run one statement over the relations that it names; store the result."""
        relation = self._new()
        self._name(relations)
        self._within_memory(lambda: self._connection.execute(f"CREATE TEMP TABLE {relation.name} AS {sql}"))
        return relation

    def plan(self, sql: str, **relations: Relation) -> Relation:
        """Name one statement over the relations that it names; it is run whenever its rows are read."""
        relation = self._new()
        named = ", ".join(f"{name} AS NOT MATERIALIZED (FROM {of.name})" for name, of in relations.items())
        self._connection.execute(f"CREATE TEMP VIEW {relation.name} AS WITH {named} FROM ({sql})")
        self._uses.planned(relation.name, [of.name for of in relations.values()])
        return relation

    def write(self, relation: Relation, path: Path, order: Sequence[str] = ()) -> None:
        """Write a relation to a Parquet file of the cache, sorted by columns, nulls last; else in no promised order."""
        rows = f"FROM {relation.name}" + (f" ORDER BY {', '.join(order)}" if order else "")
        quoted = str(path).replace("'", "''")
        copy = f"COPY ({rows}) TO '{quoted}' (FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd)"
        self._within_memory(lambda: self._connection.execute(copy))

    def rows(self, sql: str, **relations: Relation) -> pa.Table:
        """Run one statement whose result is small and return it."""
        self._name(relations)
        return self._within_memory(lambda: self._connection.sql(sql).to_arrow_table())

    def rows_in(self, relation: Relation) -> int:
        """Return how many rows a relation has."""
        return int(self.rows("SELECT COUNT(*) AS n FROM counted", counted=relation)["n"][0].as_py())

    def arrow(self, relation: Relation) -> pa.Table:
        """Return a relation as an Arrow table; in no promised order."""
        return self._within_memory(lambda: self._connection.sql(f"FROM {relation.name}").to_arrow_table())

    def batches(self, sql: str, **relations: Relation) -> pa.RecordBatchReader:
        """Run one statement and stream its result."""
        self._name(relations)
        return self._within_memory(lambda: self._connection.sql(sql).to_arrow_reader(BATCH_ROWS))

    def _within_memory(self, execute: Callable[[], Result]) -> Result:
        """Execute a statement; one that exceeds the memory limit is tried again on one thread, which takes less."""
        try:
            return execute()
        except duckdb.OutOfMemoryException:
            pass
        self._connection.execute("SET threads = 1")
        try:
            return execute()
        except duckdb.OutOfMemoryException:
            raise StudyError(_TOO_LITTLE.format(self._memory)) from None
        finally:
            self._limit_threads()

    def map(self, relation: Relation, function: Callable[[pa.Table], pa.Table], table_schema: pa.Schema) -> Relation:
        """Apply a Python function to a relation, a batch at a time."""
        pieces = self.batches(f"FROM {relation.name}")  # read to its end before anything else runs here
        mapped = self.load(iter([function(pa.Table.from_batches([piece])) for piece in pieces]), table_schema)
        return self._coded(mapped, [field.name for field in table_schema if pa.types.is_string(field.type)])

    def _coded(self, relation: Relation, columns: list[str]) -> Relation:
        """Store texts of columns that have few as codes, which sort as texts do: joins to them are written sooner."""
        codes = []
        for name in columns:
            distinct = f"SELECT DISTINCT {name} AS text FROM texts WHERE {name} IS NOT NULL LIMIT {FEW + 1}"
            texts = sorted(self.rows(distinct, texts=relation)["text"].to_pylist())
            if 0 < len(texts) <= FEW:
                listed = ", ".join("'" + text.replace("'", "''") + "'" for text in texts)
                codes.append(f"CAST({name} AS ENUM ({listed})) AS {name}")
        if not codes:
            return relation
        coded = self.run(f"SELECT * REPLACE ({', '.join(codes)}) FROM texts", texts=relation)
        self.drop(relation)
        return coded

    def drop(self, *relations: Relation) -> None:
        """Free the memory of relations, once nothing that is planned reads them any more."""
        for name, planned in self._uses.dropped(relation.name for relation in relations):
            self._connection.execute(f"DROP {'VIEW' if planned else 'TABLE'} IF EXISTS {name}")
            self._connection.unregister(name)
            self._in_place.pop(name, None)
        pa.default_memory_pool().release_unused()

    def _name(self, relations: dict[str, Relation]) -> None:
        for name, relation in relations.items():
            if name != relation.name:
                self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM {relation.name}")
