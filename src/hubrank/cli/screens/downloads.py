"""What `hubrank get` prints: the table of sources, a plan, what was fetched, and a bar."""

import os
from pathlib import Path
from typing import Any

import typer
from rich.progress import Progress, TaskID
from rich.table import Table

from hubrank.acquisition.acquire import SOURCES, Acquisition, find
from hubrank.acquisition.by_request import BY_REQUEST
from hubrank.acquisition.provider import Fetched, Plan
from hubrank.cli.screens.screen import console
from hubrank.core.units import counted

_UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))
_COLUMNS = ("source", "what it is", "size", "licence", "login", "price", "calls", "to")
_STUDIES = {"openalex-counts": "studies/world-publications.toml"}


def rows(raw: Path) -> list[dict[str, str]]:
    """Return a row for each source that a program can fetch, then one for each that it cannot."""
    providers = [find(name).PROVIDER for name in SOURCES]
    fetchable = [
        (each.name, each.title, each.size, each.licence, each.login, each.price, each.calls, f"{raw / each.name}/")
        for each in providers
    ]
    by_request = [(name, how, "", "", "by request", "", "", f"{raw / name}/") for name, how in BY_REQUEST.items()]
    return [dict(zip(_COLUMNS, row, strict=True)) for row in (*fetchable, *by_request)]


def sources(raw: Path) -> None:
    """Print the table of all sources."""
    screen = console()
    table = Table(*_COLUMNS)
    listed = rows(raw)
    for row in listed[: len(SOURCES)]:
        table.add_row(*(row[column] for column in _COLUMNS))
    screen.print(table)
    screen.out("Calls and bytes are stated, and agreed to, before a download: hubrank get SOURCE")
    screen.out("\nNot to be fetched by a program:")
    for row in listed[len(SOURCES) :]:
        screen.out(f"{row['source']}: {row['what it is']}")


def planned(acquisition: Acquisition, plan: Plan) -> None:
    """Print on stderr what will be fetched, before it is."""
    each = acquisition.source.PROVIDER
    size = "" if plan.size is None else f", {amount(plan.size)}"
    names = ", ".join(file.name for file in plan.files[:5]) + (", …" if len(plan.files) > 5 else "")
    lines = [
        f"{each.title} ({each.publisher})",
        f"  files: {len(plan.files):,}{size}: {names}",
        f"  licence: {each.licence}",
        f"  login: {each.login}; cost: {plan.cost}",
        f"  requests: at most {plan.requests:,}",
        f"  from {each.root} to {acquisition.folder}/",
        *(f"  {remark}" for remark in plan.remarks),
    ]
    typer.echo("\n".join(lines), err=True)


def fetched(acquisition: Acquisition, result: Fetched) -> None:
    """Print what is in the folder, and the next command."""
    screen = console()
    added = len(result.files) - result.unchanged
    files = f"{counted(added, 'file')} fetched, {result.unchanged:,} there before"
    lines = [
        f"{acquisition.folder}/: {files}; manifest.json lists them.",
        f"{counted(acquisition.client.sent, 'request')} sent.",
        *result.remarks,
        *filter(None, [acquisition.source.PROVIDER.note, next_command(acquisition)]),
    ]
    for line in lines:
        screen.out(line)


def next_command(acquisition: Acquisition) -> str:
    """Return which command comes next, where a study of the package reads the source."""
    study = _STUDIES.get(acquisition.folder.name)
    if study is None:
        return ""
    raw = os.path.abspath(acquisition.folder.parent)  # noqa: PTH100 (links stay as the user wrote them)
    return f"Next: HUBRANK_RAW={raw} hubrank run {study}"


def fetched_json(acquisition: Acquisition, result: Fetched) -> dict[str, Any]:
    """Return what was fetched, for programs."""
    return {
        "folder": str(result.folder),
        "files": [str(path) for path in result.files],
        "unchanged": result.unchanged,
        "requests": acquisition.client.sent,
        "remarks": list(result.remarks),
    }


def amount(size: float) -> str:
    """Write a number of bytes."""
    unit, factor = next(((unit, factor) for unit, factor in _UNITS if size >= factor), ("bytes", 1.0))
    return f"{size / factor:,.1f} {unit}" if factor > 1 else f"{size:,.0f} bytes"


class Bar:
    """A bar with what is done, the rate and the time left."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None
        self._unit = ""

    def start(self, what: str, total: int | None, done: int, unit: str) -> None:
        """Replace the bar by that of another item."""
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._unit = unit
        self._task = self._progress.add_task(what, total=total, completed=done, shown="")

    def advance(self, size: int) -> None:
        """Move the bar."""
        if self._task is None:
            return
        self._progress.advance(self._task, size)
        task = next(task for task in self._progress.tasks if task.id == self._task)
        write = amount if self._unit == "bytes" else "{:,.0f} calls".format
        total = "" if task.total is None else f" of {write(task.total)}"
        rate = "" if task.speed is None else f", {write(task.speed)}/s"
        self._progress.update(self._task, shown=f"{write(task.completed)}{total}{rate}")
