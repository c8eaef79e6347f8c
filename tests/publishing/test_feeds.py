"""Feeds of an edition and of each cluster: valid Atom and JSON Feed, with the figures of the tables."""

import json
import re
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from hubrank.analysis.equal_scores import moved_among_equals
from hubrank.core.edition import load
from hubrank.publishing import site
from hubrank.publishing.site import feeds, rendering
from publishing.hostile import HOSTILE
from publishing.small_editions import named

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "https://clusters.example.org/2025"


def content_of(tables, shapes, manifest, previous=None, **publish):
    study = {"clusters": {"min_listings": 3}, **manifest["study"], "publish": publish}
    return site.gather_content(None, tables, shapes, {**manifest, "study": study}, previous=previous)


@pytest.fixture(scope="module")
def content(demo):
    edition, before = load(demo / "2025"), load(demo / "2024")
    tables = {name: edition.table(name) for name in ("ranking", "comparison")}
    return content_of(tables, {}, edition.manifest, before.manifest, base_url=BASE)


@pytest.fixture(scope="module")
def written(content):
    return dict(feeds.pages(content))


def only(element, name):
    (child,) = element.findall(f"{ATOM}{name}")
    return child


def assert_valid_atom(document):
    """Check what RFC 4287, sections 4.1.1 and 4.1.2, requires of a feed and its entries."""
    root = ET.fromstring(document)
    assert root.tag == f"{ATOM}feed"
    assert only(only(root, "author"), "name").text
    ids = [only(root, "id").text, *(only(entry, "id").text for entry in root.findall(f"{ATOM}entry"))]
    assert len(set(ids)) == len(ids) > 1
    for each in [root, *root.findall(f"{ATOM}entry")]:
        assert only(each, "title").text
        assert urlsplit(only(each, "id").text).scheme == "https"
        assert datetime.fromisoformat(only(each, "updated").text).tzinfo
        relations = [link.get("rel") for link in each.findall(f"{ATOM}link")]
        assert len(relations) == len(set(relations)), "one link for each relation and type"
        assert "alternate" in relations
    assert root.find(f"{ATOM}link[@rel='self']") is not None
    return root


def assert_valid_json_feed(document):
    """Check what JSON Feed 1.1 requires."""
    feed = json.loads(document)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["content_text"]
        assert datetime.fromisoformat(item["date_published"]).tzinfo
    return feed


def test_there_are_no_feeds_where_the_study_does_not_say_where_it_is_published(content):
    study = content.study.model_copy(update={"publish": type(content.study.publish)()})
    assert list(feeds.pages(replace(content, study=study))) == []


def test_every_feed_is_valid_and_each_cluster_has_two(content, written):
    names = {f"cluster/{row.cluster_id}" for row in content.rows}
    expected = {"feed.atom", "feed.json"} | {f"{name}.atom" for name in names} | {f"{name}.feed.json" for name in names}
    assert written.keys() == expected
    for name, document in written.items():
        if name.endswith(".atom"):
            root = assert_valid_atom(document)
            assert root.find(f"{ATOM}link[@rel='self']").get("href") == f"{BASE}/site/{name}"
        else:
            assert assert_valid_json_feed(document)["feed_url"] == f"{BASE}/site/{name}"


def test_no_author_is_invented_where_the_study_states_none(content):
    study = content.study.model_copy(update={"publish": content.study.publish.model_copy(update={"authors": []})})
    documents = dict(feeds.pages(replace(content, study=study)))
    assert only(only(assert_valid_atom(documents["feed.atom"]), "author"), "name").text == "Authors not stated"
    assert "authors" not in assert_valid_json_feed(documents["feed.json"])


def test_both_forms_say_the_same(written):
    for name in ("feed", "cluster/beijing-cn"):
        root = ET.fromstring(written[f"{name}.atom"])
        feed = json.loads(written["feed.json" if name == "feed" else f"{name}.feed.json"])
        keys = ("id", "title", "summary", "updated")
        assert [tuple(only(entry, key).text for key in keys) for entry in root.findall(f"{ATOM}entry")] == [
            tuple(item[key] for key in ("id", "title", "content_text", "date_published")) for item in feed["items"]
        ]
        assert feed["description"].startswith("SIMULATED")


