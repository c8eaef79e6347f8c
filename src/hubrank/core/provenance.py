"""Where a raw file comes from: what the manifest of the folder that it was fetched into says of it.

An input that is in a manifest, with the same hash, is licensed and cited as it says.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hubrank.core.errors import DataError

NAME, FORMAT, MADE_BY = "manifest.json", 1, "hubrank get"
_DEEPEST = 6  # folders between a file and its manifest


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a manifest says of one file. notes : go into every output; fetched : the day, as 2026-11-25."""

    title: str
    publisher: str
    url: str
    licence: str
    notes: tuple[str, ...]
    address: str
    version: str
    fetched: str


def provenance(path: Path, hashed: str) -> Provenance | None:
    """Return what a manifest above a file says of it; None where there is none, or the file is not as it was fetched.

    hashed : the SHA-256 of the file.
    """
    absolute = path.absolute()
    for folder in list(absolute.parents)[:_DEEPEST]:
        try:
            changed = (folder / NAME).stat().st_mtime_ns
        except OSError:
            continue
        value = _cached(folder / NAME, changed)
        entry = (value or {}).get("files", {}).get(absolute.relative_to(folder).as_posix())
        if value and entry and entry["sha256"] == hashed:
            stated = {name: value[name] for name in ("title", "publisher", "url", "licence")}
            notes = tuple(note for note in (value["note"], entry.get("note", "")) if note)
            day, version = entry["fetched"][:10], entry.get("version", "")
            return Provenance(**stated, notes=notes, address=entry["address"], version=version, fetched=day)
    return None


@cache
def _cached(path: Path, changed: int) -> dict[str, Any] | None:  # noqa: ARG001 (another time, another content)
    try:
        return read_manifest(path)
    except DataError:
        return None  # a file of that name by others


def read_manifest(path: Path) -> dict[str, Any] | None:
    """Return the content of a manifest; None where there is none. Raises DataError where the file is not ours."""
    try:
        value = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        value = None
    if not isinstance(value, dict) or value.get("made_by") != MADE_BY or value.get("format") != FORMAT:
        raise DataError(f"{path} is not a manifest of `hubrank get`. Move it away, or name another folder (--raw).")
    return value
