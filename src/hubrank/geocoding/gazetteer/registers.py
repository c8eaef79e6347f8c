"""Registers of research organisations, as downloaded: ROR dumps (v1, v2) and OpenAlex institutions."""

import json
import re
from codecs import iterdecode
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np

from hubrank.core.errors import DataError
from hubrank.core.remote import InputFile
from hubrank.core.sphere import to_e7
from hubrank.geocoding.text import vocabulary
from hubrank.sources.formats.archives import members

LONGEST = 64 << 20  # characters of one organisation
LABEL, ALIAS, ACRONYM = 0, 1, 2  # how a text names an organisation
_IN_PARENTHESES = re.compile(r" \([^()]*\)")
_DEPARTMENTS = frozenset(vocabulary.words("organisation", "departments"))
_MANY_RELATIONS = 4  # to registered organisations
WITHDRAWN = "withdrawn"  # the status of a record that is kept for its id


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation. Coordinates in 1e-7 degree; `names` are pairs of text and LABEL, ALIAS or ACRONYM.

    head : whether it has children and no parent organisation; children : ids of its registered units; branch : whether
        its parent in another country has its name, or its own is any organisation's department's; former : whether it
        is withdrawn, so that its names are those of others that have them, too.
    prominence : how many of four signs it has that texts name it often, 0 where the register records none of them.
    """

    ror: str
    openalex: str
    economy: str
    region: str
    city: str
    geonames_id: int
    lat_e7: int
    lon_e7: int
    company: bool
    head: bool
    branch: bool
    names: tuple[tuple[str, int], ...] = field(default=())
    former: bool = False
    children: tuple[str, ...] = ()
    prominence: int = 0

    @property
    def name(self) -> str | None:
        """Its first name, without the country by which the register tells branches of a company apart."""
        return next((without_country(name) for name, kind in self.names if kind == LABEL), None)


def bare_id(text: str) -> str:
    """Return an id without its web address: https://ror.org/03vek6s52 is 03vek6s52."""
    return text.strip().rstrip("/").rpartition("/")[2].rpartition(":")[2].lower()


def _coordinates_e7(lat: float, lon: float) -> tuple[int, int]:
    """Return coordinates as integers. Raises ValueError where they are no place on earth."""
    if not (abs(float(lat)) <= 90 and abs(float(lon)) <= 180):  # written so that NaN fails as well
        raise ValueError(f"{lat}, {lon} is no latitude and longitude")
    spot = to_e7(np.array([float(lat), float(lon)]))
    return int(spot[0]), int(spot[1])


def _geonames_id(number: Any) -> int:  # noqa: ANN401 (what JSON holds)
    """Return the number of a place, 0 where none is stated. Raises ValueError where it can be no such number."""
    stated = int(number or 0)
    if not 0 <= stated < 1 << 63:
        raise ValueError(f"{number} is no GeoNames id")
    return stated


_KINDS = {"ror_display": LABEL, "label": ALIAS, "alias": ALIAS, "acronym": ACRONYM}


def _is_head(record: dict[str, Any]) -> bool:
    """Say whether an organisation has children and no parent: of the parts of a company, the one at home."""
    kinds = {str(related.get("type", "")).lower() for related in record.get("relationships") or ()}
    return "child" in kinds and "parent" not in kinds


def _is_branch(record: dict[str, Any], names: list[tuple[str, int]]) -> bool:
    """Say whether a company has the name of a parent elsewhere, or its first words: Chevron (Australia), IBM Research.

    The parents are Chevron (United States) and IBM Research - Thomas J. Watson Research Center. One in the same country
    is none elsewhere: BMW Group (Germany).
    """
    related = record.get("relationships") or ()
    parents = {str(one.get("label")) for one in related if str(one.get("type", "")).lower() == "parent"}
    own_names = {name for name, _ in names}
    opened = tuple(f"{without_country(name)} " for name in own_names)
    at_home = tuple(country[0] for name in own_names if (country := _IN_PARENTHESES.search(name)))
    elsewhere = (name for name in parents - own_names if not name.endswith(at_home))
    return any(f"{without_country(name)} ".startswith(opened) for name in elsewhere)


