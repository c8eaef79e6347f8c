"""The statement that turns a table's rows into listings, whether its columns are text or numbers."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.units import UNIT, WEIGHT_ONE
from hubrank.sources.options import ReaderOptions
from hubrank.sources.row_checks import weighed, when_outside
from hubrank.sources.totals import ALONE, WITH_PLACE

MOST = 10**8  # records that one row may stand for: more is damage
TEXTS = ("institution_id", "institution", "address", "city", "region", "country", "organisation", "field", "type")
# Thousands of counts are divided by blanks and apostrophes, by two points or commas, or by a comma before a point. One
# point or comma alone is that of decimals elsewhere, so the study has to say it (options.thousands).
POINTS = r"\d{1,3}(\.\d{3}){2,}"
OTHERS = r"\d{1,3}(([ '’\x{a0}\x{202f}\x{2009}]\d{3})+(\.0)?|(,\d{3}){2,}(\.0)?|,\d{3}\.0)"
BY_THOUSANDS = {".": r"\d{1,3}(\.\d{3})+", ",": r"\d{1,3}(,\d{3})+(\.0)?"}
UNDECIDED = r"[1-9]\d{0,2}[.,]\d{3}"
# Where the study says what the decimals follow, anything else between digits divides thousands.
# ' stands twice, as in a text of SQL.
_BLANKS = " ''’\xa0\u202f\u2009"
DECIMALS = {
    mark: rf"(\d{{1,9}}|\d{{1,3}}([{other}{_BLANKS}]\d{{3}})+)([{mark}]\d{{1,30}})?|[{mark}]\d{{1,30}}"
    for mark, other in (".,", ",.")
}
WITH_DECIMALS = "|".join(DECIMALS.values())  # of counts that are no whole numbers
# The last date of databases stands for none: PATSTAT writes it where an application has no date of filing.
NO_DATE = r"9999(\.0|-?12-?31([T ].*)?)?"
PERCENT = r"[0-9.,]+\s*%"
NUMBERS = ("listing", "count", "weight", "lat", "lon")

# What further columns a table may have, and how they are read; those that it has not get their default later.
OPTIONAL = {
    "row_key": "row_key",
    "part": "part",
    "share": "share",
    "date": "iso AS date",
    "count": "coalesce(count_value, {one}) AS count",
    "weight": f"CASE WHEN weight IS NULL THEN {WEIGHT_ONE} "
    f"ELSE TRY_CAST(floor(weight_value * {WEIGHT_ONE} + 0.5) AS BIGINT) END AS weight",
    "quality": "{units} AS record_units",
    **{name: name for name in TEXTS if name not in ("organisation", "type")},
    "organisation": "CASE WHEN organisation IS NOT NULL THEN {organisations} END AS organisations",
}

# A column as it is in the file keeps its name; what it means is called `…_value`, null where it means nothing.
SQL = """
SELECT {record_key}coalesce(CAST(listing_value AS INTEGER), 1) AS listing_no,
    year_value AS year, lat_value AS lat, lon_value AS lon, {optional}
    CASE {of_totals}WHEN {another_type} THEN coalesce('another type: ' || type, 'no type')
        {when_outside}
        WHEN count_value = 0 THEN 'a count of 0'
        WHEN {none} THEN '{no_weight}' END AS scope,
    fault.reason AS fault, fault.field AS fault_field, fault.value AS fault_value
