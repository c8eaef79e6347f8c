"""Columns of towns, known by their values, whatever they are called: names of places in the gazetteer."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guess import Guess
from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.text.normalise import key

ENOUGH = 0.9  # of the values of a column
MOST = 2 / 3  # of a column are names of towns that are no villages: surnames are villages, Energy and Anna as well
A_QUARTER = 0.25  # of a column that may hold towns are names of towns in one country
FEWEST = 4  # different towns that tell a column of them without countries
_FILLED = 0.1  # of the rows have a town and its region, where a column is that of the regions
NO_VILLAGE = 5_000  # inhabitants
_BETWEEN = re.compile(r"[,;/\n]|\b[A-Z]{0,2}[- ]?\d[\w/-]*")
# A post code before a town.
_POST_CODE = re.compile(r"^(?:[A-Z]{1,2}[- ])?\d{3,6}(?:[- ]\d{2,4})?[ ,]+(?=\D)")


@dataclass(frozen=True, slots=True)
class Towns:
    """A column of towns.

    name : what it is, an address if post codes stand before them; economy : that most are in.
    """

    share: float
    column: str
    name: str
    economy: str


def best_towns(look: Look, columns: Sequence[str], country: str | None) -> Towns | None:
    """Return the column of which most values are names of towns, in the country of their row if it is in a column."""
    of_columns = (towns_in(look, column, country) for column in columns)
    fewest = 1 if country else FEWEST
    usable = [one for one in of_columns if one and one.share >= MOST and len(set(look.values(one.column))) >= fewest]
    return max(usable, key=lambda one: one.share, default=None)


def nearest_to_towns(look: Look, columns: Sequence[str] | None = None, least: float = A_QUARTER) -> Towns | None:
    """Return the column of which most values are names of towns, where these are `least` of them.

    columns : that may be it; None: all.
    """
    of_columns = (towns_in(look, column) for column in (look.header if columns is None else columns))
    usable = [one for one in of_columns if one and one.share >= least]
    return max(usable, key=lambda one: one.share, default=None)


def towns_in(look: Look, column: str, country: str | None = None) -> Towns | None:
    """Return how many values of a column are names of towns, in the country of their row or else in one country.

    With countries villages are towns where nearly all values are.
    """
    pairs = [(row.get(column, "").strip(), row.get(country or "", "").strip()) for row in look.rows]
    pairs = [(town, economy) for town, economy in pairs if town and (economy or country is None)]
    if not pairs:
        return None
    bare = [_POST_CODE.sub("", town) for town, _ in pairs]
    name = (
        "address" if 2 * sum(one != town for one, (town, _) in zip(bare, pairs, strict=True)) > len(pairs) else "city"
    )
    stated = [countries.find_stated(economy) if country else None for _, economy in pairs]
    shares = []
    for least in (NO_VILLAGE, 0) if country else (NO_VILLAGE,):
        homes = [gazetteer.economies_of(key(town), least) for town in bare]
        in_country = [each & {where} if country else each for each, where in zip(homes, stated, strict=True)]
        economy = _home(Counter(one for each in in_country for one in each), set(bare))
        right = sum(bool(each) if country else economy in each for each in in_country) / len(pairs)
        shares.append(Towns(right, column, name, economy))
    return shares[-1] if shares[-1].share >= ENOUGH else shares[0]


def _home(towns: Counter[str], names: set[str]) -> str:
    """Return the country with most of the towns; of several the one in which those of these names have most people.

    São Paulo is a parish of Lisbon, too. towns : how many each country has.
    """
    most = max(towns.values(), default=0)
    first = [economy for economy, number in towns.items() if number == most]
    if len(first) < 2:
        return "".join(first)
    return max(first, key=lambda one: (sum(max(inhabitants(name, one), default=0) for name in names), one))


def is_town(name: str, country: str) -> bool:
    """Return whether a country has a town of this name."""
    return countries.find_stated(country) in gazetteer.economies_of(key(name))


def names_town(address: str, economy: str) -> bool:
    """Return whether what stands between the marks and numbers of an address is a town of a country."""
    parts = filter(None, map(key, _BETWEEN.split(address)))
    return any(economy in gazetteer.economies_of(part, NO_VILLAGE) for part in parts)


def inhabitants(name: str, economy: str = "") -> set[int]:
    """Return how many inhabitants the towns of this name have, in one country or all, as far as that is known."""
    people = gazetteer.places().population
    named = (
        gazetteer.rows_named(key(name), economy) if economy else [row for row, _ in gazetteer.names().rows(key(name))]
    )
    rows = [row for row in named if row < len(people)]
    return {int(people[row]) for row in rows if people[row]}


def agreeing_with_towns(
    look: Look, by_name: Mapping[str, Guess], column: str, agrees: Callable[[str, str, str], bool]
) -> tuple[str, str] | None:
    """Return the share of the values of a column that agree with town and country of their rows, and of empty ones.

    None where there is no column of towns, or the share is too low. agrees : says it of town, value and country.
    """
    if "city" not in by_name:
        return None
    town, country = by_name["city"].column, by_name["country"].column if "country" in by_name else ""
    one = "" if country else economy_of_most(look, town)
    rows = [(row.get(town, ""), row.get(column, ""), row.get(country, one)) for row in look.rows]
    with_town = [row for row in rows if all(row) and is_town(row[0], row[2])]
    share = sum(agrees(*row) for row in with_town) / len(with_town) if with_town else 0
    if share < ENOUGH or len(with_town) < _FILLED * len(look.rows):
        return None
    empty = 100 - 100 * len(look.values(column)) / len(look.rows)
    return f"{100 * share:.0f} %", f"; {empty:.0f} % of the rows have none" if empty > 0 else ""


def economy_of_most(look: Look, town: str) -> str:
    """Return the country of the towns of a column, if most are in one."""
    towns = towns_in(look, town)
    return towns.economy if towns and towns.share >= MOST else ""
