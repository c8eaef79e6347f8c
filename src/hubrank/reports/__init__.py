"""What commands print for people: tables on stdout."""

from hubrank.reports.checks import checked, located, located_file, source_rows, sources, verified, world
from hubrank.reports.comparisons import compared, comparison_rows
from hubrank.reports.counts import ranked
from hubrank.reports.editions import edition, edition_json
from hubrank.reports.traces import traced

__all__ = [
    "checked",
    "compared",
    "comparison_rows",
    "edition",
    "edition_json",
    "located",
    "located_file",
    "ranked",
    "source_rows",
    "sources",
    "traced",
    "verified",
    "world",
]
