"""Places by the consonants of their names in Arabic letters, which write only long vowels: البكيرية is Al Bukayriyah.

A name is taken apart into its consonants, alike ones brought to one, and what stands between them. Two names are one if
they have the same consonants, and the Latin letters have a vowel wherever the Arabic ones write one.
"""

import re
from collections import defaultdict
from functools import lru_cache

from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.text.normalise import plain

_ARABIC = re.compile("[\u0621-\u06d3]")
_ARTICLE = re.compile(r"(?:^|(?<=\s))ال(?=\S{2})")
_LETTERS = str.maketrans("بپتطثجچخدذضرزظسصشغفقكکگلمنىيیئاأإآةوؤ", "bbtttjckdddrzzssckfkkkklmniiiiaaaaauu")
_NO_LETTER = re.compile("[^a-z]")
_LATIN_ARTICLE = re.compile(r"\b(?:al|el|l|a[dnrstz]|e[dnrstz]|[ae](?:sh|ch|th|dh)) (?=\w)")
_PLAIN_C = re.compile("c(?!h)")
_DIGRAPHS = (("tch", "c"), ("sh", "c"), ("ch", "c"), ("dj", "j"), ("kh", "k"), ("gh", "k"), ("th", "t"), ("dh", "d"))
_ALIKE = str.maketrans("pqgx", "bkkk", "h")
_TWICE = re.compile(r"([bcdfjklmnrstz])\1+")
_CONSONANT = re.compile("([bcdfjklmnrstz])")
_SOUNDS = {
    "u": frozenset("ouwv"),
    "i": frozenset("iey"),
    "a": frozenset("ae"),
}  # Latin letters of a vowel that is written
_SHORT = 2  # Latin letters of one that is not, at most: ou
_LEAST, _LETTERS_LEAST = 2, 3  # consonants, and consonants and written vowels


def rows(name: str, economy: str) -> list[int]:
    """Return the rows of the places of an economy whose own names a name in Arabic letters may be, in order."""
    if not _ARABIC.search(name):
        return []
    parts = _parts_of_arabic(name)
    consonants = "".join(parts[1::2])
    is_long = len(consonants) >= _LEAST and sum(map(bool, parts)) >= _LETTERS_LEAST
    named = _by_consonants(economy).get(consonants, ()) if is_long else ()
    places = gazetteer.places()
    return [row for row in named if _agree(parts, _parts_of_latin(places.name[row]))]


def _parts_of_arabic(name: str) -> list[str]:
    """Return what stands before the first consonant of a name, that, what follows it and so on."""
    return _CONSONANT.split(_NO_LETTER.sub("", _ARTICLE.sub("", name).translate(_LETTERS)))


def _parts_of_latin(name: str) -> list[str]:
    text = _PLAIN_C.sub("k", _LATIN_ARTICLE.sub("", plain(name)))
    for digraph, one in _DIGRAPHS:
        text = text.replace(digraph, one)
    return _CONSONANT.split(_TWICE.sub(r"\1", _NO_LETTER.sub("", text.translate(_ALIKE))))


@lru_cache(2)
def _by_consonants(economy: str) -> dict[str, list[int]]:
    """Return the rows of the places of an economy by the consonants of their names."""
    named: dict[str, list[int]] = defaultdict(list)
    places = gazetteer.places()
    for row in gazetteer.rows_in(economy):
        named["".join(_parts_of_latin(places.name[row])[1::2])].append(row)
    return dict(named)


def _agree(arabic: list[str], latin: list[str]) -> bool:
    """Say whether vowels between the same consonants agree; the first may be any, as alif only carries it."""
    last = len(arabic) - 1
    for at in range(0, len(arabic), 2):
        written, sound = arabic[at], latin[at]
        if not written and len(sound) > (_SHORT if at < last else 0):
            return False
        if at and any(_SOUNDS[letter].isdisjoint(sound) for letter in written):
            return False
    return True
