"""What a metric of a new study is called: by what its table counts, else after its files."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from itertools import count, takewhile

from anyascii import anyascii

from hubrank.analysis.new_study.guess import Guess
from hubrank.study.values import RESERVED

# Patents have a year of publication, too.
_PUBLICATIONS = (
    r"publication(?! (year|date|no))|\bworks?\b|paper|article|author|affiliation|doi|yay[ıi]n|makale|منشور"
    "|art[ií]culos|artigos|publicaciones|publica[cç][õo]es|論文|论文|논문"
)
_DEALS = (
    "deal|funding|round|venture|investment|levées? de fonds|rondas|rodadas|investidas|yat[ıi]r[ıi]m|استثمار"
    "|調達|投資|投资|融資|融资|투자"
)
_METRIC_WORDS = (
    ("deals", _DEALS),
    ("publications", _PUBLICATIONS),
    ("patents", "patent|brevet|براء|inventor|appln|application|特許|专利|專利|특허|出願|출원|発明|发明|發明|발명"),
)


def metric_name(names: list[str], columns: list[Guess], taken: Collection[str]) -> tuple[str, str]:
    """Return what a table counts and what it is called: by its count's name, else by that of its files, else that name.

    names : of the files; of several what they share, without a year or number at its end. taken : other metrics.
    """
    of_count = next((guess.column for guess in columns if guess.name == "count"), "")
    of_files = re.sub(r"[\W\d_]+$", "", shared(names)) if len(names) > 1 else names[0]
    by_author = " ".join(guess.reason for guess in columns if guess.split and guess.pattern)
    for text in (of_count, of_files or names[0], " ".join(guess.column for guess in columns), by_author):
        for metric, words in _METRIC_WORDS:
            if re.search(words, text.casefold()):
                return metric, ""
    name = re.sub(r"[^a-z0-9]+", "_", _legible(of_files).casefold()).strip("_")
    label = re.sub(r"[\s_-]+", " ", of_files)
    if re.match(r"[a-z]", name) and name not in RESERVED:
        return name, label
    if not any(map(str.isalpha, of_files)) or name in RESERVED:
        return "records", ""
    return next(one for number in count(1) if (one := f"records{number}") not in taken), label


def _legible(text: str) -> str:
    """Return a text in ASCII without Chinese, Japanese and Korean letters: their readings depend on the language."""
    letters = unicodedata.normalize("NFKC", text)
    ascii_text: str = anyascii("".join(" " if unicodedata.east_asian_width(one) == "W" else one for one in letters))
    return ascii_text


def shared(names: Sequence[str]) -> str:
    """Return the characters that all names begin with."""
    return "".join(letters[0] for letters in takewhile(lambda one: len(set(one)) == 1, zip(*names, strict=False)))
