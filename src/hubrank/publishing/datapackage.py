"""datapackage.json: every file of an edition with its size, hash and columns (Frictionless Data Package 2.0)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core import columns as columns_module
from hubrank.core.edition import INDEPENDENT, areas_note, source_name
from hubrank.core.files import sha256
from hubrank.core.slug import slug

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_MEDIA = {
    "cff": "application/yaml",
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "geoparquet": "application/vnd.apache.parquet",
    "html": "text/html",
    "json": "application/json",
    "md": "text/markdown",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
    "sqlite": "application/vnd.sqlite3",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SPREADSHEET = "ranking-spreadsheet.csv"
_DESCRIPTIONS = {
    "CITATION.cff": "how to cite this edition",
    "areas.csv": "the ranking by the areas that the study names: one row per area",
    "brief.html": "the news of the edition, as a page",
    "brief.json": "the news of the edition, with the cells that each figure is taken from",
    "brief.md": "the news of the edition, as text",
    "clusters.geojson": "ground of the clusters with their row of the ranking (RFC 7946)",
    "clusters.geoparquet": "ground and outlines of the clusters with their row of the ranking (GeoParquet 1.1)",
    "edition.sqlite": "the tables about clusters as one SQLite database",
    "ranking-spreadsheet.csv": "the ranking, for spreadsheets: no text can pass for a formula",
    "rank-intervals.svg": "the leading ranks, with those that counts (and doubts about places, where known) leave open",
    "rank-radius.svg": "the leading ranks under other radii",
    "ranking.csv": "the ranking: one row per cluster",
    "ranking.xlsx": "the ranking and the leading organisations and fields, as a workbook",
    "robustness.md": "how sure the ranks are, in plain words",
}


def descriptor(
    folder: Path, tables: Mapping[str, pa.Table], manifest: Mapping[str, Any], *, metrics: columns_module.Metrics
) -> dict[str, Any]:
    """Describe the files that lie in `folder` now; those of site/ are views of the others and are left out.

    Parameters
    ----------
    tables : those of tables/NAME.parquet, by name, and `ranking`.
    manifest : the content of edition.json: study, sources, inputs and, where the records are simulated, a note.
    metrics : of the study, or what each is called by its name.
    """
    study, note = manifest["study"], manifest.get("note", "")
    authors = study.get("publish", {}).get("authors", [])
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    paths = [path for path in paths if not path.startswith("site/")]
    resources = [_resource(folder, path, tables, metrics, note) for path in paths]
    commas = study.get("publish", {}).get("decimals") == ","
    return {
        "$schema": PROFILE,
        "name": name_of(study["title"], study["edition"]),
        "title": study["title"],
        "version": study["edition"],
        "description": described(manifest, metrics),
        "keywords": ["innovation clusters", "ranking", *columns_module.labels_of(metrics).values()],
        **({"contributors": [{"title": name} for name in authors]} if authors else {}),
        "synthetic": bool(study.get("synthetic", False)),
        "sources": [
            {
                "title": source_name(account, columns_module.labels_of(metrics)),
                **({"path": account["url"]} if "url" in account else {}),
                **{key: account[key] for key in ("publisher", "accessed") if key in account},
                **({"licence": account["licence"]} if "licence" in account else {}),
                **({"description": " ".join(account["notes"])} if account.get("notes") else {}),
            }
            for account in manifest.get("sources", [])
        ],
        "resources": [_with_commas(each) if commas and each["path"] == SPREADSHEET else each for each in resources],
    }


def summary(metrics: columns_module.Metrics) -> str:
    """Say in one sentence what an edition is."""
    counted = ", ".join(columns_module.labels_of(metrics).values())
    return f"Clusters of innovation found and ranked by {counted} with hubrank, from single records."


def described(manifest: Mapping[str, Any], metrics: columns_module.Metrics) -> str:
    """Say what an edition is, with what every output made of its sources has to say."""
    notes = dict.fromkeys(note for account in manifest.get("sources", []) for note in account.get("notes", []))
    return " ".join(
        filter(None, [manifest.get("note", ""), summary(metrics), areas_note(manifest), *notes, INDEPENDENT])
    )


def name_of(title: str, edition: str) -> str:
    """Return the name of an edition in catalogues and citations: its title, with its label unless the title has it."""
    return slug(title if edition in title.split() else f"{title} {edition}", empty="edition")


def _resource(
    folder: Path, path: str, tables: Mapping[str, pa.Table], metrics: columns_module.Metrics, note: str
) -> dict[str, Any]:
    kind = Path(path).suffix.removeprefix(".")
    resource: dict[str, Any] = {
        "name": slug(path),
        "path": path,
        "format": kind,
        "mediatype": _MEDIA.get(kind, "application/octet-stream"),
        "bytes": (folder / path).stat().st_size,
        "hash": f"sha256:{sha256(folder / path)}",
        "type": "table" if kind == "csv" else "file",
    }
    table = "ranking" if kind == "csv" else Path(path).stem if path.startswith("tables/") else ""
    text = _DESCRIPTIONS.get(path, f"one row is {columns_module.title(table)}" if table else "")
    resource |= {"description": text} if text else {}
    if table in tables:
        resource["schema"] = _schema(table, tables[table].schema, metrics, note if kind == "csv" else "")
    if kind == "csv":
        resource |= {"encoding": "utf-8", "dialect": {"delimiter": ",", "lineTerminator": _end(path)}}
    return resource


def _with_commas(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a CSV with decimal commas and semicolons between its cells."""
    fields = [
        field | ({"decimalChar": ","} if field["type"] == "number" else {}) for field in resource["schema"]["fields"]
    ]
    dialect = resource["dialect"] | {"delimiter": ";"}
    return resource | {"dialect": dialect, "schema": resource["schema"] | {"fields": fields}}


def _end(path: str) -> str:
    return "\r\n" if path == SPREADSHEET else "\n"


def _schema(table: str, columns: pa.Schema, metrics: columns_module.Metrics, note: str) -> dict[str, Any]:
    with_note = columns.append(pa.field("note", pa.string())) if note else columns
    fields = [_field(column) for column in columns_module.describe(table, with_note, metrics)]
    return {"fields": fields, **({"primaryKey": ["cluster_id"]} if table == "ranking" else {})}


def _field(column: columns_module.Described) -> dict[str, Any]:
    texts = {"description": column.meaning, "unit": column.unit}
    return {
        "name": column.name,
        "type": type_name(column.type),
        **{key: text for key, text in texts.items() if text},
        **({} if column.null else {"constraints": {"required": True}}),
    }


def type_name(kind: pa.DataType) -> str:
    """Return the name that Table Schema has for a type."""
    tests = {
        "boolean": pa.types.is_boolean,
        "integer": pa.types.is_integer,
        "number": lambda k: pa.types.is_decimal(k) or pa.types.is_floating(k),
        "array": pa.types.is_list,
    }
    return next((name for name, holds in tests.items() if holds(kind)), "string")
