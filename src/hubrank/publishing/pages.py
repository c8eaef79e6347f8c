"""The pages and the brief of a finished edition again, in another language, next to it: the edition stays as it is."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import shapely

from hubrank.core.atomic_folder import atomic_folder
from hubrank.core.edition import LISTINGS, Edition, load
from hubrank.core.errors import StudyError
from hubrank.core.files import write_bytes
from hubrank.publishing import brief, site

DESCRIPTIONS = ("datapackage.json", "dataset.jsonld")  # of which pages show parts


def publish_pages(edition: Edition, out: Path, *, language: str, previous: Path | None = None) -> Path:
    """Write the pages of an edition into out/site and return that folder. Their links lead to the edition's files.

    Its brief is written into `out`: brief.md, brief.html and brief.json.

    previous : the folder of the edition before; None looks where the study says, next to this one.
    Raises StudyError where the language has no texts, or where the edition before is needed and missing.
    """
    tables = {path.stem: edition.table(path.stem) for path in sorted((edition.folder / "tables").glob("*.parquet"))}
    tables |= {name: tables[name].slice(0, 0) for name in tables.keys() & set(LISTINGS)}
    outlines = json.loads((edition.folder / "clusters.geojson").read_text("utf-8"))["features"]
    shapes = {feature["id"]: feature["geometry"] for feature in outlines}
    outlines = covering_outlines(edition.folder)
    before = _before(edition, previous) if "comparison" in tables else None
    with atomic_folder(out, mark="site", what="pages") as folder:
        for name in DESCRIPTIONS:
            write_bytes(folder / name, (edition.folder / name).read_bytes())
        brief.publish(folder, tables, edition.manifest, previous=before, language=language)
        content = site.gather_content(
            folder,
            tables,
            shapes,
            edition.manifest,
            outlines=outlines,
            previous=before,
            language=language,
            files_at=f"../../{edition.folder.resolve().name}/",
        )
        site.publish(content)
    return out / "site"


def covering_outlines(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the outline of each cluster of an edition, which covers all of its members, as GeoJSON geometry."""
    table = pq.read_table(folder / "clusters.geoparquet", columns=["cluster_id", "outline"])
    shapes = shapely.from_wkb(table["outline"].to_pylist())
    return {key: shape.__geo_interface__ for key, shape in zip(table["cluster_id"].to_pylist(), shapes, strict=True)}


def _before(edition: Edition, previous: Path | None) -> Mapping[str, Any]:
    named = edition.manifest["study"].get("compare", {}).get("previous") or ""
    path = previous or edition.folder.resolve().parent / named
    folder = path.parent if path.suffix == ".json" else path
    if not (folder / "edition.json").is_file():
        raise StudyError(
            f"{edition.folder} is compared with {named or 'an edition'}, which is not at {folder}. "
            "Name its folder with --previous."
        )
    return load(folder).manifest
