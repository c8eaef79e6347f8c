"""From an empty folder to a ranking: counts and register from a stub, then a run of the packaged study."""

import contextlib
import csv
import io
import json
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from acquisition import providers
from acquisition.stub import Fault, Stub
from hubrank import cli, pipeline
from hubrank.core.errors import DataError

STUDY = Path(__file__).parents[2] / "studies" / "world-publications.toml"


def test_counts_are_those_of_the_api_with_coordinates_by_institution_and_year(stub, get, tmp_path):
    providers.openalex_counts(stub, 450)
    get("openalex-counts", years=(2020, 2021))
    rows = pq.read_table(tmp_path / "openalex-counts" / "works-2021.parquet").to_pylist()
    assert len(rows) == 450
    by_id = {row["openalex_id"]: row for row in rows}
    for number in (0, 7, 449):
        institution = providers._institution(number)
        assert by_id[f"I{number}"] == {
            "openalex_id": f"I{number}",
            "institution_id": institution["ror"],
            "institution": institution["display_name"],
            "country": "FR",
            "type": "education",
            "lat": institution["geo"]["latitude"],
            "lon": institution["geo"]["longitude"],
            "year": 2021,
            "works": 1 + (number + 2021) % 40,
        }
    filters = {request["query"]["filter"][0] for request in stub.requests if "filter" in request["query"]}
    assert filters == {
        f"publication_year:{year},type:article,is_retracted:false,is_paratext:false,primary_topic.domain.id:1|3|4"
        for year in (2020, 2021)
    }


def test_the_years_without_a_choice_are_those_of_the_packaged_study():
    from hubrank.acquisition.openalex_counts import YEARS
    from hubrank.study.study_file import read

    assert read(STUDY).windows == {"publications": YEARS}


def test_coverage_compares_works_of_a_country_with_those_counted_at_its_institutions(stub, get, tmp_path):
    providers.openalex_counts(stub, 450)
    get("openalex-counts", years=(2020, 2020))
    works = pq.read_table(tmp_path / "openalex-counts" / "works-2020.parquet").to_pylist()
    with (tmp_path / "openalex-counts" / "coverage-2020.csv").open() as file:
        rows = list(csv.DictReader(file))
    counted, without = sum(row["works"] for row in works), sum(row["works"] for row in works if row["lat"] is None)
    assert rows == [
        dict(zip(rows[0], ("2020", "FR", "2250", str(counted), str(without)), strict=True)),
        dict(zip(rows[0], ("2020", "unknown", "1350", "0", "0"), strict=True)),
    ]


def test_only_core_sources_are_a_table_of_their_own(stub, get, tmp_path):
    providers.openalex_counts(stub, 50)
    get("openalex-counts", years=(2020, 2020), core=True)
    assert (tmp_path / "openalex-counts" / "core-works-2020.parquet").exists()
    filters = [request["query"]["filter"][0] for request in stub.requests if "filter" in request["query"]]
    assert all(text.endswith(",primary_location.source.is_core:true") for text in filters)


