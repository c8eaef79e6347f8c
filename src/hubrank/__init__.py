"""hubrank: find, rank, map, explain and doubt the world's innovation clusters, from raw records."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "1.0.0"

# Where each public name lives: it is imported when it is first used, so that `import hubrank` costs nothing.
_HOMES = {
    "DataError": "core.errors",
    "Edition": "api",
    "GeoDBSCAN": "clustering.estimator",
    "HubrankError": "core.errors",
    "Study": "study.study",
    "StudyError": "core.errors",
    "compare": "api",
    "load": "api",
    "rank_counts": "ranking.count_table",
    "rank_sets": "ranking.rank_sets.rank_sets",
    "read_study": "api",
    "run": "api",
}
__all__ = [
    "DataError",
    "Edition",
    "GeoDBSCAN",
    "HubrankError",
    "Study",
    "StudyError",
    "compare",
    "load",
    "rank_counts",
    "rank_sets",
    "read_study",
    "run",
]

if TYPE_CHECKING:
    from hubrank.api import Edition, compare, load, read_study, run
    from hubrank.clustering.estimator import GeoDBSCAN
    from hubrank.core.errors import DataError, HubrankError, StudyError
    from hubrank.ranking.count_table import rank_counts
    from hubrank.ranking.rank_sets.rank_sets import rank_sets
    from hubrank.study.study import Study


def __getattr__(name: str) -> Any:  # noqa: ANN401 (any public name)
    """Import a public name from where it lives."""
    if name not in _HOMES:
        raise AttributeError(f"module 'hubrank' has no attribute {name!r}; it has: {', '.join(__all__)}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
