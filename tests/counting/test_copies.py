"""Which rows are copies of others, by hand: within a source only, up to 5 % of its rows (METHOD 1)."""

import csv
import random
import re

import pytest
from typer.testing import CliRunner

from fixtures_editions import without_pages
from hubrank import cli, pipeline
from hubrank.analysis.study_check import check
from hubrank.core.errors import DataError, StudyError
from hubrank.core.progress import no_progress
from hubrank.counting.shard_files import ALIKE

HEADER = ["id", "no", "day", "lat", "lon"]
PARIS, TOKYO = (48.85, 2.35), (35.68, 139.69)
STUDY = """
title = "A test"
edition = "1"
{sources}
[geocoding]
use = ["coordinates"]
[clusters]
min_listings = 1
[robustness]
run = false
"""
SOURCE = """
[[sources]]
metric = "deals"
reader = "table"
files = "{files}"
columns = {{ record = "id", listing = "no", date = "day", lat = "lat", lon = "lon" }}
options = {{ whole_records = true }}
{more}
"""


def study(folder, files, *sources):
    """Write files of rows (id, listing, day, place) and a study of some sources: (patterns, further keys)."""
    for name, rows in files.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([HEADER, *((key, no, day, *place) for key, no, day, place in rows)])
    sections = [SOURCE.format(files=pattern, more=more) for pattern, more in sources]
    (folder / "study.toml").write_text(STUDY.format(sources="".join(sections)))
    return folder / "study.toml"


def run(folder, files, *sources):
    return without_pages(study(folder, files, *sources), folder / "out")


def deals(first, last, day="2020-01-01", place=PARIS):
    return [(str(key), 1, day, place) for key in range(first, last + 1)]


def account(edition, number=0):
    names = ("rows_kept", "copies", "older_versions", "copied_rows")
    return tuple(edition.manifest["sources"][number][name] for name in names)


def test_equal_ids_in_two_sources_of_a_metric_are_different_records(tmp_path):
    files = {"a.csv": deals(1, 20), "b.csv": deals(1, 20, place=TOKYO)}
    edition = run(tmp_path, files, ("a.csv", ""), ("b.csv", ""))
    assert edition.manifest["metrics"]["deals"]["records"] == 40
    assert [account(edition, number) for number in (0, 1)] == [(20, 0, 0, 0)] * 2
    keys = edition.table("located")["record_key"].to_pylist()
    assert sorted(keys) == sorted(f"{source}:{key}" for source in (1, 2) for key in range(1, 21))
    assert [row["deals"] for row in edition.table("ranking").to_pylist()] == [20, 20]


def test_one_file_read_twice_by_two_sources_counts_twice(tmp_path):
    edition = run(tmp_path, {"a.csv": deals(1, 20)}, ("a.csv", ""), ("a.csv", ""))
    assert edition.manifest["metrics"]["deals"]["records"] == 40


def test_equal_ids_in_two_files_of_one_source_are_one_record(tmp_path):
    files = {"a.csv": deals(1, 20), "b.csv": deals(20, 39)}
    edition = run(tmp_path, files, ("?.csv", ""))
    assert edition.manifest["metrics"]["deals"]["records"] == 39
    assert account(edition) == (40, 1, 0, 1)  # 2.5 %
    assert edition.manifest["sources"][0]["examples_of_copies"] == [
        {"record": "20", "file": "b.csv", "line": 2, "counted_file": "a.csv", "counted_line": 21}
    ]
    assert set(edition.table("located")["record_key"].to_pylist()) == {str(key) for key in range(1, 40)}


@pytest.mark.parametrize(("ids", "alike"), [("abc", 0), ("abB", 1), ("ABb", 1), ("aAbBcC", 3), ("ABC", 0)])
def test_ids_that_differ_only_in_case_are_records_of_their_own_and_are_counted(tmp_path, ids, alike):
    edition = run(tmp_path, {"a.csv": [(key, 1, "2020-01-01", PARIS) for key in ids]}, ("a.csv", ""))
    assert edition.manifest["metrics"]["deals"]["records"] == len(ids)
    assert edition.manifest["sources"][0]["remarks"] == ({ALIKE: alike} if alike else {})


