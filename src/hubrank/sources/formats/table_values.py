"""What the columns of a table mean, as SQL: ids, numbers, years and dates, whether they are text or numbers."""

import re

import pyarrow as pa

from hubrank.core.units import UNIT

TEXTS = ("institution_id", "institution", "address", "city", "region", "country", "organisation", "field", "type")
DATE_CELL = "date_cell"  # as the file has it, where the study takes the year or date out of it by a pattern
NUMBERS = ("listing", "count", "weight", "lat", "lon")
# Thousands of counts are divided by blanks and apostrophes, by two points or commas, or by a comma before a point; in
# India lakhs and crores are, too (1,23,456). One point or comma alone is that of decimals elsewhere, so the study has
# to say it (options.thousands).
LAKHS = r"\d{1,2}(,\d{2})+,\d{3}"
POINTS = r"\d{1,3}(\.\d{3}){2,}"
OTHERS = r"\d{1,3}(([ '’\x{a0}\x{202f}\x{2009}]\d{3})+(\.0)?|(,\d{3}){2,}(\.0)?|,\d{3}\.0)" rf"|{LAKHS}(\.0)?"
BY_THOUSANDS = {".": r"\d{1,3}(\.\d{3})+", ",": rf"\d{{1,3}}(,\d{{3}})+(\.0)?|{LAKHS}(\.0)?"}
UNDECIDED = r"[1-9]\d{0,2}[.,]\d{3}"
# Where the study says what the decimals follow, anything else between digits divides thousands.
# ' stands twice, as in a text of SQL.
_BLANKS = " ''’\xa0\u202f\u2009"
_DIVIDED = {mark: rf"\d{{1,3}}([{mark}{_BLANKS}]\d{{3}})+" for mark in ".,"}
_WHOLE = {".": rf"\d{{1,9}}|{_DIVIDED[',']}|{LAKHS}", ",": rf"\d{{1,9}}|{_DIVIDED['.']}"}  # by the mark of decimals
DECIMALS = {mark: rf"({whole})([{mark}]\d{{1,30}})?|[{mark}]\d{{1,30}}" for mark, whole in _WHOLE.items()}
WITH_DECIMALS = "|".join(DECIMALS.values())  # of counts that are no whole numbers
# The last date of databases stands for none: PATSTAT writes it where an application has no date of filing.
NO_DATE = r"9999(\.0|-?12-?31([T ].*)?)?"
# In a text, also that of a date of eight digits: 20210304.
YEAR = r"(?<!\d)((?:19|20)\d\d)(?=(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))?(?!\d))"

# A whole number however its thousands are divided: 1234, 12.0, 1,234, 1.234, 1 234; or its lakhs: 1,23,456.
_THOUSANDS = r"[1-9]\d{0,2}([.,'’ \xa0\u202f\u2009]\d{3})+"
is_count = re.compile(rf"\d{{1,8}}(\.0)?|({_THOUSANDS}|{LAKHS})(\.0)?").fullmatch

# The same, or with decimals after the last point or comma: 442,86.
is_amount = re.compile(rf"(\d{{1,9}}|{_THOUSANDS})([.,]\d{{1,30}})?|{LAKHS}(\.\d{{1,30}})?").fullmatch


