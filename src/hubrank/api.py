"""hubrank in Python: run a study, open an edition, rank it under other weights.

Tables are Arrow's: `.to_pandas()` makes a pandas frame of one, `polars.from_arrow(…)` a Polars frame.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from hubrank.core import edition
from hubrank.core.errors import StudyError, nearest
from hubrank.core.progress import Progress, no_progress
from hubrank.core.units import UNIT
from hubrank.ranking.count_table import RankedTable
from hubrank.ranking.count_table.agreement import Agreement
from hubrank.ranking.count_table.ranked import Counts, full_weights, ranked
from hubrank.study.study import Study
from hubrank.study.study_file import read, read_raw, study_of
from hubrank.study.written import written

if TYPE_CHECKING:
    from hubrank.analysis.comparison import Comparison

_DESCRIPTIVE = ("cluster_id", "cluster", "economies")
_INTERVALS = ("rank_low", "rank_high", "rank_low_places", "rank_high_places")
_WITH_INTERVALS = (
    "rank_low to rank_high is the {level:g} % interval of the rank by counts alone; rank_low_places to "
    "rank_high_places that by counts and the doubt about places."
)
_NO_INTERVALS = (
    "The intervals of the edition hold for its own weights ({weights}) and do not apply to these ranks; none were "
    "computed for these weights."
)


class Edition(edition.Edition):
    """A finished edition: its folder, its manifest (the content of edition.json) and its tables.

    folder : of its files.
    manifest : the content of edition.json: study, hashes of inputs and outputs, counts per stage.
    """

    def __repr__(self) -> str:
        label, clusters = self.manifest["study"]["edition"], self.manifest["clusters"]
        return f"<hubrank edition {label!r} in {self.folder}: {clusters} clusters>"

    @property
    def tables(self) -> list[str]:
        """The names of its tables, for `.table(name)`."""
        return sorted(path.stem for path in (self.folder / "tables").glob("*.parquet"))

    @property
    def weights(self) -> dict[str, Decimal]:
        """The weight of each metric in the study."""
        return self._study.weights

    def table(self, name: str) -> pa.Table:
        """Read one of its tables. Raises StudyError where it has none of this name."""
        if name not in self.tables:
            there = self.tables
            raise StudyError(f"{self.folder} has no table {name!r}; it has: {', '.join(there)}.{nearest(name, there)}")
        return edition.Edition.table(self, name)

    def ranking(self) -> pa.Table:
        """Return one row per cluster, first rank first, with the columns of ranking.csv.

        Shares, scores and counts are exact decimals: in pandas `.to_pandas()` makes objects of them, with which most of
        pandas does not reckon; `.astype({"score_pct": float})` makes numbers.
        """
        return self._ranking

    def rerank(self, weights: Mapping[str, object]) -> pa.Table:
        """Rank the clusters under other weights: the same counts, the same formula.

        weights : a number of 0 or more by metric or its label (a dict, or a pandas Series), taken as it is written (0.1
            is one tenth), a Fraction as itself: 0, or from 1e-99 to 1e99 with at most 100 digits. Metrics left out
            weigh 0.

        Returns rank and score_pct under these weights, `edition_rank` (the rank under the edition's weights), and each
        cluster's names, counts and shares. Intervals and changes are left out: they hold for the edition's weights.
        Raises StudyError for an unknown metric, for weights that are no numbers or all 0, and for none at all.
        """
        if weights is None:
            raise StudyError("weights are None; `.ranking()` has the ranks under those of the edition.")
        order = ranked(self._counts, full_weights(_by_metric(weights, self.labels), self.metrics))
        published = self._ranking.take(pa.array(order.order))
        columns = {
            "rank": pa.array(range(1, published.num_rows + 1), pa.int64()),
            "edition_rank": published["rank"],
            **{name: published[name] for name in _DESCRIPTIVE},
            "score_pct": pa.array(order.shown(), published.schema.field("score_pct").type),
        }
        per_metric = [column for metric in self.metrics for column in (metric, f"{metric}_share_pct")]
        ranking = pa.table(columns | {name: published[name] for name in per_metric})
        return ranking.replace_schema_metadata(published.schema.metadata)

    @cached_property
    def _study(self) -> Study:
        return study_of(self.manifest)

    @cached_property
    def _ranking(self) -> pa.Table:
        return self.table("ranking")

    @cached_property
    def _counts(self) -> Counts:
        """The exact units of every cluster, in the order of the ranking."""
        ids = self._ranking["cluster_id"].to_pylist()
        measured = self.table("measures").select(["cluster_id", "metric", "units"]).to_pylist()
        units = {(row["metric"], row["cluster_id"]): row["units"] for row in measured}
        whole = [[units.get((metric, cluster), 0) for cluster in ids] for metric in self.metrics]
        totals = [self.manifest["metrics"][metric].get("units", 0) for metric in self.metrics]
        return Counts({}, [(cluster,) for cluster in ids], tuple(self.metrics), whole, totals, 0)


def run(
    study: str | Path | Study | Mapping[str, Any],
    out: str | Path,
    *,
    folder: str | Path = ".",
    memory: str | None = None,
    threads: int | None = None,
    engine: str = "duckdb",
    master: str | None = None,
    progress: Progress | None = None,
) -> Edition:
    """Run a study and write an edition.

    Parameters
    ----------
    study : study file; all paths in it are relative to it. Or a study that was read or built, or its sections by
        name, as a study file has them.
    folder : what the paths in a study that is no file are relative to.
    out : folder of the edition; an older edition there is replaced as a whole, or left as it is where the run fails.
    memory, threads : limits of the engine; they never change an output.
    engine, master : "duckdb", or "spark" on a cluster of that address; they never change an output either.
    progress : called with (what, done, of how many).

    Raises
    ------
    StudyError, DataError, HubrankError
        The first for the study, the second for its files, any other for a check that failed; each with where, what was
        there, what was expected and what to do.
    """
    from hubrank import pipeline  # noqa: PLC0415 (opening an edition needs no engine)

    if not isinstance(study, str | Path | Study | Mapping):
        raise StudyError(f"the study is {study!r}; the path of a study file, a study, or its sections was expected.")
    path = Path(study) if isinstance(study, str | Path) else Path(folder) / "the study"
    raw = read_raw(path) if isinstance(study, str | Path) else written(study) if isinstance(study, Study) else study
    pipeline.run_raw(
        dict(raw),
        path,
        _path(out, "the folder of the edition"),
        memory=memory,
        threads=threads,
        engine=engine,
        master=master,
        progress=progress or no_progress,
    )
    return load(out)


def load(folder: str | Path) -> Edition:
    """Open an edition. Raises StudyError where the folder is none, or one of another format."""
    loaded = edition.load(_path(folder, "the folder of an edition"))
    return Edition(loaded.folder, loaded.manifest)


def reweighted(published: Edition, weights: Mapping[str, object] | None) -> RankedTable:
    """Rank an edition's clusters under other weights (None: the study's), with the weights and totals that were used.

    Under the weights of the study the ranks have their intervals.
    Raises StudyError as `Edition.rerank` does.
    """
    by_metric = _by_metric(weights, published.labels)
    used = published.weights if weights is None else full_weights(by_metric, published.metrics)
    units = {metric: published.manifest["metrics"][metric].get("units", 0) for metric in published.metrics}
    totals = {metric: Decimal(total) / UNIT for metric, total in units.items()}
    note = edition.SIMULATED if published.synthetic else ""
    ranking = published.rerank(used)
    if used == published.weights:
        level = 100 * published.manifest["parameters"]["robustness"]["level"]
        ranking, intervals = _with_intervals(ranking, published.ranking()), _WITH_INTERVALS.format(level=level)
    else:
        weights_shown = ", ".join(f"{metric} = {weight:f}" for metric, weight in published.weights.items())
        intervals = _NO_INTERVALS.format(weights=weights_shown)
    named = published.manifest["study"]
    return RankedTable(
        ranking, used, totals, (), Agreement(0, 0, []), note, intervals, named["title"], str(named["edition"])
    )


def _by_metric(weights: object, labels: Mapping[str, str]) -> object:
    """Return weights by the names of metrics, which may be called by their labels; what is no weights as it is.

    Raises StudyError where two of them are for one metric.
    """
    if not hasattr(weights, "items"):
        return weights
    by_metric: dict[object, object] = {}
    for key, weight in weights.items():
        metric = edition.metric_called(key, labels) if isinstance(key, str) else key
        if metric in by_metric:
            raise StudyError(f"two weights are for {metric!r}, one of them as {key!r}; give one.")
        by_metric[metric] = weight
    return by_metric


def _with_intervals(ranking: pa.Table, published: pa.Table) -> pa.Table:
    """Return a ranking with the intervals of the ranks that the edition published."""
    row = {cluster: number for number, cluster in enumerate(published["cluster_id"].to_pylist())}
    rows = pa.array([row[cluster] for cluster in ranking["cluster_id"].to_pylist()], pa.int64())
    at = ranking.column_names.index("cluster_id")
    for name in reversed([each for each in _INTERVALS if each in published.column_names]):
        ranking = ranking.add_column(at, published.schema.field(name), published[name].take(rows))
    return ranking


def compare(*editions: str | Path | Edition, memory: str | None = None, threads: int | None = None) -> "Comparison":
    """Compare editions, the oldest first: who moved, and whether records, outlines or the method moved it.

    editions : two or more, opened or as folders.
    memory, threads : limits of the engine; they never change the result.

    Returns a Comparison: `.table` (one row per cluster of the last two editions: ranks, change, and the change taken
    apart into data, boundary and method), `.series` (every edition under the last one's method), `.names`, `.note`.
    Raises StudyError for fewer than two editions, a folder that is none, or editions that share no metric.
    """
    from hubrank.analysis import comparison  # noqa: PLC0415 (opening an edition needs no engine)

    folders = (
        each.folder if isinstance(each, Edition) else _path(each, "the folder of an edition") for each in editions
    )
    return comparison.compare(*folders, memory=memory, threads=threads)


def read_study(path: str | Path) -> Study:
    """Read and check a study file.

    Raises StudyError that names section and key for whatever is missing, unknown or of the wrong type.
    """
    return read(_path(path, "the study file"))


def _path(path: object, what: str) -> Path:
    """Return a path; raise StudyError where it is none."""
    if not isinstance(path, str | PathLike):
        raise StudyError(f"{what} is {path!r}; a path was expected, as text or a Path.")
    return Path(path)
