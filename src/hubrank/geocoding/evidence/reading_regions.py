"""The regions that the segments of a text name."""

import re
from collections import Counter

from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.segments import CODE, INITIALS, Segment, country_keys, may_be_code
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.name_variants import variants
from hubrank.geocoding.gazetteer.post_areas import economies_with_code
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.spatial_relations import lies_in
from hubrank.geocoding.gazetteer.surroundings import district_by_word, regions_of_town
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.stated_countries import PAIR, STATES_OF, country, economies_around, economies_of_code

_COUNTY_OPENINGS = {home: words.split() for home, words in vocabulary.section("county_opening").items()}
_MOST_NAMESAKES = 15  # regions of one name that are looked at: Yorkshire is 15 authorities
_TOWN_IN_CITY = re.compile("[\u3400-\u9fff][区區县縣镇鎮乡鄉]$|街道$")
_END_OF_LATIN = "\u0250"
_TOWN = 20_000  # inhabitants of a place abroad that may be meant instead of a region of its name


def region_at_end(reading: Reading) -> str:
    """Return the economy of the region that a text ends in, if nothing elsewhere has its name, or ""."""
    at = len(reading.segments) - 1
    last = reading.segments[at] if at > 0 or (at == 0 and _is_city_alone(reading.segments[0])) else None
    if last is None or may_be_code(last.key) or last.key in country_keys():
        return ""
    named = [region for number, region in reading.regions if number == at]
    homes = {region.economy for region in named if not region.admin2} or {c.economy for c in _county_by_word(last.text)}
    town = reading.segments[at - 1].key
    before = gazetteer.economies_of(town)
    alone = len(homes) == 1 and gazetteer.economies_of(last.key, _TOWN) <= homes
    if not alone or (before and not homes <= before and not regions_of_town(last.text, town)):  # a village is there
        return ""
    return homes.pop()


def _county_by_word(text: str) -> tuple[Region, ...]:
    """Return the second-level region of the one economy where the first word says that it is one: Co. Cork."""
    first, _, rest = plain(text).partition(" ")
    homes = [home for home, words in _COUNTY_OPENINGS.items() if rest and first in words]
    return tuple(area for home in homes for area in regions.find(rest, home) if area.admin2)


def _is_city_alone(part: Segment) -> bool:
    """Say whether a segment is a region that is a city, by a name that no place has: Bogotá D.C."""
    named = regions.named_anywhere(part.key)
    return any(region.first_level in regions.cities() for region in named) and not gazetteer.rows_named(part.key)


def counties(reading: Reading, home: str) -> list[tuple[int, Region]]:
    """Return the second-level regions of an economy that segments without a region name: 浙江省宁波市余姚市."""
    numbers = {number for number, _ in reading.regions} | {*reading.before}
    parts = [(at, part.text) for at, part in enumerate(reading.segments) if at not in numbers]
    parts = [(at, text) for at, text in parts if text and not may_be_code(text)]
    named = [(at, regions.find(text, home)[:3] or district_by_word(text, (home,))) for at, text in parts]
    return [(at, region) for at, areas in named for region in areas if region.admin2]


def read_regions(reading: Reading) -> None:
    """Note the regions that segments, or their ends, name."""
    homes = reading.economies[:1] + tuple(e for e in reading.economies[1:] if reading.how)
    homes = homes or (reading.codes if reading.country_at >= 0 else ())
    for at, part in enumerate(reading.segments):
        if at == reading.country_at or not part.text or _is_country_once_more(reading, at):
            continue
        text = reading.text_at(at)
        if (
            not text
            or (text.isdigit() and not _ends_address(reading, at))
            or _is_before_city_elsewhere(reading, at, text)
            or reading.is_street(at)
            or (INITIALS.fullmatch(text) and not _ends_address(reading, at))
        ):
            continue
        areas = regions_of(text, homes, alone=len(reading.segments) == 1, codes=reading.codes)
        if at and not homes:
            before = reading.segments[at - 1]
            around = _regions_around(text, before)
            if not _is_around(areas, before):
                areas = around or areas or _county_by_word(text) or _district_around(text, before)
                areas = areas or _prefecture_around(text, before)
            elif before.key == part.key:  # León (León): in Spain or Nicaragua
                areas = tuple(dict.fromkeys((*areas, *around)))
        if at and homes and not areas:
            areas = district_by_word(text, homes[:1]) or _region_of_city(text, homes[0])
        reading.regions += [(at, region) for region in areas]
        if not areas and " " in text:
            _note_code_at_end(reading, at, text, homes)
    reading.regions += _counties_before_state(reading, homes)


def _region_of_city(text: str, home: str) -> tuple[Region, ...]:
    """Return the first-level region that is called like its city, of which the name in another script is listed alone.

    Канів, Черкаси is in the region of Cherkasy.
    """
    rows = gazetteer.rows_named(key(text), home) if text > _END_OF_LATIN else []
    named = ((row, area) for row in rows for area in regions.find(gazetteer.places().name[row], home))
    return tuple(dict.fromkeys(a for row, a in named if not a.admin2 and a.first_level == gazetteer.home_of(row)))


def _is_around(areas: tuple[Region, ...], town: Segment) -> bool:
    """Say whether one of some regions has a place of a segment's name: the León of Ponferrada is not in Nicaragua."""
    homes = {area.first_level for area in areas}
    return any(gazetteer.home_of(row) in homes for row in gazetteer.rows_named(town.key)) if homes else False


def _is_country_once_more(reading: Reading, at: int) -> bool:
    """Say whether a segment and the last name one country, in which no place is called so: Taiwan, R.O.C."""
    part, home = reading.segments[at], reading.economies[:1]
    before_country = at > 0 and at == reading.country_at - 1
    return before_country and (country(part.text),) == home and home[0] not in gazetteer.economies_of(part.key)


