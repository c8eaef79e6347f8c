"""Columns of which only the first row of each record has a value, as a spreadsheet saves merged cells."""

from collections import defaultdict

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.region_columns import lies_in
from hubrank.analysis.new_study.towns import ENOUGH, towns_in
from hubrank.sources.row_remarks import are_merged, merged_cells

FEWEST = 3  # rows that tell merged regions


def of_merged(look: Look) -> str:
    """Return a sentence on columns that are empty in the same rows, below rows whose values differ; or an empty text.

    Several are needed, as one may be empty where nothing is known, and a column that has a value in every row.
    """
    alike: dict[tuple[bool, ...], list[str]] = defaultdict(list)
    for column in look.header:
        alike[tuple(bool(row.get(column, "").strip()) for row in look.rows)].append(column)
    whole = any(all(filled) for filled in alike)
    for filled, columns in alike.items():
        different = max(len(set(look.values(column))) for column in columns)
        if whole and len(columns) > 1 and are_merged(filled) and different >= ENOUGH * sum(filled):
            return merged_cells(", ".join(map(repr, columns)), len(filled) - sum(filled), len(filled))
    return ""


def of_merged_regions(look: Look, town: str, region: str, country: str = "") -> str:
    """Return a sentence on a column of regions, where the towns of rows that have none lie in the region above them.

    country : the column of the countries; without one it is that of most towns.
    """
    towns = None if country else towns_in(look, town)
    above, below = "", []
    for row in look.rows:
        above = row.get(region, "").strip() or above
        if above and not row.get(region, "").strip() and row.get(town, "").strip():
            below.append((row[town], above, row.get(country, towns.economy if towns else "")))
    if len(below) < FEWEST or sum(lies_in(*one) for one in below) < ENOUGH * len(below):
        return ""
    return merged_cells(repr(region), len(look.rows) - len(look.values(region)), len(look.rows))
