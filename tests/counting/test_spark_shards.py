"""What the tasks of a Spark run leave in the cache before a shard is finished."""

from types import SimpleNamespace

from hubrank.core.intact import is_intact
from hubrank.core.tables import ADDRESS_ROW_SCHEMA
from hubrank.counting import spark_shards
from hubrank.counting.shard_files import shard_folder


def test_addresses_leave_the_folder_of_the_listings_intact(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBRANK_CACHE", str(tmp_path))
    shard = SimpleNamespace(key="a" * 16)
    folder = spark_shards._reading(shard)
    with spark_shards.atomic_cache_folder(folder) as draft:
        (draft / "listings.parquet").write_bytes(b"listings")
    spark_shards._write_addresses([shard], 0, iter([ADDRESS_ROW_SCHEMA.empty_table()]))
    assert is_intact(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["hashes.json", "listings.parquet"]
    assert len(list(shard_folder().glob(".addresses.*"))) == 1
