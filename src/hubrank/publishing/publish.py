"""Every file of an edition but its tables, edition.json and run.json: brief, pages, downloads."""

from collections.abc import Mapping
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.analysis.finished_tables import FinishedTables
from hubrank.core.edition import Edition, areas_note, labels, source_name, threshold_text, years_counted
from hubrank.core.files import write_bytes
from hubrank.core.processes import InlineExecutor
from hubrank.publishing import (
    brief,
    catalogue,
    citation,
    crate,
    csv,
    datapackage,
    geojson,
    geoparquet,
    rank_charts,
    robustness,
    site,
    sqlite,
    xlsx,
)
from hubrank.publishing.json_in_html import json_in_html
from hubrank.publishing.manifest import row_counts

# Each paragraph fills a cell of the workbook.
_NOTES = [
    " ".join(paragraph.splitlines())
    for paragraph in """
Ranks are decided on exact fractions; scores and shares are rounded here. The tables contain the whole numbers.

rank_low and rank_high are the best and the worst rank of a confidence set, of 90 % unless the study sets another level.
The sets are conditional on outlines, places and weights. rank_low_places and rank_high_places add the doubt about where
addresses lie, as far as alternatives are known.

Population is that of a grid on the ground of a cluster, whose area and shape are in the same row; without a grid there
are only the people of its cities (GeoNames), and nothing is divided by them.

The sheet Profiles lists the leading organisations and fields of each cluster and metric, the table profiles all.

hubrank is independent work. The ranking counts records; it does not say how good they are.
""".strip().split("\n\n")
]


def publish(
    edition: Edition,
    finished: FinishedTables,
    columns: Mapping[str, pa.Schema],
    worker: Executor,
    *,
    pages: bool = True,
) -> None:
    """Write every file of the edition but its tables, edition.json, which holds their hashes, and run.json.

    columns : of the tables `located` and `addresses`, whose rows are on disk only; publishers describe them.
    worker : fills the workbook, draws charts and pictures and makes pages while other files are written here.
    pages : whether site/ is written.
    """
    folder, shapes, previous = edition.folder, finished.shapes, finished.previous
    tables = {**finished.tables, **{name: schema.empty_table() for name, schema in columns.items()}}
    entries = {**edition.manifest, "rows": row_counts(folder)}
    note = entries["note"]
    has_variants = "variants" in tables
    charts = worker.submit(rank_charts.charts, tables, entries, note=note) if has_variants else None
    workbook = _workbook(tables, entries, worker)
    content = (
        site.gather_content(folder, tables, shapes, entries, outlines=finished.outlines, previous=previous)
        if pages
        else None
    )
    other_pages = None if content is None else worker.submit(site.pages_and_pictures, content)
    if has_variants:
        robustness.publish(folder, tables, entries, note=note)
    brief.publish(folder, tables, entries, previous=previous)
    assets = None if content is None else site.gather_assets(content)
    publish_downloads(folder, tables, shapes, entries, outlines=finished.outlines, workbook=workbook, charts=charts)
    if content is not None:
        site.publish(content, assets=assets, other_pages=other_pages)


