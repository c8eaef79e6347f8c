"""Towns whose first or last word is abbreviated."""

import pytest

from hubrank.geocoding.evidence.other_spellings import _is_abbreviated
from hubrank.geocoding.gazetteer import abbreviated_names
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.affiliations import split
from locating import one

GORZOW = 3098722
PORTO_ALEGRE, BELO_HORIZONTE, SAO_LEOPOLDO = 3452925, 3470127, 3448622


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"address": "P. ALEGRE, BRASIL"}, PORTO_ALEGRE),  # no misspelt Alegre
        ({"city": "P. Alegre", "country": "Brasil"}, PORTO_ALEGRE),
        ({"city": "P. Alegre", "region": "RS", "country": "BR"}, PORTO_ALEGRE),
        ({"city": "B. HORIZONTE", "country": "BR"}, BELO_HORIZONTE),  # no misspelt Horizonte
        ({"address": "S. Leopoldo/RS"}, SAO_LEOPOLDO),
        ({"address": "S.Leopoldo - RS, Brasil"}, SAO_LEOPOLDO),
        ({"address": "R. Preto/SP"}, 3451328),
        ({"address": "Instituto de Física, P. Alegre, RS"}, PORTO_ALEGRE),
        ({"city": "G. Noida", "country": "IN"}, 6954929),  # no misspelt Noida
        ({"address": "W. Covina, CA"}, 5407933),
        ({"city": "Dr. Alegre", "country": "BR"}, None),  # no town's first word begins so
        ({"city": "S. J. dos Pinhais", "country": "BR"}, 3448632),  # no Pinhais
        ({"city": "S. B. do Campo", "region": "SP", "country": "BR"}, 3449344),
        ({"city": "SJ DOS PINHAIS", "country": "BRASIL"}, 3448632),
        ({"address": "V. N. de Famalicão, Portugal"}, 2732547),
        ({"city": "Gral. Pico", "country": "Argentina"}, 3855075),  # contracted: General
        ({"city": "Pto. Varas", "country": "Chile"}, 3874930),
        ({"city": "Pto Varas", "country": "Chile"}, 3874930),
        ({"city": "Cd. Delicias", "country": "MX"}, 4013720),
        ({"city": "S. João del Rey", "country": "BR"}, 3448879),  # misspelt, and no João Monlevade
        ({"city": "S. Lazzaro di Savena (BO)", "country": "IT"}, 3168175),  # no Lazzaro
        ({"city": "S. Margherita Ligure", "country": "IT"}, 3167595),
        ({"city": "S. Étienne", "country": "FR"}, 2980291),
        ({"address": "Muster GmbH, 39044 Egna/Neumarkt, Italy"}, 3177431),  # two names of one town
        ({"address": "I-39055 Laives/Leifers (BZ)"}, 3175235),  # in the province of Bolzano, not in Belize
        ({"address": "I-40068 S. Lazzaro di Savena (BO)"}, 3168175),
    ],
)
def test_an_abbreviated_first_word_is_written_out_before_what_follows_counts_alone(address, geonames_id, alone):
    answer = one(alone, **address)
    assert geonames_id is None or answer["gazetteer_id"] == geonames_id
    assert geonames_id is not None or answer["gazetteer_id"] != PORTO_ALEGRE


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"city": "Gorzów Wlkp.", "country": "PL"}, GORZOW),  # contracted; no Gorzów Śląski
        ({"city": "Gorzow Wlkp", "country": "PL"}, GORZOW),
        ({"address": "Gorzów Wlkp., Polska"}, GORZOW),
        ({"address": "ul. Krótka 3, 66-400 Gorzów Wlkp., Poland"}, GORZOW),
        ({"city": "Głogów Młp.", "country": "PL"}, 772086),  # no Głogów
        ({"address": "Bielsk Podl., Poland"}, 775986),
        ({"address": "Hradec Král., Czech Republic"}, 3074967),
        ({"address": "Sulzbach-Rosenb., Germany"}, 2824801),
    ],
)
def test_an_abbreviated_last_word_tells_which_of_the_towns_of_a_first_word_is_meant(address, geonames_id, alone):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize("city", ["São Luís/MA", "SAO LUIS/MA", "São Luís (MA)"])
def test_the_state_behind_a_town_in_one_cell_is_no_abbreviated_word(city, alone):
    assert one(alone, city=city, country="Brasil")["gazetteer_id"] == 3388368  # no São Luís Gonzaga do Maranhão


@pytest.mark.parametrize(
    ("short", "word", "is_short"),
    [
        ("wlkp", "wielkopolski", True),
        ("mlp", "malopolski", True),
        ("weinstr", "weinstrasse", True),
        ("mal", "marechal", True),
        ("pto", "puerto", True),
        ("pta", "puerto", False),  # not its last letter
        ("wlkp", "slaski", False),
        ("mlp", "mazowiecki", False),
        ("mo", "malopolski", False),  # no consonants alone
        ("ms", "mazowieckis", False),  # two letters are in every other word
    ],
)
def test_an_abbreviation_is_the_beginning_of_a_word_or_its_consonants(short, word, is_short):
    assert abbreviated_names.is_short_for(short, word) is is_short


@pytest.mark.parametrize(
    ("text", "economy", "is_abbreviated"),
    [
        ("Tomaszów Lub", "PL", True),
        ("Gorzów Wlkp", "PL", True),
        ("Boston Mass", "US", False),  # a region of the country
        ("Warszawa Ab", "PL", False),  # two letters with a vowel
        ("Tomaszuw Lub", "PL", False),  # no place's name before it
    ],
)
def test_a_short_last_word_behind_a_name_of_the_country_may_be_abbreviated(text, economy, is_abbreviated, alone):
    names = alone.finder.names.names
    assert _is_abbreviated(names, text, Surroundings((economy,))) is is_abbreviated


@pytest.mark.parametrize(
    ("town", "code", "name"),
    [
        ("S. Paulo", "SP", "São Paulo"),
        ("S. Maria", "CA", "Santa Maria"),
        ("S. Paulo", "RJ", ""),  # none in that state
        ("Paulo", "SP", ""),
        ("S. Vernon", "NY", ""),
    ],
)
def test_the_town_in_full_is_one_of_the_state(town, code, name):
    assert abbreviated_names.town_in_state(town, code) == name


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("S. Leopoldo/RS", ["São Leopoldo", "RS"]),
        ("Acme, N. Hamburgo - RS, Brasil", ["Acme", "Novo Hamburgo", "RS", "Brasil"]),
        ("J. Smith, MD", ["J. Smith", "MD"]),
    ],
)
def test_a_town_with_its_first_word_abbreviated_is_parted_from_its_state(text, segments):
    assert split(text) == segments
