"""places → located: each listing at its place, with its units (METHOD 5).

A record weighs UNIT, split over its located listings by integer weights and largest remainder; a record of which
nothing was located weighs 0. A listing counts once for the density, at the heaviest of its places. Listings without
a place stay in the table with 0 units, so that none is lost.
"""

import pyarrow as pa

from hubrank.core.tables import Engine, Relation, rows_in
from hubrank.core.units import UNIT
from hubrank.geocoding.places import ADDRESS_COLUMNS
from hubrank.study.sections import Window

TOLD = "SELECT " + ", ".join(f"COUNT({name}) AS {name}" for name in ADDRESS_COLUMNS.split(", ")) + " FROM addresses"

JOIN = """
SELECT l.record_key, l.copy, l.listing_no, a.place_no, l.date, l.year, p.lat_e7, p.lon_e7, l.weight, l.count,
       p.precision, p.evidence AS method,
       p.probability_pm // 10 AS score, p.gazetteer_id, p.economy, l.organisations, l.field, l.source_file, l.source_row
FROM listings l
JOIN addresses a ON {same_address}
JOIN places p ON p.place_no = a.place_no
"""

# What a copy of a record is like. `plain`: each listing stands once, all weigh the same, their numbers are bits of a
# word; then each has UNIT over the located listings, and its turn at the odd units is how many bits stand up to it.
FACTS = """
SELECT record_key, copy, COUNT(lat_e7) AS located,
       COALESCE(MIN(CASE WHEN lat_e7 IS NOT NULL THEN listing_no END), MIN(listing_no)) AS first,
       BIT_OR(CASE WHEN lat_e7 IS NOT NULL AND listing_no BETWEEN 0 AND 61
                   THEN CAST(1 AS BIGINT) << listing_no ELSE CAST(0 AS BIGINT) END) AS spots,
       MIN(listing_no) >= 0 AND MAX(listing_no) <= 61 AND MIN(weight) = MAX(weight) AND COUNT(*) = BIT_COUNT(BIT_OR(
           CASE WHEN listing_no BETWEEN 0 AND 61 THEN CAST(1 AS BIGINT) << listing_no ELSE CAST(0 AS BIGINT) END))
           AS plain, COALESCE(MIN(year) < MAX(year), FALSE) AS straddles
FROM placed GROUP BY record_key, copy
"""

PLAIN = f"""
SELECT * EXCLUDE (place_no, located, first, spots, plain, straddles),
       CASE WHEN lat_e7 IS NULL THEN 0 ELSE count * ({UNIT} // located + CASE
           WHEN BIT_COUNT(spots & ((CAST(2 AS BIGINT) << listing_no) - 1)) <= {UNIT} % located THEN 1 ELSE 0 END)
           END AS units,
       count AS listings, CASE WHEN listing_no = first THEN count ELSE 0 END AS records
FROM placed JOIN facts USING (record_key, copy)
WHERE plain
"""

# On many machines the copies of all shards are shared out at once: what comes first in their number tells the shard.
SPAN = 1 << 40  # more than any file has lines
ODD = f"""
SELECT copy // {SPAN} AS shard, SUM(CASE WHEN plain THEN 0 ELSE 1 END) AS odd,
       CAST(SUM(CASE WHEN straddles THEN 1 ELSE 0 END) AS BIGINT) AS straddling
FROM facts GROUP BY copy // {SPAN}
"""
OTHERS = "SELECT * FROM placed SEMI JOIN (SELECT * FROM facts WHERE NOT plain) USING (record_key, copy)"
TOGETHER = "SELECT * FROM even UNION ALL BY NAME SELECT * FROM others"

# Two institutions of one author may lie at one place: rows that differ in nothing else are told apart by these.
_TIES = "organisations, economy, precision, method, score, gazetteer_id"

# The same listing at the same address twice in one copy of a record is one listing written twice.
ONCE = f"""
SELECT * EXCLUDE (nth) FROM (
    SELECT *, row_number() OVER (PARTITION BY record_key, copy, listing_no, place_no
                                 ORDER BY weight DESC, source_file, source_row, {_TIES}) AS nth
    FROM placed
)
WHERE nth = 1
"""

