"""Why a place is in a cluster, or in none: for any place or coordinate, from a finished edition (METHOD 8)."""

from pathlib import Path

from hubrank.analysis.explanation import files
from hubrank.analysis.explanation.answer import Core, Explanation, Limits, RankingEntry
from hubrank.analysis.explanation.explainer import Explainer
from hubrank.analysis.explanation.scene import Scene
from hubrank.analysis.explanation.sentences import sentences
from hubrank.core import edition
from hubrank.core.edition import SIMULATED, Edition
from hubrank.core.errors import DataError
from hubrank.study import study

__all__ = ["Core", "Explainer", "Explanation", "Limits", "RankingEntry", "Scene", "explain", "sentences"]


def explain(folder: Path, place: str) -> Explanation:
    """Say in which cluster of an edition a place is and why, or why in none, and what would change that.

    folder : a finished edition.
    place : a name of the gazetteer, with region and country as far as needed, or "latitude, longitude" in degrees.
    Raises StudyError where the folder is no edition or the place is unknown, DataError where its tables disagree.
    """
    return _ground(edition.load(folder)).explain(place)


def _ground(made: Edition) -> Explainer:
    """Cluster an edition's points again; its files tell which cluster holds a site, and whose outline covers it."""
    chosen = study.parse(made.manifest["study"], made.folder / "edition.json", with_files=False)
    scene = Scene.of(made, chosen)
    if scene.dense.threshold != made.manifest["threshold_listings"]:
        raise DataError(
            f"{made.folder}: the points give a threshold of {scene.dense.threshold} listings, edition.json says "
            f"{made.manifest['threshold_listings']}. The files do not belong together: run the study again."
        )
    known = files.ranked(made)

    def holder(row: int) -> RankingEntry:
        where = int(scene.sites.lat_e7[row]), int(scene.sites.lon_e7[row])
        return known[files.cluster_of(made, *where, chosen.points.step_e7)]

    def outlined(lat_e7: int, lon_e7: int) -> RankingEntry | None:
        found = files.outline_over(made, lat_e7, lon_e7)
        return known[found] if found else None

    return Explainer(scene, holder, outlined, SIMULATED if made.synthetic else "")
