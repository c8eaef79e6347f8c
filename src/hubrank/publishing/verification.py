"""Verify an edition: its hashes, its figures, and every publication, made again from its tables (METHOD 12)."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from hubrank.analysis import verify as figures
from hubrank.analysis.edition_records import EditionRecords, opened
from hubrank.analysis.edition_tables import Geometries, drawings, geometries
from hubrank.analysis.finished_tables import FinishedTables
from hubrank.analysis.verify import FOREIGN, Findings, input_path
from hubrank.core import edition
from hubrank.core.edition import LISTINGS, Edition
from hubrank.core.files import synced_together
from hubrank.core.locks import temporary_folder
from hubrank.core.processes import InlineExecutor
from hubrank.publishing.manifest import made_by
from hubrank.publishing.publish import publish

_OF_THE_SEAL = frozenset({"rows", "outputs", "sha256"})  # what edition.json has once all publications are there


def verify(
    folder: Path,
    inputs: Path | None = None,
    seal: str | None = None,
    key: str | None = None,
    *,
    listings: bool = True,
) -> Findings:
    """Verify an edition as `hubrank.analysis.verify` does; if that finds nothing, make every publication again.

    inputs : folder of the study, with the inputs and the previous edition. seal, key, listings : as there.
    Raises StudyError where the folder is no edition, or the extra `sign` is missing.
    """
    findings = figures.verify(folder, inputs, seal, key, listings=listings)
    if findings.faults:
        return findings
    return _with_publications(findings, edition.load(folder), inputs)


def _with_publications(findings: Findings, published: Edition, inputs: Path | None) -> Findings:
    """Add what differs between the publications on disk and those that the tables give; say what was not compared."""
    other = published.manifest["made_by"]
    previous = published.manifest["study"].get("compare", {}).get("previous")
    reason = ""
    if findings.remarks:
        reason = "they describe the tables that are not in this copy"
    elif other != made_by():
        reason = f"other code or data made the edition ({other.get('hubrank')})"
    elif previous is not None and inputs is None:
        reason = "they quote the previous edition; --inputs names its place"
    if reason:
        return replace(findings, remarks=[*findings.remarks, f"files and pages were not made again: {reason}"])
    try:
        earlier = None if previous is None or inputs is None else edition.load(input_path(inputs, previous)).manifest
        with _publications(published, earlier) as folder:
            files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
            names = sorted(path.relative_to(folder).as_posix() for path in files)
            faults = list(_differences(published, folder, names))
    except FOREIGN as error:
        return replace(findings, faults=[f"publications: cannot be made from the tables: {error}"])
    return replace(findings, checked=findings.checked + len(names), faults=faults)


def _differences(published: Edition, folder: Path, names: list[str]) -> Iterator[str]:
    outputs = {name for name in published.manifest["outputs"] if not name.startswith("tables/")}
    yield from (f"{name}: is no publication of these tables" for name in sorted(outputs - set(names)))
    for name in names:
        if name not in outputs:
            yield f"{name}: is missing"
        elif (folder / name).read_bytes() != (published.folder / name).read_bytes():
            yield f"{name}: differs from what the tables give"


@contextmanager
def _publications(published: Edition, earlier: dict[str, Any] | None) -> Iterator[Path]:
    """Give a folder with every publication of the tables of an edition, made as a run makes them."""
    with (
        opened(published.folder) as (records,),
        temporary_folder(Path(tempfile.gettempdir()), "hubrank-verify-") as folder,
        synced_together(folder),  # at the end: to wait for the disk at each file would take longer
    ):
        manifest = {name: value for name, value in published.manifest.items() if name not in _OF_THE_SEAL}
        draft = Edition(folder, manifest)
        names = sorted(path.stem for path in (published.folder / "tables").glob("*.parquet"))
        (draft.folder / "tables").mkdir()
        for name in names:
            target = published.folder.resolve() / f"tables/{name}.parquet"
            (draft.folder / f"tables/{name}.parquet").symlink_to(target)
        tables = {name: draft.table(name) for name in names if name not in LISTINGS}
        columns = {name: pq.read_schema(draft.folder / f"tables/{name}.parquet") for name in sorted(LISTINGS)}
        finished = FinishedTables(tables, *_geometries(records), earlier)
        # Editions of a series have no pages.
        pages = any(name.startswith("site/") for name in published.manifest["outputs"])
        publish(draft, finished, columns, InlineExecutor(), pages=pages)
        yield draft.folder


def _geometries(records: EditionRecords) -> tuple[Geometries, Geometries]:
    """Return ground and outline of each cluster by cluster_id: the sites of the edition, clustered again."""
    ranked = records.as_published()
    ground, outline = drawings(records.study, ranked, InlineExecutor())
    return geometries(ranked, ground.result()), geometries(ranked, outline.result())
