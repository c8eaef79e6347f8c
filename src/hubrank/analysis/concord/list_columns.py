"""Which column of a published list has its ranks and which its economies, whatever they are called."""

import re

from hubrank.analysis.new_study.guess import column_words
from hubrank.analysis.new_study.sought import LAND, SOUGHT
from hubrank.core import countries
from hubrank.core.errors import DataError
from hubrank.ranking.count_table.cells import Cells
from hubrank.ranking.count_table.numbers import number
from hubrank.sources.no_counts import is_rank

_ECONOMIES = re.compile("|".join(("econom(y|ies)", "countries", LAND, *SOUGHT["country"][0])))


def with_known_columns(table: Cells) -> Cells:
    """Return a table whose columns of ranks and of economies are called `rank` and `economies`.

    Ranks are the column whose name is a word for them, in the languages of `sources/no_counts`; economies are the first
    one that is called after countries, and has nothing but their names and codes.
    Raises DataError where several columns may be the ranks.
    """
    if "rank" not in table.columns:
        ranks = [name for name, cells in table.columns.items() if is_rank(name) and any(map(_is_number, cells))]
        if len(ranks) > 1:
            listed = ", ".join(map(table.as_written, ranks))
            raise DataError(f"{table.name} has no column 'rank' and several that may be it: {listed}. Call one rank.")
        table = table.renamed(ranks[0], "rank") if ranks else table
    if "economies" not in table.columns:
        economies = next((name for name in table.columns if _are_economies(table, name)), None)
        table = table.renamed(economies, "economies") if economies else table
    return table


def _are_economies(table: Cells, name: str) -> bool:
    if not _ECONOMIES.fullmatch(column_words(name)):
        return False
    parts = [part.strip() for cell in table.columns[name] for part in str(cell or "").split("/")]
    stated = list(filter(None, parts))
    return bool(stated) and all(countries.find_stated(part) for part in stated)


def _is_number(cell: object) -> bool:
    return number(cell) is not None
