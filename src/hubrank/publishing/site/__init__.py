"""site/: the pages of an edition: map and table, a page per cluster, robustness, locations, comparison, method, files.

Plain files that any web host serves, without requests to other hosts; explorer.html also works from disk.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from importlib.resources import files
from typing import Any

from hubrank.core.files import write_bytes
from hubrank.publishing import datapackage
from hubrank.publishing.json_in_html import json_in_html
from hubrank.publishing.site import (
    areas_page,
    bundle,
    cluster_page,
    comparison_page,
    documentation,
    feeds,
    index_page,
    locations_page,
    rendering,
    robustness_page,
)
from hubrank.publishing.site.citations import citations
from hubrank.publishing.site.page_words import languages
from hubrank.publishing.site.site_content import SiteContent, gather_content

__all__ = ["cluster_pages", "gather_content", "languages", "publish"]

Pages = Sequence[tuple[str, bytes]]  # path, from site/, and content


def publish(content: SiteContent, *, other_pages: "Future[Pages] | None" = None) -> None:
    """Write site/ into the folder of an edition.

    The pages list the files of the edition from its data package, which is there already.
    other_pages : the `cluster_pages` of the same content, made elsewhere; None makes them here.
    """
    pages = [*_index_pages(content), *_documentation_pages(content), *feeds.pages(content)]
    pages += cluster_pages(content) if other_pages is None else other_pages.result()
    for name, page in pages:
        write_bytes(content.folder / "site" / name, page)
    for name in (*bundle.MODULES, "site.css"):
        asset = files("hubrank.publishing.site").joinpath("static", name)
        write_bytes(content.folder / "site" / "assets" / name, asset.read_bytes())


def cluster_pages(content: SiteContent) -> Pages:
    """Return the page of each cluster; they depend on no other file of the edition."""
    return list(cluster_page.pages(content))


def _index_pages(content: SiteContent) -> Pages:
    """Return map and table as a page, as one file, and as a page to embed; and the data that they load later."""
    details = index_page.details(content)
    columns = index_page.columns(content)
    values = content.shared | index_page.values(content)
    values |= {
        "here": "index",
        "columns": columns,
        "marks_of": index_page.classes(columns),
        "inline": json_in_html(index_page.for_script(content)),
        "details": json_in_html(details),
        "linked_data": documentation.linked_data(content.folder),
    }
    return [
        ("index.html", rendering.page("index.html", **values)),
        ("embed.html", rendering.page("index.html", **values | {"embed": True})),
        ("explorer.html", rendering.page_alone("index.html", **values)),
        ("assets/details.json", json_in_html(details).encode()),
    ]


def _documentation_pages(content: SiteContent) -> Pages:
    """Return the pages that document the ranking: robustness, locations, method, columns, sources, limits, changes."""
    manifest = content.manifest
    sources = documentation.sources(manifest)
    values: dict[str, dict[str, Any]] = {
        "robustness": {**robustness_page.values(content), "level": content.level},
        "locations": locations_page.values(content),
        "method": {"settings": list(documentation.settings(manifest)), "citations": citations(manifest)},
        "columns": {
            "described": documentation.tables_described(content.tables, content.study.labels),
            "type_name": datapackage.type_name,
        },
        "sources": {
            "sources": sources,
            "downloads": documentation.downloads(content.folder),
            "documents": documentation.DOCUMENTS,
            "unlinked": documentation.UNLINKED,
            "register": manifest.get("register", {}).get("note", ""),
            "corrections": documentation.corrections(manifest),
        },
        "limits": {
            "sources": sources,
            "located": documentation.located(manifest),
            "settings": dict(documentation.settings(manifest)),
        },
    }
    if "areas" in content.tables:
        values["areas"] = areas_page.values(content)
    if content.is_compared:
        inline = {
            "note": manifest.get("note", ""),
            "title": content.study.title,
            "words": content.words.texts["script"],
        }
        values["compare"] = {**comparison_page.values(content), "inline": json_in_html(inline)}
    return [
        (f"{name}.html", rendering.page(f"{name}.html", **content.shared | {"here": name} | each))
        for name, each in values.items()
    ]
