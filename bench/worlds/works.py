"""The world of `hubrank simulate` with works of OpenAlex's size: about 10 kB, most of which no reader needs."""

import gzip
import os
import re
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from hubrank.simulation import simulate

from .filler import fillers
from .gzip_splice import gzip_splice

STEP = 29  # works in a row get different fillers: coprime to how many there are
WORK = re.compile(rb'(\{"id":"https://openalex\.org/WSIM(\d+)".*)(,"updated_date":"[^"]*"\}\n)')


def simulate_full_works(out: Path, *, listings: int, seed: int = 2025, workers: int | None = None) -> None:
    """Write a world into `out`, which appears once it is complete; `workers` processes never change a byte."""
    workers = workers or os.cpu_count() or 1
    draft = out.with_name(f".{out.name}.part")
    simulate(draft, listings=listings, seed=seed, workers=workers)
    paths = sorted((draft / "raw" / "openalex" / "works").rglob("*.gz"))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        fill(paths, seed, pool)
    draft.replace(out)


def fill(paths: list[Path], seed: int, pool: Executor) -> None:
    """Write the works of each file anew, every work with a filler between its authors and its date."""
    for _ in pool.map(partial(_fill, seed=seed), paths):
        pass


def _fill(path: Path, seed: int) -> None:
    pieces = fillers(seed)
    with gzip_splice(path) as stream:
        for number, front, back in works(path):
            stream.write(front)
            stream.splice(pieces[number * STEP % len(pieces)])
            stream.write(back)


def works(path: Path) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield the number of each work, its line up to its authors, and the rest of it."""
    with gzip.open(path) as lines:
        for line in lines:
            match = WORK.fullmatch(line)
            if match is None:
                raise ValueError(f"{path} holds a line that is no simulated work: {line[:80]!r}")
            front, number, back = match.groups()
            yield int(number), front, back
