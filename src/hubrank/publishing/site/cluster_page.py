"""A page per cluster: its outline, figures, profile, partners, robustness and what moved it."""

from collections.abc import Iterator
from typing import Any

from hubrank.publishing.site import cluster_figures, cluster_profile, local_map, partner_map, rendering
from hubrank.publishing.site.citations import citations
from hubrank.publishing.site.projection import world
from hubrank.publishing.site.site_content import SiteContent
from hubrank.ranking.tables.concentration import ALL


def pages(content: SiteContent) -> Iterator[tuple[str, bytes]]:
    """Yield path, from site/, and content of each page."""
    neighbourhoods = local_map.Neighbourhoods(content.shapes, content.tables["points"])
    partners = _partner_map(content)
    profiles = cluster_profile.profiles(content)
    figures = _figures(content)
    sphere, land = partner_map.backdrop()
    frame = world()
    shared = content.shared | {"root": "../", "level": content.level, "sphere": sphere, "land": land}
    shared |= {"world_width": frame.width, "world_height": round(frame.height)}
    for row in content.rows:
        key = row.cluster_id
        page = rendering.page(
            "cluster.html",
            **shared | {"feeds": (f"{key}.atom", f"{key}.feed.json") if shared["feeds"] else ()},
            **figures[key],
            row=row,
            place=neighbourhoods.draw(key),
            strands=partners.strands(key) if partners else [],
            spot=partners.spot(key) if partners else (0, 0),
            profile=profiles[key],
            citations=citations(content.manifest, row.cluster, key),
        )
        yield f"cluster/{key}.html", page


def _partner_map(content: SiteContent) -> partner_map.PartnerLines | None:
    names = {row.cluster_id: row.cluster for row in content.rows}
    tables = content.tables
    return partner_map.PartnerLines(tables["links"], tables["clusters"], names) if "links" in tables else None


def _figures(content: SiteContent) -> dict[str, dict[str, Any]]:
    """Return, per cluster, its figures, the robustness of its rank, and its move."""
    by_id = {table: {row["cluster_id"]: row for row in content.rows_of(table)} for table in ("clusters", "robustness")}
    moves = {row["cluster_id"]: row for row in content.rows_of("comparison") if content.is_compared}
    leaders = {row["cluster_id"]: row for row in content.rows_of("concentration") if row["metric"] == ALL}
    labels, words = content.study.labels, content.words
    figures = {}
    for row in content.rows_of("ranking"):
        key = row["cluster_id"]
        details = by_id["clusters"].get(key, {}) | leaders.get(key, {})
        figures[key] = {
            "figures": cluster_figures.figures(row, details, labels, words),
            "robustness": cluster_figures.robustness(by_id["robustness"].get(key), content.level, words),
            "moves": cluster_figures.move(moves.get(key), content.editions, words),
        }
    return figures
