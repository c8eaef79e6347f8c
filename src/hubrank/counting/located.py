"""places → located: each listing with its address and its units (METHOD 5).

In: listings, their addresses and places. Out: one row for each listing and address; the address has the place. A
record weighs UNIT, or less where its metric weighs records by quality, split over its located listings by integer
weights and largest remainder; a record without a located listing weighs 0. A listing counts once for the density, at
the heaviest of its places. Listings without a place stay in the table with 0 units.
"""

import pyarrow as pa

from hubrank.core.errors import CheckFailed
from hubrank.core.tables import Engine, Relation
from hubrank.core.units import WEIGHT_ONE
from hubrank.counting.listings import COPY_SCHEMA, ORDER, SHARED_SCHEMA
from hubrank.counting.organisations import ORGANISATIONS
from hubrank.geocoding.places import ADDRESS_COLUMNS
from hubrank.study.values import Window

FILLED = "SELECT " + ", ".join(f"COUNT({name}) AS {name}" for name in ADDRESS_COLUMNS.split(", ")) + " FROM addresses"

JOIN = f"""
SELECT l.record_key, l.record_version, l.listing_no, a.place_no, l.date, l.year, p.lat_e7, p.lon_e7, l.weight, l.count,
       l.record_units, p.address_key, {ORGANISATIONS}, l.field, l.source_file, l.source_row
FROM listings l
JOIN addresses a ON {{same_address}}
JOIN places p ON p.place_no = a.place_no
"""

# One row for each copy of a record. `plain`: each listing occurs once, all weigh the same, and their numbers are bits
# of a word; then each has the units of the record over the located listings, and its turn at the odd units is how many
# bits are up to it.
COPIES_PLACED = """
SELECT record_key, record_version, COUNT(*) AS size, COUNT(lat_e7) AS located,
       COALESCE(MIN(CASE WHEN lat_e7 IS NOT NULL THEN listing_no END), MIN(listing_no)) AS first,
       BIT_OR(CASE WHEN lat_e7 IS NOT NULL AND listing_no BETWEEN 0 AND 61
                   THEN CAST(1 AS BIGINT) << listing_no ELSE CAST(0 AS BIGINT) END) AS spots,
       MIN(listing_no) >= 0 AND MAX(listing_no) <= 61 AND MIN(weight) = MAX(weight) AND COUNT(*) = BIT_COUNT(BIT_OR(
           CASE WHEN listing_no BETWEEN 0 AND 61 THEN CAST(1 AS BIGINT) << listing_no ELSE CAST(0 AS BIGINT) END))
           AS plain, COALESCE(MIN(year) < MAX(year), FALSE) AS straddles
FROM placed GROUP BY record_key, record_version
"""

PLAIN = """
SELECT * EXCLUDE (place_no, size, located, first, spots, plain, straddles),
       CASE WHEN lat_e7 IS NULL THEN 0 ELSE count * (record_units // located + CASE
           WHEN BIT_COUNT(spots & ((CAST(2 AS BIGINT) << listing_no) - 1)) <= record_units % located THEN 1 ELSE 0 END)
           END AS units,
       count AS listings, CASE WHEN listing_no = first THEN count ELSE 0 END AS records
FROM placed JOIN copies USING (record_key, record_version)
WHERE plain
"""

ODD = """
SELECT COUNT(*) FILTER (NOT plain) AS odd, COUNT(*) FILTER (straddles) AS straddling,
       COALESCE(MAX(size), 0) AS largest
FROM copies
"""
OTHERS = "SELECT * FROM placed SEMI JOIN (SELECT * FROM copies WHERE NOT plain) USING (record_key, record_version)"
TOGETHER = "SELECT * FROM even UNION ALL BY NAME SELECT * FROM others"

# What is stored of each listing; the address has its place.
STORED = (
    *("record_key", "record_version", "listing_no", "date", "year", "weight", "count", "record_units", "address_key"),
    *("organisations", "field", "source_file", "source_row", "units", "listings", "records"),
)
WITHOUT_PLACES = f"SELECT {', '.join(STORED)} FROM placed"
PLACES = "SELECT DISTINCT address_key, lat_e7, lon_e7, economy FROM addresses"
KEYS = "SELECT COUNT(*) AS places, COUNT(DISTINCT address_key) AS keys FROM places"
AT_PLACES = "SELECT * FROM located JOIN places USING (address_key)"

# What orders the rows of one listing at one place: what they say, and only where that is the same where they stand.
_CONTENT = "date, year, field, organisations, address_key"
_TIES = f"{_CONTENT}, source_file, source_row"
_PLACES = f"ORDER BY lat_e7 IS NOT NULL DESC, weight DESC, lat_e7, lon_e7, {_TIES}"

