"""Some columns of a remote Parquet file: its footer, then only the byte ranges of these columns.

The ranges are written at their places into a sparse part, and noted once they are there, so that an interrupted command
fetches none twice. From the part the columns are written into a smaller file.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import httpx
import pyarrow as pa
import pyarrow.parquet as pq

from hubrank.acquisition.client import Client
from hubrank.acquisition.download import Meter, Part, validator_of
from hubrank.acquisition.provider import RemoteFile
from hubrank.core.errors import DataError
from hubrank.core.files import sync

BLOCK = 8 << 20  # bytes of one request at most
GAP = 1 << 20  # bytes between two ranges that are fetched along, as another request would take longer
_FOOT = 8  # bytes at the end: the length of the footer and the mark
_TAIL = 1 << 16  # bytes that contain the footer of most files
_STALLS = 6
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)$")

Range = tuple[int, int]  # first byte, byte after the last


def requests(size: int | None) -> int:
    """Return the most requests that the columns of a file take, short of failures."""
    return 6 if size is None else 6 + size // GAP + size // BLOCK


class ColumnsPart:
    """The sparse copy of a remote file, and which of its bytes are there."""

    def __init__(self, part: Part, file: RemoteFile, client: Client, meter: Meter) -> None:
        self.part, self._file, self._client, self._meter = part, file, client, meter
        self._journal = part.path.with_suffix(".ranges")
        self._ranges = _noted(self._journal)
        if part.total is None or not part.path.exists():
            self.discard()

    @property
    def done(self) -> int:
        """Bytes that are there."""
        return sum(end - start for start, end in self._ranges)

    def discard(self) -> None:
        """Remove what is there."""
        self.part.discard()
        self._ranges = set()

    def tail(self) -> int:
        """Fetch the end of the file with its footer; return where the footer begins."""
        if self.part.total is None or not any(end == self.part.total for _, end in self._ranges):
            self._take("bytes=-" + str(_TAIL), None)
        total = self._total
        with self.part.path.open("rb") as copy:
            copy.seek(total - _FOOT)
            foot = copy.read(_FOOT)
        start = total - _FOOT - int.from_bytes(foot[:4], "little")
        if foot[4:] != b"PAR1" or start < 0:
            self.discard()
            raise DataError(f"{self._client.named(self._file.address)} is not a Parquet file. Its copy was removed.")
        self.fetch([(start, max(start, total - _TAIL))])
        return start

    def fetch(self, ranges: list[Range]) -> None:
        """Fetch ranges that are not there, a block at a time."""
        for start, end in ranges:
            for first in range(start, end, BLOCK):
                block = (first, min(first + BLOCK, end))
                if block not in self._ranges:
                    self._take(f"bytes={block[0]}-{block[1] - 1}", block)

    @property
    def _total(self) -> int:
        if self.part.total is None:
            raise DataError(f"{self._client.named(self._file.address)}: its server does not state its size.")
        return self.part.total

    def _take(self, wanted: str, block: Range | None) -> None:
        for stall in range(_STALLS):
            try:
                with self._client.stream(self._file.address, self._headers(wanted)) as response:
                    content = b"".join(response.iter_raw())
            except httpx.HTTPError as error:
                if stall == _STALLS - 1:
                    raise self._client.failed(self._file.address, error) from None
                continue
            self._keep(response, content, block)
            return

    def _headers(self, wanted: str) -> dict[str, str]:
        return {"Range": wanted} | ({"If-Range": self.part.validator} if self.part.validator else {})

    def _keep(self, response: httpx.Response, content: bytes, block: Range | None) -> None:
        """Write a range to its place and note it. Raises DataError where it is none of this version of the file."""
        place = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
        if response.status_code != 206 or place is None:
            self._changed("it answered with the whole file, not with a part: it changed, or cannot send parts")
        start, end, total = int(place[1]), int(place[2]) + 1, int(place[3])
        if len(content) != end - start or (block and block != (start, end)):
            self._changed("it answered with another part than was requested")
        validator = validator_of(response)
        if self.part.total is None:
            self._begin(validator, total)
        elif (self.part.validator, self.part.total) != (validator, total):
            self._changed("it changed while it was fetched")
        with self.part.path.open("r+b", buffering=0) as copy:
            copy.seek(start)
            copy.write(content)
        with self._journal.open("a") as journal:
            journal.write(f"{start} {end}\n")
        self._ranges.add((start, end))
        self._meter.advance(len(content))

    def _begin(self, validator: str, total: int) -> None:
        if self._file.size is not None and total != self._file.size:
            raise DataError(
                f"{self._client.named(self._file.address)} has {total:,} bytes, not the {self._file.size:,} that "
                f"its provider states. Nothing of it was fetched; try again later."
            )
        self.part.begin(self._file, validator, total)
        with self.part.path.open("r+b") as copy:
            copy.truncate(total)

    def _changed(self, what: str) -> NoReturn:
        self.discard()
        raise DataError(
            f"{self._client.named(self._file.address)}: {what}. Its copy was removed; run the same command again."
        )


def download_columns(
    part: Part, file: RemoteFile, target: Path, client: Client, meter: Meter, before_request: Callable[[], None]
) -> None:
    """Fetch the columns of a file that it names and write them to `target`, as `download` does a whole file."""
    if part.named and target.is_file():
        return
    before_request()
    copy = ColumnsPart(part, file, client, meter)
    meter.start(file.name, None, copy.done, "bytes")
    copy.tail()
    try:
        metadata = pq.read_metadata(part.path)
        ranges = list(_ranges(metadata, file.columns))
        meter.start(file.name, sum(end - start for start, end in ranges), copy.done, "bytes")
        copy.fetch(ranges)
        draft = part.path.with_suffix(".columns")
        rows = _written(part.path, draft, file.columns)
    except (pa.ArrowException, OSError) as error:
        copy.discard()
        what = str(error).partition("\n")[0]
        raise DataError(f"{client.named(file.address)} cannot be read: {what}. Its copy was removed.") from None
    if file.records is not None and rows != file.records:
        copy.discard()
        raise DataError(
            f"{client.named(file.address)} contains {rows:,} records, not the {file.records:,} that its provider "
            f"states. Its copy was removed; try again later."
        )
    sync(draft)
    draft.replace(target)
    part.path.unlink()
    part.path.with_suffix(".ranges").unlink(missing_ok=True)


def _ranges(metadata: pq.FileMetaData, columns: tuple[str, ...]) -> Iterator[Range]:
    """Yield the byte ranges of columns in order; those with little between them are one."""
    pieces = []
    for group in range(metadata.num_row_groups):
        for number in range(metadata.num_columns):
            column = metadata.row_group(group).column(number)
            if _wanted(column.path_in_schema, columns):
                offsets = (column.dictionary_page_offset, column.data_page_offset)
                start = min(offset for offset in offsets if offset is not None)
                pieces.append((start, start + column.total_compressed_size))
    current: Range | None = None
    for start, end in sorted(pieces):
        if current and start - current[1] <= GAP:
            current = (current[0], max(end, current[1]))
            continue
        if current:
            yield current
        current = (start, end)
    if current:
        yield current


def _wanted(path: str, columns: tuple[str, ...]) -> bool:
    """Tell whether a leaf is one of the columns, named with or without the levels that Parquet adds to lists."""
    plain = ".".join(level for level in path.split(".") if level not in ("list", "element", "item", "array"))
    return any(plain == each or plain.startswith(each + ".") for each in columns)


def _written(part: Path, draft: Path, columns: tuple[str, ...]) -> int:
    """Write the columns of the sparse part to a file of their own; return the number of rows."""
    with pq.ParquetFile(part) as source:
        metadata = source.metadata
        leaves = [metadata.schema.column(number).path for number in range(metadata.num_columns)]
        wanted = [leaf for leaf in leaves if _wanted(leaf, columns)]
        with pq.ParquetWriter(draft, source.read_row_groups([], wanted).schema, compression="zstd") as out:
            for group in range(metadata.num_row_groups):
                out.write_table(source.read_row_group(group, wanted))
        return int(metadata.num_rows)


def _noted(journal: Path) -> set[Range]:
    """Return the ranges of a journal; a line that a kill cut short has no end."""
    try:
        lines = journal.read_text().splitlines(keepends=True)
    except FileNotFoundError:
        return set()
    pairs = (line.split() for line in lines if line.endswith("\n"))
    return {(int(start), int(end)) for start, end in pairs}