# UNIT × weight stays far below 2⁶³: a weight is at most a few times WEIGHT_ONE (720,720).
UNITS = f"""
WITH shared AS (
    SELECT *, lat_e7 IS NOT NULL AS found,
           CAST(SUM(CASE WHEN lat_e7 IS NOT NULL THEN weight END)
                OVER (PARTITION BY {{copy}}) AS BIGINT) AS total
    FROM placed
), split AS (
    SELECT *, CASE WHEN found THEN {UNIT} * weight // total ELSE 0 END AS part,
           row_number() OVER (PARTITION BY {{copy}}, found ORDER BY {UNIT} * weight % total DESC,
                              listing_no, lat_e7, lon_e7, source_file, source_row, {_TIES}) AS nth_remainder,
           row_number() OVER (PARTITION BY {{copy}}, listing_no ORDER BY found DESC, weight DESC,
                              lat_e7, lon_e7, source_file, source_row, {_TIES}) AS nth_place,
           row_number() OVER (PARTITION BY {{copy}} ORDER BY found DESC, listing_no, weight DESC,
                              lat_e7, lon_e7, source_file, source_row, {_TIES}) AS nth
    FROM shared
), left_over AS (
    SELECT *, {UNIT} - CAST(SUM(part) OVER (PARTITION BY {{copy}}) AS BIGINT) AS missing
    FROM split
)
SELECT * EXCLUDE (place_no, found, total, part, nth_remainder, nth_place, nth, missing),
       CASE WHEN found THEN count * (part + CASE WHEN nth_remainder <= missing THEN 1 ELSE 0 END) ELSE 0 END AS units,
       CASE WHEN nth_place = 1 THEN count ELSE 0 END AS listings,
       CASE WHEN nth = 1 THEN count ELSE 0 END AS records
FROM left_over
"""

INSIDE = "year BETWEEN {first} AND {last}"

# A copy of which the window cuts off a part: what is left of it weighs a whole record again.
CUT = """
SELECT record_key, shard, copy FROM located GROUP BY record_key, shard, copy
HAVING MIN(year) < {first} AND MAX(year) >= {first} OR MIN(year) <= {last} AND MAX(year) > {last}
"""
WHOLE = "SELECT * FROM inside ANTI JOIN cut USING (record_key, shard, copy)"
REST = """
SELECT * EXCLUDE (units, listings, records), 0 AS place_no FROM inside SEMI JOIN cut USING (record_key, shard, copy)
"""
REJOINED = "SELECT * FROM whole UNION ALL BY NAME SELECT * FROM rest"

# Only records that may have several copies are told apart by their shards: they are few, and the others are one scan.
APART = "SELECT * FROM located SEMI JOIN suspects USING (record_key)"
OTHER_RECORDS = "SELECT * FROM located ANTI JOIN suspects USING (record_key)"

REPEATED = """
SELECT record_key FROM located
GROUP BY record_key HAVING MIN(shard) < MAX(shard) OR MIN(copy) < MAX(copy)
"""

COPIES = """
SELECT record_key, shard, copy, COALESCE(MAX(date), '') AS date
FROM located SEMI JOIN repeated USING (record_key) GROUP BY record_key, shard, copy
"""

# Of several copies the latest counts; of equally late ones the one with the larger content, whatever file it is in.
LOSERS = """
WITH content AS (
    SELECT record_key, shard, copy, MIN(source_file) AS source_file,
           md5(string_agg(CONCAT_WS('|', listing_no, COALESCE(year, 0), COALESCE(lat_e7, 0), COALESCE(lon_e7, 0),
                                    weight, count, COALESCE(field, '')), chr(10)
                          ORDER BY listing_no, lat_e7, lon_e7, weight, count, year, field)) AS content
    FROM located SEMI JOIN repeated USING (record_key)
    GROUP BY record_key, shard, copy
), placed AS (
    SELECT record_key, shard, copy,
           row_number() OVER (PARTITION BY record_key ORDER BY date DESC, content DESC, source_file, copy) AS nth
    FROM copies JOIN content USING (record_key, shard, copy)
)
SELECT record_key, shard, copy FROM placed WHERE nth > 1
"""

LOST = "SELECT shard, COUNT(*) AS n FROM losers GROUP BY shard"
WITHOUT = "SELECT * EXCLUDE (shard) FROM located ANTI JOIN losers USING (record_key, shard, copy)"


