"""What is told of a cluster in numbers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hubrank.publishing.site import robustness_page
from hubrank.publishing.site.comparison_page import signed
from hubrank.publishing.site.page_words import Words
from hubrank.publishing.site.ranking_rows import cell

Told = tuple[str, str]  # what it is called, and the figure


def figures(row: Mapping[str, Any], beside: Mapping[str, Any], metrics: Sequence[str], words: Words) -> list[Told]:
    """Return the counts, the people, the ground and what one organisation makes of it.

    row : of the ranking; beside : `area_km2` and the row of `concentration` over all metrics, where there are such.
    """
    told = [(metric, _counted(row, metric, words)) for metric in metrics]
    if beside.get("area_km2") is not None:
        told.append((words.say("cluster.area"), f"{cell(beside['area_km2'], 0).shown} km²"))
    if row.get("population"):
        told += _people(row, metrics, words)
    leader = beside.get("leader")
    if leader:
        part = f"{leader} ({cell(beside['leader_share_pct']).shown} %)"
        alone = words.say("cluster.one_organisation") if beside["one_organisation"] else ""
        told.append((words.say("cluster.leader"), " ".join(filter(None, [part, alone]))))
    return told


def _counted(row: Mapping[str, Any], metric: str, words: Words) -> str:
    return words.say("cluster.counted", count=cell(row[metric]).shown, share=cell(row[f"{metric}_share_pct"]).shown)


def _people(row: Mapping[str, Any], metrics: Sequence[str], words: Words) -> Iterator[Told]:
    doubt = words.say("cluster.indicative") if row["indicative"] else ""
    yield (
        words.say("cluster.population"),
        words.say("cluster.people", count=f"{row['population']:,}", source=row["population_source"], doubt=doubt),
    )
    for metric in metrics:
        yield words.say("cluster.per_million", metric=metric), cell(row[f"{metric}_per_million"]).shown
    yield (
        words.say("cluster.score_per_million"),
        words.say("cluster.ranked", figure=cell(row["score_pct_per_million"], 3).shown, rank=row["intensity_rank"]),
    )


def doubts(row: Mapping[str, Any] | None, level: str, words: Words) -> list[Told]:
    """Return how sure the rank of a cluster is, given its row of `robustness`."""
    if not row:
        return []
    told = [
        (words.say("cluster.marginal", level=level), f"{row['rank_low']}–{row['rank_high']}"),
        (words.say("cluster.together", level=level), f"{row['simultaneous_low']}–{row['simultaneous_high']}"),
        (words.say("cluster.top"), words.say("cluster.yes" if row["possible_top_10"] else "cluster.no")),
        (words.say("cluster.apart"), words.say("cluster.no" if row["tied_with_next"] else "cluster.yes")),
    ]
    return [*told, *_tried(row, words)]


def _tried(row: Mapping[str, Any], words: Words) -> Iterator[Told]:
    """Yield what other weights and other methods do to a rank, where the run tried them."""
    for spread in ("weights", "method"):
        best, worst = row.get(f"{spread}_best"), row.get(f"{spread}_worst")
        if best is not None:
            yield words.say(f"cluster.{spread}"), f"{best}–{worst}"
    for part in ("organisation", "field"):
        if row.get(f"without_{part}") is not None:
            yield words.say("cluster.without", part=words.say(f"cluster.{part}")), str(row[f"without_{part}"])
    if row.get("without_year") is not None:
        yield words.say("cluster.without_year"), str(row["without_year"])
    hangs = robustness_page.hanging(row, words)
    if hangs:
        yield words.say("cluster.hangs"), hangs
    if row.get("firm") is not None:
        yield words.say("cluster.firm"), words.say("cluster.yes" if row["firm"] else "cluster.no")


def moved(row: Mapping[str, Any] | None, names: Mapping[str, str], words: Words) -> list[Told]:
    """Return the way of a cluster from the earlier edition to this one, given its row of `comparison`."""
    if not row:
        return []
    told = [(words.say("cluster.kind"), words.say(f"kinds.{row['kind'].replace('-', '_')}"))]
    if row["rank_before"] is not None:
        old = row["cluster_before"]
        called = f" ({old})" if old and old != row["cluster"] else ""
        told.append((words.say("compare.rank_before", **names), f"{row['rank_before']}{called}"))
    if row["move"] is not None:
        for cause in ("data", "boundary", "method"):
            points = cell(row[f"score_{cause}_pct"])
            sign = "+" if not points.shown.startswith("-") else ""
            score = f"{sign}{points.shown.replace('-', '−')}"
            told.append(
                (words.say(f"cluster.by_{cause}"), words.say("cluster.places", places=signed(row[cause]), score=score))
            )
    told.append((words.say("cluster.rank_now", **names), str(row["rank"])))
    if row["previous_rank"] is not None:
        told.append((words.say("compare.previous_rank", **names), str(row["previous_rank"])))
    return told
