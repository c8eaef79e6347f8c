"""raw files → listings: what the reader kept, and where every other row went (METHOD 1).

rows read = kept + out of scope + set aside, exactly; a source of which too much is set aside stops the run.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hubrank.errors import CheckFailed
from hubrank.sections import OUTSIDE, Window
from hubrank.tables import Engine, Relation

BY_YEAR = """
SELECT year, COUNT(*) AS rows
FROM (SELECT MIN(year) AS year FROM listings GROUP BY source_file, source_row)
GROUP BY year ORDER BY year
"""


Years = Sequence[tuple[int | None, int]]  # how many rows were kept of each year


@dataclass(frozen=True, slots=True)
class Account:
    """Where the rows of some files went: rows_read = kept + out_of_scope + set_aside, by reason.

    repeated : listings that stand again, word for word, in the same record; they count once.
    """

    files: int = 0
    rows_read: int = 0
    kept: int = 0
    out_of_scope: dict[str, int] = field(default_factory=dict)
    set_aside: dict[str, int] = field(default_factory=dict)
    repeated: int = 0

    def __add__(self, other: "Account") -> "Account":
        return Account(
            self.files + other.files,
            self.rows_read + other.rows_read,
            self.kept + other.kept,
            _added(self.out_of_scope, other.out_of_scope),
            _added(self.set_aside, other.set_aside),
            self.repeated + other.repeated,
        )

    def within(self, window: Window, years: Years) -> "Account":
        """Return the account of a narrower window: kept rows of other years are out of scope."""
        outside = sum(rows for year, rows in years if year is None or not window[0] <= year <= window[1])
        told = _added(self.out_of_scope, {OUTSIDE: outside}) if outside else self.out_of_scope
        return replace(self, kept=self.kept - outside, out_of_scope=told)


def _added(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {reason: one.get(reason, 0) + other.get(reason, 0) for reason in sorted(one.keys() | other.keys())}


def accounted(listings: Relation, account: Account, where: str, engine: Engine) -> Years:
    """Check that no row was lost or counted twice; return the years of those kept. Raises CheckFailed."""
    years = [(row["year"], row["rows"]) for row in engine.rows(BY_YEAR, listings=listings).to_pylist()]
    kept = sum(rows for _, rows in years)
    elsewhere = sum(account.out_of_scope.values()) + sum(account.set_aside.values())
    if kept + elsewhere != account.rows_read:
        raise CheckFailed(
            f"{where}: {account.rows_read} rows read, but {kept} kept + {elsewhere} out of scope or set aside. "
            f"This is a fault of the reader: please report it."
        )
    return years
