"""Tables of an edition that need its other tables on disk: robustness, and the comparison with the edition before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from hubrank.analysis import comparison
from hubrank.analysis.comparison.partitions import PARTITIONS_KEY
from hubrank.analysis.comparison.snapshots import REVISIONS_KEY
from hubrank.analysis.edition_records import EditionRecords
from hubrank.analysis.edition_tables import EditionTables, Geometries, Keyed
from hubrank.analysis.robustness.all_tables import robustness_tables
from hubrank.clustering.cities import atlas
from hubrank.core.edition import Edition
from hubrank.core.parquet import write_table
from hubrank.core.progress import Progress
from hubrank.core.tables import Engine
from hubrank.ranking.scores import RankedClusters
from hubrank.ranking.tables import ranking as ranking_table
from hubrank.study.study import Study


@dataclass(frozen=True, slots=True, eq=False)
class FinishedTables:
    """All tables by name, as they are on disk.

    shapes, outlines : GeoJSON geometry by cluster_id: the ground, and the outline drawn tight around all members.
    previous : the manifest of the edition before, where the study names one.
    """

    tables: dict[str, pa.Table]
    shapes: Geometries
    outlines: Geometries
    previous: dict[str, Any] | None


def finished_tables(
    edition: Edition,
    study: Study,
    ranked: RankedClusters,
    tables: EditionTables,
    engine: Engine,
    progress: Progress,
) -> FinishedTables:
    """Write the tables of an edition to its folder, then make and write those that need them.

    The ranking is written last, with its columns from the tables comparison and robustness.
    """
    by_name = _written(edition, tables.tables)
    records = EditionRecords(edition, engine, atlas())
    records.cache(study, ranked)
    more: dict[str, Keyed] = {}
    if study.robustness.run:
        more |= robustness_tables(records, progress, quick=True, weighed=tables.weighed)
    ranking = tables.ranking
    if tables.previous is not None:
        compared = comparison.compared([tables.previous, records])
        more["comparison"] = (compared.table, ("rank", "cluster_id"))
        ranking = ranking_table.with_published(ranking, compared.table)
        if compared.revisions.num_rows:
            more["revisions"] = (compared.revisions, REVISIONS_KEY)
        more["partitions_before"] = (compared.partitions, PARTITIONS_KEY)
    intervals, _ = more.get("robustness", tables.tables["robustness"])
    more["ranking"] = (ranking_table.with_robustness(ranking, intervals), ("rank",))
    by_name |= _written(edition, more)
    previous = None if tables.previous is None else tables.previous.edition.manifest
    return FinishedTables(by_name, tables.shapes, tables.outlines, previous)


def _written(edition: Edition, tables: Mapping[str, Keyed]) -> dict[str, pa.Table]:
    """Write tables; return them as they are on disk, so that publications can be made again from there."""
    folder, note = edition.folder / "tables", edition.manifest["note"]
    return {
        name: write_table(folder / f"{name}.parquet", table, key, note=note) for name, (table, key) in tables.items()
    }
