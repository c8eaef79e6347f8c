"""An economy with a cluster and too few of its listings located is named on the screen, the page and in the brief."""

import pytest

from cli import golden_errors

STUDY = """
title = "Start-ups of two countries"
edition = "2025"
[[sources]]
metric = "deals"
reader = "table"
files = "deals.csv"
columns = { record = "id", year = "year", city = "city", country = "country" }
[clusters]
min_listings = 20
[robustness]
draws = 200
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a study of 400 deals in Boston, 60 in Lyon, and 40 in France that cannot be located."""
    folder = tmp_path_factory.mktemp("by_economy")
    places = [("Boston", "US")] * 400 + [("Lyon", "FR")] * 60 + [("Xyzzyplugh", "FR")] * 40
    rows = [f"{at},{2020 + at % 4},{city},{country}\n" for at, (city, country) in enumerate(places)]
    (folder / "deals.csv").write_text("id,year,city,country\n" + "".join(rows))
    (folder / "study.toml").write_text(STUDY)
    return folder


@pytest.fixture(scope="module")
def screen(folder):
    with pytest.MonkeyPatch.context() as patch:
        return golden_errors.shown("run study.toml --out out", folder, patch.chdir)


def test_the_screen_names_the_economy_and_what_is_located(screen):
    line = (
        "In economies with ranked clusters, less than 80 % of the listings are located: France (deals: 60.0 % of 100). "
        "Counts and ranks of their clusters are of these alone."
    )
    assert line in screen
    assert "deals: only" not in screen  # of the world's listings 92 % are located


@pytest.mark.usefixtures("screen")
def test_page_of_the_cluster_and_brief_say_it_too(folder):
    remark = "Only 60.0\xa0% of the listings of deals in France could be located: its counts, and the ranks"
    pages = [path.read_text("utf-8") for path in (folder / "out" / "site" / "cluster").glob("*.html")]
    assert len(pages) == 2
    assert [remark in page for page in pages].count(True) == 1
    assert "only 60.0 % of the listings of deals in France" in (folder / "out" / "brief.md").read_text()
