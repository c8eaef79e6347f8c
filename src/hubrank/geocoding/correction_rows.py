"""The rows of a table of corrections: what each corrects, and where it puts it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import numpy as np

from hubrank.core.errors import DataError, nearest
from hubrank.core.remote import InputFile
from hubrank.core.sphere import E7, canonical
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.nearest import nearest_places
from hubrank.geocoding.gazetteer.registers import bare_id
from hubrank.geocoding.text.normalise import plain
from hubrank.sources.formats import columns as columns_module
from hubrank.sources.formats.archives import members
from hubrank.sources.formats.lines import EncodingError
from hubrank.sources.ledger import RowLedger
from hubrank.sources.options import ReaderOptions

DECIDED = ("text", "institution_id", "geonames_id", "lat", "lon", "drop", "who", "why")
# Notes of --suggest, which reading passes over.
SUGGESTED = ("listings", "answer", "probability", "alternatives", "contradictions")
COLUMNS = (*DECIDED, *SUGGESTED)

SUCH_AS = {"lat": "48.137", "lon": "11.575"}
_FAULTS_SHOWN = 5
_DECIMAL_COMMA = re.compile(r"[+-]?\d{1,3},\d+")  # as tables are read: 48,137
_YES, _NO = ("yes", "true", "1", "x", "drop"), ("no", "false", "0")
_INSTEAD = "Give geonames_id, or lat and lon, or drop = yes"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a correction puts an address: coordinates in 1e-7 degree and the economy; nowhere if `lat_e7` is None.

    geonames_id : of the place, or 0 where coordinates are stated. line : of the row that says so; two rows may have one
        target.
    """

    lat_e7: int | None = None
    lon_e7: int | None = None
    geonames_id: int = 0
    economy: str = ""
    line: int = field(default=0, compare=False)


DROPPED = Target()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file with its line; cells that are empty are ""."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells[name]

    @property
    def is_unfilled(self) -> bool:
        """Whether nobody has decided on the row yet."""
        drop = self["drop"].casefold() not in ("", *_NO)
        return not (drop or any(self[name] for name in ("geonames_id", "lat", "lon", "who", "why")))


class Fault(ValueError):
    """What is wrong with a row."""


def joined(faults: Sequence[str]) -> str:
    """Return the first faults of a file, a line each, and how many more there are."""
    more = [f"… and {len(faults) - _FAULTS_SHOWN:,} more."] if len(faults) > _FAULTS_SHOWN else []
    return "\n".join([*faults[:_FAULTS_SHOWN], *more])


def text_key(text: str) -> str:
    """Return what equal texts have in common: the letters and digits in lower-case ASCII."""
    return plain(text).replace(" ", "")


def rows(path: InputFile, name: str) -> Iterator[Row]:
    """Yield the rows of the file. Raises DataError for columns that are unknown and lines that cannot be split."""

    def spec(header: tuple[str, ...]) -> columns_module.TableSpec:
        _expect_header(header, name)
        return columns_module.TableSpec("table of corrections", {column: column for column in DECIDED})

    ledger = RowLedger()
    try:
        for table in columns_module.tables(members(path, name), spec, ledger, ReaderOptions()):
            lines = table["source_row"].to_pylist()
            cells = zip(*(table[column].fill_null("").to_pylist() for column in DECIDED), strict=True)
            for line, values in zip(lines, cells, strict=True):
                yield Row(line, dict(zip(DECIDED, values, strict=True)))
    except EncodingError as error:
        raise DataError(f"{error.finding} Save the table of corrections as UTF-8.") from None
    if ledger.aside:
        raise DataError(joined([f"{name}, line {line}: {reason}." for _, line, reason, *_ in ledger.aside]))


def _expect_header(header: tuple[str, ...], name: str) -> None:
    """Raise DataError where a column is unknown, or one that is needed is missing."""
    names = [columns_module.plain(column) for column in header]
    unknown = [column for column in names if column and column not in COLUMNS]
    if unknown:
        raise DataError(
            f"{name} has a column {unknown[0]!r}; a table of corrections has: {', '.join(COLUMNS)}."
            + nearest(unknown[0], list(COLUMNS))
        )
    missing = [column for column in ("who", "why") if column not in names]
    missing += [] if {"text", "institution_id"} & set(names) else ["text (or institution_id)"]
    missing += [] if {"geonames_id", "lat", "drop"} & set(names) else ["geonames_id (or lat and lon, or drop)"]
    if missing:
        raise DataError(f"{name} has no column {missing[0]}; it has: {', '.join(names)}. Add it.")


def subject(row: Row) -> tuple[str, str]:
    """Return what a row corrects: ("text", key) or ("institution_id", bare id). Raises Fault where that is unclear."""
    text, institution = row["text"], row["institution_id"]
    if bool(text) == bool(institution):
        words = "both a text and" if text else "neither a text nor"
        raise Fault(f"it has {words} an institution_id; give one of them")
    kind, key = ("text", text_key(text)) if text else ("institution_id", bare_id(institution))
    if not key:
        raise Fault(f"{text or institution!r} has no letter and no digit to compare")
    return kind, key


def target(row: Row) -> Target:
    """Return where a row puts what it corrects. Raises Fault where that is unclear or no place on earth."""
    number, lat, lon = row["geonames_id"], row["lat"], row["lon"]
    if _drops(row):
        if number or lat or lon:
            raise Fault("it has a place and drop; leave one of them empty")
        return DROPPED
    if number and (lat or lon):
        raise Fault("it has geonames_id and lat, lon; leave one of them empty")
    if number:
        return _place(number)
    if lat and lon:
        return _spot(lat, lon)
    fault = "one of lat and lon is empty" if lat or lon else "it has neither a place nor drop"
    raise Fault(f"{fault}. {_INSTEAD}")


def _drops(row: Row) -> bool:
    text = row["drop"].casefold()
    if text and text not in (*_YES, *_NO):
        raise Fault(f"drop is {row['drop']!r}; expected yes or nothing")
    return text in _YES


def _place(number: str) -> Target:
    """Return the place of a GeoNames id."""
    places = gazetteer.places()
    row = places.row(int(number)) if number.isdecimal() and len(number) < 12 else None
    if row is None:
        raise Fault(
            f"geonames_id {number!r} is none of the {len(places.name):,} places of the gazetteer; "
            "look it up on geonames.org, or give lat and lon"
        )
    return Target(int(places.lat_e7[row]), int(places.lon_e7[row]), int(places.geonames_id[row]), places.economy[row])


def _spot(lat: str, lon: str) -> Target:
    """Return stated coordinates, with the economy of the nearest place."""
    lat_e7, lon_e7 = _degrees("lat", lat, 90), _degrees("lon", lon, 180)
    lats, lons = canonical(np.array([lat_e7], np.int64), np.array([lon_e7], np.int64))
    nearest_row, _ = nearest_places(lats, lons)
    return Target(int(lats[0]), int(lons[0]), 0, gazetteer.places().economy[int(nearest_row[0])])


def _degrees(name: str, text: str, most: int) -> int:
    number = text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text
    try:
        value = Decimal(number)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > most:
        raise Fault(f"{name} is {text!r}; expected degrees from -{most} to {most}, such as {SUCH_AS[name]}")
    return round(value * E7)


def expect_reasons(row: Row) -> None:
    """Raise Fault where a row does not say who decided, and why."""
    missing = [name for name in ("who", "why") if not row[name]]
    if missing:
        raise Fault(f"{' and '.join(missing)} {'are' if missing[1:] else 'is'} empty; say who decided, and why")
