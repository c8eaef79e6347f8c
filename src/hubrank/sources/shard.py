"""A shard: what of a source is read in one go, identified by the hash of its contents."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa

from hubrank import sources
from hubrank.core.errors import DataError
from hubrank.core.provenance import Input, Provenance
from hubrank.core.remote import resolved
from hubrank.core.tables import Files, Ledger
from hubrank.sources import Source
from hubrank.sources.options import ReaderOptions
from hubrank.study.sections import SourceSection


@dataclass(frozen=True, slots=True)
class Shard:
    """What is read in one go: every listing of a record is in one shard.

    inputs : all files that it is read from, as they were hashed.
    key : the name of the result in the cache: a hash of inputs, options and code.
    code : of the reader, the resolver and their data, as hashed where the run was started.
    origins : what the manifests of `hubrank get` say of the files of records.
    """

    number: int
    metric: str
    section: SourceSection
    source: Source
    files: Files
    options: ReaderOptions
    inputs: tuple[Input, ...]
    key: str
    code: str
    origins: tuple[Provenance, ...] = ()

    @property
    def records(self) -> list[Input]:
        """The inputs that records are read from: all but the register of institutions."""
        files = {resolved(path) for paths in (self.files.main, *self.files.roles.values()) for path in paths}
        return [file for file in self.inputs if resolved(file.path) in files]

    def tables(self, ledger: Ledger) -> Iterator[pa.Table]:
        """Read the listings; enter every row in the ledger. Raises DataError for a file that cannot be used at all."""
        return sources.tables(self.source, self.section.reader, self.files, self.options, ledger)

    @contextmanager
    def naming_keys(self) -> Iterator[None]:
        """Add to an error about a file which key of the study names that."""
        try:
            yield
        except DataError as error:
            if type(error) is not DataError or not (key := self._named_by(str(error))):
                raise
            raise DataError(f"{error}{key}") from error

    def _named_by(self, message: str) -> str:
        """Say which key of the study names the file that a message begins with, "" where it begins with none."""
        first = f".{self.source.ROLES[0]}" if isinstance(self.section.files, dict) else ""
        paths = {first: self.files.main, **{f".{role}": these for role, these in self.files.roles.items()}}
        keys = [
            role for role, these in paths.items() if message.startswith(tuple(f"{self.files.name(p)} " for p in these))
        ]
        where = f"[[sources]] of {self.metric} (reader {self.section.reader})"
        return f" It is named by files{keys[0]} in the {where}." if keys else ""

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Raise DataError at the end of a block that reads inputs where what was read is not what was hashed."""
        try:
            yield
        finally:
            for file in self.inputs:
                file.expect_unchanged()
