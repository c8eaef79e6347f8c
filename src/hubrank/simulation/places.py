"""The planted places: which units there are, where their sites lie, and what share of the world each has.

Units 0 … clusters-1 are the planted clusters, the next DECOYS stay just below the threshold, all others are noise.
Names and coordinates come from the register of research organisations (see data/README.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hubrank.core.errors import StudyError
from hubrank.core.sphere import Ints, to_e7
from hubrank.simulation.packaged import metric_fields, packaged
from hubrank.simulation.stable_hash import fraction, hashed

METRICS = ("patents", "publications", "deals")
EDITIONS = ("2024", "2025")
PPM = 1_000_000
LEVEL_PPM = 150  # the threshold of both studies: 4,500 of 30 million listings (METHOD 3)
DECOYS = 50
DECOY_PPM = 105  # 70 % of the threshold, so that whole records cannot lift a decoy over it
NOISE_LEADER_PCT = 30  # share of the largest applicant where nothing is planned
RANKED = 237  # clusters behind the published list
MOST_CLUSTERS = 340
Rows = Sequence[dict[str, str]]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """All units and their sites.

    name, economies : of each unit; economies joined by slashes, the main one first.
    share_ppm : int64, shape (units, 2 editions, 3 metrics). Parts per million of the world; a metric sums to PPM.
    basis : per planned unit, "published" or "chosen" for rank_2025, rank_2024, patents_2025 and so on.
    leader_pct : int64, shape (units,). Share of the largest applicant in a unit's patents.
    field : per metric, the number of each unit's leading field: int64, shape (units,).
    site_unit : int64, shape (sites,), ascending. weight_ppm, deals_ppm : the site's part of its unit.
    centre : int64, shape (sites,). 1 where the name of the city leads to the site, else 0.
    """

    clusters: int
    name: tuple[str, ...]
    economies: tuple[str, ...]
    share_ppm: Ints
    basis: tuple[dict[str, str], ...]
    leader_pct: Ints
    field: dict[str, Ints]
    site_unit: Ints
    city: tuple[str, ...]
    region: tuple[str, ...]
    state: tuple[str, ...]
    country: tuple[str, ...]
    lat_e7: Ints
    lon_e7: Ints
    weight_ppm: Ints
    deals_ppm: Ints
    centre: Ints

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.name)

    def role(self, unit: int) -> str:
        """Return "cluster", "decoy" or "noise"."""
        if unit < self.clusters:
            return "cluster"
        return "decoy" if unit < self.clusters + DECOYS else "noise"


def places(clusters: int, seed: int) -> Places:
    """Return the places of a world with this many clusters.

    Raises StudyError where `clusters` is not between 1 and MOST_CLUSTERS.
    """
    if not 1 <= clusters <= MOST_CLUSTERS:
        raise StudyError(f"--clusters is {clusters}; a simulated world has 1 to {MOST_CLUSTERS}.")
    planned, sites = packaged("clusters.csv"), packaged("sites.csv")
    unit = _numbers(sites, "unit")
    noise = [sites[first] for first in np.searchsorted(unit, np.arange(len(planned), unit[-1] + 1)).tolist()]
    return Places(
        clusters=clusters,
        name=_texts(planned, "name") + _texts(noise, "city"),
        economies=_texts(planned, "economies") + _texts(noise, "country"),
        share_ppm=shares(_planned_ppm(planned), clusters, np.bincount(unit, _numbers(sites, "deals_ppm")) > 0, seed),
        basis=tuple({k.removeprefix("basis_"): v for k, v in row.items() if k.startswith("basis_")} for row in planned),
        leader_pct=np.concatenate([_numbers(planned, "leader_pct"), np.full(len(noise), NOISE_LEADER_PCT)]),
        field={metric: _leading_fields(planned, metric, len(noise), seed) for metric in METRICS},
        site_unit=unit,
        city=_texts(sites, "city"),
        region=_texts(sites, "region"),
        state=_texts(sites, "state"),
        country=_texts(sites, "country"),
        lat_e7=_degrees(sites, "lat"),
        lon_e7=_degrees(sites, "lon"),
        weight_ppm=_numbers(sites, "weight_ppm"),
        deals_ppm=_numbers(sites, "deals_ppm"),
        centre=_numbers(sites, "centre"),
    )


def shares(planned: Ints, clusters: int, with_deals: NDArray[np.bool_], seed: int) -> Ints:
    """Return the shares of all units: clusters as planned, decoys at 70 % of the threshold, noise below that.

    planned : int64, shape (planned, 2, 3). With fewer clusters than are ranked, each has more of the world, so that
    noise does not grow up to the threshold.
    with_deals : bool, shape (units,). False where no city's name would lead to a company.
    """
    units = len(with_deals)
    table = np.zeros((units, len(EDITIONS), len(METRICS)), np.int64)
    whole = planned[: max(clusters, RANKED)].sum(axis=0)
    table[:clusters] = planned[:clusters] * whole // planned[:clusters].sum(axis=0)
    table[clusters : clusters + DECOYS] = DECOY_PPM
    rest = PPM - table.sum(axis=0)
    size = PPM // 2 + (fraction(np.arange(units - clusters - DECOYS), seed) * PPM).astype(np.int64)
    sizes = np.column_stack([size, size, np.where(with_deals[clusters + DECOYS :], size, 0)])
    running = np.cumsum(sizes, axis=0)[:, None, :] * rest // sizes.sum(axis=0)
    table[clusters + DECOYS :] = np.diff(running, axis=0, prepend=0)
    return table


def _texts(rows: Rows, column: str) -> tuple[str, ...]:
    return tuple(row[column] for row in rows)


def _numbers(rows: Rows, column: str) -> Ints:
    return np.array([int(row[column]) for row in rows], np.int64)


def _degrees(rows: Rows, column: str) -> Ints:
    return to_e7(np.array([float(row[column]) for row in rows]))


def _planned_ppm(planned: Rows) -> Ints:
    cells: NDArray[np.int64] = np.stack([_numbers(planned, f"{m}_{e}_ppm") for e in EDITIONS for m in METRICS], axis=1)
    return cells.reshape(-1, len(EDITIONS), len(METRICS))


def _leading_fields(planned: Rows, metric: str, noise: int, seed: int) -> Ints:
    """Return the number of each unit's leading field: the planned one, else any."""
    number = {row["name"]: i for i, row in enumerate(metric_fields(metric))}
    other = (hashed(np.arange(len(planned) + noise), seed + 9) % np.uint64(len(number))).astype(np.int64)
    named = [number.get(row.get(f"{metric}_field", ""), -1) for row in planned]
    leading = np.concatenate([np.array(named, np.int64), np.full(noise, -1)])
    return np.where(leading < 0, other, leading)
