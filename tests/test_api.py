"""hubrank in Python: light to import, and the same figures as on the command line."""

import csv
import shutil
import subprocess
import sys
import tomllib
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

import hubrank
from hubrank.analysis.trace import trace
from hubrank.api import reweighted
from hubrank.core import edition
from hubrank.core.errors import StudyError
from hubrank.core.files import write_json
from hubrank.core.parquet import write_table
from hubrank.ranking.count_table import as_json
from hubrank.ranking.count_table import rank_counts as rank_table_of_counts

STUDY = """
title = "A test"
edition = "2025"
[[sources]]
metric = "patents"
reader = "table"
files = "patents.csv"
columns = { record = "id", year = "year", lat = "lat", lon = "lon" }
[[sources]]
metric = "deals"
reader = "table"
files = "deals.csv"
columns = { record = "id", year = "year", lat = "lat", lon = "lon" }
[geocoding]
use = ["coordinates"]
[clusters]
min_listings = 3
"""
TOWNS = {"Paris": (48.85, 2.35), "Tokyo": (35.68, 139.69), "Sydney": (-33.87, 151.2)}
PATENTS = {"Paris": 4, "Tokyo": 9, "Sydney": 3}
DEALS = {"Paris": 10, "Tokyo": 3, "Sydney": 4}


def write(path, towns):
    rows = [(f"{name}{i}", 2020, *TOWNS[name]) for name, count in towns.items() for i in range(count)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "year", "lat", "lon"), *rows])


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("api")
    write(folder / "patents.csv", PATENTS)
    write(folder / "deals.csv", DEALS)
    (folder / "study.toml").write_text(STUDY, "utf-8")
    return hubrank.run(str(folder / "study.toml"), str(folder / "out"))


def seal(done):
    return (done.folder / "edition.json").read_bytes()


def test_a_study_that_was_read_or_built_gives_the_bytes_of_its_file(finished, tmp_path):
    """Its paths are relative to a folder that is stated."""
    folder = finished.folder.parent
    read = hubrank.read_study(folder / "study.toml")
    assert seal(hubrank.run(read, tmp_path / "1", folder=folder)) == seal(finished)
    sections = tomllib.loads(STUDY)
    assert seal(hubrank.run(sections, tmp_path / "2", folder=folder)) == seal(finished)
    assert seal(hubrank.run(hubrank.Study(**sections), tmp_path / "3", folder=str(folder))) == seal(finished)
    fewer = read.model_copy(update={"clusters": read.clusters.model_copy(update={"min_listings": 10})})
    assert hubrank.run(fewer, tmp_path / "4", folder=folder).ranking().num_rows < finished.ranking().num_rows
    with pytest.raises(StudyError, match=r"patents\.csv"):
        hubrank.run(read, tmp_path / "5", folder=tmp_path)


def test_errors_of_the_api_are_its_own(finished):
    with pytest.raises(hubrank.StudyError, match=r"the study: the key 'edition' is required"):
        hubrank.Study(title="x")
    with pytest.raises(hubrank.StudyError, match=r"the study: \[clusters\] unknown key 'min_listing'"):
        hubrank.run({**tomllib.loads(STUDY), "clusters": {"min_listing": 3}}, "out")
    with pytest.raises(hubrank.StudyError, match=r"has no table 'measure'; it has: .* Did you mean 'measures'"):
        finished.table("measure")
    assert issubclass(hubrank.DataError, hubrank.HubrankError)
    with pytest.raises(hubrank.HubrankError, match="sample_weight"):
        hubrank.GeoDBSCAN(radius_km=1, min_weight=1).fit([[0.0, 0.0]], sample_weight=[0.5])
    with pytest.raises(hubrank.HubrankError, match="coverage"):
        hubrank.rank_sets([1.0, 2.0], np.eye(2), coverage=2)


def ranks(table):
    return {row["cluster"]: row["rank"] for row in table.to_pylist()}


