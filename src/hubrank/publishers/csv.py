"""ranking.csv: one row per cluster, all clusters, exact decimals."""

import csv
import io
from pathlib import Path

import pyarrow as pa

from hubrank.edition import write_bytes


def publish(path: Path, ranking: pa.Table, *, note: str) -> None:
    """Write a ranking as UTF-8 CSV; a note, where there is one, is a last column of every row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*ranking.column_names, *(["note"] if note else [])])
    for row in ranking.to_pylist():
        values = ["" if value is None else value for value in row.values()]
        writer.writerow([*values, *([note] if note else [])])
    write_bytes(path, text.getvalue().encode())
