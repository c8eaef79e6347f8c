"""A study that ranks areas in place of clusters: every output is of the areas, and clusters are held against them."""

import csv
import html
import json
import re
import zipfile
from collections import Counter, defaultdict
from decimal import Decimal

import duckdb
import pytest
import shapely

from fixtures_editions import run_edition
from hubrank import pipeline
from hubrank.analysis.comparison import compare as compare_editions
from hubrank.analysis.comparison.trends import Trend
from hubrank.analysis.concord import concord
from hubrank.analysis.explanation import explain, explain_name, files, sentences
from hubrank.analysis.explanation.organisations import Organisation, Output
from hubrank.analysis.trace import trace
from hubrank.cli.screens import comparisons, editions
from hubrank.core.edition import areas_note, load, study_files
from hubrank.core.errors import DataError, StudyError
from hubrank.core.units import UNIT
from hubrank.publishing.site.concord_page import concord_page
from hubrank.publishing.site.series_page import series_page
from hubrank.publishing.verification import verify
from test_areas import AREAS, BOXES, FIVE, area_of, rows, write_areas

RANKED = AREAS + "rank = true\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ranked")
    write_areas(folder)
    return folder


@pytest.fixture(scope="module")
def edition(folder):
    return run_edition(folder, "e", rows(), FIVE + RANKED, site=True)


def test_ranks_and_units_are_those_of_a_point_in_polygon_count(edition):
    """DuckDB adds up the raw listings, shapely says in which area each lies."""
    located, addresses = (edition.folder / "tables" / f"{name}.parquet" for name in ("located", "addresses"))
    spots = duckdb.sql(
        f"SELECT lat_e7, lon_e7, CAST(SUM(l.units) AS BIGINT) FROM '{located}' AS l "
        f"JOIN '{addresses}' USING (address_key) GROUP BY ALL"
    ).fetchall()
    shapes = {code: shapely.box(*corners) for code, corners in BOXES.items()}
    sums = Counter()
    for lat, lon, units in spots:
        spot = shapely.Point(lon / 1e7, lat / 1e7)
        sums[next((code for code, shape in shapes.items() if shape.intersects(spot)), None)] += units
    expected = sorted((code for code in sums if code), key=lambda code: -sums[code])
    assert edition.table("ranking")["cluster_id"].to_pylist() == expected
    assert edition.table("ranking")["cluster"].to_pylist() == [f"Area {code}" for code in expected]
    measures = {row["cluster_id"]: row["units"] for row in edition.table("measures").to_pylist()}
    assert measures == {code: sums[code] for code in expected}
    totals = edition.manifest["metrics"]["patents"]
    assert sum(measures.values()) + sums[None] == totals["units"] == totals["in_clusters"] + sums[None]


def test_a_listing_is_of_the_area_around_it_or_of_none(edition):
    for row in edition.listings().to_pylist():
        assert row["cluster_id"] == area_of(row["lat_e7"] / 1e7, row["lon_e7"] / 1e7)


def test_every_area_has_an_interval_and_its_own_shape(edition):
    ranking = edition.table("ranking").to_pylist()
    assert all(1 <= row["rank_low"] <= row["rank"] <= row["rank_high"] <= len(ranking) for row in ranking)
    features = json.loads((edition.folder / "clusters.geojson").read_text("utf-8"))["features"]
    shapes = {each["id"]: shapely.from_geojson(json.dumps(each["geometry"])) for each in features}
    km2 = {row["cluster_id"]: row["area_km2"] for row in edition.table("clusters").to_pylist()}
    for row in edition.table("areas").to_pylist():
        if row["rank"] is None:  # nothing was counted in it
            continue
        assert shapes[row["area_code"]].equals(shapely.box(*BOXES[row["area_code"]]))
        assert km2[row["area_code"]] == row["area_km2"]


def test_the_ground_of_clusters_taken_as_areas_gives_the_same_intervals(tmp_path):
    """Every member is dense here, so that clusters and their ground hold the same listings."""
    clusters = run_edition(tmp_path, "c", rows(), FIVE)
    ground = '[areas]\nfile = "c/clusters.geojson"\nid = "cluster_id"\nname = "cluster"\nrank = true\n'
    areas = run_edition(tmp_path, "a", rows(), FIVE + ground)
    for table in ("measures", "links", "profiles", "concentration", "economies", "leave_one_out", "weights"):
        assert areas.table(table).equals(clusters.table(table)), table
    columns = ["cluster_id", "cluster", "geonames_ids", "rank", "rank_low", "rank_high", "rank_low_places"]
    columns += ["simultaneous_low", "simultaneous_high", "score_pct", "city_people"]
    assert areas.table("ranking").select(columns).equals(clusters.table("ranking").select(columns))


