"""Rounding in SQL is the rounding of `sphere`, to the last unit."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubrank.core import sphere
from hubrank.counting.points import points, rounded
from hubrank.engines.duckdb import DuckEngine


def rounded_in_sql(lat, lon, step, folder):
    schema = pa.schema([("lat_e7", pa.int64()), ("lon_e7", pa.int64())])
    with DuckEngine(spill=folder) as engine:
        relation = engine.load(iter([pa.table({"lat_e7": lat, "lon_e7": lon}, schema)]), schema)
        rows = engine.arrow(rounded(relation, step, engine)).to_pylist()
    return {(row["exact_lat_e7"], row["exact_lon_e7"]): (row["lat_e7"], row["lon_e7"]) for row in rows}


@pytest.mark.parametrize(
    ("exact", "expected"),
    [
        ((50_000, 150_000), (100_000, 200_000)),  # half goes up
        ((-50_000, -150_000), (0, -100_000)),  # also below zero
        ((49_999, -50_001), (0, -100_000)),
        ((0, 1_799_960_000), (0, -1_800_000_000)),  # 180 is -180
        ((899_990_000, 1_234_567), (900_000_000, 0)),  # one pole, one longitude
        ((-900_000_000, 5), (-900_000_000, 0)),
    ],
)
def test_halves_go_up_the_date_line_has_one_name_and_so_has_a_pole(tmp_path, exact, expected):
    assert rounded_in_sql([exact[0]], [exact[1]], 100_000, tmp_path) == {exact: expected}


@given(
    st.lists(
        st.tuples(st.integers(-900_000_000, 900_000_000), st.integers(-1_800_000_000, 1_799_999_999)),
        min_size=1,
        max_size=50,
    ),
    st.sampled_from([1, 10_000, 100_000, 1_000_000, 10_000_000]),
)
def test_sql_rounds_as_numpy_does(tmp_path_factory, places, step):
    lat, lon = np.array(places, np.int64).T
    expected = sphere.round_to(lat, lon, step)
    result = rounded_in_sql(lat, lon, step, tmp_path_factory.mktemp("spill"))
    assert result == dict(zip(places, zip(*(e.tolist() for e in expected), strict=True), strict=True))


def test_points_add_up_what_lies_on_one_site(tmp_path):
    rows = [
        {"metric": "deals", "lat_e7": 0, "lon_e7": 0, "economy": "SG", "units": 3, "listings": 1},
        {"metric": "deals", "lat_e7": 0, "lon_e7": 0, "economy": "SG", "units": 2**62, "listings": 1},
        {"metric": "deals", "lat_e7": 0, "lon_e7": 0, "economy": "MY", "units": 1, "listings": 1},
    ]
    with DuckEngine(spill=tmp_path) as engine:
        table = pa.Table.from_pylist(rows)
        result = engine.arrow(points(engine.load(iter([table]), table.schema), engine))
    assert result.schema.field("units").type == pa.int64()
    assert sorted((row["economy"], row["units"], row["listings"]) for row in result.to_pylist()) == [
        ("MY", 1, 1),
        ("SG", 2**62 + 3, 2),
    ]


@pytest.mark.parametrize("step", [0, -1, 70_000, 1_800_000_000])
def test_a_step_that_rounds_a_pole_over_itself_is_refused(step):
    with pytest.raises(ValueError, match="does not divide 90 degrees"):
        sphere.round_to(np.array([0]), np.array([0]), step)
