"""The planted places: which units there are, where their sites lie, and what share of the world each has.

Units 0 … clusters-1 are the planted clusters, the next DECOYS stay just below the threshold, all others are noise.
Names and coordinates come from the register of research organisations (see data/README.md).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from hubrank.errors import StudyError
from hubrank.simulation.mixing import fraction
from hubrank.sphere import Ints, to_e7

METRICS = ("patents", "publications", "deals")
EDITIONS = ("2024", "2025")
PPM = 1_000_000
LEVEL_PPM = 150  # the threshold of both studies: 4,500 of 30 million listings (METHOD 3)
DECOYS = 50
DECOY_PPM = 105  # 70 % of the threshold, so that whole records cannot lift a decoy over it
RANKED = 237  # clusters behind the published list
MOST_CLUSTERS = 340


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """All units and their sites.

    share_ppm : int64, shape (units, 2 editions, 3 metrics). Parts per million of the world; a metric sums to PPM.
    basis : per cluster, "published" or "chosen" for rank_2025, rank_2024 and each metric of 2025 (patents_2025 …).
    leader_pct : int64, shape (units,). Share of the largest applicant in a unit's patents.
    field : per metric of patents and publications, the leading field of each unit ("" where none is planned).
    site_unit : int64, shape (sites,), ascending. weight, deals : float64, shape (sites,); parts of the unit.
    centre : bool, shape (sites,). True where the name of the city leads to the site.
    """

    clusters: int
    name: tuple[str, ...]
    economies: tuple[str, ...]
    share_ppm: Ints
    basis: tuple[dict[str, str], ...]
    leader_pct: Ints
    field: dict[str, tuple[str, ...]]
    site_unit: Ints
    city: tuple[str, ...]
    region: tuple[str, ...]
    state: tuple[str, ...]
    country: tuple[str, ...]
    lat_e7: Ints
    lon_e7: Ints
    weight: Ints
    deals: Ints
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


def packaged(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a packaged table."""
    with (files("hubrank.simulation") / "data" / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def places(clusters: int, seed: int) -> Places:
    """Lay out a world of so many clusters.

    Raises StudyError where `clusters` is not between 1 and MOST_CLUSTERS.
    """
    if not 1 <= clusters <= MOST_CLUSTERS:
        raise StudyError(f"--clusters is {clusters}; the world has room for 1 to {MOST_CLUSTERS}.")
    planned = list(packaged("clusters.csv"))
    rows = list(packaged("sites.csv"))
    unit = np.array([int(row["unit"]) for row in rows], np.int64)
    last = {int(row["unit"]): row for row in reversed(rows)}
    noise = range(len(planned), len(last))
    planted = np.array([[int(row[f"{m}_{e}_ppm"]) for e in EDITIONS for m in METRICS] for row in planned], np.int64)
    return Places(
        clusters=clusters,
        name=(*(row["name"] for row in planned), *(last[i]["city"] for i in noise)),
        economies=(*(row["economies"] for row in planned), *(last[i]["country"] for i in noise)),
        share_ppm=shares(planted.reshape(-1, 2, 3), clusters, len(last), seed),
        basis=tuple({k.removeprefix("basis_"): v for k, v in row.items() if k.startswith("basis_")} for row in planned),
        leader_pct=np.array([*(int(row["leader_pct"]) for row in planned), *(30 for _ in noise)], np.int64),
        field={
            metric: (*(row[column] for row in planned), *("" for _ in noise))
            for metric, column in (("patents", "patent_field"), ("publications", "science_field"), ("deals", "unit"))
        },
        site_unit=unit,
        **{key: tuple(row[key] for row in rows) for key in ("city", "region", "state", "country")},
        lat_e7=to_e7(np.array([float(row["lat"]) for row in rows])),
        lon_e7=to_e7(np.array([float(row["lon"]) for row in rows])),
        weight=np.array([int(row["weight_ppm"]) for row in rows], np.int64),
        deals=np.array([int(row["deals_ppm"]) for row in rows], np.int64),
        centre=np.array([int(row["centre"]) for row in rows], np.int64),
    )


def shares(planted: Ints, clusters: int, units: int, seed: int) -> Ints:
    """Return the shares of all units: clusters as planned, decoys at 70 % of the threshold, noise below that.

    planted : int64, shape (planned, 2, 3). With fewer clusters than are ranked, each has more of the world, so that
    noise does not grow up to the threshold.
    """
    table = np.zeros((units, 2, 3), np.int64)
    whole = planted[: max(clusters, RANKED)].sum(axis=0)
    table[:clusters] = planted[:clusters] * whole // planted[:clusters].sum(axis=0)
    table[clusters : clusters + DECOYS] = DECOY_PPM
    rest = PPM - table.sum(axis=0)
    size = PPM // 2 + (fraction(np.arange(units - clusters - DECOYS), seed) * PPM).astype(np.int64)
    quota = np.cumsum(size)[:, None, None] * rest // int(size.sum())
    table[clusters + DECOYS :] = np.diff(quota, axis=0, prepend=0)
    return table
