"""Raw files: which version of one was read, and what the manifest of the folder that it was fetched into says of it.

An input that is in a manifest, with the same hash, is licensed and cited as it says.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hubrank.core.errors import DataError
from hubrank.core.files import file_states, sha256
from hubrank.core.remote import InputFile, RemoteObject

NAME, FORMAT, MADE_BY = "manifest.json", 1, "hubrank get"
_DEEPEST = 6  # folders between a file and its manifest
_HASHED_AGAIN = 1 << 20  # bytes up to which a file is hashed a second time: clocks of disks tick slowly


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


@dataclass(frozen=True, slots=True)
class Input:
    """One input file: its name relative to the study, its size in bytes and its hash; its state while it was hashed.

    A file at an address is not hashed, which would read all of it once more: its server says which version it is.
    """

    name: str
    path: InputFile
    size: int
    sha256: str
    states: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, path: InputFile, name: str) -> "Input":
        """Hash a file. Raises DataError where it is changed meanwhile."""
        if isinstance(path, RemoteObject):
            return cls(name, path, path.size, "", ())
        states = file_states(path)
        file = cls(name, path, states[0][1], sha256(path), states)
        file.expect_unchanged()
        return file

    @property
    def version(self) -> dict[str, str]:
        """What says which version of the file this is: sha256, etag or modified."""
        if isinstance(self.path, RemoteObject):
            return {"etag": self.path.etag} if self.path.etag else {"modified": self.path.modified}
        return {"sha256": self.sha256}

    @property
    def provenance(self) -> Provenance | None:
        """What the manifest of a folder of `hubrank get` says of it."""
        return provenance(self.path, self.sha256) if isinstance(self.path, Path) else None

    def expect_unchanged(self) -> None:
        """Raise DataError where the file is no longer the one that was hashed, so that something else was read."""
        if isinstance(self.path, RemoteObject):
            self.path.expect_unchanged()
            return
        if not self.path.exists():
            raise DataError(
                f"{self.name} is not there any more, or this machine of a cluster does not see it; nothing that was "
                f"read of it is kept. Put it where every machine sees it (docs/scale.md), and run again."
            )
        with suppress(OSError):
            is_small = self.size <= _HASHED_AGAIN
            if file_states(self.path) == self.states and not (is_small and sha256(self.path) != self.sha256):
                return
        raise DataError(
            f"{self.name} was replaced or written to while the run read it; nothing that was read of it is kept. "
            f"Wait until the file is complete, and run again."
        )


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
