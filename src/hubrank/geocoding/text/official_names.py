"""Official names of towns: with the article behind a comma (Garriga, La), or in two languages (Bolzano/Bozen)."""

import re

from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.gazetteer import ALIAS, PRIMARY
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.stated_countries import PAIR, economies_around

# Garriga, La; Aquila, L'; Coruña (A).
_ARTICLE = re.compile(
    rf"(?:, ?| ?\()((?:{'|'.join(vocabulary.words('place', 'article'))})(?:['’´`]|\b))\)?(?=\s{{0,3}}(?:[,;(/]|$))",
    re.IGNORECASE,
)
_MARKS = re.compile("([,;()])")
_BETWEEN = re.compile(r"/|\s[-–]\s")  # names of one town
_NAME = re.compile(r"[^\d,;()]{3,60}$")
_OWN_KINDS = (PRIMARY, ALIAS)
_SHORTEST = 3  # letters of a name: shorter ones are codes
_RIVALS = 0.1  # of the inhabitants of a town those of its namesakes, from which another of its names is clearer


def with_plain_names(text: str, economy: str = "") -> str:
    """Return a text with the articles of towns before them, and one name of those with a name in two languages.

    economy : of the towns, any where it is "".
    """
    if "," in text or "(" in text:
        text = _with_articles_before(text, economy)
    is_double = "/" in text or " - " in text or " – " in text
    if is_double and not gazetteer.rows_named(key(text), economy, (PRIMARY,)):  # Biel/Bienne is called so
        text = "".join(_one_name(part, economy) for part in _MARKS.split(text))
    return text


def _with_articles_before(text: str, economy: str) -> str:
    """Return a text with articles before the towns that they follow, if a place is called so.

    Two capital letters are a code where a town of the name lies there: Union, LA.
    """
    parts, done = [], 0
    for article in _ARTICLE.finditer(text):
        name = _NAME.search(text, done, article.start())
        town = name[0].lstrip(" .") if name else ""
        last = re.split(r"/\s?", town)[-1]
        for each in dict.fromkeys((town, last)):
            if each and _has_article(each, article[1], economy):
                start = article.start() - len(each)
                parts += [text[done:start], article[1], "" if article[1][-1] in "'’´`" else " ", each]
                done = article.end()
                break
    return "".join((*parts, text[done:])) if parts else text


def _has_article(town: str, article: str, economy: str) -> bool:
    """Say whether a place is called by a name with an article, and the letters of that are no code of its home."""
    if len(article) == PAIR and article.isupper() and economies_around(article, key(town)):
        return False
    names, word = gazetteer.places().name, plain(article)
    for row in gazetteer.rows_named(key(f"{article} {town}"), economy):
        if len(word) > 1 or article[-1:] in "'’´`":
            return True
        if row < len(names) and plain(names[row]).startswith(f"{word} "):  # A Vila is not Ávila
            return True
    return False


def _one_name(part: str, economy: str) -> str:
    """Return a part with one of two names that are a town's: the own one, or that which no other town has."""
    between = _BETWEEN.search(part)
    if between is None or _BETWEEN.search(part, between.end()):
        return part
    first = _NAME.search(part, 0, between.start())
    if first is None or not _NAME.match(part, between.end()):
        return part
    halves = first[0].strip(), part[between.end() :].strip()
    keys = [key(half) for half in halves]
    if min(map(len, keys)) < _SHORTEST:
        return part
    shared = set(gazetteer.rows_named(keys[0], economy, _OWN_KINDS))
    shared.intersection_update(gazetteer.rows_named(keys[1], economy, _OWN_KINDS))
    people, named = gazetteer.places().population, len(gazetteer.places().name)
    towns = [(int(people[row]), -row) for row in shared if row < named]
    if not towns:
        return part
    town = -max(towns)[1]
    best = min(halves, key=lambda half: _ambiguity(half, town, economy))
    return f"{part[: first.start()]}{' ' if part[first.start()] == ' ' else ''}{best}{part[len(part.rstrip()) :]}"


def _ambiguity(name: str, town: int, economy: str) -> tuple[bool, bool]:
    """Return whether namesakes of a town are large beside it, and whether the name is not its own."""
    people, named = gazetteer.places().population, len(gazetteer.places().name)
    others = (row for row in gazetteer.rows_named(key(name), economy) if row != town and row < named)
    largest = max((int(people[row]) for row in others), default=0)
    return largest > _RIVALS * int(people[town]), town not in gazetteer.rows_named(key(name), economy, (PRIMARY,))
