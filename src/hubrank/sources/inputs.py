"""The files of a study: patterns become files, and files become shards."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from hubrank.core.cache import cache_folder
from hubrank.core.edition import public_name
from hubrank.core.errors import StudyError
from hubrank.core.object_store import is_address, public_address
from hubrank.core.processes import cores
from hubrank.core.provenance import Input, Provenance
from hubrank.core.remote import InputFile, RemoteObject, resolved
from hubrank.core.remote import glob as glob_objects
from hubrank.core.tables import Files
from hubrank.sources import SIMULATED, UNKNOWN, Source, is_foreign, licence, remote
from hubrank.sources import register as registers
from hubrank.sources.file_patterns import matching_files, refuse_folder
from hubrank.sources.options import ReaderOptions
from hubrank.sources.shard import Shard
from hubrank.study.sections import SourceSection
from hubrank.study.study import Study

_REGISTER_LICENCE = "CC0-1.0"  # of the Research Organization Registry


def licences(manifest: Mapping[str, Any]) -> str:
    """Return what the inputs of an edition may be used for, each licence once."""
    return "; ".join(sorted({file.get("licence", UNKNOWN) for file in manifest.get("inputs", [])})) or UNKNOWN


class Inputs:
    """Finds and hashes files once, however many sources name them."""

    def __init__(self, study: Study, base: Path) -> None:
        self.study, self.base = study, base
        named = {f"${{{name}}}": Path(value) for name, value in study.variables.items()}
        shared = {f"${{{registers.RAW}}}": Path(os.environ[registers.RAW])} if os.environ.get(registers.RAW) else {}
        self.roots = {"": base, **shared, **named}
        self._inputs: dict[InputFile, Input] = {}
        self._licences: dict[InputFile, set[str]] = {}

    @property
    def all(self) -> list[Input]:
        """Every file that was hashed, by name."""
        return sorted(self._inputs.values(), key=lambda file: file.name)

    def find(self, patterns: str | list[str], where: str) -> tuple[Path, ...]:
        """Return the files that patterns name, sorted; raise StudyError where one names none.

        What lies at an address is copied, as it is needed as a file.
        """
        files = self.find_in_place(patterns, where)
        return tuple(self._copied(file.address) if isinstance(file, RemoteObject) else file for file in files)

    def find_in_place(self, patterns: str | list[str], where: str) -> tuple[InputFile, ...]:
        """Return the files that patterns name, as `find` does; those at an address where they are, if that can be."""
        files: dict[InputFile, None] = {}
        for pattern in [patterns] if isinstance(patterns, str) else patterns:
            if is_address(pattern):
                paths = [each or self._copied(pattern) for each in glob_objects(pattern)]
            else:
                paths = [*self._matches(pattern)]
            if not paths:
                refuse_folder(self.base / pattern, pattern, where)
                named = public_address(pattern) if is_address(pattern) else f"{pattern!r} (relative to {self.base})"
                raise StudyError(f"{where}: no file matches {named}. Check the path.")
            files.update(dict.fromkeys(paths))
        return tuple(files)

    def _copied(self, address: str) -> Path:
        """Return the copy of a file at an address, which is called by its address."""
        path = remote.copied(address, cache_folder() / "copied")
        self.roots = {public_address(address): path, **self.roots}
        return path

    def _matches(self, pattern: str) -> list[Path]:
        """Return the files that a pattern matches, sorted; a name that is there is itself, whatever it contains.

        What is not in the raw/ of the study's folder is looked for in the shared folder.
        """
        shared = os.environ.get(registers.RAW)
        files = matching_files(self.base, pattern, self.study.variables.values())
        if not files and shared and pattern.startswith("raw/"):
            files = matching_files(Path(shared), pattern.removeprefix("raw/"), ())
        return files

    def licensed(self, paths: Iterable[InputFile], terms: str) -> None:
        """Note what files may be used for."""
        for path in paths:
            self._licences.setdefault(resolved(path), set()).add(terms)

    def licence(self, file: Input) -> str:
        """Return what an input may be used for: every licence noted, where sources share a file.

        Where none is stated it is that of the manifest that it was fetched with.
        """
        noted = self._licences.get(resolved(file.path), {UNKNOWN})
        origin = file.provenance if noted == {UNKNOWN} else None
        return origin.licence if origin else "; ".join(sorted(noted))

    def entry(self, file: Input) -> dict[str, Any]:
        """Return what edition.json says of an input: name, size, hash, licence, and where it was fetched."""
        origin = file.provenance
        fetched = {"address": origin.address, "fetched": origin.fetched, "version": origin.version} if origin else {}
        stated = {"name": file.name, "bytes": file.size, **file.version, "licence": self.licence(file)}
        return stated | {key: value for key, value in fetched.items() if value}

    @property
    def fetched(self) -> dict[str, dict[str, str]]:
        """Who publishes what `hubrank get` fetched, by title: publisher, address of the page, licence, latest day."""
        origins = (file.provenance for file in self.all)
        by_day = sorted((origin for origin in origins if origin), key=lambda each: (each.title, each.fetched))
        return {
            each.title: {
                "publisher": each.publisher,
                "url": each.url,
                "licence": each.licence,
                "accessed": each.fetched,
            }
            for each in by_day
        }

    @cached_property
    def register(self) -> registers.Register:
        """The register of institutions: the study's own, else a fetched one; none for simulated records."""
        stated = self.study.geocoding.institutions
        if stated is not None:
            paths = self.find_in_place(stated, "[geocoding] institutions") if stated else ()
            origin = registers.STATED if stated else registers.SWITCHED_OFF
        elif self.study.synthetic or not self.study.uses_institutions:
            paths, origin = (), registers.UNUSED
        else:
            path = registers.fetched(self.base)
            paths = () if path is None else (path,)
            without = registers.MISSING if self.study.names_institutions else registers.UNUSED
            origin = registers.FETCHED if paths else without
        self.licensed(paths, _REGISTER_LICENCE)
        missing = origin == registers.MISSING
        return registers.Register(paths, origin, registers.ignored(self.base) if missing else ())

    @property
    def register_note(self) -> str:
        """What is said of the register, or of its absence, wherever a study is described."""
        return self.register.note([public_name(self.hashed(path).name) for path in self.register.paths])

    @cached_property
    def corrections(self) -> Input | None:
        """The table of corrections that the study names. Raises StudyError where its pattern matches several files."""
        geocoding = self.study.geocoding
        if geocoding.corrections is None:
            return None
        paths = self.find(geocoding.corrections, "[geocoding] corrections")
        if len(paths) > 1:
            names = ", ".join(path.name for path in paths)
            raise StudyError(f"[geocoding] corrections names {len(paths)} files ({names}); join them into one.")
        default = SIMULATED if self.study.synthetic else UNKNOWN
        self.licensed(paths, geocoding.corrections_licence or default)
        return self.hashed(paths[0])

    def hashed(self, path: InputFile) -> Input:
        """Return a file's name, size and hash."""
        file = resolved(path)
        if file not in self._inputs:
            name = Files((), {}, self.roots).name(path)
            if not name.isprintable() and name.encode("utf-8", "replace") != os.fsencode(name):
                raise StudyError(f"{os.fsencode(name)!r}: the name contains bytes that are not UTF-8. Rename the file.")
            self._inputs[file] = Input.of(path, name)
        return self._inputs[file]

    def files(self, number: int, section: SourceSection, source: Source) -> Files:
        """Return the files of a source by role. Raises StudyError naming roles that are missing or unknown."""
        where = f"[[sources]] number {number + 1} ({section.metric}, {section.reader})"
        named = section.files if isinstance(section.files, dict) else {source.ROLES[0]: section.files}
        roles = (*source.ROLES, *source.OPTIONAL_ROLES)
        unknown = [role for role in named if role not in roles]
        missing = [role for role in source.ROLES if role not in named]
        if unknown or missing:
            fault = f"has no file role {unknown[0]!r}" if unknown else f"requires the file role {missing[0]!r}"
            raise StudyError(f"{where} {fault}. The roles are: {', '.join(roles)}.")
        find = self.find if is_foreign(source) else self.find_in_place  # of those who expect a path
        by_role: dict[str, tuple[InputFile, ...]] = {
            role: find(patterns, f"{where} files{f'.{role}' if named is section.files else ''}")
            for role, patterns in named.items()
        }
        for paths in by_role.values():
            self.licensed(paths, licence(source, section, synthetic=self.study.synthetic))
        return Files(by_role.pop(source.ROLES[0]), by_role, self.roots)

    def shards(
        self, section: SourceSection, files: Files, source: Source, options: ReaderOptions, first: int, code: str
    ) -> list[Shard]:
        """Cut a source into shards: a file each where files hold whole records, else all at once.

        first : number of the first shard; code : hash of the code and data that shards are computed by.
        """
        with ThreadPoolExecutor(cores()) as pool:  # large files are hashed side by side
            list(pool.map(self.hashed, dict.fromkeys(chain(files.main, *files.roles.values()))))
        by_file = source.WHOLE_RECORDS or options.read_file_by_file
        cuts = [(path,) for path in files.main] if by_file else [files.main]
        shards = []
        for number, part in enumerate((Files(cut, files.roles, files.roots) for cut in cuts), first):
            inputs = self._inputs_of(part)
            corrections = (self.corrections,) if self.corrections else ()  # read once, and sent to other machines
            key = self._key(section, (*inputs, *corrections), options, code)
            origins = self._origins(part.main)
            shards.append(Shard(number, section.metric, section, source, part, options, inputs, key, code, origins))
        return shards

    def _origins(self, paths: Iterable[InputFile]) -> tuple[Provenance, ...]:
        origins = (self.hashed(path).provenance for path in paths)
        return tuple(origin for origin in origins if origin is not None)

    def _inputs_of(self, files: Files) -> tuple[Input, ...]:
        """Return the files that the listings and places of some files are read from."""
        roles = (path for role in sorted(files.roles) for path in files.roles[role])
        return tuple(map(self.hashed, (*files.main, *roles, *self.register.paths)))

    def _key(self, section: SourceSection, inputs: Iterable[Input], options: ReaderOptions, code: str) -> str:
        geocoding = self.study.geocoding_of(section)
        content = {
            "code": code,
            "files": [(file.name, file.sha256 or file.version) for file in inputs],
            "reader": section.reader,
            "metric": section.metric,
            "options": options.model_dump(mode="json"),
            "geocoding": geocoding.model_dump(mode="json", exclude={"corrections_licence"}),
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
