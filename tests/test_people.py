"""People of a grid in every output, and nothing divided by people where there is no grid."""

import csv
import json
from decimal import Decimal

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
from hubrank.study.study_file import read_raw

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


def named_cities(folder, language, by_coordinates):
    """Run a study of rows that name cities: Paris, which is wider than the ground at its centre, and Orléans."""
    rows = [("Paris", "48.8567", "2.3522")] * by_coordinates + [("Paris", "", "")] * (12 - by_coordinates)
    with (folder / "e.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["city", "country", "lat", "lon", "year"])
        table.writerows([[city, "FR", *spot, 2020] for city, *spot in [*rows, *[("Orléans", "", "")] * 12]])
    columns = 'city = "city", country = "country", lat = "lat", lon = "lon", year = "year"'
    source = f'[[sources]]\nmetric = "patents"\nreader = "table"\nfiles = "e.csv"\ncolumns = {{ {columns} }}\n'
    (folder / "e.toml").write_text(
        f'title = "A test"\nedition = "e"\n{source}{grid(folder)}{TEN}\n[publish]\nlanguage = "{language}"\n', "utf-8"
    )
    return pipeline.run_raw(read_raw(folder / "e.toml"), folder / "e.toml", folder / "e", site=True)


@pytest.mark.parametrize(("language", "phrase"), [("en", "may be too high"), ("fr", "peut-être trop élevé")])
def test_people_of_a_part_of_a_city_are_marked_where_records_state_the_city_alone(tmp_path, capsys, language, phrase):
    edition = named_cities(tmp_path, language, by_coordinates=8)
    rows = {row["largest_city"]: row for row in edition.table("clusters").to_pylist()}
    ranking = {row["cluster_id"]: row for row in edition.table("ranking").to_pylist()}
    paris, orleans = (ranking[rows[name]["cluster_id"]] for name in ("Paris", "Orléans"))
    assert counts_a_part(paris)
    assert paris["at_city_centres_pct"] == Decimal("33.333333")
    assert not counts_a_part(orleans)
    assert orleans["at_city_centres_pct"] == 0, "it is no wider than the ground at its centre"
    pages = {path.stem: path.read_text("utf-8") for path in (edition.folder / "site" / "cluster").glob("*.html")}
    assert [name for name, page in pages.items() if phrase in page] == [paris["cluster_id"]]
    brief = (edition.folder / "brief.md").read_text("utf-8")
    assert f"Paris ({phrase})" in brief
    assert f"Orléans ({phrase})" not in brief
    editions.edition(edition, 9)
    assert "People of a part of their cities: 1 cluster (Paris, " in capsys.readouterr().out
    assert verify(edition.folder).faults == []


def test_nothing_is_said_of_people_where_most_records_lie_at_their_own_coordinates(tmp_path, capsys):
    edition = named_cities(tmp_path, "en", by_coordinates=9)
    paris = next(row for row in edition.table("ranking").to_pylist() if row["cluster"] == "Paris")
    assert 2 * paris["population"] < paris["city_people"]
    assert paris["at_city_centres_pct"] == 25
    assert not counts_a_part(paris)
    assert "too high" not in (edition.folder / "brief.md").read_text("utf-8")
    editions.edition(edition, 9)
    assert "People of a part" not in capsys.readouterr().out


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
