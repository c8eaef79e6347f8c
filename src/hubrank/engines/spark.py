"""Spark: a function called in tasks on many machines, which make the shards that one machine would take long over.

What follows the shards is small (some seven bytes a listing) and runs in DuckDB wherever the run was started.
"""

import os
import pickle
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Self

import pyarrow as pa

from hubrank.core.errors import DataError, HubrankError, StudyError

SETTINGS = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1",  # one item of a task at a time
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
SHARDS = "HUBRANK_SHARDS"
PASSED_ON = (  # of this environment, to Python on other machines; no credentials: they would be in Spark's settings
    *("HUBRANK_CACHE", SHARDS, "PYTHONPATH"),
    *("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_SKIP_SIGNATURE"),
)


class SparkTasks:
    """One Spark session.

    master : where Spark runs: `local[2]`, `spark://host:7077`, `yarn`, `k8s://…`; None takes what spark-defaults say.

    Raises StudyError where Spark is not installed or does not start.
    """

    def __init__(self, master: str | None = None) -> None:
        with _quiet():
            self._session = _session(master)
        self._session.sparkContext.setLogLevel("ERROR")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.stop()

    def each(self, items: int, function: Callable[[int], None]) -> None:
        """Call a function with 0, 1, 2 …, each in a task of its own; a task that is lost is repeated.

        Raises the HubrankError of the lowest number as the function raised it, once all tasks have ended.
        """

        def over(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            """Call the function with each number; return what it raised."""
            for batch in batches:
                faults = [_fault(function, number) for number in batch["id"].to_pylist()]
                yield batch.append_column("fault", pa.array(faults, pa.binary()))

        with _quiet():
            done = self._session.range(0, items, 1, items).mapInArrow(over, "id long, fault binary").toArrow()
        for row in done.sort_by("id").to_pylist():
            if row["fault"] is not None:
                raise pickle.loads(row["fault"])  # noqa: S301 (written by our own task)


def _fault(function: Callable[[int], None], number: int) -> bytes | None:
    """Call a function; return the HubrankError that it raises, which Spark would turn into one of its own."""
    try:
        function(number)
    except HubrankError as error:
        return pickle.dumps(error)
    except OSError as error:
        named = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        return pickle.dumps(DataError(f"{named}. A machine of the cluster does not see the file, or its disk is full."))
    return None


def _session(master: str | None) -> Any:  # noqa: ANN401 (an optional library without types)
    try:
        sql = import_module("pyspark.sql")
    except ImportError:
        raise StudyError(
            "--engine spark needs the extra: pip install 'hubrank[spark]', and Java 17 or later."
        ) from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = sql.SparkSession.builder.appName("hubrank")
    # Java keeps the environment that it started with: a bucket that an earlier run named must not stay.
    passed = {SHARDS: "", **{name: os.environ[name] for name in PASSED_ON if name in os.environ}}
    environment = {f"spark.executorEnv.{name}": value for name, value in passed.items()}
    for name, value in (SETTINGS | environment).items():
        builder = builder.config(name, value)
    if master:
        builder = builder.master(master)
    try:
        return builder.getOrCreate()
    except Exception as error:
        reason = str(error).strip().partition("\n")[0]
        raise StudyError(
            f"Spark does not start: {reason}. It needs Java 17 or later (java, or JAVA_HOME) and a reachable master."
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence warnings about pandas 3, which is not used here, and about the network that Spark looks at."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
        yield
