"""ranking.csv: one row per cluster, all clusters, exact decimals; and the same for spreadsheets."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.edition import write_bytes

# What spreadsheets take for the start of a formula (OWASP, "CSV Injection"), full-width signs included.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOM = "\ufeff"


def publish(path: Path, ranking: pa.Table, *, note: str) -> None:
    """Write a ranking as UTF-8 CSV; a note, where there is one, is a last column of every row."""
    write_bytes(path, _written(ranking, note, "\n", lambda value: value).encode())


def publish_for_spreadsheets(path: Path, ranking: pa.Table, *, note: str) -> None:
    """Write the same with a byte order mark and CRLF; text that a spreadsheet would reckon with gets an apostrophe."""
    write_bytes(path, (_BOM + _written(ranking, note, "\r\n", harmless)).encode())


def harmless(value: Any) -> Any:  # noqa: ANN401 (a cell)
    """Return text so that no spreadsheet takes it for a formula; numbers stay as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_STARTS) else value


def _written(ranking: pa.Table, note: str, end: str, cell: Callable[[Any], Any]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    writer.writerow([cell(name) for name in (*ranking.column_names, *(["note"] if note else []))])
    for row in ranking.to_pylist():
        values = ["" if value is None else cell(value) for value in row.values()]
        writer.writerow([*values, *([note] if note else [])])
    return text.getvalue()
