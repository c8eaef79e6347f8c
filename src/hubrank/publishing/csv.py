"""ranking.csv: one row per cluster, all clusters, exact decimals; and the same for spreadsheets."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core.files import write_bytes

# What spreadsheets take for the start of a formula (OWASP, "CSV Injection"), full-width signs included.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOM = "\ufeff"
_SPECIAL = re.compile('["\r\n]')


def publish(path: Path, ranking: pa.Table, *, note: str) -> None:
    """Write a ranking as UTF-8 CSV; a note, where there is one, is a last column of every row."""
    write_bytes(path, written(ranking, note=note))


def written(ranking: pa.Table, *, note: str) -> bytes:
    """Return what `publish` writes."""
    return _written(ranking, note, ",", "\n", lambda value: value).encode()


def publish_for_spreadsheets(path: Path, ranking: pa.Table, *, note: str, decimals: str) -> None:
    """Write the same with a byte order mark and CRLF; text that a spreadsheet would compute gets an apostrophe.

    What is true is 1, what is not 0.

    decimals : "." or ","; with "," cells are divided by semicolons, as spreadsheets of such countries expect.
    """

    def cell(value: Any) -> Any:  # noqa: ANN401 (a cell)
        """Return a value as spreadsheets of such countries read it."""
        if isinstance(value, bool):
            return int(value)  # TRUE has another name in every language of spreadsheets
        comma = decimals == "," and isinstance(value, Decimal | float)
        return str(value).replace(".", ",") if comma else harmless(value)

    divider = ";" if decimals == "," else ","
    write_bytes(path, (_BOM + _written(ranking, note, divider, "\r\n", cell)).encode())


def harmless(value: Any) -> Any:  # noqa: ANN401 (a cell)
    """Return text so that no spreadsheet takes it for a formula; numbers stay as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_STARTS) else value


def _written(ranking: pa.Table, note: str, divider: str, end: str, cell: Callable[[Any], Any]) -> str:
    rows = [ranking.column_names, *(list(row.values()) for row in ranking.to_pylist())]
    notes = [["note"], *([[note]] * ranking.num_rows)] if note else [[]] * len(rows)
    lines = [[_field(cell(value), divider) for value in [*row, *more]] for row, more in zip(rows, notes, strict=True)]
    return "".join(divider.join(line) + end for line in lines)


def _field(value: Any, divider: str) -> str:  # noqa: ANN401 (a cell)
    """Quote as RFC 4180 has it, a lone CR too: the csv module's choice differs between versions of Python."""
    text = "" if value is None else str(value)
    return '"' + text.replace('"', '""') + '"' if divider in text or _SPECIAL.search(text) else text