@pytest.mark.parametrize("institutions", [1, 100, 199, 200, 1_001])
def test_calls_are_exact_for_institutions_and_never_more_than_announced(institutions, stub, get):
    providers.openalex_counts(stub, institutions)
    get("openalex-counts", years=(2019, 2023))
    of_institutions = [r for r in stub.requests if r["path"] == "/institutions" and "cursor" in r["query"]]
    assert len(of_institutions) == -(-institutions // 100)
    assert get.client.sent <= get.plan.requests
    assert f"{get.plan.requests * 0.0001:.2f}" in get.plan.cost


def test_a_server_that_fails_without_end_is_not_asked_more_often_than_announced(stub, get):
    providers.openalex_counts(stub, 2_000)
    stub.faults += [
        Fault("/works", times=4, after=number, status=500) for number in (5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
    ]
    for _ in range(9):
        before = len(stub.requests)
        with contextlib.suppress(DataError):
            get("openalex-counts")
        assert len(stub.requests) - before <= get.plan.requests
    assert get("openalex-counts").unchanged == 3


def test_a_list_without_end_stops_at_the_announced_number_of_calls(stub, get):
    providers.openalex_counts(stub, 300)
    real = stub.routes["/works"]

    def endless(entry):
        entry["query"]["cursor"] = ["*"]
        status, headers, body = real(entry)
        return status, headers, json.dumps(json.loads(body) | {"meta": {"count": 9, "next_cursor": "1"}}).encode()

    stub.routes["/works"] = endless
    with pytest.raises(DataError, match="stopped before more requests than announced"):
        get("openalex-counts")
    assert len(stub.requests) == get.plan.requests


def test_an_interrupted_list_continues_with_the_next_page_and_an_expired_cursor_starts_again(stub, get, tmp_path):
    providers.openalex_counts(stub, 1_000)
    stub.faults.append(Fault("/institutions", after=4, status=400))
    with pytest.raises(DataError, match="answered 400"):
        get("openalex-counts")
    before = [r["query"].get("cursor") for r in stub.requests if r["path"] == "/institutions"][-1]
    stub.requests.clear()
    stub.faults[:] = [Fault("/institutions", after=1, status=400)]
    get("openalex-counts")
    cursors = [r["query"].get("cursor") for r in stub.requests if r["path"] == "/institutions"]
    assert cursors[1] == before
    assert cursors[2] == ["*"]
    assert len(pq.read_table(tmp_path / "openalex-counts" / "works-2019.parquet")) == 1_000


def test_a_list_with_fewer_institutions_than_stated_is_refused(stub, get, tmp_path):
    providers.openalex_counts(stub, 250)
    real = stub.routes["/institutions"]

    def short(entry):
        status, headers, body = real(entry)
        page = json.loads(body)
        return status, headers, json.dumps(page | {"results": page.get("results", [])[:99]}).encode()

    stub.routes["/institutions"] = short
    with pytest.raises(DataError, match="248 of 250 arrived"):
        get("openalex-counts")
    assert not list((tmp_path / "openalex-counts").glob("*.parquet"))


def test_a_page_of_another_layout_is_refused(stub, get):
    providers.openalex_counts(stub, 250)
    stub.routes["/works"] = lambda _: (200, {}, b'{"meta": {"count": 1}, "groups": []}')
    with pytest.raises(DataError, match=r"found the keys meta, groups. Its layout has changed"):
        get("openalex-counts")


def command(folder, stub, *arguments):
    """Type a command in a folder, in this process; it succeeds, and no key is seen."""
    environment = {"HUBRANK_RAW": str(folder / "shared")}
    for source in ("openalex-counts", "ror"):
        environment |= providers.environment(source, stub)
    seen = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(seen), contextlib.redirect_stderr(seen):
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["hubrank", *arguments])
        for name, value in environment.items():
            patch.setenv(name, value)
        code = cli.run_guarded()
    assert code == 0, seen.getvalue()
    assert providers.KEY not in seen.getvalue()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return the folder of a study that was fetched and run, uninterrupted."""
    folder = tmp_path_factory.mktemp("world")
    with Stub() as stub:
        providers.openalex_counts(stub, 2_000)
        providers.ror(stub, 1000)
        command(folder, stub, "get", "openalex-counts", "--yes")
        command(folder, stub, "get", "ror", "--yes")
        (folder / "study.toml").write_bytes(STUDY.read_bytes())
        command(folder, stub, "run", "study.toml", "--out", "edition")
    return folder


def test_a_planted_key_is_in_no_file_and_in_no_cache(world, cache):
    files = [path for folder in (world, cache) for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 100
    assert not [path for path in files if providers.KEY.encode() in path.read_bytes()]


def test_every_output_says_how_it_was_counted_and_where_the_counts_come_from(world):
    manifest = json.loads((world / "edition/edition.json").read_text())
    (account,) = manifest["sources"]
    assert account["name"] == "OpenAlex: works by institution and year"
    assert account["publisher"] == "OpenAlex"
    assert account["licence"] == "CC0-1.0"
    assert account["accessed"][:3] == "202"
    (counts, *_), register = (
        [entry for entry in manifest["inputs"] if part in entry["name"]] for part in ("works-", "ror-data")
    )
    assert counts["name"].endswith("openalex-counts/works-2019.parquet")
    assert counts["address"].endswith("/works")
    assert counts["fetched"] == account["accessed"]
    assert register[0]["version"] == "v1.75"
    citation = (world / "edition/CITATION.cff").read_text()
    assert citation.count('title: "OpenAlex: works by institution and year"') == 1
    assert citation.count('title: "Research Organization Registry"') == 1
    assert citation.count("date-accessed") == 2
    for name in ("brief.md", "brief.html", "datapackage.json", "edition.json", "dataset.jsonld", "site/index.html"):
        assert "hole counting" in (world / "edition" / name).read_text(), name
    assert "works name no country" in (world / "edition/brief.md").read_text()


def test_interrupted_and_continued_downloads_give_the_same_edition(world, tmp_path, monkeypatch):
    with Stub() as stub:
        providers.openalex_counts(stub, 2_000)
        providers.ror(stub, 1000)
        stub.faults += [Fault("/works", after=9, status=400), Fault("/records/9", cut=300)]
        command_fails(tmp_path, stub, "get", "openalex-counts", "--yes")
        command(tmp_path, stub, "get", "openalex-counts", "--yes")
        command(tmp_path, stub, "get", "ror", "--yes")
    for path in (world / "shared").rglob("*.json"):
        continued = tmp_path / path.relative_to(world)
        assert untimed(continued) == untimed(path)
        continued.write_bytes(path.read_bytes())  # the same day, also where midnight came between
    (tmp_path / "study.toml").write_bytes(STUDY.read_bytes())
    monkeypatch.setenv("HUBRANK_RAW", str(tmp_path / "shared"))
    pipeline.run(tmp_path / "study.toml", tmp_path / "edition")
    assert contents(tmp_path / "edition") == contents(world / "edition")


def untimed(path):
    """Return a manifest without times and the port of its stub."""
    manifest = json.loads(path.read_text())
    for entry in manifest["files"].values():
        entry["fetched"] = entry["address"] = ""
    return manifest


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }


def command_fails(folder, stub, *arguments):
    with pytest.raises(AssertionError, match="answered 400"):
        command(folder, stub, *arguments)
