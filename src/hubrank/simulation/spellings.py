"""The forms in which a city is written: its name, another spelling, a typing error."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from hubrank.core.sphere import Floats, Ints
from hubrank.simulation.packaged import packaged
from hubrank.simulation.places import Places


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a city; `sure` where gazetteers hold exactly these words."""

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
        """Return one of the other forms of each site, by a fraction in [0, 1); the first where there is no other."""
        others = np.maximum(self.count[site] - 1, 0)
        return np.asarray(self.start[site] + np.minimum(np.floor(spot * others).astype(np.int64) + 1, others))


def forms(places: Places) -> Forms:
    """Gather the spellings of all cities; those of clusters have misspelt forms as well."""
    other: dict[tuple[str, str], list[Form]] = defaultdict(list)
    for row in packaged("spellings.csv"):
        country = row["written_country"]
        exact = bool(country) and not any(sign.isdigit() or sign == "," for sign in row["written"])
        other[row["city"], row["country"]].append(Form(row["written"], country, sure=exact))
    wrong: dict[tuple[str, str], list[Form]] = defaultdict(list)
    for row in packaged("misspellings.csv"):
        wrong[row["city"], row["country"]].append(Form(row["misspelt"], row["country"], sure=False))
    all_forms: list[Form] = []
    site: list[int] = []
    count = np.zeros(len(places.city), np.int64)
    for i in np.flatnonzero(places.centre).tolist():
        city, country = places.city[i], places.country[i]
        of_city = [Form(city, country, sure=True)]
        if places.site_unit[i] < places.clusters:
            of_city += [*other[city, country], *wrong[city.casefold(), country]]
        all_forms += of_city
        site += [i] * len(of_city)
        count[i] = len(of_city)
    sure = np.array([form.sure for form in all_forms], np.int64)
    return Forms(tuple(all_forms), np.array(site, np.int64), np.cumsum(count) - count, count, sure)


@dataclass(frozen=True, slots=True, eq=False)
class Portions:
    """Items that belong to units, each a portion of its unit: `pick` selects one by a fraction in [0, 1)."""

    ends: Floats

    def pick(self, unit: Ints, spot: Floats) -> Ints:
        """Return the number of an item of each unit."""
        return np.asarray(np.searchsorted(self.ends, unit + spot, side="right"), np.int64)


def portions(unit: Ints, weight: Ints) -> Portions:
    """Return the portions of items by weight: `unit` is ascending; no item is picked of a unit without weight."""
    whole = np.maximum(np.bincount(unit, weight), 1)
    running = np.cumsum(weight) - np.concatenate([[0], np.cumsum(np.bincount(unit, weight))])[unit]
    return Portions(unit + running / whole[unit])
