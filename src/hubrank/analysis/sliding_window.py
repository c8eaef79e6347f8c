"""One study, many windows: the studies of a series, whose sources are read once for all years (METHOD 8)."""

import os
import re
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hubrank.core.errors import StudyError
from hubrank.study.study import Study
from hubrank.study.study_file import parse
from hubrank.study.values import Window

MOST = 100  # editions of a series
_WINDOWS = re.compile(r"(\d{4})-(\d{4}):(\d{4})-(\d{4})")


@dataclass(frozen=True, slots=True)
class SeriesStudy:
    """The study of one edition of a series. name : of the edition, the last year of its window."""

    name: str
    raw: dict[str, Any]


def windows_of(text: str) -> list[Window]:
    """Return the windows from the first to the last, a year apart: `2015-2019:2020-2024` are six.

    Raises StudyError where the text is no two windows of one length, the earlier first.
    """
    match = _WINDOWS.fullmatch(text)
    if match is None:
        raise StudyError(f"--windows is {text!r}; write the first and the last window, such as 2015-2019:2020-2024.")
    first, first_end, last, last_end = map(int, match.groups())
    if first_end - first != last_end - last or first > first_end or first > last:
        raise StudyError(
            f"--windows is {text!r}: both windows should have one length, and the first should not be the later one."
        )
    if last - first >= MOST:
        raise StudyError(f"--windows is {text!r}: {last - first + 1} editions; {MOST} is the most.")
    length = first_end - first
    return [(year, year + length) for year in range(first, last + 1)]


def series_studies(raw: dict[str, Any], path: Path, windows: list[Window], out: Path) -> list[SeriesStudy]:
    """Return the studies of a series, in order; each compares with the one before.

    raw : content of the study file `path`. Its first metric with a window takes `windows`; other metrics keep their
        distance from it.
    out : folder that will hold the editions.
    Raises StudyError where no metric has a window, or as `parse` does.
    """
    study = parse(raw, path)
    of = next((metric for metric in study.metrics if metric in study.windows), None)
    if of is None:
        raise StudyError(f"{path.name} has no [windows]: a series slides them. Add [windows] with a metric's years.")
    reference = study.windows[of]
    every = [_shifted(study, reference, window) for window in windows]
    spans = {metric: (every[0][metric][0], every[-1][metric][1]) for metric in study.windows}
    base = path.absolute().parent
    studies: list[SeriesStudy] = []
    for window, shifted in zip(windows, every, strict=True):
        content = deepcopy(raw)
        content["edition"] = str(window[1])
        content["windows"] = {metric: list(years) for metric, years in shifted.items()}
        for section in content["sources"]:
            if section["metric"] in spans:
                section["years"] = _years(section.get("years"), spans[section["metric"]])
        if studies:
            content["compare"] = {"previous": os.path.relpath(str(out.absolute() / studies[-1].name), str(base))}
        else:
            content.pop("compare", None)
        studies.append(SeriesStudy(content["edition"], content))
    return studies


def _shifted(study: Study, reference: Window, window: Window) -> dict[str, Window]:
    """Return the window of each metric: as far from `window` as it is from the reference metric's reference."""
    ahead, behind = window[0] - reference[0], window[1] - reference[1]
    return {metric: (first + ahead, last + behind) for metric, (first, last) in study.windows.items()}


def _years(stated: list[int] | None, span: Window) -> list[int]:
    """Return the years that a source is read for: those that the study states where they suffice."""
    return [min(span[0], stated[0]), max(span[1], stated[1])] if stated else list(span)
