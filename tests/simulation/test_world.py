"""The simulated world: what is planted comes out of its raw files, and everything says that it is simulated."""

import csv
import gzip
import hashlib
import io
import json
import zipfile
from collections import Counter, defaultdict
from fractions import Fraction

import pyarrow.parquet as pq
import pytest

from hubrank.core.errors import StudyError
from hubrank.core.files import atomic_file
from hubrank.simulation import simulate
from hubrank.simulation.files import gzipped, zipped
from hubrank.study import study_file

WINDOWS = {"patents": (2020, 2024), "publications": (2019, 2023), "deals": (2020, 2024)}


def planted(world, edition="2025"):
    """Return planted records by (metric, unit)."""
    rows = pq.read_table(world.folder / "truth/clusters.parquet").to_pylist()
    return {(row["metric"], row["unit"]): row["records"] for row in rows if row["edition"] == edition}


def units_by_place(world):
    """Return the unit of each coordinate, as it is printed."""
    rows = pq.read_table(world.folder / "truth/places.parquet").to_pylist()
    return {(row["lat_e7"], row["lon_e7"]): row["unit"] for row in rows}


def unpacked(world, name):
    """Read a PatentsView table."""
    with zipfile.ZipFile(world.folder / f"raw/patentsview/{name}.tsv.zip") as archive:
        text = io.TextIOWrapper(archive.open(f"{name}.tsv"), "utf-8", newline="")
        yield from csv.DictReader(text, delimiter="\t")