def test_clusters_are_held_against_the_areas_as_where_clusters_are_ranked(edition, tmp_path):
    write_areas(tmp_path)
    plain = run_edition(tmp_path, "e", rows(), FIVE + AREAS)
    for table in ("areas", "cluster_areas"):
        assert edition.table(table).equals(plain.table(table)), table
    assert (edition.folder / "areas.csv").read_bytes() == (plain.folder / "areas.csv").read_bytes()
    ours, theirs = ({**each.manifest["areas"]} for each in (edition, plain))
    assert (ours.pop("ranked"), theirs.pop("ranked")) == (True, False)
    assert ours == theirs


def test_verify_makes_the_edition_again_from_its_own_tables(edition):
    findings = verify(edition.folder)
    assert (findings.faults, findings.remarks) == ([], [])


def test_of_several_metrics_verify_makes_the_same_pages(tmp_path):
    write_areas(tmp_path)
    study = """title = "Two"
edition = "1"
sources = [
    { metric = "patents", reader = "table", files = "a.csv", columns = { lat = "lat", lon = "lon" } },
    { metric = "deals", reader = "table", files = "a.csv", columns = { lat = "lat", lon = "lon" } },
]
geocoding = { use = ["coordinates"] }
"""
    (tmp_path / "a.csv").write_text("lat,lon\n" + "48.5,2\n" * 9 + "48.5,3\n" * 7 + "0,0.5\n")
    (tmp_path / "s.toml").write_text(study + FIVE + RANKED)
    assert verify(pipeline.run(tmp_path / "s.toml", tmp_path / "out").folder).faults == []


def test_threads_and_the_order_of_rows_and_areas_change_no_output(edition, tmp_path):
    write_areas(tmp_path, dict(reversed(BOXES.items())))
    shuffled = run_edition(tmp_path, "e", rows()[::-1], FIVE + RANKED)
    for table in ("ranking", "clusters", "measures", "robustness", "variants", "area_shapes", "cluster_areas"):
        assert shuffled.table(table).equals(edition.table(table)), table
    write_areas(tmp_path)
    seals = set()
    for threads in (1, 2):
        run_edition(tmp_path, "e", rows(), FIVE + RANKED)
        seals.add(pipeline.run(tmp_path / "e.toml", tmp_path / "again", threads=threads).manifest["sha256"])
    assert len(seals) == 1


def test_the_workbook_says_what_areas_are(edition):
    with zipfile.ZipFile(edition.folder / "ranking.xlsx") as workbook:
        assert areas_note(edition.manifest) in html.unescape(workbook.read("xl/sharedStrings.xml").decode())


def test_methods_that_areas_do_not_have_are_left_out(edition):
    variants = set(edition.table("variants")["variant"].to_pylist())
    assert variants == {"study", "rounding 0.05°", "counting full"}
    assert edition.table("method_choices")["choice"].to_pylist() == ["counting", "rounding"]
    assert not (edition.folder / "tables" / "chaining.parquet").exists()
    assert not (edition.folder / "rank-radius.svg").exists()
    assert (edition.folder / "rank-intervals.svg").exists()


LATER = {"W": (1.5, 47.5, 2.5, 50.5), "E": (2.5, 47.5, 4.5, 50.5), "S": (8.5, 43.5, 9.5, 44.5), "D": (8, 29, 10, 31)}


def later_rows():
    """Return other records: the third town has more, and the last one counts now."""
    more = [(f"x{n}", 1, 2021, "50.0", "4.0", 1) for n in range(30)]
    return [*rows()[:-1], *more, *((f"y{n}", 1, 2021, "30.0", "9.0", 1) for n in range(4))]


def units_in(edition, boxes):
    """Add up the located units of an edition in boxes of which each holds its west and south border."""
    sums = Counter()
    for row in edition.listings().to_pylist():
        lat, lon = row["lat_e7"] / 1e7, row["lon_e7"] / 1e7
        inside = [code for code, (w, s, e, n) in boxes.items() if s <= lat <= n and w <= lon <= e]
        sums[min(inside, key=lambda code: shapely.box(*boxes[code]).area) if inside else None] += row["units"]
    del sums[None]
    return {code: rank for rank, (code, _) in enumerate(sorted(sums.items(), key=lambda each: -each[1]), start=1)}


