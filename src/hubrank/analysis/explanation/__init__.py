"""Why a place is in a cluster, or in none: for any place or coordinate, from a finished edition (METHOD 8)."""

from dataclasses import replace
from pathlib import Path

from hubrank.analysis.explanation import files, spots
from hubrank.analysis.explanation.answer import Explanation, RankingEntry
from hubrank.analysis.explanation.compared_area import ComparedArea, compared_area
from hubrank.analysis.explanation.explainer import Explainer
from hubrank.analysis.explanation.organisations import Organisation, organisation
from hubrank.analysis.explanation.place_parts import place_parts
from hubrank.analysis.explanation.ranked_area import RankedArea, area_of_study
from hubrank.analysis.explanation.scene import Scene
from hubrank.analysis.explanation.sentences import sentences
from hubrank.analysis.explanation.unranked_area import UnrankedArea
from hubrank.core.edition import SIMULATED, Edition, load
from hubrank.core.errors import DataError, StudyError
from hubrank.study.study_file import study_of

__all__ = ["Explainer", "Explanation", "RankingEntry", "Scene", "explain", "explain_name", "sentences"]


def explain(folder: Path, place: str) -> Explanation:
    """Say in which cluster of an edition a place is and why, or why in none, and what would change that.

    folder : a finished edition.
    place : a name of the gazetteer, with region and country as far as needed, or "latitude, longitude" in degrees.
    Raises StudyError where the folder is no edition or the place is unknown, DataError where its tables disagree.
    """
    edition = load(folder)
    return _with_parts(edition, _explainer(edition).explain(place))


def _with_parts(edition: Edition, answer: Explanation) -> Explanation:
    """Add what of its cluster was located at the place."""
    if answer.cluster is None or answer.geonames_id is None:
        return answer
    return replace(answer, parts=place_parts(edition, answer.geonames_id, answer.cluster.cluster_id))


def explain_name(folder: Path, name: str) -> Explanation | Organisation | RankedArea | UnrankedArea | ComparedArea:
    """Explain a place, or say in which clusters an organisation of that name has which output.

    name : a place as `explain` takes it; where it is none, an organisation that records of the edition name. An
        organisation also goes before a place that is not called so itself, or has no listing and is in no cluster.
        Where areas are ranked, first the name or code of one, with a rank or without: California is the state, and a
        borough of Pennsylvania. Where clusters are ranked, an area that they are compared with, if no place is called
        so.
    Raises StudyError where it is neither, and what `explain` raises.
    """
    edition = load(folder)
    explainer = _explainer(edition)
    area = area_of_study(edition, name)
    try:
        place = _with_parts(edition, explainer.explain(name))
    except StudyError as error:
        if area:
            return area
        if compared := compared_area(edition, name):
            return compared
        output = organisation(edition, name)
        if output is None:
            raise StudyError(f"{error} No organisation in a cluster of this edition is called so either.") from None
        return output
    if area:
        return area if name.strip().casefold() == area.code.casefold() else replace(area, place=place)
    return _organisation_before(edition, name, place) or replace(place, query=spots.other_name(name))


def _organisation_before(edition: Edition, name: str, place: Explanation) -> Organisation | None:
    """Return the organisation that a name rather means than a place: None where the place is called so itself.

    A name with a comma, as before a country, and another name of a place have to be all of the organisation's.
    """
    empty = place.cluster is None and not place.site_listings
    other = spots.other_name(name)
    if not other and not empty:
        return None
    part = bool(other) and "," not in name and (empty or not spots.places_named(name))
    output = organisation(edition, name, whole=not part)
    return output and replace(output, place="" if empty else place.place)


def _explainer(edition: Edition) -> Explainer:
    """Cluster an edition's points again; its files say in which cluster a site lies."""
    study = study_of(edition.manifest)
    scene = Scene.of(edition, study.with_listings(edition.manifest["threshold_listings"]))
    if scene.dense.threshold != edition.manifest["threshold_listings"]:
        raise DataError(
            f"{edition.folder}: the points give a threshold of {scene.dense.threshold} listings, edition.json says "
            f"{edition.manifest['threshold_listings']}. The files do not belong together: run the study again."
        )
    entries = files.ranked(edition)

    def cluster_at(row: int) -> RankingEntry:
        where = int(scene.sites.lat_e7[row]), int(scene.sites.lon_e7[row])
        return entries[files.cluster_of(edition, *where, study.points.step_e7)]

    area_at = files.area_lookup(edition) if study.ranks_areas else None
    return Explainer(scene, cluster_at, SIMULATED if edition.synthetic else "", area_at)
