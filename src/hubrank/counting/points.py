"""located → points: how much weight sits where (METHOD 2).

Coordinates are rounded to a grid in integer arithmetic, half towards +∞; longitude 180 is -180, at a pole it is 0.
"""

from hubrank.core.sphere import DATE_LINE_E7, POLE_E7
from hubrank.core.tables import Engine, Relation

ROUND = """
WITH grid AS (
    SELECT * REPLACE ((2 * lat_e7 + {step} + {shift}) // {double} * {step} - {turn} AS lat_e7,
                      (2 * lon_e7 + {step} + {shift}) // {double} * {step} - {turn} AS lon_e7),
           lat_e7 AS exact_lat_e7, lon_e7 AS exact_lon_e7
    FROM located WHERE lat_e7 IS NOT NULL
)
SELECT * REPLACE (CASE WHEN abs(lat_e7) = {pole} THEN 0
                       WHEN lon_e7 >= {line} THEN lon_e7 - {turn} ELSE lon_e7 END AS lon_e7)
FROM grid
"""

POINTS = """
SELECT metric, lat_e7, lon_e7, economy, CAST(SUM(units) AS BIGINT) AS units, CAST(SUM(listings) AS BIGINT) AS listings
FROM rounded
GROUP BY metric, lat_e7, lon_e7, economy
"""


KEY = ("metric", "lat_e7", "lon_e7", "economy")


def rounded(located: Relation, step_e7: int, engine: Engine) -> Relation:
    """Round coordinates to multiples of `step_e7`; listings without a place are left out.

    The result is not stored: rounding again costs less than a copy of all rows.
    A whole turn is added first and taken off last: engines round the division of negative numbers differently.
    """
    turn = 2 * DATE_LINE_E7
    sql = ROUND.format(step=step_e7, double=2 * step_e7, shift=2 * turn, turn=turn, pole=POLE_E7, line=DATE_LINE_E7)
    return engine.plan(sql, located=located)


def points(rounded: Relation, engine: Engine) -> Relation:
    """Sum units onto the sites they were located at.

    Parameters
    ----------
    rounded : Relation[metric, lat_e7, lon_e7, economy, units, listings, …]
        One row per located listing and place; coordinates in 1e-7 degrees (WGS 84), already rounded.

    Returns
    -------
    Relation[metric, lat_e7, lon_e7, economy, units, listings]
        One row per metric, site and economy (two can meet at one rounded site); the units of a metric add up to
        UNIT × its located records.
    """
    return engine.run(POINTS, rounded=rounded)
