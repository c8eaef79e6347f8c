"""The town in the name of a municipality's administration: Ayuntamiento de Alcaraz, Karabük Belediyesi, 松野町役場."""

from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import plain
from hubrank.geocoding.text.organisation_words import LEGAL_FORMS, SIGNS


def _economies(section: str) -> dict[str, tuple[str, ...]]:
    """Return the economies of each entry of a section of the vocabulary, by the words."""
    table: dict[str, tuple[str, ...]] = {}
    for homes, many in vocabulary.section(section).items():
        for words in many.split():
            table[words.replace("+", " ")] = (*table.get(words.replace("+", " "), ()), *homes.split())
    return table


_BEFORE, _BEHIND, _GLUED = map(_economies, ("administration", "administration_behind", "administration_glued"))
_OPENING = frozenset(words.partition(" ")[0] for words in _BEFORE)
_ENDING = frozenset(words.rpartition(" ")[2] for words in _BEHIND)
_MOST = 1 + max(words.count(" ") for words in (*_BEFORE, *_BEHIND))
_ARTICLES = {
    link: article for article, links in vocabulary.section("administration_link").items() for link in links.split()
}
_ELIDED = ("d'", "d’")
_LONGEST = 6  # words of a municipality's name


def town_of_administration(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of a municipality from that of its administration, and the economies where those are called so.

    "" and () where a text is no such name.
    """
    words = text.split()
    if len(words) > 1 and plain(words[0]) in _OPENING:
        for size in range(min(_MOST, len(words) - 1), 0, -1):
            if homes := _BEFORE.get(plain(" ".join(words[:size]))):
                return _name(_without_link(words[size:])), homes
    if len(words) > 1 and plain(words[-1]) in _ENDING:
        for size in range(min(_MOST, len(words) - 1), 0, -1):
            if homes := _BEHIND.get(plain(" ".join(words[-size:]))):
                return _name(words[:-size]), homes
    for ending, homes in _GLUED.items():
        if text.endswith(ending) and text != ending:
            return text.removesuffix(ending), homes
    return "", ()


def _without_link(words: list[str]) -> list[str]:
    """Return words without the first where that only links a name to what stands before it: du Mans is Le Mans."""
    link = words[0].lower()
    if link[:2] in _ELIDED:
        return [words[0][2:], *words[1:]]
    if len(words) == 1 or link not in _ARTICLES:
        return words
    return [article, *words[1:]] if (article := _ARTICLES[link]) else words[1:]


def _name(words: list[str]) -> str:
    """Return words as a name, "" where they are too many or an organisation's."""
    plain_words = plain(" ".join(words)).split()
    is_name = len(words) <= _LONGEST and SIGNS.isdisjoint(plain_words) and LEGAL_FORMS.isdisjoint(plain_words)
    return " ".join(words) if is_name else ""
