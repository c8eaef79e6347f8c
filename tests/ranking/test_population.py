"""People are counted once, whether a gazetteer lists their borough, their city or both."""

from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from hubrank.clustering.outlines.outline import outlines
from hubrank.core.sphere import E7, EARTH_RADIUS_KM, distance_km, to_e7
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.ranking.tables.population import gazetteer_population

KM = 360 / (2 * np.pi * EARTH_RADIUS_KM)  # degrees of one km along a meridian


def towns(*rows):
    """Make a gazetteer of (km north, people, region, part_of); GeoNames ids are 1, 2, …"""
    return SimpleNamespace(
        geonames_id=np.arange(1, len(rows) + 1),
        lat_e7=to_e7(np.array([row[0] * KM for row in rows])),
        lon_e7=np.zeros(len(rows), np.int64),
        population=np.array([row[1] for row in rows], np.int64),
        part_of=np.array([row[3] if len(row) > 3 else 0 for row in rows], np.int64),
        economy=["FR"] * len(rows),
        admin1=[row[2] if len(row) > 2 else "" for row in rows],
    )


def people(places, cities=(), south=-50, north=50):
    box = shapely.box(-1, south * KM, 1, north * KM)
    return int(gazetteer_population([box], [cities], places)[0])


def test_a_borough_is_a_part_of_its_city():
    assert people(towns((0, 1_000_000), (5, 300_000))) == 1_000_000  # a million people reach 8 km far


def test_a_town_beyond_the_city_is_counted_beside_it():
    assert people(towns((0, 1_000_000), (9, 300_000))) == 1_300_000


def test_two_cities_of_like_size_are_two():
    assert people(towns((0, 1_000_000), (5, 400_000))) == 1_400_000


def test_a_town_in_another_region_is_no_part():
    assert people(towns((0, 1_000_000, "75"), (5, 300_000, "92"))) == 1_300_000


def test_quarters_of_a_borough_are_not_counted_with_either():
    assert people(towns((0, 3_000_000), (6, 900_000), (7, 200_000), (8, 100_000))) == 3_000_000


def test_a_city_has_no_more_parts_than_people_the_farther_ones_are_suburbs():
    ring = [(0.5 * n, 200_000) for n in range(1, 8)]  # seven districts of a city of a million
    assert people(towns((0, 1_000_000), *ring)) == 1_000_000 + 2 * 200_000


def test_parts_that_the_gazetteer_names_take_the_place_of_others():
    places = towns((0, 1_000_000), (30, 600_000, "", 1), (30, 300_000, "", 1), (4, 200_000))
    assert people(places) == 1_000_000 + 200_000  # 100,000 people are left for parts: the suburb is too large


def test_named_parts_that_lie_in_each_other_take_the_place_of_others_once():
    places = towns((0, 1_000_000), (20, 600_000, "", 1), (20, 200_000, "", 1), (4, 300_000))
    assert people(places) == 1_000_000  # 600,000 in named parts, so there are people for the fourth


def test_a_part_counts_where_the_outline_leaves_its_city_out():
    assert people(towns((0, 1_000_000), (5, 300_000)), south=3) == 300_000


def test_the_city_that_names_a_cluster_counts_though_the_outline_just_misses_it():
    places = towns((0, 1_000_000), (20, 300_000))
    assert people(places, south=3) == 300_000
    assert people(places, cities=[1], south=3) == 1_300_000


def test_a_city_inside_another_outline_counts_there_only():
    places = towns((0, 1_000_000), (20, 300_000))
    shapes = [shapely.box(-1, 10 * KM, 1, 30 * KM), shapely.box(-1, -5 * KM, 1, 5 * KM)]
    assert gazetteer_population(shapes, [[2, 1], []], places).tolist() == [300_000, 1_000_000]


@pytest.mark.parametrize("seed", range(5))
def test_a_place_is_in_the_first_outline_that_shapely_finds_it_in_rims_included(seed):
    """Towns of like size on a grid of whole degrees: none is a part of another, many lie on a rim."""
    rng = np.random.default_rng(seed)
    lon, lat = (rng.integers(-size, size + 1, 400) for size in (180, 90))
    places = towns(*[(0, 1_000)] * 400)
    places.lon_e7, places.lat_e7 = lon * E7, lat * E7
    corners = [(rng.integers(-180, 160), rng.integers(-90, 70)) for _ in range(9)]
    shapes = [shapely.box(x, y, x + 20, y + 20) for x, y in corners]
    shapes += [shapely.MultiPolygon([shapely.box(-180, -9, -170, 9), shapely.box(170, -9, 180, 9)]), shapely.Polygon()]
    first = [
        next((s for s in range(11) if shapes[s].intersects(shapely.Point(*at))), None)
        for at in zip(lon, lat, strict=True)
    ]
    expected = [1_000 * first.count(shape) for shape in range(11)]
    assert gazetteer_population(shapes, [[]] * 11, places).tolist() == expected
    assert sum(expected) > 0


def test_nobody_lives_in_an_empty_outline():
    assert people(towns((0, 1_000_000)), south=80, north=90) == 0
    assert gazetteer_population([], [], towns((0, 1_000))).tolist() == []


# Discs around the centre, in km, and the people who live there in thousands:
URBAN_AREAS = {
    # New York City 8,804 with Nassau 1,396, Hudson 725, Bergen 956, Essex 864, Union 575, Passaic 524 and southern
    # Westchester about 700 (US census 2020).
    "New York": (40.714, -74.006, 40, 14_500),
    # Greater London, 1,572 km² (ONS, census 2021: 8,800) and what its disc takes in beyond.
    "London": (51.508, -0.126, 22.4, 8_900),
    # The municipality, 6,341 km² (census 2020: 24,871).
    "Shanghai": (31.222, 121.458, 45, 24_900),
    # Paris and its inner ring, departments 75, 92, 93, 94: 762 km² (Insee, 2020: 6,800).
    "Paris": (48.857, 2.352, 15.6, 6_800),
    # The 23 wards and their neighbours within 50 km (Statistics Bureau of Japan, census 2020: about 33 million).
    "Tokyo": (35.69, 139.69, 50, 33_000),
}


def outline_of(lat, lon, km):
    """Draw the outline of a cluster that has a listing in every place within some km."""
    places = gazetteer.places()
    apart = distance_km(places.lat_e7, places.lon_e7, to_e7(np.array(lat)), to_e7(np.array(lon)))
    rows = np.flatnonzero(apart <= km)
    label = np.zeros(len(rows), np.int32)
    return outlines(places.lat_e7[rows], places.lon_e7[rows], label, radius_km=15).shape


@pytest.mark.parametrize("city", URBAN_AREAS)
def test_the_people_of_large_cities_are_within_a_quarter_of_what_censuses_count(city):
    lat, lon, km, thousands = URBAN_AREAS[city]
    counted = int(gazetteer_population(outline_of(lat, lon, km), [[]], gazetteer.places())[0])
    assert abs(counted / (1000 * thousands) - 1) <= 0.25, f"{city}: {counted:,}"


def test_adding_every_place_would_count_new_york_and_shanghai_twice():
    places = gazetteer.places()
    for city in ("New York", "Shanghai"):
        lat, lon, km, thousands = URBAN_AREAS[city]
        inside = shapely.contains_xy(outline_of(lat, lon, km)[0], places.lon_e7 / E7, places.lat_e7 / E7)
        assert places.population[inside].sum() > 1.9 * 1000 * thousands
