"""The edition that pages are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core.edition import SIMULATED
from hubrank.publishing.site.page_words import Words
from hubrank.publishing.site.ranking_rows import Row
from hubrank.study.study import Study

Shapes = Mapping[str, dict[str, Any]]
PAGES = ("index", "compare", "robustness", "method", "columns", "sources", "limits")  # in the order of the menu


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What the pages are made of. before : what the previous edition's edition.json says, where there is one."""

    folder: Path
    tables: Mapping[str, pa.Table]
    shapes: Shapes
    manifest: Mapping[str, Any]
    before: Mapping[str, Any] | None
    study: Study
    rows: Sequence[Row]
    words: Words

    @property
    def shared(self) -> dict[str, Any]:
        """What every page shows."""
        pages = [name for name in PAGES if name != "compare" or self.is_compared]
        note = SIMULATED if self.study.synthetic else ""
        beside = {"study": self.study, "note": note, "root": "", "pages": pages, "here": ""}
        return beside | {"say": self.words.say, "language": self.words.language}

    @property
    def is_compared(self) -> bool:
        """Whether there is an edition to compare with."""
        return self.before is not None and "comparison" in self.tables
