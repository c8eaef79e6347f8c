"""Records with several copies, in one shard of a source or in several: found by sorted hashes, which fit any memory.

A shard stores one hash for each copy of a record. Only records whose hashes meet are compared by their keys.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from hubrank.core.errors import CheckFailed, DataError
from hubrank.core.hashing import hashes
from hubrank.core.runs import begins
from hubrank.core.sphere import Ints
from hubrank.counting.places import Places

Hashes = NDArray[np.uint64]
COPY = ("record_key", "record_version")  # what a copy of a record is known by, in a shard
KEYS = pa.schema([pa.field("record_key", pa.string())])
AT_ONCE = 2_000_000  # hashes that are compared at once: 16 MB, and as much again for their sorted copy
ROWS = 500_000  # of a shard at a time
FILE = "records.npy"
EXAMPLES = 3  # of ids that several sources have


class Copies(NamedTuple):
    """The copies of records in rows of which those of each copy follow each other, or its runs where they do not.

    start : int64, shape (copies,): the first row of each; hashes : uint64, shape (copies,), of their records' keys.
    """

    start: Ints
    hashes: Hashes


class Piece(NamedTuple):
    """Located rows, which of them are at a place, and their copies where these are known already."""

    rows: pa.Table
    is_located: NDArray[np.bool_]
    copies: Copies | None = None


def write_hashes(folder: Path, located: Path, pieces: Iterable[Piece]) -> tuple[int, bool]:
    """Write the sorted hashes of a shard's records into its folder, one for each copy of a record.

    located : Parquet[record_key, record_version, records, record_units, units, …]; `records` is above 0 on one row of
        each copy: a located one where there is any. pieces : of it, as `pieces` returns them.
    Returns how many ids differ from another only in upper and lower case, and whether the rows of each copy follow each
    other.
    Raises CheckFailed where a located record does not weigh its record_units for each record that it counts as,
    DataError where that is because its rows do not agree on how many records they count as, or on what one weighs.
    """
    parts, excess, lower = [np.empty(0, np.uint64)], np.zeros(1, np.uint64), [np.empty(0, np.uint64)]
    runs, last, capitals = 0, None, False
    for table, is_located, copies in pieces:
        start, of_runs = copies or copies_in(table)
        record_hashes = np.repeat(of_runs, np.diff(start, append=len(table)))
        excess += _excess(table, record_hashes, is_located)
        runs, last = runs + len(start) - (_copy(table, 0) == last), _copy(table, -1)
        is_first = table["records"].to_numpy() > 0
        parts.append(record_hashes[is_first])
        keys = table["record_key"].filter(pa.array(is_first))
        lower_case = pc.utf8_lower(keys)
        has_capitals = not lower_case.equals(keys)
        lower.append(hashes(lower_case) if has_capitals else parts[-1])
        capitals = capitals or has_capitals
    if excess.any():
        _expect_one_count(located)
        raise CheckFailed("located records do not weigh what they should. Please report it.")
    in_order = np.sort(np.concatenate(parts))
    np.save(folder / FILE, in_order)
    alike = _distinct(in_order) - _distinct(np.sort(np.concatenate(lower))) if capitals else 0
    return alike, runs == len(in_order)


def copies_in(table: pa.Table) -> Copies:
    """Return the copies of records in rows."""
    start = np.flatnonzero(begins(table, COPY))
    return Copies(start, hashes(table["record_key"].take(pa.array(start))))


def _copy(table: pa.Table, row: int) -> tuple[str, int]:
    key, version = (table[name][row].as_py() for name in COPY)
    return key, version


def pieces(located: Path, places: Places) -> Iterator[Piece]:
    """Read the rows of a shard in pieces, each with which of them are located. places : of their addresses."""
    for table in _read(located, [*COPY, "year", "records", "record_units", "units", "listings", "address_key"]):
        yield Piece(table, places.rows(table["address_key"].to_numpy())[1])


def _distinct(in_order: Hashes) -> int:
    return int((in_order[1:] != in_order[:-1]).sum()) + bool(len(in_order))


def _expect_one_count(located: Path) -> None:
    """Raise DataError with the name of a record whose rows count as different numbers of records."""
    for column, label in (("count", "counts of records"), ("record_units", "weights of the record, in billionths")):
        _expect_one(located, column, label)


def _expect_one(located: Path, column: str, label: str) -> None:
    key = list(COPY)
    rows = pq.read_table(located, columns=[*key, column, "source_file", "source_row"])
    counts = rows.group_by(key).aggregate([(column, "min"), (column, "max")])
    torn = counts.filter(pc.less(counts[f"{column}_min"], counts[f"{column}_max"])).sort_by(
        [(name, "ascending") for name in key]
    )
    if not len(torn):
        return
    record = torn.slice(0, 1).to_pylist()[0]
    same = pc.and_(*(pc.equal(rows[name], record[name]) for name in key))
    of_record = rows.filter(same).to_pylist()
    by_line = sorted((row["source_file"], row["source_row"], row[column]) for row in of_record)
    other = next(row for row in by_line if row[2] != by_line[0][2])
    lines = (f"{file} line {line} for {count}" for file, line, count in (by_line[0], other))
    raise DataError(
        f"record {record['record_key']!r} has rows with different {label}: {', '.join(lines)}. "
        f"All rows of a record must have the same; otherwise give them different ids."
    )


def _read(located: Path, columns: list[str]) -> Iterator[pa.Table]:
    """Read a shard in pieces: one may hold all records of a source."""
    with pq.ParquetFile(located) as file:
        yield from (pa.Table.from_batches([batch]) for batch in file.iter_batches(ROWS, columns=columns))


def _excess(table: pa.Table, record_hashes: Hashes, is_located: NDArray[np.bool_]) -> Hashes:
    """Return what units are beyond those of each located record, weighed by the records' hashes, modulo 2**64.

    Added up over a shard it is 0 where each record weighs what it should: no grouping is needed for that.
    """
    units, records, each = (table[name].to_numpy().astype(np.uint64) for name in ("units", "records", "record_units"))
    due = np.where(is_located, each * records, np.uint64(0))
    return np.asarray(((units - due) * record_hashes).sum(keepdims=True), np.uint64)


def suspects(shards: Sequence[tuple[Path, Path]], at_once: int = AT_ONCE) -> pa.Table:
    """Return the keys of records of which there may be several copies in shards of one metric.

    shards : per shard, its folder and the file of its located rows.
    at_once : about how many hashes are in memory.

    Returns
    -------
    Table[record_key]
        Every record with several copies, and by a rare chance one that has only one.
    """
    repeated = _repeated([folder / FILE for folder, _ in shards], at_once)
    keys = [_keys(located, repeated) for folder, located in shards if _has_any(_mapped(folder / FILE), repeated)]
    return pa.table([pa.chunked_array(keys, pa.string()).unique()], schema=KEYS)


def _mapped(file: Path) -> Hashes:
    """Return the hashes of a shard without reading them: an open file, as long as they are in use."""
    mapped: Hashes = np.load(file, mmap_mode="r")
    return mapped


def in_earlier(sources: Sequence[Sequence[tuple[Path, Path]]], at_once: int = AT_ONCE) -> list[tuple[int, list[str]]]:
    """Return, per source of one metric, how many of its ids an earlier source has as well, and EXAMPLES of them.

    sources : per source, the folder and the file of located rows of each of its shards. Only hashes are compared; of
        located rows those of shards with an example are read.
    """
    files = [[folder / FILE for folder, _ in source] for source in sources]
    owner = np.repeat(np.arange(len(sources)), [len(source) for source in sources])
    counts, first = [0] * len(sources), [np.empty(0, np.uint64) for _ in sources]
    for pieces in _pieces([file for source in files for file in source], at_once):
        before = np.empty(0, np.uint64)
        for number in range(len(sources)):
            of_source = [piece for piece, of in zip(pieces, owner, strict=True) if of == number]
            ids = np.unique(np.concatenate([np.empty(0, np.uint64), *of_source]))
            shared = np.intersect1d(ids, before, assume_unique=True)
            counts[number] += len(shared)
            first[number] = np.concatenate([first[number], shared])[:EXAMPLES]
            before = np.union1d(before, ids)
    return [(count, _examples(source, wanted)) for count, source, wanted in zip(counts, sources, first, strict=True)]


def _examples(shards: Sequence[tuple[Path, Path]], wanted: Hashes) -> list[str]:
    keys = [_keys(located, wanted) for folder, located in shards if _has_any(_mapped(folder / FILE), wanted)]
    return sorted(set(pa.chunked_array(keys, pa.string()).to_pylist()))[:EXAMPLES]


def _repeated(files: Sequence[Path], at_once: int) -> Hashes:
    """Return the hashes that occur more than once."""
    repeated = []
    for pieces in _pieces(files, at_once):
        in_range = np.concatenate([np.empty(0, np.uint64), *pieces])
        in_range.sort(kind="stable")  # which merges sorted runs, of each shard one: twice as fast
        repeated.append(np.unique(in_range[1:][in_range[1:] == in_range[:-1]]))
    return np.concatenate(repeated)


def _pieces(files: Sequence[Path], at_once: int) -> Iterator[list[Hashes]]:
    """Yield the hashes of each file, one range of hashes after the other.

    One file is open at a time: a source may have more files than a process may open.
    """
    ranges = 1 + sum(len(_mapped(file)) for file in files) // at_once
    edges = np.array([number * 2**64 // ranges for number in range(1, ranges)], np.uint64)
    cuts = [_cuts(_mapped(file), edges) for file in files]
    for number in range(ranges):
        yield [np.array(_mapped(file)[cut[number] : cut[number + 1]]) for file, cut in zip(files, cuts, strict=True)]


def _cuts(shard_hashes: Hashes, edges: Hashes) -> NDArray[np.int64]:
    return np.concatenate([[0], np.searchsorted(shard_hashes, edges), [len(shard_hashes)]])


def _has_any(shard_hashes: Hashes, repeated: Hashes) -> bool:
    return bool(len(repeated)) and bool(len(shard_hashes)) and bool(np.isin(repeated, shard_hashes).any())


def _keys(located: Path, repeated: Hashes) -> pa.Array:
    """Return the keys of a shard's records whose hashes are repeated."""
    keys = [pa.array([], pa.string())]
    for table in _read(located, ["record_key", "records"]):
        records = table.filter(pc.greater(table["records"], 0))["record_key"]
        keys.append(records.filter(pa.array(np.isin(hashes(records), repeated))).combine_chunks())
    return pa.concat_arrays(keys)
