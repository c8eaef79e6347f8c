"""Records that stand in several shards are found by their hashes."""

from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubrank import repeats


def shard(folder, copies):
    """Write a shard: of each copy of a record two rows, the first of which says that a record begins."""
    folder.mkdir()
    rows = [{"record_key": key, "records": records} for key in copies for records in (1, 0)]
    pq.write_table(pa.Table.from_pylist(rows, pa.schema({"record_key": "string", "records": "int64"})), folder / "l")
    repeats.keep(folder, folder / "l")
    return folder, folder / "l"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from("abcdefghijklmnopq"), max_size=8), max_size=4), st.integers(1, 9))
def test_records_that_stand_twice_are_found_however_few_hashes_fit_memory(tmp_path_factory, shards, at_once):
    folder = tmp_path_factory.mktemp("shards")
    kept = [shard(folder / str(number), copies) for number, copies in enumerate(shards)]
    twice = {key for key, copies in Counter(key for copies in shards for key in copies).items() if copies > 1}
    assert set(repeats.suspects(kept, at_once)["record_key"].to_pylist()) == twice


def test_two_records_of_one_hash_are_both_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(repeats, "hashes", lambda texts: pa.array([7] * len(texts), pa.uint64()).to_numpy())
    kept = [shard(tmp_path / "a", ["r"]), shard(tmp_path / "b", ["s"])]
    assert sorted(repeats.suspects(kept)["record_key"].to_pylist()) == ["r", "s"]


def test_a_shard_without_its_hashes_is_an_error(tmp_path):
    kept = [shard(tmp_path / "a", ["r"])]
    (tmp_path / "a" / repeats.FILE).unlink()
    with pytest.raises(FileNotFoundError):
        repeats.suspects(kept)
