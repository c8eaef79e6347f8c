"""The page of map and table: what it shows, what its script ranks by, and what it loads later."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hubrank.core import countries
from hubrank.publishing.site import world_map
from hubrank.publishing.site.projection import world
from hubrank.publishing.site.site_content import SiteContent
from hubrank.ranking.tables.profiles import NONE
from hubrank.study.study import Study

Heading = tuple[str, str, str]  # column, label, and "up" or "down" where it holds numbers: how it is sorted first


def values(content: SiteContent) -> dict[str, Any]:
    """Return what the template shows."""
    tables, manifest, study, rows = content.tables, content.manifest, content.study, content.rows
    sphere, land, _ = world_map.coast()
    ranking = sorted(tables["ranking"].to_pylist(), key=lambda row: row["rank"])
    fields = [(metric, name) for metric, name, _ in _fields(content)]
    return {
        "rows": rows,
        "metrics": [(name, f"{weight:f}", _total(manifest, name)) for name, weight in _weights(study)],
        "fields": [
            (metric, [name for of_metric, name in fields if of_metric == metric]) for metric in study.metrics if fields
        ],
        "level": content.level,
        "most_weight": max(Decimal(3), *study.weights.values()),
        "economies": sorted({pair for row in rows for pair in row.economies}, key=lambda pair: (pair[1], pair[0])),
        "regions": sorted({name for row in rows for code, _ in row.economies for name in _regions(code)}),
        "width": world().width,
        "height": round(world().height),
        "sphere": sphere,
        "land": land,
        "noise": world_map.noise(tables["points"], content.outlines),
        "marks": world_map.marks(ranking, tables["clusters"]),
        "with_people": content.has_people,
        "with_interval": bool(rows and rows[0].rank_low),
    }


def columns(content: SiteContent) -> list[Heading]:
    """Return the headings of the table."""
    rows, labels, words = content.rows, content.study.labels, content.words
    interval = [
        ("rank_low", words.say("columns.rank_low", level=content.level), "up"),
        ("rank_high", words.say("columns.rank_high"), "up"),
    ]
    intensity = [("score_pct_per_million", words.say("columns.score_pct_per_million"), "down")]
    return [
        ("rank", words.say("columns.rank"), "up"),
        *(interval if rows and rows[0].rank_low else []),
        ("change", words.say("columns.change"), "down"),
        ("cluster", words.say("columns.cluster"), ""),
        ("economies", words.say("columns.economies"), ""),
        ("score_pct", words.say("columns.score_pct"), "down"),
        *((f"{name}_share_pct", words.say("columns.share_pct", metric=labels[name]), "down") for name in labels),
        *(intensity if content.has_people else []),
    ]


def classes(headings: Sequence[Heading]) -> dict[str, str]:
    """Return the CSS classes of headings: n numbers, i and e what holds for the study's weights only, s shares."""
    special = {"rank_low": "i", "rank_high": "i", "score_pct_per_million": "e"}
    return {
        column: " ".join(
            filter(None, ["n" if kind else "", special.get(column, ""), "s" if column.endswith("_share_pct") else ""])
        )
        for column, _, kind in headings
    }


def for_script(content: SiteContent) -> dict[str, Any]:
    """Return what the script ranks by: exact units as text, since they exceed what a double holds."""
    rows, manifest, study = content.rows, content.manifest, content.study
    units = {(row["cluster_id"], row["metric"]): row["units"] for row in content.rows_of("measures")}
    codes = sorted({code for row in rows for code, _ in row.economies})
    return {
        "title": study.title,
        "note": manifest.get("note", ""),
        "metrics": [
            {"name": name, "label": study.labels[name], "total": _total(manifest, name), "weight": f"{weight:f}"}
            for name, weight in _weights(study)
        ],
        "clusters": [
            {"id": row.cluster_id, "units": [str(units.get((row.cluster_id, name), 0)) for name in study.metrics]}
            for row in rows
        ],
        "regions": {code: _regions(code) for code in codes},
        "words": content.words.texts["script"],
    }


def details(content: SiteContent) -> dict[str, Any]:
    """Return what is loaded after the first view: outlines, borders, and the units of each field."""
    ids = [row.cluster_id for row in content.rows]
    units: dict[tuple[str, str], dict[str, int]] = {}
    for row in content.rows_of("profiles"):
        if row["kind"] == "field":
            units.setdefault((row["metric"], row["name"]), {})[row["cluster_id"]] = row["units"]
    return {
        "borders": world_map.coast()[2],
        "outlines": world_map.outlines(ids, content.shapes),
        "fields": [
            {
                "metric": metric,
                "name": name,
                "total": str(total),
                "units": [str(units.get((metric, name), {}).get(cluster, 0)) for cluster in ids],
            }
            for metric, name, total in _fields(content)
        ],
    }


def _weights(study: Study) -> list[tuple[str, Decimal]]:
    return [(name, study.weights.get(name, Decimal(0))) for name in study.metrics]


def _total(manifest: Mapping[str, Any], metric: str) -> str:
    return str(manifest["metrics"][metric].get("units", 0))


def _fields(content: SiteContent) -> list[tuple[str, str, int]]:
    """Return metric, name and units of each field that is named and has units."""
    rows = content.rows_of("fields")
    fields = [(row["metric"], row["name"], row["units"]) for row in rows if row["name"] != NONE and row["units"]]
    return sorted(fields, key=lambda field: (content.study.metrics.index(field[0]), field[1]))


def _regions(code: str) -> list[str]:
    """Return region and subregion (UN M49) of an economy."""
    country = countries.table().get(code)
    return [name for name in (country.region, country.subregion) if name] if country else []
