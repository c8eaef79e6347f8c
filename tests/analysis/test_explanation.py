"""Why is my city not on it? Hand-computed towns on a meridian, and what other clusterings say."""

import json
import shutil
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from cli import golden_errors
from fixtures_editions import run_edition
from hubrank import geocoding, pipeline
from hubrank.analysis.explanation import Explanation, explain, explain_name, sentences, spots
from hubrank.analysis.explanation.scene import RADII_KM, Scene
from hubrank.clustering.density import clusters
from hubrank.core.errors import DataError, StudyError
from hubrank.core.parquet import write_table
from hubrank.core.sphere import E7, chord2, to_e7, unit_vectors
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.core.units import UNIT
from hubrank.counting.points import Sites
from hubrank.geocoding.explain_address import Judgement
from hubrank.ranking.tables import profiles
from hubrank.study.sections import Clusters, Geocoding
from hubrank.study.study import Study
from proof import cases

# Along a meridian 0.01 degree is 1.112 km. Listings: 8 at 0, 3 at 0.09, 1 each at 0.2 and 0.3 degrees north.
TOWNS = [("0", "10", 8), ("0.09", "10", 3), ("0.2", "10", 1), ("0.3", "10", 1)]
QUICK = "\n[robustness]\nrun = false"
TEN = "[clusters]\nmin_listings = 10" + QUICK
PEOPLED = [("40.34", "-74.66", 20), ("38.05", "-80.0", 1)]  # where Princeton, New Jersey, is counted, and nowhere


def rows(towns):
    return [(f"r{n}", 1, 2020, lat, lon, count) for n, (lat, lon, count) in enumerate(towns)]


@pytest.fixture(scope="module")
def meridian(tmp_path_factory):
    return run_edition(tmp_path_factory.mktemp("meridian"), "e", rows(TOWNS), TEN).folder


@pytest.fixture(scope="module")
def princeton(tmp_path_factory):
    return run_edition(tmp_path_factory.mktemp("princeton"), "e", rows(PEOPLED), TEN).folder


def test_a_core_says_how_dense_it_is(meridian):
    explanation = explain(meridian, "0, 10")
    assert (
        explanation.role,
        explanation.density_listings,
        explanation.threshold_listings,
        explanation.site_listings,
    ) == ("core", 11, 10, 8)
    assert explanation.cluster == explanation.nearest
    assert explanation.cluster.rank == 1
    assert explanation.core.distance_km == 0
    assert explanation.limits.threshold_listings == 12  # around 0.09 lie 8 + 3 + 1
    assert "makes it a core" in " ".join(sentences(explanation))


def test_a_border_names_its_core(meridian):
    explanation = explain(meridian, "0.2 10")
    assert (explanation.role, explanation.density_listings) == ("border", 5)
    assert (explanation.core.lat, explanation.core.density_listings) == (Decimal("0.09"), 12)
    assert explanation.core.distance_km == pytest.approx(0.11 * 111.195, abs=0.001)
    assert explanation.limits.threshold_listings == 12
    assert explanation.limits.radius_km == 13  # at 12 km no town with 10 listings around it lies within 12 km


def test_a_town_outside_learns_what_would_change_that(meridian):
    explanation = explain(meridian, "0.3,10")
    assert (explanation.role, explanation.cluster, explanation.density_listings, explanation.site_listings) == (
        None,
        None,
        2,
        1,
    )
    assert explanation.nearest_gap_km == pytest.approx(0.1 * 111.195, abs=0.001)  # to the border at 0.2
    assert explanation.core.lat == Decimal("0.09")
    assert explanation.limits.threshold_listings == 5  # around 0.2 lie 3 + 1 + 1
    assert explanation.limits.threshold_ppm is None
    assert (
        explanation.limits.radius_km == 23
    )  # 0.2 reaches the eight listings 22.24 km away, and 0.3 lies within 23 km of it
    text = " ".join(sentences(explanation))
    assert "in no cluster: 2 listings lie within 15 km, the threshold is 10, and no core lies within 15 km." in text
    assert "with a threshold of at most 5 listings at 15 km, or with a radius of at least 23 km" in text


def test_a_spot_without_a_listing_is_judged_by_the_cores_around_it(meridian):
    explanation = explain(meridian, "0.05, 10.1")
    assert (explanation.role, explanation.site_listings, explanation.density_listings) == ("border", 0, 11)
    assert "no listing lies at that position" in " ".join(sentences(explanation))


