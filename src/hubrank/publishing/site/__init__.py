"""site/: pages for people: the map and table of an edition, a page per cluster, what stands behind it.

No server and no external request: plain files that any web host serves, and explorer.html, which works from disk.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core.files import write_bytes
from hubrank.publishing import datapackage
from hubrank.publishing.site import (
    about,
    bundle,
    clusters,
    comparison_page,
    front,
    ranking_rows,
    rendering,
    robustness_page,
)
from hubrank.publishing.site.citations import citations
from hubrank.publishing.site.page_words import languages, words
from hubrank.publishing.site.site_content import Made, Shapes
from hubrank.study.study import parse

__all__ = ["cluster_pages", "languages", "publish"]

Pages = Sequence[tuple[str, bytes]]  # path, from site/, and content


def publish(
    folder: Path,
    tables: Mapping[str, pa.Table],
    shapes: Shapes,
    manifest: Mapping[str, Any],
    *,
    previous: Mapping[str, Any] | None = None,
    language: str = "en",
    beside: "Future[Pages] | None" = None,
) -> None:
    """Write site/ into the folder of an edition; what the folder's catalogues tell of its files is told in the pages.

    Parameters
    ----------
    folder : of the edition.
    tables : by name: `ranking`, `clusters`, `measures`, `points`, and whatever there is of the others.
    shapes : GeoJSON geometry by cluster_id, in degrees.
    manifest : the content of edition.json: study, metrics, sources.
    previous : the same of the previous edition, where `tables` has a `comparison` with it.
    language : one of `languages()`.
    beside : what will give `cluster_pages` of the same; None makes them here.
    """
    made = _made(folder, tables, shapes, manifest, previous, language)
    site = folder / "site"
    pages = [*_front(made), *_beside(made)]  # meanwhile those of the clusters are made
    for name, content in [*pages, *(clusters.pages(made) if beside is None else beside.result())]:
        write_bytes(site / name, content)
    for name in (*bundle.MODULES, "site.css"):
        write_bytes(site / "assets" / name, files("hubrank.publishing.site").joinpath("static", name).read_bytes())


def cluster_pages(
    folder: Path,
    tables: Mapping[str, pa.Table],
    shapes: Shapes,
    manifest: Mapping[str, Any],
    *,
    previous: Mapping[str, Any] | None = None,
    language: str = "en",
) -> Pages:
    """Return the page of each cluster, of what `publish` takes. They hang on no other file of the edition."""
    return list(clusters.pages(_made(folder, tables, shapes, manifest, previous, language)))


def _made(
    folder: Path,
    tables: Mapping[str, pa.Table],
    shapes: Shapes,
    manifest: Mapping[str, Any],
    previous: Mapping[str, Any] | None,
    language: str,
) -> Made:
    study = parse(manifest["study"], Path("edition.json"), with_files=False)
    ranking = sorted(tables["ranking"].to_pylist(), key=lambda row: row["rank"])
    shown = ranking_rows.rows(ranking, study.metrics, study.weights)
    return Made(folder, tables, shapes, manifest, previous, study, shown, words(language))


def _front(made: Made) -> list[tuple[str, bytes]]:
    """Return map and table as a page, as one file, and as a page to embed; and what they ask for later."""
    data = front.for_script(made.rows, made.tables["measures"], made.manifest, made.study, made.words)
    details = front.details(made.tables, made.shapes, made.study, made.rows)
    values = made.shared | front.shown(made.tables, made.shapes, made.manifest, made.study, made.rows)
    columns = front.columns(made.rows, made.study.metrics, made.words)
    values |= {
        "here": "index",
        "columns": columns,
        "marks_of": front.classes(columns),
        "inline": ranking_rows.inline(data),
        "details": ranking_rows.inline(details),
        "linked_data": about.linked_data(made.folder),
    }
    return [
        ("index.html", rendering.page("index.html", **values)),
        ("embed.html", rendering.page("index.html", **values | {"embed": True})),
        ("explorer.html", rendering.page_alone("index.html", **values)),
        ("assets/details.json", ranking_rows.inline(details).encode()),
    ]


def _beside(made: Made) -> list[tuple[str, bytes]]:
    """Return the pages of what stands behind the ranking."""
    values: dict[str, dict[str, Any]] = {
        "robustness": {
            **robustness_page.told(made.tables, made.rows, made.words),
            "level": f"{100 * made.study.robustness.level:.0f} %",
        },
        "method": {"settings": list(about.settings(made.manifest)), "citations": citations(made.manifest)},
        "columns": {
            "described": about.tables_described(made.tables, made.study.metrics),
            "type_name": datapackage.type_name,
        },
        "sources": {"sources": about.sources(made.manifest), "downloads": about.downloads(made.folder)}
        | {"documents": about.DOCUMENTS, "kept_back": about.KEPT_BACK},
        "limits": {
            "sources": about.sources(made.manifest),
            "located": about.located(made.manifest),
            "settings": dict(about.settings(made.manifest)),
        },
    }
    if made.is_compared and made.before is not None:
        values["compare"] = comparison_page.compared(made.tables["comparison"], made.manifest, made.before, made.words)
        inline = {"note": made.manifest.get("note", ""), "title": made.study.title, "words": made.words.texts["script"]}
        values["compare"]["inline"] = ranking_rows.inline(inline)
    shared = made.shared
    return [
        (f"{name}.html", rendering.page(f"{name}.html", **shared | {"here": name} | shown))
        for name, shown in values.items()
    ]
