"""Files that a study names twice, where their rows would count twice."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from hubrank.core.errors import DataError
from hubrank.core.remote import InputFile
from hubrank.sources.ledger import RowLedger
from hubrank.sources.shard import Shard
from hubrank.study.sections import SourceSection


def equal_files(shards: Iterable[Shard]) -> Iterator[tuple[str, str]]:
    """Yield the names of two files of a source that are equal byte by byte, where each of their rows is a listing.

    These would count twice. Elsewhere equal rows of a record are one listing, or its copies are known.
    """
    for shard in shards:
        if not shard.options.counts_each_row:
            continue
        by_content: dict[str, str] = {}
        for path, file in zip(shard.files.main, shard.inputs, strict=False):  # the first inputs are the main files
            first = by_content.setdefault(json.dumps(file.version), shard.files.name(path))
            if first != shard.files.name(path) and _has_rows(shard, path):
                yield first, shard.files.name(path)


def _has_rows(shard: Shard, path: InputFile) -> bool:
    ledger = RowLedger()
    alone = replace(shard, files=replace(shard.files, main=(path,)))
    return any(ledger.rows_read for _ in alone.tables(ledger)) or ledger.rows_read > 0


def expect_no_file_twice(section: SourceSection, number: int, shards: Iterable[Shard]) -> None:
    """Raise DataError where a source has a file twice. number : of the source in the study, from 1."""
    if twice := next(equal_files(shards), None):
        raise DataError(f"[[sources]] number {number} ({section.metric}, {section.reader}): {said_twice(*twice)}.")


def said_twice(first: str, second: str) -> str:
    """Say that two files are equal, and what to do."""
    return (
        f"{second} is byte by byte the same file as {first}, so that its rows would count twice: remove one of them, "
        f"or name only the other under files"
    )
