"""Explore, the first page: what it shows, what its script reads, and what it loads later."""

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hubrank.core import countries
from hubrank.core.units import half_up
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.publishing.site import quoted_brief
from hubrank.publishing.site.site_content import SiteContent
from hubrank.ranking.tables.profiles import NONE
from hubrank.study.study import Study

# Rows up to which all are elements of the page. Of more the first are, and the script reads the others as text: as
# elements they kept the map of 3,000 clusters waiting for a second.
SHORT, FIRST = 500, 100

CONTINENTS = ("Americas", "Europe", "Africa", "Asia")  # of which the map has a view
Heading = tuple[str, str, str]  # column by which it sorts, label, CSS class


def values(content: SiteContent) -> dict[str, Any]:
    """Return what the template shows."""
    manifest, study, rows = content.manifest, content.study, content.rows
    fields = [(metric, name) for metric, name, _ in _fields(content)]
    return {
        "kind": "explore",
        "rows": rows,
        "first": FIRST if len(rows) > SHORT else len(rows),
        "metrics": [(name, weight, _total(manifest, name)) for name, weight in _weights(study)],
        "lead": content.lead,
        "percents": percents(content),
        "fields": [
            (metric, [name for of_metric, name in fields if of_metric == metric]) for metric in study.metrics if fields
        ],
        "columns": columns(content),
        "economies": sorted(
            {pair for row in rows for pair in row.economies}, key=lambda pair: (_letters(pair[1]), pair)
        ),
        "regions": _regions_shown(content),
        "zooms": _zooms(content),
        "headline": headline(content),
        "described": described(content),
        "picture": content.picture,
    }


def percents(content: SiteContent) -> list[int]:
    """Return the published weights in percent, each rounded."""
    totals = [_total(content.manifest, name) for name in content.study.metrics]
    weights = [
        float(weight) if total != "0" else 0.0
        for (_, weight), total in zip(_weights(content.study), totals, strict=True)
    ]
    return [int(half_up(100 * weight / (sum(weights) or 1), 0)) for weight in weights]


def columns(content: SiteContent) -> list[Heading]:
    """Return the headings of the list."""
    words, rows = content.words, content.rows
    interval = (
        words.say(f"explore.could_be_{_interval_of(content)}", level=content.level) if rows and rows[0].interval else ""
    )
    since = words.say("explore.since", earlier=content.editions["earlier"]) if content.is_compared else ""
    return [
        ("rank", words.say("columns.rank"), "r"),
        ("cluster", words.say("columns.cluster"), "c"),
        ("", words.say("explore.score"), "s"),
        ("interval" if interval else "", interval, "i"),
        ("change" if since else "", since, "m"),
    ]


def headline(content: SiteContent) -> list[str]:
    """Return the headline of the brief, and who of the first ranks came from furthest, as far as there are any."""
    brief = quoted_brief.headline(content) if content.rows else ""  # without clusters the lead says as much
    moves = [row for row in content.moved if row["rank"] and row["rank"] <= 10]
    most = max(moves, key=lambda row: (abs(row["move"]), -row["rank"]), default=None)
    mover = (
        content.words.say("explore.mover", cluster=most["cluster"], before=most["rank_before"], rank=most["rank"])
        if most
        else ""
    )
    return [text for text in (brief, mover) if text]


def described(content: SiteContent) -> str:
    """Return what the edition is, for search engines and shared links."""
    return content.words.say("lists.space").join(filter(None, [content.lead, *headline(content), content.note]))


def for_script(content: SiteContent) -> dict[str, Any]:
    """Return what the script reads besides the rows."""
    rows, manifest, study = content.rows, content.manifest, content.study
    codes = sorted({code for row in rows for code, _ in row.economies})
    return {
        "title": study.title,
        "edition": study.edition,
        "by": ". ".join(filter(None, [", ".join(study.publish.authors), str(study.publish.date or "")])),
        "at": f"{study.publish.base_url.rstrip('/')}/site/index.html" if study.publish.base_url else "",
        "area_is": content.words.say("explore.area_is_score"),
        "credit": content.words.say("explore.credit"),
        "strongest": content.words.say("explore.strongest"),
        "decimals": study.publish.decimals,
        "note": content.note,
        "metrics": [
            {"name": name, "label": content.labels[name], "total": _total(manifest, name), "weight": f"{weight:f}"}
            for name, weight in _weights(study)
        ],
        "economies": {code: content.words.economy(code) for code in codes},
        "regions": {code: _regions(code) for code in codes},
        "written": content.written,
        "radius_km": study.clusters.radius_km,
        "level": content.level if rows and rows[0].interval else "",
        "moves": content.is_compared,
        "places": _interval_of(content) == "places" and bool(rows and rows[0].interval),
        "words": content.words.texts["script"],
    }


