"""Spark: the same statements on many machines, for records that outgrow one (extra `spark`, Java 17).

The result of each statement is written to `work`: a machine that fails takes no more with it than its current task, and
the next statement is planned on a file, not on all that led to it, which for small tables took longer than running it.
"""

import os
import re
import shutil
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from hubrank.core.errors import StudyError
from hubrank.core.tables import Relation
from hubrank.engines.spark import streams
from hubrank.engines.uses import Uses

BATCH_ROWS = 20_000  # rows that go to Python at a time
SETTINGS = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH_ROWS),
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # a sum that does not fit 64 bits is an error, never another number
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
PASSED_ON = ("HUBRANK_CACHE", "HUBRANK_SHARED", "PYTHONPATH")  # of this environment, to Python on other machines


class SparkEngine:
    """One Spark session whose results are data frames.

    master : where Spark runs: `local[2]`, `spark://host:7077`, `yarn`, `k8s://…`; None takes what spark-defaults say.
    work : a folder that all machines see, for intermediate results.
    memory : of each executor and of this process, such as "4GB"; Spark's own default where none is given.
    """

    def __init__(self, *, work: Path, master: str | None = None, memory: str | None = None) -> None:
        self._dialect = _extra("hubrank.engines.spark.dialect")
        with _quiet():
            self.session = _session(master, memory)
        self.session.sparkContext.setLogLevel("ERROR")
        self._work = work.absolute()
        self._frames: dict[str, Any] = {}
        self._uses = Uses()
        self._number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.stop()

    def _planned(self, frame: Any, reads: Iterable[Relation] = ()) -> Relation:  # noqa: ANN401 (a Spark data frame)
        self._number += 1
        result = Relation(f"r{self._number}")
        self._frames[result.name] = frame
        self._uses.planned(result.name, [relation.name for relation in reads])
        return result

    def _written(self, frame: Any) -> Relation:  # noqa: ANN401
        """Write a frame to Parquet: rows that are numbered in no order must not be numbered again."""
        self._number += 1
        result = Relation(f"r{self._number}")
        folder = (self._work / result.name).as_uri()
        with _quiet():
            frame.write.parquet(folder)
        self._frames[result.name] = self.session.read.schema(frame.schema).parquet(folder)
        return result

    def load(self, batches: Iterator[pa.Table], table_schema: pa.Schema) -> Relation:
        """Load Arrow tables of one schema; they pass through this process."""
        table = pa.concat_tables([table_schema.empty_table(), *batches]).combine_chunks()
        with _quiet():
            return self._planned(self.session.createDataFrame(_nullable(table)))

    def parquet(self, files: list[Path]) -> Relation:
        """Name Parquet files of one schema as a relation, without reading them yet."""
        return self._planned(self.session.read.parquet(*(file.absolute().as_uri() for file in files)))

    def numbered(self, files: Mapping[int, Path], column: str, where: str = "TRUE") -> Relation:
        """Name Parquet files of one schema as one relation.

        column : holds the number of each file; where : the condition that rows have to meet.
        """
        return self.stacked({number: self.parquet([file]) for number, file in files.items()}, column, where)

    def stacked(self, relations: Mapping[int | str, Relation], column: str, where: str = "TRUE") -> Relation:
        """Return the union of relations of the same columns, not read yet.

        column : holds the number or the plain name of each; where : the condition that rows have to meet.
        """
        from pyspark.sql.functions import lit  # noqa: PLC0415 (an extra)

        frames = [
            self._frames[part.name].where(where).withColumn(column, lit(name)) for name, part in relations.items()
        ]
        return self._planned(reduce(lambda one, other: one.unionByName(other), frames), relations.values())

    def run(self, sql: str, **relations: Relation) -> Relation:
        """Run one statement over the relations that it names; store the result."""
        return self._written(self._frame(sql, relations))

    def plan(self, sql: str, **relations: Relation) -> Relation:
        """Name one statement over the relations that it names; it is run whenever its rows are read."""
        return self._planned(self._frame(sql, relations), relations.values())

    def rows(self, sql: str, **relations: Relation) -> pa.Table:
        """Run one statement whose result is small and return it."""
        return _arrow(self._frame(sql, relations))

    def arrow(self, relation: Relation) -> pa.Table:
        """Return a relation as an Arrow table; in no promised order."""
        return _arrow(self._frames[relation.name])

    def batches(self, sql: str, **relations: Relation) -> pa.RecordBatchReader:
        """Run one statement and stream its result, part by part, in its order."""
        frame = self._frame(sql, relations).persist()
        schema = _arrow(frame.limit(0)).schema
        with _quiet():
            packed = frame.mapInArrow(streams.packed, "part binary")
        parts = packed.toLocalIterator(prefetchPartitions=False)
        return pa.RecordBatchReader.from_batches(schema, streams.unpacked(parts, schema))

    def map(self, relation: Relation, function: Callable[[pa.Table], pa.Table], table_schema: pa.Schema) -> Relation:
        """Apply a Python function to a relation on the machines that hold it."""

        def over(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            """Apply the function to each batch."""
            for batch in batches:
                yield from function(pa.Table.from_batches([batch])).to_batches()

        with _quiet():
            mapped = self._frames[relation.name].mapInArrow(over, _spark_schema(table_schema))
        return self._written(mapped)

    def each(self, numbers: int, function: Callable[[int], None]) -> None:
        """Call a function with 0, 1, 2 …, each a task of its own; a task that is lost is repeated."""

        def over(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            """Call the function with each number."""
            for batch in batches:
                for number in batch["id"].to_pylist():
                    function(number)
                yield batch

        with _quiet():
            self.session.range(0, numbers, 1, numbers).mapInArrow(over, "id long").count()

    def gathered(
        self,
        relation: Relation,
        column: str,
        function: Callable[[int, Iterator[pa.Table]], None],
        order: Sequence[str] = (),
    ) -> None:
        """Call a function with each value of a column and its rows, sorted and nulls last, each value in one task."""

        def over(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            """Call the function with each value and its rows."""
            for value, tables in streams.runs(batches, column):
                function(value, tables)
                yield pa.record_batch({"id": pa.array([value], pa.int64())})

        frame = self._frames[relation.name]
        many = max(1, frame.select(column).distinct().count())
        with _quiet():
            keys = [frame[name].asc_nulls_last() for name in (column, *order)]
            frame.repartition(many, column).sortWithinPartitions(*keys).mapInArrow(over, "id long").count()

    def drop(self, *relations: Relation) -> None:
        """Free the storage of relations, once nothing that is planned reads them any more."""
        for name, planned in self._uses.dropped(relation.name for relation in relations):
            self._frames.pop(name)
            if not planned:
                shutil.rmtree(self._work / name, ignore_errors=True)

    def _frame(self, sql: str, relations: Mapping[str, Relation]) -> Any:  # noqa: ANN401
        frames = {name: self._frames[relation.name] for name, relation in relations.items()}
        for name, frame in frames.items():
            frame.createOrReplaceTempView(name)
        return self.session.sql(self._dialect.translated(sql, {name: frame.columns for name, frame in frames.items()}))


def _arrow(frame: Any) -> pa.Table:  # noqa: ANN401
    with _quiet():
        return _nullable(frame.toArrow())


def _extra(name: str) -> Any:  # noqa: ANN401 (a module)
    """Return a module of the extra. Raises StudyError where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        raise StudyError(
            "--engine spark needs the extra: pip install 'hubrank[spark]', and Java 17 or later."
        ) from None


def _session(master: str | None, memory: str | None) -> Any:  # noqa: ANN401
    sql = _extra("pyspark.sql")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = sql.SparkSession.builder.appName("hubrank")
    settings = dict(SETTINGS)
    settings |= {f"spark.executorEnv.{name}": os.environ[name] for name in PASSED_ON if name in os.environ}
    if memory:
        spelled = memory.upper().removesuffix("B").replace(" ", "").lower()
        settings |= {"spark.driver.memory": spelled, "spark.executor.memory": spelled}
    if master:
        builder = builder.master(master)
        if master.startswith("local"):
            threads = re.search(r"\d+", master)
            settings["spark.sql.shuffle.partitions"] = threads[0] if threads else str(os.cpu_count())
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        reason = str(error).strip().partition("\n")[0]
        raise StudyError(
            f"Spark does not start: {reason}. It needs Java 17 or later (java, or JAVA_HOME) and a reachable master."
        ) from error


def _spark_schema(table_schema: pa.Schema) -> Any:  # noqa: ANN401
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 (an extra)

    return from_arrow_schema(_nullable(table_schema.empty_table()).schema)


def _nullable(table: pa.Table) -> pa.Table:
    """Return a table as DuckDB does: any column may hold nulls, no metadata."""
    return table.cast(pa.schema([pa.field(field.name, field.type) for field in table.schema]))


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence warnings about pandas 3, which is not used here, and about the network that Spark looks at."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
        yield
