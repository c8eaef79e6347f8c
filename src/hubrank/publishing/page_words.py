"""The texts of the pages: one JSON file per language, grouped by page."""

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from hubrank.core import area_words, countries
from hubrank.core.area_words import texts_of_areas
from hubrank.core.errors import StudyError
from hubrank.core.page_languages import languages, without_texts

ENGLISH = "en"
_FOUR_DIGITS = re.compile(r"(?<![\d,])(\d),(\d{3})(?![\d,])")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language. A text may have slots: `{count} of {all} clusters`."""

    language: str
    texts: Mapping[str, Mapping[str, str]]

    def say(self, key: str, **slots: Any) -> str:  # noqa: ANN401 (anything with a text form)
        """Return the text `group.name` with its slots filled; slots within what fills them stay as they are."""
        group, _, name = key.partition(".")
        return _SLOT.sub(lambda match: str(slots[match[1]]), self.texts[group][name])

    def listed(self, items: Iterable[str]) -> str:
        """Join items as a sentence of the language does: a, b and c."""
        *first, last = [*items] or [""]
        comma = self._comma([*first, last])
        return self.say("lists.and", items=comma.join(first), last=last) if first else last

    def divided(self, items: Sequence[str]) -> str:
        """Join items with commas alone, or with what divides those that have commas of their own."""
        return self._comma(items).join(items)

    def _comma(self, items: Sequence[str]) -> str:
        return self.say("lists.divider" if any("," in item for item in items) else "lists.comma")

    def number(self, figure: str) -> str:
        """Return a figure, given with "," between thousands and "." before decimals, as the language writes it.

        Where CLDR has a minimumGroupingDigits of 2, a whole part of four digits is not divided.
        """
        if self.say("numbers.minimum_grouping") == "2":
            figure = _FOUR_DIGITS.sub(r"\1\2", figure)
        signs = str.maketrans({",": self.say("numbers.thousands"), ".": self.say("numbers.decimals")})
        return figure.translate(signs)

    def label(self, metric: str) -> str:
        """Return what a metric is called: one under its customary name in the language, else as the study does."""
        return self.texts["metrics"].get(metric, metric)

    def plain_label(self, metric: str) -> str:
        """Return what a metric is called by its name alone, which says nothing of the kind of its records."""
        return self.texts["plain_metrics"].get(metric) or self.label(metric)

    def economy(self, code: str) -> str:
        """Return the name of an economy: that of CLDR in another language than English."""
        return _economies(self.language).get(code) or countries.name(code)

    def economies(self, codes: str) -> tuple[tuple[str, str], ...]:
        """Return code and name of each economy of a cluster. codes : as the tables write them, CN/HK."""
        return tuple((code, self.economy(code)) for code in codes.split("/") if code)


@cache
def _economies(language: str) -> dict[str, str]:
    """Return the names of economies by their alpha-2 code; none of a language that the table lacks, as English."""
    text = files("hubrank.publishing.site").joinpath("economies.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["iso2"]: row[language] for row in rows if language in row}


@cache
def words(language: str, *, areas: bool = False) -> Words:
    """Return the texts of a language, English where it lacks one. Raises StudyError where there are none at all.

    areas : whether areas are ranked in place of clusters, so that the texts speak of these.
    """
    if language not in languages():
        raise StudyError(f"The {without_texts(language)}.")
    english, texts = (_texts(each) for each in (ENGLISH, language))
    every = {group: {**of, **texts.get(group, {})} for group, of in english.items()}
    return Words(language, texts_of_areas(every, area_terms(language)) if areas else every)


def area_terms(language: str) -> Mapping[str, str]:
    """Return what is said of a cluster in a language, and stands for it of an area."""
    return _texts(language).get("area_terms", area_words.ENGLISH)


def _texts(language: str) -> dict[str, dict[str, str]]:
    content = files("hubrank.publishing.site").joinpath("words", f"{language}.json").read_text("utf-8")
    texts: dict[str, dict[str, str]] = json.loads(content)
    return texts
