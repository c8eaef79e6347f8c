"""Files at an address that cannot be read where they are, or are needed as a file: copied once, as a whole."""

import time
from hashlib import sha256
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from typing import BinaryIO
from urllib.parse import urlsplit

from hubrank import __version__
from hubrank.core.atomic_folder import atomic_cache_folder
from hubrank.core.errors import DataError
from hubrank.core.intact import is_intact
from hubrank.core.object_store import BUCKETS, public_address
from hubrank.core.remote import head

PIECE = 1 << 20  # bytes copied at a time
ATTEMPTS = 4
TIMEOUT = 60.0  # seconds without a byte
WAIT = 1.0  # seconds before the second attempt


def copied(address: str, folder: Path) -> Path:
    """Return the local copy of the file at an address; copy it where there is none yet.

    folder : of the copies, each in a folder named by its address; delete that to copy it again.

    Raises StudyError where there is no such file, DataError where it cannot be copied. A copy is there as a whole or
    not at all.
    """
    name = PurePosixPath(urlsplit(address).path).name or "file"
    copies = folder / f"{sha256(address.encode()).hexdigest()[:16]}-{name}"
    if not is_intact(copies):
        with atomic_cache_folder(copies) as draft, (draft / name).open("wb") as out:
            _copy(address, out)
    return copies / name


def _copy(address: str, out: BinaryIO) -> None:
    if urlsplit(address).scheme in BUCKETS:
        with head(address).open() as file:
            copyfileobj(file, out, PIECE)
        return
    import httpx  # noqa: PLC0415 (half a second that only this needs)

    headers = {"User-Agent": f"hubrank/{__version__}", "Accept-Encoding": "identity"}
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with httpx.stream("GET", address, headers=headers, timeout=TIMEOUT, follow_redirects=True) as answer:
                answer.raise_for_status()
                out.seek(0)
                out.truncate()
                out.writelines(answer.iter_raw(PIECE))
                return
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if attempt == ATTEMPTS or not _is_passing(error):
                reason = str(error).partition("\n")[0] or type(error).__name__
                raise DataError(
                    f"{public_address(address)} cannot be copied: {reason.replace(address, public_address(address))}. "
                    f"Download it yourself and name the file."
                ) from None
        time.sleep(WAIT * 2**attempt)


def _is_passing(error: Exception) -> bool:
    """Return whether a fault may be gone at the next attempt."""
    import httpx  # noqa: PLC0415

    status = error.response.status_code if isinstance(error, httpx.HTTPStatusError) else 0
    return isinstance(error, httpx.TransportError) or status >= 500 or status == 429
