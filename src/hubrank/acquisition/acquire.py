"""From a source, by name, to its files in a folder: planned, then fetched."""

import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from hubrank.acquisition.by_request import BY_REQUEST
from hubrank.acquisition.client import Client
from hubrank.acquisition.download import KINDS, Meter
from hubrank.acquisition.manifest import Manifest
from hubrank.acquisition.provider import Fetched, Plan, Provider, Request
from hubrank.core.errors import StudyError, nearest
from hubrank.core.locks import locked

SOURCES = (
    *("openalex-counts", "openalex", "ror", "form-d", "patentsview", "uspto"),
    *("ghs-pop", "urban-areas", "nuts", "geonames"),
)
_DRAFT = re.compile(r"\..+\.\w{8}$")  # how `core/files` names them


class Source(Protocol):
    """A module of a source.

    PROVIDER : what is stated of it. plan : what would be fetched. get : fetch that.
    """

    PROVIDER: Provider

    def plan(self, request: Request, client: Client) -> Plan:
        """Return what will be fetched; raise StudyError where the request has no sense for this source."""

    def get(self, plan: Plan, folder: Path, client: Client, manifest: Manifest, meter: Meter) -> Fetched:
        """Fetch a plan into a folder."""


def find(name: str) -> Source:
    """Return the module of a source. Raises StudyError: how a source is had by request, or which there are."""
    if name in BY_REQUEST:
        raise StudyError(f"{name} cannot be fetched by a program. {BY_REQUEST[name]}")
    if name not in SOURCES:
        names = [*SOURCES, *BY_REQUEST]
        raise StudyError(f"There is no source {name!r}. The sources are: {', '.join(names)}.{nearest(name, names)}")
    return cast(Source, import_module(f"hubrank.acquisition.{name.replace('-', '_')}"))


class Acquisition:
    """One source to be fetched into `raw`/<source>: planned first, then fetched.

    wait_scale, timeout : as of `Client`.
    """

    def __init__(
        self, name: str, raw: Path, request: Request, *, wait_scale: float = 1.0, timeout: float = 60.0
    ) -> None:
        self.source, self.folder, self._request = find(name), raw / name, request
        self.client = Client(self.source.PROVIDER, wait_scale=wait_scale, timeout=timeout)

    def plan(self) -> Plan:
        """Ask the provider what there is; nothing is fetched and nothing written."""
        with self.client.open():
            plan = self.source.plan(self._request, self.client)
        warnings = Manifest(self.folder, self.source.PROVIDER).warnings(plan.files, self.client.key)
        return replace(plan, remarks=(*plan.remarks, *warnings))

    def get(self, plan: Plan, meter: Meter) -> Fetched:
        """Fetch a plan, with no more requests than it states, those of the planning included.

        Raises StudyError where another command writes into the folder, DataError where something cannot be fetched.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.client.allow(plan.requests - self.client.sent)
        with locked(self.folder.resolve()), self.client.open():
            _remove_drafts(self.folder)
            manifest = Manifest(self.folder, self.source.PROVIDER)
            return self.source.get(plan, self.folder, self.client, manifest, meter)


def _remove_drafts(folder: Path) -> None:
    """Remove files that a killed command was writing."""
    for path in folder.rglob(".*"):
        if _DRAFT.match(path.name) and path.suffix not in KINDS and path.is_file():
            path.unlink()
