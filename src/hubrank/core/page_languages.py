"""The languages of the pages of an edition."""

from functools import cache
from importlib.resources import files


@cache
def languages() -> tuple[str, ...]:
    """Return the languages in which there are texts, a file for each: a further file is a further language."""
    texts = files("hubrank").joinpath("publishing", "site", "words")
    return tuple(sorted(path.name.removesuffix(".json") for path in texts.iterdir() if path.name.endswith(".json")))


def without_texts(language: str) -> str:
    """Return what is said of a language that has none, without the first word, "the", and without a full stop."""
    return (
        f"pages have no texts in {language!r}; there are: {', '.join(languages())}. "
        f"How a language is added: docs/how-to/publish.md"
    )