# Rows of one listing in one copy of a record that say the same are one listing written twice. Those of other dates are
# not, as a window may cut off some of them.
ONCE = f"""
SELECT * EXCLUDE (nth) FROM (
    SELECT *, row_number() OVER (PARTITION BY record_key, record_version, listing_no, place_no, {_CONTENT}
                                 ORDER BY weight DESC, source_file, source_row) AS nth
    FROM placed
)
WHERE nth = 1
"""

# record_units × weight stays far below 2⁶³: a weight is at most a few times WEIGHT_ONE (720,720). Located rows of one
# listing that each claim all of it (an inventor in two applications of a family) share it, running sums without a
# remainder; a row without a place takes nothing from them.
_WEIGHT = "CASE WHEN lat_e7 IS NOT NULL THEN weight ELSE 0 END"
UNITS = f"""
WITH listed AS (
    SELECT *, lat_e7 IS NOT NULL AS is_located,
           CAST(SUM({_WEIGHT}) OVER (PARTITION BY {{record}}, listing_no) AS BIGINT) AS claimed,
           CAST(SUM({_WEIGHT}) OVER (PARTITION BY {{record}}, listing_no {_PLACES}
                                     ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT) AS claimed_so_far,
           row_number() OVER (PARTITION BY {{record}}, listing_no {_PLACES}) AS nth_place
    FROM placed
), weighed AS (
    SELECT *, CASE WHEN claimed <= {WEIGHT_ONE} THEN weight
              ELSE GREATEST(1, claimed_so_far * {WEIGHT_ONE} // claimed
                               - (claimed_so_far - weight) * {WEIGHT_ONE} // claimed) END AS share
    FROM listed
), shared AS (
    SELECT *, CAST(SUM(CASE WHEN is_located THEN share END) OVER (PARTITION BY {{record}}) AS BIGINT) AS total
    FROM weighed
), split AS (
    SELECT *, CASE WHEN is_located THEN record_units * share // total ELSE 0 END AS part,
           row_number() OVER (PARTITION BY {{record}}, is_located ORDER BY record_units * share % total DESC,
                              listing_no, lat_e7, lon_e7, {_TIES}) AS nth_remainder,
           row_number() OVER (PARTITION BY {{record}} ORDER BY is_located DESC, listing_no, weight DESC,
                              lat_e7, lon_e7, {_TIES}) AS nth
    FROM shared
), left_over AS (
    SELECT *, record_units - CAST(SUM(part) OVER (PARTITION BY {{record}}) AS BIGINT) AS missing
    FROM split
)
SELECT * EXCLUDE (place_no, is_located, claimed, claimed_so_far, share, total, part, nth_remainder, nth_place, nth,
                  missing),
       CASE WHEN is_located THEN count * (part + CASE WHEN nth_remainder <= missing THEN 1 ELSE 0 END) ELSE 0
            END AS units,
       CASE WHEN nth_place = 1 THEN count ELSE 0 END AS listings,
       CASE WHEN nth = 1 THEN count ELSE 0 END AS records
FROM left_over
"""

# A copy of which the window cuts off a part: the rest weighs a whole record again.
CUT = """
SELECT record_key, shard, record_version FROM located GROUP BY record_key, shard, record_version
HAVING MIN(year) < {first} AND MAX(year) >= {first} OR MIN(year) <= {last} AND MAX(year) > {last}
"""
WHOLE = "SELECT * FROM inside ANTI JOIN cut USING (record_key, shard, record_version)"
REST = """
SELECT * EXCLUDE (units, listings, records), 0 AS place_no
FROM inside SEMI JOIN cut USING (record_key, shard, record_version)
"""
COPIES_CUT = f"SELECT {', '.join(COPY_SCHEMA.names)} FROM cut"
SHARED = f"""
SELECT shard, units, listings FROM again WHERE lat_e7 IS NOT NULL
ORDER BY shard, {", ".join(f"{name} NULLS LAST" for name in ORDER)}
"""
REJOINED = "SELECT * FROM whole UNION ALL BY NAME SELECT * FROM rest"


