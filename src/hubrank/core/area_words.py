"""Texts about clusters as texts about areas, for outputs of a study that ranks areas in their place."""

import re
from collections.abc import Mapping

_SLOT = re.compile(r"(\{[^}]*\})")
_ENGLISH = re.compile(r"\b(?:([Aa])\s+)?([Cc])luster(s?)\b")
_OF_BOTH = ("areas", "files", "tables")
NOTE = (
    "Areas are ranked here in place of clusters: in names of files, columns and settings, and in what is said of them, "
    "a cluster is one of the areas of {file}, under its code and name."
)
LEFT_OUT = (
    "The areas are given, so that radius, threshold, merging and balance have no part in ranks; nor has chaining."
)


def texts_of_areas(texts: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return texts by group and name with areas for clusters, but for groups that speak of both or of files.

    Where the group `ranked_areas` has another text, under "group.name", that is taken.
    """
    changed = {
        group: dict(of) if group in _OF_BOTH else {name: _of_areas(text) for name, text in of.items()}
        for group, of in texts.items()
    }
    for key, text in texts["ranked_areas"].items():
        group, _, name = key.partition(".")
        changed[group][name] = text
    return changed


def _of_areas(text: str) -> str:
    """Return an English or Chinese text with areas for clusters; slots such as {cluster} stay as they are."""
    pieces = _SLOT.split(text)
    return "".join(piece if at % 2 else _replaced(piece) for at, piece in enumerate(pieces))


def _replaced(text: str) -> str:
    return _ENGLISH.sub(_area, text).replace("集群", "区域")


def _area(match: re.Match[str]) -> str:
    article, initial, plural = match.groups()
    word = ("Area" if initial == "C" else "area") + plural
    return f"{article}n {word}" if article else word
