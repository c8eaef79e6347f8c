"""Every row is accounted for, whatever the order in which its listings come."""

import csv
import random
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

from hubrank.core.errors import CheckFailed
from hubrank.engines.duckdb import DuckEngine
from hubrank.sources.account import Account, YearCounter, by_year, expect_all

SCHEMA = pa.schema([("source_file", pa.string()), ("source_row", pa.int64()), ("year", pa.int32())])
WALK = [("a", 2, 2020), ("a", 2, 2020), ("a", 3, None), ("a", 9, 2019), ("b", 1, 2020), ("b", 2, 2021), ("b", 2, 2021)]


def tables(rows, sizes):
    """Cut rows into tables of the given sizes; the last takes the rest."""
    cut = [rows[sum(sizes[:n]) : sum(sizes[:n]) + size] for n, size in enumerate([*sizes, len(rows)])]
    return [pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in part], SCHEMA) for part in cut]


def watched(rows, sizes):
    watch = YearCounter()
    for table in tables(rows, sizes):
        watch.count(table)
    return watch


def grouped(rows, folder):
    with DuckEngine(spill=folder, threads=1) as engine:
        return by_year(engine.load(iter(tables(rows, [])), SCHEMA), engine)


@pytest.mark.parametrize("sizes", [[4], [1, 3], [1, 1, 1, 1, 1, 1], [2, 2, 0, 1]])
def test_rows_in_order_are_counted_as_they_pass(sizes, tmp_path):
    watch = watched(WALK, sizes)
    assert not watch.given_up
    assert watch.years() == [(2019, 1), (2020, 2), (2021, 1), (None, 1)] == grouped(WALK, tmp_path)


@pytest.mark.parametrize(
    ("rows", "sizes"),
    [
        ([("a", 2, 2020), ("a", 1, 2020)], []),
        ([("a", 2, 2020), ("a", 1, 2020)], [1]),
        ([("a", 1, 2020), ("b", 1, 2020)], []),
        ([("a", 1, 2020), ("b", 1, 2020), ("a", 1, 2020)], [1, 1]),
        ([("a", 1, 2020), ("a", 1, 2021)], []),
        ([("a", 1, 2020), ("a", 1, None)], [1]),
    ],
    ids=["backwards", "backwards over a cut", "two files in one", "a file again", "two years", "two years over a cut"],
)
def test_rows_in_another_order_are_left_to_the_engine(rows, sizes):
    assert watched(rows, sizes).given_up


def test_real_rounds_are_counted_as_ten_lines_of_csv_count_them(shared, tmp_path):
    path = Path(shared, "data", "deals", "crunchbase-2013-10", "crunchbase-rounds.csv")
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        years = [int(row["funded_at"][:4]) if row["funded_at"][:4].isdigit() else None for row in csv.DictReader(file)]
    rows = [("rounds", line, year) for line, year in enumerate(years, start=2)]
    rng = random.Random(5)
    watch = watched(rows, [rng.randrange(1, 5000) for _ in range(9)])
    assert not watch.given_up
    assert dict(watch.years()) == Counter(years) == dict(grouped(rows, tmp_path))


def test_a_row_that_is_lost_or_counted_twice_is_an_error():
    account = Account(rows_read=10, out_of_scope={"outside the window": 2}, set_aside={"no date": 1})
    expect_all([(2020, 6), (None, 1)], account, "deals (table)")
    for rows_kept in (6, 8):
        with pytest.raises(CheckFailed, match=r"deals \(table\): 10 rows read, but [68] kept \+ 3 out of scope"):
            expect_all([(2020, rows_kept)], account, "deals (table)")
