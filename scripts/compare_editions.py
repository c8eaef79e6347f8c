"""Compare the tables and CSV files of two editions of the same records, made by older and by newer code.

`python scripts/compare_editions.py OLD NEW` renames the tables and columns of the edition OLD as
`renamed_columns.json` says, prints every table, CSV file and column that differs, and ends with 1 where there is any.
What `changed` lists there, by table and column, may differ for the reason given.
"""

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

NAMES = Path(__file__).with_name("renamed_columns.json")
Columns = dict[str, Any]


def tables(edition: Path, renamed: dict[str, Any]) -> dict[str, Columns]:
    """Return the columns of every table and CSV file of an edition, by their new names.

    A column of a table is an Arrow array, of a CSV file a list of texts.
    """
    contents: dict[str, Columns] = {}
    for path in sorted((edition / "tables").glob("*.parquet")):
        name = renamed["tables"].get(path.stem, path.stem)
        table = pq.read_table(path).replace_schema_metadata()
        new = renamed["columns"].get(name, {})
        contents[name] = {new.get(column, column): table[column] for column in table.column_names}
    for path in sorted(edition.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        new = renamed["columns"].get(path.stem, {})
        contents[path.name] = {new.get(name, name): [row[at] for row in rows] for at, name in enumerate(header)}
    return contents


def differences(old: dict[str, Columns], new: dict[str, Columns], changed: dict[str, str]) -> list[str]:
    """Return one line per table, order of columns or column that differs and is not listed as changed."""
    lines = [f"{name}: only in one edition" for name in sorted(old.keys() ^ new.keys())]
    for name in sorted(old.keys() & new.keys()):
        columns = [[column for column in each[name] if f"{name}.{column}" not in changed] for each in (old, new)]
        if columns[0] != columns[1]:
            lines.append(f"{name}: columns {', '.join(columns[0])} and {', '.join(columns[1])}")
            continue
        lines += [f"{name}.{column}" for column in columns[0] if not same(old[name][column], new[name][column])]
    return lines


def same(old: pa.ChunkedArray | list[str], new: pa.ChunkedArray | list[str]) -> bool:
    """Return whether two columns have the same type and values, in order."""
    if isinstance(old, list) or isinstance(new, list):
        return old == new
    return bool(old.type == new.type and old.equals(new))


def main(old: Path, new: Path) -> int:
    """Print what differs; return 1 where anything does."""
    renamed = json.loads(NAMES.read_text("utf-8"))
    before, after = tables(old, renamed), tables(new, {"tables": {}, "columns": {}})
    lines = differences(before, after, renamed["changed"])
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.write(f"{len(before)} tables and CSV files compared; {len(lines)} differences.\n")
    return int(bool(lines))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    options = parser.parse_args()
    sys.exit(main(options.old, options.new))
