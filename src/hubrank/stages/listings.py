"""raw files → listings: what the reader kept, and where every other row went (METHOD 1).

rows read = kept + out of scope + set aside, exactly; a source of which too much is set aside stops the run.
"""

from dataclasses import dataclass, field

from hubrank.errors import CheckFailed
from hubrank.tables import Engine, Relation

KEPT = """
SELECT COUNT(*) AS listings, COUNT(DISTINCT (record_key, copy)) AS records,
       COUNT(DISTINCT (source_file, source_row)) AS rows
FROM listings
"""


@dataclass(frozen=True, slots=True)
class Account:
    """Where the rows of some files went: rows_read = kept + out_of_scope + set_aside, by reason."""

    files: int = 0
    rows_read: int = 0
    kept: int = 0
    out_of_scope: dict[str, int] = field(default_factory=dict)
    set_aside: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: "Account") -> "Account":
        return Account(
            self.files + other.files,
            self.rows_read + other.rows_read,
            self.kept + other.kept,
            _added(self.out_of_scope, other.out_of_scope),
            _added(self.set_aside, other.set_aside),
        )


def _added(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {reason: one.get(reason, 0) + other.get(reason, 0) for reason in sorted(one.keys() | other.keys())}


def accounted(listings: Relation, account: Account, where: str, engine: Engine) -> None:
    """Check that no row was lost or counted twice. Raises CheckFailed naming the source."""
    kept = engine.rows(KEPT, listings=listings)["rows"][0].as_py()
    elsewhere = sum(account.out_of_scope.values()) + sum(account.set_aside.values())
    if kept + elsewhere != account.rows_read:
        raise CheckFailed(
            f"{where}: {account.rows_read} rows read, but {kept} kept + {elsewhere} out of scope or set aside. "
            f"This is a fault of the reader: please report it."
        )