def test_nothing_helps_in_the_middle_of_the_ocean(meridian):
    explanation = explain(meridian, "-40, -120")
    assert (explanation.limits.threshold_listings, explanation.limits.radius_km) == (None, None)
    assert "No threshold at this radius" in " ".join(sentences(explanation))


def test_whatever_lies_on_the_ground_of_a_cluster_is_in_it(tmp_path):
    edition = run_edition(tmp_path, "e", rows([("-0.01", "10", 5), ("0", "10", 6), ("0.13", "10", 1)]), TEN)
    features = json.loads((edition.folder / "clusters.geojson").read_text("utf-8"))["features"]
    ground = shapely.from_geojson(json.dumps(features[0]["geometry"]))
    step = cases(2, 1)
    for lat in np.arange(-20, 30, step) / 100:
        for lon in np.arange(985, 1015, step) / 100:
            if shapely.intersects_xy(ground, lon, lat):
                assert explain(edition.folder, f"{lat:.2f}, {lon:.2f}").cluster.cluster_id == features[0]["id"]
    assert explain(edition.folder, "0.14, 10").cluster is None  # beyond the radius, next to a member on the border


def test_merged_clusters_are_one_whatever_part_a_place_is_in(tmp_path):
    towns = [("0", "10", 10), ("0.13", "10", 1), ("0.3", "10", 11)]
    apart = "[merging]\ngap_km = {}\nstrongest_link = false\n" + TEN
    ids = []
    for gap_km in (20, 5):
        folder = run_edition(tmp_path, f"gap{gap_km}", rows(towns), apart.format(gap_km)).folder
        ids.append({explain(folder, place).cluster.cluster_id for place in ("0,10", "0.13,10", "0.3,10")})
    assert [len(cluster_ids) for cluster_ids in ids] == [1, 2]


def test_a_threshold_that_is_a_share_is_explained_as_one(tmp_path):
    sections = "[clusters]\nmin_share_ppm = 700000" + QUICK  # of 13 listings: 10
    edition = run_edition(tmp_path, "e", rows(TOWNS), sections)
    limits = explain(edition.folder, "0.3,10").limits
    assert (limits.threshold_listings, limits.threshold_ppm) == (5, 384615)
    for ppm, inside in ((384615, True), (384616, False)):
        other = run_edition(tmp_path, f"p{ppm}", rows(TOWNS), f"[clusters]\nmin_share_ppm = {ppm}{QUICK}")
        assert (explain(other.folder, "0.3,10").cluster is not None) is inside


def test_an_edition_without_clusters_says_so(tmp_path):
    edition = run_edition(tmp_path, "e", rows(TOWNS), "[clusters]\nmin_listings = 1000" + QUICK)
    explanation = explain(edition.folder, "0,10")
    assert (explanation.cluster, explanation.nearest, explanation.core, explanation.nearest_gap_km) == (
        None,
        None,
        None,
        None,
    )
    assert explanation.limits.threshold_listings == 12
    assert "There is no cluster in this edition." in sentences(explanation)


def test_of_several_places_of_one_name_the_one_with_most_listings_is_meant(princeton):
    explanation = explain(princeton, "Princeton")
    assert (explanation.place, explanation.role) == ("Princeton, NJ, United States", "core")
    assert "Princeton, FL, United States" in explanation.namesakes
    assert "Other places of this name: Princeton" in " ".join(sentences(explanation))


def test_a_place_near_a_cluster_is_meant_rather_than_one_with_a_few_listings(tmp_path):
    new_york, west_virginia = ("40.71", "-74.0", 3000), ("37.37", "-81.1", 21)
    folder = run_edition(tmp_path, "e", rows([new_york, west_virginia]), "[clusters]\nmin_listings = 39" + QUICK).folder
    explanation = explain(folder, "Princeton")
    assert explanation.place == "Princeton, NJ, United States"
    text = " ".join(sentences(explanation))
    assert 'For another of them ask for "Princeton, WV, United States", for example.' in text
    assert explain(folder, "Princeton, WV, United States").density_listings == 21


def test_namesakes_are_called_so_themselves(princeton):
    explanation = explain(princeton, "São Paulo")  # as São Paulo de Olivença is called for short
    assert explanation.place == "São Paulo, Brazil"
    assert explanation.namesakes == ("São Paulo, Cabo Verde", "São Paulo, Portugal")


