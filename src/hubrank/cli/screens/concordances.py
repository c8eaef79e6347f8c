"""A ranking and a published list on the screen."""

from typing import TYPE_CHECKING, Any

from rich.table import Table

from hubrank.cli.screens.screen import NONE, console, plain, signed
from hubrank.core import one_economy

if TYPE_CHECKING:
    from hubrank.analysis.concord import Concord

_READ_AS = {"rank": "ranks", "cluster": "names"}


def concord_json(concord: "Concord") -> dict[str, Any]:
    """Return it for --json: the figures, then every row."""
    return {
        **({"note": concord.note} if concord.note else {}),
        **({"remarks": remarks} if (remarks := _remarks(concord)) else {}),
        "columns": dict(concord.columns),
        "left_out": list(concord.left_out),
        "listed": concord.listed,
        "matched": concord.matched,
        "ranked": concord.ranked,
        "spearman": concord.spearman,
        "kendall": concord.kendall,
        "overlap": [{"first": first, "listed": listed, "in_both": both} for first, listed, both in concord.overlaps],
        "rows": [{name: plain(value) for name, value in row.items()} for row in concord.table.to_pylist()],
    }


def _remarks(concord: "Concord") -> list[str]:
    opened = concord.edition
    return [] if opened is None else [*one_economy.sentences(one_economy.of_edition(opened.manifest), opened.labels)]


def concorded(concord: "Concord", top: int) -> None:
    """Print the rows that differ first to last, then how far the lists agree."""
    from hubrank.publishing.page_words import words
    from hubrank.publishing.site.concord_page import summary

    table = Table(
        title=f"{concord.ranking} and {concord.published}", title_justify="left", caption=concord.note or None
    )
    for name in ("listed", "list", "ranking", "rank", "difference", "variant"):
        table.add_column(name, justify="left" if name in ("list", "ranking", "variant") else "right")
    for row in concord.table.slice(0, top).to_pylist():
        moved = signed(row["difference"])
        cells = (row["listed_rank"], row["listed_cluster"], row["cluster"], row["rank"], moved)
        variant = f"{row['variant']}: {row['variant_rank']}" if row["variant"] else ""
        table.add_row(*(NONE if cell is None else str(cell) for cell in cells), variant)
    screen = console()
    screen.print(table)
    for line in summary(concord, words("en", areas=concord.ranks_areas)):
        screen.out(line)
    screen.out(_columns(concord))


def _columns(concord: "Concord") -> str:
    """Say which columns of the list were read as what."""
    columns = [f"{_READ_AS.get(name, name)} {written!r}" for name, written in concord.columns.items()]
    economies = "" if "economies" in concord.columns else "; none is called economies, which tells namesakes apart"
    return f"Columns of {concord.published}: {', '.join(columns)} (--names states another of names){economies}"
