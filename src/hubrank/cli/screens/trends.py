"""A series of editions on the screen."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from hubrank.cli.screens.screen import NONE, console, plain
from hubrank.core.units import counted

if TYPE_CHECKING:  # the sequence of a run takes a second to import
    from hubrank.series import Series


def series_json(series: "Series") -> dict[str, Any]:
    """Return a series for --json: its editions, and every cluster in every edition."""
    rows = [{name: plain(value) for name, value in row.items()} for row in series.table.to_pylist()]
    return {**({"note": series.note} if series.note else {}), "editions": list(series.names), "series": rows}


def series(series: "Series", out: Path, top: int) -> None:
    """Print the ranks of the first clusters over the editions."""
    table = Table(title=" → ".join(series.names), title_justify="left", caption=series.note or None)
    table.add_column("cluster")
    for name in series.names:
        table.add_column(name, justify="right")
    for line in series.trends[:top]:
        table.add_row(line.cluster, *(NONE if rank is None else str(rank) for rank in line.ranks))
    screen = console()
    screen.print(table)
    screen.out(f"{counted(len(series.trends), 'cluster')} (first {min(top, len(series.trends))} shown).")
    screen.out(f"Page: {out / 'series.html'}")
