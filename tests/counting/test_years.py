"""Editions of one source with the same years read it once; the window takes its part when records are counted."""

import csv
import json

import pytest

from fixtures_editions import without_pages
from hubrank.analysis.verify import verify
from hubrank.core.errors import StudyError
from hubrank.core.units import UNIT
from hubrank.counting import shard_files
from hubrank.study import study_file

STUDY = """
title = "A test"
edition = "1"
[windows]
patents = {window}
[[sources]]
metric = "patents"
reader = "table"
files = "patents*.csv"
columns = {{ record = "id", listing = "no", year = "year", lat = "lat", lon = "lon" }}
{years}
[geocoding]
use = ["coordinates"]
[clusters]
min_listings = 2
"""
PARIS, TOKYO, SYDNEY = (48.85, 2.35), (35.68, 139.69), (-33.87, 151.2)
ROWS = [
    *((f"p{i}", 1, 2010 + i % 6, *PARIS) for i in range(12)),
    *((f"t{i}", 1, 2012, *TOKYO) for i in range(5)),
    # one record whose listings the window 2011–2013 cuts: a third each before, a third each after
    ("cut", 1, 2010, *SYDNEY),
    ("cut", 2, 2012, *TOKYO),
    ("cut", 3, 2013, *PARIS),
    # a record given in two files, of which the later copy counts; one copy of another year than the window's
    ("twice", 1, 2012, *TOKYO),
    ("bad", 1, "soon", *TOKYO),
]
COPY = [("twice", 1, 2014, *SYDNEY)]


def run_study(folder, name, window, years=""):
    for file, rows in (("patents-a.csv", ROWS), ("patents-b.csv", COPY)):
        with (folder / file).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([["id", "no", "year", "lat", "lon"], *rows])
    path = folder / f"{name}.toml"
    path.write_text(STUDY.format(window=window, years=years))
    return without_pages(path, folder / name)


def content(edition):
    """Return what an edition holds, without its study and the hashes of files that repeat it."""
    tables = {path.name: edition.table(path.stem).to_pylist() for path in (edition.folder / "tables").glob("*.parquet")}
    manifest = json.loads((edition.folder / "edition.json").read_text("utf-8"))
    return tables | {name: manifest[name] for name in ("sources", "metrics", "threshold_listings", "clusters")}


def test_the_window_takes_its_part_of_the_years_as_if_no_more_had_been_read(tmp_path):
    for first, last in ((2011, 2013), (2010, 2010), (2012, 2015)):
        narrow = run_study(tmp_path, f"narrow{first}", [first, last])
        wide = run_study(tmp_path, f"wide{first}", [first, last], "years = [2009, 2016]\n[sources.options]")
        assert content(narrow) == content(wide)


def test_a_record_that_the_window_cuts_weighs_one_record_again(tmp_path):
    edition = run_study(tmp_path, "edition", [2011, 2013], "years = [2009, 2016]")
    units = {
        row["listing_no"]: row["units"] for row in edition.table("located").to_pylist() if row["record_key"] == "cut"
    }
    assert units == {2: 500_000_000, 3: 500_000_000}
    (source,) = edition.manifest["sources"]
    # 12 + 5 + 3 + 1 + 1 + 1 rows in two files: 6 of Paris, "cut" 1 and the copy of 2014 lie outside, "soon" is no year
    assert (source["rows_read"], source["rows_kept"], sum(source["set_aside"].values())) == (23, 14, 1)
    assert source["out_of_scope"] == {"outside the window": 8}
    assert not verify(edition.folder).faults


def test_editions_with_the_same_years_share_what_was_read(tmp_path):
    run_study(tmp_path, "one", [2010, 2012], "years = [2010, 2014]")
    read = sorted(path.name for path in shard_files.shard_folder().iterdir())
    run_study(tmp_path, "two", [2012, 2014], "years = [2010, 2014]")
    assert sorted(path.name for path in shard_files.shard_folder().iterdir()) == read
    run_study(tmp_path, "three", [2012, 2014])
    assert len(list(shard_files.shard_folder().iterdir())) == 2 * len(read)


@pytest.mark.parametrize(
    ("years", "windows", "message"),
    [
        (
            "[2011, 2013]",
            "[windows]\npatents = [2010, 2013]",
            "reads 2011 to 2013, which does not include its window 2010",
        ),
        ("[2011, 2013]", "", r"names years but \[windows\] has none"),
        ("[2013, 2011]", "[windows]\npatents = [2012, 2012]", "reads 2013 to 2011, which does not include"),
    ],
)
def test_years_that_do_not_hold_the_window_are_an_error(tmp_path, years, windows, message):
    path = tmp_path / "study.toml"
    text = STUDY.replace("[windows]\npatents = {window}", windows).format(years=f"years = {years}")
    path.write_text(text)
    with pytest.raises(StudyError, match=message):
        study_file.read(path)


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_no_order_of_the_rows_of_a_family_changes_what_is_counted_in_a_window(tmp_path, order):
    rows = [(f"f{i}", 1, year, *(PARIS, TOKYO)[i % 2]) for i in range(6) for year in (2010, 2012)]
    rows = sorted(rows, key=lambda row: row[2], reverse=order == "descending")
    with (tmp_path / "patents.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["id", "no", "year", "lat", "lon"], *rows])
    path = tmp_path / "study.toml"
    path.write_text(STUDY.format(window=[2011, 2013], years="years = [2009, 2014]"))
    edition = without_pages(path, tmp_path / "out")
    (metric,) = json.loads((edition.folder / "edition.json").read_text("utf-8"))["metrics"].values()
    assert metric["listings"] == 6
    assert edition.table("measures")["units"].to_pylist() == [3 * UNIT, 3 * UNIT]
