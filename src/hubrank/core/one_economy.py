"""Metrics of which one economy has most, and of another metric far less, as the records of one office (METHOD 7)."""

from collections.abc import Iterator, Mapping
from typing import Any

from hubrank.core import countries
from hubrank.core.units import half_even

MOST_PCT = 80  # of a metric, at least, in one economy
OTHER_PCT = 60  # of another metric, less than this there: all others have twice as much of it or more
Shares = dict[str, Any]


def of_units(units: Mapping[str, Mapping[str, int]]) -> dict[str, Shares]:
    """Return, by metric, the economy that has most of it and too little of another metric; only where there is one.

    units : per metric, what lies in each economy.
    """
    totals = {metric: sum(of.values()) for metric, of in units.items()}
    result = {}
    for metric, of in units.items():
        economy = max(of, key=lambda code: (of[code], code), default="")
        others = {
            name: (units[name].get(economy, 0), total) for name, total in totals.items() if total and name != metric
        }
        if not economy or not others or 100 * of[economy] < MOST_PCT * totals[metric]:
            continue
        least, (part, whole) = min(others.items(), key=lambda other: other[1][0] / other[1][1])
        if 100 * part < OTHER_PCT * whole:
            result[metric] = {
                "economy": economy,
                "share_pct": float(half_even(100 * of[economy], totals[metric], 1)),
                "other_metric": least,
                "other_share_pct": float(half_even(100 * part, whole, 1)),
            }
    return result


def of_edition(manifest: Mapping[str, Any]) -> dict[str, Shares]:
    """Return, by metric, what edition.json says of it, for those that score."""
    metrics = manifest.get("metrics", {})
    return {name: each["one_economy"] for name, each in metrics.items() if "one_economy" in each}


def sentences(by_metric: Mapping[str, Shares], labels: Mapping[str, str]) -> Iterator[str]:
    """Yield what the screen says of each metric."""
    for metric, row in by_metric.items():
        yield (
            f"{row['share_pct']} % of {labels[metric]} lie in one economy, {countries.name(row['economy'])}, against "
            f"{row['other_share_pct']} % of {labels[row['other_metric']]}, as in the records of one national office: "
            f"ranks across economies are not comparable, and no rank is called firm; ranks within one economy are "
            f"comparable"
        )
