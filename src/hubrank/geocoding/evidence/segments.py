"""The parts of a text between commas, and what one of them may be: a code, initials, a country."""

import re
from dataclasses import dataclass
from functools import lru_cache

from hubrank.core import countries
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.organisation_words import SIGNS
from hubrank.geocoding.text.post_codes import bare, codes_in

_ACRONYM = 8  # letters of the longest acronym
_COMPOUND = 10  # letters of a word that may be several
MARKED = -1  # digits of a number behind its mark
CODE = 3  # letters of the longest code of a country or region
# Moreno 877, C/ Alicante 5, 2-4-3 Chuo; four digits may be a post code, too (Budapest 1117), but not behind a mark:
# Morelos # 410, Hidalgo No. 1206.
_NUMBERED = re.compile(r"[^\W\d]\.? (\d{1,4})[a-zA-Z]?$|^(\d{1,2})-\d{1,2}(?:-\d{1,2})? ")
_WITH_MARK = re.compile(r"[^\W\d]\.? (?:# ?|[Nn][Oo]\.? |[Nn][°º] ?)\d{1,5}[a-zA-Z]?$")
_OPENING_NUMBER = re.compile(r"(\d{1,5})[a-zA-Z]? +[^\W\d]")
_OPENING_POST_CODE = re.compile(r"(?:[A-Z]{1,3}-)?\d{4,6}\s+[^\W\d]")
INITIALS = re.compile(r"[A-Z](?:\. ?[A-Z])+\.?")


def may_be_code(text: str) -> bool:
    """Say whether a text is as short as a code of a country or region; two Chinese characters are a name."""
    return len(text) <= CODE and text.isascii()


@lru_cache(1)
def country_keys() -> dict[str, str]:
    """Return the economies by the keys of their names, without codes, which are other words as well."""
    named = ((name, entry.iso2) for entry in countries.table().values() for name in (*entry.aliases, entry.name))
    economies = countries.in_other_languages(latin=True) | {key(name): economy for name, economy in named}
    return {name: economy for name, economy in economies.items() if len(name) > CODE}


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a text between commas: without post codes, its words and key.

    organisation : whether it names one; numbered : the digits of a number at its end, as of a house, else 0, MARKED
    behind the mark of a number; opening : the number that it opens with, or "".
    behind_post_code : whether a post code opens it; post_codes : those in it.
    """

    text: str
    words: tuple[str, ...]
    key: str
    organisation: bool
    numbered: int
    behind_post_code: bool
    post_codes: tuple[str, ...]
    opening: str = ""


@lru_cache(65536)
def segment(text: str) -> Segment:
    """Return the segment that a part of a text is."""
    bare_text = bare(text)
    words = tuple(plain(bare_text).split())
    number = _NUMBERED.search(text)
    digits = 0 if number is None else len(number[1] or number[2])
    digits = MARKED if digits == 0 and _WITH_MARK.search(text) else digits
    opened = _OPENING_POST_CODE.match(text) is not None
    house = _OPENING_NUMBER.match(text)
    is_organisation, codes = not SIGNS.isdisjoint(words), tuple(codes_in(text))
    return Segment(bare_text, words, key(bare_text), is_organisation, digits, opened, codes, house[1] if house else "")


def initials(text: str, before: Segment) -> bool:
    """Say whether a text is the initials of the words before it: Manipal Academy of Higher Education (MAHE)."""
    letters = text.lower()
    large = "".join(word[0] for word in before.text.split() if word[:1].isupper()).lower()
    return len(letters) > 1 and letters in (large, "".join(word[0] for word in before.words))


def are_capitals(letters: str, name: str) -> bool:
    """Say whether letters are capitals of a name in their order, its first one among them: SRUK, Samsung R&D ... UK."""
    capitals = filter(str.isupper, name)
    return name[:1] == letters[:1] and all(letter in capitals for letter in letters)


def is_acronym(text: str, before: list[Segment]) -> bool:
    """Say whether a text of three letters and more is made of the first ones of the words before it.

    Institute of Economy, Trade and Industry (RIETI), Center for Research in Economics and Statistics (CREST),
    Asia-Pacific (APAC).
    """
    words = [word for part in before for word in part.text.replace("-", " ").split()]
    starts = (at for at in range(len(words) - 1) if not words[at].islower())
    return CODE <= len(text) <= _ACRONYM and any(_are_initials(text.lower(), words[at:]) for at in starts)


def _are_initials(letters: str, words: list[str]) -> bool:
    """Say whether letters are initial letters of the words in turn, at least one of each that has a capital.

    The second may be inside a long word, as one word of a compound begins there: Bundesanstalt.
    """
    if not letters or not words:
        return not letters and all(map(str.islower, words))
    word = plain(words[0])
    if (
        len(word) >= _COMPOUND
        and letters[0] == word[0]
        and letters[1:2] in word
        and _are_initials(letters[2:], words[1:])
    ):
        return True
    return (words[0].islower() and _are_initials(letters, words[1:])) or any(
        letters.startswith(word[:size]) and _are_initials(letters[size:], words[1:]) for size in range(1, len(word) + 1)
    )
