"""raw/<source>/manifest.json: where each file came from, when, in which version, under which licence, with its hash.

`core/provenance` reads it for a run.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hubrank.acquisition.provider import Provider, RemoteFile
from hubrank.core.errors import StudyError
from hubrank.core.files import sha256, write_json
from hubrank.core.provenance import FORMAT, MADE_BY, NAME, read_manifest

YEAR = timedelta(days=365)
_WARNED_BELOW = 5  # downloads that are left


class Manifest:
    """The manifest of one folder of files; written anew with every change, whole or not at all."""

    def __init__(self, folder: Path, provider: Provider) -> None:
        self.folder, self.provider = folder, provider
        self._value = read_manifest(folder / NAME) or {}
        self.files: dict[str, dict[str, Any]] = self._value.get("files", {})
        self._downloads: dict[str, dict[str, list[str]]] = self._value.get("downloads", {})

    def has(self, file: RemoteFile) -> bool:
        """Tell whether a file is there as it was fetched, in the version that is planned."""
        entry, path = self.files.get(file.name), self.folder / file.name
        if entry is None or not path.is_file() or path.stat().st_size != entry["bytes"]:
            return False
        return all(entry.get(key, value) == value for key, value in _stated(file).items())

    def add(self, path: Path, file: RemoteFile, address: str, **more: object) -> None:
        """Enter a file that is there; raise OSError where it is not."""
        self.files[path.relative_to(self.folder).as_posix()] = {
            "address": address,
            "bytes": path.stat().st_size,
            "sha256": sha256(path),
            "fetched": moment(),
            **_stated(file),
            **more,
        }
        self._write()

    def forget(self, names: Iterable[str]) -> None:
        """Remove files of an earlier version, and their entries."""
        for name in list(names):
            (self.folder / name).unlink(missing_ok=True)
            del self.files[name]
        self._write()

    def downloads(self, name: str, key: str) -> int:
        """Return how often a file was requested with a key within a year."""
        since = (datetime.now(UTC) - YEAR).isoformat()
        return sum(each >= since for each in self._downloads.get(name, {}).get(_fingerprint(key), []))

    def count_download(self, name: str, key: str) -> None:
        """Count a request for a file before it is sent. Raises StudyError at the limit of the provider."""
        limit = self.provider.downloads_a_year
        if limit is None:
            return
        if self.downloads(name, key) >= limit:
            raise StudyError(
                f"{name} was requested {limit} times within a year with this key, the most that "
                f"{self.provider.publisher} allows. Use the copy that you have, or wait until a year has passed."
            )
        self._downloads.setdefault(name, {}).setdefault(_fingerprint(key), []).append(moment())
        self._write()

    def warnings(self, files: Iterable[RemoteFile], key: str) -> tuple[str, ...]:
        """Return a warning for each file of which few downloads are left this year."""
        limit = self.provider.downloads_a_year
        if limit is None:
            return ()
        counts = ((file.name, self.downloads(file.name, key)) for file in files)
        return tuple(
            f"{name}: requested {count} times within a year; {self.provider.publisher} allows {limit}."
            for name, count in counts
            if count >= limit - _WARNED_BELOW
        )

    def _write(self) -> None:
        each = self.provider
        stated = {name: getattr(each, name) for name in ("title", "publisher", "url", "licence", "note")}
        downloads = {"downloads": self._downloads} if self._downloads else {}
        content = {"made_by": MADE_BY, "format": FORMAT, "source": each.name, **stated, "files": self.files}
        write_json(self.folder / NAME, content | downloads)


def _stated(file: RemoteFile) -> dict[str, Any]:
    """Return what a provider states of a file, and which columns of it are fetched."""
    stated = {"version": file.version, "md5": file.md5, "provider_bytes": file.size, "records": file.records}
    return {key: value for key, value in {**stated, "columns": list(file.columns)}.items() if value}


def moment() -> str:
    """Return the time as manifests write it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _fingerprint(key: str) -> str:
    """Return a name for a key from which the key cannot be computed."""
    return hashlib.sha256(b"hubrank get " + key.encode()).hexdigest()[:8]
