"""States, provinces, prefectures, counties: their names and codes, from the packaged table (GeoNames, CC BY)."""

import csv
import gzip
import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from hubrank.geocoding.gazetteer.region_names import codes_of
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import digraphs, is_plain_word, key, plain

# What the names of regions end in, or begin with, where addresses leave it out.
_ENDINGS = frozenset(vocabulary.words("region", "endings"))
_WIDE = frozenset(vocabulary.words("region", "wide"))  # of these, those that no town has
_LEVELS = frozenset(vocabulary.words("region", "levels"))
COUNTY = "county"
_NEAR2_E7 = 5_000_000**2  # squared half a degree: a place within it of a county's main town may lie in that county
_NEAREST = 2  # main towns of counties that a place further away may belong to
_AND = re.compile(r" (?:and|&|y|e|i|et|und) ")
_CODE, LONGEST_CODE = 2, 3  # letters of a code
_CYRILLIC, _SHORT = re.compile("[А-Я]+"), vocabulary.section("region")["short"]
_DIRECTIONS = {word[0]: (word, f"{word}ern") for word in ("north", "south", "east", "west")}
_OPENINGS = tuple(f"{words} " for words in vocabulary.words("region", "openings"))


@dataclass(frozen=True, slots=True)
class Region:
    """One region. `lat_e7`, `lon_e7`: its most populous place, in 1e-7 degree; `admin2` is "" at the first level."""

    economy: str
    admin1: str
    admin2: str
    geonames_id: int
    lat_e7: int
    lon_e7: int
    population: int
    name: str
    iso: str

    @property
    def first_level(self) -> tuple[str, str]:
        """Economy and admin-1 code: which region of the first level it is or lies in."""
        return self.economy, self.admin1

    def contains(self, economy: str, admin1: str, lat_e7: int, lon_e7: int, geonames_id: int = 0) -> bool:
        """Say whether a place lies in the region: by code; at the second level by its main town, or by id."""
        if economy != self.economy or admin1 != self.admin1:
            return False
        if not self.admin2 or self.seems_to_contain(lat_e7, lon_e7):
            return True
        return (economy, admin1, self.admin2, geonames_id) in _far_places()

    def seems_to_contain(self, lat_e7: int, lon_e7: int) -> bool:
        """Say whether a place of its first-level region may lie in one of the second.

        That is within half a degree of its main town, or that is one of the two nearest: Lampedusa is far from
        Agrigento and in its province.
        """
        if _gap2(self.lat_e7 - lat_e7, (self.lon_e7 - lon_e7) / 2) <= _NEAR2_E7:
            return True
        return 0 <= self.nearer_main_towns(lat_e7, lon_e7) < _NEAREST

    def nearer_main_towns(self, lat_e7: int, lon_e7: int) -> int:
        """Return how many main towns in its first-level region are nearer to a place, -1 where none is listed."""
        wide = math.cos(math.radians(lat_e7 / 1e7))
        gap2 = _gap2(self.lat_e7 - lat_e7, (self.lon_e7 - lon_e7) * wide)
        towns = main_towns(self.economy, self.admin1)
        return sum(_gap2(lat - lat_e7, (lon - lon_e7) * wide) < gap2 for lat, lon in towns) if towns else -1


def _gap2(north: float, east: float) -> float:
    return north * north + east * east


@cache
def _far_places() -> frozenset[tuple[str, str, str, int]]:
    """Return economy, codes and GeoNames id of places that lie far from the main town of their second-level region."""
    rows = csv.reader(_lines("far_places.csv")[1:])
    return frozenset((economy, admin1, admin2, int(number)) for economy, admin1, admin2, number in rows)