FROM (SELECT *, CASE
    WHEN {no_record} THEN {{reason: 'no id of the record', field: 'record', value: NULL}}
    WHEN rounded_id THEN {{reason: 'an id that was rounded as a number', field: 'record', value: record_key}}
    WHEN stamp IS NULL AND {needed} THEN {{reason: 'no date', field: '{dated}', value: NULL}}
    WHEN stamp IS NOT NULL AND year_value IS NULL
        THEN {{reason: 'not a date (YYYY-MM-DD) or year', field: '{dated}', value: CAST(stamp AS VARCHAR)}}
    WHEN count_text IS NULL AND {counted} THEN {{reason: 'no count', field: 'count', value: NULL}}
    WHEN count_value IS NULL AND regexp_full_match(count_text, '{undecided}')
        THEN {{reason: 'a count whose . or , may divide thousands or decimals (state options.thousands or decimals)',
            field: 'count', value: count_text}}
    WHEN count_value IS NULL AND {whole} AND regexp_full_match(count_text, '{with_decimals}')
        THEN {{reason: 'a count with decimals (if they are right state options.decimals)', field: 'count',
            value: count_text}}
    WHEN count_text IS NOT NULL AND NOT coalesce(count_value <= {most_units}, FALSE)
        THEN {{reason: 'a count that is not a {what} from 0 to {most:,}', field: 'count', value: count_text}}
    WHEN weight_value > 1 AND weight_value <= 100 OR regexp_full_match(CAST(weight AS VARCHAR), '{percent}')
        THEN {{reason: 'a weight above 1 (in percent? divide it by 100)', field: 'weight',
            value: CAST(weight AS VARCHAR)}}
    WHEN weight IS NOT NULL AND NOT coalesce(weight_value > 0 AND weight_value <= 1, FALSE)
        THEN {{reason: 'a weight that is not above 0 and at most 1', field: 'weight', value: CAST(weight AS VARCHAR)}}
    WHEN weight IS NOT NULL AND weight_value < {least}
        THEN {{reason: 'a weight too small to count', field: 'weight', value: CAST(weight AS VARCHAR)}}
    WHEN listing IS NOT NULL AND listing_value IS NULL
        THEN {{reason: 'a sequence number that is not one', field: 'listing', value: CAST(listing AS VARCHAR)}}
    WHEN point_fault(lat IS NULL, lon IS NULL, lat_value, lon_value) IS NOT NULL
        THEN {{reason: point_fault(lat IS NULL, lon IS NULL, lat_value, lon_value), field: 'lat, lon',
            value: concat_ws(', ', lat, lon)}}
    WHEN {bad} THEN {{reason: '{bad_weight}', field: 'weight_by', value: quality_text}}
END AS fault FROM (SELECT {columns} FROM rows))
"""
OF_TOTALS = {
    **{name: f"regexp_full_match({name}, '{WITH_PLACE}', 'i')" for name in ("city", "region", "country")},
    "address": f"regexp_full_match(address, '{ALONE}', 'i')",
    # A company may be called Total.
    "institution": "coalesce(address, city, region, country) IS NULL "
    f"AND regexp_full_match(institution, '{ALONE}', 'i')",
}
_DELETE = 127  # the last character of ASCII, which is not visible
SPLIT = "[trim(one) FOR one IN string_split(organisation, $separator) IF trim(one) <> '']"


def statement(
    schema: pa.Schema,
    options: ReaderOptions,
    *,
    numbered: bool,
    by_record: bool,
    separated: bool,
    types: bool,
    counted: bool,
    thousands: str | None = None,
    decimals: str | None = None,
    plain_ids: bool = False,
) -> str:
    """Return the SQL that reads `rows`, a table of this schema whose columns have the reader's names, row by row.

    What stays as it is, it leaves out: source_file, source_row, and record_key unless by_record and not plain_ids.

    options : the window, and what records weigh by.
    numbered : include `row_key`, to number listings by.
    by_record : rows without an id of their record cannot be used.
    separated, types : whether there are parameters $separator and $types.
    counted : rows without a count cannot be used.
    thousands : what divides the thousands of counts, where the study says it.
    decimals : what the decimals of counts follow, where the study says it; then `count` is in units.
    plain_ids : whether `are_plain` holds for the ids, so that they stay as they are.
    """
    weight, one = weighed("quality_text", options), UNIT if decimals else 1
    organisations = SPLIT if separated else "[organisation]"
    return SQL.format(
        record_key="record_key, " if by_record and not plain_ids else "",
        columns=", ".join(
            _columns(schema, by_record=by_record, thousands=thousands, decimals=decimals, plain_ids=plain_ids)
        ),
        undecided=UNDECIDED,
        with_decimals=WITH_DECIMALS,
        percent=PERCENT,
        counted="TRUE" if counted else "FALSE",
        of_totals="".join(
            f"WHEN {condition} THEN 'a row of totals'\n        "
            for name, condition in OF_TOTALS.items()
            if {"count", name} <= set(schema.names)
        ),
        whole="FALSE" if decimals else "TRUE",
        what="number" if decimals else "whole number",
        most_units=MOST * one,
        optional="".join(
            f"{OPTIONAL[name].format(organisations=organisations, units=weight['units'], one=one)}, "
            for name in OPTIONAL
            if name in schema.names and (numbered or name != "row_key")
        ),
        most=MOST,
        least=1 / (2 * WEIGHT_ONE),
        another_type="NOT list_contains($types, coalesce(type, ''))" if types else "FALSE",
        when_outside=when_outside("year_value", options.window),
        **weight,
        no_record="record_key IS NULL" if by_record else "FALSE",
        needed=options.window is not None,
        dated="year" if "year" in schema.names else "date",
    )


def are_plain(ids: pa.ChunkedArray) -> bool:
    """Return whether ids are plain: text of visible ASCII characters without `+`, none empty or with `.0` at the end.

    Such are nearly all, and `_id` and `_rounded` change nothing in them but take a third of the statement's time.
    """
    if not pa.types.is_string(ids.type):
        return False
    text = ids.drop_null().combine_chunks()
    _, starts, buffer = text.buffers()
    if not len(text) or buffer is None:
        return True
    edges = np.frombuffer(starts, np.int32)[text.offset : text.offset + len(text) + 1]
    letters = np.frombuffer(buffer, np.uint8)[edges[0] : edges[-1]]
    visible = ((letters > ord(" ")) & (letters < _DELETE) & (letters != ord("+"))).all()
    return bool(visible and (np.diff(edges) > 0).all() and not pc.any(pc.ends_with(text, ".0")).as_py())


def _columns(
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
    columns.append(f"{_dated(dated, _iso(dated, kinds), kinds) if dated else 'CAST(NULL AS VARCHAR)'} AS iso")
    return columns


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