def _note_code_at_end(reading: Reading, at: int, text: str, homes: tuple[str, ...]) -> None:
    """Note the region whose code ends a segment, and what stands before the code: Seattle WA."""
    rest, _, last = text.rpartition(" ")
    if not (last.isupper() and last.isalpha() and len(last) <= CODE):
        return
    part = reading.segments[at]
    last_segment = at == len(reading.segments) - 1  # elsewhere NV may end a company's name
    codes_of = economies_of_code if last_segment else economies_around
    around = economies_with_code(part.post_codes, codes_of(last, key(rest)) if len(last) == PAIR else STATES_OF)
    if homes and not last_segment and not _ends_address(reading, at) and not regions_of_town(last, key(rest)):
        return  # 1645 140th Ave NE, Bellevue
    behind = at in reading.before or (reading.country_at == at + 1 and reading.segments[at + 1].post_codes)
    for economy in homes[:1] or around:
        if (behind or economy in (*STATES_OF, *around)) and (areas := regions.find(last, economy)):
            reading.regions.append((at, areas[0]))
            reading.before[at] = rest
            return


def _counties_before_state(reading: Reading, homes: tuple[str, ...]) -> list[tuple[int, Region]]:
    """Return the counties before their state, where no country is stated: San Diego County, CA."""
    if homes:
        return []
    named = {number for number, _ in reading.regions}
    kinds = (at for at, part in enumerate(reading.segments) if at not in named and regions.has_kind_word(part.text))
    states = ((at, state) for at in kinds for state in reading.states_at(at + 1) if state.economy in STATES_OF)
    return [
        (at, county)
        for at, state in states
        for county in regions.named(reading.segments[at].key, state.economy)
        if county.admin2 and county.admin1 == state.admin1
    ]


def _is_before_city_elsewhere(reading: Reading, at: int, text: str) -> bool:
    """Say whether a city with its kind follows that lies in no region of a text: Yamaguchi, Kato-shi is in Hyogo."""
    if reading.economies[:1] not in (("JP",), ("KR",)):
        return False
    cities = (part.text for n, part in enumerate(reading.segments) if n > at and reading.city_kind(n))
    city = next(cities, "")
    return city != "" and not regions_of_town(text, key(city.rpartition("-")[0]))


def in_states(named: list[tuple[int, Region]]) -> list[tuple[int, Region]]:
    """Return regions, three a segment, without second-level ones in other states than the text states.

    대전광역시 서구 is none of the three other 서구.
    """
    if not named:
        return named
    states = {region.first_level for _, region in named if not region.admin2}
    bound = {economy for economy, _ in states}
    counts: Counter[int] = Counter()
    regions_stated = []
    for at, region in named:
        if not region.admin2 or region.economy not in bound or region.first_level in states:
            counts[at] += at >= 0
            if counts[at] <= _MOST_NAMESAKES:
                regions_stated.append((at, region))
    return regions_stated


def _ends_address(reading: Reading, at: int) -> bool:
    """Say whether nothing but a country follows a segment, so that D.C is a region and no name of a person."""
    return at >= len(reading.segments) - 1 or (at == len(reading.segments) - 2 and reading.country_at > at)


def _regions_around(text: str, town: Segment) -> tuple[Region, ...]:
    """Return the regions of a name in which the town before it lies, of a short one states: Rome, Ga.

    Where addresses end in states a county has the word for it: Southampton, Hampshire is not in Massachusetts. So has
    that of a town with the word for its kind: Makung City, Penghu County.
    """
    is_kind = regions.has_kind_word(text)
    named = regions_of_town(text, town.key)
    if is_kind and not named:
        others = (name for name, _ in variants(town.text, ""))
        named = next(filter(None, (regions_of_town(text, name) for name in others)), ())
    areas = tuple(r for r in named if is_kind or not r.admin2 or r.economy not in STATES_OF)
    states = (region for region in areas if region.economy in STATES_OF and not region.admin2)
    return tuple(states) if may_be_code(text) else areas


def _district_around(text: str, town: Segment) -> tuple[Region, ...]:
    """Return the district of a town by its word in which the town before it lies: Sarjapur, Dist. Bengaluru."""
    rows = gazetteer.rows_named(town.key)
    homes = sorted({gazetteer.home_of(row)[0] for row in rows})
    districts = (area for home in homes for area in district_by_word(text, (home,)))
    return tuple(a for a in districts if any(lies_in(r, a) for r in rows))


def _prefecture_around(text: str, town: Segment) -> tuple[Region, ...]:
    """Return the prefecture of China that a part in Chinese characters is behind a town or ward by its kind: 东莞市.

    Not where a place of another economy is called so.
    """
    if not (_TOWN_IN_CITY.search(town.text) and text.endswith("市")) or gazetteer.economies_of(key(text)) - {"CN"}:
        return ()
    return tuple(area for area in regions.find(text, "CN") if area.admin2)


def regions_of(text: str, homes: tuple[str, ...], *, alone: bool, codes: tuple[str, ...]) -> tuple[Region, ...]:
    """Return the regions that a text names: of the first of the economies with one, else of any that is likely."""
    for economy in homes:
        if areas := regions.find(text, economy):
            return areas
    if homes:
        return ()
    if may_be_code(text):
        matches: list[Region] = []
        if text.isupper() and not alone:
            for economy in codes or STATES_OF:
                areas = regions.find(text, economy)
                matches += [r for r in areas if (codes or not r.admin2) and r not in matches]
        return tuple(matches)
    return regions.find_anywhere(text)
