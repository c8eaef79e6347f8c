"""The compiled gazetteer: the same bytes, whole or not there; nearest places; which place is a part of which city."""

import csv
import os
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubrank.core.sphere import distance_km, near_e7
from hubrank.geocoding import cache
from hubrank.geocoding.gazetteer import compile as compile_module
from hubrank.geocoding.gazetteer import gazetteer, nearest, packaged, regions, spellings
from hubrank.geocoding.gazetteer.nearest import nearest_places
from hubrank.geocoding.text.normalise import key, words

NEW_YORK, LONDON, TOKYO, OSAKA, BOSTON = 5128581, 2643743, 1850147, 1853909, 4930956


def test_places_stand_in_the_order_of_their_ids_and_are_found_by_them():
    places = gazetteer.places()
    assert (np.diff(places.geonames_id) > 0).all()
    assert places.name[places.row(LONDON)] == "London"
    assert places.row(1) is None
    assert gazetteer.table().column_names == [
        "geonames_id",
        "name",
        "lat_e7",
        "lon_e7",
        "population",
        "economy",
        "admin1",
        "part_of",
    ]


def test_the_nearest_place_is_that_of_a_search_through_all():
    places = gazetteer.places()
    rng = np.random.default_rng(7)
    lat, lon = rng.integers(-60 * 10**7, 70 * 10**7, 40), rng.integers(-180 * 10**7, 180 * 10**7, 40)
    row, gap = nearest_places(lat, lon)
    for at in range(40):
        n = len(places.geonames_id)
        all_gaps = distance_km(places.lat_e7, places.lon_e7, np.full(n, lat[at]), np.full(n, lon[at]))
        assert all_gaps.min() == pytest.approx(gap[at], abs=1e-6)
        assert all_gaps[row[at]] == pytest.approx(gap[at], abs=1e-6)


def test_the_nearest_places_of_few_coordinates_are_those_of_many():
    places = gazetteer.places()
    rng = np.random.default_rng(8)
    at = rng.integers(0, len(places.geonames_id), 400)
    lat, lon = (
        places.lat_e7[at] + rng.integers(-3 * 10**6, 3 * 10**6, 400),
        places.lon_e7[at] + rng.integers(0, 10**6, 400),
    )
    twins = places.lat_e7[1:] == places.lat_e7[:-1]
    spots = [*zip(lat, lon, strict=True), (0, -1_300_000_000), (895_000_000, 0), (-900_000_000, 0)]  # far from all land
    spots += [(places.lat_e7[row], places.lon_e7[row]) for row in np.flatnonzero(twins)[:50]]
    many = nearest_places(*(np.array(each) for each in zip(*spots, strict=True)))
    few = [nearest_places(np.array([one]), np.array([other])) for one, other in spots]
    assert [int(row[0]) for row, _ in few] == many[0].tolist()
    assert [float(gap[0]) for _, gap in few] == many[1].tolist()


def test_the_nearest_of_few_coordinates_needs_no_tree(monkeypatch):
    monkeypatch.setattr(nearest, "_tree", lambda: pytest.fail("a tree takes half a second"))
    row, gap = nearest_places(np.array([488_500_000]), np.array([23_500_000]))
    assert gazetteer.places().name[row[0]].startswith("Paris")
    assert gap[0] < 2
    with pytest.raises(pytest.fail.Exception):
        nearest_places(np.array([0]), np.array([-1_300_000_000]))


def test_nearest_across_the_date_line():
    row, gap = nearest_places(np.array([-168_000_000]), np.array([-1_799_990_000]))
    assert gazetteer.places().economy[row[0]] == "FJ"
    assert gap[0] < 80


@pytest.mark.parametrize(
    ("part", "city"),
    [
        (5125771, NEW_YORK),  # Manhattan
        (5110302, NEW_YORK),  # Brooklyn
        (5133273, NEW_YORK),  # Queens
        (5110266, NEW_YORK),  # The Bronx
        (2646003, LONDON),  # Islington
        (11790353, TOKYO),  # Shinjuku
        (1798524, 1796236),  # Pudong in Shanghai
        (2884161, 2950159),  # Kreuzberg in Berlin
        (1819609, 1819729),  # Kowloon in Hong Kong
    ],
)
def test_a_borough_is_credited_to_its_city(part, city):
    assert gazetteer.city_of(part) == city


