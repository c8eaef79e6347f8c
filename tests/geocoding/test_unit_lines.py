"""Districts and regencies of Indonesia behind one another: KEC. BABAT KAB. LAMONGAN."""

import pytest

from hubrank.geocoding.text.unit_lines import separate_units
from locating import one

LAMONGAN, BABAT = 1638562, 1650888


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DESA FOO  KEC. BABAT KAB. LAMONGAN", "DESA FOO, Kecamatan BABAT, Kabupaten LAMONGAN"),
        ("Kec.Babat, Kab Lamongan", "Kecamatan Babat, Kabupaten Lamongan"),
        ("Kec. Foo Kab. Bar Prov. Baz", "Kecamatan Foo, Kabupaten Bar, Baz"),
        ("Brescia, Prov. di Brescia", "Brescia, Prov. di Brescia"),
        ("KEL. FOO KEC, BAR", "KEL. FOO KEC, BAR"),  # without its name
        ("Kecskemét, Hungary", "Kecskemét, Hungary"),
        ("Takab, Iran", "Takab, Iran"),
    ],
)
def test_words_for_units_part_a_line_and_are_in_full(text, expected):
    assert separate_units(text) == expected


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("JL FOO RT 03 RW 05 DESA BAR KEC. BABAT KAB. LAMONGAN, JAWA TIMUR", BABAT),
        ("DESA BAR, KECAMATAN BABAT, KABUPATEN LAMONGAN, JAWA TIMUR", BABAT),
        ("KOMPLEK FOO DESA BAR KECAMATAN SOREANG KABUPATEN BANDUNG JAWA BARAT", 1626560),
        ("KAB. LAMONGAN, JAWA TIMUR", LAMONGAN),
    ],
)
def test_a_district_is_meant_before_the_seat_of_its_regency(text, geonames_id, alone):
    answer = one(alone, text, country="ID")
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.6) == (geonames_id, True)


def test_a_city_by_its_word_is_meant_behind_a_district_that_is_not_known(alone):
    assert one(alone, "KEC. FOOBARAN, KOTA BEKASI, JAWA BARAT")["gazetteer_id"] == 1649378


def test_the_seat_of_a_regency_is_not_sure_behind_a_district_that_is_not_known(alone):
    answer = one(alone, "KEC. FOOBARAN KAB. LAMONGAN", region="JAWA TIMUR", country="ID")
    assert (answer["location_probability"] or 0) < 0.5