def test_two_editions_are_compared_by_code(edition, tmp_path):
    write_areas(tmp_path, LATER)
    compare = f'[compare]\nprevious = "{edition.folder}"\n'
    later = run_edition(tmp_path, "later", later_rows(), FIVE + RANKED + compare, charts=True)
    ranking = {row["cluster_id"]: row for row in later.table("ranking").to_pylist()}
    expected, before = units_in(later, LATER), units_in(edition, LATER)
    assert {code: row["rank"] for code, row in ranking.items()} == expected
    assert {code: row["previous_rank"] for code, row in ranking.items()} == before
    compared = {row["cluster_id"]: row for row in later.table("comparison").to_pylist()}
    both = ("rank_before", "move", "previous_rank", "change")
    assert {code: [row[name] for name in both] for code, row in ranking.items()} == {
        code: [compared[code][name] for name in both] for code in ranking
    }
    assert ",rank_before,move,previous_rank,change," in (later.folder / "ranking.csv").read_text("utf-8")
    published = units_in(edition, BOXES)
    assert {code: row["kind"] for code, row in compared.items()} == {"W": "kept", "E": "kept", "S": "kept", "D": "new"}
    middle = units_in(later, BOXES)  # the later records by the earlier areas
    for code in ("W", "E", "S"):
        row = compared[code]
        assert row["rank_before"] == published[code]
        assert (row["data"], row["boundary"]) == (published[code] - middle[code], 0)
        assert row["method"] == middle[code] - expected[code]  # of the method only the areas differ
        assert row["data"] + row["method"] == row["move"] == row["rank_before"] - row["rank"]
    assert compared["E"]["data"] == 1  # the planted records
    assert verify(later.folder, tmp_path).faults == []


def test_an_edition_of_areas_is_compared_with_one_of_clusters(edition, tmp_path, capsys):
    """By where listings lie; no cluster takes the code of an area as its id, nor the other way."""
    write_areas(tmp_path)
    compare = f'[compare]\nprevious = "{edition.folder}"\n'
    clusters = run_edition(tmp_path, "c", rows(), FIVE + AREAS + compare)
    ids = set(clusters.table("ranking")["cluster_id"].to_pylist())
    assert not ids & set(BOXES)
    compare = f'[compare]\nprevious = "{clusters.folder}"\n'
    areas = run_edition(tmp_path, "a", rows(), FIVE + RANKED + compare)
    compared = {row["cluster_id"]: row for row in areas.table("comparison").to_pylist() if row["rank"]}
    assert set(compared) == {"W", "E", "S"}
    assert compared["S"]["rank_before"] is not None
    changes = compare_editions(clusters.folder, areas.folder)
    (remark,) = changes.remarks
    assert remark.startswith("c ranks clusters and a areas: a move between them is one of what is ranked, not of rec")
    assert changes.ranks_areas
    assert comparisons.comparison_rows(changes)[0]["remarks"] == [remark]
    comparisons.compared(changes, 5)
    assert capsys.readouterr().out.startswith("c ranks clusters and a areas"), "before the moves"
    assert compare_editions(edition.folder, areas.folder).remarks == ()


def test_editions_named_in_the_wrong_order_of_their_years_are_remarked(tmp_path):
    for name, windows in (("new", "[2020, 2022]"), ("old", "[2020, 2021]")):
        run_edition(tmp_path, name, rows(), f"{FIVE}[windows]\npatents = {windows}\n")
    (remark,) = compare_editions(tmp_path / "new", tmp_path / "old").remarks
    assert remark.startswith("new counts patents of 2020–2022 and old of 2020–2021: the newer edition is named first")
    assert compare_editions(tmp_path / "old", tmp_path / "new").remarks == ()


