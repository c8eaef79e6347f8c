"""Files that are complete or absent: written to a draft, fsynced and renamed; they contain no time of writing."""

import gzip
import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

FASTEST = 1  # compression level
PIECE = 1 << 20  # bytes compressed at a time


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """Open `path` for writing; it appears under its name once all is on disk, and not at all where writing fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def gzipped(path: Path) -> Iterator[IO[bytes]]:
    """Open a gzip file that holds neither time nor name."""
    with (
        written(path) as file,
        gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=FASTEST, mtime=0) as packed,
        io.BufferedWriter(packed, PIECE) as lines,
    ):
        yield lines


@contextmanager
def zipped(path: Path) -> Iterator[IO[bytes]]:
    """Open the one table of a zip file: `g_patent.tsv.zip` holds `g_patent.tsv`, dated 1980-01-01."""
    with (
        written(path) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=FASTEST) as archive,
        archive.open(path.name.removesuffix(".zip"), "w", force_zip64=True) as table,
    ):
        yield table


def write_text(path: Path, text: str) -> None:
    """Write a small text file."""
    with written(path) as file:
        file.write(text.encode())
