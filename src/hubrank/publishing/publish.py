"""Every file of an edition but its tables, edition.json and run.json: brief, pages, files to take."""

from collections.abc import Mapping
from concurrent.futures import Executor

import pyarrow as pa

from hubrank.analysis.finished_tables import FinishedTables
from hubrank.core.edition import Edition
from hubrank.publishing import brief, files, manifest, rank_charts, robustness, site


def publish(edition: Edition, finished: FinishedTables, columns: Mapping[str, pa.Schema], worker: Executor) -> None:
    """Write every file of the edition but its tables, edition.json, which holds their hashes, and run.json.

    columns : of the tables `located` and `addresses`, whose rows are on disk only; publishers describe them.
    worker : draws charts and makes pages while other files are written here.
    """
    folder, shapes, previous = edition.folder, finished.shapes, finished.previous
    tables = {**finished.tables, **{name: schema.empty_table() for name, schema in columns.items()}}
    entries = {**edition.manifest, "rows": manifest.row_counts(folder)}
    note = entries["note"]
    has_variants = "variants" in tables
    charts = worker.submit(rank_charts.charts, tables, entries, note=note) if has_variants else None
    content = site.gather_content(folder, tables, shapes, entries, previous=previous)
    pages = worker.submit(site.cluster_pages, content)
    if has_variants:
        robustness.publish(folder, tables, entries, note=note)
    brief.publish(folder, tables, entries, previous=previous)
    files.publish(folder, tables, shapes, entries, charts=charts)
    site.publish(content, other_pages=pages)
