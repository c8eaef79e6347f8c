"""Servers of files by address: buckets (`s3://…`, `gs://…`) and the web, by one library, its errors in our words."""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from hubrank.core.errors import DataError, HubrankError, StudyError

CLIENT = {"connect_timeout": "20s", "read_timeout": "60s", "timeout": "30m"}  # a slow answer is an answer
RETRY = {"max_retries": 10, "retry_timeout": timedelta(minutes=4)}  # of one request; credentials may expire after five
_ROLE = "169.254.169.254"  # where machines of Amazon are told their role
_CREDENTIALS = (
    "Set the credentials of the store in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION), or "
    "AWS_SKIP_SIGNATURE=true for a public bucket."
)
BUCKETS = ("s3", "gs")
WEB = ("https", "http")
Result = TypeVar("Result")


class MissingError(StudyError):
    """There is nothing at an address."""


class BrokenOffError(DataError):
    """An answer ended before its end."""


def is_address(pattern: str) -> bool:
    """Tell an address (`https://…`, `s3://…`) from a path."""
    return "://" in pattern


def public_address(address: str) -> str:
    """Return an address without what may be secret: user, password and query, of which a hash stays."""
    scheme, host, path = parts(address)
    query = "" if scheme in BUCKETS else address.partition("#")[0].partition("?")[2]
    hashed = f"?{sha256(query.encode()).hexdigest()[:8]}" if query else ""
    return f"{scheme}://{host.rpartition('@')[2]}/{path}{hashed}"


def parts(address: str) -> tuple[str, str, str]:
    """Return scheme, host or bucket, and path or key; in a bucket any character may be in a key."""
    scheme, _, rest = address.partition("://")
    if scheme.lower() not in BUCKETS:
        rest = rest.partition("#")[0].partition("?")[0]
    host, _, path = rest.partition("/")
    return scheme.lower(), host, path


def folders(address: str) -> set[str]:
    """Return the names of the folders in a folder of a bucket."""
    store, key = store_of(address)
    listed = answer(address, lambda: library().list_with_delimiter(store, prefix=key))
    return {prefix.rstrip("/").rpartition("/")[2] for prefix in listed["common_prefixes"]}


def remove(address: str) -> None:
    """Remove what is at an address in a bucket."""
    store, key = store_of(address)
    with suppress(MissingError):
        answer(address, lambda: library().delete(store, key))


def put(address: str, path: Path) -> None:
    """Write a file to an address in a bucket, as a whole. Raises StudyError or DataError where it is refused."""
    store, key = store_of(address)
    answer(address, lambda: library().put(store, key, path))


def store_of(address: str) -> tuple[Any, str]:
    """Return the store that an address is in, and its key there."""
    scheme, host, path = parts(address)
    return _store(f"{scheme}://{host}"), unquote(path) if scheme in WEB else path


@lru_cache(maxsize=64)
def _store(root: str) -> Any:  # noqa: ANN401
    endpoint = root if root.startswith("http") else os.environ.get("AWS_ENDPOINT_URL", "")
    client = {**CLIENT, "allow_http": endpoint.startswith("http://")}  # only where somebody has written so
    obstore = library()
    return answer(root, lambda: obstore.store.from_url(root, client_options=client, retry_config=RETRY))


def library() -> Any:  # noqa: ANN401 (an optional library)
    """Return obstore. Raises StudyError where it is not installed."""
    try:
        import_module("obstore.store")
        return import_module("obstore")
    except ImportError:
        raise StudyError(
            "Files at s3://, gs:// and https:// need the extra: pip install 'hubrank[remote]'. Or download them and "
            "name the files."
        ) from None


def answer(address: str, request: Callable[[], Result]) -> Result:
    """Return what a server answers; its refusals in our words."""
    exceptions = import_module("obstore.exceptions")
    named = public_address(address)
    try:
        return request()
    except FileNotFoundError:
        raise MissingError(f"{named} does not exist. Check the address.") from None
    except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError):
        raise StudyError(f"{named}: access is denied. {_CREDENTIALS}") from None
    except (exceptions.BaseError, OSError, ValueError) as error:
        raise _error_of(named, str(error)) from None


def _error_of(named: str, text: str) -> HubrankError:
    """Return what is raised for an error of the library; addresses in its text may have a password or a query."""
    reason = " ".join(text.partition("\n\nDebug source")[0].split())
    reason = re.sub(r"//[^/@\s]*@", "//", re.sub(r"\?\S+", "", reason))[:200]
    if "NoSuchBucket" in text:
        return MissingError(f"{named}: there is no such bucket. Check the address.")
    if _ROLE in text:
        return StudyError(f"{named}: no credentials, and this machine has no role. {_CREDENTIALS}")
    if "path segment" in text:
        return StudyError(f"{named}: a name with // or .. in it cannot be read ({reason}). Copy it to another name.")
    kind = BrokenOffError if "body error" in reason else DataError
    return kind(f"{named} cannot be read: {reason}. Run again: what is finished is kept.")
