"""What commands print for people: tables on stdout."""

from hubrank.cli.screens.checks import checked, located, located_file, source_rows, sources, verified, world
from hubrank.cli.screens.comparisons import compared, comparison_rows
from hubrank.cli.screens.concordances import concord_json, concorded
from hubrank.cli.screens.counts import ranked
from hubrank.cli.screens.editions import edition, edition_json
from hubrank.cli.screens.findings import findings
from hubrank.cli.screens.studies import after_check, after_run, new_study, new_study_json
from hubrank.cli.screens.traces import traced
from hubrank.cli.screens.trends import series, series_json

__all__ = [
    "after_check",
    "after_run",
    "checked",
    "compared",
    "comparison_rows",
    "concord_json",
    "concorded",
    "edition",
    "edition_json",
    "findings",
    "located",
    "located_file",
    "new_study",
    "new_study_json",
    "ranked",
    "series",
    "series_json",
    "source_rows",
    "sources",
    "traced",
    "verified",
    "world",
]
