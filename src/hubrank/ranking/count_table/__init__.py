"""Rank any table of counts per cluster: check published tables, and rank them by other weights.

A table has a column of names and one column per metric; world totals are stated, or taken as the sums.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from hubrank.core.errors import StudyError
from hubrank.core.units import SHOWN_DECIMALS
from hubrank.ranking.count_table import numbers
from hubrank.ranking.count_table.agreement import Agreement, agreement
from hubrank.ranking.count_table.agreement import as_json as agreement_json
from hubrank.ranking.count_table.cells import Cells, cells
from hubrank.ranking.count_table.ranked import MOST_SHOWN, Counts, full_weights, ranked, table


@dataclass(frozen=True, slots=True)
class RankedTable:
    """A ranking made of a table of counts.

    ranking : one row per cluster, first rank first.
    weights, totals : what was used, per metric; `summed` names the metrics whose total is the sum of the clusters.
    agreement : how far the ranks, shares and scores of the table itself agree with its counts.
    note : the note that it must carry, from the column `note` of the table; "" where none.
    intervals : of an edition, whether and which intervals its ranks have; "" for another table.
    left_out : the rows of totals, which are no clusters.
    with_decimals : metrics that are read with decimals, though their points may divide thousands, with an example.
    names : the column that was taken for the names of clusters, "" where it is called `cluster`.
    not_counted : the columns of numbers that no metric was made of, as their names say that they hold no counts.
    title, edition : what an edition is called; "" for another table.
    """

    ranking: pa.Table
    weights: Mapping[str, Decimal | Fraction]
    totals: dict[str, Decimal]
    summed: tuple[str, ...]
    agreement: Agreement
    note: str = ""
    intervals: str = ""
    title: str = ""
    edition: str = ""
    left_out: tuple[str, ...] = ()
    not_counted: tuple[str, ...] = ()
    names: str = ""
    with_decimals: tuple[str, ...] = ()


def rank_counts(
    counts: object,
    *,
    names: str | None = None,
    metrics: Iterable[str] | None = None,
    weights: Mapping[str, object] | None = None,
    totals: Mapping[str, object] | None = None,
    decimals: int = SHOWN_DECIMALS,
    sets: bool = False,
    encoding: str | None = None,
) -> pa.Table:
    """Rank the clusters of a table of counts.

    Parameters
    ----------
    counts : path, Arrow, pandas or Polars table, or dict of columns
        One row per cluster: a column of names (and `economies`, `cluster_id` where there are), one column per metric.
        Counts are numbers of 0 or more and may be decimals; they are taken exactly as they are written. The case of
        these names does not matter. Rows that words call totals are left out.
    names : name of the column of names
        None takes the column `cluster`, else the first with another text in each row, other than codes.
    metrics : names of the columns to count
        None takes every column with a number in it whose name does not say that it is a rank, share, score,
        place or year.
    weights : numbers of 0 or more by metric (a dict, or a pandas Series)
        None: all weigh 1. Where some are given, the others weigh 0. Each is taken as it is written, a Fraction as
        itself: 0, or from 1e-99 to 1e99 with at most 100 digits.
    totals : world totals by metric
        A metric without one takes the sum over the clusters.
    decimals : of shares and scores, rounded half to even.
    sets : add a rank interval of each cluster, its counts taken as independent records.
    encoding : of a file of text; None guesses between UTF-8, Windows-1252 and Mac Roman.

    Returns
    -------
    pyarrow.Table
        rank, the columns that name the cluster, score_pct, then <metric> and <metric>_share_pct for each metric;
        with `sets` rank_low and rank_high, the best and the worst rank of a 90 % marginal confidence set.
        `.to_pandas()` and `polars.from_arrow()` turn it into theirs.

    Raises
    ------
    DataError
        A column is missing, a cluster stands there twice, a cell is no count; with the line.
    StudyError
        An unknown metric, a weight that is no number, a world total below the sum of the clusters.
    """
    return rank_table(
        counts,
        names=names,
        metrics=metrics,
        weights=weights,
        totals=totals,
        decimals=decimals,
        sets=sets,
        encoding=encoding,
    ).ranking


def rank_table(
    counts: object,
    *,
    names: str | None = None,
    metrics: Iterable[str] | None = None,
    weights: Mapping[str, object] | None = None,
    totals: Mapping[str, object] | None = None,
    decimals: int = SHOWN_DECIMALS,
    sets: bool = False,
    encoding: str | None = None,
) -> RankedTable:
    """Do what `rank_counts` does, with what was used and how far the ranks and shares of the table agree."""
    if not 0 <= decimals <= MOST_SHOWN:
        raise StudyError(f"decimals is {decimals}; shares and scores are shown with 0 to {MOST_SHOWN}.")
    source, column = numbers.with_names(cells(counts, encoding), names)
    of_totals = numbers.rows_of_totals(source)
    left_out = tuple(f"{name} ({source.places[row]})" for row, name in of_totals.items())
    source = source.without(of_totals)
    exact = read(source, metrics, totals)
    result = ranked(exact, full_weights(weights, exact.metrics))
    note = _note(source)
    ranking = table(exact, result, decimals=decimals)
    if sets:
        from hubrank.ranking.count_table.sets import with_sets  # noqa: PLC0415 (compiled parts, which only this option needs)

        ranking = with_sets(ranking, exact, result)
    return RankedTable(
        ranking.replace_schema_metadata({"note": note} if note else None),
        result.weights,
        {
            metric: numbers.plain(total, exact.decimals)
            for metric, total in zip(exact.metrics, exact.totals, strict=True)
        },
        tuple(metric for metric in exact.metrics if totals is None or metric not in totals),
        agreement(source, exact, result),
        note,
        left_out=left_out,
        not_counted=numbers.not_counted(source) if metrics is None else (),
        names=column,
        with_decimals=numbers.in_groups_of_three(source, exact.metrics),
    )


def _note(source: Cells) -> str:
    """Return the note that hubrank writes beside every row of what was simulated."""
    return next((str(cell) for cell in source.columns.get("note", ()) if cell), "")


def read(source: Cells, metrics_wanted: Iterable[str] | None, totals: Mapping[str, object] | None) -> Counts:
    """Return the counts of a table as whole numbers. Raises as `rank_counts` says."""
    labels = numbers.labels(source)
    metrics = numbers.metrics(source, metrics_wanted)
    world_totals = numbers.totals_by_metric(totals, metrics)
    columns = [numbers.counts(source, metric, guessed=metrics_wanted is None) for metric in metrics]
    decimals = max(
        (numbers.decimals(value) for column in [*columns, world_totals.values()] for value in column), default=0
    )
    whole = [[int(value.scaleb(decimals)) for value in column] for column in columns]
    world = [
        _world(
            metric,
            int(world_totals[metric].scaleb(decimals)) if metric in world_totals else None,
            sum(column),
            decimals,
        )
        for metric, column in zip(metrics, whole, strict=True)
    ]
    return Counts(labels, numbers.keys(labels), metrics, whole, world, decimals)


def _world(metric: str, total: int | None, together: int, decimals: int) -> int:
    if total is not None and total < together:
        stated, needed = (numbers.plain(value, decimals) for value in (total, together))
        raise StudyError(
            f"the world total of {metric} is {stated:,}, but the clusters together have {needed:,}: the world includes "
            f"all of them. Omit the total to use their sum."
        )
    return together if total is None else total


def pairs(options: Iterable[str] | None, option: str) -> dict[str, str] | None:
    """Read `patents=1` as a metric and its number, which is checked where it is used; None without any.

    option : what messages call it. Raises StudyError where it is not METRIC=NUMBER, or a metric is given twice.
    """
    by_metric: dict[str, str] = {}
    for text in options or ():
        metric, sign, value = (part.strip() for part in text.rpartition("="))
        if not metric or not sign:
            raise StudyError(f"{option} is {text!r}; write it as METRIC=NUMBER, such as {option} patents=1.")
        if metric in by_metric:
            raise StudyError(f"{option} gives {metric!r} twice; give it once.")
        by_metric[metric] = value
    return by_metric or None


def as_json(ranked_table: RankedTable, top: int | None = None) -> dict[str, Any]:
    """Return a ranking for --json: its rows, and what it was made with.

    top : how many rows, with `clusters` as the number of all; None returns all.
    """
    rows = ranked_table.ranking.slice(0, top).to_pylist()
    return {
        **({"title": ranked_table.title, "edition": ranked_table.edition} if ranked_table.title else {}),
        **({"note": ranked_table.note} if ranked_table.note else {}),
        **({"intervals": ranked_table.intervals} if ranked_table.intervals else {}),
        **({"names": ranked_table.names} if ranked_table.names else {}),
        **({"left_out": list(ranked_table.left_out)} if ranked_table.left_out else {}),
        **({"not_counted": list(ranked_table.not_counted)} if ranked_table.not_counted else {}),
        **({"with_decimals": list(ranked_table.with_decimals)} if ranked_table.with_decimals else {}),
        **({} if top is None else {"clusters": ranked_table.ranking.num_rows}),
        "ranking": [{name: _plain(cell) for name, cell in row.items()} for row in rows],
        "weights": {metric: _plain(weight) for metric, weight in ranked_table.weights.items()},
        "totals": {metric: _plain(total) for metric, total in ranked_table.totals.items()},
        "summed": list(ranked_table.summed),
        "agreement": agreement_json(ranked_table.agreement),
    }


def _plain(cell: Any) -> Any:  # noqa: ANN401 (a cell)
    return float(cell) if isinstance(cell, Decimal | Fraction) else cell