def test_ids_that_two_sources_have_are_reported_with_three_of_them(tmp_path):
    files = {"a.csv": deals(1, 9), "b.csv": deals(6, 12)}
    edition = run(tmp_path, files, ("a.csv", ""), ("b.csv", ""))
    assert edition.manifest["metrics"]["deals"]["records"] == 16
    first, second = (source["remarks"] for source in edition.manifest["sources"])
    assert first == {}
    ((remark_text, ids),) = second.items()
    assert ids == 4
    assert remark_text.startswith("ids that an earlier source of this metric has as well ('")
    assert len(re.findall(r"'[6-9]'", remark_text)) == 3
    assert "name all files in one [[sources]]" in remark_text
    checked = check(tmp_path / "study.toml", rows=100, progress=no_progress)
    assert checked["sources"][0]["remarks"] == []
    (remark,) = checked["sources"][1]["remarks"]
    assert remark.startswith(
        "of the rows that were read, 4 ids that an earlier source of this metric has as well ('6',"
    )


def test_five_percent_of_copies_pass_and_one_row_more_stops_the_run(tmp_path):
    (tmp_path / "few").mkdir()
    few = run(tmp_path / "few", {"a.csv": deals(1, 95), "b.csv": deals(91, 95)}, ("?.csv", ""))
    assert account(few) == (100, 5, 0, 5)
    (tmp_path / "many").mkdir()
    path = study(tmp_path / "many", {"a.csv": deals(1, 95), "b.csv": deals(90, 95)}, ("?.csv", ""))
    result = CliRunner().invoke(cli.app, ["run", str(path), "--out", str(tmp_path / "many" / "out")])
    assert isinstance(result.exception, DataError)
    assert result.exception.exit_code == 3
    message = str(result.exception)
    for words in (
        "[[sources]] number 1 (deals, table): copies of other rows are 6 of 101 rows, more than 5 %",
        "record '90' in b.csv line 2, as in a.csv line 91; record '91' in b.csv line 3",
        "record '92' in b.csv line 4, as in a.csv line 93. ",
        'write copies = "drop" in this [[sources]]',
    ):
        assert words in message
    assert "'93'" not in message
    assert not (tmp_path / "many" / "out").exists()


def test_a_source_that_drops_its_copies_may_have_any_number_of_them(tmp_path):
    edition = run(tmp_path, {"a.csv": deals(1, 20), "b.csv": deals(1, 20)}, ("?.csv", 'copies = "drop"'))
    assert edition.manifest["metrics"]["deals"]["records"] == 20
    assert account(edition) == (40, 20, 0, 20)
    assert [one["record"] for one in edition.manifest["sources"][0]["examples_of_copies"]] == ["1", "2", "3"]


def test_versions_of_a_later_date_are_no_copies_for_the_limit(tmp_path):
    later = deals(1, 20, day="2021-01-01", place=TOKYO)
    edition = run(tmp_path, {"a.csv": deals(1, 20), "b.csv": later}, ("?.csv", ""))
    assert account(edition) == (40, 20, 20, 0)
    assert edition.manifest["sources"][0]["examples_of_copies"] == []
    assert [row["deals"] for row in edition.table("ranking").to_pylist()] == [20]


def test_a_copy_without_a_date_is_no_older_version(tmp_path):
    files = {"a.csv": deals(1, 20), "b.csv": deals(1, 20, day="")}
    with pytest.raises(DataError, match="copies of other rows are 20 of 40 rows"):
        run(tmp_path, files, ("?.csv", ""))


def test_rows_are_counted_where_a_record_takes_several(tmp_path):
    group = [("g", no, "2020-01-01", PARIS) for no in (1, 2, 3)]
    files = {"a.csv": [*deals(1, 54), *group], "b.csv": group}
    edition = run(tmp_path, files, ("?.csv", ""))
    assert account(edition) == (60, 1, 0, 3)  # 5 %
    with pytest.raises(DataError, match="copies of other rows are 3 of 59 rows"):
        run(tmp_path, {**files, "a.csv": [*deals(1, 53), *group]}, ("?.csv", ""))


