"""The account of every row: read = kept + out of scope + set aside (METHOD 1)."""

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa

from hubrank.core.tables import SET_ASIDE_SCHEMA

VALUE_LENGTH = 200  # characters of a value that could not be used


@dataclass(slots=True)
class RowLedger:
    """A ledger in memory.

    rows_read : rows of the main files that were read.
    scope : rows that are out of scope, by reason.
    aside : rows that cannot be used, as (file, row, reason, field, value).
    remarks : what else there is to know of records that count, and how many they are.
    kinds : rows by their kind, where an option names kinds.
    """

    rows_read: int = 0
    scope: Counter[str] = field(default_factory=Counter)
    aside: list[tuple[str, int, str, str, str | None]] = field(default_factory=list)
    remarks: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    def read(self, rows: int = 1) -> None:
        """Count rows of the main files that were read, whatever becomes of them."""
        self.rows_read += rows

    def out_of_scope(self, reason: str, rows: int = 1) -> None:
        """Count rows that are fine but out of scope."""
        self.scope[reason] += rows

    def of_kind(self, kind: str, rows: int) -> None:
        """Count rows of a kind that an option may name, in scope or not."""
        self.kinds[kind] += rows

    def set_aside(self, file: str, row: int, reason: str, field: str, value: object) -> None:
        """Keep one row that cannot be used; its value is cut to 200 characters."""
        text = None if value is None else str(value).encode("utf-8", "backslashreplace").decode()[:VALUE_LENGTH]
        self.aside.append((file, row, reason, field, text))

    def remark(self, what: str, records: int) -> None:
        """Count records that are used, and of which something has to be known."""
        if records:
            self.remarks[what] += records

    @property
    def rows_kept(self) -> int:
        """Rows that became listings."""
        return self.rows_read - self.scope.total() - len(self.aside)

    def reasons(self) -> dict[str, int]:
        """Return how many rows were set aside, by reason, the most frequent first."""
        counts = Counter(reason for _, _, reason, _, _ in self.aside)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def set_aside_table(self, metric: str) -> pa.Table:
        """Return the rows set aside as a table of SET_ASIDE_SCHEMA, in order of file and row."""
        names = SET_ASIDE_SCHEMA.names[1:]
        rows = [dict(zip(names, row, strict=True), metric=metric) for row in sorted(self.aside, key=str)]
        rows.sort(key=lambda row: (row["source_file"], row["source_row"]))
        return pa.Table.from_pylist(rows, schema=SET_ASIDE_SCHEMA)
