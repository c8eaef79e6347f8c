"""Every file of an edition but edition.json and run.json: tables, doubts, comparison, brief, pages, files to take."""

from collections.abc import Mapping
from concurrent.futures import Executor

import pyarrow as pa

from hubrank.analysis import comparison
from hubrank.analysis.edition_records import EditionRecords
from hubrank.analysis.edition_tables import EditionTables, Keyed
from hubrank.analysis.robustness.all_tables import robustness_tables
from hubrank.core.parquet import write_table
from hubrank.core.progress import Progress
from hubrank.publishing import brief, files, rank_charts, site
from hubrank.publishing import robustness as findings
from hubrank.publishing.manifest import rows as row_counts
from hubrank.ranking.tables import ranking as ranking_module


def publish(
    now: EditionRecords, assembled: EditionTables, listed: pa.Schema, helper: Executor, progress: Progress
) -> None:
    """Write every file of the edition but edition.json, which holds their hashes, and run.json.

    listed : columns of the table `located`, which is written already; publishers describe them.
    helper : draws charts and makes pages while other files are written here.
    """
    folder, before = now.edition.folder, assembled.previous
    previous = before.edition.manifest if before is not None else None
    told = _tables(now, assembled, progress) | {"located": listed.empty_table()}
    manifest = {**now.edition.manifest, "rows": row_counts(folder)}
    doubted = "variants" in told
    drawn = helper.submit(rank_charts.charts, told, manifest, note=manifest["note"]) if doubted else None
    portraits = helper.submit(site.cluster_pages, folder, told, assembled.shapes, manifest, previous=previous)
    if doubted:
        findings.publish(folder, told, manifest, note=manifest["note"])
    brief.publish(folder, told, manifest, previous=previous)
    files.publish(folder, told, assembled.shapes, manifest, drawn=drawn)
    site.publish(folder, told, assembled.shapes, manifest, previous=previous, beside=portraits)


def _tables(now: EditionRecords, assembled: EditionTables, progress: Progress) -> dict[str, pa.Table]:
    """Write all tables; return them by name."""
    _write(now, assembled.tables)
    more = _more(now, assembled, progress)
    ranking = ranking_module.doubted(assembled.ranking, more.get("robustness", assembled.tables["robustness"])[0])
    more["ranking"] = (ranking, ("rank",))
    _write(now, more)
    return {name: table for name, (table, _) in {**assembled.tables, **more}.items()}


def _write(now: EditionRecords, tables: Mapping[str, Keyed]) -> None:
    for name, (table, key) in tables.items():
        path = now.edition.folder / "tables" / f"{name}.parquet"
        write_table(path, table, key, note=now.edition.manifest["note"])


def _more(now: EditionRecords, assembled: EditionTables, progress: Progress) -> dict[str, Keyed]:
    """Return the tables that are made from those of the edition: the doubts, and the comparison with the one before."""
    more: dict[str, Keyed] = {}
    if now.study.robustness.run:
        more |= robustness_tables(now, progress, quick=True, weighed=assembled.weighed)
    if assembled.previous is not None:
        more["comparison"] = (comparison.compared([assembled.previous, now]).table, ("rank", "cluster_id"))
    return more
