"""A ranking of counts on the screen."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from hubrank.cli.screens.screen import console, rounded
from hubrank.core.units import counted, counts_for_reading

if TYPE_CHECKING:
    from hubrank.ranking.count_table import RankedTable

_RANK_LABELS = {"cluster_id": "", "score_pct": "score %", "edition_rank": "edition rank"}


def ranked(ranked_table: "RankedTable", top: int, labels: Mapping[str, str]) -> None:
    """Print the first rows of a ranking of counts, its weights and totals, and whether the table agrees with itself.

    labels : what metrics are called, of those that are called otherwise than their columns.
    """
    screen = console()
    table = Table(caption=ranked_table.note or None, caption_justify="left")
    columns = [name for name in ranked_table.ranking.column_names if name != "cluster_id"]
    for name in columns:
        label = "share %" if name.endswith("_share_pct") else _RANK_LABELS.get(name, labels.get(name, name))
        table.add_column(label, justify="left" if name in {"cluster", "economies"} else "right")
    rows = ranked_table.ranking.slice(0, top).to_pylist()
    of_edition = set(ranked_table.totals) if ranked_table.edition else set()
    values = {name: [row[name] for row in rows] for name in columns}
    shown = (
        counts_for_reading(cells) if name in of_edition else list(map(_cell, cells)) for name, cells in values.items()
    )
    for cells in zip(*shown, strict=True):
        table.add_row(*cells)
    screen.print(table)
    for metric, total in ranked_table.totals.items():
        stated = "all located records" if ranked_table.edition else "all records, in clusters or not"
        origin = "the sum of the clusters" if metric in ranked_table.summed else stated
        screen.out(f"{labels.get(metric, metric)}: weight {ranked_table.weights[metric]:f}, total {total:,} ({origin})")
    more = f" (first {top} shown)" if ranked_table.ranking.num_rows > top else ""
    screen.out(f"{counted(ranked_table.ranking.num_rows, 'cluster')}{more}")
    if ranked_table.names:
        screen.out(f"Names of clusters: the column {ranked_table.names!r} (--names states another)")
    if ranked_table.left_out:
        screen.out(f"Left out as rows of totals: {', '.join(ranked_table.left_out)}")
    if ranked_table.not_counted:
        screen.out(f"Not counted, by their names: {', '.join(ranked_table.not_counted)} (--metric counts them)")
    if ranked_table.with_decimals:
        read = ", ".join(ranked_table.with_decimals)
        screen.out(f"Read with decimals: {read}; if each point divides thousands write the numbers without it")
    if ranked_table.intervals:
        screen.out(ranked_table.intervals)
    _print_agreement(screen, ranked_table)


def _cell(value: Any) -> str:  # noqa: ANN401 (a cell)
    """Write a cell of another table for reading: at most two decimals."""
    if isinstance(value, Decimal):
        return rounded(value, min(2, -int(value.as_tuple().exponent)))
    return "" if value is None else f"{value:,}" if isinstance(value, int) else value


def _print_agreement(screen: Console, ranked_table: "RankedTable") -> None:
    """Print whether the ranks and shares in a table agree with its counts, where world totals allow the comparison."""
    agreement = ranked_table.agreement
    if not agreement.ranks and not agreement.cells:
        return
    if ranked_table.summed or len(set(ranked_table.weights.values())) > 1:
        screen.out("To check the ranks and shares in the table, give every world total (--total) and no weight.")
        return
    screen.out(
        f"The counts agree with {agreement.agreeing(ranks=True)} of {agreement.ranks} ranks and "
        f"{agreement.agreeing(ranks=False)} of {agreement.cells} shares and scores in the table."
    )
    for difference in agreement.differences[:10]:
        screen.out(
            f"  {difference.cluster}: {difference.column} is {difference.printed}, "
            f"the counts give {difference.computed}"
        )
