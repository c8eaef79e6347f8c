"""What pages say of a metric of which one economy has most, and of another metric far less (METHOD 7)."""

from collections.abc import Mapping
from typing import Any

from hubrank.core import edition, one_economy
from hubrank.publishing.site.page_words import Words


def of_one_economy(manifest: Mapping[str, Any], text: Words) -> list[str]:
    """Return a sentence for each such metric of an edition. text : of the page."""
    labels = {name: text.label(label) for name, label in edition.labels(manifest).items()}
    return [
        text.say(
            "page.of_one_economy",
            share=text.number(f"{shares['share_pct']:.1f}"),
            metric=labels[metric],
            economy=text.economy(shares["economy"]),
            other_share=text.number(f"{shares['other_share_pct']:.1f}"),
            other=labels[shares["other_metric"]],
        )
        for metric, shares in one_economy.of_edition(manifest).items()
    ]
