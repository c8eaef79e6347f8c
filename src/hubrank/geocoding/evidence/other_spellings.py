"""Places by other spellings: abbreviated, in Arabic letters, with their region, and counties of China by sound."""

import re
from dataclasses import replace

from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.names import NameEvidence, has_name_in_region
from hubrank.geocoding.gazetteer import abbreviated_names, consonants, gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.place_lookup import PlaceNames
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import is_plain_word, key, plain, without_kind

_BEFORE = frozenset(vocabulary.words("place", "before"))
_BY_CONSONANTS = 0.85  # the most that a place by its consonants has: the one meant may be too small to be known
# Frankfurt/O., Rothenburg o. d. T., Kirchheim/Neckar, Boulogne s/Mer: the words before what is left out, and the last.
_SHORTENED = re.compile(r"([^\W\d_][^\d./(,]{2,}?)[\s/(,-]+(?:[^\W\d_]{1,3}[\s./-]+)*([^\W\d_]+)\.?\)?")
_ABBREVIATED, _LONGEST_NAME = re.compile("[./(]"), 60  # characters
_LAST_WORD, _VOWELS = re.compile(r"(?<=[^\W\d_][ -])[^\W\d_]{2,5}\Z"), frozenset("aeiouy")
_REGION_WORDS = 3
_CUT = 3  # letters of the beginning of a word without its full stop
_COUNTY, _AUTONOMOUS = re.compile("(?<=..)[县縣旗市]$|(?<=.)[县縣]$"), re.compile("自治[县縣旗]$")


_TOWN = re.compile("(?<=..)[镇鎮乡鄉]$")


def _short_county_names(county: str) -> tuple[str, ...]:
    """Return short names of a county: of 墨江哈尼族自治县 the first two or three characters."""
    return (county[:2], county[:3]) if _AUTONOMOUS.search(county) else (without_kind(county),)


def counties_by_sound(evidence: NameEvidence, text: str, where: Surroundings, group: str, how: str) -> list[Candidate]:
    """Return the places in the stated regions that sound like a county's name in Chinese characters.

    Many towns of China sound alike, but hardly two of a province (石阡县, 贵州省 is Shiqian), and of those that are no
    county's hardly two of a prefecture (凤岗镇, 东莞市).
    """
    prefectures = tuple(area for area in where.regions if area.admin2)
    if prefectures and _TOWN.search(text):
        where = replace(where, regions=prefectures)
    elif not (where.regions and _COUNTY.search(text)):
        return []
    matches = (evidence.named(key(plain(stem)), where, group, how) for stem in _short_county_names(text))
    return next(filter(None, ([c for c in places if has_name_in_region(c)] for places in matches)), [])


def places_by_abbreviation(
    evidence: NameEvidence, text: str, where: Surroundings, group: str, how: str
) -> list[Candidate]:
    """Return the places whose names in full a text abbreviates: the first words, or what follows the name proper.

    P. Alegre is Porto Alegre. Of names that begin with the words before a mark those that end in or like the word
    behind it: Frankfurt/O. is Frankfurt (Oder), Kirchheim/Neckar am Neckar, Rothenburg o.d.T. is ob der Tauber.
    The last word may be contracted, too, and without its full stop: Gorzów Wlkp is Gorzów Wielkopolski.
    """
    if not (where.economies and len(text) <= _LONGEST_NAME) or is_plain_word(text):
        return []
    places, home = gazetteer.places(), where.economies[0]
    own_names = {key(places.name[row]) for row in abbreviated_names.rows(text, home)}
    shortened = _SHORTENED.fullmatch(text) if _is_abbreviated(evidence.names, text, where) else None
    if shortened and not _is_town_in(evidence.names, shortened[1], regions.find(shortened[2], home)):
        first, last = plain(shortened[1]).split(), plain(shortened[2])
        for name in evidence.names_beginning_with("".join(first), home):
            for row, kind in evidence.names.rows_named(name, where):
                words = plain(places.name[row]).split() if kind == PRIMARY and row < len(places.name) else []
                if words[: len(first)] == first != words and abbreviated_names.is_short_for(last, words[-1]):
                    own_names.add(key(places.name[row]))
    own_names |= _common_name(evidence.names, text, where)
    names = sorted(own_names) or [key(other) for other in abbreviated_names.with_saints(text)]
    matches = [c for name in names for c in evidence.named(name, where, group, how)]
    area = where.post_area
    return (area and [c for c in matches if area.contains(c.lat_e7, c.lon_e7)]) or matches


def _common_name(names: PlaceNames, text: str, where: Surroundings) -> set[str]:
    """Return the own name of a place of which a text is two names with a slash between them: Laives/Leifers."""
    parts, places = text.split("/") if "/" in text else (), gazetteer.places()
    rows = [{row for row, _ in names.rows_named(key(part), where)} for part in parts]
    both = rows[0] & rows[1] if len(rows) == 2 else ()
    return {key(places.name[row]) for row in both if row < len(places.name)}


def places_by_consonants(
    evidence: NameEvidence, text: str, where: Surroundings, group: str, how: str
) -> list[Candidate]:
    """Return the place of the stated country or region that alone may have a name in Arabic letters for its own."""
    if text.isascii() or not where.economies:
        return []
    front, _, rest = text.partition(" ")
    name = rest if rest and plain(front) in _BEFORE else text  # بلدية فرندة
    rows = consonants.rows(name, where.economies[0])
    rows = [row for row in rows if evidence.names.inside(row, where.regions)] if where.regions else rows
    if len(rows) != 1:
        return []
    c = evidence.candidate(
        rows[0], group, [f"{group}: {how}", *evidence.relation_features(rows[0], PRIMARY, (), where)]
    )
    c.at_most = _BY_CONSONANTS
    return [c]


def _is_town_in(names: PlaceNames, name: str, areas: tuple[regions.Region, ...]) -> bool:
    """Say whether a name is that of a place in one of some regions: São Luís/MA is no São Luís … do Maranhão."""
    if not areas:
        return False
    rows = names.rows_named(key(name), Surroundings((areas[0].economy,)))
    return any(kind == PRIMARY and names.inside(row, areas) for row, kind in rows)


def _is_abbreviated(names: PlaceNames, text: str, where: Surroundings) -> bool:
    """Say whether words of a name may be abbreviated: a mark says so, or a short last one behind a place's name.

    That is no region of the country: Boston Mass.
    """
    if _ABBREVIATED.search(text):
        return True
    last = _LAST_WORD.search(text)
    if last is None or not (len(last[0]) >= _CUT or _VOWELS.isdisjoint(plain(last[0]))):
        return False
    named = names.rows_named(key(text[: last.start()]), where)
    return bool(named) and not regions.find(last[0], where.economies[0])


def places_before_region(
    evidence: NameEvidence, text: str, where: Surroundings, group: str, how: str
) -> list[Candidate]:
    """Return the places of the words before a region at the end of a text that lie in it: Reynosa Tamaulipas."""
    parts = text.split()
    starts = range(len(parts) - 1, max(0, len(parts) - 1 - _REGION_WORDS), -1)
    for at in starts if where.economies else ():
        areas = regions.find(" ".join(parts[at:]), where.economies[0])
        areas = tuple(area for area in areas if area in where.regions) if where.regions else areas
        inner = Surroundings(where.economies, areas)
        matches = evidence.named(key(" ".join(parts[:at])), inner, group, how) if areas else []
        if matches := [c for c in matches if c.in_region]:
            return matches
    return []
