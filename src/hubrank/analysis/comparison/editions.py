"""Two editions and more, compared (METHOD 8)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.analysis import edition_records
from hubrank.analysis.certain_moves import rank_intervals
from hubrank.analysis.comparison.decomposition import rank_path
from hubrank.analysis.comparison.matching import match_clusters
from hubrank.analysis.comparison.partitions import PARTITIONS_SCHEMA, partition_overlap, partition_row
from hubrank.analysis.comparison.series import Threads, series
from hubrank.analysis.comparison.table import EditionPair, comparison
from hubrank.analysis.data_cause import DataCause, data_cause
from hubrank.analysis.edition_records import EditionRecords
from hubrank.analysis.pair_remarks import pair_remarks
from hubrank.analysis.score_changes import have_same_weights
from hubrank.core import edition
from hubrank.core.errors import StudyError
from hubrank.ranking.scores import RankedClusters
from hubrank.study.study import Study


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What changed between editions.

    names : of the editions, the older first; note : the note that every figure must carry, "" where none.
    cause : what the part `data` of the last two is due to.
    table : of COMPARISON_SCHEMA, the last two; series : of SERIES_SCHEMA, all, under the method of the last.
    partitions : of PARTITIONS_SCHEMA, each edition against the one before, as published.
    revisions : of REVISIONS_SCHEMA, records of years that the last two share; empty where they name no snapshot.
    remarks : what makes the last two hard to compare: the order of their years, clusters against areas.
    ranks_areas : whether the last ranks areas.
    same_weights : whether the last two weigh the same metrics alike, so that the difference of scores says something.
    """

    names: tuple[str, ...]
    note: str
    cause: DataCause
    table: pa.Table
    series: pa.Table
    partitions: pa.Table
    revisions: pa.Table
    remarks: tuple[str, ...] = ()
    ranks_areas: bool = False
    same_weights: bool = True


def compare(*folders: Path, memory: str | None = None, threads: int | None = None) -> Comparison:
    """Compare finished editions, the oldest first.

    memory, threads : limits of the engine; they never change the result.
    Raises StudyError for fewer than two editions, a folder that is none, or editions that share no metric; CheckFailed
    for an edition whose tables do not give the ranking that it printed.
    """
    if len(folders) < 2:
        raise StudyError(f"compare needs two editions or more, the older first; got {len(folders)}.")
    with edition_records.opened(*folders, memory=memory, threads=threads) as records:
        return compared(records)


def compared(records: list[EditionRecords]) -> Comparison:
    """Compare editions that are open, the oldest first."""
    earlier, later = records[-2:]
    method = later.study
    followed = Threads(method.clusters.radius_km)
    for each in records:
        followed.add(each.ranked_by(method, later.areas))
    names = _names(records)
    note = edition.SIMULATED if any(each.study.synthetic for each in records) else ""
    path = rank_path(earlier, later)
    table = comparison(_pair(earlier, later), path, followed.returned())
    partitions = [
        edition_partition(before, after, name)
        for before, after, name in zip(records[:-1], records[1:], names[:-1], strict=True)
    ]
    groupings = pa.Table.from_pylist(partitions, PARTITIONS_SCHEMA)
    cause = data_cause(earlier.edition.manifest, later.edition.manifest)
    return Comparison(
        names,
        note,
        cause,
        table,
        series(followed, names),
        groupings,
        path.revisions,
        (*_folders(records, names), *pair_remarks(earlier.study, later.study, names[-2:])),
        later.study.ranks_areas,
        have_same_weights(earlier.study, later.study),
    )


def _folders(records: Sequence[EditionRecords], names: Sequence[str]) -> Iterator[str]:
    """Yield which folder each edition is, where editions have one name and had to be numbered."""
    numbered = [
        f"{name} is {each.edition.folder.name}"
        for each, name in zip(records, names, strict=True)
        if name != each.study.edition
    ]
    if numbered:
        yield f"{'; '.join(numbered)}: they have one name (edition in the study)."


def edition_partition(earlier: EditionRecords, later: EditionRecords, name: str) -> dict[str, Any]:
    """Return a row of PARTITIONS_SCHEMA: the later edition's listings in its clusters and in the earlier one's areas.

    name : of the earlier edition.
    """
    first, last = earlier.as_published(), later.as_published()
    old_km, new_km = earlier.study.clusters.radius_km, later.study.clusters.radius_km
    before = match_clusters(first, old_km, last, new_km).before
    moves = [
        (rank, None if label is None else first.rank[label]) for rank, label in zip(last.rank, before, strict=True)
    ]
    alike = partition_overlap(last, first, old_km)
    return partition_row("edition", name, first.count, (alike.adjusted_rand, alike.variation_bits), moves)


def _pair(earlier: EditionRecords, later: EditionRecords) -> EditionPair:
    first, recounted, last = earlier.as_published(), earlier.ranked_by(later.study, later.areas), later.as_published()
    old_km, new_km = earlier.study.clusters.radius_km, later.study.clusters.radius_km
    published = match_clusters(first, old_km, last, new_km)
    same_method = published if recounted is first else match_clusters(recounted, new_km, last, new_km)
    return EditionPair(first, recounted, last, published, same_method, rank_intervals(earlier.edition.table("ranking")))


def previous_ranks(method: Study, clusters: RankedClusters, previous: EditionRecords) -> list[int | None]:
    """Return, per cluster, the rank of the earlier one that it continues, by the earlier records under `method`.

    method : the study that ranked `clusters`. None where a cluster is new or a part of a split one.
    """
    recounted = previous.ranked_by(method, None if clusters.areas is None else clusters.areas.areas)
    matches = match_clusters(recounted, method.clusters.radius_km, clusters, method.clusters.radius_km)
    return [None if before is None else recounted.rank[before] for before in matches.before]


def _names(records: list[EditionRecords]) -> tuple[str, ...]:
    """Return the editions' names, with their position where a name repeats."""
    often = Counter(each.study.edition for each in records)
    return tuple(
        each.study.edition if often[each.study.edition] == 1 else f"{each.study.edition} ({position})"
        for position, each in enumerate(records, start=1)
    )
