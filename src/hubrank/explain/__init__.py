"""Why a place is in a cluster, or in none: for any place or coordinate, from a finished edition (METHOD 8)."""

from decimal import Decimal
from pathlib import Path

import numpy as np

from hubrank import edition, study
from hubrank.edition import SIMULATED, Edition
from hubrank.errors import DataError
from hubrank.explain import files, spots
from hubrank.explain.answer import Core, Explanation, Known, Limits
from hubrank.explain.scene import Scene
from hubrank.explain.wording import sentences
from hubrank.sphere import E7, Floats, round_to, unit_vectors

__all__ = ["Core", "Explanation", "Known", "Limits", "explain", "sentences"]


def explain(folder: Path, place: str) -> Explanation:
    """Say in which cluster of an edition a place is and why, or why in none, and what would change that.

    folder : a finished edition.
    place : a name of the gazetteer, with region and country as far as needed, or "latitude, longitude" in degrees.
    Raises StudyError where the folder is no edition or the place is unknown, DataError where its tables disagree.
    """
    made = edition.load(folder)
    chosen = study.parse(made.facts["study"], made.folder / "edition.json", with_files=False)
    scene = Scene.of(made, chosen)
    if scene.dense.threshold != made.facts["threshold_listings"]:
        raise DataError(
            f"{made.folder}: the points give a threshold of {scene.dense.threshold} listings, edition.json says "
            f"{made.facts['threshold_listings']}. The files do not belong together: run the study again."
        )
    return _explained(made, scene, spots.find(place, scene.density))


def _explained(made: Edition, scene: Scene, asked: spots.Spot) -> Explanation:
    """Look at the spot at which a listing of the place is counted."""
    rounded = round_to(np.array([asked.lat_e7]), np.array([asked.lon_e7]), scene.study.points.step_e7)
    lat_e7, lon_e7 = (int(value[0]) for value in rounded)
    spot = unit_vectors(*rounded)[0]
    here = scene.row(lat_e7, lon_e7)
    core, member = scene.nearest(spot, core=True), scene.nearest(spot, core=False)
    inside = core is not None and core[0] in scene.around(spot, scene.radius_km)
    known = files.ranked(made)
    outline = None if inside else files.outline_over(made, asked.lat_e7, asked.lon_e7)
    return Explanation(
        place=asked.name,
        lat=_degrees(lat_e7),
        lon=_degrees(lon_e7),
        namesakes=asked.namesakes,
        site_listings=0 if here is None else int(scene.sites.listings[:, here].sum()),
        density_listings=scene.density(spot),
        threshold_listings=scene.dense.threshold,
        radius_km=scene.radius_km,
        role=("core" if core and core[0] == here else "border") if inside else None,
        cluster=_holder(made, scene, known, core) if inside else None,
        core=_core(scene, *core) if core else None,
        nearest=_holder(made, scene, known, member),
        nearest_gap_km=member[1] if member else None,
        outline_of=known[outline] if outline else None,
        limits=_limits(scene, spot),
        note=SIMULATED if made.synthetic else "",
    )


def _holder(made: Edition, scene: Scene, known: dict[str, Known], site: tuple[int, float] | None) -> Known | None:
    """Return the cluster that holds a site, given as row and distance."""
    if site is None:
        return None
    where = int(scene.sites.lat_e7[site[0]]), int(scene.sites.lon_e7[site[0]])
    return known[files.cluster_of(made, *where, scene.study.points.step_e7)]


def _core(scene: Scene, row: int, distance_km: float) -> Core:
    lat_e7, lon_e7 = int(scene.sites.lat_e7[row]), int(scene.sites.lon_e7[row])
    near = spots.nearest_name(lat_e7, lon_e7)
    return Core(_degrees(lat_e7), _degrees(lon_e7), near, distance_km, scene.density(scene.xyz[row]))


def _limits(scene: Scene, spot: Floats) -> Limits:
    listings, total = scene.largest_threshold(spot), int(scene.dense.weight.sum())
    as_share = scene.study.clusters.min_share_ppm is not None and listings is not None
    ppm = min(1_000_000 * listings // total, 1_000_000) if as_share and listings else None
    return Limits(listings, ppm, scene.smallest_radius_km(spot))


def _degrees(e7: int) -> Decimal:
    degrees = (Decimal(e7) / E7).normalize()
    return degrees.quantize(Decimal(1)) if degrees == degrees.to_integral_value() else degrees