def test_a_wide_city_is_explained_where_its_addresses_are_counted(tmp_path):
    resolver = geocoding.resolver_for(geocoding.Settings(geocoding=Geocoding(use=["names"])))
    address = pa.Table.from_pylist([{"city": "Chicago", "region": "IL", "country": "US"}], ADDRESS_SCHEMA)
    (answer,) = resolver.locate(address).to_pylist()
    spot = (str(answer["lat_e7"] / E7), str(answer["lon_e7"] / E7), 20)
    folder = run_edition(tmp_path, "e", rows([spot]), TEN).folder
    for query in ("Chicago", "Chicago, IL"):
        explanation = explain(folder, query)
        assert (explanation.place, explanation.site_listings) == ("Chicago, IL, United States", 20)


def test_a_place_is_named_with_its_part_of_each_metric_of_its_cluster(tmp_path):
    lines = [*["Delft,NL"] * 12, *["The Hague,NL"] * 8, *["Madrid,ES"] * 3]
    text = "".join(f"{number},{line}\n" for number, line in enumerate(lines))
    (tmp_path / "patents.csv").write_text(f"id,city,country\n{text}")
    raw = {
        "title": "t",
        "edition": "1",
        "sources": [
            {
                "metric": "patents",
                "reader": "table",
                "files": "patents.csv",
                "columns": {"record": "id", "city": "city", "country": "country"},
            }
        ],
        "clusters": {"min_listings": 10},
        "robustness": {"run": False},
    }
    folder = pipeline.run_raw(raw, tmp_path / "study.toml", tmp_path / "e", site=False).folder
    answer = explain(folder, "Delft")
    (part,) = answer.parts
    assert (part.metric, part.listings, part.count, part.share_pct) == ("patents", 12, 12, 60)
    sentence = "Located in Delft, Netherlands itself: 12 patents (12 listings, 60.0 % of the cluster's)."
    assert sentence in [*sentences(answer)]
    assert explain(folder, "The Hague").parts[0].listings == 8
    assert explain(folder, "Madrid").parts == explain(folder, "52.01, 4.36").parts == ()


def test_a_region_or_country_distinguishes_namesakes(princeton):
    assert explain(princeton, "Princeton, Florida").place == "Princeton, FL, United States"
    assert explain(princeton, "Cambridge, United Kingdom").place == "Cambridge, United Kingdom"


@pytest.mark.parametrize(
    ("here", "there"), [(("40.83", "-73.47"), ("41.36", "-74.11")), (("41.36", "-74.11"), ("40.83", "-73.47"))]
)
def test_of_two_places_of_one_name_in_the_stated_region_the_one_with_most_listings_is_meant(here, there, tmp_path):
    folder = run_edition(tmp_path, "e", rows([(*here, 20)]), TEN).folder
    explanation = explain(folder, "Woodbury, NY")
    assert explanation.place == f"Woodbury, NY, United States ({', '.join(here)})"
    assert explanation.namesakes == (f"Woodbury, NY, United States ({', '.join(there)})",)
    assert explain(folder, explanation.place).role == "core"  # as it is shown it is asked for


@pytest.mark.parametrize(
    ("query", "economy"),
    [
        ("Windhoek", "Namibia"),
        ("Pristina, Kosovo", "Kosovo"),
        ("Taipei, TW", "Taiwan"),
        ("Kowloon, HK", "Hong Kong"),
        ("Abidjan, Côte d'Ivoire", "Côte d'Ivoire"),
        ("Ankara, Türkiye", "Türkiye"),
        ("Daejeon, Korea", "Republic of Korea"),
    ],
)
def test_economies_are_called_by_the_names_of_published_tables(princeton, query, economy):
    assert explain(princeton, query).place.endswith(economy)


@pytest.mark.parametrize("query", ["-27.6,-48.55", "-27,6; -48,55", "-27,6 -48,55", "-27,6, -48,55"])
def test_a_position_may_begin_with_a_minus_and_have_decimal_commas(princeton, query, monkeypatch):
    seen = golden_errors.shown(["explain", str(princeton), query], princeton.parent, monkeypatch.chdir)
    assert seen.startswith("exit 0\n-27.6, -48.55 is counted at -27.6, -48.55; no listing lies at that position.")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("Qwertyxyzzy", "not a place in the gazetteer"),
        ("Namibia", r"is an economy \(NA\)"),
        ("91, 0", "not a position on Earth"),
        ("0, 181", "not a position on Earth"),
    ],
)
def test_what_is_no_place_is_refused(princeton, query, message):
    with pytest.raises(StudyError, match=message):
        explain(princeton, query)


