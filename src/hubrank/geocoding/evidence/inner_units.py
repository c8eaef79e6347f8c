"""Units within a district, by their word, between a town and that district: Hinjawadi, Mulshi Taluka, Pune."""

import re

from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import ANY_KIND, PRIMARY
from hubrank.geocoding.gazetteer.spatial_relations import are_near
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.organisation_words import SIGNS
from hubrank.geocoding.text.post_codes import bare
from hubrank.geocoding.text.vocabulary import STREETS

_BEFORE, _BEHIND = (frozenset(vocabulary.words("unit", entry)) for entry in ("inner_before", "inner_behind"))
_WORDS = _BEFORE | _BEHIND
_ALONE = _BEFORE.union(vocabulary.words("region", "districts"))
_ANY = re.compile(rf"\b(?:{'|'.join(sorted(_ALONE | _WORDS))})\b", re.IGNORECASE)
_KINDS = _WORDS.union(*(vocabulary.words("region", entry) for entry in ("endings", "openings")))
_AROUND_KM = 60.0  # how far a town may lie from that of its unit or district
_LETTERS, _LONGEST = 4, 3  # of a town's name before other words (Chakan MIDC Phase II), and its words


def without_inner_units(pieces: list[str]) -> list[str]:
    """Return the parts of a text without units within a district behind a known town, which say no more than that.

    The town lies near the place that the unit or the district is called like; words behind its name go with the units.
    What follows is their district: Sarjapur, Anekal Taluk, Bengaluru is no quarter of the city. Without such a town the
    word for a unit before its name is put behind it, as in other texts: Tehsil Nalagarh.
    """
    if not any(map(_ANY.search, pieces)):
        return pieces
    pieces = _with_words(pieces)
    units = [at for at, piece in enumerate(pieces) if _is_unit(plain(bare(piece)).split())]
    last = len(pieces) - 1
    around = pieces[units[0] : units[-1] + 2] if units else []
    for at in range(units[0]) if units else ():
        if town := _town(pieces[at], around):
            behind = [(n, piece) for n, piece in enumerate(pieces) if n > at and (n not in units or n == last)]
            return [*pieces[:at], town, *(_as_district(piece) if n == units[-1] + 1 else piece for n, piece in behind)]
    return [_with_word_behind(piece) if at in units else piece for at, piece in enumerate(pieces)]


def _with_words(pieces: list[str]) -> list[str]:
    """Return parts with a word for a district or unit that stands alone put before the next: Distt | Bengaluru."""
    alone = [at for at, piece in enumerate(pieces[:-1]) if plain(piece) in _ALONE]
    joined = (f"{pieces[at - 1]} {piece}" if at - 1 in alone else piece for at, piece in enumerate(pieces))
    return [piece for at, piece in enumerate(joined) if at not in alone] if alone else pieces


def _is_unit(words: list[str]) -> bool:
    """Say whether plain words are a unit's name with the word for one, and no organisation's."""
    return len(words) > 1 and (words[0] in _BEFORE or words[-1] in _BEHIND) and SIGNS.isdisjoint(words)


def _with_word_behind(piece: str) -> str:
    first, _, rest = piece.replace(".", ". ", 1).partition(" ")
    return f"{rest.strip()} taluk" if plain(first) in _BEFORE else piece


def _as_district(piece: str) -> str:
    """Return the part behind the last unit with the word for a district where it is a town's name and no state's."""
    name = key(bare(piece))
    is_town = gazetteer.rows_named(name) and not regions.named_anywhere(name)
    return f"Dist. {piece}" if is_town and _KINDS.isdisjoint(plain(piece).split()) else piece


def _town(piece: str, around: list[str]) -> str:
    """Return a part, or words that open it, if a town is called so near a place that one of some parts is called like.

    "" where none is, or the part is a street's name or an organisation's.
    """
    words = bare(piece).split()
    if not (SIGNS | STREETS).isdisjoint(plain(piece).split()):
        return ""
    wider = [row for part in around for row in _rows("".join(_name(part)), ANY_KIND)]
    for size in (len(words), *range(min(_LONGEST, len(words) - 1), 0, -1)):
        name, kinds = " ".join(words[:size]), ANY_KIND if size == len(words) else (PRIMARY,)
        towns = _rows(name, kinds) if len(name) >= _LETTERS else []
        if any(_is_near(town, other) for town in towns for other in wider):
            return piece if size == len(words) else name
    return ""


def _name(piece: str) -> list[str]:
    """Return the words of a part without those for its kind: Dist. Pune 411057."""
    return [word for word in plain(bare(piece)).split() if word not in _KINDS]


def _rows(name: str, kinds: tuple[int, ...]) -> list[int]:
    return gazetteer.rows_named(key(name), kinds=kinds) if name else []


def _is_near(row: int, other: int) -> bool:
    """Say whether two places are in one region and near each other."""
    return gazetteer.home_of(row) == gazetteer.home_of(other) and are_near(row, other, _AROUND_KM)
