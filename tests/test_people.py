"""People of a grid in every output, and nothing divided by people where there is no grid."""

import csv
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fixtures_editions import run_edition
from hubrank import pipeline
from hubrank.analysis.verify import verify
from hubrank.cli.screens import editions
from hubrank.core.errors import DataError
from hubrank.core.processes import InlineExecutor
from hubrank.ranking.tables.city_people import counts_a_part
from hubrank.ranking.tables.population_table import table_population

TEN = "[clusters]\nmin_listings = 10"
ROWS = [(f"r{n}", 1, 2020, lat, "2.0", 6) for n, lat in enumerate(("48.00", "48.01", "50.00", "50.01"))]
WORDS = ("per_million", "per million inhabitants", "intensity_rank", "people_per_km2")


def grid(folder, people=50.0):
    """Write cells of 0.01 degree, two degrees around the towns."""
    cells = [(47.5 + i / 100, 1.5 + j / 100, people) for i in range(300) for j in range(100)]
    columns = [pa.array(column) for column in zip(*cells, strict=True)]
    pq.write_table(pa.table(columns, names=["lat", "lon", "people"]), folder / "people.parquet")
    return '[population]\ntable = "people.parquet"\nlicence = "CC0-1.0"\n'


def texts(folder):
    """Return what an edition says, by file: all that is text, and the columns of its tables."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".parquet":
            yield path, " ".join(pq.read_schema(path).names)
        elif path.suffix in {".csv", ".json", ".geojson", ".jsonld", ".md", ".html"}:
            yield path, path.read_text("utf-8").lower()


@pytest.fixture(scope="module")
def with_grid(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grid")
    return run_edition(folder, "e", ROWS, grid(folder) + TEN, site=True)


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    return run_edition(tmp_path_factory.mktemp("none"), "e", ROWS, TEN, site=True)


def test_without_a_grid_nothing_is_divided_by_people_anywhere(without, with_grid):
    assert {path.name for path, text in texts(without.folder) if any(word in text for word in WORDS)} == set()
    divided = {path.name for path, text in texts(with_grid.folder) if any(word in text for word in WORDS)}
    assert {
        "ranking.csv",
        "ranking.parquet",
        "intensity.parquet",
        "index.html",
        "brief.md",
        "clusters.geojson",
    } <= divided


def test_without_a_grid_the_people_of_its_cities_are_stated_as_such(without):
    with (without.folder / "ranking.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all("population" not in row and int(row["city_people"]) >= 0 for row in rows)
    page = next((without.folder / "site" / "cluster").glob("*.html")).read_text("utf-8")
    assert ("people of the cities in it (GeoNames)" in page) == any(int(row["city_people"]) for row in rows)
    assert not (without.folder / "tables" / "intensity.parquet").exists()


def test_people_of_a_grid_are_those_on_the_ground(with_grid):
    """Cells of 0.01 degree hold 50 people each, which is as many per km² on every ground of one latitude."""
    where = {row["cluster_id"]: row for row in with_grid.table("clusters").to_pylist()}
    features = json.loads((with_grid.folder / "clusters.geojson").read_text("utf-8"))["features"]
    assert len(features) == 2
    for feature in features:
        row, cluster = feature["properties"], where[feature["id"]]
        per_km2 = 50 / (1.11195**2 * np.cos(np.radians(float(cluster["lat"]))))
        assert row["people_per_km2"] == pytest.approx(per_km2, rel=0.01)
        assert row["population"] == pytest.approx(per_km2 * float(cluster["area_km2"]), rel=0.01)
    assert [each["licence"] for each in with_grid.manifest["inputs"] if each["name"] == "people.parquet"] == ["CC0-1.0"]
    assert verify(with_grid.folder).faults == []


def test_a_cluster_outside_the_grid_has_no_population_in_any_output(tmp_path):
    cells = grid(tmp_path)
    abroad = [(f"a{n}", 1, 2020, "10.00", "2.0", 6) for n in range(2)]
    edition = run_edition(tmp_path, "e", [*ROWS, *abroad], cells + TEN, site=True)
    with (edition.folder / "ranking.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    unknown = [row for row in rows if not row["population"]]
    assert len(unknown) == 1
    assert len(rows) == 3
    assert {unknown[0][name] for name in ("people_per_km2", "score_pct_per_million", "intensity_rank")} == {""}
    assert sorted(row["intensity_rank"] for row in rows) == ["", "1", "2"]
    page = (edition.folder / "site" / "cluster" / f"{unknown[0]['cluster_id']}.html").read_text("utf-8")
    assert "people per km" not in page.lower()
    assert "per inhabitant" not in page
    for row in rows:
        if row["population"]:
            page = (edition.folder / "site" / "cluster" / f"{row['cluster_id']}.html").read_text("utf-8")
            assert f"<dt>rank by score per inhabitant</dt><dd>{row['intensity_rank']} (1–2)</dd>" in page
    assert verify(edition.folder).faults == []


@pytest.mark.parametrize(("language", "phrase"), [("en", "per inhabitant are too high"), ("pt", "altos demais")])
def test_people_of_a_part_of_a_city_are_marked(tmp_path, capsys, language, phrase):
    paris = [(f"p{n}", 1, 2020, "48.86", "2.35", 6) for n in range(2)]
    texts = f'[publish]\nlanguage = "{language}"\n'
    edition = run_edition(tmp_path, "e", [*ROWS, *paris], grid(tmp_path) + TEN + "\n" + texts, site=True)
    rows = {row["cluster"]: row for row in edition.table("ranking").to_pylist()}
    assert {name for name, row in rows.items() if counts_a_part(row)} == {"Paris"}
    assert rows["Paris"]["city_people"] > 2_000_000
    pages = {path.stem: path.read_text("utf-8") for path in (edition.folder / "site" / "cluster").glob("*.html")}
    assert [name for name, page in pages.items() if phrase in page] == [rows["Paris"]["cluster_id"]]
    assert phrase in (edition.folder / "brief.md").read_text("utf-8")
    editions.edition(edition, 9)
    assert "People of a part of their cities: 1 cluster (Paris, " in capsys.readouterr().out
    assert verify(edition.folder).faults == []


def test_a_grid_that_is_replaced_while_its_people_are_counted_stops_the_run(tmp_path):
    class Replacing(InlineExecutor):
        def submit(self, work, /, *args, **options):
            if work is table_population:
                grid(tmp_path, people=60.0)
            return super().submit(work, *args, **options)

    run_edition(tmp_path, "e", ROWS, grid(tmp_path) + TEN)
    with pytest.raises(DataError, match=r"people\.parquet was replaced or written to while the run read it"):
        pipeline.run(tmp_path / "e.toml", tmp_path / "other", worker=Replacing())
    assert not (tmp_path / "other").exists()