@cache
def _main_towns() -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Return the main towns of the second-level regions in each first-level one."""
    towns: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for region, _ in table():
        if region.admin2:
            towns.setdefault(region.first_level, []).append((region.lat_e7, region.lon_e7))
    return towns


def main_towns(economy: str, admin1: str) -> list[tuple[int, int]]:
    """Return where the main towns of the second-level regions in a first-level one are (1e-7 degree)."""
    return _main_towns().get((economy, admin1), [])


def _bare(name: str) -> str:
    """Return a name without the word for its kind of region: Kanagawa-ken is Kanagawa."""
    plain_name = plain(name)
    for opening in _OPENINGS if plain_name.startswith(_OPENINGS) else ():
        plain_name = plain_name.removeprefix(opening)
    parts = plain_name.split()
    while len(parts) > 1 and parts[-1] in _ENDINGS:
        parts.pop()
    return "".join(parts)


def has_kind_word(text: str) -> bool:
    """Say whether a text has a word for a kind of region: Albany County, Provincia di Milano."""
    plain_text = plain(text)
    return plain_text.rpartition(" ")[2] in _ENDINGS or plain_text.startswith(_OPENINGS)


def is_wide(text: str, *, first_level: bool) -> bool:
    """Say whether a text ends in a word for a kind of region that is no town: Cebu Province.

    first_level : whether it is listed as a region of the first level, as counties are that are no towns.
    """
    front, _, last = plain(text).rpartition(" ")
    return front != "" and (last in _WIDE or (first_level and last == COUNTY))


def spellings(name: str) -> set[str]:
    """Return the keys of a region's name, also without the "and" in it: Castilla-León."""
    keys = {key(name), _bare(name), key(_AND.sub(" ", name))}
    if not name.isascii():
        keys.add(key(digraphs(name)))
    return keys - {""}


def _lines(resource: str) -> list[str]:
    return files("hubrank.geocoding.gazetteer").joinpath(f"data/{resource}").read_text("utf-8").splitlines()


@cache
def table() -> tuple[tuple[Region, tuple[str, ...]], ...]:
    """Return every region with its other names, in the order of its codes."""
    packed = files("hubrank.geocoding.gazetteer").joinpath("data/admin_regions.tsv.gz").read_bytes()
    rows = []
    for line in gzip.decompress(packed).decode("utf-8").splitlines()[2:]:
        economy, admin1, admin2, iso, geonames_id, lat, lon, population, name, aliases = line.split("\t")
        region = Region(economy, admin1, admin2, int(geonames_id or 0), int(lat), int(lon), int(population), name, iso)
        rows.append((region, tuple(filter(None, aliases.split("|")))))
    return tuple(rows)


def _rank(row: tuple[Region, tuple[str, ...]]) -> tuple[bool, int, int]:
    """Order regions: the first level before the second, then by inhabitants and id."""
    return row[0].admin2 != "", -row[0].population, row[0].geonames_id


@cache
def by_key() -> dict[tuple[str, str], tuple[Region, ...]]:
    """Return regions by economy and key of a name or code; the first level stands before the second."""
    by_name: dict[tuple[str, str], list[Region]] = {}
    by_iso: dict[tuple[str, str], Region] = {}
    for region, aliases in sorted(table(), key=_rank):
        keys = set().union(*map(spellings, (region.name, *aliases)))
        if not region.admin2 or len(region.iso) == _CODE:
            keys |= {key(region.iso)} - {""}
        if not region.admin2:
            by_iso[region.economy, region.iso] = region
        for name in keys:
            by_name.setdefault((region.economy, name), []).append(region)
    by_admin = {(region.economy, region.admin1, region.admin2): region for region, _ in table()}
    more = [(by_iso[economy, iso], alias) for economy, iso, alias in csv.reader(_lines("region_aliases.csv")[1:])]
    more += [
        (by_admin[economy, admin1, admin2], name)
        for economy, admin1, admin2, name in csv.reader(_lines("region_characters.csv")[1:])
    ]
    more += [
        (by_admin["GB", admin1, code], county)
        for admin1, county, codes in csv.reader(_lines("british_counties.csv")[1:])
        for code in codes.split()
    ]
    for region, alias in more:
        for name in spellings(alias):
            same_name = by_name.setdefault((region.economy, name), [])
            if region not in same_name:
                same_name.append(region)
    return {where: tuple(regions) for where, regions in by_name.items()}


@cache
def _by_name() -> dict[str, tuple[Region, ...]]:
    by_name: dict[str, dict[Region, None]] = {}
    for (_, name), many in by_key().items():
        if len(name) > LONGEST_CODE or not name.isascii():
            for region in many:
                if not region.admin2:
                    by_name.setdefault(name, {})[region] = None
    return {name: tuple(many) for name, many in by_name.items()}


def find_anywhere(text: str) -> tuple[Region, ...]:
    """Return the first-level regions of all economies with a name, or with one beside the word for a region.

    State and Province may belong to an organisation's name: Michigan State.
    """
    text = _SHORT.get(text, text)
    by_word = plain(text).startswith(_OPENINGS) or plain(text).rpartition(" ")[2] in _LEVELS
    return named_anywhere(key(text)) or (named_anywhere(_bare(text)) if by_word else ())


def named_anywhere(name: str) -> tuple[Region, ...]:
    """Return the first-level regions of all economies that have a key, which is no code."""
    return _by_name().get(name, ())


