"""A series: windows, studies, and the editions of a small world with their page."""

import csv
import tomllib
from pathlib import Path

import pytest

from hubrank.analysis.comparison.trends import Trend, falling, rising
from hubrank.analysis.sliding_window import series_studies, windows_of
from hubrank.core import edition
from hubrank.core.cache import cache_folder
from hubrank.core.errors import StudyError
from hubrank.core.processes import worker
from hubrank.publishing.site.series_page import series_page
from hubrank.publishing.verification import verify
from hubrank.series import run_series

STUDY = """
title = "Two towns"
edition = "2012"
[windows]
patents = [2010, 2012]
[[sources]]
metric = "patents"
reader = "table"
files = "world.csv"
columns = { record = "record", year = "year", lat = "lat", lon = "lon", country = "country" }
[geocoding]
use = ["coordinates"]
[clusters]
min_listings = 3
[robustness]
run = false
"""


def test_windows_slide_by_a_year_from_the_first_to_the_last():
    assert windows_of("2015-2019:2017-2021") == [(2015, 2019), (2016, 2020), (2017, 2021)]
    assert windows_of("2015-2015:2015-2015") == [(2015, 2015)]


@pytest.mark.parametrize(
    "text", ["2015:2020", "2015-2019:2020-2025", "2019-2015:2020-2016", "2016-2017:2015-2016", "1000-1001:2000-2001"]
)
def test_windows_that_are_none_are_refused(text):
    with pytest.raises(StudyError, match=f"--windows is '{text}'"):
        windows_of(text)


def test_metrics_stay_as_far_apart_as_they_are_and_sources_are_read_for_all_years():
    raw = tomllib.loads(STUDY)
    raw["windows"]["deals"] = [2011, 2014]
    raw["sources"].append(raw["sources"][0] | {"metric": "deals", "years": [2000, 2012], "files": "deals.csv"})
    raw["windows"]["deals"] = [2011, 2012]
    studies = series_studies(raw, Path("studies/study.toml"), windows_of("2010-2012:2012-2014"), Path("out"))
    assert [each.name for each in studies] == ["2012", "2013", "2014"]
    assert [each.raw["windows"] for each in studies] == [
        {"patents": [2010, 2012], "deals": [2011, 2012]},
        {"patents": [2011, 2013], "deals": [2012, 2013]},
        {"patents": [2012, 2014], "deals": [2013, 2014]},
    ]
    assert {tuple(tuple(source["years"]) for source in each.raw["sources"]) for each in studies} == {
        ((2010, 2014), (2000, 2014))
    }
    assert "compare" not in studies[0].raw
    assert studies[2].raw["compare"] == {"previous": "../out/2013"}
    assert raw["windows"]["patents"] == [2010, 2012], "the study itself stays"


def test_a_study_without_windows_has_no_series():
    raw = {key: value for key, value in tomllib.loads(STUDY).items() if key != "windows"}
    with pytest.raises(StudyError, match=r"study.toml has no \[windows\]"):
        series_studies(raw, Path("study.toml"), [(2010, 2012), (2011, 2013)], Path("out"))


def trend(cluster, *ranks):
    return Trend(cluster, "FR", ranks, (None,) * len(ranks), (None,) * len(ranks), {})


