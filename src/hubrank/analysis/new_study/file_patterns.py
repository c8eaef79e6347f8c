"""How a new study names its files: by one pattern, where it matches these and no others."""

import os
import re
from collections.abc import Callable
from glob import escape, glob
from pathlib import Path

from hubrank.analysis.new_study.metric_names import shared


def named(paths: list[Path], base: Path) -> list[str]:
    """Return how a study names files: one pattern where it matches these and no others, else each by its name."""
    texts = [_relative(path, base) for path in paths]
    if len(texts) == 1:
        return texts
    parts = [text.split("/") for text in texts]
    for pattern in filter(None, (_pattern(parts, _any_number), _pattern(parts, _star))):
        full = os.path.normpath(Path(escape(str(base))) / pattern)
        matches = sorted(glob(full))  # noqa: PTH207 (as a study's are)
        if matches == sorted(os.path.normpath(base / text) for text in texts):
            return [pattern]
    return texts


def _relative(path: Path, base: Path) -> str:
    relative = Path(os.path.relpath(path.absolute(), base.absolute())).as_posix()
    return path.absolute().as_posix() if relative.startswith("../..") else relative


def _pattern(parts: list[list[str]], star: Callable[[tuple[str, ...]], str]) -> str:
    """Return a pattern for paths of as many parts each; an empty text where they have different depths."""
    if len({len(part) for part in parts}) != 1:
        return ""
    return "/".join(star(names) for names in zip(*parts, strict=True))


def _star(names: tuple[str, ...]) -> str:
    if len(set(names)) == 1:
        return names[0]
    head = shared(names)
    tail = shared([name[len(head) :][::-1] for name in names])[::-1]
    return f"{head}*{tail}"


def _any_number(names: tuple[str, ...]) -> str:
    """Return the pattern without the digits beside its star, so that it matches later numbers and dates too."""
    return re.sub(r"(\d[\d_.-]*)?\*([\d_-]*\d)?", "*", _star(names))
