"""A series: one study over a sliding window, its editions, and one page and chart of their ranks and shares."""

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank import pipeline
from hubrank.analysis import comparison
from hubrank.analysis.comparison.trends import Trend, trends
from hubrank.analysis.sliding_window import series_studies, windows_of
from hubrank.core import edition
from hubrank.core.atomic_folder import expect_free
from hubrank.core.errors import StudyError
from hubrank.core.files import write_bytes
from hubrank.core.progress import Progress, no_progress
from hubrank.publishing import csv
from hubrank.publishing.page_words import ENGLISH, words
from hubrank.publishing.series_chart import series_chart
from hubrank.publishing.site.series_page import series_page
from hubrank.study.study_file import read_raw

StartWorker = Callable[[], AbstractContextManager[Executor]]


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """The editions of a series.

    names : of the editions, the oldest first; folders : where they lie.
    trends : the clusters, those of the last edition by rank first; metrics : what each is called.
    table : of SERIES_SCHEMA; note : the note that every figure must carry, "" where none.
    """

    names: tuple[str, ...]
    folders: tuple[Path, ...]
    trends: list[Trend]
    metrics: dict[str, str]
    table: pa.Table
    note: str


def run_series(
    path: Path,
    windows: str,
    out: Path,
    *,
    memory: str | None = None,
    threads: int | None = None,
    start_worker: StartWorker,
    workers: int | None = 1,
    sites: bool = False,
    language: str | None = None,
    progress: Progress = no_progress,
) -> Series:
    """Run a study for each window and write `series.html`, `series.svg` and `series.csv` next to its editions.

    path : study file; windows : the first and the last window, "2015-2019:2020-2024".
    out : folder of the series; each edition is a folder in it, called by the last year of its window.
    memory, threads : limits of the engine; they never change an output.
    start_worker : starts the process that draws and describes while records are counted.
    workers : how many processes read and locate records, as in `pipeline.run`.
    sites : whether each edition has its pages, in the language of the study; language : of `series.html`,
        that of the study where none is stated.
    Raises StudyError, DataError and CheckFailed as a run does, and StudyError for windows that are none and a language
    in which there are no texts.
    """
    words(language or ENGLISH)
    every = windows_of(windows)
    if len(every) < 2:
        raise StudyError(f"--windows is {windows!r}, which is one window: `hubrank run` makes its edition.")
    studies = series_studies(read_raw(path), path, every, out)
    for each in studies:
        expect_free(out / each.name)
    folders = tuple(out / each.name for each in studies)
    with start_worker() as worker:
        for done, (each, folder) in enumerate(zip(studies, folders, strict=True)):
            progress(f"edition {each.name}", done, len(studies))
            pipeline.run_raw(
                each.raw,
                path,
                folder,
                memory=memory,
                threads=threads,
                worker=worker,
                workers=workers,
                site=sites,
            )
    progress("comparing editions", len(studies), len(studies))
    compared = comparison.compare(*folders, memory=memory, threads=threads)
    finished = [edition.load(folder) for folder in folders]
    last, rankings = finished[-1], [each.table("ranking") for each in finished]
    lines = trends(compared.series, compared.names, rankings, last.metrics)
    series = Series(compared.names, folders, lines, last.labels, compared.series, compared.note)
    of_study = last.manifest["study"].get("publish", {}).get("language", ENGLISH)
    _write(series, out, [each.manifest for each in finished], linked=sites, language=language or of_study)
    return series


def _write(series: Series, out: Path, manifests: list[dict[str, Any]], *, linked: bool, language: str) -> None:
    """Write the chart, the table and the page of a series. manifests : of its editions; linked : to their pages."""
    chart = series_chart(series.trends, series.names, note=series.note)
    write_bytes(out / "series.svg", chart)
    write_bytes(out / "series.csv", csv.written(series.table, note=series.note))
    page = series_page(
        str(manifests[-1]["study"]["title"]),
        series.names,
        series.trends,
        series.metrics,
        chart,
        manifests=manifests,
        note=series.note,
        areas=bool(edition.areas_note(manifests[-1])),
        language=language,
        links=[(name, f"{name}/site/index.html") for name in series.names] if linked else [],
    )
    write_bytes(out / "series.html", page)
