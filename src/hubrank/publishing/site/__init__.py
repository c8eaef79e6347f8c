"""site/: the pages of an edition. Explore, compare, what moved, how sure, method, data, and a portrait per cluster.

Plain files that any web host serves and a browser opens from disk, without requests to other hosts; explorer.html is
one file.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from hubrank.core.edition import LISTING_FILES, study_files
from hubrank.core.files import write_bytes
from hubrank.core.page_languages import languages
from hubrank.core.sphere import E7
from hubrank.geocoding.gazetteer import city_names, gazetteer
from hubrank.publishing import datapackage
from hubrank.publishing.cluster_names import town_name
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
    map_data,
    rendering,
    robustness_page,
    world_picture,
)
from hubrank.publishing.site.citations import citations
from hubrank.publishing.site.site_content import SiteContent, gather_content

__all__ = ["gather_assets", "gather_content", "languages", "pages_and_pictures", "pictures", "publish"]

Pages = Sequence[tuple[str, bytes]]  # path, from site/, and content
INSIDE = ("land0", "borders")  # of the ground, in the page that is one file


@dataclass(frozen=True, slots=True, eq=False)
class Assets:
    """What pages load. data : by name, which the page that is one file has inside. files : path and content."""

    data: dict[str, Any]
    files: Pages


def publish(content: SiteContent, *, assets: Assets | None = None, other_pages: "Future[Pages] | None" = None) -> None:
    """Write site/ into the folder of an edition.

    The pages list the files of the edition from its data package, which is there already.
    assets, other_pages : those of the same content, made before or elsewhere; None makes them here.
    """
    assets = assets or gather_assets(content)
    pages = [*_index_pages(content, assets.data), *_documentation_pages(content), *feeds.pages(content), *assets.files]
    pages += pages_and_pictures(content) if other_pages is None else other_pages.result()
    for name, page in pages:
        write_bytes(content.folder / "site" / name, page)


def pages_and_pictures(content: SiteContent) -> Pages:
    """Return the page of each cluster and the pictures of the world; they depend on no other file of the edition."""
    return [*cluster_page.pages(content), *pictures(content)]


def pictures(content: SiteContent) -> Pages:
    """Return the pictures of the world with the clusters on it, as they are shared."""
    spots = {
        row["cluster_id"]: (float(row["lon"]), float(row["lat"])) for row in content.tables["clusters"].to_pylist()
    }
    marks = [(row.cluster, *spots[row.cluster_id], float(row.score.value or 0)) for row in content.rows]
    title, note = content.study.title, content.note
    images = world_picture.pictures(marks, title, content.lead, note, content.made_of, png=bool(content.picture))
    return [(f"assets/{name}", picture) for name, picture in images.items()]


def _index_pages(content: SiteContent, data: Mapping[str, Any]) -> Pages:
    """Return map and list as a page, as a page to embed, and as one file. data : that is inside of the latter."""
    script = index_page.for_script(content)
    values = content.shared | index_page.values(content)
    values |= {
        "here": "index",
        "inline": json_in_html(script),
        "linked_data": documentation.linked_data(content.folder, content.files_at),
    }
    names = {"countries": map_data.country_names(content.words.economy)}
    inside = {**{name: map_data.ground(name) for name in INSIDE}, **names, **data}
    alone = {
        "inline": json_in_html(script | {"alone": True}),
        "files": {name: json_in_html(each) for name, each in inside.items()},
    }
    return [
        ("index.html", rendering.page("index.html", **values)),
        ("embed.html", rendering.page("index.html", **values | {"embed": True})),
        ("explorer.html", rendering.page_alone("index.html", **values | alone)),
    ]


def gather_assets(content: SiteContent) -> Assets:
    """Return script, style and data files; they depend on no other file of the edition."""
    data = {
        "units": index_page.units(content),
        "fields": index_page.fields(content),
        "clusters": index_page.clusters(content),
        "names": index_page.names(content),
    }
    style = files("hubrank.publishing.site").joinpath("static", "site.css").read_bytes()
    assets = [("assets/site.css", style), ("assets/explorer.js", bundle.script().encode())]
    assets += [(f"assets/data/{name}.js", map_data.data_script(name, value).encode()) for name, value in data.items()]
    outlined = map_data.outlines(content.shapes, content.outlines)
    tables, metrics = content.tables, content.study.metrics
    named, towns = content.words.economy, _cities(content.study.naming.language, content.words.language)
    maps = map_data.files_of(outlined, tables["clusters"], tables["points"], towns, metrics=metrics, named=named)
    assets += [(f"assets/data/{name}.js", file) for name, file in maps]
    return Assets({**data, "outlines": outlined}, assets)


@cache
def _cities(named_in: str, language: str) -> tuple[tuple[str, float, float, int], ...]:
    """Return name, place and inhabitants of the towns that maps name; sections of a city are named by it.

    named_in : of the names of the study; language : of the pages.
    """
    places, sections = gazetteer.places(), city_names.sections_of_cities()
    columns = (places.geonames_id, places.lon_e7, places.lat_e7, places.population, places.part_of)
    rows = zip(places.name, *(column.tolist() for column in columns), strict=True)
    return tuple(
        (town_name(number, name, named_in=named_in, language=language), lon / E7, lat / E7, people)
        for name, number, lon, lat, people, part_of in rows
        if people >= map_data.TOWN and not part_of and number not in sections
    )


def _documentation_pages(content: SiteContent) -> Pages:
    """Return the pages that document the ranking."""
    manifest = content.manifest
    sources = documentation.sources(manifest, content.words)
    values: dict[str, dict[str, Any]] = {
        "robustness": {**robustness_page.values(content), "level": content.level},
        "method": {
            "settings": list(documentation.settings(manifest, content.words)),
            "threshold": content.words.number(f"{manifest['threshold_listings']:,}"),
            "citations": citations(manifest),
            "sources": sources,
            "located": documentation.located(manifest, content.words),
        },
        "data": {
            "titles": content.words.texts["tables"],
            "described": documentation.tables_described(content.tables, content.study.labels),
            "type_name": datapackage.type_name,
            "sources": sources,
            "downloads": documentation.downloads(content.folder, content.words, content.files_at),
            "documents": documentation.DOCUMENTS,
            "files_at": content.files_at,
            "unlinked": LISTING_FILES,  # their source decides whether they may be redistributed
            "register": documentation.register(manifest, content.words),
            "corrections": documentation.corrections(manifest, content.words),
            "study_files": study_files(manifest),
            **locations_page.values(content),
        },
        "compare": {"inline": json_in_html(index_page.for_script(content))},
    }
    if "areas" in content.tables:
        values["areas"] = areas_page.values(content)
    if content.is_compared:
        values["moved"] = comparison_page.values(content)
    shared = content.shared
    return [
        (f"{name}.html", rendering.page(f"{name}.html", **shared | {"here": name} | each))
        for name, each in values.items()
        if name in shared["pages"]
    ]
