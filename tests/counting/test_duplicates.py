"""Records that stand in several shards are found by their hashes."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubrank.core.errors import CheckFailed
from hubrank.core.units import UNIT
from hubrank.counting import duplicates
from hubrank.counting.places import Places

NOWHERE = 9  # the address of a row without coordinates
SPOTS = Places(*np.tile(np.arange(1, 5), (3, 1)), pa.nulls(4, pa.string()))  # where the others are


def shard(folder, copies):
    """Write a shard: of each copy of a record two rows, the first of which says that a record begins."""
    folder.mkdir()
    return written(folder, [(key, records, UNIT // 2, 1) for key in copies for records in (1, 0)])


def written(folder, rows, versions=()):
    """Write rows of key, records, units and spot. versions : of the copies of the rows; all one by default."""
    names = {"record_key": "string", "records": "int64", "units": "int64", "address_key": "int64"}
    rows = [(*row, NOWHERE if spot is None else spot) for *row, spot in rows]
    columns = zip(*rows, strict=True) if rows else [[]] * 4
    schema = pa.schema(names)
    table = pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema)
    versions = pa.array(versions or [0] * len(table), pa.int64())
    table = table.append_column("record_version", versions)
    for name, same in (
        ("count", 1),
        ("record_units", UNIT),
        ("source_file", "a.csv"),
        ("source_row", 2),
    ):
        table = table.append_column(
            name, pa.array([same] * len(table), pa.string() if name == "source_file" else pa.int64())
        )
    pq.write_table(table, folder / "l")
    duplicates.write_hashes(folder, folder / "l", duplicates.pieces(folder / "l", SPOTS))
    return folder, folder / "l"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from("abcdefghijklmnopq"), max_size=8), max_size=4), st.integers(1, 9))
def test_records_that_stand_twice_are_found_however_few_hashes_fit_memory(tmp_path_factory, shards, at_once):
    folder = tmp_path_factory.mktemp("shards")
    files = [shard(folder / str(number), copies) for number, copies in enumerate(shards)]
    twice = {key for key, copies in Counter(key for copies in shards for key in copies).items() if copies > 1}
    assert set(duplicates.suspects(files, at_once)["record_key"].to_pylist()) == twice


def test_two_records_of_one_hash_are_both_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(duplicates, "hashes", lambda texts: np.full(len(texts), 7, np.uint64))
    files = [shard(tmp_path / "a", ["r"]), shard(tmp_path / "b", ["s"])]
    assert sorted(duplicates.suspects(files)["record_key"].to_pylist()) == ["r", "s"]


def test_a_shard_without_its_hashes_is_an_error(tmp_path):
    files = [shard(tmp_path / "a", ["r"])]
    (tmp_path / "a" / duplicates.FILE).unlink()
    with pytest.raises(FileNotFoundError):
        duplicates.suspects(files)


FINE = [
    ("a", 1, UNIT - 5, 1),
    ("a", 0, 5, 2),
    ("b", 3, 3 * UNIT, 3),
    ("b", 0, 0, None),
    ("b", 0, 0, 4),
    ("c", 1, 0, None),
]


def test_records_that_weigh_what_they_should_are_kept(tmp_path):
    assert duplicates.suspects([written(tmp_path, FINE)]).num_rows == 0


@pytest.mark.parametrize(
    "rows",
    [
        [("a", 1, UNIT - 1, 1), ("b", 1, UNIT + 1, 1)],
        [("a", 2, UNIT, 1), ("b", 1, 2 * UNIT, 1)],
        [("a", 1, 0, 1), ("b", 1, UNIT, None)],
        [*FINE, ("c", 0, 1, None)],
    ],
)
def test_a_record_that_weighs_too_little_stops_the_run_even_where_another_makes_up_for_it(tmp_path, rows):
    with pytest.raises(CheckFailed, match="do not weigh what they should"):
        written(tmp_path, rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.lists(st.sampled_from("abcdefghijk"), max_size=6), max_size=2), max_size=3), st.integers(1, 9)
)
def test_ids_that_an_earlier_source_has_are_counted_however_few_hashes_fit_memory(tmp_path_factory, sources, at_once):
    folder = tmp_path_factory.mktemp("sources")
    files = [
        [shard(folder / f"{source}-{number}", copies) for number, copies in enumerate(shards)]
        for source, shards in enumerate(sources)
    ]
    before = set()
    for shards, (count, examples) in zip(sources, duplicates.in_earlier(files, at_once), strict=True):
        ids = {key for copies in shards for key in copies}
        assert (count, len(examples)) == (len(ids & before), min(len(ids & before), 3))
        assert set(examples) <= ids & before
        before |= ids


@pytest.mark.parametrize(
    ("copies", "contiguous"),
    [
        ("", True),
        ("a0", True),
        ("a0 a0 b0 c0", True),
        ("a0 a1 a1 b0", True),
        ("a0 b0 b0 a1 a1", True),
        ("a0 b0 a0", False),
        ("a0 a1 a0 b0", False),
    ],
)
@pytest.mark.parametrize("rows", [1, 2, 500_000])
def test_a_shard_says_whether_the_rows_of_each_copy_follow_each_other(tmp_path, monkeypatch, copies, contiguous, rows):
    monkeypatch.setattr(duplicates, "ROWS", rows)  # at a time
    named = copies.split()
    listings = [(copy[0], int(copy not in named[:at]), 0, None) for at, copy in enumerate(named)]
    folder, file = written(tmp_path, listings, [int(copy[1]) for copy in named])
    assert duplicates.write_hashes(folder, file, duplicates.pieces(file, SPOTS)) == (0, contiguous)
