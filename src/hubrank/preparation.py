"""What is made once and kept: the compiled gazetteer and the machine code of the kernels."""

from collections.abc import Callable

import numpy as np

from hubrank import geocoders
from hubrank.geocoders.compilation import compile_tables, paths
from hubrank.kernels import compiling
from hubrank.kernels.dbscan import cluster_sites, compiled
from hubrank.kernels.rank_sets import rank_sets, surely_ahead

Progress = Callable[[str, int, int], None]  # (what, done, of how many)
RANK_KERNELS = ("rank_draws", "rank_roots", "rank_steps")


def load() -> None:
    """Read the names of the gazetteer, which the first run would do otherwise (a second)."""
    geocoders.find("gazetteer", geocoders.Settings())


def prepare(progress: Progress) -> None:
    """Compile whatever is not compiled yet, saying so; a later run finds it ready."""
    if not all(path.exists() for path in paths()):
        progress("compiling the gazetteer, this once (about 20 s)", 0, 1)
        compile_tables()
    if not compiled():
        progress("compiling the clustering kernel, this once (about 10 s)", 0, 1)
        some = np.arange(4, dtype=np.int64)
        cluster_sites(some, some, some, radius_km=15, min_weight=2)
    if not compiling.ready(*(f"hubrank.kernels.{name}" for name in RANK_KERNELS)):
        progress("compiling the rank sets, this once (about 10 s)", 0, 1)
        scores = np.array([3.0, 2.0, 1.0])
        surely_ahead(scores, np.eye(3))
        rank_sets(scores, np.eye(3))
