"""A hash of the code and data that a cached result depends on: the modules that are imported for it, and their data."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
# Sources are read as text: to parse them takes three times as long, in every run.
_FULL_NAME = re.compile(r"(?:\b(?:from|import) |[\"'])(hubrank(?:\.\w+)*)")
_FROM = re.compile(r"\bfrom (hubrank[\w.]*) import (\([^)]*\)|[^\n]*)")
_WORD = re.compile(r"\w+")
_COMMENT = re.compile(r"  #.*")


def code_hash(*roots: str, without: tuple[str, ...] = ()) -> str:
    """Return a hash of modules of this package, of all they import, and of the data files in their folders.

    roots : full names, such as hubrank.sources.regpat. The __init__ of the package only lists public names, and is
        left out. A data file that only modules outside the set read is left out too.
    without : full names of modules that are left out, with what only they import.
    """
    return _code_hash(PACKAGE, roots, without)


def foreign_code_hash(module: str) -> str:
    """Return a hash of the sources of another package that a module is part of, in whole."""
    spec = find_spec(module.partition(".")[0])
    folders = list(spec.submodule_search_locations or ()) if spec else []
    files = [(path.relative_to(folder).as_posix(), path) for folder in folders for path in Path(folder).rglob("*.py")]
    if spec and spec.origin and not folders:
        files = [(Path(spec.origin).name, Path(spec.origin))]
    digest = hashlib.sha256()
    for name, path in sorted(files):
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def _code_hash(package: Path, roots: tuple[str, ...], without: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for path in code_files(package, roots, without):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def code_files(package: Path, roots: tuple[str, ...], without: tuple[str, ...] = ()) -> list[Path]:
    """Return the sources that `roots` import, directly or not, and their data files, in a fixed order."""
    modules = {name: path for name, path in _modules(package).items() if name not in without}
    seen: set[str] = set()
    waiting = {name for name in roots if name in modules}
    while waiting:
        seen |= waiting
        waiting = {other for name in waiting for other in _imports(modules[name], modules)} - seen - {package.name}
    return sorted({modules[name] for name in seen} | set(_data(package, modules, seen)))


def _modules(package: Path) -> dict[str, Path]:
    """Return the file of every module of a package, by its full name."""
    paths = {path.relative_to(package.parent).with_suffix(""): path for path in package.rglob("*.py")}
    return {".".join(path.parts).removesuffix(".__init__"): file for path, file in paths.items()}


def _imports(path: Path, modules: dict[str, Path]) -> Iterator[str]:
    """Yield the modules that a file imports anywhere, with their packages; a module's name in quotes counts too."""
    for name in _mentioned(path, path.stat().st_mtime_ns) & modules.keys():
        parts = name.split(".")
        yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))


@cache
def _mentioned(path: Path, _modified: int) -> frozenset[str]:
    """Return what may be names of modules in a file; the readers of a study share most of what they import."""
    text = _COMMENT.sub("", path.read_text("utf-8"))
    from_modules = (f"{module}.{name}" for module, listed in _FROM.findall(text) for name in _WORD.findall(listed))
    return frozenset((*_FULL_NAME.findall(text), *from_modules))


def _data(package: Path, modules: dict[str, Path], seen: set[str]) -> Iterator[Path]:
    """Yield the data files in the folders of modules, but for those that only other modules name."""
    folders = {modules[name].parent for name in seen}
    readers = _texts(path for name, path in modules.items() if name in seen)
    others = _texts(path for name, path in modules.items() if name not in seen)
    for path in package.rglob("*"):
        is_compiled = "__pycache__" in path.parts  # there, files that another process is writing have any ending
        if path.suffix == ".py" or is_compiled or folders.isdisjoint(path.parents) or not path.is_file():
            continue
        inner = next(folder for folder in path.parents if (folder / "__init__.py").exists())
        if inner in folders and (path.name in readers or path.name not in others):
            yield path


def _texts(paths: Iterable[Path]) -> str:
    return "\0".join(path.read_text("utf-8") for path in paths)
