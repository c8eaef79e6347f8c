"""Machine code for the kernels, compiled on first use and stored; and the threads they run on.

The compiled functions release Python's lock, so plain threads run them in parallel. That compiles several times
faster than numba's own parallel loops and may be called from many threads at once, which numba's built-in
work queue may not.
"""

import errno
import hashlib
import os
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from numba.core.caching import IndexDataCacheFile
from numpy.typing import NDArray

from hubrank.core.intact import report

Function = TypeVar("Function", bound=Callable[..., Any])
_PIECES_PER_THREAD = 16  # so that no thread waits long for another that met the dense half of the world


def _version() -> str:
    """Return a hash of all sources that machine code is made of; numba looks at one file at a time."""
    package = Path(__file__).parents[1]
    sources = [package / "core" / name for name in ("compiled.py", "hashing.py", "keyed_sums.py", "sphere.py")]
    sources.append(package / "ranking" / "record_sums.py")
    for room in ("clustering/dbscan", "ranking/rank_sets"):
        sources += sorted((package / room).glob("*.py"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in sources)).hexdigest()[:16]


def _writable(folder: Path) -> bool:
    """Say whether a folder is there, or can be made, and takes files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


def _folder() -> Path | None:
    """Return where machine code is stored: in numba's folder, next to the package, or in the user's cache."""
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "hubrank"
    configured = [Path(numba.config.CACHE_DIR)] if numba.config.CACHE_DIR else []
    places = [*configured, Path(__file__).parents[1] / "__pycache__", user]
    return next((place / _version() for place in places if _writable(place / _version())), None)


_FOLDER = _folder()
_ENTRIES: list[Any] = []


@contextmanager
def _in_folder(folder: Path) -> Iterator[None]:
    """Have numba keep what is decorated meanwhile in a folder."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before


def part(function: Function) -> Function:
    """Compile a function that only compiled functions call, as a part of them.

    It may not make arrays: without them numba need not count references, which took half of the time.
    """
    return _part(function, inline=False)


def inlined(function: Function) -> Function:
    """Compile a part into each place that calls it: for what is called millions of times, as it compiles longer."""
    return _part(function, inline=True)


def _part(function: Function, *, inline: bool) -> Function:
    wrappers = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    fast: Function = numba.njit(error_model="numpy", _nrt=False, forceinline=inline, **wrappers)(function)
    return fast


class _CheckedFiles(IndexDataCacheFile):  # type: ignore[misc]
    """Numba's files of machine code, each after its hash: a damaged one is compiled again."""

    def _dump(self, obj: object) -> bytes:
        content: bytes = super()._dump(obj)
        return hashlib.sha256(content).digest() + content

    def _load_data(self, name: str) -> Any:  # noqa: ANN401
        path = Path(self._data_path(name))
        return pickle.loads(_checked(path, path.read_bytes()))  # noqa: S301 (our own file, hashed)

    def _load_index(self) -> dict[Any, str]:
        """Return the names of the files by signature: none where the index is another version's, or damaged."""
        path = Path(self._index_path)
        version = pickle.dumps(self._version, protocol=-1)
        try:
            index = path.read_bytes()
            stamp, names = pickle.loads(_checked(path, index.removeprefix(version)))  # noqa: S301 (the same)
        except OSError:
            return {}
        return names if stamp == self._source_stamp else {}


def _checked(path: Path, content: bytes) -> bytes:
    """Return what follows the hash. Raises OSError, for which numba compiles again, where it is something else."""
    if hashlib.sha256(content[32:]).digest() != content[:32]:
        report(path)
        raise OSError(errno.EIO, "is damaged", str(path))
    return content[32:]


def kernel(function: Function) -> Function:
    """Compile a function on first use and keep the machine code on disk. It may not make arrays either."""
    options = {"nogil": True, "error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}
    if _FOLDER is None:
        fast = numba.njit(**options)(function)
    else:
        with _in_folder(_FOLDER):
            fast = numba.njit(cache=True, **options)(function)
        if hasattr(fast, "_cache"):  # not where numba is switched off
            fast._cache._cache_file.__class__ = _CheckedFiles  # noqa: SLF001 (numba has no setting for it)
    _ENTRIES.append(fast)
    return fast  # type: ignore[no-any-return]


def _is_ready(fast: Any) -> bool:  # noqa: ANN401 (numba's dispatcher, or the plain function where numba is switched off)
    if not hasattr(fast, "signatures") or fast.signatures:
        return True
    folder = fast.stats.cache_path
    return folder is not None and any(Path(folder).glob(f"*.{fast.__name__}-*.nbi"))


def fixed(values: NDArray[Any]) -> NDArray[Any]:
    """Return an array that may not be written: numba compiles a kernel once more for arrays that may."""
    view = values.view()
    view.flags.writeable = False
    return view


def ready(*modules: str) -> bool:
    """Say whether the machine code of some modules lies ready, in memory or on disk."""
    return all(_is_ready(fast) for fast in _ENTRIES if fast.__module__ in modules)


def in_threads(threads: int, job: Callable[[int, int], None], items: int) -> None:
    """Run a job on (first, last) of pieces that cover some items once; no two of them may write to the same place."""
    edges = np.linspace(0, items, threads * _PIECES_PER_THREAD + 1 if threads > 1 else 2).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(job, edges[:-1], edges[1:]))