def located(listings: Relation, addresses: Relation, places: Relation, engine: Engine) -> tuple[Relation, int, int]:
    """Put the listings of one shard at their places and split the units of their records.

    Parameters
    ----------
    listings : Relation[LISTING]
        All copies of a record that one shard holds.
    addresses, places : Relation[place_no, ADDRESS], Relation[place_no, ADDRESS_ROW]
        As geocoding.places returns them.

    Returns
    -------
    Relation[STORED]
        One row per listing and address; the units of each copy of a record add up to record_units × count, or 0, and
        its records to count, on one row: a located one where there is any.
    int
        How many records have listings of several years.
    int
        How many rows the largest record has.
    """
    same = _same_address(addresses, engine)
    placed = engine.plan(JOIN.format(same_address=same), listings=listings, addresses=addresses, places=places)
    copies = engine.run(COPIES_PLACED, placed=placed)
    even = engine.plan(PLAIN, placed=placed, copies=copies)
    (counted,) = engine.rows(ODD, copies=copies).to_pylist()
    if not counted["odd"]:
        stored = engine.plan(WITHOUT_PLACES, placed=even)
        engine.drop(placed, copies, even)
        return stored, counted["straddling"], counted["largest"]
    uneven = engine.run(OTHERS, placed=placed, copies=copies)
    others = shared_out(uneven, engine)
    together = engine.plan(TOGETHER, even=even, others=others)
    stored = engine.plan(WITHOUT_PLACES, placed=together)
    engine.drop(placed, copies, uneven, even, others, together)
    return stored, counted["straddling"], counted["largest"]


def shared_out(placed: Relation, engine: Engine) -> Relation:
    """Return the rows of any records with units, listings and records, each listing once at an address.

    placed : Relation[record_key, record_version, listing_no, place_no, lat_e7, lon_e7, weight, count, record_units, …].
    """
    once = engine.run(ONCE, placed=placed)
    units = engine.run(UNITS.format(record="record_key, record_version"), placed=once)
    engine.drop(once)
    return units


def inside(window: Window | None) -> str:
    """Return the condition that rows of a window meet, all where there is none."""
    return "TRUE" if window is None else f"year BETWEEN {window[0]} AND {window[1]}"


def at_places(located: Relation, places: Relation, engine: Engine) -> Relation:
    """Return rows with the coordinates and the economy of their addresses, each time they are read.

    located : Relation[address_key, …]; places : as `places_of` returns them.
    """
    return engine.plan(AT_PLACES, located=located, places=places)


def places_of(addresses: Relation, engine: Engine) -> Relation:
    """Return Relation[address_key, lat_e7, lon_e7, economy]: where the addresses of a source are, each once.

    Raises CheckFailed where two addresses have one key, so that their listings would count at both places.
    """
    places = engine.run(PLACES, addresses=addresses)
    (counted,) = engine.rows(KEYS, places=places).to_pylist()
    if counted["places"] != counted["keys"]:
        twice = counted["places"] - counted["keys"]
        raise CheckFailed(f"{twice} keys of addresses stand for two places each. Please report it.")
    return places


def _same_address(addresses: Relation, engine: Engine) -> str:
    """Return when a listing has an address: only the columns that any address fills are compared, which is quicker."""
    counts = engine.rows(FILLED, addresses=addresses).to_pylist()[0]
    filled = [name for name in ADDRESS_COLUMNS.split(", ") if counts[name]]
    return " AND ".join(f"l.{name} IS NOT DISTINCT FROM a.{name}" for name in filled) or "TRUE"


def mended(located: Relation, inside: Relation, window: Window, engine: Engine) -> tuple[Relation, pa.Table, pa.Table]:
    """Split the units of records again of which a window cuts off a part.

    Parameters
    ----------
    located, inside : Relation[shard, …]
        All shards of a metric, and the part of them inside the window.

    Returns
    -------
    Relation
        The columns of `inside`; the units of each copy of a record that is left add up to record_units × count, or 0.
    Table[COPY_SCHEMA]
        The copies of which a part is cut off.
    Table[SHARED_SCHEMA]
        What the located rows of those weigh, per shard in the order of `listings.ORDER`.
    """
    cut = engine.run(CUT.format(first=window[0], last=window[1]), located=located)
    if not engine.rows_in(cut):
        engine.drop(cut)
        return inside, COPY_SCHEMA.empty_table(), SHARED_SCHEMA.empty_table()
    whole, rest = engine.run(WHOLE, inside=inside, cut=cut), engine.run(REST, inside=inside, cut=cut)
    again = engine.run(UNITS.format(record="record_key, shard, record_version"), placed=rest)
    rejoined = engine.run(REJOINED, whole=whole, rest=again)
    copies, shared = engine.rows(COPIES_CUT, cut=cut), engine.rows(SHARED, again=again)
    engine.drop(cut, whole, rest, again)
    return rejoined, copies.cast(COPY_SCHEMA), shared.cast(SHARED_SCHEMA)
