"""Texts about clusters as texts about areas, for outputs of a study that ranks areas in their place."""

import re
from collections.abc import Mapping

_SLOT = r"\{[^}]*\}"  # stays as it is: {cluster}
ENGLISH = {
    "a cluster": "an area",
    "A cluster": "An area",
    "cluster": "area",
    "clusters": "areas",
    "Cluster": "Area",
    "Clusters": "Areas",
}
_OF_BOTH = ("areas", "files", "tables")
_LETTER = "[0-9A-Z_a-zÀ-ɏ]"  # of a language that parts words: what begins or ends at one is a part of a word
NOTE = (
    "Areas are ranked here in place of clusters: in names of files, columns and settings, and in what is said of them, "
    "a cluster is one of the areas of {file}, under its code and name."
)
LEFT_OUT = (
    "The areas are given, so that radius, threshold, merging and balance have no part in ranks; nor has chaining."
)


def texts_of_areas(
    texts: Mapping[str, Mapping[str, str]], terms: Mapping[str, str] = ENGLISH
) -> dict[str, dict[str, str]]:
    """Return texts by group and name with areas for clusters, but for groups that speak of both or of files.

    terms : what is said of a cluster and stands for it of an area; the longest counts.

    Where the group `ranked_areas` has another text, under "group.name", that is taken.
    """
    every = "|".join(map(re.escape, sorted(terms, key=lambda term: (-len(term), term))))
    pattern = re.compile(rf"(?<!{_LETTER})(?:{every})(?!{_LETTER})|{_SLOT}")
    changed = {
        group: dict(of) if group in _OF_BOTH else {name: _replaced(text, pattern, terms) for name, text in of.items()}
        for group, of in texts.items()
    }
    for key, text in texts["ranked_areas"].items():
        group, _, name = key.partition(".")
        changed[group][name] = text
    return changed


def _replaced(text: str, pattern: re.Pattern[str], terms: Mapping[str, str]) -> str:
    return pattern.sub(lambda match: terms.get(match[0], match[0]), text)
