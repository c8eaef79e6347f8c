"""A ranking made of counts on the screen."""

from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hubrank.cli.screens.screen import clusters, console, rounded

_RANK_LABELS = {"cluster_id": "", "score_pct": "score %", "edition_rank": "edition's"}


def ranked(found: Any, top: int) -> None:  # noqa: ANN401 (counts.RankedTable)
    """Print the head of a ranking made of counts, what it was made with, and whether the table agrees with itself."""
    screen = console()
    table = Table(caption=found.note or None, caption_justify="left")
    shown = [name for name in found.ranking.column_names if name != "cluster_id"]
    for name in shown:
        label = "share %" if name.endswith("_share_pct") else _RANK_LABELS.get(name, name)
        table.add_column(label, justify="left" if name in {"cluster", "economies"} else "right")
    for row in found.ranking.slice(0, top).to_pylist():
        table.add_row(*(_cell(row[name]) for name in shown))
    screen.print(table)
    for metric, total in found.totals.items():
        origin = "the sum of the clusters" if metric in found.summed else "the world's"
        screen.print(
            f"{metric}: weight {found.weights[metric]:f}, total {total:,} ({origin})",
            soft_wrap=True,
            highlight=False,
            markup=False,
        )
    more = f" (first {top} shown)" if found.ranking.num_rows > top else ""
    screen.print(f"{clusters(found.ranking.num_rows)}{more}", highlight=False)
    _print_agreement(screen, found)


def _cell(value: Any) -> str:  # noqa: ANN401 (a cell)
    """Write a cell for reading: at most two decimals."""
    if isinstance(value, Decimal):
        return rounded(value, min(2, -int(value.as_tuple().exponent)))
    return "" if value is None else f"{value:,}" if isinstance(value, int) else escape(value)


def _print_agreement(screen: Console, found: Any) -> None:  # noqa: ANN401 (counts.RankedTable)
    """Say whether the ranks and shares that a table carries come out, where world totals make that a fair question."""
    told = found.agreement
    if not told.ranks and not told.cells:
        return
    if found.summed or len(set(found.weights.values())) > 1:
        screen.print(
            "To check the ranks and shares that the table carries, give every world total (--total) and no weight."
        )
        return
    screen.print(
        f"Of what the table carries itself, {told.agreeing(ranks=True)} of {told.ranks} ranks and "
        f"{told.agreeing(ranks=False)} of {told.cells} shares and scores come out.",
        soft_wrap=True,
        highlight=False,
    )
    for wrong in told.differences[:10]:
        screen.print(
            f"  {wrong.cluster}: {wrong.column} is {wrong.given}, the counts give {wrong.found}",
            soft_wrap=True,
            highlight=False,
            markup=False,
        )
