"""The members of clusters are dropped when they are no longer needed, also after an error."""

import numpy as np
import pyarrow as pa
import pytest

from hubrank.clustering import record_clusters
from hubrank.clustering.record_clusters import members_for_labels
from hubrank.core.errors import CheckFailed
from hubrank.counting.points import Sites
from hubrank.engines.duckdb import DuckEngine

E7 = 10_000_000
ROUNDED = pa.table(
    {
        "metric": ["patents"],
        "record_key": ["r"],
        "lat_e7": [48 * E7],
        "lon_e7": [2 * E7],
        "units": [5],
        "count": [1],
        "record_units": [5],
    }
)


def stored(engine):
    return set(engine.rows("SELECT table_name FROM duckdb_tables()")["table_name"].to_pylist())


def test_no_relation_is_left_after_an_error(tmp_path, monkeypatch):
    one = np.array([[1]])
    sites = Sites(ROUNDED["lat_e7"].to_numpy(), ROUNDED["lon_e7"].to_numpy(), one, one, ("patents",))
    label = np.zeros(1, np.int32)
    with DuckEngine(spill=tmp_path / "spill", threads=1) as engine:
        rounded = engine.load(iter([ROUNDED]), ROUNDED.schema)
        before = stored(engine)
        with pytest.raises(CheckFailed), members_for_labels(rounded, sites, label, engine):
            raise CheckFailed("the rest of the work fails")
        assert stored(engine) == before
        monkeypatch.setattr(record_clusters, "MEMBERS", "SELECT no_column FROM rounded")
        with pytest.raises(Exception, match="no_column"), members_for_labels(rounded, sites, label, engine):
            pass
        assert stored(engine) == before
