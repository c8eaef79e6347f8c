"""What may be meant by the columns of a table that lacks some, or has no place to locate."""

import re

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guess import Guess
from hubrank.analysis.new_study.guesses import SHORT
from hubrank.analysis.new_study.merged_cells import of_merged
from hubrank.analysis.new_study.sought import PLACES
from hubrank.analysis.new_study.towns import nearest_to_towns
from hubrank.analysis.new_study.year_columns import of_dates, unread_dates
from hubrank.core import countries

_CODE = re.compile(r"([A-Z]{2})[A-Z0-9]{1,3}")  # of a region: that of its country, and up to three letters (NUTS)


def hints(look: Look, columns: list[Guess]) -> str:
    """Return what may be meant by the columns of a table, each after a semicolon; "" where nothing is known."""
    merged = of_merged(look)
    return f"{_nearest(look, columns)}{_codes(look, columns)}{_dates(look)}{merged and '; ' + merged}"


def _nearest(look: Look, columns: list[Guess]) -> str:
    """Return which column of a table without places may be one of towns, and the line that says so."""
    texts = {column: set(look.values(column)) for column in look.header}
    # A "yes" is a village, too, and codes of offices (BR, US, WO) are names that someone gave a town.
    several = [column for column, of in texts.items() if len(of) > 1 and not all(map(SHORT.fullmatch, of))]
    if {guess.name for guess in columns} & set(PLACES) or (towns := nearest_to_towns(look, several)) is None:
        return ""
    share = f"{100 * towns.share:.0f} % of {towns.column!r} are names of towns in {countries.name(towns.economy)}"
    return f"; {share}: if it holds places write {towns.name} = {towns.column!r} under [sources.columns]"


def _dates(look: Look) -> str:
    """Return what the dates of a table are that has nothing else to count by."""
    return "".join(f"; {column!r} {what}" for column in unread_dates(look) if (what := of_dates(look, column)))


def _codes(look: Look, columns: list[Guess]) -> str:
    """Return how a table of regions by their codes is ranked, which has no places to locate."""
    if {guess.name for guess in columns} & set(PLACES):
        return ""
    for column in look.header:
        codes = [_CODE.fullmatch(value) for value in set(look.values(column))]
        if len(codes) > 1 and all(code and countries.find_stated(code[1]) for code in codes):
            return (
                f"; {column!r} looks like codes of regions, which name no place by themselves: docs/sources/areas.md "
                f"says how a table by regions is ranked"
            )
    return ""
