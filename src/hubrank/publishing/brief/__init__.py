"""brief.md, brief.html, brief.json: the news of an edition, written from its tables and from nothing else.

A sentence stands there only if a table supports it, and brief.json says for each figure from which cells it is taken.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core.edition import SIMULATED
from hubrank.core.files import write_bytes, write_json
from hubrank.publishing.brief import caveats, headline, movers, rendering, standing
from hubrank.publishing.brief.figures import KEYS, MANIFEST, Book, Brief
from hubrank.publishing.brief.words import languages, words
from hubrank.publishing.brief.writer import Writer
from hubrank.study.study import Study, parse

__all__ = ["KEYS", "languages", "publish", "written"]


def publish(
    folder: Path,
    tables: Mapping[str, pa.Table],
    manifest: Mapping[str, Any],
    *,
    previous: Mapping[str, Any] | None = None,
    language: str = "en",
) -> None:
    """Write brief.md, brief.html and brief.json.

    Parameters
    ----------
    folder : where to write.
    tables : by name: `ranking`, and whatever there is of `comparison`, `economies`, `top_shares`, `intensity` and
        `concentration`; what is missing, or has no rows, is not written about.
    manifest : the content of edition.json: study, metrics, sources, threshold_listings.
    previous : the same of the previous edition, where there is one; it tells what of the method is new.
    language : one of `languages()`.

    Raises
    ------
    StudyError
        Where there are no words in that language.
    """
    brief = written(tables, manifest, previous=previous, language=language)
    write_bytes(folder / "brief.md", rendering.markdown(brief).encode())
    write_bytes(folder / "brief.html", rendering.html(brief).encode())
    write_json(folder / "brief.json", rendering.trace(brief))


def written(
    tables: Mapping[str, pa.Table],
    manifest: Mapping[str, Any],
    *,
    previous: Mapping[str, Any] | None = None,
    language: str = "en",
) -> Brief:
    """Return the brief of an edition; sections that nothing supports are left out. Parameters as `publish`."""
    study = _study(manifest)
    writer = Writer(Book(tables, manifest), words(language), study, _study(previous) if previous else None)
    parts = (
        headline.lead,
        standing.top_ten,
        standing.leaders,
        movers.movers,
        standing.places,
        standing.intensity,
        standing.organisations,
        caveats.caveats,
    )
    sections = [section for section in (part(writer) for part in parts) if section.sentences or section.grid]
    note = SIMULATED if study.synthetic else ""
    return Brief(writer.words.language, note, study.title, headline.headline(writer), sections)


def _study(manifest: Mapping[str, Any]) -> Study:
    return parse(manifest["study"], Path(MANIFEST), with_files=False)
