"""What pages say of a metric of which one economy has most, and of another metric far less (METHOD 7)."""

from collections.abc import Mapping
from typing import Any

from hubrank.core import one_economy
from hubrank.publishing.metric_names import labels_of_edition
from hubrank.publishing.page_words import Words


def of_one_economy(manifest: Mapping[str, Any], text: Words) -> list[str]:
    """Return a sentence for such metrics of an edition, one for all of which the same is to be said.

    text : of the page.
    """
    labels = labels_of_edition(manifest, text)
    alike: dict[tuple[str, str, float], list[str]] = {}
    for metric, shares in one_economy.of_edition(manifest).items():
        share = text.say("page.share_of", share=text.number(f"{shares['share_pct']:.1f}"), metric=labels[metric])
        key = (shares["economy"], shares["other_metric"], shares["other_share_pct"])
        alike.setdefault(key, []).append(share)
    return [
        text.say(
            "page.of_one_economy",
            shares=text.listed(shares),
            economy=text.economy(economy),
            other_share=text.number(f"{other_share:.1f}"),
            other=labels[other],
        )
        for (economy, other, other_share), shares in alike.items()
    ]
