"""Readers of sources on the screen."""

from collections.abc import Mapping

from rich.table import Table

from hubrank.cli.screens.screen import console
from hubrank.sources import Source


def source_rows(readers: Mapping[str, Source]) -> list[dict[str, str]]:
    """Describe each reader: name, metric, files it needs."""
    return [
        {
            "reader": name,
            "metric": source.METRIC.name,
            "counts": f"{source.METRIC.unit}, by {source.METRIC.listing}",
            "files": ", ".join([*source.ROLES, *(f"({role})" for role in source.OPTIONAL_ROLES)]),
            "what": (source.__doc__ or "").strip().splitlines()[0],
        }
        for name, source in readers.items()
    ]


def sources(rows: list[dict[str, str]]) -> None:
    """Print the readers."""
    table = Table(*(rows[0] if rows else ()), caption="(files) in brackets are optional", caption_justify="left")
    for row in rows:
        table.add_row(*row.values())
    console().print(table)
