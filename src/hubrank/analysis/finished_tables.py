"""Tables of an edition that need its other tables on disk: robustness, and the comparison with the edition before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from hubrank.analysis import comparison
from hubrank.analysis.edition_records import EditionRecords
from hubrank.analysis.edition_tables import EditionTables, Keyed
from hubrank.analysis.robustness.all_tables import robustness_tables
from hubrank.clustering.city_atlas import atlas
from hubrank.core.edition import Edition
from hubrank.core.parquet import write_table
from hubrank.core.progress import Progress
from hubrank.core.tables import Engine
from hubrank.ranking.scores import RankedClusters
from hubrank.ranking.tables import ranking as ranking_table
from hubrank.study.study import Study


@dataclass(frozen=True, slots=True, eq=False)
class FinishedTables:
    """All tables by name, as they are on disk; GeoJSON geometry by cluster_id.

    previous : the manifest of the edition before, where the study names one.
    """

    tables: dict[str, pa.Table]
    shapes: dict[str, dict[str, Any]]
    previous: dict[str, Any] | None


def finished_tables(
    edition: Edition, study: Study, ranked: RankedClusters, tables: EditionTables, engine: Engine, progress: Progress
) -> FinishedTables:
    """Write the tables of an edition to its folder, then make and write those that need them.

    The ranking is written last, with its columns from the table robustness.
    """
    _write(edition, tables.tables)
    records = EditionRecords(edition, engine, atlas())
    records.cache(study, ranked)
    more: dict[str, Keyed] = {}
    if study.robustness.run:
        more |= robustness_tables(records, progress, quick=True, weighed=tables.weighed)
    if tables.previous is not None:
        more["comparison"] = (comparison.compared([tables.previous, records]).table, ("rank", "cluster_id"))
    intervals, _ = more.get("robustness", tables.tables["robustness"])
    more["ranking"] = (ranking_table.with_robustness(tables.ranking, intervals), ("rank",))
    _write(edition, more)
    by_name = {name: table for name, (table, _) in {**tables.tables, **more}.items()}
    return FinishedTables(by_name, tables.shapes, None if tables.previous is None else tables.previous.edition.manifest)


def _write(edition: Edition, tables: Mapping[str, Keyed]) -> None:
    for name, (table, key) in tables.items():
        write_table(edition.folder / "tables" / f"{name}.parquet", table, key, note=edition.manifest["note"])