def units(content: SiteContent) -> list[list[str]]:
    """Return, per metric, the exact units of each cluster as text, since they exceed what a double holds."""
    of = {(row["cluster_id"], row["metric"]): row["units"] for row in content.rows_of("measures")}
    return [[str(of.get((row.cluster_id, name), 0)) for row in content.rows] for name in content.study.metrics]


def clusters(content: SiteContent) -> list[list[Any]]:
    """Return what other pages draw and say of each cluster, first rank first."""
    tied = {row["cluster_id"]: row.get("tied_until") for row in content.rows_of("robustness")}
    exact = {row["cluster_id"]: row for row in content.rows_of("ranking")}
    shares = [f"{name}_share_pct" for name in content.study.metrics]
    return [
        [
            row.cluster_id,
            row.cluster,
            content.words.say("lists.comma").join(name for _, name in row.economies),
            *(float(part) for part in row.spot.split()),
            float(row.score.value or 0),
            [float(exact[row.cluster_id][share] or 0) for share in shares],
            [int(end) for end in row.intervals.split()],
            row.why,
            tied.get(row.cluster_id) or row.rank,
            row.move,
            [code for code, _ in row.economies],
        ]
        for row in content.rows
    ]


def names(content: SiteContent) -> dict[str, dict[str, list[str]]]:
    """Return what economies and the cities of clusters are called besides, for a search."""
    cities = {
        row["cluster_id"]: [int(each) for each in (row.get("geonames_ids") or "").split("/") if each]
        for row in content.rows_of("ranking")
    }
    names_of = gazetteer.other_names({city for of in cities.values() for city in of})
    return {
        "economies": {
            code: countries.written_names(code)
            for code in sorted({code for row in content.rows for code, _ in row.economies})
        },
        "clusters": {
            key: sorted({name for city in of for name in names_of.get(city, ())}) for key, of in cities.items()
        },
    }


def fields(content: SiteContent) -> list[dict[str, Any]]:
    """Return the units of each field, of the world and per cluster."""
    ids = [row.cluster_id for row in content.rows]
    units_of: dict[tuple[str, str], dict[str, int]] = {}
    for row in content.rows_of("profiles"):
        if row["kind"] == "field":
            units_of.setdefault((row["metric"], row["name"]), {})[row["cluster_id"]] = row["units"]
    return [
        {
            "metric": metric,
            "name": name,
            "total": str(total),
            "units": [str(units_of.get((metric, name), {}).get(cluster, 0)) for cluster in ids],
        }
        for metric, name, total in _fields(content)
    ]


def _interval_of(content: SiteContent) -> str:
    """Return what the intervals of the list are of: counts and places, or counts alone."""
    return "places" if "rank_low_places" in content.tables["ranking"].column_names else "counts"


def _weights(study: Study) -> list[tuple[str, Decimal]]:
    return [(name, study.weights.get(name, Decimal(0))) for name in study.metrics]


def _total(manifest: Mapping[str, Any], metric: str) -> str:
    return str(manifest["metrics"][metric].get("units", 0))


def _fields(content: SiteContent) -> list[tuple[str, str, int]]:
    """Return metric, name and units of each field that is named and has units."""
    rows = content.rows_of("fields")
    named = [(row["metric"], row["name"], row["units"]) for row in rows if row["name"] != NONE and row["units"]]
    return sorted(named, key=lambda field: (content.study.metrics.index(field[0]), field[1]))


def _regions_shown(content: SiteContent) -> list[tuple[str, str]]:
    """Return the regions of all clusters and what the language calls them, in the order of the latter."""
    names = {name for row in content.rows for code, _ in row.economies for name in _regions(code)}
    shown = [(name, content.words.texts["regions"].get(name, name)) for name in names]
    return sorted(shown, key=lambda pair: (_letters(pair[1]), pair))


def _zooms(content: SiteContent) -> list[str]:
    """Return what buttons show: the world and the continents with clusters, or nothing where all are of one economy."""
    economies = {code for row in content.rows for code, _ in row.economies}
    regions = {name for code in economies for name in _regions(code)}
    return ["world", *(name.lower() for name in CONTINENTS if name in regions)] if len(economies) > 1 else []


def _letters(text: str) -> str:
    """Return a text without accents, by which a list for readers is in order: Égypte is not behind Zambie."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def _regions(code: str) -> list[str]:
    """Return region and subregion (UN M49) of an economy."""
    country = countries.table().get(code)
    return [name for name in (country.region, country.subregion) if name] if country else []
