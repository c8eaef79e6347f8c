"""ranking.xlsx: the ranking for people with a spreadsheet. No cell is a formula or a link, whatever the data say."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from hubrank.core import columns

TABLES = ("ranking", "profiles")
LEADING = 5  # organisations and fields that a profile shows, of each metric
_SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # no clock in hashed output
_CELL = 32_767  # characters that a cell holds (Excel specifications and limits)
_PROFILE = ("cluster_id", "metric", "kind", "rank_in_cluster", "name", "share_pct", "specialisation")
_WIDTHS = {"cluster_id": 34, "cluster": 34, "name": 44, "meaning": 90, "table": 16, "column": 28, "unit": 32}
_NARROWEST = 11


def written(
    tables: Mapping[str, pa.Table],
    *,
    about: Mapping[str, str],
    notes: Sequence[str],
    metrics: columns.Metrics,
    note: str,
) -> bytes:
    """Return a workbook with the sheets About, Ranking, Profiles, Dictionary and Notes.

    The same tables give the same bytes.

    Parameters
    ----------
    tables : `ranking`, and `profiles` where there is one.
    about : what the title sheet says; its first entry is the title.
    notes : one paragraph each.
    metrics : of the study.
    note : printed on every sheet, and in a column of Ranking and Profiles, where there is one.
    """
    sheets = {"ranking": tables["ranking"]}
    if "profiles" in tables:
        sheets["profiles"] = leading(tables["profiles"], tables["ranking"])
    if note:  # a sheet may be copied into another file, where footers and other sheets do not go
        sheets = {name: table.append_column("note", pa.repeat(note, table.num_rows)) for name, table in sheets.items()}
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _SAFE)
    book.set_properties({"title": next(iter(about.values()), ""), "comments": note, "created": _CREATED})
    _about(book, about, note)
    for name, table in sheets.items():
        _table(book, name.capitalize(), table, note)
    _table(book, "Dictionary", _words(sheets, metrics), note)
    _notes(book, notes, note)
    book.close()
    return buffer.getvalue()


def leading(profiles: pa.Table, ranking: pa.Table) -> pa.Table:
    """Return the leading organisations and fields of each cluster and metric, clusters by rank."""
    kinds = pc.is_in(profiles["kind"], pa.array(["organisation", "field"]))
    leading = profiles.filter(pc.and_(kinds, pc.less_equal(profiles["rank_in_cluster"], LEADING))).select(_PROFILE)
    number = pc.index_in(leading["cluster_id"], ranking["cluster_id"].combine_chunks())
    names = ranking["cluster"].combine_chunks().take(number.combine_chunks())
    leading = leading.append_column("rank", ranking["rank"].combine_chunks().take(number.combine_chunks()))
    order = [(name, "ascending") for name in ("rank", "metric", "kind", "rank_in_cluster")]
    return leading.append_column("cluster", names).select(["rank", "cluster", *_PROFILE]).sort_by(order)


def _words(sheets: Mapping[str, pa.Table], metrics: columns.Metrics) -> pa.Table:
    rows = [
        {"table": name, "column": column.name, "unit": column.unit, "meaning": column.meaning}
        for name, table in sheets.items()
        for column in columns.describe(name, table.schema, metrics)
    ]
    return pa.Table.from_pylist(rows, pa.schema([(key, pa.string()) for key in ("table", "column", "unit", "meaning")]))


def _sheet(book: Any, name: str, note: str) -> Any:  # noqa: ANN401 (xlsxwriter has no types)
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    if note:
        sheet.set_footer("&L" + note.replace("&", "&&"))
    return sheet


def _about(book: Any, about: Mapping[str, str], note: str) -> None:  # noqa: ANN401
    sheet = _sheet(book, "About", note)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    bold, wrapped = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    for row, (key, value) in enumerate([*about.items(), *([("note", note)] if note else [])]):
        sheet.write_string(row, 0, key, bold)
        sheet.write_string(row, 1, value[:_CELL], wrapped)


def _notes(book: Any, notes: Sequence[str], note: str) -> None:  # noqa: ANN401
    sheet = _sheet(book, "Notes", note)
    sheet.set_column(0, 0, 120)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for row, text in enumerate([note, *notes] if note else notes):
        sheet.write_string(row, 0, text[:_CELL], wrapped)


def _table(book: Any, name: str, table: pa.Table, note: str) -> None:  # noqa: ANN401
    """Write one table: a bold header that stays in sight, filters, and a number format and width per column."""
    sheet = _sheet(book, name, note)
    header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for number, field in enumerate(table.schema):
        shape = book.add_format({"num_format": _format(field)})
        sheet.set_column(number, number, _WIDTHS.get(field.name, max(_NARROWEST, len(field.name) / 2 + 4)), shape)
        sheet.write_string(0, number, field.name, header)
        write = _writer(sheet, field.type)
        for row, value in enumerate(table[field.name].to_pylist(), start=1):
            if value is not None:
                write(row, number, value)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(1, table.num_rows), max(0, table.num_columns - 1))


def _writer(sheet: Any, kind: pa.DataType) -> Callable[[int, int, Any], object]:  # noqa: ANN401
    """Return what writes a cell of a column: asked once for all its rows, not of each value."""
    if pa.types.is_boolean(kind):
        return sheet.write_boolean  # type: ignore[no-any-return]
    if pa.types.is_decimal(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return sheet.write_number  # type: ignore[no-any-return]
    return lambda row, column, value: sheet.write_string(row, column, str(value)[:_CELL])


def _format(field: pa.Field) -> str:
    """Return how a column's numbers look: whole numbers with separators, decimals with two places."""
    if pa.types.is_decimal(field.type):
        return "#,##0.00"
    return "#,##0" if pa.types.is_integer(field.type) else "General"
