"""Marks around the words of an address are no part of its names: flags, pictures, footnotes, quotes, codes."""

import pyarrow as pa
import pytest

from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.text.affiliations import split
from hubrank.geocoding.text.marks import without_marks
from hubrank.geocoding.text.normalise import repair_encoding
from locating import one


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Kasur 🇵🇰", "Kasur, Pakistan"),
        ("🇵🇰 Kasur", "Kasur, Pakistan"),
        ("Kasur, Pakistan 🇵🇰", "Kasur, Pakistan"),
        ("Georgia 🇬🇪", "Georgia"),
        ("Austin, TX 🇺🇸", "Austin, TX, United States"),
        ("Wien 🇦🇹🇪🇺", "Wien"),  # a person with two homes
        ("📍 Huambo, Angola 🌍", "Huambo, Angola"),
        ("Huambo ✈️ Angola", "Huambo, Angola"),
        ("Lahore1,*, Pakistan†", "Lahore1, Pakistan"),
        ("¹Univ Foo, Lahore²,³, Pakistan", "Univ Foo, Lahore , Pakistan"),
        ("Lahore[1][12], Pakistan", "Lahore , Pakistan"),
        ("[1] Lahore", "[1] Lahore"),
        ("Univ Foo,* Lahore", "Univ Foo,* Lahore"),
        ("Ulm, Germany", "Ulm, Germany"),
        ("CodÃ³, Brazil", "Codó, Brazil"),
    ],
)
def test_flags_are_countries_and_other_marks_nothing(text, written):
    assert without_marks(text) == written


@pytest.mark.parametrize("start", ["*", ",*", "¹,", "🇵🇰", "📍", "🇵 "])
def test_the_time_of_a_text_of_marks_grows_with_its_length(start):
    assert len(without_marks(start * 100_000 + "x")) <= 2 * len(start) * 100_000 + 1


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("Univ Foo, Lahore1,2, Pakistan", ["Univ Foo", "Lahore", "Pakistan"]),
        ("Univ Foo, Paris6, Pakistan", ["Univ Foo", "Paris6", "Pakistan"]),  # no town there
        ("Bathurst (BHS), AU", ["Bathurst", "AU"]),
        ("Bathurst (NSW), AU", ["Bathurst", "NSW", "AU"]),
        ("London (YXU), CA", ["London", "YXU", "CA"]),  # of California as well
        ("Foo Centre (FCE), AU", ["Foo Centre", "FCE", "AU"]),
        ('"[Jamay]" (Mexico)', ["Jamay", "Mexico"]),
        ("Tamiahua/Mexico", ["Tamiahua", "Mexico"]),  # a state is called so as well
        ("Geislingen an der Steige/Germany", ["Geislingen an der Steige", "Germany"]),
        ("Foo ; Bar Institute ; Antwerp ; Belgium. a.b@foo.be", ["Foo", "Bar Institute", "Antwerp", "Belgium"]),
    ],
)
def test_what_stands_around_a_name_is_no_part_of_it(text, segments):
    assert split(text) == segments


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"address": "a) Faculty of Science, Lahore1,*, Pakistan†"}, 1172451),
        ({"city": "Lahore 🇵🇰"}, 1172451),
        ({"address": "📍 Huambo, Angola 🌍"}, 3348313),
    ],
)
def test_a_town_between_marks_is_located(alone, address, geonames_id):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


def test_a_text_with_a_flag_written_as_an_entity_is_read_alike_whatever_the_other_texts_have(alone):
    rows = [{"city": "Lahore &#x1F1F5;&#x1F1F0;"}, {"city": "Kasur 🇵🇰"}]
    together = alone.locate(pa.Table.from_pylist(rows, ADDRESS_SCHEMA)).to_pylist()
    assert together == [one(alone, **row) for row in rows]
    assert together[0]["gazetteer_id"] == 1172451


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("SÃ£o Paulo", "São Paulo"),
        ("Sí£o Paulo", "São Paulo"),  # the first of the two letters once more mistaken
        ("Zí¼rich", "Zürich"),
        ("Cancíºn, MX", "Cancún, MX"),
        ("University of California,슠Davis, USA", "University of California,\xa0Davis, USA"),  # C2 A0, a blank's bytes
        ("Bras쎭lia", "Brasília"),
        ("서울대학교 슠 Lab", "서울대학교 슠 Lab"),
        ("García", "García"),
        ("«Calí»", "«Calí»"),  # a quote
        ("Díaz, Bogotí¡ é", "Díaz, Bogotí¡ é"),  # not as a whole
    ],
)
def test_letters_read_with_another_encoding_are_repaired(text, repaired):
    assert repair_encoding(text) == repaired


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Toledo, Castilla - La Mancha, Spain", 2510409),  # there is a Castilla in Granada
        ("Faro, Castilla - Leon, Spain", None),  # not the city of León
        ("Foo, Baden - Württemberg, Germany", None),  # nor Baden-Baden
        ("Udine, Friuli - Venezia Giulia, Italy", 3165072),
        ("Karlsruhe - Germany", 2892794),
        ("Winston - Salem, NC", 4499612),
    ],
)
def test_dashes_with_blanks_in_the_name_of_a_region_or_town_part_nothing(alone, text, geonames_id):
    assert one(alone, text)["gazetteer_id"] == geonames_id


def test_a_region_is_known_without_the_and_in_its_name():
    (region,) = regions.find("Castilla-León", "ES")
    assert region.name == "Castilla y León"