def _children(record: dict[str, Any]) -> tuple[str, ...]:
    """Return the ids of the registered units of an organisation."""
    related = record.get("relationships") or ()
    ids = (str(one.get("id", "")) for one in related if str(one.get("type", "")).lower() == "child")
    return tuple(sorted({bare_id(number) for number in ids}))


def _is_department(record: dict[str, Any], names: list[tuple[str, int]]) -> bool:
    """Say whether an organisation has the name of any organisation's department: Department of Virology, of Pasteur."""
    related = record.get("relationships") or ()
    has_parent = any(str(one.get("type", "")).lower() == "parent" for one in related)
    return has_parent and any(kind == LABEL and name.lower().split(" ")[0] in _DEPARTMENTS for name, kind in names)


def _prominence(record: dict[str, Any]) -> int:
    """Return how many hold of an organisation: an article in Wikipedia, a funder's number, an ISNI, many relations.

    Affiliations name organisations with all four some 800 times as often as those with none, for each that there is.
    """
    numbers = record.get("external_ids") or ()  # in v1 an object by kind, in v2 a list
    kinds = {str(number if isinstance(numbers, dict) else number.get("type")).lower() for number in numbers}
    links = (link for link in record.get("links") or () if isinstance(link, dict))  # of v1 texts
    has_article = bool(record.get("wikipedia_url")) or any(link.get("type") == "wikipedia" for link in links)
    has_relations = len(record.get("relationships") or ()) >= _MANY_RELATIONS
    return has_article + ("fundref" in kinds) + ("isni" in kinds) + has_relations


def _shown(record: dict[str, Any], names: list[tuple[str, int]], *, company: bool) -> tuple[tuple[str, int], ...]:
    """Return the names of an organisation; of a withdrawn one those that are not also its successor's.

    A school or campus that is no longer registered beside its university is still where it was, a company that was
    bought need not be. A record without a successor was an error.
    """
    if record.get("status") != WITHDRAWN:
        return tuple(names)
    if company:
        return ()
    related = record.get("relationships") or ()
    successors = {str(one.get("label")) for one in related if str(one.get("type", "")).lower() == "successor"}
    return tuple(pair for pair in names if pair[0] not in successors) if successors else ()


def _relations(record: dict[str, Any], names: list[tuple[str, int]], *, company: bool) -> dict[str, Any]:
    """Return what a record says of an organisation beside others: by the names of fields of Organisation."""
    return {
        "head": _is_head(record),
        "branch": _is_department(record, names) or (company and _is_branch(record, names)),
        "names": _shown(record, names, company=company),
        "former": record.get("status") == WITHDRAWN,
        "children": _children(record),
        "prominence": _prominence(record),
    }


def without_country(name: str) -> str:
    """Return the name of an organisation without its country or acronym in parentheses."""
    return _IN_PARENTHESES.sub("", name)


def _ror_2(record: dict[str, Any]) -> Organisation | None:
    if not record["locations"]:
        return None
    place = record["locations"][0]["geonames_details"]
    if place.get("lat") is None:
        return None
    names = [(n["value"], min(_KINDS[kind] for kind in n["types"])) for n in record["names"]]
    number = _geonames_id(record["locations"][0]["geonames_id"])
    where = _coordinates_e7(place["lat"], place["lng"])
    company = "company" in record["types"]
    region, city = place.get("country_subdivision_code") or "", place["name"]
    ror, more = bare_id(record["id"]), _relations(record, names, company=company)
    return Organisation(ror, "", place["country_code"], region, city, number, *where, company, **more)


def _ror_1(record: dict[str, Any]) -> Organisation | None:
    place = next(iter(record["addresses"]), None)
    if place is None or place.get("lat") is None:
        return None
    names = [(record["name"], LABEL), *((n["label"], ALIAS) for n in record.get("labels", ()))]
    names += [(n, ALIAS) for n in record.get("aliases", ())] + [(n, ACRONYM) for n in record.get("acronyms", ())]
    town = place.get("geonames_city") or {}
    region = ((town.get("geonames_admin1") or {}).get("code") or "").partition(".")[2]
    number, city = _geonames_id(town.get("id")), place.get("city") or ""
    where = _coordinates_e7(place["lat"], place["lng"])
    company = "Company" in record["types"]
    ror, more = bare_id(record["id"]), _relations(record, names, company=company)
    return Organisation(ror, "", record["country"]["country_code"], region, city, number, *where, company, **more)


