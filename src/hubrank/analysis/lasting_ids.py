"""Ids that last: a cluster that continues one of the edition before has its id, whatever it is called (METHOD 7)."""

from dataclasses import replace

from hubrank.analysis.comparison.matching import match_clusters
from hubrank.analysis.edition_records import EditionRecords
from hubrank.clustering.cities import atlas
from hubrank.clustering.naming import distinct, renamed
from hubrank.ranking.scores import RankedClusters, order, ranks
from hubrank.study.study import Study


def lasting_ids(study: Study, ranked: RankedClusters, previous: EditionRecords | None) -> RankedClusters:
    """Return clusters with their ids, and with the names that the study states for them.

    previous : the edition before, where the study names one. A cluster that continues one of it has the id of that one,
    and so has the largest part of a split one; any other has an id that no cluster of it has.
    Areas that are given keep their codes and names. Raises StudyError as `renamed` does.
    """
    if ranked.areas is not None:
        return ranked
    names = ranked.names
    if previous is not None and previous.areas is None:
        ids = _ids(study, ranked, previous)
        names = [replace(name, cluster_id=cluster_id) for name, cluster_id in zip(names, ids, strict=True)]
    named = renamed(names, study.naming.overrides, atlas(), study.naming.language)
    rank = ranks(order(ranked.scores, ranked.sizes, [name.cluster_id for name in named]))
    return replace(ranked, names=named, rank=rank)


def _ids(study: Study, ranked: RankedClusters, previous: EditionRecords) -> list[str]:
    earlier = previous.as_published()
    matches = match_clusters(earlier, previous.study.clusters.radius_km, ranked, study.clusters.radius_km)
    taken = [name.cluster_id for name in earlier.names]
    fresh = [
        name.cluster_id.partition("--")[0]
        for name, same in zip(ranked.names, matches.identity, strict=True)
        if same is None
    ]
    new = iter(distinct(fresh, taken))
    return [next(new) if same is None else taken[same] for same in matches.identity]
