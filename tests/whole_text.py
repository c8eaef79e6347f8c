"""All text of an edition, whatever file it lies in: for tests that look for what must not be there."""

import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def texts(folder: Path):
    """Yield (name, text) of every file, compressed ones unpacked."""
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            continue
        name = path.relative_to(folder).as_posix()
        if path.suffix in {".parquet", ".geoparquet"}:
            yield name, _table(path)
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                yield from ((f"{name}/{part}", book.read(part).decode("utf-8", "replace")) for part in book.namelist())
        elif path.suffix == ".sqlite":
            with closing(sqlite3.connect(path)) as database:
                yield name, "\n".join(database.iterdump())
        else:
            yield name, path.read_bytes().decode("utf-8", "replace")


def _table(path: Path) -> str:
    """Return every distinct value of each column, and the metadata."""
    table = pq.read_table(path)
    plain = [name for name in table.column_names if name != "geometry"]
    values = {
        name: table[name].to_pylist()
        if pa.types.is_nested(table.schema.field(name).type)
        else table[name].unique().to_pylist()
        for name in plain
    }
    return json.dumps(values, default=str, ensure_ascii=False) + str(table.schema.metadata)