def _openalex(record: dict[str, Any]) -> Organisation | None:
    geo = record.get("geo") or {}
    if geo.get("latitude") is None or geo.get("longitude") is None:
        return None
    names = [(record["display_name"], LABEL)]
    names += [(n, ALIAS) for n in record.get("display_name_alternatives") or ()]
    names += [(n, ACRONYM) for n in record.get("display_name_acronyms") or ()]
    where = _coordinates_e7(geo["latitude"], geo["longitude"])
    ror, openalex = bare_id(record.get("ror") or ""), bare_id(record["id"])
    economy = geo.get("country_code") or record.get("country_code") or ""
    number = _geonames_id(geo.get("geonames_city_id"))
    region, city = geo.get("region") or "", geo.get("city") or ""
    company = record.get("type") == "company"
    return Organisation(ror, openalex, economy, region, city, number, *where, company, False, False, tuple(names))


def _organisation(record: dict[str, Any], path: InputFile) -> Organisation | None:
    """Return what a record says, whichever register and version it is of; None where it has no coordinates."""
    try:
        if "locations" in record:
            return _ror_2(record)
        if "addresses" in record:
            return _ror_1(record)
        return _openalex(record)
    except (AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
        raise DataError(
            f"{path.name}: a record ({str(record.get('id', '?'))[:60]}) is neither of ROR (v1 or v2) nor of OpenAlex "
            f"institutions: {error!r}. Name a ROR dump or the institutions of an OpenAlex snapshot."
        ) from None


def _values(pieces: Iterator[str], path: InputFile) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON array or of JSON lines one by one, so that only a piece of the text is in memory."""
    decode, blank = json.JSONDecoder().raw_decode, " \t\r\n,[]"
    text, before = "", 0  # characters before this text
    for piece in chain(pieces, [""]):
        text, at = text + piece, 0
        while (at := len(text) - len(text[at:].lstrip(blank))) < len(text):
            try:
                value, end = decode(text, at)
            except json.JSONDecodeError as error:
                if piece and len(text) - at < LONGEST:
                    break  # an object may go on in the next piece
                raise DataError(f"{path.name} is not JSON at character {before + error.pos:,}: {error.msg}.") from None
            except RecursionError:
                raise DataError(
                    f"{path.name} is no register: after character {before + at:,} it is nested too deep."
                ) from None
            except ValueError as error:  # a number of thousands of digits
                raise DataError(f"{path.name} is no register: after character {before + at:,} {error}.") from None
            if not isinstance(value, dict):
                raise DataError(f"{path.name} holds {type(value).__name__} where an organisation was expected.")
            yield value
            at = end
        before, text = before + at, text[at:]


def _pieces(path: InputFile) -> Iterator[bytes]:
    """Yield the text of a register; of a ROR archive, the newest JSON file, of schema v2 where there is one."""
    names = [member.name for member in members(path, path.name)]
    if len(names) > 1 or names[0] != path.name:
        names = sorted(name for name in names if name.endswith((".json", ".jsonl")))
    if not names:
        raise DataError(f"{path.name} holds no .json file; name the archive of a ROR dump.")
    newest = next((name for name in reversed(names) if "v2" in name.removeprefix(path.name)), names[-1])
    for member in members(path, path.name):
        if member.name == newest:
            yield from member.pieces


def read(path: InputFile) -> Iterator[Organisation]:
    """Yield the organisations of a file that have coordinates.

    Raises DataError naming the file where it is not JSON, is an archive that is refused (a bomb, a link), or its
    records are of no known register.
    """
    try:
        for record in _values(iterdecode(_pieces(path), "utf-8-sig"), path):
            organisation = _organisation(record, path)
            if organisation:
                yield organisation
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name} cannot be read as a register of organisations: {error}.") from None
