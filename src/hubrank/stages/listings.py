"""raw files → listings: what the reader kept, and where every other row went (METHOD 1).

rows read = kept + out of scope + set aside, exactly; a source of which too much is set aside stops the run.
"""

from dataclasses import dataclass

from hubrank.errors import CheckFailed
from hubrank.tables import Engine, Relation

KEPT = """
SELECT COUNT(*) AS listings, COUNT(DISTINCT (record_key, copy)) AS records,
       COUNT(DISTINCT (source_file, source_row)) AS rows
FROM listings
"""


@dataclass(frozen=True, slots=True)
class Account:
    """Where the rows of one shard went."""

    rows_read: int
    kept: int
    out_of_scope: dict[str, int]
    set_aside: dict[str, int]


def accounted(listings: Relation, account: Account, where: str, engine: Engine) -> None:
    """Check that no row was lost or counted twice. Raises CheckFailed naming the source."""
    kept = engine.rows(KEPT, listings=listings)["rows"][0].as_py()
    elsewhere = sum(account.out_of_scope.values()) + sum(account.set_aside.values())
    if kept + elsewhere != account.rows_read:
        raise CheckFailed(
            f"{where}: {account.rows_read} rows read, but {kept} kept + {elsewhere} out of scope or set aside. "
            f"This is a fault of the reader: please report it."
        )
