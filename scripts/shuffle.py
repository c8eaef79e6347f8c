"""Write the raw files of a simulated world anew in another order, so that the order can be shown not to matter.

`python scripts/shuffle.py WORLD SEED`: the rows of every file are shuffled; works, which may stand in any file, are
dealt anew onto as many files of other names; files that the study names one by one keep their names.
"""

import gzip
import random
import sys
import zipfile
from pathlib import Path


def shuffled(rows: list[bytes], rng: random.Random) -> list[bytes]:
    """Return the rows in another order."""
    return rng.sample(rows, len(rows))


def table(data: bytes, rng: random.Random) -> bytes:
    """Shuffle the rows below the header; no cell of a simulated file holds the end of a line."""
    header, *rows = data.splitlines(keepends=True)
    return header + b"".join(shuffled(rows, rng))


def archive(path: Path, rng: random.Random) -> None:
    """Shuffle the table in a ZIP."""
    with zipfile.ZipFile(path) as packed:
        (name,) = packed.namelist()
        data = table(packed.read(name), rng)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, data)


def dealt(paths: list[Path], rng: random.Random) -> None:
    """Shuffle the lines of all these files and deal them onto as many others, of names in another order."""
    lines = shuffled([line for path in paths for line in gzip.decompress(path.read_bytes()).splitlines(True)], rng)
    for number, path in enumerate(shuffled(paths, rng)):
        path.unlink()
        new = path.with_name(f"part_{rng.randrange(1_000):03}.gz")
        new.write_bytes(gzip.compress(b"".join(lines[number :: len(paths)])))


def main(world: Path, seed: int) -> None:
    """Shuffle all raw files of a world in place."""
    rng = random.Random(seed)  # noqa: S311 (no secret)
    raw = world / "raw"
    for kind in ("works", "institutions"):
        dealt(sorted((raw / "openalex" / kind).rglob("*.gz")), rng)
    for path in sorted((raw / "patentsview").glob("*.zip")):
        archive(path, rng)
    for path in sorted((raw / "crunchbase").glob("*.csv")):
        path.write_bytes(table(path.read_bytes(), rng))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
