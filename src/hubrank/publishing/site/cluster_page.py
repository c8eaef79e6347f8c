"""The portrait of a cluster: a sentence, maps, how sure its rank is, who is next to it, what it consists of."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from hubrank.analysis.equal_scores import moved_among_equals
from hubrank.core.edition import poorly_located_economies
from hubrank.core.units import LARGE, half_up
from hubrank.publishing.json_in_html import json_in_html
from hubrank.publishing.page_words import Words
from hubrank.publishing.robustness import groups
from hubrank.publishing.site import cluster_profile, rendering
from hubrank.publishing.site.areas_page import unlocated
from hubrank.publishing.site.changes import CAUSES
from hubrank.publishing.site.comparison_page import score_shown
from hubrank.publishing.site.ranking_rows import Row, cell, signed
from hubrank.publishing.site.site_content import SiteContent
from hubrank.publishing.site.whiskers import decisive_choice, open_ranks, position, ticks, whiskers
from hubrank.ranking.tables.city_people import counts_a_part
from hubrank.ranking.tables.concentration import ALL, FEWEST_RECORDS

NEIGHBOURS = 3  # in rank, on either side
MOST_PARTNERS = 15
ON_MAP = 8  # of them, which are listed beside it; the others follow on demand
MOST_PEOPLE_KM2 = 45_000  # a denser place does not exist: its people and its area do not belong together


def pages(content: SiteContent) -> Iterator[tuple[str, bytes]]:
    """Yield path, from site/, and content of each page."""
    tables = {name: {row["cluster_id"]: row for row in content.rows_of(name)} for name in ("ranking", "robustness")}
    equals = moved_among_equals([*(moves := content.moves_by_id).values()])
    leaders = {row["cluster_id"]: row for row in content.rows_of("concentration") if row["metric"] == ALL}
    named = _with_organisations(content)
    km2 = {row["cluster_id"]: row.get("area_km2") for row in content.rows_of("clusters")}
    ranks, profiles, partners = metric_ranks(content), cluster_profile.profiles(content), _partners(content)
    tied = _tied(content, tables["robustness"])
    of_economies, poor, alone = _economy_ranks(content), _poorly_located(content), _on_one_text(content)
    by_name = unlocated(content.manifest.get("areas", {}), content.words) if content.study.ranks_areas else {}
    shared = content.shared | {"root": "../", "kind": "page portrait", "ticks": ticks(len(content.rows))}
    for at, row in enumerate(content.rows):
        key, robustness = row.cluster_id, tables["robustness"].get(row.cluster_id)
        with_whom = partners.get(key, [])
        remarks = _remarks(row, tables["ranking"][key], poor, content.words)
        sentences = [*_sentences(content, row, robustness), *remarks, *filter(None, [by_name.get(key)])]
        values = {
            "row": row,
            "sentences": sentences,
            "described": content.words.say("lists.space").join(sentences),
            "picture": content.picture,
            "bars": _bars(content, row, tables["ranking"][key], ranks),
            "whiskers": whiskers(robustness, len(content.rows)),
            "here_on_axis": position(row.rank, len(content.rows)),
            "tied": tied.get(row.rank, ""),
            "firm": robustness and robustness.get("firm"),
            "decisive": decisive_choice(robustness, content.words) if robustness else "",
            "neighbours": content.rows[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1],
            "figures": [
                *of_economies[key],
                *_figures(content, tables["ranking"][key], km2.get(key), leaders.get(key), named),
                *alone.get(key, []),
            ],
            "move": [*_scores(moves.get(key), content), *([] if key in equals else _move(moves.get(key), content))],
            "partners": with_whom,
            "on_map": ON_MAP,
            "most": with_whom[0][2] if with_whom else 1,
            "profile": profiles[key],
            "inline": _inline(key, with_whom),
        }
        feeds = (f"{key}.atom", f"{key}.feed.json") if shared["feeds"] else ()
        yield f"cluster/{key}.html", rendering.page("cluster.html", **shared | {"feeds": feeds}, **values)


def _remarks(row: Row, ranked: Mapping[str, Any], poor: Mapping[str, Sequence[str]], words: Words) -> Iterator[str]:
    """Yield what limits the figures of a cluster. ranked : its row of the ranking; poor : texts by economy."""
    for code, _ in row.economies:
        yield from poor.get(code, [])
    if part := _people_of_a_part(ranked, words):
        yield part


def _inline(cluster_id: str, partners: Sequence[tuple[str, str, int]]) -> str:
    """Return what the script of the page reads of the cluster: its id, and the partners of the map."""
    return json_in_html({"id": cluster_id, "partners": [[partner, count] for partner, _, count in partners[:ON_MAP]]})


def _sentences(content: SiteContent, row: Row, robustness: Mapping[str, Any] | None) -> list[str]:
    """Return what there is to say first: its rank, how open that is, and where it came from."""
    words, count = content.words, len(content.rows)
    texts = [words.say("cluster.rank_of", cluster=row.cluster, rank=row.rank, count=count)]
    texts.append(open_ranks(robustness, content.level, words))
    if robustness and robustness.get("weights_best") is not None:
        best, worst = robustness["weights_best"], robustness["weights_worst"]
        name = "script.other_weights_same" if best == worst else "script.other_weights"
        texts.append(words.say(name, best=best, worst=worst))
    if row.sentence:
        texts.append(row.sentence)
    return [text for text in texts if text]


def _poorly_located(content: SiteContent) -> dict[str, list[str]]:
    """Return, per economy, what there is to say of metrics of which too little is located there."""
    words, texts = content.words, defaultdict[str, list[str]](list)
    for row in poorly_located_economies(content.rows_of("location_report"), content.rows_of("ranking")):
        texts[row["economy"]].append(
            words.say(
                "cluster.poorly_located",
                share=words.number(f"{half_up(row['share_pct'], 1):f}"),
                metric=content.labels[row["metric"]],
                economy=words.economy(row["economy"]),
            )
        )
    return texts


def _on_one_text(content: SiteContent) -> dict[str, list[tuple[str, str]]]:
    """Return, per cluster of whose listings more than half have one address, which that is, as a figure."""
    words = content.words
    return {
        row["cluster_id"]: [
            (
                words.say("cluster.one_address"),
                words.say(
                    "cluster.one_address_is",
                    share=words.number(f"{half_up(row['share_pct'], 0):f}"),
                    text=row["text"],
                    place=row["place"],
                ),
            )
        ]
        for row in content.rows_of("location_report")
        if row["part"] == "one text"
    }


def _tied(content: SiteContent, robustness: Mapping[str, Mapping[str, Any]]) -> dict[int, str]:
    """Say, by rank, from which ranks before and after it counts do not distinguish a cluster; nothing where from none.

    robustness : its rows by cluster_id.
    """
    last_of = [robustness.get(row.cluster_id, {}).get("tied_until") or row.rank for row in content.rows]
    ends: dict[int, tuple[int, int]] = {}
    for first, last in groups(last_of):  # of which a cluster may be in several
        ends |= {rank: (ends.get(rank, (first, last))[0], last) for rank in range(first, last + 1)}
    return {
        rank: content.words.say("cluster.tied_many", first=first, last=last)
        if last - first > 1
        else content.words.say("cluster.tied", rank=first + last - rank)
        for rank, (first, last) in ends.items()
    }


def metric_ranks(content: SiteContent) -> dict[tuple[str, str], int]:
    """Return the rank of each cluster that has any of a metric in it alone: one more than the clusters with more."""
    ranks: dict[tuple[str, str], int] = {}
    for metric in content.study.metrics:
        of = {row["cluster_id"]: row["units"] for row in content.rows_of("measures") if row["metric"] == metric}
        ordered = sorted(of.values(), reverse=True)
        first = {units: at for at, units in reversed([*enumerate(ordered, start=1)])}
        ranks |= {(key, metric): first[units] for key, units in of.items() if units}
    return ranks


def _bars(
    content: SiteContent, row: Row, ranking: Mapping[str, Any], ranks: Mapping[tuple[str, str], int]
) -> list[tuple[str, str, str, float, int | None]]:
    """Return, per metric: label, count, share, its width in percent of the largest share, and rank."""
    shares = [ranking[f"{metric}_share_pct"] or Decimal(0) for metric in content.study.metrics]
    most, number = max([*shares, Decimal("0.000001")]), content.words.number
    return [
        (
            label,
            number(count_shown(ranking[metric])),
            number(share.shown),
            round(float(100 * exact / most), 1),
            ranks.get((row.cluster_id, metric)),
        )
        for (metric, label), share, exact in zip(content.labels.items(), row.shares, shares, strict=True)
    ]


def count_shown(value: Decimal | None) -> str:
    """Return a count as a reader wants it: whole where it is large or whole, else with two decimals."""
    if value is None:
        return "–"
    return cell(value, 0 if value >= LARGE or value == int(value) else 2).shown


def _economy_ranks(content: SiteContent) -> dict[str, list[tuple[str, str]]]:
    """Return, per cluster, its rank within each of its economies that has others, but not all of the ranking."""
    rows, figures = content.rows_of("economy_ranks"), defaultdict[str, list[tuple[str, str]]](list)
    clusters = Counter(row["economy"] for row in rows)
    everywhere = len({row["cluster_id"] for row in rows})
    for row in rows:
        if 1 < clusters[row["economy"]] < everywhere:
            rank, low, high = (row[f"economy_rank{bound}"] for bound in ("", "_low", "_high"))
            place = _rank_with_set(rank, low, high)
            key = "cluster.rank_in_economy_counts" if low < high else "cluster.rank_in_economy"
            label = content.words.say(key, economy=content.words.economy(row["economy"]))
            of_all = content.words.say("cluster.of_clusters", place=place, count=clusters[row["economy"]])
            figures[row["cluster_id"]].append((label, of_all))
    return figures


def _rank_with_set(rank: int, low: int, high: int) -> str:
    return f"{rank} ({low}–{high})" if low < high else f"{rank}"


def _figures(
    content: SiteContent, row: Mapping[str, Any], km2: Decimal | None, leader: Mapping[str, Any] | None, named: str = ""
) -> list[tuple[str, str]]:
    """Return area, people, density and intensity where a grid counts the people, and the largest organisation.

    named : the metrics whose records name organisations, "" where all do.
    """
    words, number, figures = content.words, content.words.number, []
    people, cities = row.get("population"), row.get("city_people")
    if km2 and (people is not None or not (cities and cities / km2 > MOST_PEOPLE_KM2)):
        figures.append((words.say("cluster.area"), number(f"{half_up(km2, 0):,f} km²")))
    if cities and (people is None or counts_a_part(row)):
        figures.append((words.say("cluster.people_cities"), number(f"{cities:,}")))
    if people:
        figures.append((words.say("cluster.people"), number(f"{people:,}")))
        figures.append((words.say("cluster.density"), number(cell(row["people_per_km2"], 0).shown)))
        figures += [
            (words.say("cluster.per_million", metric=label), number(cell(row[f"{metric}_per_million"]).shown))
            for metric, label in content.labels.items()
        ]
        per_inhabitant = (row[f"intensity_rank{bound}"] for bound in ("", "_low", "_high"))
        figures.append((words.say("cluster.rank_per_inhabitant"), _rank_with_set(*per_inhabitant)))
    if leader and leader.get("leader"):
        is_one = leader["one_organisation"] and sum(row[name] or 0 for name in content.study.metrics) >= FEWEST_RECORDS
        half = words.say("cluster.one_organisation") if is_one else ""
        share = number(cell(leader["leader_share_pct"], 1).shown)
        text = words.say("cluster.of_score", leader=leader["leader"], share=share)
        label = words.say("cluster.leader")
        figures.append((f"{label} ({named})" if named else label, " ".join(filter(None, [text, half]))))
    return figures


def _with_organisations(content: SiteContent) -> str:
    """Return the metrics whose records name organisations, of which the largest is one; "" where all do, or none."""
    named = {row["metric"] for row in content.rows_of("concentration") if row["organisations"]}
    labels = [label for metric, label in content.labels.items() if metric in named]
    return content.words.divided(labels) if len(labels) < len(content.labels) else ""


def _people_of_a_part(row: Mapping[str, Any], words: Words) -> str:
    """Say which part of the people of its cities live on the ground of a cluster; "" where nothing is in doubt."""
    if not counts_a_part(row):
        return ""
    share = half_up(Decimal(100 * row["population"]) / row["city_people"], 1)
    centres = half_up(row["at_city_centres_pct"], 0)
    return words.say("cluster.people_of_a_part", share=words.number(f"{share:f}"), centres=words.number(f"{centres:f}"))


def _move(row: Mapping[str, Any] | None, content: SiteContent) -> list[tuple[str, str]]:
    """Return by how many ranks each cause moved a cluster."""
    if not row or row["move"] is None:
        return []
    words = content.words
    return [(words.say(f"changes.{cause}"), signed(row[cause] or 0)) for cause in CAUSES]


def _scores(row: Mapping[str, Any] | None, content: SiteContent) -> list[tuple[str, str]]:
    """Return the scores of both editions and their difference; nothing where a cluster had none."""
    shown = score_shown(row, content).shown if row else ""
    return [(content.words.say("compare.scores", **content.editions), shown)] if shown else []


def _partners(content: SiteContent) -> dict[str, Sequence[tuple[str, str, int]]]:
    """Return, per cluster, those with which it shares most records: id, name, records."""
    names = {row.cluster_id: row.cluster for row in content.rows}
    shared: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in content.rows_of("links"):
        for one, other in ((row["cluster_a"], row["cluster_b"]), (row["cluster_b"], row["cluster_a"])):
            shared[one][other] += row["records"]
    return {
        key: [
            (other, names[other], records)
            for other, records in sorted(of.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_PARTNERS]
        ]
        for key, of in shared.items()
    }
