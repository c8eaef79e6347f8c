"""The files of a plan: each fetched unless it is there, entered in the manifest; outdated ones are removed."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from hubrank.acquisition.client import Client
from hubrank.acquisition.download import REQUESTS, Meter, Part, download
from hubrank.acquisition.manifest import Manifest
from hubrank.acquisition.parquet_columns import download_columns, requests
from hubrank.acquisition.provider import Fetched, Plan, RemoteFile
from hubrank.core.errors import StudyError
from hubrank.core.units import counted


def most_requests(files: tuple[RemoteFile, ...]) -> int:
    """Return how many requests files take at most, with those after a failure."""
    return sum(REQUESTS + (requests(file.size) if file.columns else 0) for file in files)


def get(plan: Plan, folder: Path, client: Client, manifest: Manifest, meter: Meter) -> Fetched:
    """Fetch the files of a plan into a folder.

    Raises StudyError where they do not fit on the disk, DataError where one cannot be fetched; those before it stay.
    """
    missing = [file for file in plan.files if not manifest.has(file)]
    for file in set(plan.files) - set(missing):
        Part(folder, file).discard()  # the last command may have been stopped before it could
    _expect_room(missing, folder)
    for file in missing:
        _get(file, folder, client, manifest, meter)
    remarks = []
    if plan.complete and (outdated := sorted(set(manifest.files) - {file.name for file in plan.files})):
        manifest.forget(outdated)
        remarks.append(f"Removed: {counted(len(outdated), 'file')} of an earlier version.")
    paths = tuple(folder / file.name for file in plan.files)
    return Fetched(folder, paths, len(plan.files) - len(missing), tuple(remarks))


def _get(file: RemoteFile, folder: Path, client: Client, manifest: Manifest, meter: Meter) -> None:
    part, target = Part(folder, file), folder / file.name
    fetch = download_columns if file.columns else download
    fetch(part, file, target, client, meter, lambda: manifest.count_download(file.name, client.key))
    manifest.add(target, file, client.named(file.address))
    part.discard()


def _expect_room(files: list[RemoteFile], folder: Path) -> None:
    size, free = sum(file.size or 0 for file in files), shutil.disk_usage(folder).free
    if size > free and not any(file.columns for file in files):
        raise StudyError(
            f"{folder} has {free / 1e9:.1f} GB free; the files are {size / 1e9:.1f} GB. Free some, or name a folder "
            f"on another disk (--raw)."
        )


def stated(paths: Sequence[str], client: Client) -> Plan:
    """Return the plan of files at paths that the provider publishes, with the sizes that its server states."""
    files = tuple(RemoteFile(path.rpartition("/")[2], path, client.size(path)) for path in paths)
    return Plan(files, most_requests(files))
