"""Words that one country's organisations alone use, where no country is stated."""

import pytest

from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.evidence.similar_names import SimilarNames
from hubrank.geocoding.evidence.words_of_countries import note_country_of_words
from hubrank.geocoding.gazetteer import organisations
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from ror_records import written

NAMES = {"Xanthic": {"IN": 8, "US": 2}, "Corvine": {"IN": 8, "US": 3}, "Rarely": {"IN": 9}, "Mellow": {"FR": 10}}


@pytest.fixture(scope="module")
def similar(tmp_path_factory):
    words = [(word, home) for word, homes in NAMES.items() for home, count in homes.items() for _ in range(count)]
    names = [(f"{word} {n} Institute", "Foo", home, 10.0, n / 10) for n, (word, home) in enumerate(words)]
    return SimilarNames(organisations.load((written(tmp_path_factory.mktemp("register"), names),)))


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("Xanthic Institute", ["its", "another"]),
        ("Corvine Institute", []),  # three of eleven are elsewhere
        ("Rarely Institute", []),  # nine have it
        ("Xanthic Mellow Institute", []),  # words of two countries
        ("Institute", []),
        ("Xanthic Street 12, Foo Institute", []),  # of a street
        ("Xanthic Institute, Peru", []),
    ],
)
def test_a_word_of_four_fifths_of_ten_names_is_evidence_of_their_country(text, notes, similar):
    candidates = [Candidate(0, 0, 0, "names", "city", home, 1, "text") for home in ("IN", "US")]
    note_country_of_words(read(text, Surroundings((), ())), candidates, similar)
    assert [note for c in candidates for note in c.features] == [f"text: a word of {note} country" for note in notes]
