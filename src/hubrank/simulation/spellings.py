"""How addresses are written: by name, in another spelling, with a typing error."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from hubrank.core.sphere import Floats, Ints
from hubrank.simulation.packaged import packaged
from hubrank.simulation.places import Places


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a city; `sure` where gazetteers know exactly these words."""

    city: str
    country: str
    sure: bool


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """All forms of all cities that are a centre: those of site i are form[start[i] : start[i] + count[i]].

    The first form of a site is the name in the register; sites that are no centre have none.
    """

    form: tuple[Form, ...]
    site: Ints
    start: Ints
    count: Ints
    sure: Ints

    def choose(self, site: Ints, spot: Floats) -> Ints:
        """Return one of the other forms of each site, by a number in [0, 1); the first where there is no other."""
        others = np.maximum(self.count[site] - 1, 0)
        return np.asarray(self.start[site] + np.minimum(np.floor(spot * others).astype(np.int64) + 1, others))


def forms(places: Places) -> Forms:
    """Gather the spellings of all cities; those of clusters may be misspelt as well."""
    other: dict[tuple[str, str], list[Form]] = defaultdict(list)
    for row in packaged("spellings.csv"):
        country = row["written_country"]
        known = bool(country) and not any(sign.isdigit() or sign == "," for sign in row["written"])
        other[row["city"], row["country"]].append(Form(row["written"], country, sure=known))
    wrong: dict[tuple[str, str], list[Form]] = defaultdict(list)
    for row in packaged("misspellings.csv"):
        wrong[row["city"], row["country"]].append(Form(row["misspelt"], row["country"], sure=False))
    made: list[Form] = []
    site: list[int] = []
    count = np.zeros(len(places.city), np.int64)
    for i in np.flatnonzero(places.centre).tolist():
        city, country = places.city[i], places.country[i]
        own = [Form(city, country, sure=True)]
        if places.site_unit[i] < places.clusters:
            own += [*other[city, country], *wrong[city.casefold(), country]]
        made += own
        site += [i] * len(own)
        count[i] = len(own)
    sure = np.array([form.sure for form in made], np.int64)
    return Forms(tuple(made), np.array(site, np.int64), np.cumsum(count) - count, count, sure)


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Things that belong to units, each with its part of the unit: `pick` finds one by a number in [0, 1)."""

    ends: Floats

    def pick(self, unit: Ints, spot: Floats) -> Ints:
        """Return the number of a thing of each unit."""
        return np.asarray(np.searchsorted(self.ends, unit + spot, side="right"), np.int64)


def spread(unit: Ints, weight: Ints) -> Spread:
    """Prepare to pick things of units: unit is ascending; nothing is picked of a unit without weight."""
    whole = np.maximum(np.bincount(unit, weight), 1)
    running = np.cumsum(weight) - np.concatenate([[0], np.cumsum(np.bincount(unit, weight))])[unit]
    return Spread(unit + running / whole[unit])
