"""The edition as the pages show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core.edition import SIMULATED
from hubrank.publishing.site import ranking_rows
from hubrank.publishing.site.page_words import Words, words
from hubrank.publishing.site.ranking_rows import Row
from hubrank.study.study import Study, parse

Shapes = Mapping[str, dict[str, Any]]
PAGES = (
    "index",
    "compare",
    "robustness",
    "locations",
    "areas",
    "method",
    "columns",
    "sources",
    "limits",
)  # in the order of the menu


@dataclass(frozen=True, slots=True, eq=False)
class SiteContent:
    """What every page is made from.

    outlines : GeoJSON geometry by cluster_id that covers all members of each cluster, as `shapes` may not.
    previous : the manifest of the previous edition, where there is one.
    """

    folder: Path
    tables: Mapping[str, pa.Table]
    shapes: Shapes
    outlines: Shapes
    manifest: Mapping[str, Any]
    previous: Mapping[str, Any] | None
    study: Study
    rows: Sequence[Row]
    words: Words

    @property
    def shared(self) -> dict[str, Any]:
        """The values that every template uses."""
        absent = {"compare": not self.is_compared, "areas": "areas" not in self.tables}
        pages = [name for name in PAGES if not absent.get(name)]
        note = SIMULATED if self.study.synthetic else ""
        feeds = ("feed.atom", "feed.json") if self.study.publish.base_url else ()
        values = {"study": self.study, "note": note, "root": "", "pages": pages, "here": "", "feeds": feeds}
        return values | {"say": self.words.say, "language": self.words.language, "labels": self.study.labels}

    @property
    def level(self) -> str:
        """The confidence level of rank intervals."""
        return f"{100 * self.study.robustness.level:.0f} %"

    @property
    def is_compared(self) -> bool:
        """Whether there is a previous edition to compare with."""
        return self.previous is not None and "comparison" in self.tables

    @property
    def has_people(self) -> bool:
        """Whether people were counted on a grid, so that there are figures per inhabitant."""
        return "intensity" in self.tables

    @property
    def editions(self) -> dict[str, str]:
        """The labels of this edition and, where there is one, of the previous edition."""
        manifests = {"earlier": self.previous, "later": self.manifest}
        return {name: str(each["study"]["edition"]) for name, each in manifests.items() if each is not None}

    def rows_of(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table; none of a table that is missing."""
        return self.tables[table].to_pylist() if table in self.tables else []


def gather_content(
    folder: Path,
    tables: Mapping[str, pa.Table],
    shapes: Shapes,
    manifest: Mapping[str, Any],
    *,
    outlines: Shapes | None = None,
    previous: Mapping[str, Any] | None = None,
    language: str = "en",
) -> SiteContent:
    """Return the content of the pages.

    Parameters
    ----------
    folder : of the edition; the site is written into it.
    tables : by name: `ranking`, `clusters`, `measures`, `points`, and any others of the edition.
    shapes, outlines : GeoJSON geometry by cluster_id, in degrees: what is drawn, and what covers all members; None
        where that is the same.
    manifest : the content of edition.json: study, metrics, sources.
    previous : the manifest of the previous edition, where `tables` has a `comparison` with it.
    language : one of `page_words.languages()`.
    """
    study = parse(manifest["study"], Path("edition.json"), with_files=False)
    ranking = sorted(tables["ranking"].to_pylist(), key=lambda row: row["rank"])
    rows = ranking_rows.rows(ranking, study.metrics, study.weights)
    covering = shapes if outlines is None else outlines
    return SiteContent(folder, tables, shapes, covering, manifest, previous, study, rows, words(language))
