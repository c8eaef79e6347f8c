"""located → points: how much weight sits where (METHOD 2).

Coordinates are rounded to a grid in integer arithmetic, half towards +∞; longitude 180 is -180, at a pole it is 0.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.sphere import DATE_LINE_E7, POLE_E7, Ints
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


def rounded_spots(lat_e7: Ints, lon_e7: Ints, step_e7: int) -> tuple[Ints, Ints]:
    """Round coordinates as `rounded` does."""
    lat, lon = ((2 * spot + step_e7) // (2 * step_e7) * step_e7 for spot in (lat_e7, lon_e7))
    turned = np.where(lon >= DATE_LINE_E7, lon - 2 * DATE_LINE_E7, lon)
    return lat, np.where(np.abs(lat) == POLE_E7, 0, turned)


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


_WORD = 2**63  # products below it are exact in 64 bits
_LON_SPAN = 4_000_000_000  # wider than 360 degrees in 1e-7: makes one sortable number of a site


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """All sites of all metrics.

    lat_e7, lon_e7 : int64, shape (n,). Rounded coordinates, ascending by (lat, lon), distinct.
    units, listings : int64, shape (metrics, n).
    metrics : their names, in the order of the study.
    """

    lat_e7: Ints
    lon_e7: Ints
    units: Ints
    listings: Ints
    metrics: tuple[str, ...]

    def of(self, metrics: tuple[str, ...]) -> "Sites":
        """Return the same sites with some of their metrics."""
        rows = [self.metrics.index(metric) for metric in metrics]
        return Sites(self.lat_e7, self.lon_e7, self.units[rows], self.listings[rows], metrics)

    @property
    def totals(self) -> list[int]:
        """World total of each metric, in units: noise included."""
        return [int(total) for total in self.units.sum(axis=1)]


def site_keys(lat_e7: Ints, lon_e7: Ints) -> Ints:
    """Return one number per site that sorts as (lat, lon) does."""
    return lat_e7 * _LON_SPAN + lon_e7


def sites(points: pa.Table, metrics: tuple[str, ...]) -> Sites:
    """Gather points into one row per site.

    points : columns metric, lat_e7, lon_e7, units, listings; several rows per metric and site are summed.
    """
    lat, lon = (points[name].to_numpy() for name in ("lat_e7", "lon_e7"))
    keys, first, row = np.unique(site_keys(lat, lon), return_index=True, return_inverse=True)
    metric = metric_numbers(points, metrics)
    sums = []
    for name in ("units", "listings"):
        matrix = np.zeros((len(metrics), len(keys)), np.int64)
        np.add.at(matrix, (metric, row), points[name].to_numpy())
        sums.append(matrix)
    return Sites(lat[first], lon[first], sums[0], sums[1], metrics)


def metric_numbers(points: pa.Table, metrics: tuple[str, ...]) -> Ints:
    """Return int64, shape (rows,): the place of each row's metric among `metrics`."""
    place: Ints = pc.index_in(points["metric"], pa.array(metrics, pa.string())).to_numpy().astype(np.int64)
    return place


def density(sites: Sites, metrics: tuple[str, ...], *, balanced: bool) -> Ints:
    """Return the weight of each site for the density: listings of `metrics`.

    Balanced, each metric is scaled to the total of the largest one, in whole numbers whose sum is exact.
    """
    rows = sites.listings[[sites.metrics.index(name) for name in metrics]]
    if not balanced:
        return sum(rows, np.zeros(len(sites.lat_e7), np.int64))
    target = int(rows.sum(axis=1).max(initial=0))
    return sum((_scaled(row, target) for row in rows), np.zeros(len(sites.lat_e7), np.int64))


def _scaled(row: Ints, target: int) -> Ints:
    """Scale whole numbers to sum to `target`: differences of rounded-down running totals, so that none is lost."""
    total = int(row.sum())
    if not total:
        return row
    sums = np.cumsum(row)
    if total * target < _WORD:
        running = sums * target // total
    else:
        running = np.array([value * target // total for value in sums.tolist()], np.int64)
    return np.diff(running, prepend=0)
