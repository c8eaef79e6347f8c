"""Compressed files that contain no time of writing, tables, and small text files."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from hubrank.core.files import atomic_file, write_bytes

FASTEST = 1  # compression level
PIECE = 1 << 20  # bytes compressed at a time


@contextmanager
def gzipped(path: Path) -> Iterator[IO[bytes]]:
    """Open a gzip file that holds neither time nor name."""
    with (
        atomic_file(path) as file,
        gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=FASTEST, mtime=0) as packed,
        io.BufferedWriter(packed, PIECE) as lines,
    ):
        yield lines


@contextmanager
def zipped(path: Path) -> Iterator[IO[bytes]]:
    """Open the one table of a zip file: `g_patent.tsv.zip` holds `g_patent.tsv`, dated 1980-01-01."""
    with (
        atomic_file(path) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=FASTEST) as archive,
        archive.open(path.name.removesuffix(".zip"), "w", force_zip64=True) as table,
    ):
        yield table


def write_text(path: Path, text: str) -> None:
    """Write a small text file."""
    write_bytes(path, text.encode())


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table as Parquet."""
    with atomic_file(path) as file:
        pq.write_table(table, file, compression="zstd")
