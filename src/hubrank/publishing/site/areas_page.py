"""Clusters against the areas that the study names: what each holds of the other, and who gains by the choice."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any

from hubrank.core.units import half_up
from hubrank.publishing.page_words import Words
from hubrank.publishing.site.ranking_rows import cell, signed
from hubrank.publishing.site.site_content import SiteContent

_LONGEST = 10  # gains and losses that are listed
_SHOWN = 3  # areas of a cluster


def values(content: SiteContent) -> dict[str, Any]:
    """Return the values of the page."""
    pairs = content.rows_of("cluster_areas")
    matches = _among_matches([row for row in pairs if row["is_match"]])
    moves = {row["cluster_id"]: row["move"] for row in matches}
    account, number = content.manifest["areas"], content.words.number
    spearman = account["spearman"]
    return {
        "has_pages": not account["ranked"],  # of clusters
        "account": account,
        "clusters": len({row["cluster_rank"] for row in pairs}),
        "alike": number(f"{half_up(account['adjusted_rand'], 3):f}"),
        "bits": number(f"{half_up(account['variation_bits'], 3):f}"),
        "spearman": None if spearman is None else number(f"{half_up(spearman, 3):f}"),
        "outside": list(_outside(content)),
        "ranking": list(_ranking(content)),
        "figures": [*content.labels.values(), *(text for text, *_ in _per_head(content))],
        "files_at": content.files_at,
        "table": "areas.csv",
        "remarks": list(_remarks(account, content.words)),
        "gains": [_move(row) for row in matches if row["move"] > 0][:_LONGEST],
        "losses": [_move(row) for row in reversed(matches) if row["move"] < 0][:_LONGEST],
        "pairs": [
            _cluster(list(rows), moves, content.words)
            for _, rows in groupby(pairs, key=lambda row: row["cluster_rank"])
        ],
    }


def _per_head(content: SiteContent) -> list[tuple[str, str, int]]:
    """Return heading, column and decimals of what areas have per head: where they are ranked and people counted."""
    if "population" not in content.tables["ranking"].column_names or not content.manifest["areas"]["ranked"]:
        return []
    say = content.words.say
    per_million = [
        (say("cluster.per_million", metric=label), f"{metric}_per_million", 2)
        for metric, label in content.labels.items()
    ]
    return [(say("cluster.people"), "population", 0), *per_million]


def _ranking(content: SiteContent) -> Iterator[dict[str, Any]]:
    """Yield each area that has a rank, with its score and figures: exact, for sorting, and as they are shown."""
    number, per_head = content.words.number, _per_head(content)
    of_people = {row["cluster_id"]: row for row in content.rows_of("ranking")} if per_head else {}
    for row in content.rows_of("areas"):
        if row["rank"] is None:
            continue
        figures = []
        for metric in content.labels:
            count, share = cell(row[metric], 1), number(cell(row[f"{metric}_share_pct"]).shown)
            shown = content.words.say("cluster.counted", count=number(count.shown), share=share)
            figures.append((count.value, shown))
        for _, column, decimals in per_head:
            figure = cell(of_people[row["area_code"]][column], decimals)
            figures.append((figure.value, number(figure.shown)))
        yield {**row, "score": number(cell(row["score_pct"]).shown), "figures": figures}


def _among_matches(matches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the matches by what the areas gain, with ranks among the matches alone.

    What has no match on the other side moves nobody: areas of one country are fewer than clusters of the world.
    """
    area_ranks = sorted(row["area_rank"] for row in matches)
    rows = [
        row | {"cluster_rank": place, "area_rank": 1 + area_ranks.index(row["area_rank"])}
        for place, row in enumerate(sorted(matches, key=lambda row: row["cluster_rank"]), 1)
    ]
    rows = [row | {"move": row["cluster_rank"] - row["area_rank"]} for row in rows]
    return sorted(rows, key=lambda row: (-row["move"], row["cluster_rank"]))


def _outside(content: SiteContent) -> Iterator[tuple[str, str]]:
    """Yield each metric with the share of the world that lies in no area, in percent."""
    for metric in content.study.metrics:
        units = content.manifest["areas"]["outside"][metric]
        total = content.manifest["metrics"][metric].get("units", 0)
        yield (
            content.labels[metric],
            content.words.number(f"{half_up(Decimal(100 * units) / total, 1):f}") if total else "–",
        )


def _remarks(account: Mapping[str, Any], words: Words) -> Iterator[str]:
    """Yield what is said of areas that unlocated listings name, of repaired shapes, and of names of several areas."""
    yield from [*unlocated(account, words).values()][:_LONGEST]
    for row in account.get("repaired", [])[:_LONGEST]:
        figures = {key: words.number(f"{half_up(row[key], 1):,f}") for key in ("km2", "drawn_km2")}
        yield words.say("areas.repaired", area=f"{row['area']} ({row['area_code']})", **figures)
    for name, codes in list(account.get("same_name", {}).items())[:_LONGEST]:
        yield words.say("areas.same_name", name=name, codes=words.divided(codes[:_LONGEST]))


def unlocated(account: Mapping[str, Any], words: Words) -> dict[str, str]:
    """Return what is said of each area, by its code, whose name listings state that are not located."""
    return {
        row["area_code"]: words.say(
            "areas.unlocated", area=row["area"], listings=words.number(f"{sum(row['listings'].values()):,}")
        )
        for row in account.get("unlocated", ())
    }


def _move(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "move": signed(row["move"])}


def _cluster(rows: list[dict[str, Any]], moves: Mapping[str, int], words: Words) -> dict[str, Any]:
    """Return a cluster with the areas that hold most of it, and what lies in none.

    moves : by cluster_id, by how many ranks among the matches alone the matching area is ahead.
    """
    largest = sorted(rows, key=lambda row: -row["cluster_share_pct"])[:_SHOWN]
    match = next((row for row in rows if row["is_match"]), None)
    move = moves[rows[0]["cluster_id"]] if match else None
    return {
        "rank": rows[0]["cluster_rank"],
        "cluster_id": rows[0]["cluster_id"],
        "cluster": rows[0]["cluster"],
        "areas": [
            (row["area"], row["area_code"], words.number(cell(row["cluster_share_pct"], 1).shown)) for row in largest
        ],
        "area_rank": match["area_rank"] if match else None,
        "move": move,
        "shown_move": "–" if move is None else signed(move),
    }