def test_lists_of_rise_and_fall_hold_who_is_there_at_both_ends():
    lines = [trend("a", 5, 1), trend("b", 1, 2), trend("c", None, 3), trend("d", 9, 4), trend("e", 5, 5)]
    assert [line.cluster for line in rising(lines)] == ["d", "a"]
    assert [line.cluster for line in falling(lines)] == ["b"]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Lyon rises and Paris falls from year to year; Nice comes in the last one."""
    folder = tmp_path_factory.mktemp("series")
    counts = {"paris": (48.85, 2.35, [6, 6, 4, 2, 2]), "lyon": (45.75, 4.85, [2, 2, 5, 6, 6]),
              "nice": (43.70, 7.26, [0, 0, 0, 0, 4])}  # fmt: skip
    with (folder / "world.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["record", "year", "lat", "lon", "country"])
        for name, (lat, lon, by_year) in counts.items():
            for at, count in enumerate(by_year):
                rows.writerows([f"{name}{at}-{n}", 2010 + at, lat, lon, "FR"] for n in range(count))
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder


def test_the_editions_of_a_series_share_their_shards_and_have_one_page(world):
    before = set((cache_folder() / "shards").glob("*"))
    result = run_series(world / "study.toml", "2010-2012:2012-2014", world / "out", start_worker=worker)
    assert len(set((cache_folder() / "shards").glob("*")) - before) == 1
    assert result.names == ("2012", "2013", "2014")
    by_name = {line.cluster: line for line in result.trends}
    assert by_name["Lyon"].ranks == (2, 1, 1)
    assert by_name["Paris"].ranks == (1, 2, 2)
    assert by_name["Nice"].ranks == (None, None, 3)
    assert str(by_name["Paris"].shares["patents"][0]) == str(by_name["Paris"].scores[0]) == "64.000000"
    page = (world / "out" / "series.html").read_text("utf-8")
    assert "3 editions of one study, from 2012 to 2014" in page
    assert "<p>Years that each edition counts: 3 (2010–2012 to 2012–2014).</p>" in page
    assert "<p>Sources: patents, read by table.</p><p>Two towns, edition 2012–2014. Produced with" in page
    assert "<nav" not in page, "editions without pages are not linked"
    for name, folder in zip(result.names, result.folders, strict=True):
        for row in edition.load(folder).table("ranking").to_pylist():
            shown = f"{row['rank']} ({row['rank_low']}–{row['rank_high']})"
            line = next(line for line in result.trends if line.cluster == row["cluster"])
            at = result.names.index(name)
            assert (line.ranks[at], line.intervals[at]) == (row["rank"], (row["rank_low"], row["rank_high"]))
            assert f'<td class="n">{shown}</td>' in page
    assert page.count("Nice (FR)") == 3, "ranks, scores and shares; it neither rose nor fell"
    assert (world / "out" / "series.svg").read_bytes().startswith(b"<?xml")
    assert len((world / "out" / "series.csv").read_text("utf-8").splitlines()) == 1 + 2 + 2 + 3
    for folder in result.folders:
        assert not (folder / "site").exists()
        findings = verify(folder, inputs=world)
        assert (findings.faults, findings.remarks) == ([], []), "what has no pages is none the worse for it"
    ids = [edition.load(folder).table("ranking")["cluster_id"].to_pylist() for folder in result.folders]
    assert {cluster for each in ids[:2] for cluster in each} == {"paris-fr", "lyon-fr"}


def test_the_page_of_a_series_is_in_the_language_that_is_stated(world):
    made_with = {"start_worker": worker, "language": "zh"}
    run_series(world / "study.toml", "2010-2012:2011-2013", world / "chinese", **made_with)
    page = (world / "chinese" / "series.html").read_text("utf-8")
    assert '<html lang="zh">' in page
    assert "同一研究的 2 个版本" in page
    with pytest.raises(StudyError, match="The pages have no texts in 'xx'"):
        run_series(world / "study.toml", "2010-2012:2011-2013", world / "other", start_worker=worker, language="xx")
    assert not (world / "other").exists()


def test_the_page_of_a_series_is_in_the_language_of_its_study_where_none_is_stated(world):
    study = world / "french.toml"
    study.write_text(STUDY + '\n[publish]\nlanguage = "fr"\n', encoding="utf-8")
    run_series(study, "2010-2012:2011-2013", world / "french", start_worker=worker)
    assert '<html lang="fr">' in (world / "french" / "series.html").read_text("utf-8")


def test_one_window_is_no_series(world):
    with pytest.raises(StudyError, match="which is one window: `hubrank run` makes its edition"):
        run_series(world / "study.toml", "2010-2012:2010-2012", world / "out", start_worker=worker)


def test_a_series_with_pages_leads_to_each_of_them(world):
    run_series(world / "study.toml", "2010-2012:2011-2013", world / "paged", start_worker=worker, sites=True)
    page = (world / "paged" / "series.html").read_text("utf-8")
    for name in ("2012", "2013"):
        assert f'<a href="{name}/site/index.html">{name}</a>' in page
        assert (world / "paged" / name / "site" / "index.html").is_file()


def test_the_page_of_a_series_says_what_its_editions_say_of_windows_economies_and_sources():
    unnamed = {"metric": "patents", "reader": "table", "licence": "", "rows_read": 1, "rows_kept": 1}
    unnamed |= {"set_aside": {}, "out_of_scope": {}}
    named = {"name": "A register", "publisher": "An office", "url": "https://example.org", "accessed": "2026-05-31"}
    one = {"economy": "US", "share_pct": 99.5, "other_metric": "patents", "other_share_pct": 40.0}
    study = {"title": "T", "edition": "1", "sources": [{"metric": "deals"}, {"metric": "patents"}]}
    manifests = [
        {
            "study": study | {"windows": {"deals": [year - 2, year], "patents": [year - 4, year]}},
            "sources": [unnamed | named, unnamed],
            "metrics": {"deals": {"one_economy": one} if year == 2012 else {}, "patents": {}},
        }
        for year in (2012, 2013)
    ]
    metrics = {"deals": "Deals", "patents": "Patents"}
    line = Trend("Paris", "FR", (1, 1), (None, None), (None, None), dict.fromkeys(metrics, (None, None)))
    page = series_page("T", ("2012", "2013"), [line], metrics, b"<svg></svg>", manifests=manifests).decode()
    windows = "Deals 3 (2010–2012 to 2011–2013) and Patents 5 (2008–2012 to 2009–2013)"
    assert f"Years that each edition counts: {windows}." in page
    one_economy = "<p>2012: 99.5 % of deals lie in one economy, United States, against 40.0 % of patents"
    assert one_economy in page.replace("\u00a0", " ")
    assert "Sources: A register, An office, https://example.org, accessed 2026-05-31; patents, read by table." in page
