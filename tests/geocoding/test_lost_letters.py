"""Names of which an encoding has lost letters are those of the places that have the others."""

import pyarrow as pa
import pytest

from hubrank import geocoding
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.gazetteer.lost_letters import restored
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.machine_text import LOST, decoded


@pytest.mark.parametrize(
    ("name", "economy", "whole"),
    [
        (f"Bal{LOST}kesir", "TR", "Balıkesir"),
        (f"{LOST}{LOST}dz Foo", "PL", f"{LOST}{LOST}dz Foo"),
        (f"V{LOST}xj{LOST}", "SE", "Växjö"),
        (f"V{LOST}{LOST}xj{LOST}{LOST}", "SE", "Växjö"),  # each byte for itself
        (f"T{LOST}nsberg", "NO", "Tønsberg"),
        (f"T{LOST}nsberg", "SE", f"T{LOST}nsberg"),
        (f"{LOST}d", "PL", f"{LOST}d"),
        ("Tnsberg", "NO", "Tønsberg"),
        ("Vxj", "SE", "Vxj"),  # three letters are too few
        ("Pozna", "PL", "Pozna"),  # a village
        ("Limoges", "FR", "Limoges"),
        ("TIFR", "IN", "TIFR"),  # an acronym, though a town is Tifrā
        ("B0ca Raton", "US", "Boca Raton"),  # digits for letters
        ("He1mstedt", "DE", "Helmstedt"),
        ("Koronada1", "PH", "Koronadal"),
        ("He1mstedt", "FR", "He1mstedt"),
        ("P0R", "CA", "P0R"),  # a post code
        ("Praha1", "CZ", "Praha1"),
        ("Paris10", "FR", "Paris10"),
    ],
)
def test_a_name_without_some_letters_is_that_of_the_place_that_has_them(name, economy, whole):
    assert restored(name, (economy,)) == whole


@pytest.mark.parametrize("text", ["Foo, T?nsberg, Norway", "Foo, Tnsberg, Norway", "Foo, 3100 T?nsberg, NO"])
def test_letters_that_a_text_has_lost_are_those_of_a_place_of_its_country(text):
    part = read(decoded(text), Surroundings()).segments[1]
    assert part.text == "Tønsberg"
    assert part.post_codes == (("3100",) if "3100" in text else ())


def test_a_question_mark_amid_letters_or_before_a_comma_is_a_lost_letter():
    assert decoded("S?o Jos? dos Campos, Lule?, ?vora") == f"S{LOST}o Jos{LOST} dos Campos, Lule{LOST}, {LOST}vora"
    assert decoded("Lule?") == f"Lule{LOST}"
    assert decoded("Foo, Bonn, Germany ?") == "Foo, Bonn, Germany ?"
    assert decoded("Foo, Bonn, Germany?") == "Foo, Bonn, Germany?"


def test_a_city_s_column_with_a_lost_letter_is_no_village_called_like_the_rest():
    resolver = geocoding.resolver_for(geocoding.Settings())
    rows = [{"city": city, "country": "PL"} for city in ("Poznań", "Pozna?", "Pozna")]
    whole, lost, village = resolver.locate(pa.Table.from_pylist(rows, ADDRESS_SCHEMA))["gazetteer_id"].to_pylist()
    assert whole == lost != village