def test_of_a_text_that_may_be_several_places_these_are_named(princeton, monkeypatch):
    def judged(probability, lat_e7):
        return Judgement("Qwert, Brazil", lat_e7, -486_275_000, None, "city", "names", probability, False, ())

    both = [judged(0.51, -276_153_000), judged(0.46, -282_134_000), judged(0.03, 0)]
    monkeypatch.setattr(spots.explain_address, "explain", lambda *_: both)
    with pytest.raises(StudyError, match=r"place in the gazetteer|may be") as caught:
        explain(princeton, "Qwertyxyzzy, SC")
    assert str(caught.value).startswith(
        "'Qwertyxyzzy, SC' may be Qwert, Brazil (51 %, at -27.6153,-48.6275) or Qwert, Brazil (46 %, at -28.2134,"
    )
    monkeypatch.setattr(spots.explain_address, "explain", lambda *_: both[:1])
    with pytest.raises(StudyError, match="is not a place in the gazetteer"):
        explain(princeton, "Qwertyxyzzy, SC")


def test_an_explanation_is_plain_json(meridian, princeton):
    for folder, place in ((meridian, "10, 20"), (princeton, "Princeton")):
        explanation = explain(folder, place).as_dict()
        assert json.loads(json.dumps(explanation)) == explanation
        assert explanation["radius_km"] == 15.0
    assert "at 10, 20;" in next(sentences(explain(meridian, "10, 20")))


def test_simulated_editions_are_called_so(tmp_path):
    edition = run_edition(tmp_path, "e", rows(TOWNS), TEN, head="synthetic = true")
    assert next(sentences(explain(edition.folder, "0,10"))).startswith("SIMULATED")


def test_tables_that_do_not_belong_together_are_refused(tmp_path):
    edition = run_edition(tmp_path, "e", rows(TOWNS), "[clusters]\nmin_share_ppm = 700000" + QUICK)
    path = edition.folder / "tables" / "points.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)
    with pytest.raises(DataError, match="do not belong together"):
        explain(edition.folder, "0,10")


def test_a_member_without_a_cluster_in_the_records_is_refused(tmp_path):
    edition = run_edition(tmp_path, "e", rows(TOWNS), TEN)
    path = edition.folder / "tables" / "located.parquet"
    table = pq.read_table(path)
    at = table.schema.get_field_index("cluster_id")
    pq.write_table(table.set_column(at, "cluster_id", pa.nulls(table.num_rows, pa.string())), path)
    with pytest.raises(DataError, match=r"no listing of a cluster at 0\.0, 10\.0"):
        explain(edition.folder, "0,10")


def scene(towns, least):
    """Make the scene of towns (lat, lon, listings) in tenths of a degree."""
    counted = {(lat, lon): listings for lat, lon, listings in towns}
    lat, lon = np.array(sorted(counted)).T / 10 + np.array([[40.0], [179.0]])
    lon = (lon + 180) % 360 - 180  # some lie beyond the date line
    order = np.lexsort((lon, lat))
    listings = np.array([counted[key] for key in sorted(counted)])[None, order]
    world = Sites(to_e7(lat[order]), to_e7(lon[order]), listings, listings, ("patents",))
    source = {"metric": "patents", "reader": "table", "files": "x"}
    study = Study(title="t", edition="e", sources=[source], clusters=Clusters(min_listings=least))
    xyz = unit_vectors(world.lat_e7, world.lon_e7)
    from scipy.spatial import cKDTree

    return Scene(study, world, clusters(world, study.clusters, ("patents",)), xyz, cKDTree(xyz))


