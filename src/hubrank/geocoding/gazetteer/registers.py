"""Registers of research organisations, as downloaded: ROR dumps (v1, v2) and OpenAlex institutions."""

import gzip
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from hubrank.core.errors import DataError
from hubrank.core.sphere import to_e7

LABEL, ALIAS, ACRONYM = 0, 1, 2  # how a text names an organisation


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation. Coordinates in 1e-7 degree; `names` are pairs of text and LABEL, ALIAS or ACRONYM."""

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
    names: tuple[tuple[str, int], ...] = field(default=())


def bare_id(text: str) -> str:
    """Return an id without its web address: https://ror.org/03vek6s52 is 03vek6s52."""
    return text.strip().rstrip("/").rpartition("/")[2].rpartition(":")[2].lower()


def _e7(lat: float, lon: float) -> tuple[int, int]:
    """Return coordinates as integers. Raises ValueError where they are no place on earth."""
    if not (abs(float(lat)) <= 90 and abs(float(lon)) <= 180):  # what is no number is not smaller either
        raise ValueError(f"{lat}, {lon} is no latitude and longitude")
    spot = to_e7(np.array([float(lat), float(lon)]))
    return int(spot[0]), int(spot[1])


_KINDS = {"ror_display": LABEL, "label": ALIAS, "alias": ALIAS, "acronym": ACRONYM}


def _head(record: dict[str, Any]) -> bool:
    """Say whether an organisation has daughters and no mother: of the branches of a company, the one at home."""
    kinds = {str(related.get("type", "")).lower() for related in record.get("relationships") or ()}
    return "child" in kinds and "parent" not in kinds


def _ror_2(record: dict[str, Any]) -> Organisation | None:
    if not record["locations"]:
        return None
    place = record["locations"][0]["geonames_details"]
    if place.get("lat") is None:
        return None
    names = tuple((n["value"], min(_KINDS[kind] for kind in n["types"])) for n in record["names"])
    shown = names if record["status"] != "withdrawn" else ()
    number = record["locations"][0]["geonames_id"]
    where = _e7(place["lat"], place["lng"])
    company = "company" in record["types"]
    region, city = place.get("country_subdivision_code") or "", place["name"]
    return Organisation(
        bare_id(record["id"]), "", place["country_code"], region, city, number, *where, company, _head(record), shown
    )


def _ror_1(record: dict[str, Any]) -> Organisation | None:
    place = next(iter(record["addresses"]), None)
    if place is None or place.get("lat") is None:
        return None
    names = [(record["name"], LABEL), *((n["label"], ALIAS) for n in record.get("labels", ()))]
    names += [(n, ALIAS) for n in record.get("aliases", ())] + [(n, ACRONYM) for n in record.get("acronyms", ())]
    shown = tuple(names) if record.get("status") != "withdrawn" else ()
    town = place.get("geonames_city") or {}
    region = ((town.get("geonames_admin1") or {}).get("code") or "").partition(".")[2]
    number, city = town.get("id") or 0, place.get("city") or ""
    economy = record["country"]["country_code"]
    where = _e7(place["lat"], place["lng"])
    company = "Company" in record["types"]
    return Organisation(bare_id(record["id"]), "", economy, region, city, number, *where, company, _head(record), shown)


def _openalex(record: dict[str, Any]) -> Organisation | None:
    geo = record.get("geo") or {}
    if geo.get("latitude") is None or geo.get("longitude") is None:
        return None
    names = [(record["display_name"], LABEL)]
    names += [(n, ALIAS) for n in record.get("display_name_alternatives") or ()]
    names += [(n, ACRONYM) for n in record.get("display_name_acronyms") or ()]
    where = _e7(geo["latitude"], geo["longitude"])
    ror, openalex = bare_id(record.get("ror") or ""), bare_id(record["id"])
    economy = geo.get("country_code") or record.get("country_code") or ""
    number = int(geo.get("geonames_city_id") or 0)
    region, city = geo.get("region") or "", geo.get("city") or ""
    company = record.get("type") == "company"
    return Organisation(ror, openalex, economy, region, city, number, *where, company, False, tuple(names))


def _organisation(record: dict[str, Any], path: Path) -> Organisation | None:
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


def _values(text: str, path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON array or of JSON lines one by one, so that only the text is in memory."""
    decode = json.JSONDecoder().raw_decode
    at, blank = 0, " \t\r\n,[]"
    while True:
        while at < len(text) and text[at] in blank:
            at += 1
        if at == len(text):
            return
        try:
            value, at = decode(text, at)
        except json.JSONDecodeError as error:
            raise DataError(f"{path.name} is not JSON at character {error.pos:,}: {error.msg}.") from None
        except RecursionError:
            raise DataError(f"{path.name} is no register: after character {at:,} it is nested too deep.") from None
        except ValueError as error:  # a number of thousands of digits
            raise DataError(f"{path.name} is no register: after character {at:,} {error}.") from None
        if not isinstance(value, dict):
            raise DataError(f"{path.name} holds {type(value).__name__} where an organisation was expected.")
        yield value


def _open_zip(path: Path) -> Iterator[BinaryIO]:
    """Yield the newest JSON file of a ROR archive: the one of schema v2 where there are two."""
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith((".json", ".jsonl")))
        if not names:
            raise DataError(f"{path.name} holds no .json file; name the archive of a ROR dump.")
        newest = next((name for name in reversed(names) if "v2" in name), names[-1])
        with archive.open(newest) as file:
            yield file  # type: ignore[misc]


def _texts(path: Path) -> Iterator[str]:
    """Yield the text of a register in pieces that end where a line ends."""
    if path.suffix == ".zip":
        for file in _open_zip(path):
            yield file.read().decode("utf-8-sig")
    elif path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8-sig") as lines:
            yield from lines if ".jsonl" in path.name or "part_" in path.name else [lines.read()]
    else:
        yield path.read_text("utf-8-sig")


_DAMAGED = (OSError, EOFError, UnicodeDecodeError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)


def read(path: Path) -> Iterator[Organisation]:
    """Yield the organisations of a file that have coordinates.

    Raises DataError naming the file where it is not JSON, or its records are of no known register.
    """
    try:
        for text in _texts(path):
            for record in _values(text, path):
                organisation = _organisation(record, path)
                if organisation:
                    yield organisation
    except _DAMAGED as error:
        raise DataError(f"{path} cannot be read as a register of organisations: {error}.") from None
