"""What the table's columns are called and mean, and the choices that an edition was made with."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hubrank.publishers.site.citing import citations
from hubrank.study import Study

SETTINGS = ("clusters", "points", "merging", "ranking", "windows")
Heading = tuple[str, str, str]  # column, label, and "up" or "down" where it holds numbers: how it is sorted first


def columns(row: Mapping[str, Any], metrics: Sequence[str]) -> list[Heading]:
    """Return the headings of the table, given any row of the ranking."""
    interval = [("rank_low", "may be", "up"), ("rank_high", "interval", "up")] if row.get("rank_low") else []
    return [
        ("rank", "rank", "up"),
        *interval,
        ("change", "change", "down"),
        ("cluster", "cluster", ""),
        ("economies", "economies", ""),
        ("score_pct", "score %", "down"),
        *((f"{metric}_share_pct", f"{metric} %", "down") for metric in metrics),
        ("score_pct_per_million", "score % per million people", "down"),
    ]


def told(study: Study, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page about method, columns and sources shows."""
    return {
        "settings": list(_settings(facts)),
        "dictionary": list(_dictionary(study.metrics)),
        "sources": facts["sources"],
        "citations": citations(facts),
    }


def _settings(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for section in SETTINGS:
        for key, value in sorted(facts["study"].get(section, {}).items()):
            yield f"[{section}] {key}", _written(value)
    yield "listings within the radius that make a site dense", f"{facts['threshold_listings']:,}"


def _written(value: Any) -> str:  # noqa: ANN401 (a setting)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_written(item)}" for key, item in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _dictionary(metrics: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield "rank", "place by exact score; ties go to the larger sum of units, then to the id"
    yield (
        "may be",
        "rank_low–rank_high: marginal confidence set for the rank; errors of locating and choices are not in it",
    )
    yield "change", "rank of the previous edition's records under this method, minus the rank now: up is positive"
    yield "cluster, economies", "named after its heaviest places; every economy with at least 1 % of its score"
    yield "score %", "M × Σ w·share / Σ w: with equal weights the sum of the shares of the world"
    for metric in metrics:
        yield f"{metric} %", f"share of the world's located {metric}, fractional counting"
    yield "score % per million people", "score over the people inside the outline"