@pytest.mark.parametrize(
    "town",
    [
        4931972,  # Cambridge is not Boston
        1848354,  # Yokohama is not Tokyo
        1859642,  # Kawasaki is not Tokyo
        1859171,  # Kobe is not Osaka
        1853195,  # Sakai is not Osaka
        5099836,  # Jersey City is not New York
        5367929,  # Long Beach is not Los Angeles
        NEW_YORK,
        1,
    ],
)
def test_a_town_beside_a_larger_one_is_a_town_of_its_own(town):
    assert gazetteer.city_of(town) == town


def test_parts_are_places_and_no_city_is_itself_a_part():
    rows = list(
        csv.reader(
            files("hubrank.geocoding.gazetteer").joinpath("data/city_parts.csv").read_text("utf-8").splitlines()[1:]
        )
    )
    places = gazetteer.places()
    assert all(places.row(int(part)) is not None and places.row(int(city)) is not None for part, city, _ in rows)
    assert not {part for part, _, _ in rows} & {city for _, city, _ in rows}


def test_compiling_twice_gives_the_same_bytes(tmp_path):
    cities = packaged.places()[:2000]
    places = compile_module.places_table(cities)
    rows = [(name, row, kind) for row, city in enumerate(cities) for name, kind in spellings.spellings(city).items()]
    table = pa.table({"key": [r[0] for r in rows], "row": [r[1] for r in rows], "kind": [r[2] for r in rows]})
    for name, content in (("a", places), ("b", places), ("c", table), ("d", table)):
        cache.write(content, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "c").read_bytes() == (tmp_path / "d").read_bytes()


@pytest.mark.parametrize(
    ("name", "economy", "primary"),
    [
        ("Suwon-si", "KR", {"suwonsi", "suwon"}),
        ("Minato City", "JP", {"minatocity", "minato"}),
        ("Dalian Shi", "CN", {"dalianshi", "dalian"}),
        ("Akashi", "JP", {"akashi"}),  # no word for what it is, but the end of its name
        ("Iowa City", "US", {"iowacity"}),
        ("Newcastle upon Tyne", "GB", {"newcastleupontyne"}),
    ],
)
def test_a_place_is_called_so_with_and_without_the_word_for_what_it_is(name, economy, primary):
    spelt = spellings.spellings({"name": name, "countrycode": economy, "alternatenames": []})
    assert {form for form, kind in spelt.items() if kind == spellings.PRIMARY} == primary


def test_of_places_at_one_spot_the_first_is_the_nearest():
    places = gazetteer.places()
    spots = np.column_stack([places.lat_e7, places.lon_e7])
    _, first, count = np.unique(spots, axis=0, return_index=True, return_counts=True)
    shared = first[count > 1]
    assert len(shared) > 100
    assert nearest_places(places.lat_e7[shared], places.lon_e7[shared])[0].tolist() == shared.tolist()


def test_a_ward_in_another_prefecture_than_its_only_city_is_put_there():
    def city(number, name, lat, lon, admin1, *others):
        return {
            "geonameid": number, "name": name, "countrycode": "JP", "population": 500_000,
            "latitude": lat, "longitude": lon, "admin1code": admin1, "alternatenames": others,
        }  # fmt: skip

    tokyo = city(1, "Tokyo", 35.7, 139.7, "40")
    ward = city(2, "Shinagawa", 33.6, 133.0, "05", "品川区")
    near = city(3, "Shibuya", 35.66, 139.71, "40", "渋谷区")
    town = city(4, "Suginami", 36.2, 140.3, "14", "Suginami")  # a ward is called so, but this is not written as one
    region = city(5, "Meguro", 33.6, 133.0, "05", "目黒地区")
    one_of_many = city(6, "Chūō", 35.6, 138.5, "46", "中央区")  # ten cities have a ward of this name
    bunkyo = city(7, "Bunkyo", 35.53, 139.42, "19", "Bunkyo-ku")
    nerima = city(8, "Nerima", 36.2, 140.3, "14", "Nerima City")
    cities = [tokyo, ward, near, town, region, one_of_many, bunkyo, nerima]
    before = [dict(one) for one in cities]
    packaged.move_wards_to_cities(cities)
    home = {"latitude": 35.7, "longitude": 139.7, "admin1code": "40", "part_of": 1}
    moved = {2, 7, 8}
    assert cities == [one | home if one["geonameid"] in moved else one for one in before]
    assert compile_module.places_table(cities)["part_of"].to_pylist() == [None, 1, *[None] * 4, 1, 1]


