"""Columns of regions, known by their names or by the towns of their rows, and of the towns of stated regions."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guess import BY_VALUES, Guess, column_words, unused_columns
from hubrank.analysis.new_study.sought import PLACES, REGION
from hubrank.analysis.new_study.towns import FEWEST, MOST, agreeing_with_towns, economy_of_most
from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.text.normalise import key
from hubrank.sources.totals import is_called_total

_HOMES = 3  # countries that have most of the towns of a column


def region_by_name(look: Look, by_name: Mapping[str, Guess]) -> Guess | None:
    """Return the column that is called a region beside towns, where half of its values are regions of their country.

    Offices write the others in ways that no gazetteer has.
    """
    if "city" not in by_name:
        return None
    country = by_name["country"].column if "country" in by_name else ""
    of_towns = economy_of_most(look, by_name["city"].column) if not country else ""
    called_so = (one for one in unused_columns(look, by_name) if re.fullmatch(REGION, column_words(one)))
    for column in called_so:
        one = of_towns or ("" if country else economy_of_regions(look.values(column)))
        stated = [(row.get(column), countries.find_stated(row.get(country, "")) or one) for row in look.rows]
        stated = [(value, economy) for value, economy in stated if value]
        are_regions = sum(bool(economy and regions.find(value, economy)) for value, economy in stated)
        if stated and are_regions >= len(stated) / 2:
            share = 100 * are_regions / len(stated)
            return Guess("region", column, f"by its name; {share:.0f} % of its values are regions")
    return None


def region_by_values(look: Look, by_name: Mapping[str, Guess]) -> Guess | None:
    """Return a column of regions in which the towns of their rows lie, by name or code, whatever it is called: UF.

    It may be empty in many rows, as in those of foreign towns and of totals.
    """
    for column in unused_columns(look, by_name):
        if agreed := agreeing_with_towns(look, by_name, column, lies_in):
            return Guess(
                "region", column, f"{BY_VALUES}: {agreed[0]} are regions of the towns of their rows{agreed[1]}"
            )
    return None


def towns_of_regions(look: Look, by_name: Mapping[str, Guess]) -> list[Guess]:
    """Return the column most of whose values are towns or districts of the regions of their rows: District."""
    if by_name.keys() & (set(PLACES) - {"country", "region"}):
        return []
    region, country = by_name["region"].column, by_name["country"].column if "country" in by_name else ""
    shares = {column: _of_regions(look, column, region, country) for column in unused_columns(look, by_name)}
    best = max(shares, key=lambda column: shares[column], default="")
    if shares.get(best, 0) < MOST:
        return []
    what = f"{100 * shares[best]:.0f} % are names of towns or districts in the regions of their rows"
    return [Guess("city", best, f"{BY_VALUES}: {what}")]


def _of_regions(look: Look, column: str, region: str, country: str) -> float:
    """Return what share of the different values of a column are towns in the regions of their rows."""
    rows = {(row.get(column, ""), row.get(region, ""), row.get(country, "")) for row in look.rows}
    rows = {row for row in rows if row[0] and row[1] and (row[2] or not country) and not is_called_total(row[0])}
    if len({town for town, *_ in rows}) < FEWEST:
        return 0
    homes = Counter(home for town, *_ in rows for home in gazetteer.economies_of(key(town)))
    shares = [
        sum(_is_part_of(town, of_town, stated or economy) for town, of_town, stated in rows) / len(rows)
        for economy, _ in (homes.most_common(_HOMES) if not country else [("", 0)])
    ]
    return max(shares, default=0)


def _is_part_of(name: str, region: str, country: str) -> bool:
    """Return whether a region of a country has a town or a region of the second level of this name."""
    economy = countries.find_stated(country) or ""
    around = {each.first_level for each in regions.find(region, economy)}
    parts = (each.first_level for each in regions.find(name, economy) if each.admin2)
    return lies_in(name, region, country) or not around.isdisjoint(parts)


def economy_of_regions(values: Sequence[str]) -> str:
    """Return the country with regions of the first level of most of these names, "" where half of them are none."""
    homes = Counter(
        economy
        for value in values
        for economy in {area.economy for area in regions.named_anywhere(key(value)) if not area.admin2}
    )
    economy = max(homes, key=lambda home: (homes[home], home), default="")
    return economy if 2 * homes[economy] >= len(values) > 0 else ""


def lies_in(town: str, region: str, country: str) -> bool:
    """Return whether a region of a country has a town of this name."""
    homes = {gazetteer.home_of(row) for row, _ in gazetteer.names().rows(key(town))}
    called_so = regions.find(region, countries.find_stated(country) or "")
    return any((each.economy, each.admin1) in homes for each in called_so)
