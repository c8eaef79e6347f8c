"""Words that stand in the names of many organisations: university, institute, academy."""

import re

from rapidfuzz.distance import OSA

from hubrank.geocoding.text.normalise import plain
from hubrank.geocoding.text.organisation_words import FREQUENT_SIGNS, GENERIC, SIGNS, STANDARD_WORD, words

_ALL = GENERIC.union(*map(words, SIGNS))  # in the form in which names are compared
# Those that few towns have in their names.
_TELLING = _ALL - {"center", "central", "general", "national", "state"}
_LONG = 8  # letters: a shorter word with an error in it could be too many others
LONG_WORD = re.compile(rf"[^\W\d_]{{{_LONG},}}")
_SPELLINGS = {  # each with the word that stands for it
    word: one
    for word, one in (*STANDARD_WORD.items(), *((w, STANDARD_WORD.get(w, w)) for w in GENERIC | FREQUENT_SIGNS))
    if len(word) >= _LONG and one in _ALL
}


def has_organisation_word(words: tuple[str, ...]) -> bool:
    """Say whether one of the words, in the form in which names are compared, denotes an organisation."""
    return not _TELLING.isdisjoint(words)


def spell_corrected(word: str) -> str:
    """Return the general word, in any language, that a word is one typing error away from, else the word."""
    plain_word = plain(word)
    if plain_word in _SPELLINGS or plain_word in SIGNS:
        return word
    near = {
        one
        for other, one in _SPELLINGS.items()
        if -2 < len(other) - len(plain_word) < 2 and OSA.distance(plain_word, other, score_cutoff=1) < 2
    }
    if len(near) != 1:
        return word
    general = near.pop()
    return general.upper() if word.isupper() else general.title() if word[0].isupper() else general
