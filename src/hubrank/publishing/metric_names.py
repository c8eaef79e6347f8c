"""What a metric is called: in words of its kind only where its readers know what its records are."""

from collections.abc import Iterable, Mapping
from typing import Any

from hubrank.core.edition import labels
from hubrank.publishing.page_words import Words
from hubrank.sources import BUILT_IN, find


def is_known(metric: str, readers: Iterable[str]) -> bool:
    """Say whether the readers of a metric know what its records are: Crunchbase has deals, a table may have any."""
    each = {*readers}
    return bool(each) and all(reader in BUILT_IN and find(reader).METRIC.name == metric for reader in each)


def shown_labels(stated: Mapping[str, str], readers: Mapping[str, Iterable[str]], words: Words) -> dict[str, str]:
    """Return what pages call each metric: as the study does, else in the language by its key, or by its known kind.

    stated : the labels of the study, the name of a metric where it states none. readers : of each metric.
    """
    return {
        name: words.label(label) if label != name or is_known(name, readers.get(name, ())) else words.plain_label(name)
        for name, label in stated.items()
    }


def labels_of_edition(manifest: Mapping[str, Any], words: Words) -> dict[str, str]:
    """Return what pages call each metric of an edition. manifest : its edition.json."""
    readers = readers_of((each["metric"], each.get("reader", "")) for each in manifest["study"]["sources"])
    return shown_labels(labels(manifest), readers, words)


def readers_of(sources: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Return the readers of each metric. sources : metric and reader of each."""
    readers: dict[str, set[str]] = {}
    for metric, reader in sources:
        readers.setdefault(metric, set()).add(reader)
    return readers
