"""What makes two editions hard to compare: the order of their years, what they rank, different files."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from hubrank.study.study import Study
from hubrank.study.values import Patterns


def pair_remarks(earlier: Study, later: Study, names: Sequence[str]) -> Iterator[str]:
    """Yield sentences on two editions. names : what they are called."""
    before, after = names
    if earlier.ranks_areas != later.ranks_areas:
        kinds = ["areas" if study.ranks_areas else "clusters" for study in (earlier, later)]
        yield (
            f"{before} ranks {kinds[0]} and {after} {kinds[1]}: a move between them is one of what is ranked, not of "
            f"records. Compare editions that rank the same."
        )
    shared = earlier.windows.keys() & later.windows.keys()
    newer_first = sorted(metric for metric in shared if earlier.windows[metric] > later.windows[metric])
    if newer_first and len(newer_first) == len(shared):
        first, last = (study.windows[newer_first[0]] for study in (earlier, later))
        yield (
            f"{before} counts {newer_first[0]} of {first[0]}–{first[1]} and {after} of {last[0]}–{last[1]}: the newer "
            f"edition is named first, so that rises are shown as falls. Name the older one first."
        )
    if _without_numbers(earlier.title) != _without_numbers(later.title) and not _files(earlier) & _files(later):
        yield (
            f"{before} ({earlier.title!r}) and {after} ({later.title!r}) read different files: a move between them is "
            f"one of what is counted. Compare editions of one study."
        )


def _files(study: Study) -> set[tuple[str, str]]:
    """Return the readers of a study with the names of their files, without folders and numbers, which are of a year."""
    return {
        (section.reader, _without_numbers(PurePosixPath(pattern).name))
        for section in study.sources
        for pattern in _patterns(section.files)
    }


def _patterns(files: Patterns | Mapping[str, Patterns]) -> Iterator[str]:
    if isinstance(files, str):
        yield files
    else:
        for each in files.values() if isinstance(files, Mapping) else files:
            yield from _patterns(each)


def _without_numbers(text: str) -> str:
    return re.sub(r"[\W\d_]+", " ", text).casefold().strip()
