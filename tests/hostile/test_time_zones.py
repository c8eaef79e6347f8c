"""The time zone of the machine decides nothing: a time with a zone has its day in UTC, one without has its own."""

import datetime as dt
import os
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubrank.engines.duckdb import DuckEngine

EASTERN = dt.timezone(dt.timedelta(hours=14))
# The last second of 2020 in UTC, and the first of 2021, as a clock 14 hours ahead shows them.
TIMES = [dt.datetime(2021, 1, 1, 13, 59, 59, tzinfo=EASTERN), dt.datetime(2021, 1, 1, 14, 0, 0, tzinfo=EASTERN)]
READ = """
import sys
from pathlib import Path
from hubrank.core.tables import Files
from hubrank.sources import table
from hubrank.sources.ledger import RowLedger
for path in map(Path, sys.argv[1:]):
    for columns in ({"record": "id"}, {}):
        options = table.Options(columns=columns | {"date": "filed", "lat": "lat", "lon": "lon"})
        for batch in table.read(Files((path,), {}, {}), options, RowLedger()):
            print(batch.select(["record_key", "year", "date"]).to_pylist())
"""


def write(path, kind, times):
    filed = pa.array(times, kind)
    pq.write_table(pa.table({"id": ["a", "b"], "filed": filed, "lat": [48.85] * 2, "lon": [2.35] * 2}), path)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_zone_of_the_machine_decides_neither_a_year_nor_a_record(tmp_path, zone):
    write(tmp_path / "zoned.parquet", pa.timestamp("us", "Asia/Tokyo"), TIMES)
    write(
        tmp_path / "bare.parquet", pa.timestamp("s"), [time.astimezone(dt.UTC).replace(tzinfo=None) for time in TIMES]
    )
    command = [sys.executable, "-c", READ, str(tmp_path / "zoned.parquet"), str(tmp_path / "bare.parquet")]
    answers = [
        subprocess.run(command, env=os.environ | {"TZ": name}, capture_output=True, text=True, check=True).stdout
        for name in (zone, "UTC")
    ]
    assert answers[0] == answers[1]
    assert answers[0].count("'year': 2020, 'date': '2020-12-31'") == 4
    assert answers[0].count("'year': 2021, 'date': '2021-01-01'") == 4


def test_the_engine_that_counts_is_in_utc(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    with DuckEngine(spill=tmp_path) as engine:
        assert engine.rows("SELECT current_setting('TimeZone') AS zone").to_pylist() == [{"zone": "UTC"}]