def test_a_run_can_be_opened_again(finished):
    again = hubrank.load(finished.folder)
    assert again.ranking() == finished.ranking() == finished.table("ranking")
    assert {"ranking", "measures", "clusters", "points"} <= set(again.tables)
    assert (again.metrics, again.weights) == (["patents", "deals"], {"patents": 1, "deals": 1})
    assert repr(again) == f"<hubrank edition '2025' in {finished.folder}: 3 clusters>"


def test_the_weights_of_the_study_give_the_ranking_of_the_edition(finished):
    again = finished.rerank({"patents": 2, "deals": 2})
    assert again["rank"].to_pylist() == again["edition_rank"].to_pylist()
    names = [name for name in finished.ranking().column_names if name in again.column_names]
    assert again.select(names) == finished.ranking().select(names)
    assert {"rank", "cluster_id", "cluster", "economies", "score_pct", "patents", "deals_share_pct"} <= set(names)


def test_other_weights_rank_anew_from_the_same_counts(finished):
    """Patents 4, 9, 3 of 16; deals 10, 3, 4 of 17."""
    assert ranks(finished.rerank({"patents": 1})) == {"Tokyo": 1, "Paris": 2, "Sydney": 3}
    assert ranks(finished.rerank({"deals": 1})) == {"Paris": 1, "Sydney": 2, "Tokyo": 3}
    assert finished.rerank({"deals": 1})["edition_rank"].to_pylist() == [1, 3, 2]
    mixed = finished.rerank({"patents": "0.25", "deals": 0.75}).to_pylist()
    expected = 2 * 100 * (Decimal("0.25") * 4 / 16 + Decimal("0.75") * 10 / 17)
    assert mixed[0]["cluster"] == "Paris"
    assert mixed[0]["score_pct"] == round(expected, 6)


