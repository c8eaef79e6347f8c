"""A record with a large part of the listings of its metric: the column of its id may hold something else, such as 0."""

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.tables import Engine, Relation

MOST_PCT = 5  # of the listings
FEWEST = 100  # records: of fewer, one may well have a large part

LARGEST = """
SELECT record_key, COUNT(*) AS rows, CAST(SUM(COUNT(*)) OVER () AS BIGINT) AS listings, COUNT(*) OVER () AS records
FROM located WHERE listings > 0 GROUP BY record_key ORDER BY rows DESC, record_key LIMIT 1
"""


def is_large(rows: int, listings: int) -> bool:
    """Return whether so many of the listings are a large part of them."""
    return 100 * rows > MOST_PCT * listings


def of_located(located: Relation, engine: Engine) -> dict[str, int]:
    """Return the remark on a large record of one metric, as an account has it: what it is, and that it is one."""
    return _remark(*(tuple(row.values()) for row in engine.rows(LARGEST, located=located).to_pylist()))


def of_listings(listings: pa.Table) -> dict[str, int]:
    """Return the remark on a large record among listings that were read."""
    once = listings.group_by(["record_key", "listing_no"]).aggregate([])
    counts = pc.value_counts(once["record_key"]).to_pylist()
    largest = min(counts, key=lambda each: (-each["counts"], each["values"]), default=None)
    return _remark((largest["values"], largest["counts"], len(once), len(counts))) if largest else {}


def _remark(*largest: tuple[str, int, int, int]) -> dict[str, int]:
    return {
        f"record, {key!r}, has {100 * rows / listings:.0f} % of the listings ({rows:,} of {listings:,}): does its "
        f"column hold an id of records?": 1
        for key, rows, listings, records in largest
        if records >= FEWEST and is_large(rows, listings)
    }
