"""What pages and briefs call towns and clusters in a language; tables, files and addresses have the names of the study.

The packaged names (scripts/compile_town_names.py) are those that another language than English has for a town. A study
that names clusters as the gazetteer does is shown so in every language.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from hubrank.core import countries
from hubrank.geocoding.gazetteer import city_names, gazetteer
from hubrank.geocoding.gazetteer.city_names import town_names
from hubrank.publishing.page_words import ENGLISH, Words
from hubrank.study.study import Study

COLUMNS = ("cluster", "cluster_before", "largest_city")  # of tables, which hold names of clusters and their cities
_BETWEEN = re.compile(r"(–|, [A-Z]{2}(?![A-Za-z])| \(|\))")  # Minneapolis–Saint Paul, MN; London (Uxbridge)


@dataclass(frozen=True, slots=True)
class ClusterNames:
    """The names of clusters in a language, by those in the tables.

    parts : of a name: cities and economies, where clusters of this edition agree on them. An earlier name, of a cluster
        that this edition lacks, is put together from them.
    """

    whole: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)

    def shown(self, name: str) -> str:
        """Return what a cluster or city of the tables is called."""
        return self.whole.get(name) or _in_parts(name, self.parts)

    def in_tables(self, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
        """Return tables with the names of the language."""
        return {name: self._in_table(table) for name, table in tables.items()}

    def _in_table(self, table: pa.Table) -> pa.Table:
        for name in COLUMNS if self.whole else ():
            if name in table.column_names:
                shown = [text and self.shown(text) for text in table[name].to_pylist()]
                table = table.set_column(table.column_names.index(name), name, pa.array(shown, pa.string()))
        return table


def cluster_names(ranking: Iterable[Mapping[str, Any]], study: Study, words: Words) -> ClusterNames:
    """Return the names of clusters in the language of a page.

    ranking : rows of the edition's ranking. Two clusters of one name in the language keep those of the tables.
    """
    if words.language == ENGLISH or study.naming.language != ENGLISH or study.ranks_areas:
        return ClusterNames()
    rows = [row for row in ranking if row.get("geonames_ids")]
    parts_of = [_parts(row, town_names(words.language), words) for row in rows]
    whole = {row["cluster"]: _in_parts(row["cluster"], parts) for row, parts in zip(rows, parts_of, strict=True)}
    times = Counter(whole.values())
    whole = {name: text if times[text] == 1 else name for name, text in whole.items()}
    return ClusterNames(whole, _agreed(parts_of))


def _parts(row: Mapping[str, Any], towns: Mapping[int, str], words: Words) -> dict[str, str]:
    """Return what the parts of the name of a cluster are called: its economies in brackets, its cities."""
    places, parts = gazetteer.places(), {countries.name(code): name for code, name in words.economies(row["economies"])}
    for number in map(int, row["geonames_ids"].split("/")):
        if (at := places.row(number)) is not None:
            english = city_names.name_in(number, places.name[at], ENGLISH)
            parts[english] = towns.get(number, english)
    return parts


def _agreed(parts_of: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return what parts of names are called by all clusters that have them."""
    agreed: dict[str, str] = {}
    for parts in parts_of:
        for part, name in parts.items():
            agreed[part] = name if agreed.get(part, name) == name else part
    return agreed


def _in_parts(name: str, parts: Mapping[str, str]) -> str:
    return "".join(parts.get(part, part) for part in _BETWEEN.split(name))


def town_name(number: int, name: str, *, named_in: str, language: str) -> str:
    """Return what a map calls a town. name : of the gazetteer; named_in : of the study; language : of the page."""
    towns = town_names(language) if named_in == ENGLISH else {}
    return towns.get(number) or city_names.name_in(number, name, named_in)
