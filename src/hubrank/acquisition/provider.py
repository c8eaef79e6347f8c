"""What is stated of a provider, what is asked of it, and what it answers: the nouns of this package."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import urlsplit

from hubrank.core.errors import DataError, StudyError

ADDRESS = "HUBRANK_ADDRESS_"  # + the name of a source in capitals: another address, such as a mirror


@dataclass(frozen=True, slots=True)
class Provider:
    """A source that a program can download, in words for the table and rules for the client.

    address : scheme and host of all addresses that do not come from an answer of the provider.
    hosts : to which an answer may lead; a redirect or a link to any other is refused. `*.name` takes all below.
    login, price, calls, size : as a user has to know them before anything is fetched.
    note : goes into every output made of these files; "" for none.
    key : the environment variable of the key; "" for none. key_header, key_parameter : how it is sent.
    per_second : requests at most.
    downloads_a_year : of one file with one key; None without such a limit.
    """

    name: str
    title: str
    publisher: str
    url: str
    licence: str
    size: str
    address: str
    hosts: tuple[str, ...]
    login: str = "none"
    price: str = "free"
    calls: str = "a few"
    note: str = ""
    key: str = ""
    key_header: str = ""
    key_parameter: str = ""
    key_required: bool = False
    contact_required: bool = False
    per_second: float = 10.0
    downloads_a_year: int | None = None

    @property
    def variable(self) -> str:
        """The environment variable of another address."""
        return ADDRESS + self.name.upper().replace("-", "_")

    @property
    def root(self) -> str:
        """The address: the environment's, else the provider's."""
        return (os.environ.get(self.variable) or self.address).rstrip("/")

    def allows(self, host: str) -> bool:
        """Tell whether a request may go to a host (`name` or `name:port`)."""
        if host == urlsplit(self.root).netloc:
            return True
        return any(host == each or (each[0] == "*" and host.endswith(each[1:])) for each in self.hosts)


@dataclass(frozen=True, slots=True)
class Request:
    """What a user asks for: each source uses what applies to it and refuses the rest.

    years : first and last; only : pattern of file names; format : of the files; core : only core sources.
    """

    years: tuple[int, int] | None = None
    only: str | None = None
    format: str | None = None
    core: bool = False


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a provider and what is known of it before it is fetched.

    name : below the folder of the source. size, md5, records : as the provider states them; None where it does not.
    columns : of a Parquet file, by dotted prefix; only these are fetched. () for the file as it is.
    Raises DataError where the name, which may come from an answer of the provider, leads out of the folder.
    """

    name: str
    address: str
    size: int | None = None
    md5: str | None = None
    records: int | None = None
    version: str = ""
    columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.name.isprintable() or any(not part or part[0] == "." for part in self.name.split("/")):
            raise DataError(f"A provider calls a file {self.name!r}, which is not a name that a file can have here.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be fetched: its files, the most requests that it takes, what they cost, what a user should know.

    requests : an upper bound, retries included. complete : whether files that are not in it are outdated.
    """

    files: tuple[RemoteFile, ...]
    requests: int
    cost: str = "free"
    remarks: tuple[str, ...] = ()
    complete: bool = False
    version: str = ""

    @property
    def size(self) -> int | None:
        """Bytes of all files; None where one is not known."""
        sizes = [file.size for file in self.files]
        return None if None in sizes else sum(size for size in sizes if size is not None)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a download added to a folder."""

    folder: Path
    files: tuple[Path, ...]
    unchanged: int = 0
    remarks: tuple[str, ...] = field(default=())


def expect_options(provider: Provider, request: Request, *usable: str) -> None:
    """Raise StudyError where a request contains an option that has no meaning for a source."""
    for name, value in (("years", request.years), ("only", request.only), ("format", request.format)):
        if value is not None and name not in usable:
            raise StudyError(f"{provider.name} has no choice of {name}: leave --{name} out.")
    if request.core and "core" not in usable:
        raise StudyError(f"{provider.name} has no choice of core sources: leave --core out.")


def selected(provider: Provider, files: Sequence[RemoteFile], only: str | None) -> tuple[RemoteFile, ...]:
    """Return the files whose names match a pattern; raise StudyError where none does."""
    matching = tuple(file for file in files if only is None or fnmatch(file.name, only))
    if not matching:
        names = ", ".join(file.name for file in files[:8]) + (", …" if len(files) > 8 else "")
        raise StudyError(f"{provider.name}: no file matches --only {only!r}. There are: {names or 'none'}.")
    return matching
