"""The records behind a figure, on the screen."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
from rich.table import Table

from hubrank.cli.screens.screen import console
from hubrank.core.sphere import E7
from hubrank.core.units import UNIT, counted

if TYPE_CHECKING:
    from hubrank.analysis.trace import Trace


def traced(trace: "Trace", top: int, out: Path | None) -> None:
    """Print how a figure adds up, and the first of its lines."""
    screen = console()
    lines = trace.lines
    table = Table(title=f"{trace.cluster}: {trace.label}", title_justify="left")
    for heading in ("file", "line", "record", "listing", "year", "address", "place", "located by"):
        table.add_column(heading, justify="right" if heading in {"line", "listing", "year"} else "left")
    table.add_column("part", justify="right")
    for row in lines.slice(0, top).to_pylist():
        place = f"{row['place'] or ''} ({row['lat_e7'] / E7:.4f}, {row['lon_e7'] / E7:.4f})".lstrip()
        who = [row["source_file"], f"{row['source_row']}", row["record_key"], f"{row['listing_no']}"]
        part = f"{row['units'] / UNIT:.9f}".rstrip("0").rstrip(".")
        table.add_row(*who, str(row["year"] or ""), row["address"], place, _located_by(row), part)
    screen.print(table)
    if trace.note:
        screen.out(trace.note)
    files = pc.count_distinct(lines["source_file"]).as_py()
    exact = f"{trace.units // UNIT:,}.{trace.units % UNIT:09d}".rstrip("0").rstrip(".")
    screen.out(
        f"{exact} = exact sum over {counted(trace.records.num_rows, 'record')}: {counted(lines.num_rows, 'listing')} "
        f"on {counted(trace.lines_of_files, 'line')} of {counted(files, 'file')}; the ranking shows {trace.figure:,}."
    )
    if trace.namesakes:
        screen.out(f"Called so, too: {'; '.join(trace.namesakes)}. To trace another, name it by its id.")
    if out is None and lines.num_rows > top:
        screen.out(f"{counted(top, 'listing')} shown; --out LISTINGS.csv writes all.")
    if out is not None:
        screen.out(f"All listings: {out}")


def _located_by(row: dict[str, Any]) -> str:
    """Return the kinds of evidence of a listing, and how sure its place is."""
    probability = row["location_probability"]
    return f"{row['geocoding_evidence']}{'' if probability is None else f' ({100 * probability:.1f} %)'}"
