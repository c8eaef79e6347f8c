"""A column that holds towns and that the study of a table does not read, where little of the table is located."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from hubrank.analysis.new_study.folder import Look, looks
from hubrank.analysis.new_study.guess import column_words
from hubrank.analysis.new_study.region_columns import economy_of_regions
from hubrank.analysis.new_study.sought import REGION
from hubrank.analysis.new_study.towns import best_towns
from hubrank.core import countries
from hubrank.core.edition import WELL_LOCATED_PCT
from hubrank.core.errors import DataError
from hubrank.core.remote import InputFile
from hubrank.sources.formats.columns import plain
from hubrank.sources.formats.table_parts import base
from hubrank.sources.shard import Shard
from hubrank.sources.table_options import Options
from hubrank.study.columns import Column

# What locates in place of a town; an address may be a street alone.
_LOCATING = frozenset(("lat", "institution_id", "institution"))


def remarks(shard: Shard, located_pct: float | None) -> list[str]:
    """Return a sentence on the column of towns that a table has and its study does not read, if it has any."""
    options = shard.options
    if located_pct is None or located_pct >= WELL_LOCATED_PCT or not isinstance(options, Options):
        return []
    if not _LOCATING.isdisjoint(map(base, options.columns)):
        return []
    read = {plain(name) for where in options.columns.values() if (name := _name(where))}
    parts = set(map(base, options.columns))
    return list(islice(_named(shard.files.main[0], read, without_region="city" in parts and "region" not in parts), 1))


def _named(file: InputFile, read: set[str], *, without_region: bool) -> Iterator[str]:
    """Yield a sentence for each table of a file that has such a column, or one of the regions of the towns.

    read : the columns that the study names; without_region : whether it reads cities, and no regions.
    """
    try:
        tables = list(looks(file)) if isinstance(file, Path) else []
    except DataError:
        return
    for look in tables:
        free = [column for column in look.header if plain(column) not in read]
        if without_region and (region := _region(look, free)):
            yield (
                f"the study does not read the column {region!r}, which holds regions: if the towns lie in these write "
                f'region = "{region}" under [sources.columns]'
            )
        elif (towns := best_towns(look, free, None)) is not None:
            yield (
                f"the study does not read the column {towns.column!r}, of which {100 * towns.share:.0f} % are names of "
                f"towns in {countries.name(towns.economy)}: if it holds the places write "
                f'{towns.name} = "{towns.column}" under [sources.columns]'
            )


def _region(look: Look, columns: Sequence[str]) -> str:
    """Return the first of some columns that is called a region, and half of whose values are those of a country."""
    called_so = (column for column in columns if re.fullmatch(REGION, column_words(column)))
    return next((column for column in called_so if economy_of_regions(look.values(column))), "")


def _name(where: Column) -> str | None:
    return where if isinstance(where, str) else where.from_
