"""The demonstration's two editions compared: what the new metric moved is shown as method."""

import pytest

from hubrank.analysis.comparison import compare


@pytest.fixture(scope="module")
def rows(demo):
    return compare(demo / "2024", demo / "2025").table.to_pylist()


@pytest.mark.parametrize(("city", "rank"), [("London", 8), ("Singapore", 16)])
def test_the_rise_of_singapore_and_london_is_method(rows, city, rank):
    (row,) = [row for row in rows if row["cluster"] == city]
    assert row["rank"] == rank
    assert row["move"] >= 10
    assert abs(row["method"] - row["move"]) <= 1
    assert row["score_method_pct"] > 10 * abs(row["score_data_pct"])
    assert abs(row["change"]) <= 1, "like for like it hardly moved"


def test_the_new_first_place_is_method(rows):
    first = rows[0]
    assert (first["cluster"].split("–")[0], first["rank_before"], first["method"]) == ("Shenzhen", 2, 1)
    assert first["previous_rank"] == 1


def test_no_cluster_of_the_demonstration_is_lost_between_its_editions(rows):
    assert {row["kind"] for row in rows} == {"kept"}
    assert all(row["move"] == row["data"] + row["boundary"] + row["method"] for row in rows)
    assert sorted(row["rank_before"] for row in rows) == sorted(row["rank"] for row in rows)


def test_each_edition_of_the_demonstration_prints_its_note(demo):
    assert compare(demo / "2024", demo / "2025").note.startswith("SIMULATED")
