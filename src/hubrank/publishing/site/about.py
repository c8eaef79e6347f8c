"""What stands behind an edition: its choices, its columns, its sources, its files."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core import columns

SETTINGS = ("clusters", "points", "merging", "ranking", "windows", "geocoding", "robustness")
KEPT_BACK = ("tables/located.parquet",)  # the single listings: whether they may be passed on is for their source to say
DOCUMENTS = {  # descriptions of the files, which do not describe themselves
    "datapackage.json": "package",
    "dataset.jsonld": "schema_org",
    "dcat.jsonld": "dcat",
    "ro-crate-metadata.json": "crate",
}


def settings(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the choices of a study as they are called in its file, and the threshold that came of them."""
    for section in SETTINGS:
        for key, value in sorted(manifest["study"].get(section, {}).items()):
            yield f"[{section}] {key}", _written(value)
    yield "threshold_listings", f"{manifest['threshold_listings']:,}"


def _written(value: Any) -> str:  # noqa: ANN401 (a setting)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_written(item)}" for key, item in sorted(value.items()))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def tables_described(
    tables: Mapping[str, pa.Table], metrics: Sequence[str]
) -> list[tuple[str, str, list[columns.Described]]]:
    """Return name, title and columns of every table, the ranking first."""
    names = sorted(tables, key=lambda name: (name != "ranking", name))
    return [(name, columns.title(name), columns.describe(name, tables[name].schema, metrics)) for name in names]


def sources(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what became of the rows of each source."""
    return [
        {
            "metric": account["metric"],
            "reader": account["reader"],
            "licence": account.get("licence", ""),
            "counts": [
                account["rows_read"],
                account["rows_kept"],
                _sum(account, "out_of_scope"),
                _sum(account, "set_aside"),
            ],
            "reasons": [*account["out_of_scope"].items(), *account["set_aside"].items()],
            "notes": list(account.get("notes", ())),
        }
        for account in manifest["sources"]
    ]


def _sum(account: Mapping[str, Any], part: str) -> int:
    return sum(account[part].values())


def located(manifest: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return, per metric, how many listings were read and which part of them has no place."""
    return [
        (metric, f"{told['listings']:,}", f"{Decimal(100 * told['unlocated']) / told['listings']:.1f}")
        for metric, told in sorted(manifest["metrics"].items())
        if told.get("listings")
    ]


def downloads(folder: Path) -> list[tuple[str, str, int]]:
    """Return path, description and size of the files that lie beside the site, as their data package tells them."""
    package = folder / "datapackage.json"
    if not package.exists():
        return []
    resources = json.loads(package.read_text("utf-8"))["resources"]
    return [(each["path"], each.get("description", ""), each["bytes"]) for each in resources]


def linked_data(folder: Path) -> str:
    """Return the edition as a Dataset of schema.org, safe between the tags of a page, its files seen from the page."""
    path = folder / "dataset.jsonld"
    if not path.exists():
        return ""
    told = json.loads(path.read_text("utf-8"))
    for each in told["distribution"]:
        each["contentUrl"] = f"../{each['contentUrl']}"
    text = json.dumps(told, ensure_ascii=True, indent=1, sort_keys=True)
    return text.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"})
