"""Towns right behind the name of a registered organisation, without a comma: Foo University Landshut, Germany."""

from collections.abc import Collection

from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.institutions import InstitutionEvidence
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.surroundings import Surroundings, home_of_seat
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.organisation_words import GENERIC, SIGNS
from hubrank.geocoding.text.stated_countries import STATES_OF

_TOWN, _TOWN_WORDS = 50_000, 4  # inhabitants and words of a town: smaller ones are rather quarters of a seat
_TOWN_OF_STATE = 5_000  # of one in the state of a seat
_NAME_WORDS = 2  # of an organisation's name, at least
_LEAST = 1_000  # of those that have a name
_AT_MOST = 0.85  # that a town has which is not near a seat
_TIMES = 10  # the people of the next one of its name that a town has which is meant
_QUARTER_KM = 20.0  # from a seat: as far may a quarter or suburb be in which it is
DOUBTFUL = ("", "")  # a town that may be a quarter
_BETWEEN = frozenset(("at", "in", "-", "–"))


def read_with_names(text: str, where: Surroundings, institutions: InstitutionEvidence | None) -> Reading:
    """Take a text apart as `read` does, with the towns parted that stand right behind a registered name.

    Not those that are a part of the text anyway, which thus states them: Foo University Roorkee, Roorkee.
    """
    reading = read(text, where)
    if institutions is None or not reading.economies:
        return reading
    home, parted = reading.economies[0], text
    stated = {part.key for part in reading.segments}
    towns = [_town_behind_name(part.text, home, stated, institutions) for part in reading.segments]
    for part, town in zip(reading.segments, towns, strict=True):
        if town and town[0]:
            name = part.text[: -len(town[0])].rstrip()
            parted = parted.replace(part.text, ", ".join((name, *filter(None, town))), 1)
    reading = reading if parted == text else read(parted, where)
    reading.joined_town, reading.may_be_town = parted != text, DOUBTFUL in towns
    return reading


def limit_joined_towns(reading: Reading, places: list[Candidate], seats: list[Candidate]) -> None:
    """Limit places far from every seat where a town was parted from a name, as a campus may be called so.

    Behind a name that a small town may follow the seat is limited, too.
    """
    for c in (*places, *seats) if reading.may_be_town else places if reading.joined_town else ():
        is_near = any(near_e7(c.lat_e7, c.lon_e7, seat.lat_e7, seat.lon_e7, _QUARTER_KM) for seat in seats)
        c.at_most = min(c.at_most, _AT_MOST) if reading.may_be_town or not is_near else c.at_most


def _town_behind_name(
    text: str, economy: str, stated: Collection[str], institutions: InstitutionEvidence
) -> tuple[str, str] | None:
    """Return the town that a text ends in behind the whole name of an organisation of its country, and its state.

    It is none where the text is such a name in whole (Foo University of Landshut), nor by a word of organisations.

    stated : keys of towns that are not looked for.
    """
    words = text.split()
    if len(words) <= _NAME_WORDS or institutions.is_name(text):
        return None
    for first in range(len(words) - 1, max(_NAME_WORDS, len(words) - _TOWN_WORDS) - 1, -1):
        name = " ".join(words[: first - 1] if words[first - 1] in _BETWEEN else words[:first])
        town = " ".join(words[first:])
        rows = _towns(town, economy) if " " in name and key(town) not in stated else []
        if rows and economy in institutions.economies_named(name):
            seats = institutions.seats_named(name, first=False)
            return _town_and_state(town, rows, economy, seats)
    return None


def _towns(text: str, economy: str) -> list[int]:
    """Return the towns of an economy that have a text for their own name, none for words of organisations."""
    if not (SIGNS | GENERIC).isdisjoint(plain(text).split()):
        return []
    people = gazetteer.places().population
    least = _TOWN_OF_STATE if economy in STATES_OF else _LEAST
    return [row for row in gazetteer.rows_named(key(text), economy, (PRIMARY,)) if people[row] >= least]


def _is_near_seat(row: int, seats: list[tuple[int, int]]) -> bool:
    """Say whether a place is near one of some seats."""
    return any(near_e7(*gazetteer.spot_of(row)[:2], *seat, _QUARTER_KM) for seat in seats)


def _town_and_state(town: str, rows: list[int], economy: str, seats: list[tuple[int, int]]) -> tuple[str, str] | None:
    """Return a town with its state where addresses end in states, None where it is a quarter or a person.

    It is near a seat, or of 50,000 and by far the largest of its name if no quarter near a seat has that; a smaller one
    is doubtful, as campuses are called after quarters that are not known. Where addresses end in states it lies in the
    state of a seat: schools are called after persons (Foo University Wharton).
    """
    near = [row for row in rows if _is_near_seat(row, seats)]
    homes = {home_of_seat(0, *seat) for seat in seats}
    if economy in STATES_OF:
        there = near or [row for row in rows if gazetteer.home_of(row) in homes]
        states = regions.of_codes(*gazetteer.home_of(there[0])) if there else ()
        return (town, states[0].name) if states else None
    quarters = gazetteer.rows_named(key(town), economy, (PRIMARY,))
    if not near and any(_is_near_seat(row, seats) for row in quarters):
        return None
    first, *others = sorted((int(gazetteer.places().population[row]) for row in rows), reverse=True)
    is_meant = bool(near) or (first >= _TOWN and all(_TIMES * people <= first for people in others))
    return (town, "") if is_meant else DOUBTFUL
