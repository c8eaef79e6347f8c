"""The texts of the pages: one JSON file per language, grouped by page."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from hubrank.core.area_words import texts_of_areas
from hubrank.core.errors import StudyError

ENGLISH = "en"
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
        comma = self.say("lists.divider") if any(", " in item for item in [*first, last]) else self.say("lists.comma")
        return self.say("lists.and", items=comma.join(first), last=last) if first else last


def languages() -> list[str]:
    """Return the languages that have texts."""
    return sorted(
        path.name.removesuffix(".json") for path in files("hubrank.publishing.site").joinpath("words").iterdir()
    )


@cache
def words(language: str, *, areas: bool = False) -> Words:
    """Return the texts of a language, English where it lacks one. Raises StudyError where there are none at all.

    areas : whether areas are ranked in place of clusters, so that the texts speak of these.
    """
    if language not in languages():
        raise StudyError(f"The pages have no texts in {language!r}; there are: {', '.join(languages())}.")
    english, texts = (_texts(each) for each in (ENGLISH, language))
    every = {group: {**of, **texts.get(group, {})} for group, of in english.items()}
    return Words(language, texts_of_areas(every) if areas else every)


def _texts(language: str) -> dict[str, dict[str, str]]:
    content = files("hubrank.publishing.site").joinpath("words", f"{language}.json").read_text("utf-8")
    texts: dict[str, dict[str, str]] = json.loads(content)
    return texts
