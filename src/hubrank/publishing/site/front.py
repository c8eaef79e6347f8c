"""The page of map and table: what it shows, what its script ranks by, and what it asks for when it is needed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from hubrank.core import countries
from hubrank.publishing.site import world_map
from hubrank.publishing.site.page_words import Words
from hubrank.publishing.site.projection import world
from hubrank.publishing.site.ranking_rows import Row
from hubrank.study.study import Study

Shapes = Mapping[str, dict[str, Any]]
Heading = tuple[str, str, str]  # column, label, and "up" or "down" where it holds numbers: how it is sorted first
NONE = "(none)"  # what profiles call records that name no field


def shown(
    tables: Mapping[str, pa.Table], shapes: Shapes, manifest: Mapping[str, Any], study: Study, rows: Sequence[Row]
) -> dict[str, Any]:
    """Return what the template needs beside words."""
    sphere, land, _ = world_map.coast()
    ranking = sorted(tables["ranking"].to_pylist(), key=lambda row: row["rank"])
    fields = [(metric, name) for metric, name, _ in _fields(tables, study.metrics)]
    return {
        "rows": rows,
        "metrics": [(name, f"{weight:f}", _total(manifest, name)) for name, weight in _weights(study)],
        "fields": [(metric, [name for own, name in fields if own == metric]) for metric in study.metrics if fields],
        "level": f"{100 * study.robustness.level:.0f} %",
        "most_weight": max(Decimal(3), *study.weights.values()),
        "economies": sorted({pair for row in rows for pair in row.economies}, key=lambda pair: (pair[1], pair[0])),
        "regions": sorted({name for row in rows for code, _ in row.economies for name in _regions(code)}),
        "width": world().width,
        "height": round(world().height),
        "sphere": sphere,
        "land": land,
        "noise": world_map.noise(tables["points"], shapes),
        "marks": world_map.marks(ranking, tables["clusters"]),
        "with_interval": bool(rows and rows[0].rank_low),
    }


def columns(rows: Sequence[Row], metrics: Sequence[str], words: Words) -> list[Heading]:
    """Return the headings of the table."""
    interval = [("rank_low", words.say("columns.rank_low"), "up"), ("rank_high", words.say("columns.rank_high"), "up")]
    return [
        ("rank", words.say("columns.rank"), "up"),
        *(interval if rows and rows[0].rank_low else []),
        ("change", words.say("columns.change"), "down"),
        ("cluster", words.say("columns.cluster"), ""),
        ("economies", words.say("columns.economies"), ""),
        ("score_pct", words.say("columns.score_pct"), "down"),
        *((f"{metric}_share_pct", words.say("columns.share_pct", metric=metric), "down") for metric in metrics),
        ("score_pct_per_million", words.say("columns.score_pct_per_million"), "down"),
    ]


def classes(headings: Sequence[Heading]) -> dict[str, str]:
    """Return how the heads of columns are marked: numbers, what other weights make untrue, shares of single metrics."""
    own = {"rank_low": "i", "rank_high": "i", "score_pct_per_million": "e"}
    return {
        column: " ".join(
            filter(None, ["n" if kind else "", own.get(column, ""), "s" if column.endswith("_share_pct") else ""])
        )
        for column, _, kind in headings
    }


def for_script(
    rows: Sequence[Row], measures: pa.Table, manifest: Mapping[str, Any], study: Study, words: Words
) -> dict[str, Any]:
    """Return what ranks anew: exact units as text, since they exceed what a double holds."""
    units = {(row["cluster_id"], row["metric"]): row["units"] for row in measures.to_pylist()}
    codes = sorted({code for row in rows for code, _ in row.economies})
    return {
        "title": study.title,
        "note": manifest.get("note", ""),
        "metrics": [
            {"name": name, "total": _total(manifest, name), "weight": f"{weight:f}"} for name, weight in _weights(study)
        ],
        "clusters": [
            {"id": row.cluster_id, "units": [str(units.get((row.cluster_id, name), 0)) for name in study.metrics]}
            for row in rows
        ],
        "regions": {code: _regions(code) for code in codes},
        "words": words.texts["script"],
    }


def details(tables: Mapping[str, pa.Table], shapes: Shapes, study: Study, rows: Sequence[Row]) -> dict[str, Any]:
    """Return what a reader may ask for after the first view: outlines, borders, and the ranking within a field."""
    ids = [row.cluster_id for row in rows]
    held: dict[tuple[str, str], dict[str, int]] = {}
    for row in tables["profiles"].to_pylist() if "profiles" in tables else []:
        if row["kind"] == "field":
            held.setdefault((row["metric"], row["name"]), {})[row["cluster_id"]] = row["units"]
    return {
        "borders": world_map.coast()[2],
        "outlines": world_map.outlines(ids, shapes),
        "fields": [
            {
                "metric": metric,
                "name": name,
                "total": str(total),
                "units": [str(held.get((metric, name), {}).get(cluster, 0)) for cluster in ids],
            }
            for metric, name, total in _fields(tables, study.metrics)
        ],
    }


def _weights(study: Study) -> list[tuple[str, Decimal]]:
    return [(name, study.weights.get(name, Decimal(0))) for name in study.metrics]


def _total(manifest: Mapping[str, Any], metric: str) -> str:
    return str(manifest["metrics"][metric].get("units", 0))


def _fields(tables: Mapping[str, pa.Table], metrics: Sequence[str]) -> list[tuple[str, str, int]]:
    """Return metric, name and units of each field that is named and holds anything."""
    rows = tables["fields"].to_pylist() if "fields" in tables else []
    kept = [(row["metric"], row["name"], row["units"]) for row in rows if row["name"] != NONE and row["units"]]
    return sorted(kept, key=lambda field: (metrics.index(field[0]), field[1]))


def _regions(code: str) -> list[str]:
    """Return region and subregion (UN M49) of an economy."""
    country = countries.table().get(code)
    return [name for name in (country.region, country.subregion) if name] if country else []
