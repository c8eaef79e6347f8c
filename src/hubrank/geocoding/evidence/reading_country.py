"""The country that a text states: a segment at its end or start, the end of a segment, a code."""

from collections.abc import Iterator

from hubrank.core import countries
from hubrank.geocoding.evidence.coded_countries import economy_at_code, economy_of_state, may_have_code
from hubrank.geocoding.evidence.countries_or_cities import is_city
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.reading_regions import regions_of
from hubrank.geocoding.evidence.segments import INITIALS, Segment, initials, may_be_code
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.abbreviated_names import with_saints
from hubrank.geocoding.gazetteer.post_areas import economies_with_code
from hubrank.geocoding.gazetteer.surroundings import Surroundings, regions_of_town, territory_of_town
from hubrank.geocoding.text.affiliations import OF
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.organisation_words import LEGAL_FORMS
from hubrank.geocoding.text.post_codes import bare, economy_of
from hubrank.geocoding.text.scripts import economy_of_script
from hubrank.geocoding.text.stated_countries import (
    PAIR,
    STATES_OF,
    country,
    country_of,
    economies_around,
    economies_of_code,
    is_state_or_country,
)

_TOWN = 1_000  # inhabitants
_LEAST_WORDS = 2  # of a company and its country
_AND = frozenset(("&", "and"))  # what follows belongs to what is before: State Key Lab of CAD & CG


def _country_tail(text: str) -> tuple[str, str]:
    """Split a country off the end of a segment, unless a region ends there: University of New Mexico."""
    parts = text.split()
    if len(parts) > 2 and (home := _behind_its_code(*parts[-2:])):
        return " ".join(parts[:-1]), home
    for size in (5, 4, 3, 2, 1):
        first = len(parts) - size
        if first < 1 or not _AND.isdisjoint(parts[first - 1 : first + 1]):
            continue
        economy = country(bare(" ".join(parts[first:])))
        front = " ".join(parts[:first])
        if economy and front.isupper() and may_be_code(front) and regions.find(front, economy):
            return front, economy  # AR USA is no Arusha
        if economy and _belongs_to(key(bare(front)), " ".join(parts[first:]), economy):
            continue  # Weesen SG is in St. Gallen
        if not economy or not gazetteer.economies_of(key(text)) <= {
            economy
        }:  # Monistrol de Montserrat is a town in Spain
            continue
        for longer in (size + 1, size + 2):
            wider = regions.named_anywhere(key(" ".join(parts[-longer:]))) if longer <= len(parts) else ()
            if any(r.economy != economy or size == 1 for r in wider):
                return text, ""
        return " ".join(parts[:-size]), economy
    return text, ""


def _behind_its_code(code: str, last: str) -> str:
    """Return the economy of two capital letters behind those of a region there: CHENNAI TN 600001 IN, else ""."""
    if not all(len(word) == PAIR and word.isupper() for word in (code, last)):
        return ""
    economy = countries.find(last) or ""
    return economy if economy and regions.find(code, economy) else ""


def read_country(reading: Reading, text: str, stated: Surroundings) -> None:
    """Note the country: what a column states, a segment at the end, the end of a segment, or a code."""
    segments = reading.segments
    last = len(segments) - 1
    if stated.economies:
        reading.economies, reading.how = stated.economies, "stated"
    for at in (last, last - 1):  # a remark may follow; the first of several segments is a place: Lebanon, NH
        economy = _country_at(reading, at, text, stated) if at == last or at > 0 else ""
        if economy:
            if not reading.economies and at < last and _may_be_none(segments, at, economy):
                reading.doubtful_at = at
            _note_country(reading, at, economy)
    if reading.country_at < 0 <= last:
        _read_other_country(reading, text)


def _country_at(reading: Reading, at: int, text: str, stated: Surroundings) -> str:
    """Return the economy that a segment names as a country, or "" where it names none, or something else."""
    segments, last = reading.segments, len(reading.segments) - 1
    economy = country_of(segments[at].text, segments[at - 1].key if at else "") if at >= 0 else ""
    economy = economy or _territory(reading, at)
    if not economy:
        return ""
    is_none = (
        (at > 0 and _belongs_to(segments[at - 1].key, segments[at].text, economy))
        or (at < last and _has_part(segments[at + 1].key, segments[at].key))
        or (segments[at].behind_post_code and not may_have_code(segments[at], text, economy))  # 06410 Biot
        or is_city(segments, at, economy, stated)
    )
    return "" if is_none else economy


