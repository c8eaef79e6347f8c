"""Columns of counts that are called by what is counted and a year are those of one metric, each of its year."""

import pytest

from analysis.test_new_study import written
from hubrank.analysis import new_study
from hubrank.core.errors import DataError


def write(tmp_path, text):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "table.csv").write_text(text, "utf-8")
    return folder


def test_counts_whose_names_end_in_years_are_a_source_for_each_year(tmp_path):
    folder = write(tmp_path, "City,deals 2022,deals 2023,share 2022,share 2023\nParis,3,4,30,40\nLyon,5,6,70,60\n")
    new, _, study = written(folder, tmp_path)
    assert [source["columns"] for source in study["sources"]] == [
        {"city": "City", "year": {"value": year}, "count": f"deals {year}"} for year in (2022, 2023)
    ]
    assert {source["metric"] for source in study["sources"]} == {"deals"}
    assert study["windows"] == {"deals": [2022, 2023]}
    assert [size.listings for size in new.sizes] == [8, 10]
    assert new.drafts.sources[0].unused == ("share 2022", "share 2023")


def test_of_two_groups_of_years_the_first_is_counted_and_the_other_named(tmp_path):
    folder = write(tmp_path, "City,Patents 2022,Papers 2022,Patents 2023,Papers 2023\nParis,3,4,5,6\nLyon,7,8,9,10\n")
    new, _, study = written(folder, tmp_path)
    assert [source["columns"]["count"] for source in study["sources"]] == ["Patents 2022", "Patents 2023"]
    (note,) = [note for note in new.drafts.sources[0].notes if "Papers" in note]
    assert note.startswith("'Papers 2022', 'Papers 2023' are counts of years as well, and not used")


def test_sums_of_records_with_ids_are_no_counts_of_years(tmp_path):
    folder = write(tmp_path, "Deal id,City,Paid 2022,Paid 2023\nD1,Paris,300,400\nD2,Lyon,500,600\n")
    _, _, study = written(folder, tmp_path)
    assert [source["columns"] for source in study["sources"]] == [{"city": "City", "record": "Deal id"}]


def test_shares_of_years_are_no_counts(tmp_path):
    folder = write(tmp_path, "City,share 2022,share 2023\nParis,30,40\nLyon,70,60\n")
    with pytest.raises(DataError, match="nothing to count"):
        new_study.write(folder, tmp_path / "new.toml")
