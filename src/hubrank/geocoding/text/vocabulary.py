"""The words of addresses, from the packaged table `words.toml`."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def digest() -> bytes:
    """Return the table as it is packaged: what was compiled with another one is not read."""
    return files("hubrank.geocoding.text").joinpath("words.toml").read_bytes()


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(digest().decode("utf-8"))


def section(name: str) -> dict[str, Any]:
    """Return a section of the table as it stands."""
    return dict(_table()[name])


def words(name: str, entry: str) -> tuple[str, ...]:
    """Return the words of an entry; words that belong together have blanks."""
    return tuple(word.replace("+", " ") for word in _table()[name][entry].split())


def standard_words(name: str) -> dict[str, str]:
    """Return for each word of a section the one that stands for it; "" for words that are left out."""
    return {word: one for one, many in _table()[name]["alike"].items() for word in many.split()}


SAINTS = frozenset(words("place", "saint"))
STREETS = frozenset((*words("place", "street"), *words("place", "street_behind")))  # before and behind their names
