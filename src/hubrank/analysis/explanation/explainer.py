"""Explains places: the clustered sites of an edition or variant, and the cluster of each site."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from hubrank.analysis.explanation import spots
from hubrank.analysis.explanation.answer import Core, Explanation, Limits, RankingEntry
from hubrank.analysis.explanation.scene import Scene
from hubrank.analysis.explanation.spots import Spot
from hubrank.core.sphere import E7, Floats, round_to, unit_vectors


@dataclass(frozen=True, slots=True, eq=False)
class Explainer:
    """Explains any number of places by one clustering.

    cluster_at : returns the cluster of a site that lies in one, by its row in the scene.
    note : the note that every answer must carry; "" where none.
    area_at : returns the area that holds a place in 1e-7 degree, where areas are ranked in place of clusters.
    """

    scene: Scene
    cluster_at: Callable[[int], RankingEntry]
    note: str
    area_at: Callable[[int, int], RankingEntry | None] | None = None

    def explain(self, place: str) -> Explanation:
        """Explain a place by its name, or "latitude, longitude". Raises StudyError where there is no such place."""
        return self.at(spots.find(place, self.scene))

    def at(self, spot: Spot) -> Explanation:
        """Explain the spot at which a listing of a place is counted."""
        scene = self.scene
        rounded = round_to(np.array([spot.lat_e7]), np.array([spot.lon_e7]), scene.study.points.step_e7)
        lat_e7, lon_e7 = (int(value[0]) for value in rounded)
        vector = unit_vectors(*rounded)[0]
        row = scene.row(lat_e7, lon_e7)
        density = _density(scene, spot, (lat_e7, lon_e7), row, vector)
        if self.area_at is not None:
            area = self.area_at(lat_e7, lon_e7)
            role = None if area is None else "area"
            return replace(density, role=role, cluster=area, ranks_areas=True, note=self.note)
        core, member = scene.nearest(vector, core=True), scene.nearest(vector, core=False)
        inside = core is not None and core[0] in scene.around(vector, scene.radius_km)
        return replace(
            density,
            role=("core" if core and core[0] == row else "border") if inside else None,
            cluster=self.cluster_at(core[0]) if core and inside else None,
            core=_core(scene, *core) if core else None,
            nearest=self.cluster_at(member[0]) if member else None,
            nearest_gap_km=member[1] if member else None,
            limits=_limits(scene, vector),
            note=self.note,
        )


def _density(scene: Scene, spot: Spot, at_e7: tuple[int, int], row: int | None, vector: Floats) -> Explanation:
    """Return what lies at a spot and around it, before it is said in which cluster it is."""
    return Explanation(
        place=spot.name,
        lat=_degrees(at_e7[0]),
        lon=_degrees(at_e7[1]),
        namesakes=spot.namesakes,
        geonames_id=spot.geonames_id,
        site_listings=0 if row is None else int(scene.sites.listings[:, row].sum()),
        density_listings=scene.density(vector),
        threshold_listings=scene.dense.threshold,
        radius_km=scene.radius_km,
        role=None,
        cluster=None,
        core=None,
        nearest=None,
        nearest_gap_km=None,
        limits=Limits(None, None, None),
    )


def _core(scene: Scene, row: int, distance_km: float) -> Core:
    lat_e7, lon_e7 = int(scene.sites.lat_e7[row]), int(scene.sites.lon_e7[row])
    near = spots.nearest_name(lat_e7, lon_e7, scene.study.naming.language)
    return Core(_degrees(lat_e7), _degrees(lon_e7), near, distance_km, scene.density(scene.xyz[row]))


def _limits(scene: Scene, spot: Floats) -> Limits:
    listings, total = scene.largest_threshold(spot), int(scene.dense.weight.sum())
    as_share = scene.study.clusters.min_share_ppm is not None and listings is not None
    ppm = min(1_000_000 * listings // total, 1_000_000) if as_share and listings else None
    return Limits(listings, ppm, scene.smallest_radius_km(spot))


def _degrees(e7: int) -> Decimal:
    degrees = (Decimal(e7) / E7).normalize()
    return degrees.quantize(Decimal(1)) if degrees == degrees.to_integral_value() else degrees
