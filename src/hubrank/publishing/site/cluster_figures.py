"""The figures on the page of a cluster."""

from collections.abc import Iterator, Mapping
from typing import Any

from hubrank.publishing.site import robustness_page
from hubrank.publishing.site.comparison_page import signed
from hubrank.publishing.site.page_words import Words
from hubrank.publishing.site.ranking_rows import cell

LabelledFigure = tuple[str, str]


def figures(
    row: Mapping[str, Any], details: Mapping[str, Any], labels: Mapping[str, str], words: Words
) -> list[LabelledFigure]:
    """Return the counts, the area, the population and the largest organisation.

    row : of the ranking; details : `area_km2` and the row of `concentration` over all metrics, where there are such;
    labels : what each metric is called.
    """
    figures = [(label, _counted(row, metric, words)) for metric, label in labels.items()]
    if details.get("area_km2") is not None:
        figures.append((words.say("cluster.area"), f"{cell(details['area_km2'], 0).shown} km²"))
    if row.get("city_people"):
        figures.append((words.say("cluster.city_people"), f"{row['city_people']:,}"))
    if row.get("population"):
        figures += _people(row, labels, words)
    leader = details.get("leader")
    if leader:
        part = f"{leader} ({cell(details['leader_share_pct']).shown} %)"
        alone = words.say("cluster.one_organisation") if details["one_organisation"] else ""
        figures.append((words.say("cluster.leader"), " ".join(filter(None, [part, alone]))))
    return figures


def _counted(row: Mapping[str, Any], metric: str, words: Words) -> str:
    return words.say("cluster.counted", count=cell(row[metric]).shown, share=cell(row[f"{metric}_share_pct"]).shown)


def _people(row: Mapping[str, Any], labels: Mapping[str, str], words: Words) -> Iterator[LabelledFigure]:
    count, density = f"{row['population']:,}", cell(row["people_per_km2"], 0).shown
    yield words.say("cluster.population"), words.say("cluster.people", count=count, density=density)
    for metric, label in labels.items():
        yield words.say("cluster.per_million", metric=label), cell(row[f"{metric}_per_million"]).shown
    yield (
        words.say("cluster.score_per_million"),
        words.say("cluster.ranked", figure=cell(row["score_pct_per_million"], 3).shown, rank=row["intensity_rank"]),
    )


def robustness(row: Mapping[str, Any] | None, level: str, words: Words) -> list[LabelledFigure]:
    """Return the robustness of the rank of a cluster, given its row of `robustness`."""
    if not row:
        return []
    figures = [
        (words.say("cluster.marginal", level=level), f"{row['rank_low']}–{row['rank_high']}"),
        (words.say("cluster.marginal_places", level=level), f"{row['rank_low_places']}–{row['rank_high_places']}"),
        (words.say("cluster.simultaneous", level=level), f"{row['simultaneous_low']}–{row['simultaneous_high']}"),
        (words.say("cluster.top"), words.say("cluster.yes" if row["possible_top_10"] else "cluster.no")),
        (words.say("cluster.distinguishable"), words.say("cluster.no" if row["tied_with_next"] else "cluster.yes")),
    ]
    return [*figures, *_alternatives(row, words)]


def _alternatives(row: Mapping[str, Any], words: Words) -> Iterator[LabelledFigure]:
    """Yield the rank under other weights and other methods, where the run computed them."""
    for range_of in ("weights", "method"):
        best, worst = row.get(f"{range_of}_best"), row.get(f"{range_of}_worst")
        if best is not None:
            yield words.say(f"cluster.{range_of}"), f"{best}–{worst}"
    for part in ("organisation", "field"):
        if row.get(f"without_{part}") is not None:
            yield words.say("cluster.without", part=words.say(f"cluster.{part}")), str(row[f"without_{part}"])
    if row.get("without_year") is not None:
        yield words.say("cluster.without_year"), str(row["without_year"])
    decisive = robustness_page.decisive_choice(row, words)
    if decisive:
        yield words.say("cluster.decisive"), decisive
    if row.get("firm") is not None:
        yield words.say("cluster.firm"), words.say("cluster.yes" if row["firm"] else "cluster.no")


def move(row: Mapping[str, Any] | None, names: Mapping[str, str], words: Words) -> list[LabelledFigure]:
    """Return what moved a cluster since the earlier edition, given its row of `comparison`."""
    if not row:
        return []
    figures = [(words.say("cluster.kind"), words.say(f"kinds.{row['kind'].replace('-', '_')}"))]
    if row["rank_before"] is not None:
        old = row["cluster_before"]
        name = f" ({old})" if old and old != row["cluster"] else ""
        figures.append((words.say("compare.rank_before", **names), f"{row['rank_before']}{name}"))
    if row["move"] is not None:
        for cause in ("data", "boundary", "method"):
            points = cell(row[f"score_{cause}_pct"])
            sign = "+" if not points.shown.startswith("-") else ""
            score = f"{sign}{points.shown.replace('-', '−')}"
            figures.append(
                (words.say(f"cluster.by_{cause}"), words.say("cluster.places", places=signed(row[cause]), score=score))
            )
    figures.append((words.say("cluster.rank_now", **names), str(row["rank"])))
    if row["previous_rank"] is not None:
        figures.append((words.say("compare.previous_rank", **names), str(row["previous_rank"])))
    return figures
