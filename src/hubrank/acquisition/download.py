"""One file: fetched from where an earlier attempt stopped, compared with what is stated of it, then named.

Until it is whole a file is `.NAME.part`, with `.NAME.state` beside it: which address and version the part is of. A part
of another version, or of a server that states none, is fetched anew.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import httpx

from hubrank.acquisition import integrity
from hubrank.acquisition.client import Client
from hubrank.acquisition.provider import RemoteFile
from hubrank.core.errors import DataError
from hubrank.core.files import sync, write_json

REQUESTS = 25  # for one file, on average: the bound that is announced
_STALLS = 6  # attempts without a byte
_RESTARTS = 3  # from the first byte
KINDS = (".part", ".state", ".ranges", ".columns")  # of hidden files that an interrupted download needs
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)$")


class Meter(Protocol):
    """Where progress is shown."""

    def start(self, what: str, total: int | None, done: int, unit: str) -> None:
        """Begin an item: of so many bytes or calls, of which so many are done."""

    def advance(self, amount: int) -> None:
        """Add to what is done."""


class Part:
    """The unfinished copy of a file, and which version of it that is."""

    def __init__(self, folder: Path, file: RemoteFile) -> None:
        target = folder / file.name
        self.path = target.with_name(f".{target.name}.part")
        self.state = target.with_name(f".{target.name}.state")
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._version = json.loads(self.state.read_bytes())
        except (OSError, ValueError):
            self._version = {}
        if self._version.get("address") != file.address or self._version.get("stated") != _stated(file):
            self.discard()

    @property
    def named(self) -> bool:
        """Whether the whole file has its name, and was not entered in the manifest before the command was stopped."""
        return bool(self._version) and not self.path.exists()

    @property
    def size(self) -> int:
        """Bytes that are there."""
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def total(self) -> int | None:
        """Bytes of the whole file, as the server stated them."""
        total = self._version.get("total")
        return total if isinstance(total, int) else None

    @property
    def validator(self) -> str:
        """What identifies the version to the server; "" where it states nothing that does."""
        return str(self._version.get("validator", ""))

    def begin(self, file: RemoteFile, validator: str, total: int | None) -> None:
        """Start anew, with the first byte of a version."""
        self.discard()
        self.path.touch()
        self._version = {"address": file.address, "stated": _stated(file), "validator": validator, "total": total}
        write_json(self.state, self._version)

    def discard(self) -> None:
        """Remove what is there; the state first, as a state without a part means that the part has been named."""
        self.state.unlink(missing_ok=True)
        for kind in (".part", *KINDS[2:]):
            self.path.with_suffix(kind).unlink(missing_ok=True)
        self._version = {}


def download(
    part: Part, file: RemoteFile, target: Path, client: Client, meter: Meter, before_request: Callable[[], None]
) -> None:
    """Fetch a file, compare it with what its provider states, and name it; the state of the part stays.

    before_request : called before each request; it may refuse one.
    Raises DataError where the file cannot be fetched whole; what was fetched of it stays for the next attempt, unless
    it is faulty.
    """
    if part.named and target.is_file():
        return
    for last in (False, True):
        if not _whole(part):
            _fetch(part, file, client, meter, before_request)
        fault = integrity.fault(part.path, file)
        if not fault:
            break
        part.discard()
        if last:
            raise DataError(
                f"{client.named(file.address)}, fetched twice, {fault}. The copy was removed. Try again later; if it "
                f"stays so, report it to the provider ({client.provider.url})."
            )
    sync(part.path)
    part.path.replace(target)


def validator_of(response: httpx.Response) -> str:
    """Return what If-Range takes: a strong ETag, else the time of the last change; "" where there is neither."""
    etag = response.headers.get("ETag", "")
    return str(etag if etag and not etag.startswith("W/") else response.headers.get("Last-Modified", ""))


def _stated(file: RemoteFile) -> list[object]:
    return [file.size, file.md5, file.version, file.records]


def _whole(part: Part) -> bool:
    return part.total is not None and part.size == part.total


def _fetch(part: Part, file: RemoteFile, client: Client, meter: Meter, before_request: Callable[[], None]) -> None:
    """Fetch what is missing, in as many requests as it takes while some of them bring bytes."""
    stalls = restarts = 0
    if not part.validator:
        part.discard()
    if part.size:
        meter.start(file.name, file.size or part.total, part.size, "bytes")
    while True:
        before = part.size
        before_request()
        try:
            restarted = _piece(part, file, client, meter)
        except httpx.HTTPError as error:
            if not part.validator:
                part.discard()
            stalls = 0 if part.size > before else stalls + 1
            if stalls >= _STALLS:
                raise client.failed(file.address, error) from None
            continue
        restarts += restarted
        if restarts > _RESTARTS:
            raise DataError(
                f"{client.named(file.address)} changed {restarts} times while it was fetched. Try again later."
            )
        if not restarted and (part.total is None or part.size >= part.total):
            return


def _piece(part: Part, file: RemoteFile, client: Client, meter: Meter) -> bool:
    """Send one request and write what it brings; return whether the part was of another version and is removed."""
    have = part.size
    headers = {"Range": f"bytes={have}-", "If-Range": part.validator} if have else {}
    with client.stream(file.address, headers) as response:
        if response.status_code == 200:
            length = response.headers.get("Content-Length", "")
            part.begin(file, validator_of(response), int(length) if length.isdigit() else None)
            meter.start(file.name, part.total or file.size, 0, "bytes")
        elif not continues(response, part, have):
            part.discard()
            return True
        with part.path.open("ab", buffering=0) as out:
            for block in response.iter_raw():
                out.write(block)
                meter.advance(len(block))
    return False


def continues(response: httpx.Response, part: Part, have: int) -> bool:
    """Tell whether an answer is the rest of the version that the part is of."""
    place = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
    if response.status_code != 206 or place is None or int(place[1]) != have:
        return False
    same_size = part.total is None or place[3] in ("*", str(part.total))
    return same_size and validator_of(response) == part.validator
