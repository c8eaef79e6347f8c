"""A first study of the files in a folder: readers recognised, columns guessed with reasons, a threshold for their size.

The study that is written is one that `check` accepts; where a folder holds nothing to rank, the error says what it
lacks.
"""

import tomllib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from hubrank.analysis.new_study import size, text
from hubrank.analysis.new_study.drafts import NAME_ONE, Draft, Drafts, of_folder
from hubrank.core.errors import DataError, StudyError
from hubrank.core.files import write_bytes
from hubrank.core.progress import Progress, no_progress
from hubrank.core.units import counted
from hubrank.sources import register
from hubrank.study.study import Study
from hubrank.study.study_file import parse

__all__ = ["Draft", "NewStudy", "write"]


@dataclass(frozen=True, slots=True)
class NewStudy:
    """A study that was written.

    sizes : of its sources. threshold : as the line of the study, and how it was computed.
    needs_register : whether rows name institutions that nothing can locate.
    no_registers : files in raw/ror/ that are not called as a register is.
    """

    path: Path
    drafts: Drafts
    sizes: tuple[size.Size, ...]
    threshold: tuple[str, str]
    needs_register: bool
    no_registers: tuple[str, ...] = ()


def write(folder: Path, out: Path, progress: Progress = no_progress) -> NewStudy:
    """Write a study of the files in a folder, or of one file.

    Raises StudyError where there is no such folder, or a study of that name already; DataError where no file can be
    ranked, with what is missing. Where that is what the columns of a table are, the beginning of a study is written.
    """
    if not folder.exists():
        raise StudyError(
            f"There is no folder {str(folder)!r}. Name the folder that holds the files to rank; addresses belong under "
            f"`files` of a study."
        )
    if out.exists():
        raise StudyError(f"{out} exists already. Name another file with --out, or remove it.")
    base = out.absolute().parent
    title = f"Innovation clusters: {folder.absolute().stem if folder.is_file() else folder.absolute().name}"
    progress("looking at the files", 0, 2)
    gathered = of_folder(folder, base)
    if not gathered.sources:
        raise DataError(_nothing(folder, gathered) + _unfinished(gathered, title, out))
    progress("counting rows", 1, 2)
    base.mkdir(parents=True, exist_ok=True)
    study = _parsed(text.text(gathered, title, "1", {}, ("min_listings = 1", "")), out)
    of_sources = size.sizes(study, base)
    windows = _windows(gathered, of_sources)
    _note_undated(gathered, of_sources, windows)
    _note_overlaps(gathered)
    if windows:
        study = _parsed(text.text(gathered, title, "1", windows, ("min_listings = 1", "")), out)
        of_sources = size.in_windows(study, base, of_sources)
    threshold = size.threshold(of_sources)
    edition = str(max((years[1] for years, _ in windows.values()), default=1))
    content = text.text(gathered, title, edition, windows, threshold)
    _parsed(content, out)
    write_bytes(out, content.encode())
    progress("done", 2, 2)
    return NewStudy(
        out, gathered, tuple(of_sources), threshold, _needs_register(gathered, base), register.ignored(base)
    )


def _unfinished(gathered: Drafts, title: str, out: Path) -> str:
    """Write the beginning of a study of the first table that lacks only what its columns are; say so."""
    if not gathered.incomplete or gathered.register:
        return ""
    draft = gathered.incomplete[0]
    out.absolute().parent.mkdir(parents=True, exist_ok=True)
    write_bytes(out, text.unfinished(draft, title).encode())
    return (
        f" Written: {out}, with its columns as comments. Write there what they are, and then: "
        f"hubrank check {quote(str(out))}"
    )


def _parsed(content: str, out: Path) -> Study:
    return parse(tomllib.loads(content), out)


def _windows(gathered: Drafts, of_sources: list[size.Size]) -> dict[str, tuple[tuple[int, int], str]]:
    """Return the window of each metric all of whose sources have years: from the first of them to the last."""
    windows: dict[str, tuple[tuple[int, int], str]] = {}
    yearless = set()
    for draft, one in zip(gathered.sources, of_sources, strict=True):
        years = size.window(one)
        if years is None:
            yearless.add(draft.metric)
        elif draft.metric in windows:
            (first, last), why = windows[draft.metric]
            windows[draft.metric] = (min(first, years[0][0]), max(last, years[0][1])), why
        else:
            windows[draft.metric] = years
    return {metric: window for metric, window in windows.items() if metric not in yearless}


def _note_undated(gathered: Drafts, of_sources: list[size.Size], windows: Collection[str]) -> None:
    """Say of each source why its metric has no window, where some of the metric's rows have years."""
    with_years = {draft.metric for draft, one in zip(gathered.sources, of_sources, strict=True) if one.years}
    for draft, one in zip(gathered.sources, of_sources, strict=True):
        if draft.metric in with_years and draft.metric not in windows and one.undated:
            share = 100 * one.undated / (one.undated + one.years.total())
            note = (
                f"{draft.metric} has no window, so all years count: {share:.0f} % of the listings of this source have "
                f"no year, and with a window such rows cannot be used (a run stops above {one.most_aside_pct:g} %)"
            )
            draft.notes = (*draft.notes, note)


def _note_overlaps(gathered: Drafts) -> None:
    """Say at the last source of a metric how many others are counted with it."""
    of_years = {draft.metric for draft in gathered.sources if any(guess.value for guess in draft.columns)}
    several = Counter(draft.metric for draft in gathered.sources)
    for metric, last in {draft.metric: draft for draft in gathered.sources}.items():
        if several[metric] > 1 and metric not in of_years:
            note = f"{several[metric]} sources of {metric} are counted together: keep one if they overlap"
            last.notes = (*last.notes, note)


def _needs_register(gathered: Drafts, base: Path) -> bool:
    """Return whether rows name institutions and there is no register to locate them with."""
    by_name = any(
        (draft.reader == "openalex" and "institutions" not in draft.files)
        or any(guess.name in ("institution", "institution_id") for guess in draft.columns)
        for draft in gathered.sources
    )
    return by_name and gathered.register is None and register.fetched(base) is None


def _nothing(folder: Path, gathered: Drafts) -> str:
    if gathered.register:
        return (
            f"{folder} holds a register of institutions ({Path(gathered.register).name}) and no records: name it under "
            f"[geocoding] institutions in the study of a folder that has records."
        )
    if not gathered.left_out:
        return f"{folder} holds no data file (CSV, TSV, JSON, Parquet, XML, or a zip of them)."
    first = gathered.left_out[0].removesuffix(f" {NAME_ONE}" if gathered.incomplete else "").rstrip(".")
    more = f" ({counted(len(gathered.left_out) - 1, 'more file')} left out.)" if len(gathered.left_out) > 1 else ""
    return f"{folder} holds nothing to rank: {first}.{more}"