def works(world):
    """Return the newest version of each work; two of one date must be the same."""
    newest = {}
    for path in sorted((world.folder / "raw/openalex/works").rglob("*.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for work in map(json.loads, lines):
                other = newest.setdefault(work["id"], work)
                assert other == work or other["updated_date"] != work["updated_date"]
                if work["updated_date"] > other["updated_date"]:
                    newest[work["id"]] = work
    return newest.values()


def e7(text):
    return round(float(text) * 10**7)


def test_publications_counted_by_hand_from_the_raw_files_are_those_planted(world):
    where = units_by_place(world)
    unit = {}
    for path in (world.folder / "raw/openalex/institutions").rglob("*.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for place in map(json.loads, lines):
                unit[place["id"]] = where[e7(place["geo"]["latitude"]), e7(place["geo"]["longitude"])]
    counted = Counter()
    for work in works(world):
        in_scope = work["type"] == "article" and not work["is_retracted"]
        if in_scope and WINDOWS["publications"][0] <= work["publication_year"] <= WINDOWS["publications"][1]:
            units = [unit[author["institutions"][0]["id"]] for author in work["authorships"] if author["institutions"]]
            texts = [
                author
                for author in work["authorships"]
                if author["raw_affiliation_strings"] and not author["institutions"]
            ]
            assert not texts or len(set(units)) == 1, "an affiliation in words next to several units"
            for one in units:
                counted[one] += Fraction(1, len(units))
    expected = {u: n for (metric, u), n in planted(world).items() if metric == "publications"}
    assert {u: counted[u] for u in expected} == expected


def test_patents_counted_by_hand_from_the_raw_files_are_those_planted_whether_other_spellings_are_found_or_not(world):
    where = units_by_place(world)
    rows = pq.read_table(world.folder / "truth/places.parquet").to_pylist()
    named = {(row["city"], row["country"]): row["unit"] for row in reversed(rows) if row["centre"]}
    unit = {}
    for row in unpacked(world, "g_location_disambiguated"):
        at = (e7(row["latitude"]), e7(row["longitude"])) if row["latitude"] else None
        unit[row["location_id"]] = where[at] if at else named.get((row["disambig_city"], row["disambig_country"]))
    nowhere = {"", "SIM-L-none", "SIM-L-unknown"}
    year = {row["patent_id"]: int(row["patent_date"][:4]) for row in unpacked(world, "g_patent")}
    inventors = defaultdict(list)
    for row in unpacked(world, "g_inventor_disambiguated"):
        inventors[row["patent_id"]] += [row["location_id"]] * (row["location_id"] not in nowhere)
    counted = Counter()
    for patent in {row["patent_id"] for row in unpacked(world, "g_pct_data")}:
        if WINDOWS["patents"][0] <= year[patent] <= WINDOWS["patents"][1]:
            units = [unit[place] for place in inventors[patent] if unit[place] is not None]
            assert len(units) == len(inventors[patent]) or len(set(units)) == 1
            for one in units:
                counted[one] += Fraction(1, len(units))
    expected = {u: n for (metric, u), n in planted(world).items() if metric == "patents"}
    assert {u: counted[u] for u in expected} == expected


def test_deals_counted_by_hand_from_the_raw_files_are_those_planted(world):
    """Companies are located in words: counted by the unit in the company's id."""
    with (world.folder / "raw/crunchbase/funding_rounds.csv").open(encoding="utf-8", newline="") as file:
        rounds = {row["uuid"]: row for row in csv.DictReader(file)}.values()
    first, last = WINDOWS["deals"]
    counted = Counter(
        int(row["org_uuid"].split("-")[2])
        for row in rounds
        if row["city"] and row["investment_type"] not in {"grant", "debt_financing"}
        if first <= int(row["announced_on"][:4]) <= last
    )
    expected = {u: n for (metric, u), n in planted(world).items() if metric == "deals"}
    assert {u: counted[u] for u in expected} == expected


def test_every_company_of_a_round_is_in_the_organisations_at_the_same_place(world):
    def rows(name):
        with (world.folder / f"raw/crunchbase/{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    place = {row["uuid"]: (row["country_code"], row["region"], row["city"]) for row in rows("organizations")}
    for row in rows("funding_rounds"):
        if row["org_uuid"]:
            assert place[row["org_uuid"]] == (row["country_code"], row["region"], row["city"])


def test_the_truth_of_listings_adds_up_to_the_truth_of_clusters(world):
    table = pq.read_table(world.folder / "truth/listings.parquet")
    metric, unit, year, units = (table[name].to_numpy() for name in ("metric", "unit", "year", "units"))
    for (which, one), records in planted(world).items():
        first, last = WINDOWS[which]
        mine = (metric == which) & (unit == one) & (year >= first) & (year <= last)
        assert abs(int(units[mine].sum()) - records * 10**9) < records + 1, (which, one)


def test_some_of_everything_that_real_files_have_is_there(world):
    via = Counter(pq.read_table(world.folder / "truth/listings.parquet")["via"].to_pylist())
    assert min(via[kind] for kind in ("coordinates", "institution", "name", "spelling", "nothing")) > 100
    written_cities = {
        (row["disambig_city"], row["disambig_country"]) for row in unpacked(world, "g_location_disambiguated")
    }
    assert {
        ("Hong Kong", "CN"),
        ("Köln", "DE"),
        ("Bangalore", "IN"),
        ("Windhoek", "NA"),
        ("Tokyo", ""),
    } <= written_cities
    lines = Counter()
    for path in (world.folder / "raw/openalex/works").rglob("*.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            lines.update(json.loads(line)["id"] for line in file)
    assert sum(count > 1 for count in lines.values()) > 100, "older versions and repeated lines"


def test_everything_says_that_it_is_simulated(world):
    assert "SIMULATED" in (world.folder / "raw/SIMULATED.txt").read_text("utf-8")
    assert "simulated" in (world.folder / "truth/README.md").read_text("utf-8")
    assert all(study_file.read(path).synthetic for path in world.studies)
    assert all("SIM" in row["patent_id"] for row in unpacked(world, "g_patent"))
    assert all(
        "Simulated" in row["disambig_assignee_organization"] + row["disambig_assignee_individual_name_first"]
        for row in unpacked(world, "g_assignee_disambiguated")
    )
    assert all("SIM" in work["id"] and "Simulated" in work["display_name"] for work in works(world))


def test_the_studies_are_those_of_the_method(world):
    older, newer = (study_file.read(path) for path in world.studies)
    assert older.windows == {"patents": (2019, 2023), "publications": (2018, 2022), "deals": (2019, 2023)}
    assert newer.windows == WINDOWS
    assert (older.density, newer.density) == (("patents", "publications"), ("patents", "publications", "deals"))
    assert [older.weights["deals"], newer.weights["deals"]] == [0, 1]
    assert older.metrics == newer.metrics == ("patents", "publications", "deals")
    assert newer.compare.previous == "2024/edition.json"


def hashes(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_another_seed_gives_other_bytes(world, tmp_path):
    changed = simulate(tmp_path / "other", listings=80_000, seed=1)
    assert [study_file.read(path).robustness.seed for path in (*world.studies, *changed.studies)] == [2025, 2025, 1, 1]
    other = hashes(changed.folder)
    assert {name for name, value in hashes(world.folder).items() if other[name] != value} >= {
        "raw/openalex/works/updated_date=2025-06-30/part_000.gz",
        "raw/patentsview/g_inventor_disambiguated.tsv.zip",
        "raw/crunchbase/funding_rounds.csv",
    }


def stopped(opened, path):
    """Write a little, and fail."""
    with opened(path) as file:
        file.write(b"half")
        raise RuntimeError("stop")


@pytest.mark.parametrize("opened", [atomic_file, gzipped, zipped])
def test_a_write_that_fails_leaves_the_old_file_or_none(opened, tmp_path):
    path = tmp_path / "a.tsv.zip"
    with pytest.raises(RuntimeError, match="stop"):
        stopped(opened, path)
    assert not list(tmp_path.iterdir())
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="stop"):
        stopped(opened, path)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_no_draft_is_left(world):
    assert not list(world.folder.rglob(".*"))


@pytest.mark.parametrize(
    ("wish", "answer"), [({"listings": 10}, "require at least 80,000"), ({"seed": -1}, "0 or more")]
)
def test_a_world_that_cannot_be_is_refused_before_anything_is_written(wish, answer, tmp_path):
    with pytest.raises(StudyError, match=answer):
        simulate(tmp_path / "w", **{"listings": 80_000, "seed": 1} | wish)
    assert not (tmp_path / "w").exists()


def test_the_world_has_about_as_many_listings_as_asked_for(world):
    rows = pq.read_metadata(world.folder / "truth/listings.parquet").num_rows
    assert 0.95 < rows / 80_000 < 1.02


def test_one_company_has_nine_in_ten_patents_of_ningde(world):
    leader = Counter(row["assignee_id"] for row in unpacked(world, "g_assignee_disambiguated"))
    ningde = Counter({name: n for name, n in leader.items() if name.startswith("SIM-A-98-")})
    assert 0.85 < ningde["SIM-A-98-0"] / ningde.total() < 0.97
    shenzhen = Counter({name: n for name, n in leader.items() if name.startswith("SIM-A-0-")})
    assert 0.18 < shenzhen["SIM-A-0-0"] / shenzhen.total() < 0.27


def test_clusters_have_a_leading_field(world):
    field = {row["patent_id"]: row["wipo_field_title"] for row in unpacked(world, "g_wipo_technology")}
    of_shenzhen = Counter(
        field[row["patent_id"]]
        for row in unpacked(world, "g_assignee_disambiguated")
        if row["assignee_id"].startswith("SIM-A-0-")
    )
    (name, most), (_, next_most) = of_shenzhen.most_common(2)
    assert name == "Digital communication"
    assert most > 2 * next_most
    assert len(of_shenzhen) > 10


def test_natural_persons_apply_too(world):
    rows = list(unpacked(world, "g_assignee_disambiguated"))
    persons = [row for row in rows if row["disambig_assignee_individual_name_last"]]
    assert 0.005 < len(persons) / len(rows) < 0.03
    assert not any(row["disambig_assignee_organization"] for row in persons)
