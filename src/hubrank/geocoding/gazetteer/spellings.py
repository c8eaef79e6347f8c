"""How the name of a place is written: the keys that lead to it, and how close each is to its own name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from hubrank.core.countries import HAN
from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.gazetteer.region_names import NONE, codes_of
from hubrank.geocoding.text.normalise import digraphs, key, plain, without_kind

# Kinds of keys: the own name of a place, another one, that of a village or suburb nearby, one derived from these.
PRIMARY, ALIAS, NEARBY, DERIVED = 0, 1, 2, 3
TOWN = 100_000  # inhabitants from which other names of a town count among districts, and without their article
_ROMANISED = re.compile(r"[a-z '`-]+")  # GeoNames writes machine transliterations in lower case
_CODE = re.compile(r"[A-Z]{1,4}")  # airports and abbreviations
_SUFFIXES = {
    "JP": re.compile(r"[- ]?(?:shi|ku|ch[oō]|machi|mura|son|gun)$| city$", re.IGNORECASE),
    "KR": re.compile(r"-(?:si|gun|gu|eup|dong|ri|myeon)$", re.IGNORECASE),
    "CN": re.compile(r" (?:shi|qu|xian|zhen|city|district|county)$", re.IGNORECASE),
    "TW": re.compile(r" (?:city|district|township|hsien|county|shih|shi|qu|xian)$", re.IGNORECASE),
    "PH": re.compile(r" city$", re.IGNORECASE),
}
# What follows the name proper: Newcastle upon Tyne, Freiburg im Breisgau, Neuilly-sur-Seine.
# Before the river or land that tells namesakes apart.
_GERMANIC = "upon|on|by|under|am|an der|im|in|bei|ob|unter|vor der"
_LOCATIVE = re.compile(
    rf"[- ](?:{_GERMANIC}|sur|en|lès|les|lez|le|la|sous|du|des|aux?|à|près|aan den|aan de|op|nad|pod|na|pri|u"
    r"|sul|sulla|nel|del|della|delle|dei|degli|di|de|do|dos|da|das|e|et|y|i)[- ].*$"
)
_SPECIFIED = re.compile(rf"[- ](?:{_GERMANIC})[- ].*$")
_PARENTHESIS = re.compile(r"\s*[(/,].*$")
# An article before the name of a city in another language: A Haia, La Haya.
_ARTICLE = re.compile(r"^(?:A|O|As|Os|La|El|Las|Los|Le|Les|De|Den|The|Il) (?=[^\W\d_]{4}[^ ]*$)")
# The same in kana: フランクフルト・アム・マイン.
_SPECIFIED_IN_KANA = re.compile("・(?:アム|イム|アン・デア|アポン|オン)・.*$")
_OF_REGION = ("州", "省", "県")  # what ends a region's name abroad
_HALF = 6  # letters that a half of a double name has at least: Saint and Grand are none


def without_designation(name: str, economy: str) -> str:
    """Return a name without the word for its kind of place, if that is apart: Yongin-si is Yongin, Akashi not Aka."""
    suffix = _SUFFIXES.get(economy)
    match = suffix.search(name) if suffix else None
    return name[: match.start()] if match and match[0][0] in "- " else name


def derived(name: str, economy: str) -> Iterator[str]:
    """Yield shorter or typewriter forms of a name."""
    yield digraphs(name)
    for pattern in (_SUFFIXES.get(economy), _LOCATIVE, _PARENTHESIS):
        if pattern:
            yield pattern.sub("", name)


def spellings(city: dict[str, Any], local: Iterable[str] = ()) -> dict[str, int]:
    """Return the keys of a place with their kinds, of several the closest one.

    local : keys of its names in its own country, which are its own as well: Warszawa.

    GeoNames has names of states for some of their towns, which are left out: 明尼苏达州 for Arden Hills. So are machine
    transliterations that are a region's own name abroad: Bali for Paris, Goa for Genoa.
    """
    name, economy = city["name"], city["countrycode"]
    alternates = [alias for alias in city["alternatenames"] if not _is_region(alias, economy)]
    relations = {key(name): PRIMARY, key(without_designation(name, economy)): PRIMARY}
    aliases = {key(alias) for alias in alternates}
    primary = set(relations)
    short = {key(pattern.sub("", name)) for pattern in (_SPECIFIED, _PARENTHESIS)} & aliases
    relations |= dict.fromkeys(short, PRIMARY)  # Halle (Saale) is called Halle, too, not by another name
    for alias in alternates:
        romanised = _ROMANISED.fullmatch(alias) or _CODE.fullmatch(alias)
        relations.setdefault(key(alias), DERIVED if romanised else ALIAS)
        if HAN.search(alias):
            proper = without_kind(alias)
            sounds_so = not primary.isdisjoint((key(plain(alias)), key(plain(proper))))
            kind = PRIMARY if sounds_so else ALIAS
            relations |= {form: min(kind, relations.get(form, kind)) for form in (key(alias), key(proper))}
    if int(city.get("population", 0)) >= TOWN:
        for alias in alternates:
            if key(alias) not in primary:
                relations.setdefault(key(_SPECIFIED_IN_KANA.sub("", _ARTICLE.sub("", alias))), ALIAS)
    for form in derived(name, economy):
        relations.setdefault(key(form), ALIAS if len(form) >= len(name) - 5 else DERIVED)
    relations.pop("", None)
    return relations | dict.fromkeys(local, PRIMARY)


def _is_region(name: str, economy: str) -> bool:
    """Say whether a name is that of a region of an economy abroad, with the word for its kind or transliterated."""
    if _ROMANISED.fullmatch(name) or _CODE.fullmatch(name):
        homes = {region.economy for region in regions.named_anywhere(key(name)) if key(region.name) == key(name)}
        return bool(homes) and economy not in homes
    return name.endswith(_OF_REGION) and codes_of(name, economy) != NONE


def first_halves(named: Iterable[tuple[str, str, int]]) -> Iterator[tuple[str, int, int]]:
    """Yield key, place and relation of the first half of a double name, where it can be no other place of its country.

    named : name, economy and row of each place. Sonceboz-Sombeval and Eurville-Bienville are mostly cut short.
    """
    whole: set[tuple[str, str]] = set()
    cut: dict[tuple[str, str], set[int]] = defaultdict(set)
    for name, economy, row in named:
        whole.add((economy, key(name)))
        for at, character in enumerate(name):
            if character == "-" and len(half := key(name[:at])) >= _HALF:
                cut[economy, half].add(row)
    for where, rows in cut.items():
        if len(rows) == 1 and where not in whole:
            yield where[1], rows.pop(), DERIVED