def member(town_scene, row, radius_km, least):
    """Ask scikit-learn whether a site is in a cluster."""
    model = DBSCAN(eps=np.sqrt(chord2(radius_km)), min_samples=least)
    return model.fit(town_scene.xyz, sample_weight=town_scene.sites.listings[0]).labels_[row] >= 0


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 9)), min_size=1, max_size=40),
    st.integers(1, 60),
    st.data(),
)
def test_limits_are_where_scikit_learn_changes_its_mind(towns, least, data):
    town_scene = scene(towns, least)
    row = data.draw(st.integers(0, len(town_scene.xyz) - 1))
    threshold, radius_km = (
        town_scene.largest_threshold(town_scene.xyz[row]),
        town_scene.smallest_radius_km(town_scene.xyz[row]),
    )
    assert member(town_scene, row, 15, threshold)
    assert not member(town_scene, row, 15, threshold + 1)
    if radius_km is None:
        assert not member(town_scene, row, RADII_KM[-1], least)
    else:
        assert member(town_scene, row, radius_km, least)
        assert radius_km == 1 or not member(town_scene, row, radius_km - 1, least)


@pytest.fixture
def employed(princeton, tmp_path):
    """Return an edition whose cluster has records of three organisations and of nobody."""
    folder = shutil.copytree(princeton, tmp_path / "employed")
    names = [("Universität Qwertz", 9), ("Qwertz AG", 6), ("Hilden", 3), (profiles.NONE, 2)]
    return with_organisations(folder, names)


def with_organisations(folder, names):
    (cluster,) = pq.read_table(folder / "tables/ranking.parquet")["cluster_id"].to_pylist()
    rows = [
        {
            "cluster_id": cluster,
            "metric": "patents",
            "kind": "organisation",
            "name": name,
            "rank_in_cluster": number,
            "units": count * UNIT,
            "share_pct": Decimal(5 * count),
        }
        for number, (name, count) in enumerate(names, 1)
    ]
    write_table(folder / "tables/profiles.parquet", pa.Table.from_pylist(rows, profiles.SCHEMA), profiles.KEY)
    return folder


def test_an_organisation_is_answered_with_its_clusters_and_its_output_there(employed):
    answer = explain_name(employed, "universitat qwertz")
    (row,) = answer.as_dict()["output"]
    assert (row["organisation"], row["cluster"], row["rank"], row["metric"]) == (
        "Universität Qwertz", "Princeton, NJ", 1, "patents",
    )  # fmt: skip
    assert (row["count"], row["share_pct"], row["rank_in_cluster"]) == (9.0, 45.0, 1)
    first = next(sentences(answer))
    assert first == (
        "Universität Qwertz: 9 patents: in Princeton, NJ (US, rank 1) 9, 45.0 % of the cluster's (number 1 there)."
    )
    assert "written differently" not in " ".join(sentences(answer))
    both = explain_name(employed, "Qwertz")
    assert [row.organisation for row in both.output] == ["Universität Qwertz", "Qwertz AG"], "the largest first"
    assert "Names that are written differently are counted apart" in " ".join(sentences(both))
    with pytest.raises(StudyError, match=r"not a place in the gazetteer.*No organisation .* is called so either"):
        explain_name(employed, "Nirgends AG")


def test_a_place_goes_before_an_organisation_unless_nothing_is_there(employed):
    assert isinstance(explain_name(employed, "Princeton"), Explanation)
    hilden = explain_name(employed, "Hilden").as_dict()
    assert (hilden["organisation"], hilden["place"]) == ("Hilden", ""), "a town without a listing"
    assert isinstance(explain_name(employed, "Paris"), Explanation)


def test_an_organisation_goes_before_the_town_that_its_name_only_holds(tmp_path):
    folder = run_edition(tmp_path, "e", rows([("52.01", "4.36", 20)]), TEN).folder
    town = explain_name(folder, "Delft University of Technology")
    assert (town.place, town.role) == ("Delft, Netherlands", "core")
    assert next(sentences(town)) == (
        '"Delft University of Technology" is taken for Delft, Netherlands: no organisation in a cluster is called so.'
    )
    assert not explain_name(folder, "52.01, 4.36").query
    assert not explain_name(folder, "Delft, Netherlands").query
    group = "Vision Lab, Delft University of Technology, Netherlands"
    with_organisations(folder, [(group, 9)])
    answer = explain_name(folder, "Delft University of Technology")
    assert (answer.output[0].organisation, answer.place) == (group, "Delft, Netherlands")
    assert [*sentences(answer)][-1] == 'The name can also mean a place: ask for "Delft, Netherlands".'
    assert isinstance(explain_name(folder, "Delft"), Explanation)
    assert isinstance(explain_name(folder, "Delft, Netherlands"), Explanation)
