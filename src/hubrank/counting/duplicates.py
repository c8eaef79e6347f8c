"""Which records may stand in more than one shard, or twice in one: found by sorted hashes, which fit any memory.

A shard keeps one number for each copy of a record. Only records whose numbers meet are looked at by name.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from hubrank.core.errors import CheckFailed, DataError
from hubrank.core.hashing import hashes
from hubrank.core.units import UNIT

Hashes = NDArray[np.uint64]
KEYS = pa.schema([pa.field("record_key", pa.string())])
AT_ONCE = 2_000_000  # numbers that are held against each other: 16 MB, and as much again for what is compared
ROWS = 500_000  # of a shard at a time
FILE = "records.npy"


def keep(folder: Path, located: Path) -> None:
    """Write the sorted hashes of a shard's records beside them, one for each copy of a record.

    located : Parquet[record_key, records, units, lat_e7, …]; `records` is above 0 on one row of each copy.
    Raises CheckFailed where a located record does not weigh UNIT for each record that it stands for, DataError where
    that is because its rows do not agree on how many records they stand for.
    """
    found, astray = [np.empty(0, np.uint64)], np.zeros(1, np.uint64)
    for table in _read(located, ["record_key", "records", "units", "lat_e7"]):
        number = hashes(table["record_key"])
        astray += _astray(table, number)
        found.append(number[table["records"].to_numpy() > 0])
    if astray.any():
        _expect_one_count(located)
        raise CheckFailed("located records do not weigh a whole number of UNITs. Please report it.")
    np.save(folder / FILE, np.sort(np.concatenate(found)))


def _expect_one_count(located: Path) -> None:
    """Raise DataError naming a record whose rows stand for different numbers of records."""
    of = ["record_key", "record_version"]
    rows = pq.read_table(located, columns=[*of, "count", "source_file", "source_row"])
    told = rows.group_by(of).aggregate([("count", "min"), ("count", "max")])
    torn = told.filter(pc.less(told["count_min"], told["count_max"])).sort_by([(name, "ascending") for name in of])
    if not len(torn):
        return
    one = torn.slice(0, 1).to_pylist()[0]
    mine = rows.filter(pc.and_(*(pc.equal(rows[name], one[name]) for name in of)))
    said = sorted((row["source_file"], row["source_row"], row["count"]) for row in mine.to_pylist())
    other = next(row for row in said if row[2] != said[0][2])
    lines = (f"{file} line {line} for {count}" for file, line, count in (said[0], other))
    raise DataError(
        f"record {one['record_key']!r} has rows that stand for different numbers of records: {', '.join(lines)}. "
        f"Rows of one record stand for as many; give these ids of their own."
    )


def _read(located: Path, columns: list[str]) -> Iterator[pa.Table]:
    """Read a shard in pieces: one may hold all records of a source."""
    with pq.ParquetFile(located) as file:
        yield from (pa.Table.from_batches([batch]) for batch in file.iter_batches(ROWS, columns=columns))


def _astray(table: pa.Table, number: Hashes) -> Hashes:
    """Return what units are beyond UNIT for each located record, weighed by the records' hashes, modulo 2**64.

    Added up over a shard it is 0 where each record weighs what it should: no grouping is needed for that.
    """
    units, records = (table[name].to_numpy().astype(np.uint64) for name in ("units", "records"))
    due = np.where(pc.is_valid(table["lat_e7"]).to_numpy(), np.uint64(UNIT) * records, np.uint64(0))
    return np.asarray(((units - due) * number).sum(keepdims=True), np.uint64)


def suspects(shards: Sequence[tuple[Path, Path]], at_once: int = AT_ONCE) -> pa.Table:
    """Return the keys of records of which there may be several copies in shards of one metric.

    shards : per shard, its folder and the file of its located rows.
    at_once : about how many hashes are in memory.

    Returns
    -------
    Table[record_key]
        Every record that stands more than once, and by a rare chance one that does not.
    """
    kept = [np.load(folder / FILE, mmap_mode="r") for folder, _ in shards]
    meeting = _meeting(kept, at_once)
    found = [_named(located, meeting) for one, (_, located) in zip(kept, shards, strict=True) if _among(one, meeting)]
    return pa.table([pa.chunked_array(found, pa.string()).unique()], schema=KEYS)


def _meeting(kept: Sequence[Hashes], at_once: int) -> Hashes:
    """Return the numbers that stand more than once, a range of numbers after the other."""
    parts = 1 + sum(map(len, kept)) // at_once
    edges = np.array([part * 2**64 // parts for part in range(1, parts)], np.uint64)
    cuts = [np.concatenate([[0], np.searchsorted(one, edges), [len(one)]]) for one in kept]
    found = []
    for part in range(parts):
        pieces = [one[cut[part] : cut[part + 1]] for one, cut in zip(kept, cuts, strict=True)]
        mine = np.concatenate([np.empty(0, np.uint64), *pieces])
        mine.sort()
        found.append(np.unique(mine[1:][mine[1:] == mine[:-1]]))
    return np.concatenate(found)


def _among(one: Hashes, meeting: Hashes) -> bool:
    return bool(len(meeting)) and bool(len(one)) and bool(np.isin(meeting, one).any())


def _named(located: Path, meeting: Hashes) -> pa.Array:
    found = [pa.array([], pa.string())]
    for table in _read(located, ["record_key", "records"]):
        records = table.filter(pc.greater(table["records"], 0))["record_key"]
        found.append(records.filter(pa.array(np.isin(hashes(records), meeting))).combine_chunks())
    return pa.concat_arrays(found)