def publish_downloads(
    folder: Path,
    tables: Mapping[str, pa.Table],
    shapes: dict[str, dict[str, Any]],
    manifest: Mapping[str, Any],
    *,
    outlines: dict[str, dict[str, Any]] | None = None,
    workbook: Future[bytes] | None = None,
    charts: Future[dict[str, bytes]] | None = None,
) -> None:
    """Write the ranking, its map, the database and the descriptions of all files.

    All other files of `folder`, tables/*.parquet and the brief included, must be there already: datapackage.json lists
    the size and hash of each file.

    Parameters
    ----------
    folder : the edition that is being written.
    tables : all tables of the edition, by name, `ranking` in the order of ranks.
    shapes : GeoJSON geometry by cluster_id: degrees, outer rings counter-clockwise, cut at the antimeridian.
    manifest : the content of edition.json: study, sources, inputs, threshold_listings, note where simulated.
    outlines : the same of the outlines drawn tight around all members, the second geometry; None where there are none.
    workbook : the future content of ranking.xlsx; None makes it here.
    charts : the future content of other files by name.
    """
    note, ranking = manifest.get("note", ""), tables["ranking"]
    metrics = labels(manifest)
    about = _about(manifest, ranking, metrics)
    csv.publish(folder / "ranking.csv", ranking, note=note)
    csv.publish_for_spreadsheets(folder / "ranking-spreadsheet.csv", ranking, note=note, decimals=_decimals(manifest))
    if "areas" in tables:
        csv.publish(folder / "areas.csv", tables["areas"], note=note)
    geojson.publish(folder / "clusters.geojson", ranking, shapes, note=note)
    geoparquet.publish(folder / "clusters.geoparquet", ranking, shapes, outlines=outlines, note=note)
    sqlite.publish(folder / "edition.sqlite", tables, about=about, metrics=metrics, note=note)
    citation.publish(folder / "CITATION.cff", manifest, abstract=datapackage.described(manifest, metrics))
    for name, content in (charts.result() if charts else {}).items():
        write_bytes(folder / name, content)
    workbook = workbook or _workbook(tables, manifest, InlineExecutor())
    write_bytes(folder / "ranking.xlsx", workbook.result())
    _describe(folder, tables, manifest, metrics)


def _decimals(manifest: Mapping[str, Any]) -> str:
    """Return the mark of decimals that the study states for spreadsheets."""
    return str(manifest["study"].get("publish", {}).get("decimals", "."))


def _workbook(tables: Mapping[str, pa.Table], manifest: Mapping[str, Any], worker: Executor) -> Future[bytes]:
    """Let the worker fill the workbook."""
    metrics = labels(manifest)
    about_areas = areas_note(manifest)
    notes = [
        *([about_areas] if about_areas else []),
        *_NOTES,
        *(f"{metrics[each['metric']]}: {text}" for each in manifest["sources"] for text in each.get("notes", ())),
    ]
    return worker.submit(
        xlsx.written,
        {name: tables[name] for name in xlsx.TABLES if name in tables},
        about=_about(manifest, tables["ranking"], metrics),
        notes=notes,
        metrics=metrics,
        note=manifest.get("note", ""),
    )


def _about(manifest: Mapping[str, Any], ranking: pa.Table, metrics: Mapping[str, str]) -> dict[str, str]:
    study = manifest["study"]
    years = years_counted(manifest)
    return {
        "title": study["title"],
        "edition": study["edition"],
        "metrics": ", ".join(metrics.values()),
        **({"years": years} if years else {}),
        "sources": "; ".join(dict.fromkeys(_origin(each, metrics) for each in manifest["sources"])),
        "clusters": str(ranking.num_rows),
        "threshold": threshold_text(manifest),
        "made with": "hubrank",
    }


def _origin(account: Mapping[str, Any], metrics: Mapping[str, str]) -> str:
    """Return name, publisher, address and day of access of a source in one line."""
    accessed = f"accessed {account['accessed']}" if "accessed" in account else ""
    parts = [source_name(account, metrics), account.get("publisher"), account.get("url"), accessed]
    return ", ".join(filter(None, parts))


def _describe(
    folder: Path, tables: Mapping[str, pa.Table], manifest: Mapping[str, Any], metrics: Mapping[str, str]
) -> None:
    package = datapackage.descriptor(folder, tables, manifest, metrics=metrics)
    documents = {
        "datapackage.json": package,
        "dataset.jsonld": catalogue.schema_org(package, manifest),
        "dcat.jsonld": catalogue.dcat(package, manifest),
        "ro-crate-metadata.json": crate.ro_crate(package, manifest),
    }
    for name, document in documents.items():
        write_bytes(folder / name, (json_in_html(document, indent=1, ascii_only=False) + "\n").encode())
