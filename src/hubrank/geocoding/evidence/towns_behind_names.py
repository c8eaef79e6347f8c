"""Towns right behind the name of a registered organisation, without a comma: Foo University Landshut, Germany."""

from hubrank.geocoding.evidence.institutions import InstitutionEvidence
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.surroundings import Surroundings, home_of_seat
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.organisation_words import GENERIC, SIGNS
from hubrank.geocoding.text.stated_countries import STATES_OF

_TOWN, _TOWN_WORDS = 1_000, 4  # inhabitants and words of a town
_NAME_WORDS = 2  # of an organisation's name, at least
_BETWEEN = frozenset(("at", "in", "-", "–"))


def read_with_names(text: str, where: Surroundings, institutions: InstitutionEvidence | None) -> Reading:
    """Take a text apart as `read` does, with the towns parted that stand right behind a registered name."""
    reading = read(text, where)
    if institutions is None or not reading.economies:
        return reading
    parted = text
    for part in reading.segments:
        if town := _town_behind_name(part.text, reading.economies[0], institutions):
            name = part.text[: -len(town)].rstrip()
            parted = parted.replace(part.text, f"{name}, {town}", 1)
    return reading if parted == text else read(parted, where)


def _town_behind_name(text: str, economy: str, institutions: InstitutionEvidence) -> str:
    """Return the town that a text ends in behind the whole name of an organisation of its country, else "".

    It is none where the text is such a name in whole (Foo University of Landshut), nor by a word of organisations.
    Where addresses end in states it lies in that of a seat: schools are called after persons (Foo University Wharton).
    """
    words = text.split()
    if len(words) <= _NAME_WORDS or institutions.is_name(text):
        return ""
    for first in range(len(words) - 1, max(_NAME_WORDS, len(words) - _TOWN_WORDS) - 1, -1):
        name = words[: first - 1] if words[first - 1] in _BETWEEN else words[:first]
        town = " ".join(words[first:])
        rows = _towns(town, economy) if len(name) >= _NAME_WORDS else []
        if rows and economy in institutions.economies_named(" ".join(name)):
            seats = institutions.seats_named(" ".join(name), first=False) if economy in STATES_OF else []
            homes = {home_of_seat(0, *seat) for seat in seats}
            return town if not homes or any(gazetteer.home_of(row) in homes for row in rows) else ""
    return ""


def _towns(text: str, economy: str) -> list[int]:
    """Return the towns of an economy that have a text for their own name, none for words of organisations."""
    if not (SIGNS | GENERIC).isdisjoint(plain(text).split()):
        return []
    people = gazetteer.places().population
    return [row for row in gazetteer.rows_named(key(text), economy, (PRIMARY,)) if people[row] >= _TOWN]