def value_columns(
    schema: pa.Schema, *, by_record: bool, thousands: str | None, decimals: str | None, plain_ids: bool
) -> list[str]:
    """Return the columns as they are and what they mean."""
    kinds = {field.name: _kind(field.type) for field in schema}
    stamp = next((name for name in ("year", "date") if name in kinds), None)
    dated = "date" if "date" in kinds else None
    columns = [name for name in ("row_key", "part", "share") if name in kinds]
    if by_record:
        columns.append(f"{'id' if plain_ids else _id(kinds)} AS record_key")
        columns.append(f"{'FALSE' if plain_ids else _rounded(schema.field('id').type)} AS rounded_id")
    else:
        columns += ["record_key", "FALSE AS rounded_id"]
    columns += [f"{_text(name, kinds)} AS {name}" for name in TEXTS]
    columns += [f"{name if name in kinds else 'CAST(NULL AS VARCHAR)'} AS {name}" for name in NUMBERS]
    count = _units(kinds, decimals) if decimals else _whole("count", kinds, thousands)
    columns += [f"{_whole('listing', kinds)} AS listing_value", f"{count} AS count_value"]
    columns.append(f"{_text('count', kinds)} AS count_text")
    columns += [f"{_number(name, kinds)} AS {name}_value" for name in ("weight", "lat", "lon")]
    columns.append(f"{_text('quality', kinds)} AS quality_text")
    columns.append(f"{_dated(stamp, stamp, kinds) if stamp else 'CAST(NULL AS VARCHAR)'} AS stamp")
    columns.append(f"{_year(stamp, kinds)} AS year_value")
    cell = f"nullif(trim(CAST({DATE_CELL} AS VARCHAR)), '')" if DATE_CELL in kinds else "CAST(NULL AS VARCHAR)"
    columns.append(f"CASE WHEN {stamp or 'NULL'} IS NULL THEN {cell} END AS unread_date")
    columns.append(f"{_dated(dated, _iso(dated, kinds), kinds) if dated else 'CAST(NULL AS VARCHAR)'} AS iso")
    return columns


def amount(text: str, decimals: str | None) -> str:
    """Return the SQL of an amount, as text, with a point before its decimals and no thousands, null where it is none.

    decimals : the mark that they follow; what divides thousands is then another. None leaves the text as it is.
    """
    if decimals is None:
        return text
    plain = f"replace(regexp_replace({text}, '[^0-9{decimals}]', '', 'g'), ',', '.')"
    long = rf"\d+([{decimals}]\d{{1,30}})?"  # more digits than a count has
    return f"CASE WHEN regexp_full_match({text}, '{DECIMALS[decimals]}|{long}') THEN {plain} END"


def _kind(column: pa.DataType) -> str:
    if pa.types.is_integer(column):
        return "whole"
    if pa.types.is_floating(column) or pa.types.is_decimal(column):
        return "number"
    return "day" if pa.types.is_date(column) or pa.types.is_timestamp(column) else "text"


def _text(name: str, kinds: dict[str, str]) -> str:
    if name not in kinds:
        return "CAST(NULL AS VARCHAR)"
    if kinds[name] != "text":
        return f"CAST({name} AS VARCHAR)"
    # Most cells have no blanks around them, and testing that costs less than trimming.
    bare = f"nullif(trim({name}), '')"
    return (
        f"CASE WHEN {name} = '' THEN NULL WHEN prefix({name}, ' ') OR suffix({name}, ' ') THEN {bare} ELSE {name} END"
    )


def _id(kinds: dict[str, str]) -> str:
    """Return the id of a record as it is compared: one kind of blank, none around it, composed letters, no `.0`."""
    text = _text("id", kinds)
    if kinds["id"] == "text":
        plain = r"nullif(trim(nfc_normalize(regexp_replace(id, '[\s\pZ\x{200B}\x{FEFF}]+', ' ', 'g'))), '')"
        text = f"CASE WHEN strlen(id) <> length(id) THEN {plain} ELSE {text} END"
    if kinds["id"] == "number":
        text = f"nullif({text}, 'nan')"
    return rf"CASE WHEN suffix({text}, '.0') THEN regexp_replace({text}, '^(\d+)\.0$', '\1') ELSE {text} END"


def _rounded(column: pa.DataType) -> str:
    """Return whether an id went through a number that cannot hold it, so that several ids may have become one."""
    exact = 2 ** {16: 11, 32: 24}.get(column.bit_width, 53) if pa.types.is_floating(column) else 2**53
    if pa.types.is_floating(column):
        return f"coalesce(abs(id) >= {exact}, FALSE)"
    if _kind(column) != "text":
        return "FALSE"
    # Few ids can be such numbers: to look for the pattern in all took two fifths of the time of the whole statement.
    return (
        rf"CASE WHEN contains(id, '+') OR suffix(id, '.0') "
        rf"THEN coalesce(regexp_full_match(id, '\d(\.\d+)?[eE]\+\d+') "
        rf"OR suffix(id, '.0') AND TRY_CAST(id AS DOUBLE) >= {exact}, FALSE) ELSE FALSE END"
    )