def test_areas_that_the_edition_before_did_not_have_are_named_as_a_change_of_method(tmp_path):
    """Not where they stand beside clusters: there they change no rank."""
    write_areas(tmp_path)
    plain = run_edition(tmp_path, "p", rows(), FIVE)
    compare = f'[compare]\nprevious = "{plain.folder}"\n'
    sentence = "Settings that differ from the previous edition's: "
    for name, section, expected in (
        ("b", AREAS, None),
        ("r", RANKED, "[areas] rank, [areas] file and [areas] overlaps"),
    ):
        more = [*rows(), ("z", 1, 2021, "44", "9", 60)]
        folder = run_edition(tmp_path, name, more, FIVE + section + compare, site=True).folder
        brief = (folder / "brief.md").read_text("utf-8").replace("\\", "")
        assert (f"{sentence}{expected}." in brief) if expected else (sentence not in brief)
        assert "areas.geojson" in (folder / "site" / "moved.html").read_text("utf-8")


def test_of_nested_areas_the_ground_of_the_larger_is_what_the_smaller_leave(tmp_path):
    boxes = BOXES | {"C": (1.9, 47.9, 2.02, 48.2)}
    write_areas(tmp_path, boxes)
    with pytest.raises(DataError, match=r"overlap where listings lie: 48, 2 is inside 'C' \(Area C\) and 'W'"):
        run_edition(tmp_path, "e", rows(), FIVE + RANKED)
    edition = run_edition(tmp_path, "e", rows(), FIVE + RANKED + 'overlaps = "smaller"\n', charts=True)
    assert edition.table("ranking")["cluster_id"].to_pylist()[0] == "C"
    features = json.loads((edition.folder / "clusters.geojson").read_text("utf-8"))["features"]
    shapes = {each["id"]: shapely.from_geojson(json.dumps(each["geometry"])) for each in features}
    small, large = shapely.box(*boxes["C"]), shapely.box(*boxes["W"])
    assert shapes["C"].equals(small)
    assert shapes["W"].equals(large.difference(small))
    assert verify(edition.folder).faults == []


def test_full_counting_ranks_areas_by_the_records_that_they_have(tmp_path):
    write_areas(tmp_path)
    edition = run_edition(tmp_path, "e", rows(), FIVE + RANKED + '[ranking]\ncounting = "full"\n')
    records = defaultdict(set)
    for row in edition.listings().to_pylist():
        records[row["cluster_id"]].add(row["record_key"])
    with (edition.folder / "ranking.csv").open(encoding="utf-8", newline="") as file:
        counts = {row["cluster_id"]: float(row["patents"]) for row in csv.DictReader(file)}
    assert counts == {code: len(of) for code, of in records.items() if code}


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (("a/b", "c"), "the code 'a/b' cannot be an id"),
        (("..", "c"), r"the code '\.\.' cannot be an id"),
        (("ab", "AB"), "the codes 'AB' and 'ab' differ in upper and lower case only"),
    ],
)
def test_codes_that_cannot_name_a_page_are_refused(tmp_path, codes, message):
    write_areas(tmp_path, dict(zip(codes, BOXES.values(), strict=False)))
    with pytest.raises(DataError, match=message):
        run_edition(tmp_path, "e", rows(), FIVE + RANKED)


def test_a_name_of_the_study_for_an_area_is_refused(tmp_path):
    write_areas(tmp_path)
    with pytest.raises(StudyError, match=r"\[naming\] names 'W', but with \[areas\] rank = true"):
        run_edition(tmp_path, "e", rows(), FIVE + RANKED + "[naming]\nW = [2988507]\n")


@pytest.mark.parametrize(
    ("move", "advice"),
    [
        (lambda west, south, east, north: (south, west, north, east), "With latitude and longitude exchanged .* sites"),
        (lambda west, south, east, north: (west - 90, south, east - 90, north), "Name the file of areas"),
    ],
)
def test_areas_in_which_no_listing_lies_stop_the_run(tmp_path, move, advice):
    write_areas(tmp_path, {code: move(*corners) for code, corners in BOXES.items()})
    message = rf"\[areas\] areas.geojson: no listing lies in any of its 4 areas. They span latitudes .*{advice}"
    with pytest.raises(DataError, match=message):
        run_edition(tmp_path, "e", rows(), FIVE + RANKED)


