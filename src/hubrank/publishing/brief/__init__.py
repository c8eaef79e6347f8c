"""The news of an edition as brief.md, brief.html and brief.json, written from its tables alone.

A sentence is written only where a table supports it; brief.json lists the cells behind each figure.
"""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from hubrank.core.files import write_bytes, write_json
from hubrank.publishing.brief import changes, movers, overview, rendering
from hubrank.publishing.brief.figures import Brief, Manifest, Section
from hubrank.publishing.brief.writer import Writer

_SECTIONS = (
    *(changes.lead, overview.leaders, movers.movers, overview.places, overview.intensity),
    *(overview.organisations, overview.caveats),
)


def publish(
    folder: Path,
    tables: Mapping[str, pa.Table],
    manifest: Manifest,
    *,
    previous: Manifest | None = None,
    language: str | None = None,
) -> None:
    """Write brief.md, brief.html and brief.json.

    tables : by name, `ranking` and any of the others in `figures.KEYS`; a missing or empty table is not written about.
    manifest, previous : the content of edition.json, and of the previous edition's where there is one.
    language : one in which pages have texts; None is that of the study's pages.
    """
    writer = Writer(tables, manifest, previous, language)
    sections = [Section(writer.template(f"headings.{part.__name__}"), list(part(writer))) for part in _SECTIONS]
    sections.insert(1, overview.top_ten(writer))
    sections = [section for section in sections if section.sentences or section.rows]
    brief = Brief(
        writer.words.say("page.simulated") if writer.study.synthetic else "",
        writer.study.title,
        writer.words.language,
        changes.headline(writer),
        sections,
    )
    write_bytes(folder / "brief.md", rendering.markdown(brief).encode())
    write_bytes(folder / "brief.html", rendering.html(brief).encode())
    write_json(folder / "brief.json", rendering.trace(brief))
