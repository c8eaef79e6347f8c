"""Print two hashes of every output of a small simulated world, to hold two environments against each other.

`python scripts/fingerprint.py FOLDER THREADS [--shuffle SEED] [--editions N]` (the folder is made). The first hash is
of the bytes: the same wherever the same files are read. The second is of what no order of rows and files may change:
the bytes again, but for what names files and lines by its purpose. That is

- the numbers of lines and the names of files in the tables `located` and `set_aside`, and the order that comes of them:
  their rows are compared as a set;
- the names, sizes and hashes of the raw files in `edition.json` and `ro-crate-metadata.json`, and the sizes and hashes
  of outputs wherever they are told: those outputs are compared themselves.

`run.json` is not hashed. Some rows of the world are spoilt, so that `set_aside.parquet` holds any.
"""

import argparse
import hashlib
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import shuffle

from hubrank import pipeline
from hubrank.core.files import sha256
from hubrank.simulation import simulate

NAMES_LINES = ("source_file", "source_row")
TEXTS = (".json", ".jsonld", ".html")
HASH = re.compile(r"\b[0-9a-f]{64}\b")
WORKS = re.compile(r"part_\d{3}\.gz")
SIZE = re.compile(r'("bytes": |"contentSize": "|"@value": ")(\d+)')
CELL = re.compile(r'(<td class="n">)([\d,]+)')  # in the list of all files
EXAMPLES = re.compile(r'"examples_of_copies": \[.*?\]', re.DOTALL)  # each names a file and a line
LINE = re.compile(r"(INSERT INTO \"set_aside\" VALUES\('\w+',)'[^']*',\d+,")
SPOILT = 400  # one row in so many


def of_rows(path: Path) -> str:
    """Hash a table as a set of rows without the lines that they come from."""
    table = pq.read_table(path)
    rows = table.drop_columns([name for name in NAMES_LINES if name in table.column_names])
    lines = sorted(repr(row) for row in rows.to_pylist())
    return hashlib.sha256("\n".join([str(table.schema), *lines]).encode()).hexdigest()


def of_text(path: Path, sizes: set[str]) -> str:
    """Hash a text without the hashes, the names of raw files and the sizes that it tells."""
    text = EXAMPLES.sub("(examples)", path.read_text("utf-8"))
    text = WORKS.sub("part.gz", HASH.sub("(hash)", text))
    for pattern in (SIZE, CELL) if path.name == "data.html" else (SIZE,):
        text = pattern.sub(lambda m: f"{m[1]}(size)" if m[2].replace(",", "") in sizes else m[0], text)
    return hashlib.sha256(text.encode()).hexdigest()


def of_database(path: Path) -> str:
    """Hash the dump of a database, its lines as a set, without the lines that rows were set aside from."""
    with closing(sqlite3.connect(path)) as database:
        lines = sorted(LINE.sub(r"\1", line) for line in database.iterdump())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def without_order(path: Path, sizes: set[str]) -> str:
    """Hash what no order of rows and files may change."""
    if path.name in ("located.parquet", "set_aside.parquet"):
        return of_rows(path)
    if path.suffix == ".sqlite":
        return of_database(path)
    return of_text(path, sizes) if path.suffix in TEXTS else sha256(path)


def told_sizes(world: Path, editions_made: list[Path]) -> set[str]:
    """Return the sizes that hang on the order of lines: of raw files and of what names lines or those files."""
    files = [path for path in (world / "raw").rglob("*") if path.is_file()]
    for folder in editions_made:
        files += [folder / "tables" / "located.parquet", folder / "tables" / "set_aside.parquet"]
        files += [path for path in folder.iterdir() if path.suffix in TEXTS]
    return {str(path.stat().st_size) for path in files}


def spoil(rounds: Path) -> None:
    """Make some dates of a table unreadable, always in the same rows."""
    lines = rounds.read_text("utf-8").splitlines(keepends=True)
    lines[SPOILT::SPOILT] = [re.sub(r",20(\d\d-\d\d-\d\d),(?=,)", r",2o\1,,", line) for line in lines[SPOILT::SPOILT]]
    rounds.write_text("".join(lines), "utf-8")


def main(folder: Path, threads: int, shuffled: int | None, editions: int) -> None:
    """Simulate, shuffle where asked, rank, print."""
    world = simulate(folder, listings=80_000, seed=7)
    spoil(folder / "raw" / "crunchbase" / "funding_rounds.csv")
    if shuffled is not None:
        shuffle.main(folder, shuffled)
    editions_made = []
    for study in world.studies[:editions]:
        editions_made.append(folder / study.stem)
        pipeline.run(study, editions_made[-1], threads=threads, lean=True)
    sizes = told_sizes(folder, editions_made)
    for path in sorted(path for one in editions_made for path in one.rglob("*")):
        if path.is_file() and path.name != "run.json":
            name = path.relative_to(folder).as_posix()
            print(sha256(path), without_order(path, sizes), name)  # noqa: T201 (a script)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("threads", type=int)
    parser.add_argument("--shuffle", type=int, metavar="SEED")
    parser.add_argument("--editions", type=int, default=2)
    arguments = parser.parse_args()
    main(arguments.folder, arguments.threads, arguments.shuffle, arguments.editions)