def test_every_output_speaks_of_areas(edition, capsys):
    folder = edition.folder
    brief = (folder / "brief.md").read_text("utf-8")
    assert "Area W ranks first of 3 areas with a score of" in brief
    assert "The 4 areas are those of areas.geojson; 3 have listings" in brief
    assert "within 15 km" not in brief
    pages = {path.name: path.read_text("utf-8") for path in (folder / "site").rglob("*.html")}
    assert {"W.html", "E.html", "S.html"} <= set(pages)
    assert "Map of the areas" in pages["index.html"]
    assert "A place that no area of the study holds is not ranked" in pages["method.html"]
    assert "radius, threshold, merging and balance have no part in these ranks" in pages["robustness.html"]
    assert 'href="cluster/W.html">Area W</a> (W)' in pages["areas.html"]
    links = re.findall(r'href="cluster/([^"]+)"', pages["areas.html"])
    assert set(links) <= set(pages)  # clusters have no page of their own
    note = "a cluster is one of the areas of areas.geojson, under its code and name."
    assert note in (folder / "robustness.md").read_text("utf-8")
    assert note in json.loads((folder / "datapackage.json").read_text("utf-8"))["description"]
    editions.edition(edition, 10)
    printed = capsys.readouterr().out
    assert "3 areas with listings, of 4 of areas.geojson." in printed
    patents = edition.manifest["metrics"]["patents"]
    of_all = "shares and scores are of all of them, those in no area included"
    outside = 100 * (1 - patents["in_clusters"] / patents["units"])
    assert f"In no area: {outside:.1f} % of patents, of all that are located; {of_all}." in printed
    assert f"In no area lie {outside:.1f} % of patents, of all that are located; {of_all}." in brief
    assert "Shares and scores are of all located records, those in no area included." in pages["areas.html"]
    assert "threshold" not in printed


@pytest.mark.parametrize(("place", "area"), [("48.5, 2.01", "W"), ("44, 9", "S"), ("70.5, 0.5", None), ("0, 0", None)])
def test_a_place_is_explained_by_the_area_that_holds_it(edition, place, area):
    explained = explain(edition.folder, place)
    text = " ".join(sentences(explained))
    assert (explained.cluster and explained.cluster.cluster_id) == area
    assert ("It is in no area of the study that has a listing" in text) == (area is None)
    assert "threshold" not in text
    assert "core" not in text
    assert "cluster" not in text


def test_the_name_or_code_of_an_area_is_the_area_before_a_place_that_is_called_so(folder, edition):
    text = " ".join(sentences(explain_name(edition.folder, "area w")))
    assert text.startswith("Area W (W, rank ")
    assert "is an area of areas.geojson: all in its shape counts." in text
    assert f"hubrank trace {edition.folder} W patents" in text
    assert explain_name(edition.folder, "W").as_dict()["area"]["name"] == "Area W"
    shapes = json.loads((folder / "areas.geojson").read_text("utf-8"))
    west = next(shape for shape in shapes["features"] if shape["properties"]["code"] == "W")
    west["properties"]["label"] = "California"  # as boroughs and villages are, too
    (folder / "named").mkdir()
    (folder / "named" / "areas.geojson").write_text(json.dumps(shapes), "utf-8")
    named = run_edition(folder / "named", "e", rows(), FIVE + RANKED)
    answer = explain_name(named.folder, "California")
    assert answer.area.name == "California"
    assert "A place is called so, too: California, " in " ".join(sentences(answer))
    assert answer.as_dict()["place"].startswith("California, ")


def test_the_name_of_an_area_is_known_without_its_accents_and_signs(edition, unlocated):
    assert explain_name(edition.folder, "area-w").as_dict()["area"]["name"] == "Area W"
    for name in ("ISIL", "işıl", "Isil"):
        assert explain_name(unlocated.folder, name).area.name == "İşıl"


def test_the_name_of_an_area_without_the_word_for_its_kind_is_the_area(folder, tmp_path):
    """茨城 is a town in another prefecture, too."""
    shapes = json.loads((folder / "areas.geojson").read_text("utf-8"))
    labels = {"W": "茨城県", "E": "大阪府", "S": "Kent County", "N": "大阪市"}
    for shape in shapes["features"]:
        shape["properties"]["label"] = labels[shape["properties"]["code"]]
    (tmp_path / "areas.geojson").write_text(json.dumps(shapes), "utf-8")
    named = run_edition(tmp_path, "e", rows(), FIVE + RANKED)
    for name, area in (("茨城", "茨城県"), ("kent", "Kent County")):
        assert explain_name(named.folder, name).area.name == area
    assert "A place is called so, too: Ibaraki, " in " ".join(sentences(explain_name(named.folder, "茨城")))
    assert explain_name(named.folder, "大阪").area.name == "大阪府", "大阪市 has no rank"


