"""Print the hash of every output of a small simulated world, so that two environments can be held against each other.

`python scripts/fingerprint.py FOLDER THREADS` (the folder is made): `.ci/run` does it on each Python, with another
number of threads and another seed of Python's hashes, and compares. `run.json` is not hashed.
"""

import sys
from pathlib import Path

from hubrank import edition, pipeline
from hubrank.simulation import simulate


def main(folder: Path, threads: int) -> None:
    """Simulate, rank both editions, print."""
    world = simulate(folder, listings=80_000, seed=7)
    for study in world.studies:
        pipeline.run(study, folder / study.stem, threads=threads, lean=True)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "run.json":
            print(edition.sha256(path), path.relative_to(folder).as_posix())  # noqa: T201 (a script)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
