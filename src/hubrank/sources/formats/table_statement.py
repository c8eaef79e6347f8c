"""The statement that turns a table's rows into listings, whether its columns are text or numbers."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.units import UNIT, WEIGHT_ONE
from hubrank.sources.formats.table_values import TEXTS, UNDECIDED, WITH_DECIMALS, amount, value_columns
from hubrank.sources.options import ReaderOptions
from hubrank.sources.row_checks import weighed, when_outside
from hubrank.sources.totals import ALONE, WITH_PLACE
from hubrank.study.columns import ColumnFrom

MOST = 10**8  # records that one row may stand for: more is damage
PERCENT = r"[0-9.,]+\s*%"

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
    CASE {of_totals}{of_notes}WHEN {another_type} THEN coalesce('another type: ' || type, 'no type')
        {when_outside}
        WHEN count_value = 0 THEN 'a count of 0'
        WHEN {none} THEN '{no_weight}' END AS scope,
    fault.reason AS fault, fault.field AS fault_field, fault.value AS fault_value
FROM (SELECT *, CASE
    WHEN {no_record} THEN {{reason: 'no id of the record', field: 'record', value: NULL}}
    WHEN rounded_id THEN {{reason: 'an id that was rounded as a number', field: 'record', value: record_key}}
    WHEN unread_date IS NOT NULL AND {needed}
        THEN {{reason: 'a value that the pattern does not match', field: '{dated}', value: unread_date}}
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
# Below a table of counts stand notes: in columns that the study does not read, or where places stand. Above its last
# count, or with a year or the like, such a row is that of a place (`*Rome`) whose count is missing.
OF_NOTES = """WHEN source_row > {last} AND len([one FOR one IN [{places}] IF one IS NOT NULL]) <= 1
        AND coalesce({others}) IS NULL
        AND regexp_full_match(concat_ws('', {places}), '{note}') THEN 'a note, with neither a place nor a count'
        """
NOTE = r"|[*†‡(\[].*|\d{1,2}[.)\]]\s.*|[^:]{2,30}[^\s:]\s?[:：].*"  # nothing; *provisional; 1) by office; Source: …
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
    last_counted: int | None = None,
    totals: Sequence[int] = (),
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
    last_counted : the last `source_row` with a count, below which rows without one may be notes; None if there is none.
    totals : the `source_row` of rows that are totals though they name no place.
    thousands : what divides the thousands of counts, where the study says it.
    decimals : what the decimals of counts follow, where the study says it; then `count` is in units.
    plain_ids : whether `are_plain` holds for the ids, so that they stay as they are.
    """
    of_notes = "" if last_counted is None or not counted else _of_notes(schema, options, last_counted)
    weight, one = weighed("quality_text", options, number=_number(schema, options)), UNIT if decimals else 1
    organisations = SPLIT if separated else "[organisation]"
    return SQL.format(
        record_key="record_key, " if by_record and not plain_ids else "",
        columns=", ".join(
            [
                *(["source_row"] if of_notes or totals else []),
                *value_columns(
                    schema, by_record=by_record, thousands=thousands, decimals=decimals, plain_ids=plain_ids
                ),
            ]
        ),
        undecided=UNDECIDED,
        with_decimals=WITH_DECIMALS,
        percent=PERCENT,
        counted="TRUE" if counted else "FALSE",
        of_totals="".join(
            f"WHEN {condition} THEN 'a row of totals'\n        " for condition in _of_totals(schema, totals)
        ),
        of_notes=of_notes,
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


def _number(schema: pa.Schema, options: ReaderOptions) -> str:
    """Return the SQL of what a record weighs by as a plain number, null where it is not written as the study says."""
    if "quality" in schema.names and not pa.types.is_string(schema.field("quality").type):
        return "quality_text"
    thousands, decimals = (getattr(options, name, None) for name in ("thousands", "decimals"))
    if "count" in schema.names:  # thousands are those of counts: an amount of 1.250 would weigh a thousand times more
        thousands = None
    return amount("quality_text", decimals or {".": ",", ",": "."}.get(thousands or ""))


def _of_totals(schema: pa.Schema, totals: Sequence[int]) -> Iterator[str]:
    """Yield the conditions under which a row of a table of counts is one of totals."""
    if "count" in schema.names:
        yield from (condition for name, condition in OF_TOTALS.items() if name in schema.names)
    if totals:
        yield f"source_row IN ({', '.join(map(str, totals))})"


def _of_notes(schema: pa.Schema, options: ReaderOptions, last_counted: int) -> str:
    """Return the branch of the CASE that puts rows out of scope that have neither a count nor a place."""
    columns = getattr(options, "columns", {})
    of_each_row = {name for name, where in columns.items() if isinstance(where, ColumnFrom) and not where.is_column}
    stated = set(schema.names) - of_each_row
    places = [name for name in (*OF_TOTALS, "institution_id", "lat", "lon") if name in stated]
    others = [name for name in ("organisation", "field", "type", "listing", "weight") if name in stated]
    others += ["stamp"] if stated & {"year", "date"} else []
    others += ["quality_text"] if "quality" in stated else []
    texts, rest = (", ".join(f"CAST({name} AS VARCHAR)" for name in names) for names in (places, others or ["NULL"]))
    return OF_NOTES.format(places=texts, others=rest, note=NOTE, last=last_counted) if places else ""


def last_counted(rows: pa.Table) -> int | None:
    """Return the `source_row` of the last row with a count; None where none has one."""
    if "count" not in rows.column_names:
        return None
    counts = rows["count"]
    has_count = pc.is_valid(counts)
    if pa.types.is_string(counts.type) or pa.types.is_large_string(counts.type):
        has_count = pc.and_kleene(has_count, pc.not_equal(pc.utf8_trim_whitespace(counts), ""))
    last = pc.max(rows["source_row"].filter(has_count)).as_py()
    return None if last is None else int(last)


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