def test_an_organisation_is_explained_by_the_areas_where_its_records_lie(edition):
    area = files.ranked(edition)["W"]
    output = (Output("Acme", area, "patents", "patents", Decimal(3), Decimal(50), 1),)
    text = " ".join(Organisation("Acme", output, ranked="area").sentences())
    assert "50.0 % of the area's (number 1 there)" in text
    assert "in the areas where their listings lie; what lies in no area is not listed." in text
    assert "cluster" not in text


def test_an_area_without_a_rank_is_explained_by_what_it_has(edition):
    for name in ("N", "area n"):
        text = " ".join(sentences(explain_name(edition.folder, name)))
        assert text == (
            "Area N (N) is an area of areas.geojson and has no rank: no listing counts in it. No listing of the "
            "edition was located in its shape, so that it has no share, score or interval."
        )
    area = explain_name(edition.folder, "N").as_dict()["area"]
    assert area == {"cluster_id": "N", "name": "Area N", "rank": None, "listings": 0, "smaller": []}


def test_an_area_all_of_whose_listings_count_in_smaller_ones_is_explained_by_these(tmp_path):
    around = {"D": (1.9, 49.9, 4.1, 50.1), "U": (1.9, 49.9, 2.1, 50.1), "V": (3.9, 49.9, 4.1, 50.1)}
    write_areas(tmp_path, BOXES | around)
    edition = run_edition(tmp_path, "e", rows(), FIVE + RANKED + 'overlaps = "smaller"\n')
    answer = explain_name(edition.folder, "Area D")
    ranks = {row["cluster_id"]: row["rank"] for row in edition.table("ranking").to_pylist()}
    counts = {row["cluster_id"]: row["listings"] for row in edition.table("measures").to_pylist()}
    assert "D" not in ranks
    assert {each.area.cluster_id: each.listings for each in answer.smaller} == {area: counts[area] for area in "UV"}
    first, second = sorted("UV", key=lambda area: -counts[area])
    assert list(sentences(answer))[1] == (
        f"{counts['U'] + counts['V']} located listings lie in its shape, and a listing counts in the smallest area "
        f"around it: Area {first} ({ranks[first]}) {counts[first]}, Area {second} ({ranks[second]}) {counts[second]}."
    )
    assert answer.as_dict()["area"]["smaller"][0]["area"]["cluster_id"] == first


def test_the_page_on_data_names_the_files_of_areas_and_people_with_their_licences(edition):
    page = html.unescape((edition.folder / "site" / "data.html").read_text("utf-8"))
    assert "<li>Areas: areas.geojson. Licence: CC0-1.0.</li>" in page
    study = {"population": {"table": "/raw/people.csv", "licence": "CC-BY-4.0"}, "areas": {"file": "a.gpkg"}}
    assert study_files({"study": study}) == [("population", "people.csv", "CC-BY-4.0"), ("areas", "a.gpkg", "")]
    assert study_files({"study": {"areas": None}}) == []


def test_the_screen_of_a_comparison_of_areas_speaks_of_areas(edition, capsys):
    comparisons.compared(compare_editions(edition.folder, edition.folder), 10)
    printed = capsys.readouterr().out
    assert "new, lost or changed areas" in " ".join(printed.split())
    assert "cluster" not in printed


def test_a_run_names_the_areas_of_which_the_table_of_people_has_none(folder, capsys):
    (folder / "people.csv").write_text("lat,lon,people\n48,1.9,1000\n44,9,2000\n")
    people = '[population]\ntable = "people.csv"\ncell_deg = 0.01\n'
    editions.edition(run_edition(folder, "lacking", rows(), FIVE + RANKED + people, site=True), 10)
    printed = " ".join(capsys.readouterr().out.split())
    page = (folder / "lacking" / "site" / "areas.html").read_text("utf-8")
    assert all(heading in page for heading in ("people in its area", "patents per million inhabitants"))
    first = load(folder / "lacking").table("ranking").to_pylist()[0]
    assert f'<a href="cluster/{first["cluster_id"]}.html">{first["cluster"]}</a>' in page
    assert f'data-v="{first["patents_per_million"]}">{first["patents_per_million"]:,.2f}</td>' in page
    ranking = page[page.index('id="area-ranking"') : page.index('id="areas"')]
    assert ranking.count('data-v="">–</td>') == 2  # the people of Area E, and its figure per head
    assert "Without people: 1 area (Area E); no cell of the people of [population] lies there" in printed


