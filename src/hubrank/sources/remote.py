"""Files at an address: fetched once, and only where the study names the address."""

from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from hubrank.core.atomic_folder import atomic_cache_folder
from hubrank.core.errors import DataError, StudyError
from hubrank.core.intact import is_intact

PIECE = 1 << 20  # bytes copied at a time


def is_address(pattern: str) -> bool:
    """Tell an address (`https://…`, `s3://…`) from a path."""
    return "://" in pattern


def fetched(address: str, folder: Path) -> Path:
    """Return the local copy of the file at an address; fetch it where there is none yet.

    folder : of the copies, each in a folder named by its address; delete that to fetch it again.
    Raises StudyError where the library for it is not installed or the kind of address is unknown, DataError where
    the file cannot be fetched. A copy is there as a whole or not at all.
    """
    name = PurePosixPath(urlsplit(address).path).name or "file"
    copies = folder / f"{sha256(address.encode()).hexdigest()[:16]}-{name}"
    if not is_intact(copies):
        with atomic_cache_folder(copies) as draft, (draft / name).open("wb") as out:
            _copy(_fsspec(), address, out)
    return copies / name


def _fsspec() -> Any:  # noqa: ANN401 (an optional library without types)
    try:
        import fsspec  # noqa: PLC0415 (an extra: only who names an address needs it)
    except ImportError:
        raise StudyError(
            "The study names a URL, which requires fsspec: pip install fsspec (for https: fsspec[http])."
        ) from None
    return fsspec


def _copy(fsspec: Any, address: str, out: Any) -> None:  # noqa: ANN401
    try:
        with fsspec.open(address, "rb") as file:
            while piece := file.read(PIECE):
                out.write(piece)
    except (ImportError, ValueError) as error:
        raise StudyError(f"{address} cannot be opened: {error}. Download it yourself and name the file.") from None
    except OSError as error:
        raise DataError(f"{address} cannot be downloaded: {error}. Download it yourself and name the file.") from None
