"""No place is meant by words that are a region's name with others, a region named after two towns, or general ones."""

import pytest

from hubrank.geocoding.evidence.name_parts import NameParts
from hubrank.geocoding.gazetteer.surroundings import Surroundings


@pytest.fixture(scope="session")
def parts(alone):
    return NameParts(alone.finder.names)


@pytest.mark.parametrize(
    ("text", "economy"),
    [
        ("Total Casablanca-Settat", "MA"),  # a region's name and another word
        ("Fès-Boulemane", "MA"),  # two towns far apart
        ("Mid-State Airport", "US"),  # a general word, which a hamlet is called
        ("Drewish University", "US"),
        ("Qurshan Hsiang", "TW"),  # a word for a township, and not a misspelt Hsikang
    ],
)
def test_a_part_of_a_regions_name_and_a_general_word_mean_no_place(parts, text, economy):
    assert parts.candidates(text, Surroundings((economy,))) == []


@pytest.mark.parametrize(
    ("text", "economy"),
    [("Jorf Lasfar", "MA"), ("Bruxelles-Zaventem", "BE"), ("Salzburg Innsbruck", "AT"), ("Kraków-Śródmieście", "PL")],
)
def test_other_parts_name_a_place(parts, text, economy):
    assert len(parts.candidates(text, Surroundings((economy,)))) == 1