def _territory(reading: Reading, at: int) -> str:
    """Return the territory of the country whose code a segment is behind a town there, else "": Ponce, PR, USA."""
    if at < 1 or not reading.economies[1:]:
        return ""
    return territory_of_town(reading.segments[at].text, reading.segments[at - 1].key, reading.economies)


def _read_other_country(reading: Reading, text: str) -> None:
    """Note the country that no segment at the end names: the end of one, a code, or what stands further in front."""
    front, economy = _country_tail(_without_legal_form(reading.segments[-1].text))
    if _opens_abroad(reading, economy) and (economy or key(reading.segments[-1].text) in LEGAL_FORMS):
        _read_first_country(reading)
    elif economy:
        _note_tail(reading, front, economy)
    elif read_code(reading):
        home, final = economy_of(text), reading.segments[-1].text  # E-48950 Astrabudua (ES)
        if home and not reading.economies and countries.find(final) == home:
            _note_country(reading, reading.country_at, home)
        elif home and not reading.economies and regions.find(final, home):  # I-39055 Laives (BZ)
            reading.country_at, reading.codes = -1, ()
            _note_country(reading, -1, home)
    elif not reading.economies:
        last = reading.segments[-1]
        if home := economy_of(text) or economy_of_state(last) or economy_at_code(last):
            _note_country(reading, -1, home)
        else:
            _read_inner_country(reading)
        if not reading.economies:
            _read_first_country(reading)
        if not reading.economies and (home := economy_of_script(last.text, text)):
            _note_country(reading, -1, home)


def _opens_abroad(reading: Reading, economy: str) -> bool:
    """Say whether a text opens with another country and a town of it, before a name: Japan, Kobe, Bank of China."""
    opening = reading.segments[:_LEAST_WORDS]
    home = country_of(opening[0].text, opening[1].key) if len(reading.segments) > _LEAST_WORDS else ""
    return home not in ("", economy) and home in gazetteer.economies_of(opening[1].key, _TOWN)


def _without_legal_form(text: str) -> str:
    """Return a company's name without its legal form and the "and" before that: Thyssenkrupp Materials Austria."""
    words = text.split()
    while len(words) > _LEAST_WORDS and (key(words[-1]) in LEGAL_FORMS or words[-1].lower() in _AND):
        words.pop()
    return " ".join(words)


def _is_state(code: str, town: str, economy: str) -> bool:
    """Say whether two letters that are a country's are a state's elsewhere, where the town before lies: Bern, BE."""
    is_code = len(code) == PAIR and code.isupper()
    return is_code and economy not in economies_of_code(code, town)


def _belongs_to(town: str, name: str, economy: str) -> bool:
    """Say whether what is a country's name or code is a state's, or a part of the town, behind it: Warszawa, Włochy."""
    return _is_state(name, town, economy) or _has_part(town, key(bare(name)))


def _has_part(town: str, name: str) -> bool:
    """Say whether a part of a town has a name of its own that is a country's, too: Włochy is one of Warsaw."""
    places = gazetteer.places()
    cities = {int(places.part_of[row]) for row in gazetteer.rows_named(name, kinds=(gazetteer.PRIMARY,))} - {0}
    return bool(cities) and any(int(places.geonames_id[row]) in cities for row in gazetteer.rows_named(town))


def _note_tail(reading: Reading, front: str, economy: str) -> None:
    """Note the country that ends the last segment, and what stands before it there."""
    last = len(reading.segments) - 1
    if not reading.economies and reading.segments[last].organisation and _in_name(front):
        reading.doubtful_at = last
    if front != reading.segments[last].text:
        reading.before[last] = front
    _note_country(reading, -1, economy)


def _may_be_none(segments: list[Segment], at: int, economy: str) -> bool:
    """Say whether the segment with a country's name before the last is a city before its region, or initials."""
    behind = segments[at + 1].text
    region = regions_of(behind, (), alone=False, codes=())
    is_code = len(behind) == PAIR and behind.isupper()
    around = economies_around(behind, segments[at].key) if is_code else ()  # Macau, RN is in Brazil
    elsewhere = bool(around) and economy not in around
    return bool(region) or elsewhere or initials(segments[at].text, segments[at - 1])


def _in_name(front: str) -> bool:
    """Say whether what follows some words belongs to them as a name."""
    return front.rsplit(maxsplit=1)[-1].lower() in OF


