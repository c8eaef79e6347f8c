"""An edition in which one economy has most of one metric alone says so everywhere, and calls no rank firm."""

from pathlib import Path

import pytest

from cli import golden_errors
from hubrank.api import load
from hubrank.core import edition
from hubrank.publishing.page_words import words
from hubrank.publishing.site.one_economy_remarks import of_one_economy

STUDY = """
title = "Brazil and its peers"
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
[clusters]
min_listings = 20
"""
FLORIANOPOLIS, PARIS, TOKYO = "-27.6,-48.55", "48.85,2.35", "35.68,139.69"


def write(folder: Path, name: str, **listings: int) -> None:
    places = {"florianopolis": FLORIANOPOLIS, "paris": PARIS, "tokyo": TOKYO}
    rows = [f"{place}{n},{2020 + n % 4},{places[place]}\n" for place, count in listings.items() for n in range(count)]
    (folder / name).write_text("id,year,lat,lon\n" + "".join(rows))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a study of 460 patents in Brazil of 500, and of deals all over the world."""
    folder = tmp_path_factory.mktemp("one_economy")
    (folder / "study.toml").write_text(STUDY + "[robustness]\ndraws = 200\n")
    write(folder, "patents.csv", florianopolis=460, paris=24, tokyo=16)
    write(folder, "deals.csv", florianopolis=40, paris=360, tokyo=100)
    return folder


@pytest.fixture(scope="module")
def screen(folder):
    with pytest.MonkeyPatch.context() as patch:
        return golden_errors.shown("run study.toml --out out", folder, patch.chdir)


def test_edition_and_screen_state_the_two_shares(folder, screen):
    metrics = edition.load(folder / "out").manifest["metrics"]
    expected = {"economy": "BR", "share_pct": 92.0, "other_metric": "deals", "other_share_pct": 8.0}
    assert metrics["patents"]["one_economy"] == expected
    assert "one_economy" not in metrics["deals"]
    line = "92.0 % of patents lie in one economy, Brazil, against 8.0 % of deals, as in the records of one national"
    assert line in screen


def test_a_check_says_it_of_the_sample(folder, monkeypatch):
    seen = golden_errors.shown("check study.toml", folder, monkeypatch.chdir)
    assert "of the sampled listings, 92.0 % of patents lie in one economy, Brazil, against 8.0 % of deals" in seen


def test_pages_say_once_what_holds_for_several_metrics():
    shares = {"economy": "BR", "other_metric": "publications", "other_share_pct": 34.9}
    of = {"deals": {"share_pct": 97.4, **shares}, "patents": {"share_pct": 97.0, **shares}}
    sources = [{"metric": name} for name in ("deals", "patents", "publications")]
    manifest = {
        "study": {"sources": sources},
        "metrics": {name: {"one_economy": each} for name, each in of.items()},
    }
    (remark,) = of_one_economy(manifest, words("en"))
    assert remark.startswith(
        "97.4\xa0% of deals and 97.0\xa0% of patents lie in one economy, Brazil, against 34.9\xa0% of publications, as"
    )


@pytest.mark.usefixtures("screen")
def test_an_assistant_is_told(folder):
    mcp_server = pytest.importorskip("hubrank.cli.mcp_server")
    (remark,) = mcp_server._described(load(folder / "out"))["remarks"]
    assert remark.startswith("92.0 % of patents lie in one economy, Brazil, against 8.0 % of deals")


@pytest.mark.usefixtures("screen")
def test_no_rank_is_firm_and_pages_and_report_say_why(folder):
    done = edition.load(folder / "out")
    assert not any(done.table("robustness")["firm"].to_pylist())
    assert "No rank is called firm: one economy has most of a metric" in (done.folder / "robustness.md").read_text()
    pages = {name: (done.folder / "site" / name).read_text("utf-8") for name in ("index.html", "robustness.html")}
    first = min((done.folder / "site" / "cluster").glob("*.html"))
    remark = "92.0\xa0% of patents lie in one economy, Brazil, against 8.0\xa0% of deals"
    for page in (*pages.values(), first.read_text("utf-8")):
        assert remark in page[: page.index("<main")]
    assert "No rank is called so: one economy" in pages["robustness.html"]
    assert remark in (done.folder / "site" / "method.html").read_text("utf-8").split("<main")[1]
    assert "92.0 % of patents lie in one economy, Brazil, against 8.0 % of" in (done.folder / "brief.md").read_text(
        "utf-8"
    )


@pytest.mark.usefixtures("screen")
def test_a_comparison_with_a_published_list_says_it_first(folder, monkeypatch):
    (folder / "list.csv").write_text("rank,cluster,economies\n1,Paris,FR\n2,Tokyo,JP\n3,Florianópolis,BR\n")
    remark = "92.0\xa0% of patents lie in one economy, Brazil, against 8.0\xa0% of deals"
    seen = golden_errors.shown("concord out list.csv --page page.html", folder, monkeypatch.chdir)
    assert seen.index(remark) < seen.index("rows of the list are")
    page = (folder / "page.html").read_text("utf-8")
    assert page.index(remark) < page.index("<table")
    as_json = golden_errors.shown("concord out list.csv --json", folder, monkeypatch.chdir)
    assert '"remarks": [\n  "' + remark.replace("\xa0", " ") in as_json


@pytest.mark.parametrize("change", ["one economy", "no weight"])
def test_nothing_is_said_where_one_economy_is_ranked_or_the_metric_has_no_weight(folder, tmp_path, change, monkeypatch):
    study = STUDY + "[robustness]\nrun = false\n"
    if change == "one economy":
        write(tmp_path, "patents.csv", florianopolis=460)
        write(tmp_path, "deals.csv", florianopolis=40, paris=19, tokyo=19)
    else:
        study += "[ranking]\nweights = { patents = 0, deals = 1 }\n"
        for name in ("patents.csv", "deals.csv"):
            (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "study.toml").write_text(study)
    golden_errors.shown("run study.toml --out out", tmp_path, monkeypatch.chdir)
    metrics = edition.load(tmp_path / "out").manifest["metrics"]
    assert not any("one_economy" in each for each in metrics.values())


def test_an_edition_of_two_offices_verifies_whatever_the_order_of_its_metrics(tmp_path, monkeypatch):
    write(tmp_path, "patents.csv", florianopolis=460, paris=24)
    write(tmp_path, "deals.csv", florianopolis=24, paris=460)
    (tmp_path / "study.toml").write_text(STUDY + "[robustness]\ndraws = 200\n")
    golden_errors.shown("run study.toml --out out", tmp_path, monkeypatch.chdir)
    pages = (tmp_path / "out" / "site" / "index.html").read_text("utf-8")
    assert "% of patents lie in one economy, Brazil" in pages
    assert "% of deals lie in one economy, France" in pages
    assert "0 differences" in golden_errors.shown("verify out", tmp_path, monkeypatch.chdir)
