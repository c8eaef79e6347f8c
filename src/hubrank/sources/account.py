"""raw files → listings: how many rows became listings, and where every other row went (METHOD 1).

rows read = kept + out of scope + set aside, exactly; too many rows set aside stop the run.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.errors import CheckFailed
from hubrank.core.runs import begins
from hubrank.core.tables import Engine, Relation
from hubrank.sources import OUTSIDE
from hubrank.study.values import Window

BY_YEAR = """
SELECT year, COUNT(*) AS rows
FROM (SELECT MIN(year) AS year FROM listings GROUP BY source_file, source_row)
GROUP BY year ORDER BY year
"""


Years = Sequence[tuple[int | None, int]]  # how many rows are kept of each year


@dataclass(frozen=True, slots=True)
class Account:
    """Where the rows of some files went: rows_read = rows_kept + out_of_scope + set_aside, by reason.

    repeated : listings that occur again, word for word, in the same record; they count once.
    remarks : what else there is to know of records that count, and how many they are.
    kinds : rows by kind, where an option names kinds.
    """

    files: int = 0
    rows_read: int = 0
    rows_kept: int = 0
    out_of_scope: dict[str, int] = field(default_factory=dict)
    set_aside: dict[str, int] = field(default_factory=dict)
    repeated: int = 0
    remarks: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: "Account") -> "Account":
        return Account(
            self.files + other.files,
            self.rows_read + other.rows_read,
            self.rows_kept + other.rows_kept,
            _added(self.out_of_scope, other.out_of_scope),
            _added(self.set_aside, other.set_aside),
            self.repeated + other.repeated,
            _added(self.remarks, other.remarks),
            _added(self.kinds, other.kinds),
        )

    def within(self, window: Window, years: Years) -> "Account":
        """Return the account of a narrower window: kept rows of other years are out of scope."""
        outside = sum(rows for year, rows in years if year is None or not window[0] <= year <= window[1])
        out_of_scope = _added(self.out_of_scope, {OUTSIDE: outside}) if outside else self.out_of_scope
        return replace(self, rows_kept=self.rows_kept - outside, out_of_scope=out_of_scope)


def _added(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {reason: one.get(reason, 0) + other.get(reason, 0) for reason in sorted(one.keys() | other.keys())}


NO_YEAR = -1


class YearCounter:
    """Counts rows by year while their listings pass by in the order of their files, as they mostly do.

    It gives up where a row comes after a later one, or has listings of several years: then they have to be grouped.
    """

    def __init__(self) -> None:
        self.given_up = False
        self._years: Counter[int] = Counter()
        self._done: set[str] = set()  # files
        self._last = ("", 0, NO_YEAR)  # file, row and year of the last listing

    def count(self, batch: pa.Table) -> None:
        """Count the listings of one batch."""
        if len(batch) and not self.given_up:
            self._count(batch)

    def years(self) -> "Years":
        """Return how many rows there were of each year."""
        unknown = [(None, self._years[NO_YEAR])] if NO_YEAR in self._years else []
        return [*((year, rows) for year, rows in sorted(self._years.items()) if year != NO_YEAR), *unknown]

    def _count(self, batch: pa.Table) -> None:
        file = batch["source_file"][0].as_py()
        row, year = batch["source_row"].to_numpy(), batch["year"].fill_null(NO_YEAR).to_numpy()
        if file != self._last[0]:
            self.given_up = file in self._done
            self._done.add(file)
            self._last = (file, row[0] - 1, NO_YEAR)
        steps = np.diff(row, prepend=self._last[1])
        again = steps == 0
        one_file = not begins(batch, ("source_file",))[1:].any()
        several = again.any() and (again & (np.diff(year, prepend=self._last[2]) != 0)).any()
        if not one_file or several or (steps < 0).any():
            self.given_up = True
        self._last = (file, row[-1], year[-1])
        for rows in pc.value_counts(pa.array(year[~again] if again.any() else year)).to_pylist():
            self._years[rows["values"]] += rows["counts"]


def by_year(listings: Relation, engine: Engine) -> Years:
    """Return how many rows there are of each year, whatever their order."""
    return [(row["year"], row["rows"]) for row in engine.rows(BY_YEAR, listings=listings).to_pylist()]


def expect_all(years: Years, account: Account, where: str) -> None:
    """Check that no row was lost or counted twice. Raises CheckFailed."""
    rows_kept = sum(rows for _, rows in years)
    elsewhere = sum(account.out_of_scope.values()) + sum(account.set_aside.values())
    if rows_kept + elsewhere != account.rows_read:
        raise CheckFailed(
            f"{where}: {account.rows_read:,} rows read, but {rows_kept:,} kept + {elsewhere:,} out of scope or set "
            f"aside. This is a fault of the reader, which has to call ledger.read() once for each row: please report "
            f"it."
        )