def test_the_ranking_written_to_csv_ranks_to_the_same_scores(finished):
    """Whoever downloads ranking.csv can check it: counts and world totals give the shares, score and ranks."""
    totals = {metric: fact["units"] // 10**9 for metric, fact in finished.manifest["metrics"].items()}
    again = rank_table_of_counts(finished.folder / "ranking.csv", totals=totals)
    assert again.select(["rank", "cluster_id", "score_pct", "deals_share_pct"]) == finished.ranking().select(
        ["rank", "cluster_id", "score_pct", "deals_share_pct"]
    )


def test_wrong_weights_are_refused_with_the_nearest_metric(finished):
    with pytest.raises(StudyError, match=r"weight names 'patent'.*mean 'patents'\?"):
        finished.rerank({"patent": 1})
    with pytest.raises(StudyError, match="all weights are 0"):
        finished.rerank({"patents": 0, "deals": 0})


def test_no_weights_at_all_are_refused(finished):
    with pytest.raises(StudyError, match="weights name no metric; the metrics are: patents, deals"):
        finished.rerank({})
    with pytest.raises(StudyError, match=r"weights are None; `.ranking\(\)` has the ranks under those of the edition"):
        finished.rerank(None)
    with pytest.raises(StudyError, match="weights name no metric"):
        rank_table_of_counts({"cluster": ["a"], "patents": [1]}, weights={})


def test_ranks_have_their_intervals_under_the_weights_of_the_edition_and_none_under_others(finished):
    names = ["rank_low", "rank_high", "rank_low_places", "rank_high_places"]
    for weights in (None, {metric: str(weight) for metric, weight in finished.weights.items()}):
        result = reweighted(finished, weights)
        published = {row["cluster_id"]: row for row in finished.ranking().to_pylist()}
        for row in result.ranking.to_pylist():
            assert [row[name] for name in names] == [published[row["cluster_id"]][name] for name in names]
        assert as_json(result)["intervals"].startswith("rank_low to rank_high is the 90 % interval")
    other = reweighted(finished, {"deals": "0.5"})
    assert set(names).isdisjoint(other.ranking.column_names)
    assert "do not apply to these ranks" in as_json(other)["intervals"]


def test_a_reweighted_edition_says_what_it_was_made_with(finished):
    result = reweighted(finished, {"deals": "0.5"})
    assert (result.weights, result.totals, result.note) == (
        {"patents": 0, "deals": Decimal("0.5")},
        {"patents": 16, "deals": 17},
        "",
    )
    assert result.ranking == finished.rerank({"deals": 1})
    assert reweighted(finished, None).ranking["rank"] == finished.ranking()["rank"]


def test_metrics_are_called_by_name_or_label_whatever_its_case(finished, tmp_path):
    shutil.copytree(finished.folder, tmp_path / "out")
    study = {**finished.manifest["study"], "metrics": {"deals": {"label": "Funding rounds"}}}
    write_json(tmp_path / "out" / "edition.json", {**finished.manifest, "study": study})
    labelled = hubrank.load(tmp_path / "out")
    for name in ("deals", "Funding rounds", "funding ROUNDS"):
        assert reweighted(labelled, {name: "0.5"}).weights == {"patents": 0, "deals": Decimal("0.5")}
        assert labelled.rerank({name: 1})["rank"] == finished.rerank({"deals": 1})["rank"]
        assert trace(labelled.folder, "Paris", name).metric == "deals"
    with pytest.raises(StudyError, match="two weights are for 'deals', one of them as 'Funding rounds'; give one"):
        reweighted(labelled, {"deals": 1, "Funding rounds": 2})


def test_a_simulated_edition_stays_marked_under_other_weights(finished, tmp_path):
    shutil.copytree(finished.folder, tmp_path / "out")
    manifest = {**finished.manifest, "study": {**finished.manifest["study"], "synthetic": True}}
    write_json(tmp_path / "out" / "edition.json", manifest)
    table = finished.ranking()
    write_table(tmp_path / "out" / "tables" / "ranking.parquet", table, ["rank"], note=edition.SIMULATED)
    again = hubrank.load(tmp_path / "out")
    assert again.rerank({"deals": 1}).schema.metadata == {b"note": edition.SIMULATED.encode()}
    assert reweighted(again, {"deals": 1}).note == edition.SIMULATED


def test_tables_go_over_to_polars(finished):
    frame = pl.DataFrame(finished.ranking())
    assert frame["cluster"].to_list() == ["Paris", "Tokyo", "Sydney"]


def test_editions_are_compared_opened_or_as_folders(finished):
    result = hubrank.compare(finished.folder, hubrank.load(finished.folder))
    rows = {row["cluster"]: row for row in result.table.to_pylist()}
    assert {name: row["change"] for name, row in rows.items()} == {"Paris": 0, "Tokyo": 0, "Sydney": 0}
    assert result.series.num_rows == 6


def test_a_folder_that_is_no_edition_is_refused(tmp_path):
    with pytest.raises(StudyError, match="no edition"):
        hubrank.load(tmp_path)


@pytest.mark.parametrize(
    "call",
    [
        hubrank.load,
        hubrank.read_study,
        lambda three: hubrank.compare(three, three),
        lambda three: hubrank.run({}, three),
    ],
)
def test_what_is_no_path_is_refused_with_what_is_expected(call):
    with pytest.raises(StudyError, match=r"^the .* is 3; a path was expected, as text or a Path"):
        call(3)
    with pytest.raises(StudyError, match=r"^the study is 3; the path of a study file, a study, or its sections was"):
        hubrank.run(3, "out")


def test_a_study_can_be_read(finished):
    study = hubrank.read_study(finished.folder.parent / "study.toml")
    assert isinstance(study, hubrank.Study)
    assert study.metrics == ("patents", "deals")


def test_an_edition_of_the_api_is_an_edition(finished):
    assert isinstance(finished, edition.Edition)
    assert not finished.synthetic


def test_at_most_twelve_names_are_public_and_each_is_there():
    assert len(hubrank.__all__) <= 12
    assert set(hubrank.__all__) == set(hubrank._HOMES) <= set(dir(hubrank))
    for name in hubrank.__all__:
        assert getattr(hubrank, name).__doc__, name


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(AttributeError, match="no attribute 'runn'; it has: DataError, Edition"):
        hubrank.runn  # noqa: B018 (it is what raises)


LIGHT = """
import sys
before = set(sys.modules)
import hubrank
brought = {name.partition(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)
print(*sorted(brought))
"""


def test_importing_brings_nothing_but_the_standard_library():
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["hubrank"]
