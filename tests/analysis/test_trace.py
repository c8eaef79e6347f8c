"""A figure leads back to the lines of the raw files that add up to it, exactly."""

import csv
import shutil
import typing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from cli.golden_errors import shown
from fixtures_editions import without_pages
from hubrank.analysis.explanation import explain
from hubrank.analysis.robustness import all_tables
from hubrank.analysis.trace import _cities, _row, trace
from hubrank.cli.screens import traces
from hubrank.core import edition
from hubrank.core.errors import CheckFailed, StudyError
from hubrank.core.parquet import write_table
from hubrank.core.progress import no_progress
from hubrank.core.units import UNIT
from hubrank.geocoding.gazetteer import place_labels
from test_pipeline import STUDY, study, write

PARIS, TOKYO = (48.85, 2.35), (35.68, 139.69)
ROWS = [
    ["whole", 1, 2020, *PARIS],
    ["third", 1, 2020, *PARIS],
    ["third", 2, 2020, *TOKYO],
    ["third", 3, 2021, *TOKYO],
    ["pair", 1, 2020, *PARIS],
    ["pair", 2, 2020, *PARIS],
    *(["t", n, 2020, *TOKYO] for n in range(1, 4)),
]


def run_study(folder, **choices):
    write(folder, ROWS)
    return without_pages(study(folder, **choices), folder / "out").folder


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Return the folder of a study and its edition `out`, to be read only."""
    return run_study(tmp_path_factory.mktemp("finished")).parent


def lines(traced):
    return [
        (row["source_row"], row["record_key"].removeprefix("table:"), row["units"]) for row in traced.lines.to_pylist()
    ]


def test_parts_of_records_add_up_to_the_figure_by_line(finished):
    traced = trace(finished / "out", "Paris", "patents")
    third = UNIT // 3 + 1  # the largest remainder goes to the first listing
    assert lines(traced) == [(2, "whole", UNIT), (3, "third", third), (6, "pair", UNIT // 2), (7, "pair", UNIT // 2)]
    assert (traced.units, traced.figure) == (2 * UNIT + third, Decimal("2.333"))
    assert {row["source_file"] for row in traced.lines.to_pylist()} == {"patents.csv"}
    assert traced.records["units"].to_pylist() == [UNIT, UNIT, third]


def test_under_full_counting_each_record_gives_its_whole(tmp_path):
    traced = trace(run_study(tmp_path, threshold='min_listings = 3\n[ranking]\ncounting = "full"'), "1", "patents")
    assert traced.figure == 3
    assert traced.records["units"].to_pylist() == [UNIT] * 3


def test_a_cluster_is_found_by_rank_name_or_id_and_misspelt_words_are_helped(finished):
    folder = finished / "out"
    row = edition.load(folder).table("ranking").to_pylist()[0]
    for name in (row["cluster_id"], row["cluster"].upper(), "1"):
        assert trace(folder, name, "patents").cluster == row["cluster"]
    with pytest.raises(StudyError, match=r"has no cluster 'Pariss'.* Did you mean 'Paris'"):
        trace(folder, "Pariss", "patents")
    with pytest.raises(StudyError, match=r"'patent' is not a metric .* Did you mean 'patents'"):
        trace(folder, "Paris", "patent")


def test_a_cluster_is_found_by_any_name_of_a_city_that_names_it(finished):
    opened = edition.load(finished / "out")
    assert [_row(opened, name)[0]["cluster"] for name in ("Parigi", "巴黎", "Tokio")] == ["Paris", "Paris", "Tokyo"]
    with pytest.raises(StudyError, match="has no cluster 'Lyon'"):
        _row(opened, "Lyon")


def test_places_of_lines_are_called_as_the_study_calls_cities(tmp_path):
    rows = [["a", 1, 2020, 50.9333, 6.95], ["b", 1, 2020, 48.14, 11.58]]
    places = {}
    for language in ("en", "gazetteer"):
        folder = tmp_path / language
        folder.mkdir()
        write(folder, [[f"{name}{n}", *rest] for n in range(3) for name, *rest in rows])
        naming = f'min_listings = 3\n[naming]\nlanguage = "{language}"'
        out = without_pages(study(folder, threshold=naming), folder / "out").folder
        seen = [trace(out, "München", "patents"), trace(out, "Cologne", "patents")]
        places[language] = [(each.cluster, each.lines["place"][0].as_py()) for each in seen]
        assert explain(out, "Muenchen").place.split(",")[0] == seen[0].cluster
    assert places["en"] == [("Munich", "Munich, DE"), ("Cologne", "Cologne, DE")]
    assert places["gazetteer"] == [("München", "München, DE"), ("Köln", "Köln, DE")]


def test_of_a_place_that_is_no_cluster_its_cluster_is_named(finished):
    with pytest.raises(StudyError, match=r"has no cluster 'Vincennes';.* Vincennes, France is in the cluster Paris \("):
        trace(finished / "out", "Vincennes", "patents")
    with pytest.raises(StudyError, match=r"has no cluster 'Marseille'; give a name, a cluster_id or a rank\.$"):
        trace(finished / "out", "Marseille", "patents")


def test_a_figure_that_does_not_add_up_is_no_trace(tmp_path):
    folder = run_study(tmp_path)
    table = edition.load(folder).table("located")
    fewer = table.slice(1)
    write_table(folder / "tables" / "located.parquet", fewer, ["source_row", "listing_no"])
    with pytest.raises(CheckFailed, match="its records add up to"):
        trace(folder, "Paris", "patents")


def test_every_figure_of_the_demonstration_is_the_sum_of_its_lines(demo):
    folder = demo / "2025"
    for row in edition.load(folder).table("ranking").slice(0, 12).to_pylist():
        for metric in ("patents", "publications", "deals"):
            traced = trace(folder, row["cluster_id"], metric)
            assert pa.compute.sum(traced.lines["units"]).as_py() == traced.units
            assert traced.figure == row[metric]
            assert set(traced.lines["year"].to_pylist()) <= set(range(2019, 2025))


def test_the_command_prints_the_sum_and_writes_all_lines(finished, tmp_path, monkeypatch):
    seen = shown(f"trace {finished}/out Paris patents --top 2 --out lines.csv", tmp_path, monkeypatch.chdir)
    assert "2.333333334 = exact sum over 3 records: 4 listings on 4 lines of 1 file; the ranking shows 2.333." in seen
    with (tmp_path / "lines.csv").open(encoding="utf-8") as file:
        assert sum(int(row["units"]) for row in csv.DictReader(file)) == 2_333_333_334


def test_several_listings_of_one_line_are_on_one_line(finished, capsys):
    traced = trace(finished / "out", "Paris", "patents")
    same = pa.array([2, 3, 3, 3], traced.lines["source_row"].type)
    at = traced.lines.column_names.index("source_row")
    traces.traced(replace(traced, lines=traced.lines.set_column(at, "source_row", same)), 2, None)
    assert "4 listings on 2 lines of 1 file" in capsys.readouterr().out


def test_other_clusters_of_a_name_are_named_on_the_screen(finished, capsys):
    one = trace(finished / "out", "Paris", "patents")
    traces.traced(replace(one, namesakes=("Paris, TX (paris-us)",)), 1, None)
    assert "Called so, too: Paris, TX (paris-us). To trace another, name it by its id." in capsys.readouterr().out


def test_lines_name_the_place_that_they_were_put_in(finished, tmp_path, monkeypatch):
    traced = trace(finished / "out", "Paris", "patents")
    assert {place.rpartition(", ")[2] for place in traced.lines["place"].to_pylist()} == {"FR"}
    assert traced.lines["place"].to_pylist() == [
        place_labels.place_name(n, language="en") for n in traced.lines["gazetteer_id"].to_pylist()
    ]
    seen = shown(f"trace {finished}/out Paris patents --out lines.csv", tmp_path, monkeypatch.chdir)
    assert f"{traced.lines['place'][0]} (48.8500, 2.3500)" in " ".join(seen.split())
    with (tmp_path / "lines.csv").open(encoding="utf-8") as file:
        assert next(csv.DictReader(file))["place"] == traced.lines["place"][0].as_py()


def test_lines_have_their_addresses_as_they_may_be_shown_and_how_sure_their_place_is(tmp_path, monkeypatch):
    rows = [["a", 1, "Acme GmbH, Hauptstr. 5", "Köln", "DE"], ["b", 1, "", "Köln", "DE"], ["c", 1, "", "Bonn", "DE"]]
    write(tmp_path, rows, header=["id", "no", "firm", "city", "country"])
    columns = 'record = "id", listing = "no", institution = "firm", city = "city", country = "country"'
    text = STUDY.format(windows="", threshold="min_listings = 2").replace('use = ["coordinates"]', 'use = ["names"]')
    start, end = text.index("columns = {") + len("columns = {"), text.index("}")
    (tmp_path / "study.toml").write_text(f"{text[:start]} {columns} {text[end:]}")
    folder = without_pages(tmp_path / "study.toml", tmp_path / "out").folder
    traced = trace(folder, "1", "patents").lines.to_pylist()
    assert [row["address"] for row in traced] == ["Acme GmbH, Köln, DE", "Köln, DE", "Bonn, DE"][: len(traced)]
    assert all(row["location_probability"] > Decimal("0.9") for row in traced)
    seen = shown("trace out 1 patents", tmp_path, monkeypatch.chdir)
    assert "Acme GmbH, Köln, DE" in seen
    assert "names (" in seen


def test_places_are_named_with_state_and_economy():
    assert place_labels.place_name(2988507) == "Paris, FR"
    assert place_labels.place_name(4250542) == "Springfield, IL, US"
    assert place_labels.place_name(None) == place_labels.place_name(1) == ""


def test_lines_are_not_written_over_a_file_of_an_edition(finished, monkeypatch):
    folder = finished / "out"
    before = (folder / "ranking.csv").read_bytes()
    for out in ("out/ranking.csv", "out/tables/new.csv"):
        seen = shown(f"trace out 1 patents --out {out}", finished, monkeypatch.chdir)
        assert "is inside the edition out, whose files must not change" in seen
        assert seen.startswith("exit 2")
    assert (folder / "ranking.csv").read_bytes() == before
    assert not (folder / "tables" / "new.csv").exists()


def test_one_city_of_a_name_is_enough_where_only_one_cluster_has_it():
    class Named:
        folder = Path("an edition")  # which is not there, so that no place of it is explained
        manifest: typing.ClassVar = {}

        @staticmethod
        def table(_name):
            names = ("Basel–Mulhouse", "San Jose–San Francisco, CA", "Paris", "Paris, TX", "London–Paris")
            return pa.table({"cluster": names, "cluster_id": list("abcde"), "rank": [1, 2, 3, 4, 5]})

    for name, cluster_id in (("basel", "a"), ("San Francisco", "b"), ("San Francisco, CA", "b"), ("Paris", "c")):
        assert _row(Named, name)[0]["cluster_id"] == cluster_id
    assert _row(Named, "Paris")[1] == ("Paris, TX (d)", "London–Paris (e)")
    assert _row(Named, "c")[1] == _row(Named, "basel")[1] == ()
    with pytest.raises(StudyError, match="has no cluster 'Basel, CH'"):
        _row(Named, "Basel, CH")


def test_a_city_is_traced_by_its_name_without_state_or_economy():
    assert {"london", "london (canada)"} <= _cities("London (Canada)")
    assert {"san jose", "san francisco"} <= _cities("San Jose–San Francisco, CA")


@pytest.mark.parametrize(
    "command",
    [
        lambda copy: trace(copy, "Paris", "patents"),
        lambda copy: explain(copy, "Paris"),
        lambda copy: all_tables.robustness(copy, no_progress),
        lambda copy: edition.load(copy).listings(),
        lambda copy: edition.expect_intact(edition.load(copy)),  # as `hubrank serve` does
    ],
)
def test_a_copy_without_single_listings_says_what_it_lacks(command, finished, tmp_path):
    copy = shutil.copytree(finished / "out", tmp_path / "copy")
    for name in edition.LISTING_FILES:
        (copy / name).unlink()
    with pytest.raises(StudyError, match=r"tables/located\.parquet: it is a copy without single listings"):
        command(copy)