@lru_cache(16384)  # Department of Physics is in every other text
def find(text: str, economy: str) -> tuple[Region, ...]:
    """Return the regions of an economy with a name or code; empty where there is none.

    Of the second level only where none of the first has it for its own name: Washington is no county of Vermont.
    """
    if (coded := with_country(text)) and coded.economy == economy:
        return (coded,)
    name = key(text := _SHORT.get(text, text))
    # N/A is not Napoli, and МО, transcribed alike, not the code of Mordovia.
    if len(name) <= LONGEST_CODE and ("/" in text[:-1] or _CYRILLIC.fullmatch(text)):
        return ()
    many = named(name, economy) or named(_bare(text), economy)
    if not (many or is_plain_word(text)):
        many = _by_direction(text, economy) or _by_official_name(text, economy)
        many = many or of_codes(economy, *codes_of(text, economy))
    if len(many) > 1 and not many[0].admin2 and name in spellings(many[0].name):
        return tuple(region for region in many if not region.admin2)
    return many


def _by_direction(text: str, economy: str) -> tuple[Region, ...]:
    """Return the regions of an economy of which a text has the direction as a letter: W Bengal, N. Carolina."""
    first, _, rest = plain(text).partition(" ")
    if not rest or first not in _DIRECTIONS:
        return ()
    names = (key(f"{direction} {rest}") for direction in _DIRECTIONS[first])
    return next(filter(None, (named(name, economy) for name in names)), ())


def _by_official_name(text: str, economy: str) -> tuple[Region, ...]:
    """Return the regions that a text names in two languages (Araba/Álava), or with its first word last: Rioja, La."""
    if text.count("/") == 1:
        first, second = (named(key(half), economy) for half in text.split("/"))
        return tuple(region for region in first if region in second)
    last, comma, opening = text.partition(",")
    return find(f"{opening.strip()} {last}", economy) if comma and opening.strip() and "," not in opening else ()


def named(name: str, economy: str) -> tuple[Region, ...]:
    """Return the regions of an economy that have a key."""
    return by_key().get((economy, name), ())


def with_country(text: str) -> Region | None:
    """Return the region of a code of ISO 3166-2 in full, of either level: US-IL, GB-KEN."""
    return _by_full_code().get(text.upper()) if text[_CODE : _CODE + 1] == "-" else None


@cache
def _by_full_code() -> dict[str, Region]:
    return {f"{region.economy}-{region.iso}": region for region, _ in reversed(table()) if region.iso}


def _is_code(iso: str) -> bool:
    return len(iso) == _CODE and iso.isalpha()


@cache
def by_code() -> dict[str, tuple[Region, ...]]:
    """Return the regions that have two letters for a code (ISO 3166-2), or are so abbreviated: Tijuana, B.C."""
    coded: dict[str, list[Region]] = {}
    by_iso: dict[tuple[str, str], Region] = {}
    for region, _ in sorted(table(), key=_rank):
        if _is_code(region.iso):
            coded.setdefault(region.iso, []).append(region)
        if not region.admin2:
            by_iso[region.economy, region.iso] = region
    for economy, iso, alias in csv.reader(_lines("region_aliases.csv")[1:]):
        letters, region = alias.replace(".", ""), by_iso[economy, iso]
        if _is_code(letters) and region not in coded.get(letters, ()):
            coded.setdefault(letters, []).append(region)
    return {code: tuple(many) for code, many in coded.items()}


@cache
def cities() -> dict[tuple[str, str], int]:
    """Return the GeoNames id of the main place of first-level regions that are cities, by economy and admin-1 code."""
    return {(economy, admin1): int(number) for economy, admin1, number in csv.reader(_lines("city_regions.csv")[1:])}


@cache
def with_second_level() -> frozenset[str]:
    """Return the economies whose second-level regions are listed."""
    return frozenset(region.economy for region, _ in table() if region.admin2)


def of_codes(economy: str, admin1: str, admin2: str = "") -> tuple[Region, ...]:
    """Return the region of an economy that has GeoNames codes, of the first level without the second; empty if none."""
    return _by_codes().get((economy, admin1, admin2), ())


@cache
def _by_codes() -> dict[tuple[str, str, str], tuple[Region, ...]]:
    return {(*region.first_level, region.admin2): (region,) for region, _ in table()}


@cache
def states(economy: str) -> dict[str, str]:
    """Return the names of an economy's first-level regions by GeoNames admin-1 code."""
    return {region.admin1: region.name for region, _ in table() if region.economy == economy and not region.admin2}
