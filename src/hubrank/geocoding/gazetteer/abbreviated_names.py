"""Towns whose first words are abbreviated: P. Alegre is Porto Alegre, S. J. dos Campos São José dos Campos."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import takewhile

from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import plain

_OPENING = re.compile(r"(?:[^\W\d_]{1,5}\. ?){1,4}(?=[^\W\d_])")  # words with full stops before another
_INITIALS = re.compile(r"[BCDFGHJ-NP-TV-Z]{2,3}(?= )")  # SJ dos Campos
_JOINED_INITIALS = re.compile(r"([A-Z]{2,3})-([^\W\d_]{3,})")  # VS-Schwenningen
_SAINT = re.compile(r"(?<![^\W_])S\. ?(?=[^\W\d_]{3})")  # but no initials: S. J. dos Campos
_SAINTS = tuple(word for word in vocabulary.words("place", "saint") if word not in ("st", "ste"))
_CUT, _LONGEST = 3, 4  # letters of a first word that is abbreviated without a full stop
_LEAST = 3  # letters of a word that is not abbreviated, and of a contraction without a full stop
_MARKED = 2  # letters of a contraction with a full stop: Cd. is Ciudad, Dr. Doctor
_VOWELS = frozenset("aeiouy")
_TIMES = 10  # people of the largest of several such towns of a state, which is meant


def is_short_for(short: str, word: str, least: int = _LEAST) -> bool:
    """Say whether a word begins with an abbreviation, or is contracted to it: to so many letters at least.

    Those are its consonants, or the first and the last are among them: wlkp is wielkopolski, gral general.
    """
    if word.startswith(short):
        return True
    if len(short) < least or word[0] != short[0] or not (_VOWELS.isdisjoint(short) or word[-1] == short[-1]):
        return False
    letters = iter(word)
    return all(letter in letters for letter in short)


def with_saints(text: str) -> list[str]:
    """Return a text with each word for a saint for its S., [] where it has none: S. Lazzaro, Castel S. Pietro."""
    return [_SAINT.sub(f"{saint} ", text) for saint in _SAINTS] if "S." in text and _SAINT.search(text) else []


def rows(text: str, economy: str) -> list[int]:
    """Return the places of an economy whose names go on as a text does behind its abbreviated first words.

    Without full stops one may be, to three or four letters, or several to their initials; so may all words before the
    last, that one included where a hyphen follows them (VS-Schwenningen).
    """
    if economy and (joined := _JOINED_INITIALS.fullmatch(text)):
        short, last = joined[1].lower(), plain(joined[2])
        names = _with_last_word(last, economy)
        return [row for row, name in names if "".join(word[0] for word in name) == short]
    opening, least = _OPENING.match(text) or _INITIALS.match(text), _LEAST
    front, rest = ("", text) if opening is None else (opening[0], text[opening.end() :])
    short, others = plain(front).split(), plain(rest).split()
    if opening is None and _CUT <= len("".join(others[:1])) <= _LONGEST:
        short, others = others[:1], others[1:]
    elif "." in front:
        least = _MARKED
    else:
        short = list("".join(short))
    size = len(short)
    if not (economy and short and others and len(others[-1]) >= _LEAST):
        return []
    names = _with_last_word(others[-1], economy)
    return [row for row, name in names if name[size:] == others and _begins_so(name, short, least)]


def _begins_so(name: list[str], short: list[str], least: int) -> bool:
    """Say whether the first words of a name are those that some abbreviations are short for."""
    return all(is_short_for(*pair, least) for pair in zip(short, name, strict=False))


def _with_last_word(word: str, economy: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the places of an economy whose names of several words end in one, and these words."""
    places, name = _by_last_word(economy), gazetteer.places().name
    start = bisect_left(places, word, key=_last_word)
    names = ((places[at], plain(name[places[at]]).split()) for at in range(start, len(places)))
    return takewhile(lambda one: one[1][-1:] == [word], names)


def _last_word(row: int) -> str:
    return plain(gazetteer.places().name[row]).rpartition(" ")[2]


@cache
def _by_last_word(economy: str) -> "array[int]":
    """Return the places of an economy whose names have several words, in the order of the last one."""
    name = gazetteer.places().name
    several = (row for row in gazetteer.rows_in(economy) if not name[row].isalpha())
    return array("i", sorted(several, key=lambda row: (_last_word(row), row)))


@lru_cache(4096)
def town_in_state(town: str, code: str) -> str:
    """Return the name in full of the town of a state of two letters that an abbreviated one means, or ""."""
    places, states = gazetteer.places(), regions.by_code().get(code, ())
    people: dict[str, int] = {}
    for economy in {state.economy for state in states}:
        for row in rows(town, economy):
            home = economy, places.admin1[row], *gazetteer.spot_of(row)
            if any(state.contains(*home) for state in states):
                name = places.name[row]
                people[name] = max(int(places.population[row]), people.get(name, 0))
    first, *others = sorted(people, key=lambda name: (-people[name], name)) or [""]
    return first if not others or people[first] >= _TIMES * people[others[0]] else ""