def _undivided(name: str, thousands: str | None) -> str:
    """Return the SQL of a number as text without what divides its thousands."""
    stated = {thousands: BY_THOUSANDS[thousands]} if thousands else {}
    points, others = f"{POINTS}|{stated.get('.', POINTS)}", f"{OTHERS}|{stated.get(',', OTHERS)}".replace("'", "''")
    return rf"""CASE WHEN regexp_full_match({name}, '{points}') THEN replace({name}, '.', '')
        WHEN regexp_full_match({name}, '{others}') THEN regexp_replace({name}, '[^0-9.]', '', 'g') ELSE {name} END"""


def _whole(name: str, kinds: dict[str, str], thousands: str | None = None) -> str:
    most = 2**31 - 1 if name == "listing" else 10**18
    value = {
        None: "CAST(NULL AS BIGINT)",
        "text": f"whole_number({_undivided(name, thousands) if name == 'count' else name})",
        "whole": name,
        "number": f"CASE WHEN {name} = floor({name}) AND {name} BETWEEN 0 AND {most} THEN CAST({name} AS BIGINT) END",
        "day": "CAST(NULL AS BIGINT)",
    }[kinds.get(name)]
    return f"CASE WHEN {value} BETWEEN 0 AND {most} THEN CAST({value} AS BIGINT) END"


def _units(kinds: dict[str, str], decimals: str) -> str:
    """Return the SQL of a count in units of a record, rounded half up; null if none, or beyond 64 bits."""
    plain = f"translate(regexp_replace(count, '[^0-9{decimals}]', '', 'g'), ',', '.')"
    value = {
        "text": f"CASE WHEN regexp_full_match(count, '{DECIMALS[decimals]}') THEN {plain} END",
        "whole": "CASE WHEN count >= 0 THEN count END",
        "number": "CASE WHEN count >= 0 THEN count END",
    }.get(kinds.get("count", "day"), "CAST(NULL AS VARCHAR)")
    return f"TRY_CAST(TRY_CAST({value} AS DECIMAL(28, 9)) * {UNIT} AS BIGINT)"


def _number(name: str, kinds: dict[str, str]) -> str:
    if kinds.get(name) == "text":
        return f"degrees({name})"
    return f"TRY_CAST({name} AS DOUBLE)" if kinds.get(name, "day") != "day" else "CAST(NULL AS DOUBLE)"


def _year(name: str | None, kinds: dict[str, str]) -> str:
    if name is None:
        return "CAST(NULL AS INTEGER)"
    if kinds[name] == "text":
        return f"coalesce(year_of({name}), last_year({name}))" if name == "year" else f"year_of({name})"
    value = f"year({name})" if kinds[name] == "day" else name
    return f"CASE WHEN {value} BETWEEN 1700 AND 2100 AND {value} = floor({value}) THEN CAST({value} AS INTEGER) END"


def _dated(name: str, value: str, kinds: dict[str, str]) -> str:
    """Return the SQL of a value, null where the date in a column stands for no date."""
    if kinds[name] == "whole":
        return f"CASE WHEN {name} IN (9999, 99991231) THEN NULL ELSE {value} END"
    text = f"CAST({name} AS VARCHAR)"
    return f"CASE WHEN prefix({text}, '9999') AND regexp_full_match({text}, '{NO_DATE}') THEN NULL ELSE {value} END"


def _iso(name: str, kinds: dict[str, str]) -> str:
    return f"left(CAST({name} AS VARCHAR), 10)" if kinds[name] == "day" else f"iso_date(CAST({name} AS VARCHAR))"