@pytest.mark.parametrize(
    ("number", "hall"),
    [
        (1852139, (35.609, 139.730)),
        (11209896, (35.673, 139.817)),
        (11790632, (35.708, 139.752)),
        (11836117, (35.699, 139.636)),
    ],
)
def test_wards_of_tokyo_are_in_tokyo(number, hall):
    places = gazetteer.places()
    row, tokyo = places.row(number), places.row(1850147)
    assert (places.lat_e7[row] / 1e7, places.lon_e7[row] / 1e7) == hall
    assert (places.admin1[row], places.part_of[row]) == (places.admin1[tokyo], 1850147)
    assert nearest_places(places.lat_e7[[row]], places.lon_e7[[row]])[0] == [row]


def test_a_run_that_is_killed_while_it_writes_leaves_no_file(tmp_path, monkeypatch):
    def dies(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", dies)
    with pytest.raises(KeyboardInterrupt):
        cache.write(pa.table({"a": [1]}), tmp_path / "deep" / "x.parquet")
    assert list((tmp_path / "deep").iterdir()) == []
    monkeypatch.undo()
    cache.write(pa.table({"a": [1]}), tmp_path / "deep" / "x.parquet")
    assert pq.read_table(tmp_path / "deep" / "x.parquet").num_rows == 1


@pytest.mark.parametrize(
    ("name", "geonames_id"),
    [("SF Bay Area", 5391959), ("Twin Cities", 5037649), ("Research Triangle Park", 4464368), ("北京", 1816670)],
)
def test_a_name_leads_to_its_place(name, geonames_id):
    places = gazetteer.places()
    assert geonames_id in [int(places.geonames_id[row]) for row, _ in gazetteer.names().rows(key(name))]


def test_half_of_a_double_name_leads_to_its_place_unless_it_may_be_another():
    named = [
        ("Sonceboz-Sombeval", "CH", 0),
        ("Saint-Imier", "CH", 1),
        ("Villars-Burquin", "CH", 2),
        ("Villars-Mendraz", "CH", 3),
        ("Ballens-Berolle", "CH", 4),
        ("Ballens", "CH", 5),
        ("Ballens-Berolle", "FR", 6),
    ]
    halves = list(spellings.first_halves(named))
    assert halves == [(key("Sonceboz"), 0, spellings.DERIVED), (key("Ballens"), 6, spellings.DERIVED)]


def test_villages_stand_behind_the_places_where_postal_services_put_them():
    places, villages = gazetteer.places(), gazetteer.villages()
    rows = [row for row, kind in gazetteer.names().rows(key("Alton Barnes")) if kind == gazetteer.NEARBY]
    village = villages.slice(rows[0] - len(places.name), 1).to_pylist()[0]
    assert len(rows) == 1
    assert (village["economy"], village["lat_e7"], village["lon_e7"]) == ("GB", 513_590_000, -18_500_000)
    row, gap_km = nearest_places([village["lat_e7"]], [village["lon_e7"]])
    assert village["geonames_id"] == places.geonames_id[row[0]]
    assert gap_km[0] < 12


@pytest.mark.parametrize(
    ("text", "economy", "admin1"),
    [
        ("CA", "US", "CA"),
        ("California", "US", "CA"),
        ("Ont", "CA", "08"),
        ("Kanagawa-ken", "JP", "19"),
        ("Kyunggi-do", "KR", "13"),
        ("Bayern", "DE", "02"),
        ("NSW", "AU", "02"),
        ("Province of Ontario", "CA", "08"),
        ("Bavaria Region", "DE", "02"),
        ("Cambridgeshire", "GB", "ENG"),
        ("Thueringen", "DE", "15"),
        ("Midi-Pyrénées", "FR", "76"),
        ("Sogn og Fjordane", "NO", "46"),
        ("Bac Kan", "VN", "19"),
    ],
)
def test_a_region_is_known_by_name_code_and_former_romanisation(text, economy, admin1):
    assert regions.find(text, economy)[0].admin1 == admin1


def test_no_region_stands_twice_under_a_key():
    assert all(len(set(regions_of)) == len(regions_of) for regions_of in regions.by_key().values())


def test_states_are_listed_by_their_codes():
    assert regions.states("US")["MA"] == "Massachusetts"


def test_every_alias_of_a_region_names_one_that_is_there():
    text = files("hubrank.geocoding.gazetteer").joinpath("data/region_aliases.csv").read_text("utf-8")
    for economy, _, alias in csv.reader(text.splitlines()[1:]):
        assert regions.find(alias, economy), alias


def test_every_county_of_britain_is_authorities_that_are_there():
    text = files("hubrank.geocoding.gazetteer").joinpath("data/british_counties.csv").read_text("utf-8")
    counties = list(csv.reader(text.splitlines()[1:]))
    assert len({tuple(row[:2]) for row in counties}) == len(counties)
    for admin1, county, codes in counties:
        members = {area.admin2 for area in regions.find(county, "GB")}
        assert members >= set(codes.split()) != set(), (admin1, county)


def test_the_authorities_of_a_county_of_britain_are_neighbours():
    """A wrong code is elsewhere as a rule: Suffolk for Stoke-on-Trent in Staffordshire."""
    text = files("hubrank.geocoding.gazetteer").joinpath("data/british_counties.csv").read_text("utf-8")
    for _, county, codes in csv.reader(text.splitlines()[1:]):
        members = [area for area in regions.find(county, "GB") if area.admin2 in codes.split()]
        for one in members:
            others = [area for area in members if area is not one]
            near = [near_e7(one.lat_e7, one.lon_e7, area.lat_e7, area.lon_e7, 100.0) for area in others]
            assert any(near) or not others, (county, one.name)


@pytest.mark.parametrize("text", ["Paris", "St", "Saint", "of", "CITY", "Mt", "Zürich", "St. Gallen", "A1", "", "x y"])
def test_a_key_is_its_words_without_spaces(text):
    assert key(text) == "".join(words(text))


@pytest.mark.parametrize(
    ("texts", "numbers", "first"),
    [
        ([[]], {}, [0]),
        ([["a"]], {"a": 0}, [0, 1]),
        ([["a", "a"], ["a", "b", "c"], ["c"]], {"a": 0, "b": 1, "c": 2}, [0, 3, 4, 6]),
    ],
)
def test_rows_of_one_text_stand_together(texts, numbers, first):
    of_text, starts = cache.runs(pa.chunked_array(texts, pa.string()))
    assert of_text == numbers
    assert starts.tolist() == first


def test_equal_texts_of_a_column_are_one_object():
    texts = cache.shared_texts(pa.chunked_array([["of one", None, "of another"], ["of one"]]))
    assert texts == ["of one", None, "of another", "of one"]
    assert texts[0] is texts[3]


@pytest.mark.parametrize(
    ("remaining", "spot", "left_out"),
    [
        (3448744, (-27.615, -48.628), 3448742),  # São José
        (3059436, (47.764, 18.123), 3059435),  # Komárno
        (3688451, (3.880, -77.031), 3688452),  # Buenaventura
        (2620288, (56.266, 10.063), 2620287),  # Hinnerup
    ],
)
def test_a_place_that_geonames_has_twice_is_there_once_where_post_codes_and_seats_say(remaining, spot, left_out):
    places = gazetteer.places()
    row = places.row(remaining)
    assert (places.lat_e7[row] / 1e7, places.lon_e7[row] / 1e7) == pytest.approx(spot, abs=0.01)
    assert places.row(left_out) is None


def test_towns_of_one_name_and_like_size_in_one_region_are_two():
    for number in (2636564, 2636565, 2899478, 2899479, 2857918, 2857919):  # Sudbury, Homberg, Oelsnitz
        assert gazetteer.places().row(number) is not None


def test_a_number_is_the_name_of_no_place():
    """GeoNames has 14 for a quarter of Helsinki: `48,14, 11,58` was there."""
    numbers = [str(number) for number in range(3000)]
    assert not [number for number in numbers if any(gazetteer.names().rows(number))]
