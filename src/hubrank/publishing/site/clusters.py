"""A page per cluster: where it lies, who stands behind it, with whom it works, how sure its rank is, what moved it."""

from collections.abc import Iterator
from typing import Any

from hubrank.publishing.site import local_map, partner_map, portrait_figures, portrait_lists, rendering
from hubrank.publishing.site.citations import citations
from hubrank.publishing.site.projection import world
from hubrank.publishing.site.site_content import Made

ALL = "all"  # what `concentration` calls all metrics together
Row = dict[str, Any]


def pages(made: Made) -> Iterator[tuple[str, bytes]]:
    """Yield path, from site/, and content of each page."""
    around = local_map.Neighbourhoods(made.shapes, made.tables["points"])
    web = _web(made)
    profile = portrait_lists.lists(made.tables, made.study.metrics)
    told = _told(made)
    sphere, land = partner_map.backdrop()
    frame = world()
    shared = made.shared | {"root": "../", "sphere": sphere, "land": land}
    shared |= {"world_width": frame.width, "world_height": round(frame.height)}
    for row in made.rows:
        key = row.cluster_id
        content = rendering.page(
            "cluster.html",
            **shared,
            **told[key],
            row=row,
            place=around.draw(key),
            strands=web.strands(key) if web else [],
            spot=web.spot(key) if web else (0, 0),
            profile=profile[key],
            citations=citations(made.manifest, row.cluster, key),
        )
        yield f"cluster/{key}.html", content


def _web(made: Made) -> partner_map.Webs | None:
    names = {row.cluster_id: row.cluster for row in made.rows}
    return partner_map.Webs(made.tables["links"], made.tables["clusters"], names) if "links" in made.tables else None


def _told(made: Made) -> dict[str, dict[str, Any]]:
    """Return, per cluster, its figures, its doubts and its move."""
    level = f"{100 * made.study.robustness.level:.0f} %"
    rows, doubts = _by_cluster(made, "ranking"), _by_cluster(made, "robustness")
    ground, moves = _by_cluster(made, "clusters"), _by_cluster(made, "comparison") if made.is_compared else {}
    leaders = {
        row["cluster_id"]: row
        for row in (made.tables["concentration"].to_pylist() if "concentration" in made.tables else [])
        if row["metric"] == ALL
    }
    names = {"later": str(made.manifest["study"]["edition"])}
    if made.before is not None:
        names["earlier"] = str(made.before["study"]["edition"])
    return {
        key: {
            "figures": portrait_figures.figures(
                row, ground.get(key, {}) | leaders.get(key, {}), made.study.metrics, made.words
            ),
            "doubts": portrait_figures.doubts(doubts.get(key), level, made.words),
            "moves": portrait_figures.moved(moves.get(key), names, made.words),
        }
        for key, row in rows.items()
    }


def _by_cluster(made: Made, table: str) -> dict[str, Row]:
    rows = made.tables[table].to_pylist() if table in made.tables else []
    return {row["cluster_id"]: row for row in rows}
