"""Copies among the first rows of a source's files, for a check before a long run (METHOD 1)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from hubrank.analysis.sampled_rows import first_rows
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.counting.copies import MOST_PCT, shared_ids
from hubrank.sources.shard import Shard

MOST_FILES = 20  # files of one source that are compared
EXAMPLES = 3
COLUMNS = ("record_key", "record_version", "date", "source_file", "source_row")
OF_LISTING = ("record_key", "record_version", "listing_no", *ADDRESS_SCHEMA.names)  # as counting.located has it


@dataclass(frozen=True, slots=True)
class SourceIds:
    """The ids of records among the rows that were read of each source, by metric."""

    of_metric: dict[str, set[str]] = field(default_factory=dict)

    def remarks(self, metric: str, tables: Sequence[pa.Table]) -> Iterator[str]:
        """Add the ids of the next source; say how many of them an earlier source of the metric has as well."""
        ids = {key for table in tables for key in table["record_key"].to_pylist()}
        before = self.of_metric.setdefault(metric, set())
        if shared := sorted(ids & before):
            yield f"of the rows that were read, {len(shared):,} {shared_ids(shared[:EXAMPLES])}"
        before |= ids


def repeated(first: list[pa.Table]) -> int:
    """Return how many of the first listings of a shard repeat another of their record, so that they do not count."""
    if not first:
        return 0
    listings = pa.concat_tables(first).select(OF_LISTING)
    return len(listings) - len(listings.group_by(list(OF_LISTING)).aggregate([]))


def once(listings: pa.Table) -> pa.Table:
    """Return listings, in their order, without those that repeat another of their record: a run counts one of them."""
    numbered = listings.select(OF_LISTING).append_column("number", pa.array(range(len(listings)), pa.int64()))
    first = numbered.group_by(list(OF_LISTING)).aggregate([("number", "min")])["number_min"]
    return listings.take(pa.array(sorted(first.to_pylist()), pa.int64()))


def copies(shards: Sequence[Shard], first: list[pa.Table], rows: int) -> dict[str, Any]:
    """Return how many of the first rows of a source are copies of others or of older versions, and three examples.

    shards : of one source; first : listings of the first of them; rows : of each further one, at most.
    """
    others = shards[1:MOST_FILES]
    parts = [first, *(first_rows(shard, max(1, rows // len(others))) for shard in others)]
    versions: dict[str, dict[tuple[int, int], list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    searched = set()
    for number, tables in enumerate(parts):
        for listing in _listings(tables, rows):
            versions[listing["record_key"]][number, listing["record_version"]].append(listing)
            searched.add((listing["source_file"], listing["source_row"]))
    several = [list(each.values()) for each in versions.values() if len(each) > 1]
    lost = sorted(copy for each in several for copy in _copies_of(each))
    copied_rows = sum(len(lines) for *_, lines in lost)
    names = ("file", "line", "record", "counted_file", "counted_line")
    return {
        "rows_searched": len(searched),
        "repeated": repeated(first),
        "copied_rows": copied_rows,
        "older_rows": sum(map(_older_rows, several)),
        "too_many_copies": shards[0].section.copies != "drop" and 100 * copied_rows > MOST_PCT * len(searched),
        "examples_of_copies": [dict(zip(names, copy[:-1], strict=True)) for copy in lost[:EXAMPLES]],
    }


def _listings(tables: list[pa.Table], rows: int) -> Iterator[dict[str, Any]]:
    for table in tables:
        yield from table.select(COLUMNS).slice(0, rows).to_pylist()


def _copies_of(
    versions: list[list[dict[str, Any]]],
) -> Iterator[tuple[str, int, str, str, int, tuple[tuple[str, int], ...]]]:
    """Yield file, line, record, file and line of the copy that counts, and rows, of each copy that is no older version.

    The first of equally late copies stands for the one that counts: which of them it is depends on their places.
    """
    dated = [(max(row["date"] or "" for row in rows), sorted(_lines(rows))) for rows in versions]
    last = max(date for date, _ in dated)
    counted, *equal = sorted(lines for date, lines in dated if date == last)
    undated = [lines for date, lines in dated if not date and last]
    for lines in [*equal, *undated]:
        yield (*lines[0], versions[0][0]["record_key"], *counted[0], tuple(lines))


def _older_rows(versions: list[list[dict[str, Any]]]) -> int:
    """Return how many rows are of versions of a record that one of a later date replaces."""
    dated = [(max(row["date"] or "" for row in rows), _lines(rows)) for rows in versions]
    last = max(date for date, _ in dated)
    return sum(len(lines) for date, lines in dated if date and date != last)


def _lines(rows: list[dict[str, Any]]) -> set[tuple[str, int]]:
    return {(row["source_file"], row["source_row"]) for row in rows}
