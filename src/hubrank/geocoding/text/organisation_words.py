"""Words in the names of organisations, in all languages and in lower-case ASCII."""

import re

from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key, plain

FREQUENT_SIGNS = frozenset(vocabulary.words("organisation", "signs"))
# A text with one of them names an organisation.
SIGNS = FREQUENT_SIGNS.union(vocabulary.words("organisation", "signs_of_other_languages"))
GENERIC = frozenset(vocabulary.words("organisation", "generic"))  # in so many names that they tell none from another
LEGAL_FORMS = frozenset(vocabulary.words("organisation", "legal_forms"))
STANDARD_WORD = vocabulary.standard_words("organisation")  # by each of its spellings, translations and abbreviations
_SHORT: dict[str, str] = vocabulary.section("organisation")["short"]
_INITIALS = re.compile(r"\b[a-z](?:(?: and)? [a-z])+\b")  # single letters in a row
_UNITED_STATES = re.compile(r"\bU(?:\. ?S\.|S\b)(?!\.?A\b)")  # in capitals: no Museum of Us
_LONE_U = re.compile(r"^u(?= [a-z]{4})")  # U. Michigan; in comparing alone: U. Muller is a person
_ECONOMIES_OF_FORM = {
    form: frozenset(homes.split())
    for homes, forms in vocabulary.section("legal_form_of").items()
    for form in forms.split()
}


def economies_of_form(name: str) -> frozenset[str]:
    """Return the economies of the legal form that a name ends in, none where many have it: TechNova B.V."""
    return _ECONOMIES_OF_FORM.get(key(name.rpartition(" ")[2]), frozenset()) if " " in name else frozenset()


def words(text: str) -> list[str]:
    """Return the words by which organisations are compared."""
    in_full = _LONE_U.sub("university", _plain(text))
    unified = " ".join(_SHORT.get(word) or STANDARD_WORD.get(word, word) for word in in_full.split())
    return unified.split()


def initials_joined(text: str) -> str:
    """Return a text with its initials as one word, as others may write them: M.D. and M D as MD.

    Not where that is a word that does not count: A & T is no "at".
    """
    return _INITIALS.sub(lambda run: _joined(run[0]), _plain(text))


def _plain(text: str) -> str:
    return plain(_UNITED_STATES.sub("United States ", text))


def _joined(run: str) -> str:
    letters = "".join(letter for letter in run.split() if letter != "and")
    return letters if STANDARD_WORD.get(letters, letters) else run