def test_copies_do_not_depend_on_the_order_of_rows_and_sources_keep_theirs_apart(tmp_path):
    """Two sources, one with copies and one with later versions: the same sites in any order of rows."""
    first = [*deals(1, 95), *deals(1, 5, place=TOKYO)]
    second = [*deals(1, 60, place=TOKYO), *deals(1, 60, day="2022-02-02")]
    seen = []
    for number in range(3):
        rng = random.Random(number)
        folder = tmp_path / str(number)
        folder.mkdir()
        files = {
            "a1.csv": rng.sample(first[:95], 95),
            "a2.csv": rng.sample(first[95:], 5),
            "b1.csv": rng.sample(second[:60], 60),
            "b2.csv": rng.sample(second[60:], 60),
        }
        edition = run(folder, files, ("a?.csv", ""), ("b?.csv", ""))
        assert [account(edition, source) for source in (0, 1)] == [(100, 5, 0, 5), (120, 60, 60, 0)]
        seen.append((edition.table("points").to_pylist(), edition.table("ranking").to_pylist()))
    assert seen[0] == seen[1] == seen[2]


def test_the_end_of_a_run_and_a_check_show_three_copies(tmp_path):
    path = study(tmp_path, {"a.csv": deals(1, 95), "b.csv": deals(91, 95)}, ("?.csv", ""))
    screen = CliRunner().invoke(cli.app, ["run", str(path), "--out", str(tmp_path / "out")]).output
    assert "5 other copies of records left out" in screen
    assert "record '91' in b.csv line 2, as in a.csv line 92" in screen
    assert "record '93' in b.csv line 4" in screen
    assert "record '94'" not in screen
    (source,) = check(path, rows=200, progress=no_progress)["sources"]
    assert (source["copied_rows"], source["rows_searched"]) == (5, 100)
    assert [one["record"] for one in source["examples_of_copies"]] == ["91", "92", "93"]
    screen = CliRunner().invoke(cli.app, ["check", str(path), "--rows", "200"]).output
    assert "Copies of other rows: 5 of 100 rows: record '91' in b.csv line 2, as in a.csv line 92" in screen


def test_a_check_shows_listings_that_repeat_another_of_their_record(tmp_path):
    rows = deals(1, 9)
    path = study(tmp_path, {"a.csv": [*rows, rows[3], rows[3], rows[5]]}, ("?.csv", ""))
    screen = CliRunner().invoke(cli.app, ["check", str(path)]).output
    assert "3 repeated listings among the first, word for word as another of the same record, left out" in screen
    assert 'rows = "listings" counts each' in screen
    edition = CliRunner().invoke(cli.app, ["run", str(path), "--out", str(tmp_path / "out")]).output
    assert "3 repeated listings left out" in edition


def test_all_figures_of_a_check_leave_repeated_listings_out(tmp_path):
    rows = deals(1, 9)
    path = study(tmp_path, {"a.csv": [*rows, rows[3], rows[3]]}, ("?.csv", ""))
    (source,) = check(path, rows=200, progress=no_progress)["sources"]
    of_evidence = sum(row["listings"] for row in source["report"] if row["part"] == "evidence")
    by_country = sum(row["listings"] for row in source["by_country"])
    assert (source["sampled"], of_evidence, by_country, source["repeated"]) == (9, 9, 9, 2)


def test_one_repeated_listing_is_no_listings(tmp_path):
    rows = deals(1, 9)
    path = study(tmp_path, {"a.csv": [*rows, rows[3]]}, ("?.csv", ""))
    screen = CliRunner().invoke(cli.app, ["check", str(path)]).output
    assert "1 repeated listing among the first, word for word as another of the same record, left out" in screen
    edition = CliRunner().invoke(cli.app, ["run", str(path), "--out", str(tmp_path / "out")]).output
    assert "1 repeated listing left out" in edition


def test_a_check_says_where_copies_would_stop_the_run(tmp_path):
    path = study(tmp_path, {"a.csv": deals(1, 9), "b.csv": deals(1, 9)}, ("?.csv", ""))
    screen = CliRunner().invoke(cli.app, ["check", str(path)]).output
    assert "Copies of other rows: 9 of 18 rows" in screen
    assert "A run stops above 5 %" in screen
    path.write_text(path.read_text().replace("[geocoding]", 'copies = "drop"\n[geocoding]', 1))
    assert "A run stops" not in CliRunner().invoke(cli.app, ["check", str(path)]).output
    later = study(tmp_path, {"a.csv": deals(1, 9), "b.csv": deals(1, 9, day="2021-05-05")}, ("?.csv", ""))
    assert "are copies" not in CliRunner().invoke(cli.app, ["check", str(later)]).output


LISTED = SOURCE.replace("options = {{ whole_records = true }}", 'options = {{ rows = "listings" }}').replace(
    ', listing = "no"', ""
)


