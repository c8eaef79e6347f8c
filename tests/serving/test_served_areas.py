"""An edition that ranks areas, served: its files, other weights, and places by the area that holds them."""

import json

import pytest
import shapely

from fixtures_editions import run_edition
from hubrank.publishing.site.map_data import map_rings, outlines_of
from hubrank.serving import served_edition
from hubrank.serving.app import application
from test_areas import AREAS, FIVE, rows, write_areas


@pytest.fixture(scope="module")
def areas(tmp_path_factory, get):
    """Return a client of a small edition of areas, and its folder."""
    folder = tmp_path_factory.mktemp("areas")
    write_areas(folder)
    edition = run_edition(folder, "e", rows(), FIVE + AREAS + "rank = true\n")
    with served_edition.opened(edition.folder) as opened:
        yield type(get)(application(opened), get.loop), edition.folder


def test_the_files_and_rows_of_areas_are_sent(areas):
    get, folder = areas
    assert get("/clusters.csv").body == (folder / "ranking.csv").read_bytes()
    assert [row["cluster_id"] for row in json.loads(get("/clusters.json").body)["clusters"]] == ["W", "E", "S"]
    assert set(json.loads(get("/cluster/W.json").body)["tables"]) >= {"ranking", "measures"}
    assert get("/tables/area_shapes.json").status == 404


def test_another_radius_or_threshold_is_refused_and_the_description_says_why(areas):
    get, _ = areas
    for query in (b"radius_km=12", b"radius_km=18", b"min_listings=4", b"min_listings=6"):
        refused = get("/clusters.json", query)
        assert refused.status == 400
        name = query.partition(b"=")[0].decode()
        assert json.loads(refused.body)["detail"] == f"{name}: areas are ranked, and do not depend on it; leave it out."
        assert get("/clusters.json", b"radius_km=15&min_listings=5").status == 200
    parameters = json.loads(get("/openapi.json").body)["paths"]["/clusters.json"]["get"]["parameters"]
    assert "areas are ranked, and do not depend on it" in json.dumps(parameters)
    schemas = {each["name"]: each["schema"] for each in parameters}
    assert (schemas["radius_km"]["minimum"], schemas["radius_km"]["maximum"]) == (15, 15)
    assert (schemas["min_listings"]["minimum"], schemas["min_listings"]["maximum"]) == (5, 5)


def test_other_weights_keep_the_shapes_of_the_areas(areas):
    get, folder = areas
    features = json.loads(get("/clusters.geojson", b"w.patents=3").body)["features"]
    published = json.loads((folder / "clusters.geojson").read_bytes())["features"]
    assert [each["geometry"] for each in features] == [each["geometry"] for each in published]
    outlines = json.loads(get("/map/outlines.json").body)
    shapes = {each["id"]: shapely.from_geojson(json.dumps(each["geometry"])) for each in published}
    assert outlines == outlines_of({code: map_rings(shapes[code], shapes[code]) for code in ("E", "S", "W")})


def test_a_place_is_explained_by_the_area_that_holds_it(areas):
    get, _ = areas
    inside = json.loads(get("/explain.json", b"lat=48.5&lon=2.01").body)
    assert (inside["cluster"]["cluster_id"], inside["role"]) == ("W", "area")
    assert "It is in the area Area W (FR, rank 1), whose shape holds it." in inside["sentences"]
    assert json.loads(get("/explain.json", b"lat=0&lon=0").body)["cluster"] is None