def test_the_figures_of_a_cluster_are_those_of_the_tables(content, written, demo):
    moves = {row["cluster_id"]: row for row in content.rows_of("comparison")}
    equals = moved_among_equals(content.rows_of("comparison"))
    for row in content.rows_of("ranking"):
        items = json.loads(written[f"cluster/{row['cluster_id']}.feed.json"])["items"]
        text, *before = (item["content_text"] for item in items)
        assert text.startswith(f"Rank {row['rank']} of 237, score {row['score_pct']:.2f}\xa0%.")
        portrait = (demo / "2025/site/cluster" / f"{row['cluster_id']}.html").read_text("utf-8")
        stated = re.search(r"[A-Z][^.]* possible \(90\xa0% confidence\)\.", portrait)[0]
        assert stated in text, "feeds say which ranks are open as pages do"
        move = moves[row["cluster_id"]]
        if row["cluster_id"] in equals:
            assert "records +" not in text, "nothing moved it past a cluster of its score"
        elif move["move"] is not None:
            parts = [int(n.replace("−", "-")) for n in re.findall(r"(?:records|boundaries|method) ([+−]?\d+)", text)]
            assert parts == [move["data"], move["boundary"], move["method"]]
        assert before == ([f"Rank {move['rank_before']}."] if move["rank_before"] is not None else [])


def test_an_edition_is_dated_by_its_study_else_by_its_windows_never_by_the_clock():
    assert feeds.day({"study": {"publish": {"date": "2025-09-01"}}}) == "2025-09-01T00:00:00Z"
    windows = {"patents": [2019, 2023], "deals": [2020, 2024]}
    assert feeds.day({"study": {"windows": windows}}) == "2024-12-31T00:00:00Z"


def test_hostile_names_are_text_in_every_feed():
    content = content_of(*named([*HOSTILE[:40], "bell\x07 & <b>"]), base_url=BASE + "/")
    for name, document in feeds.pages(content):
        if name.endswith(".json"):
            assert json.loads(document)["items"]
        else:
            root = ET.fromstring(document)
            assert {element.tag.removeprefix(ATOM) for element in root.iter()} <= {
                *(
                    "feed",
                    "title",
                    "subtitle",
                    "id",
                    "link",
                    "updated",
                    "author",
                    "name",
                    "generator",
                    "entry",
                    "summary",
                )
            }


def test_the_pages_name_their_feeds():
    study = SimpleNamespace(title="A study", edition="2025")
    values = {
        "feeds": ("x.atom", "x.feed.json"),
        "root": "../",
        "study": study,
        "note": "",
        "made_of": "",
        "pages": [],
        "poorly_located": (),
        "of_one_economy": (),
    }
    page = rendering._templates().get_template("page.html")
    text = page.render(**values, language="en", policy="", style="", alone=False, embed=True, say=lambda *_, **__: "")
    assert re.findall(r'rel="alternate" type="([^"]+)" href="([^"]+)"', text) == [
        ("application/atom+xml", "x.atom"),
        ("application/feed+json", "x.feed.json"),
    ]


def test_the_page_of_each_cluster_links_to_where_a_wrong_place_is_reported(demo):
    edition = load(demo / "2025")
    tables = {name: edition.table(name) for name in ("ranking", "clusters", "points", "profiles", "concentration")}
    outlines = json.loads((edition.folder / "clusters.geojson").read_text("utf-8"))["features"]
    shapes = {feature["id"]: feature["geometry"] for feature in outlines}
    for report_url in (None, "https://clusters.example.org/report"):
        content = content_of(tables, shapes, edition.manifest, report_url=report_url)
        _, page = next(iter(site.cluster_page.pages(content)))
        assert ('href="https://clusters.example.org/report">Report a wrong place' in page.decode()) == bool(report_url)
