"""The words of a language, from its file: sentences filled with figures, numbers as they are written there."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from hubrank.core.errors import StudyError, nearest
from hubrank.publishing.brief.figures import Part, Sentence

_SLOT = re.compile(r"\{(\w+)\}")
MOST_DECIMALS = 6  # of the tables
Filling = Part | Sequence[Part]


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that there is a file of words for."""
    folder = files("hubrank.publishing.brief").joinpath("words")
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")))


@cache
def words(language: str) -> "Words":
    """Read the words of a language. Raises StudyError where there is no file of them."""
    if language not in languages():
        known = list(languages())
        raise StudyError(
            f"There are no words in {language!r}; there are: {', '.join(known)}.{nearest(language, known)}"
        )
    return Words(tomllib.loads(files("hubrank.publishing.brief").joinpath(f"words/{language}.toml").read_text("utf-8")))


class Words:
    """How one language says things."""

    def __init__(self, entries: dict[str, Any]) -> None:
        self._entries = entries

    @property
    def language(self) -> str:
        """Its code, as HTML names it."""
        return str(self._entries["language"])

    def text(self, section: str, key: str, number: int | None = None) -> str:
        """Return an entry; of one with forms for one and for others, that for `number`."""
        entry = self._entries[section][key]
        return str(entry if isinstance(entry, str) else entry["one" if number == 1 else "other"])

    def say(self, section: str, key: str, number: int | None = None, /, **slots: Filling) -> Sentence:
        """Fill an entry's slots; a slot may hold several parts."""
        return Sentence(f"{section}.{key}", self.fill(self.text(section, key, number), slots))

    def parts(self, section: str, key: str, number: int | None = None, /, **slots: Filling) -> tuple[Part, ...]:
        """Fill an entry that is a part of a sentence."""
        return self.fill(self.text(section, key, number), slots)

    @staticmethod
    def fill(text: str, slots: dict[str, Filling]) -> tuple[Part, ...]:
        """Put figures into a text."""
        found: list[Part] = []
        for place, piece in enumerate(_SLOT.split(text)):
            if place % 2 == 0:
                found += [piece] if piece else []
            else:
                filling = slots[piece]
                found += filling if isinstance(filling, Sequence) and not isinstance(filling, str) else [filling]
        return tuple(found)

    def listed(self, items: Iterable[Filling]) -> tuple[Part, ...]:
        """Join items: a, b and c."""
        each = [tuple(item) if isinstance(item, Sequence) and not isinstance(item, str) else (item,) for item in items]
        found: list[Part] = []
        for place, item in enumerate(each):
            joint = "last" if place == len(each) - 1 else "comma"
            found += [*([self.text("lists", joint)] if place else []), *item]
        return tuple(found)

    def metric(self, name: str) -> str:
        """Return what a metric's records are called."""
        return str(self._entries["metrics"].get(name, name.replace("_", " ")))

    def number(self, value: Decimal | int, decimals: int = 0) -> str:
        """Write a number, rounded half to even; one that would round to 0 keeps its first digit."""
        exact = Decimal(value)
        rounded = _rounded(exact, decimals)
        if exact and not rounded:
            rounded = _rounded(exact, min(MOST_DECIMALS, -exact.adjusted()))
        marks = str.maketrans({",": self._numbers("thousands"), ".": self._numbers("decimal")})
        return f"{rounded:,}".translate(marks)

    def percent(self, value: Decimal) -> str:
        """Write a share."""
        return self._numbers("percent").format(number=self.number(value, 1))

    def signed(self, value: int) -> str:
        """Write a difference with its sign."""
        sign = "plus" if value >= 0 else "minus"
        return self._numbers(sign).format(number=self.number(abs(value)))

    def between(self, low: int, high: int) -> str:
        """Write a range."""
        return self._numbers("range").format(low=self.number(low), high=self.number(high))

    def nothing(self) -> str:
        """Write that there is no value."""
        return self._numbers("none")

    def _numbers(self, key: str) -> str:
        return str(self._entries["numbers"][key])


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
