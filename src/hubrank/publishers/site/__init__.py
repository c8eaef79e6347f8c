"""site/: pages for people: the map and table of an edition, a page per cluster, what stands behind it.

No server and no external request: plain files that any web host serves, and explorer.html, which works from disk.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.edition import SIMULATED, write_bytes
from hubrank.publishers.site import about, bundle, local_map, portrait_lists, ranking_rows, rendering, world_map
from hubrank.publishers.site.citing import citations
from hubrank.publishers.site.projection import world
from hubrank.study import Study, parse

__all__ = ["publish"]

Shapes = Mapping[str, dict[str, Any]]


def publish(folder: Path, tables: Mapping[str, pa.Table], shapes: Shapes, facts: Mapping[str, Any]) -> None:
    """Write site/ into the folder of an edition.

    Parameters
    ----------
    folder : of the edition.
    tables : by name: `ranking`, `clusters`, `measures`, `points`, and whatever there is of `profiles`, `partners` and
        `robustness`.
    shapes : GeoJSON geometry by cluster_id, in degrees.
    facts : what edition.json says: study, metrics, sources.
    """
    study = parse(facts["study"], Path("edition.json"), with_files=False)
    note = SIMULATED if study.synthetic else ""
    shared = {"study": study, "note": note, "root": ""}
    ranking = sorted(tables["ranking"].to_pylist(), key=lambda row: row["rank"])
    shown = ranking_rows.rows(ranking, study.metrics, study.weights)
    front = shared | _front(tables, shapes, facts, study, ranking, shown)
    site = folder / "site"
    write_bytes(site / "index.html", rendering.page("index.html", **front))
    write_bytes(site / "explorer.html", rendering.page_alone("index.html", **front))
    write_bytes(site / "about.html", rendering.page("about.html", **shared, **about.told(study, facts)))
    for name in (*bundle.MODULES, "site.css"):
        write_bytes(site / "assets" / name, files("hubrank").joinpath("site", name).read_bytes())
    _clusters(site, tables, shapes, facts, shared | {"root": "../"}, shown)


def _front(
    tables: Mapping[str, pa.Table],
    shapes: Shapes,
    facts: Mapping[str, Any],
    study: Study,
    ranking: Sequence[dict[str, Any]],
    shown: Sequence[ranking_rows.Row],
) -> dict[str, Any]:
    """Return what the page of map and table shows."""
    sphere, land, borders = world_map.coast()
    data = ranking_rows.for_script(shown, tables["measures"], facts, study.metrics, study.weights)
    data["note"] = SIMULATED if study.synthetic else ""
    return {
        "rows": shown,
        "data": data,
        "inline": ranking_rows.inline(data),
        "columns": about.columns(ranking[0] if ranking else {}, study.metrics),
        "level": f"{100 * study.robustness.level:.0f} %",
        "most_weight": max(Decimal(3), *study.weights.values()),
        "economies": sorted({pair for row in shown for pair in row.economies}, key=lambda pair: (pair[1], pair[0])),
        "regions": sorted({name for cluster in data["clusters"] for name in cluster["regions"]}),
        "width": world().width,
        "height": round(world().height),
        "sphere": sphere,
        "land": land,
        "borders": borders,
        "noise": world_map.noise(tables["points"], shapes),
        "marks": world_map.marks(list(ranking), tables["clusters"], shapes),
    }


def _clusters(
    site: Path,
    tables: Mapping[str, pa.Table],
    shapes: Shapes,
    facts: Mapping[str, Any],
    shared: Mapping[str, Any],
    shown: Sequence[ranking_rows.Row],
) -> None:
    """Write a page per cluster."""
    metrics = shared["study"].metrics
    around = local_map.Neighbourhoods(shapes, tables["points"])
    profile = portrait_lists.lists(tables, metrics)
    doubts = {row["cluster_id"]: row for row in tables["robustness"].to_pylist()} if "robustness" in tables else {}
    row_of = {row["cluster_id"]: row for row in tables["ranking"].to_pylist()}
    for row in shown:
        key = row.cluster_id
        content = rendering.page(
            "cluster.html",
            **shared,
            row=row,
            place=around.draw(key),
            figures=portrait_lists.figures(row_of[key], doubts.get(key), metrics),
            profile=profile[key],
            citations=citations(facts, row.cluster, key),
        )
        write_bytes(site / "cluster" / f"{key}.html", content)
