"""What is looked for before a rule is tried: it is in every text to which the rule applies."""

import pytest

from hubrank.geocoding.evidence import inner_names, reading_text
from hubrank.geocoding.evidence.reading import _AREAS, _AREAS_OPENING, Reading
from hubrank.geocoding.evidence.segments import segment
from hubrank.geocoding.gazetteer import name_variants
from hubrank.geocoding.text import affiliations, post_codes


@pytest.mark.parametrize("city", ["Paris", "CEDEX", "cedex", "Muenchen", "Cedexville", "St"])
@pytest.mark.parametrize("economy", ["FR", "DE", "JP", ""])
def test_one_plain_word_has_the_variants_that_the_words_of_a_name_have(city, economy, monkeypatch):
    at_once = list(name_variants.variants(city, economy))
    monkeypatch.setattr(name_variants, "is_plain_word", lambda _: False)
    assert at_once == list(name_variants.variants(city, economy))


@pytest.mark.parametrize("text", ["CEDEX 9", "Lyon cedex", "D-10115", "SW1A 1AA", "1012 AB Amsterdam", "Foo ٤٢٣"])
def test_a_text_with_a_post_code_has_a_digit_or_is_one_by_its_word(text):
    code = post_codes.POST_CODE.search(text)
    assert code is None or post_codes._may_have_one(text)
    assert not post_codes._may_have_one("Île-de-Bréhat")


@pytest.mark.parametrize(("table", "form"), [(_AREAS, "Foo {}"), (_AREAS_OPENING, "{} Foo")])
def test_each_word_for_an_area_is_looked_for(table, form):
    named = [(home, segment(form.format(word))) for home, words in table.items() for word in words]
    assert [home for home, part in named if home not in Reading([part], (home,)).areas_in(0)] == []


@pytest.mark.parametrize("text", ["Oxford and MIT", "Oxford AND MIT", "Oxford & MIT", "Oxford / MIT"])
def test_what_joins_two_affiliations_is_in_each_text_of_two(text):
    assert affiliations._NEXT.match(text)
    assert any(word in text for word in affiliations._JOINTS)


@pytest.mark.parametrize("text", ["U. of Utah", "U de Chile", "Duke U.", "Michigan State U (USA)"])
def test_a_university_by_its_letter_has_that_letter_at_the_end_of_a_word(text):
    assert reading_text._UNIVERSITY.search(text)
    assert reading_text._U.search(text)
    assert not reading_text._U.search("University of Utah, USA")


@pytest.mark.parametrize(("text", "words"), [("Hôpital d'Orsay", ("d", "orsay")), ("Hôpital d’Orsay", ("d", "orsay"))])
def test_words_that_an_apostrophe_joins_are_parted(text, words):
    assert inner_names._words(segment(text))[-2:] == words
