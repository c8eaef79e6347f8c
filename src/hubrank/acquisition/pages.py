"""Lists of an API, page by page: each page is written to a journal, so that an interrupted list continues.

A journal is JSON lines: the query, then for each page its rows and the cursor of the next. A line that a kill cut short
is fetched again.
"""

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hubrank.acquisition.answers import AnswerError
from hubrank.acquisition.client import Client
from hubrank.acquisition.download import Meter
from hubrank.core.errors import DataError

_AT_ONCE = 6  # lists
_EXPIRED = (400, 404, 410)  # answers to a cursor of long ago

Rows = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Query:
    """One list. rows : takes the rows out of a page, the key first. counted : whether meta.count is their number."""

    name: str
    path: str
    parameters: dict[str, str]
    rows: Callable[[dict[str, Any]], Rows]
    counted: bool = False


class Journal:
    """The pages of one list that have arrived."""

    def __init__(self, folder: Path, query: Query) -> None:
        self.path, self.query = folder / f"{query.name}.jsonl", query
        self.pages, self.cursor, self.count = 0, "*", 0
        self._rows: dict[Any, list[Any]] = {}
        self._read()

    @property
    def complete(self) -> bool:
        """Whether the last page has arrived."""
        return not self.cursor

    @property
    def rows(self) -> Rows:
        """The rows, one for each key: the latest, as a list can move while it is read."""
        return list(self._rows.values())

    def add(self, rows: Rows, cursor: str, count: int) -> None:
        """Write a page."""
        line = {"rows": rows, "next": cursor, "count": count}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")  # in ASCII: no name holds an end of line, no cut a half character
        self._take(line)

    def discard(self) -> None:
        """Start the list again."""
        self.path.unlink(missing_ok=True)
        self.pages, self.cursor, self.count, self._rows = 0, "*", 0, {}
        header = json.dumps({"path": self.query.path, "parameters": self.query.parameters})
        self.path.write_text(header + "\n", "utf-8")

    def _read(self) -> None:
        content = self.path.read_text("utf-8") if self.path.exists() else ""
        lines = content.splitlines(keepends=True)
        whole = [line for line in lines if line.endswith("\n")]
        header = {"path": self.query.path, "parameters": self.query.parameters}
        if not whole or json.loads(whole[0]) != header:
            self.discard()
            return
        if whole != lines:
            self.path.write_text("".join(whole), "utf-8")
        for line in whole[1:]:
            self._take(json.loads(line))

    def _take(self, line: dict[str, Any]) -> None:
        self._rows.update({row[0]: row for row in line["rows"]})
        self.pages, self.cursor, self.count = self.pages + 1, line["next"], line["count"]


def collect(queries: Sequence[Query], folder: Path, client: Client, meter: Meter, most: int) -> dict[str, Rows]:
    """Return the rows of lists by name, several fetched at a time.

    most : pages at most, to show progress.
    Raises DataError where a page cannot be fetched, or a list has fewer rows than its provider states; pages that have
    arrived stay for the next attempt.
    """
    folder.mkdir(parents=True, exist_ok=True)
    journals = [Journal(folder, query) for query in queries]
    meter.start("pages", most, sum(journal.pages for journal in journals), "calls")
    stopped = threading.Event()
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        for work in [pool.submit(_complete, journal, client, meter, stopped) for journal in journals]:
            work.result()
    finally:
        stopped.set()
        pool.shutdown(cancel_futures=True)
    return {journal.query.name: journal.rows for journal in journals}


def _complete(journal: Journal, client: Client, meter: Meter, stopped: threading.Event) -> None:
    """Fetch the pages of one list that are missing."""
    continued = journal.pages > 0
    while not journal.complete and not stopped.is_set():
        try:
            answer = client.json(journal.query.path, journal.query.parameters | {"cursor": journal.cursor})
        except AnswerError as error:
            if not continued or error.status not in _EXPIRED:
                raise
            journal.discard()  # its cursor has expired
            answer = client.json(journal.query.path, journal.query.parameters | {"cursor": journal.cursor})
        continued = False
        _add(answer, journal, client)
        meter.advance(1)
    query = journal.query
    if journal.complete and query.counted and len(journal.rows) < journal.count:
        arrived, expected = len(journal.rows), journal.count
        journal.discard()
        raise DataError(
            f"{client.named(query.path)}: {arrived:,} of {expected:,} arrived. The pages were removed; try again."
        )


def _add(answer: dict[str, Any], journal: Journal, client: Client) -> None:
    query = journal.query
    try:
        rows, meta = query.rows(answer), answer["meta"]
        cursor, count = str(meta.get("next_cursor") or ""), int(meta["count"])
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        raise DataError(
            f"{client.named(query.path)}: a page without {query.name} or meta.count; found the keys "
            f"{', '.join(answer) or 'none'}. Its layout has changed."
        ) from None
    journal.add(rows, cursor if rows else "", count)