def test_a_figure_of_an_area_leads_back_to_its_lines(edition):
    traced = trace(edition.folder, "Area W", "patents")
    assert traced.units == sum(traced.records["units"].to_pylist()) == 30 * UNIT
    with pytest.raises(StudyError, match="has no area 'Bavaria'; give a name, a code or a rank"):
        trace(edition.folder, "Bavaria", "patents")


def test_a_comparison_with_a_list_and_a_series_speak_of_areas(edition, tmp_path):
    listed = tmp_path / "list.csv"
    listed.write_text("rank,cluster\n1,Area A\n2,Elsewhere\n")
    compared = concord(edition.folder, listed)
    pages = [concord_page(compared).decode()]
    years = ["2019", "2020"]
    line = Trend("Area A", "FR", (1, 2), (None, None), (Decimal(1), Decimal(2)), {"patents": (Decimal(1), Decimal(2))})
    pages.append(series_page("Places", years, [line], {"patents": "Patents"}, b"<svg></svg>", areas=True).decode())
    for page in pages:
        words = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
        assert re.search(r"\b[Aa]reas?\b", words)
        assert not re.search("[Cc]luster", words)


UNLOCATED_STUDY = """
title = "A test"
edition = "1"
[[sources]]
metric = "patents"
reader = "table"
files = "e.csv"
columns = { record = "id", lat = "lat", lon = "lon", city = "city", institution = "institution", country = "land" }
[geocoding]
use = ["coordinates"]
"""


@pytest.fixture(scope="module")
def unlocated(tmp_path_factory):
    """Rows at coordinates, and others that have names of areas only: of E, of S in capitals, of both twins, of none.

    E and W are in France, S in Italy.
    """
    folder = tmp_path_factory.mktemp("unlocated")
    write_areas(folder, BOXES | {"T1": (20, 20, 21, 21), "T2": (22, 22, 23, 23)})
    text = (folder / "areas.geojson").read_text().replace("Area T1", "Twin").replace("Area T2", "Twin")
    (folder / "areas.geojson").write_text(text.replace("Area S", "İşıl").replace("Area W", "Ouest/Mendebal"))
    named = ["Area E,", "area e,Some College", "Area E,Area E", "IŞIL,", "Twin,", "Area East,", "Elsewhere,"]
    named += ["Mendebal,,FR", "ouest/mendebal,,", "Mendebal,,AR", '"Oran, Area E",,AR', ',"Area E, Inc",FR']
    lines = [f"n{at},,,{names}{',' * (names.count(',') == 1)}" for at, names in enumerate(named)]
    located = [f"{number}{key},{lat},{lon},,," for key, number, _, lat, lon, _ in rows()]
    (folder / "e.csv").write_text("\n".join(["id,lat,lon,city,institution,land", *located, *lines]), "utf-8")
    (folder / "e.toml").write_text(UNLOCATED_STUDY + FIVE + RANKED, "utf-8")
    return pipeline.run(folder / "e.toml", folder / "e")


def test_areas_that_listings_name_without_being_located_are_named_with_their_listings(unlocated, capsys):
    assert unlocated.manifest["areas"]["unlocated"] == [
        {"area_code": "E", "area": "Area E", "listings": {"patents": 3}},
        {"area_code": "W", "area": "Ouest/Mendebal", "listings": {"patents": 2}},
        {"area_code": "S", "area": "İşıl", "listings": {"patents": 1}},
    ]
    sentence_printed = "count in no area ('E' (Area E): 3 of patents; 'W' (Ouest/Mendebal): 2 of "
    sentence_printed += "patents; 'S' (İşıl): 1 of patents). A table of corrections"
    editions.edition(unlocated, 10)
    assert sentence_printed in " ".join(capsys.readouterr().out.split())
    brief = (unlocated.folder / "brief.md").read_text("utf-8")
    assert "could not be located are missing from its count: Area E (3), Ouest/Mendebal (2) and İşıl (1)." in brief
    sentence = "{}: {} listings that state this name are not located and count in no area."
    for page, code in (("areas", "E"), ("cluster/E", "E"), ("cluster/W", "")):
        text = (unlocated.folder / "site" / f"{page}.html").read_text("utf-8")
        assert (sentence.format("Area E", 3) in text) == bool(code)