@pytest.mark.parametrize("saved_again", [False, True], ids=["as it is", "in another order, form and encoding"])
def test_a_file_that_is_given_twice_stops_a_run_and_a_check_where_each_row_counts(tmp_path, saved_again):
    rows = deals(1, 20) + [("Zürich", 1, "2020-01-01", PARIS)] * 2
    path = study(tmp_path, {"a.csv": rows, "a (1).csv": rows, "b.csv": deals(21, 30)})
    if saved_again:
        header, *lines = (tmp_path / "a.csv").read_text("utf-8").splitlines()
        text = "\r\n".join([header, *reversed(lines)]).replace(",", ";")
        (tmp_path / "a (1).csv").write_bytes(text.encode("cp1252"))
    path.write_text(STUDY.format(sources=LISTED.format(files="*.csv", more='copies = "drop"')))
    message = r"^a \(1\)\.csv and a\.csv have the same rows, so that each of these would count twice"
    with pytest.raises(DataError, match=message):
        without_pages(path, tmp_path / "out")
    with pytest.raises(DataError, match=message):
        check(path, rows=100, progress=no_progress)


def test_equal_files_without_rows_and_one_row_more_stop_nothing(tmp_path):
    files = {"a.csv": [], "b.csv": [], "c.csv": deals(1, 20), "d.csv": deals(1, 21)}
    path = study(tmp_path, files)
    path.write_text(STUDY.format(sources=LISTED.format(files="*.csv", more="")))
    assert without_pages(path, tmp_path / "out").manifest["sources"][0]["rows_kept"] == 41


def test_files_that_differ_in_a_row_that_is_set_aside_are_not_one(tmp_path):
    day = [("Ulm", 1, "someday", PARIS)]
    files = {"a.csv": deals(1, 30), "b.csv": deals(1, 30) + day}
    path = study(tmp_path, files)
    path.write_text(STUDY.format(sources=LISTED.format(files="*.csv", more="")))
    assert without_pages(path, tmp_path / "out").manifest["sources"][0]["rows_kept"] == 60


def test_equal_files_count_each_where_the_study_says_so(tmp_path):
    path = study(tmp_path, {"a.csv": deals(1, 20), "b.csv": deals(1, 20)})
    text = STUDY.format(sources=LISTED.format(files="*.csv", more=""))
    path.write_text(text.replace('rows = "listings"', 'rows = "listings", equal_files = true'))
    assert without_pages(path, tmp_path / "out").manifest["sources"][0]["rows_kept"] == 40
    path.write_text(text.replace('rows = "listings"', "equal_files = true"))
    with pytest.raises(StudyError, match="equal_files requires rows = 'listings'"):
        without_pages(path, tmp_path / "out")


def test_a_record_with_rows_in_two_tiny_files_is_written(tmp_path):
    """The database writes so few names of files without a dictionary."""
    for number in range(2):
        (tmp_path / f"part{number}.csv").write_text("id,lat,lon\nA,45,2\nB,46,3\n")
    columns = 'columns = { record = "id", lat = "lat", lon = "lon" }\n'
    columns += 'options = { rows = "listings", equal_files = true }\n'
    source = f'[[sources]]\nmetric = "patents"\nreader = "table"\nfiles = "part*.csv"\n{columns}'
    study = tmp_path / "study.toml"
    study.write_text(f'title = "T"\nedition = "1"\n{source}[clusters]\nmin_listings = 1\n[robustness]\nrun = false\n')
    edition = pipeline.run(study, tmp_path / "out")
    assert edition.table("located").num_rows == 4


def test_older_versions_of_records_are_no_copies_at_the_end_of_a_run_nor_in_a_check(tmp_path):
    files = {"a.csv": deals(1, 95), "b.csv": [*deals(91, 94, day="2021-01-01"), *deals(95, 195)]}
    path = study(tmp_path, files, ("?.csv", ""))
    screen = CliRunner().invoke(cli.app, ["run", str(path), "--out", str(tmp_path / "out")]).output
    assert "4 older versions of records left out; 1 other copy of records left out" in " ".join(screen.split())
    screen = CliRunner().invoke(cli.app, ["check", str(path), "--rows", "300"]).output
    assert "Older versions of records, which do not count: 4 of 200 rows" in screen
    assert "Copies of other rows: 1 of 200 rows: record '95'" in screen