def located(
    listings: Relation, addresses: Relation, places: Relation, engine: Engine
) -> tuple[Relation, dict[int, int]]:
    """Put the listings of one shard on their places and share out the units of their records.

    Parameters
    ----------
    listings : Relation[LISTING]
        All copies of a record that one shard holds.
    addresses, places : Relation[place_no, ADDRESS], Relation[place_no, ANSWER]
        As the stage before returns them.

    Returns
    -------
    Relation[record_key, copy, listing_no, date, year, lat_e7, lon_e7, weight, count, precision, method, score,
             gazetteer_id, economy, organisations, field, source_file, source_row, units, listings, records]
        One row per listing and place; the units of each copy of a record add up to UNIT × count, or 0, and its
        records to count, on one row: a located one where there is any.
    dict
        How many records have listings of several years, by `copy // SPAN`; none that has none.
    """
    same = _same_address(addresses, engine)
    placed = engine.plan(JOIN.format(same_address=same), listings=listings, addresses=addresses, places=places)
    facts = engine.run(FACTS, placed=placed)
    even = engine.plan(PLAIN, placed=placed, facts=facts)
    told = engine.rows(ODD, facts=facts).to_pylist()
    straddling = {row["shard"]: row["straddling"] for row in told if row["straddling"]}
    if not any(row["odd"] for row in told):
        engine.drop(placed, facts)
        return even, straddling
    uneven = engine.run(OTHERS, placed=placed, facts=facts)
    once = engine.run(ONCE, placed=uneven)
    others = engine.run(UNITS.format(copy="record_key, copy"), placed=once)
    together = engine.plan(TOGETHER, even=even, others=others)
    engine.drop(placed, facts, uneven, once, even, others)
    return together, straddling


def _same_address(addresses: Relation, engine: Engine) -> str:
    """Return when a listing has an address: only the columns that any address fills are compared, which is quicker."""
    told = engine.rows(TOLD, addresses=addresses).to_pylist()[0]
    filled = [name for name in ADDRESS_COLUMNS.split(", ") if told[name]]
    return " AND ".join(f"l.{name} IS NOT DISTINCT FROM a.{name}" for name in filled) or "TRUE"


def mended(located: Relation, inside: Relation, window: Window, engine: Engine) -> Relation:
    """Share out anew what is left of the records that a window cuts a part off.

    Parameters
    ----------
    located, inside : Relation[shard, …]
        All shards of a metric, and the part of them that lies in the window.

    Returns
    -------
    Relation
        The columns of `inside`; the units of each copy of a record that is left add up to UNIT × count, or 0.
    """
    cut = engine.run(CUT.format(first=window[0], last=window[1]), located=located)
    if not rows_in(cut, engine):
        engine.drop(cut)
        return inside
    whole, rest = engine.run(WHOLE, inside=inside, cut=cut), engine.run(REST, inside=inside, cut=cut)
    again = engine.run(UNITS.format(copy="record_key, shard, copy"), placed=rest)
    rejoined = engine.run(REJOINED, whole=whole, rest=again)
    engine.drop(cut, whole, rest, again)
    return rejoined


def without_copies(
    located: Relation, shards: Relation, suspects: pa.Table, engine: Engine
) -> tuple[Relation, dict[int, int]]:
    """Keep one copy of each record of one metric; count those of each shard that another one stands for.

    Parameters
    ----------
    located : Relation
        All located rows of a metric.
    shards : Relation[shard, …]
        The same rows, with the number of their shard; asked for those of suspects.
    suspects : Table[record_key]
        Records of which there may be several copies; of all others there is one.

    Returns
    -------
    Relation
        The columns of `located`; rows of losing copies are gone.
    dict
        How many copies each shard loses, by its number; none that loses none.
    """
    if not suspects.num_rows:
        return located, {}
    named = engine.load(iter([suspects]), suspects.schema)
    apart = engine.run(APART, located=shards, suspects=named)
    repeated = engine.run(REPEATED, located=apart)
    if not rows_in(repeated, engine):
        engine.drop(named, apart, repeated)
        return located, {}
    copies = engine.run(COPIES, located=apart, repeated=repeated)
    losers = engine.run(LOSERS, located=apart, repeated=repeated, copies=copies)
    kept = engine.run(WITHOUT, located=apart, losers=losers)
    lost = {row["shard"]: row["n"] for row in engine.rows(LOST, losers=losers).to_pylist()}
    others = engine.plan(OTHER_RECORDS, located=located, suspects=named)
    together = engine.plan(REJOINED, whole=others, rest=kept)
    engine.drop(named, apart, repeated, copies, losers, kept, others)
    return together, lost
