"""Every file of an edition but edition.json and run.json: tables, charts, brief, downloads, pages."""

from collections.abc import Mapping
from concurrent.futures import Executor

import pyarrow as pa

from hubrank.analysis import comparison
from hubrank.analysis.edition_records import EditionRecords
from hubrank.analysis.edition_tables import EditionTables, Keyed
from hubrank.analysis.robustness.all_tables import doubts
from hubrank.core.parquet import write_table
from hubrank.core.progress import Progress
from hubrank.publishing import brief, files, rank_charts, robustness, site
from hubrank.publishing.manifest import row_counts
from hubrank.ranking.tables import ranking as ranking_module


def publish(
    records: EditionRecords, assembled: EditionTables, located: pa.Schema, worker: Executor, progress: Progress
) -> None:
    """Write every file of the edition but edition.json, which lists their hashes, and run.json.

    located : columns of the table `located`, which is written already; publishers describe them.
    worker : draws charts and makes cluster pages while other files are written here.
    """
    folder = records.made.folder
    previous = assembled.previous.made.manifest if assembled.previous is not None else None
    tables = _tables(records, assembled, progress) | {"located": located.empty_table()}
    manifest = {**records.made.manifest, "rows": row_counts(folder)}
    has_variants = "variants" in tables
    charts = worker.submit(rank_charts.charts, tables, manifest, note=manifest["note"]) if has_variants else None
    content = site.gather_content(folder, tables, assembled.shapes, manifest, previous=previous)
    pages = worker.submit(site.cluster_pages, content)
    if has_variants:
        robustness.publish(folder, tables, manifest, note=manifest["note"])
    brief.publish(folder, tables, manifest, previous=previous)
    files.publish(folder, tables, assembled.shapes, manifest, charts=charts)
    site.publish(content, other_pages=pages)


def _tables(records: EditionRecords, assembled: EditionTables, progress: Progress) -> dict[str, pa.Table]:
    """Write all tables; return them by name."""
    _write(records, assembled.tables)
    derived = _derived(records, assembled, progress)
    robustness_table = derived.get("robustness", assembled.tables["robustness"])[0]
    derived["ranking"] = (ranking_module.doubted(assembled.ranking, robustness_table), ("rank",))
    _write(records, derived)
    return {name: table for name, (table, _) in {**assembled.tables, **derived}.items()}


def _write(records: EditionRecords, tables: Mapping[str, Keyed]) -> None:
    for name, (table, key) in tables.items():
        path = records.made.folder / "tables" / f"{name}.parquet"
        write_table(path, table, key, note=records.made.manifest["note"])


def _derived(records: EditionRecords, assembled: EditionTables, progress: Progress) -> dict[str, Keyed]:
    """Return the tables that are derived from those of the edition: on robustness, and the comparison."""
    tables: dict[str, Keyed] = {}
    if records.study.robustness.run:
        tables |= doubts(records, progress, quick=True, weighed=assembled.weighed)
    if assembled.previous is not None:
        tables["comparison"] = (comparison.compared([assembled.previous, records]).table, ("rank", "cluster_id"))
    return tables
