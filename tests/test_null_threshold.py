"""A study whose threshold is a percentile of random points, from the records to every later question."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fixtures_editions import run_edition
from hubrank.analysis.comparison import compare
from hubrank.analysis.edition_records import opened
from hubrank.analysis.explanation import explain
from hubrank.analysis.robustness.all_tables import robustness_tables
from hubrank.analysis.verify import verify
from hubrank.cli.screens import editions
from hubrank.core.errors import DataError, StudyError
from hubrank.core.progress import no_progress

RANDOM = np.random.default_rng(4)
TOWNS = [(48.0, 2.0, 40), (48.0, 4.0, 25), (50.0, 2.0, 8), (50.0, 4.0, 3)]
ROWS = [
    (f"r{town}-{n}", 1, 2020, f"{lat + RANDOM.normal(0, 0.03):.2f}", f"{lon + RANDOM.normal(0, 0.03):.2f}", 1)
    for town, (lat, lon, listings) in enumerate(TOWNS)
    for n in range(listings)
]
NULL = '[clusters]\nthreshold = {{ null = {}, points = 5000 }}\n[population]\ntable = "people.parquet"\n'


def write_grid(folder):
    cells = [(47.055 + i / 50, 1.055 + j / 50, 1.0) for i in range(200) for j in range(200)]
    pq.write_table(pa.table(list(zip(*cells, strict=True)), names=["lat", "lon", "people"]), folder / "people.parquet")


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    folder = tmp_path_factory.mktemp("null")
    write_grid(folder)
    return run_edition(folder, "e", ROWS, NULL.format("98.5"), site=True)


def test_the_number_that_comes_out_is_stated_with_its_share_and_percentile(edition, capsys):
    listings = edition.manifest["threshold_listings"]
    assert 3 < listings <= 25
    assert edition.manifest["threshold_ppm"] == pytest.approx(1e6 * listings / len(ROWS), abs=0.06)
    assert edition.manifest["threshold_null"] == {
        "percentile": "98.5",
        "points": 5000,
        "drawn_from": "inhabited cells",
    }
    editions.edition(edition, 3)
    share = f"{edition.manifest['threshold_ppm']:,g} per million listings"
    words = f"{listings} listings ({share}; more than at 98.5 % of 5,000 points drawn from inhabited cells)"
    assert words in " ".join(capsys.readouterr().out.split())
    page = (edition.folder / "site" / "method.html").read_text("utf-8")
    assert words.replace(" %", "\N{NO-BREAK SPACE}%") in page


def test_clusters_are_those_of_a_study_with_that_number(edition, tmp_path):
    listings = edition.manifest["threshold_listings"]
    write_grid(tmp_path)
    plain = NULL.replace("threshold = {{ null = {}, points = 5000 }}", f"min_listings = {listings}")
    other = run_edition(tmp_path, "e", ROWS, plain.format())
    for table in ("ranking", "clusters", "variants", "method_choices", "robustness"):
        assert edition.table(table).equals(other.table(table)), table


def test_later_questions_use_the_number(edition):
    assert explain(edition.folder, "48.0, 2.0").threshold_listings == edition.manifest["threshold_listings"]
    assert verify(edition.folder).faults == []
    assert compare(edition.folder, edition.folder).table["move"].to_pylist() == [0] * edition.manifest["clusters"]
    with opened(edition.folder) as (records,):
        tables = robustness_tables(records, no_progress, quick=False)
    levels = {row["threshold"] for row in tables["variants"][0].to_pylist()}
    assert levels == {"own", "× 2/3", "× 3/2"}


def test_the_same_study_gives_the_same_bytes_and_another_seed_about_the_same_number(edition, tmp_path):
    write_grid(tmp_path)
    again = run_edition(tmp_path, "e", ROWS[::-1], NULL.format("98.5"))
    assert again.manifest["threshold_listings"] == edition.manifest["threshold_listings"]
    assert (again.folder / "ranking.csv").read_bytes() == (edition.folder / "ranking.csv").read_bytes()


def test_a_percentile_at_which_nothing_lies_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"of the points drawn from land have no listing within 15 km.*any listing"):
        run_edition(tmp_path, "e", ROWS, "[clusters]\nthreshold = { null = 99 }\n")
    assert not (tmp_path / "e").exists()


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("[clusters]\nthreshold = { null = 99.5 }\nmin_listings = 4\n", "give exactly one of min_listings"),
        ("[clusters]\nthreshold = { null = 100 }\n", "less than 100"),
        ("[clusters]\nthreshold = { nul = 99 }\n", "nul"),
        ("[clusters]\nthreshold = { null = 99 }\n[population]\nraster = 'a.tif'\n", "draws points from the cells of a"),
    ],
)
def test_what_is_no_such_threshold_is_refused(tmp_path, section, message):
    with pytest.raises(StudyError, match=message):
        run_edition(tmp_path, "e", ROWS, section)


def test_a_grid_without_people_is_refused(tmp_path):
    names = ["lat", "lon", "people"]
    pq.write_table(pa.table([[48.0, 48.1], [2.0, 2.1], [0.0, 0.0]], names=names), tmp_path / "people.parquet")
    with pytest.raises(DataError, match=r"people\.parquet has no inhabited cell"):
        run_edition(tmp_path, "e", ROWS, NULL.format("99") + "cell_deg = 0.1\n")


def test_the_manifest_holds_the_percentile_as_it_is_written(edition):
    stated = json.loads((edition.folder / "edition.json").read_text("utf-8"))
    assert stated["study"]["clusters"] == {"threshold": {"null": 98.5, "points": 5000}}
    assert stated["parameters"]["clusters"]["threshold"] == {"null": "98.5", "points": 5000, "seed": 0}