def read_code(reading: Reading) -> bool:
    """Note two capital letters at the end, which may be a state's too; say whether there are any.

    With full stops they are a region's of the town before them: Tijuana, B.C., but Foo, S.A.
    """
    last = len(reading.segments) - 1
    final = reading.segments[last].text
    if last > 0 and INITIALS.fullmatch(final):
        letters, town = final.replace(".", ""), reading.segments[last - 1].key
        final = letters if key(letters) not in LEGAL_FORMS and economies_around(letters, town) else final
    if len(final) != PAIR or not final.isupper() or last == 0:
        return False
    before = reading.segments[last - 1]
    town = before.key
    if not economies_around(final, town):
        town = next((name for name in _other_names(before.text) if economies_around(final, name)), town)
    codes = reading.segments[last].post_codes
    economies = economies_with_code(codes, economies_of_code(final, town, has_post_code=bool(codes)))
    home = countries.find(final)
    code = before.text.rpartition(" ")[2] if reading.segments[last].post_codes else before.text
    if home and may_be_code(code) and code.isupper() and regions.find(code, home):
        economies = (home,)  # Richmond, BC V6Y 2B6, CA; CHENNAI TN 600001 IN
    elif home and _is_region_of_town(reading, last - 1, home):
        _note_country(reading, last, home)  # Orangeville, Ontario, CA
        return True
    if not economies:
        return False
    is_country = economies == (home,)
    if home in economies and not is_country and not set(STATES_OF).intersection(economies):
        is_country = is_state_or_country(before.text, town, final)
    if is_country and home and gazetteer.city_state(home) is not None and regions.find(before.text, home):
        _note_country(reading, last, home)  # Hamilton, BM, which has a region of this name as well
        return True
    if not reading.economies:
        reading.codes = economies
    reading.country_at = last if is_country else -1
    return True


def _is_region_of_town(reading: Reading, at: int, home: str) -> bool:
    """Say whether a segment is a region of an economy, and the one before it a town there."""
    areas = regions_of_town(reading.segments[at].text, reading.segments[at - 1].key) if at else ()
    return any(area.economy == home for area in areas)


def _other_names(text: str) -> Iterator[str]:
    """Yield the keys of what a town before a code may be: before its quarter, one of two names, with a saint in full.

    Köln-Chorweiler, DE; Laives/Leifers (BZ); S. Benedetto del Tronto (AP). Or before an acronym: Jeddah CLS, SA.
    """
    name = bare(text)
    front, _, last = name.rpartition(" ")
    if last.isupper() and not name.isupper():
        yield key(front)
    if "-" in name:
        yield key(name.partition("-")[0])
    if "/" in name:
        yield from map(key, name.split("/"))
    yield from map(key, with_saints(name))


def _read_inner_country(reading: Reading) -> None:
    """Note the country in which an organisation's name ends: University of Luxembourg, Faculty of Law."""
    for at in range(len(reading.segments) - 2, -1, -1):
        part = reading.segments[at]
        front, economy = _country_tail(part.text) if part.organisation else ("", "")
        if economy:
            reading.doubtful_at = at if _in_name(front) else -1
            _note_country(reading, -1, economy)
            return


def _read_first_country(reading: Reading) -> None:
    """Note the country that opens a text from the widest to the finest: Россия, 399200, Липецкая обл, г Задонск."""
    at = 0 if reading.segments[0].text or len(reading.segments) <= _LEAST_WORDS else 1  # behind its post code
    first, last = reading.segments[at], reading.segments[-1].key
    economy = country_of(first.text, reading.segments[at + 1].key) if len(reading.segments) > at + 1 else ""
    if not economy:
        return
    in_country = economy in gazetteer.economies_of(last) and {r.economy for r in regions.named_anywhere(last)} <= {
        economy
    }
    second = reading.segments[at + 1]
    is_before_town = economy in gazetteer.economies_of(second.key) and not regions_of_town(second.text, first.key)
    is_alone = gazetteer.economies_of(first.key) <= {economy}
    if in_country or is_alone or is_before_town:  # Mexico, Puerto Vallarta; but no Peru, Indiana
        _note_country(reading, at, economy)
        if regions.find(reading.segments[at + 1].text, economy) and not regions.find(
            reading.segments[-1].text, economy
        ):
            reading.segments.reverse()  # Costa Rica, Limón, Matina
            reading.country_at = len(reading.segments) - 1 - at


def _note_country(reading: Reading, at: int, economy: str) -> None:
    """Note a country; of two the one that is filed under the other is meant: Hong Kong, China."""
    reading.country_at = max(reading.country_at, at)
    if not reading.economies:
        reading.economies, reading.how = countries.family(economy), "read"
    elif economy in reading.economies[1:]:
        reading.economies = countries.family(economy)
