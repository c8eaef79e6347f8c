"""The clustered sites of an edition: what lies around a spot, and what would put it into a cluster or out of it.

A spot is in a cluster where a core site lies within the radius; a core site at the spot itself is 0 km away.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.spatial import cKDTree

from hubrank.clustering.dbscan.dbscan import NOISE, cluster_sites
from hubrank.clustering.density import DensityClusters, clusters
from hubrank.core.edition import Edition
from hubrank.core.sphere import EARTH_RADIUS_KM, Floats, Ints, chord2, unit_vectors
from hubrank.counting.points import Sites, site_keys, sites
from hubrank.study.study import Study

RADII_KM = tuple(range(1, 101))  # candidates for the smallest radius
_SLACK = 1 + 1e-9  # of a search: exact distances remove what it returns too much


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The sites of an edition, clustered again but not merged: merging moves no site in or out.

    xyz : float64, shape (n, 3). Unit vectors of the sites.
    """

    study: Study
    sites: Sites
    dense: DensityClusters
    xyz: Floats
    tree: cKDTree

    @classmethod
    def of(cls, edition: Edition, study: Study) -> Self:
        """Cluster the points of an edition again."""
        world = sites(edition.table("points"), study.metrics)
        return cls.of_clusters(study, world, clusters(world, study.clusters, study.density))

    @classmethod
    def of_clusters(cls, study: Study, world: Sites, dense: DensityClusters) -> Self:
        """Take sites that are clustered already."""
        xyz = unit_vectors(world.lat_e7, world.lon_e7)
        return cls(study, world, dense, xyz, cKDTree(xyz))

    @property
    def radius_km(self) -> float:
        """The radius of the study."""
        return self.study.clusters.radius_km

    def row(self, lat_e7: int, lon_e7: int) -> int | None:
        """Return the row of the site at rounded coordinates; None where no listing lies there."""
        keys = site_keys(self.sites.lat_e7, self.sites.lon_e7)
        wanted = int(site_keys(np.array([lat_e7]), np.array([lon_e7]))[0])
        at = int(np.searchsorted(keys, wanted))
        return at if at < len(keys) and keys[at] == wanted else None

    def around(self, spot: Floats, radius_km: float) -> Ints:
        """Return the rows of the sites within a radius of a unit vector, shape (3,); the rim counts as inside."""
        reach2 = chord2(radius_km)
        rows = np.array(sorted(self.tree.query_ball_point(spot, np.sqrt(reach2) * _SLACK + 1e-12)), np.int64)
        inside: Ints = rows[((self.xyz[rows] - spot) ** 2).sum(axis=1) <= reach2]
        return inside

    def density(self, spot: Floats) -> int:
        """Return how many listings lie within the radius of a unit vector."""
        return int(self.dense.weight[self.around(spot, self.radius_km)].sum())

    def closeness(self, spot: Floats) -> int:
        """Return how much lies near a unit vector: thousandths of listings, each over 1 + (distance / radius)²."""
        apart2 = ((self.xyz - spot) ** 2).sum(axis=1) / chord2(self.radius_km)
        return int((1000 * self.dense.weight / (1 + apart2)).sum())

    def nearest(self, spot: Floats, *, core: bool) -> tuple[int, float] | None:
        """Return row and distance in km of the nearest core, or of the nearest site of any cluster; None of none."""
        rows = np.flatnonzero(self.dense.clustering.is_core if core else self.dense.clustering.label != NOISE)
        if not len(rows):
            return None
        apart2 = ((self.xyz[rows] - spot) ** 2).sum(axis=1)
        best = int(apart2.argmin())  # of equally near ones the first by (lat, lon)
        return int(rows[best]), float(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(min(apart2[best], 4.0)) / 2))

    def largest_threshold(self, spot: Floats) -> int | None:
        """Return the largest threshold under which the spot is in a cluster, at the radius of the study."""
        near = self.around(spot, self.radius_km)
        return max((self.density(self.xyz[row]) for row in near.tolist()), default=0) or None

    def smallest_radius_km(self, spot: Floats) -> int | None:
        """Return the smallest of RADII_KM under which the spot is in a cluster, at the threshold of the edition.

        Whoever is in a cluster stays in one as the radius grows, so that halving finds it.
        """
        if not self._inside(spot, RADII_KM[-1]):
            return None
        low, high = 0, len(RADII_KM) - 1
        while low < high:
            middle = (low + high) // 2
            if self._inside(spot, RADII_KM[middle]):
                high = middle
            else:
                low = middle + 1
        return RADII_KM[low]

    def _inside(self, spot: Floats, radius_km: float) -> bool:
        """Say whether a core of this radius lies within it; sites beyond twice the radius have no part in that."""
        rows = self.around(spot, 2 * radius_km * _SLACK)
        world, weight = self.sites, self.dense.weight
        clustered = cluster_sites(
            world.lat_e7[rows], world.lon_e7[rows], weight[rows], radius_km=radius_km, min_weight=self.dense.threshold
        )
        cores = self.xyz[rows[clustered.is_core]]
        return bool((((cores - spot) ** 2).sum(axis=1) <= chord2(radius_km)).any())
