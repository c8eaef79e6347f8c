"""Each source: what is fetched, what its manifest says, what happens at the second call."""

import hashlib
import json
import shutil

import pyarrow.parquet as pq
import pytest

from acquisition import providers
from hubrank.acquisition.download import Part


def visible(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json"}


@pytest.mark.parametrize("source", list(providers.INSTALL))
def test_every_file_is_in_one_manifest_with_address_time_licence_and_hash_and_is_fetched_once(
    source, stub, get, tmp_path
):
    providers.INSTALL[source](stub)
    get(source)
    folder = tmp_path / source
    manifest = json.loads((folder / "manifest.json").read_text())
    assert visible(folder) == set(manifest["files"])
    assert manifest["licence"]
    assert manifest["publisher"]
    for name, entry in manifest["files"].items():
        assert entry["sha256"] == hashlib.sha256((folder / name).read_bytes()).hexdigest()
        assert entry["bytes"] == (folder / name).stat().st_size
        assert entry["address"].startswith("http")
        assert entry["fetched"].endswith("+00:00")
    assert get.client.sent <= get.plan.requests
    before = (folder / "manifest.json").read_bytes()
    again = get(source)
    assert again.unchanged == len(again.files) >= len(get.plan.files)
    assert (folder / "manifest.json").read_bytes() == before


@pytest.mark.parametrize(
    "source", ["ror", "form-d", "patentsview", "uspto", "ghs-pop", "urban-areas", "nuts", "geonames"]
)
def test_files_arrive_byte_for_byte(source, stub, get, tmp_path):
    for name, content in providers.INSTALL[source](stub).items():
        if not (tmp_path / source / name).exists():
            get(source)
        assert (tmp_path / source / name).read_bytes() == content


def test_the_fetched_register_is_the_one_that_a_run_uses(stub, get, tmp_path):
    from hubrank.sources import register

    (name,) = providers.ror(stub)
    get("ror")
    assert register.newest(tmp_path / "ror").name == name


def test_parquet_is_fetched_by_columns_without_titles_and_names_of_authors(stub, get, tmp_path):
    providers.openalex(stub)
    get("openalex")
    path = "data/parquet/works/updated_date=2026-09-02/part_0000.parquet"
    table = pq.ParquetFile(tmp_path / "openalex" / path).read()
    assert "title" not in table.column_names
    assert "author" not in table["authorships"][0].as_py()[0]
    expected = providers.works_table(2_000, 1).drop_columns(["title"])
    for name in ("id", "publication_year", "primary_location", "is_xpac"):
        assert table[name].to_pylist() == expected[name].to_pylist()
    assert table["authorships"][0].as_py()[0]["institutions"] == expected["authorships"][0].as_py()[0]["institutions"]
    assert stub.sent(path) < len(stub.files["/" + path]) / 2
    assert b"A Person" not in (tmp_path / "openalex" / path).read_bytes()


def test_columns_of_which_only_the_version_is_known_are_fetched(stub, get, tmp_path):
    names = providers.openalex(stub)
    get("openalex")
    expected = (tmp_path / "openalex" / names[1]).read_bytes()
    shutil.rmtree(tmp_path / "openalex")
    file, content = next(each for each in get.plan.files if each.name == names[1]), stub.files["/" + names[1]]
    (tmp_path / "openalex").mkdir()
    Part(tmp_path / "openalex", file).begin(file, f'"{hashlib.md5(content).hexdigest()}"', len(content))
    get("openalex")
    assert (tmp_path / "openalex" / names[1]).read_bytes() == expected


def test_json_lines_are_fetched_whole(stub, get, tmp_path):
    names = providers.openalex(stub, "jsonl")
    get("openalex", format="jsonl")
    assert all((tmp_path / "openalex" / name).read_bytes() == stub.files["/" + name] for name in names)


def test_a_file_that_left_the_snapshot_leaves_the_folder_and_the_others_are_not_fetched_again(stub, get, tmp_path):
    names = providers.openalex(stub)
    get("openalex")
    sent = stub.sent("part_")
    manifest = json.loads(stub.files["/data/parquet/works/manifest.json"])
    left = manifest["files"].pop()
    for key in ("record_count", "content_length"):
        manifest[key] -= left["meta"][key]
    stub.files["/data/parquet/works/manifest.json"] = json.dumps(manifest).encode()
    result = get("openalex")
    assert result.remarks == ("Removed: 1 file of an earlier version.",)
    assert visible(tmp_path / "openalex") == set(names) - {left["url"].removeprefix("s3://openalex/")}
    assert stub.sent("part_") == sent


def test_quarters_are_those_of_the_years(stub, get, tmp_path):
    providers.form_d(stub)
    get("form-d", years=(2024, 2024))
    assert visible(tmp_path / "form-d") == {"2024q3_d.zip", "2024q4_d.zip"}
    assert get.plan.remarks == ("The page has no data set of 2024q1, 2024q2.",)


def test_a_quarter_that_was_published_again_is_fetched_again(stub, get, tmp_path):
    providers.form_d(stub)
    get("form-d")
    index = "/data-research/sec-markets-data/form-d-data-sets"
    stub.files[index] = stub.files[index].replace(b"2024q3_d.zip", b"2024q3_d_1.zip")
    path = "/files/structureddata/data/form-d-data-sets/2024q3_d_1.zip"
    stub.files[path] = providers.zipped(newer=b"rows")
    assert get("form-d").unchanged == 2
    assert (tmp_path / "form-d" / "2024q3_d.zip").read_bytes() == stub.files[path]


def test_a_contact_is_sent_to_the_sec(stub, get):
    providers.form_d(stub)
    get("form-d")
    assert all(providers.CONTACT in request["headers"]["user-agent"] for request in stub.requests)


def test_a_raster_becomes_a_table_of_inhabited_cells(stub, get, tmp_path):
    providers.ghs_pop(stub)
    result = get("ghs-pop")
    (path,) = [path for path in result.files if path.suffix == ".parquet"]
    rows = pq.read_table(path).to_pylist()
    assert rows == [{"lat": 8.25, "lon": -17.25, "people": 7.5}, {"lat": -9.75, "lon": 19.75, "people": 1.0}]
    assert path.parent == tmp_path / "ghs-pop"


def test_areas_become_geoparquet_in_degrees(stub, get):
    import geopandas

    providers.urban_areas(stub)
    result = get("urban-areas")
    path = next(path for path in result.files if path.suffix == ".parquet")
    areas = geopandas.read_parquet(path)
    assert list(areas["eFUA_name"]) == ["A", "B"]
    assert areas.total_bounds == pytest.approx([0, 0, 3, 3], abs=1e-6)


@pytest.mark.parametrize(("source", "package"), [("ghs-pop", "rasterio"), ("urban-areas", "pyogrio")])
def test_without_the_extra_the_file_is_fetched_and_the_message_names_it(source, package, stub, get, monkeypatch):
    providers.INSTALL[source](stub)
    monkeypatch.setitem(__import__("sys").modules, package, None)
    result = get(source)
    assert [path.suffix for path in result.files] == [".zip"] * len(result.files)
    assert any(f"needs {package}" in remark and "hubrank[geo]" in remark for remark in result.remarks)


def test_the_twentieth_download_of_a_year_is_the_last_and_the_fifteenth_is_warned_of(stub, get, tmp_path):
    from hubrank.core.errors import StudyError

    (name, _) = providers.uspto(stub)
    for number in range(20):
        get("uspto", only=name)
        warned = [remark for remark in get.plan.remarks if "allows 20" in remark]
        (tmp_path / "uspto" / name).unlink()
        assert bool(warned) == (number >= 15), number
    requests = len(stub.requests)
    with pytest.raises(StudyError, match="requested 20 times within a year"):
        get("uspto", only=name)
    assert not [request for request in stub.requests[requests:] if name in request["path"]]
    assert providers.KEY not in (tmp_path / "uspto" / "manifest.json").read_text()
