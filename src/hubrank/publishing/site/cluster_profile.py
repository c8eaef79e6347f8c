"""The profile of a cluster: its leading organisations and fields, where they tell something."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow.compute as pc

from hubrank.publishing.site.ranking_rows import cell
from hubrank.publishing.site.site_content import SiteContent
from hubrank.ranking.tables.profiles import NONE

LONGEST = 10
KINDS = ("organisation", "field")
LEAST_PCT = Decimal(1)  # of the first item: below, a list is dust
Item = tuple[str, str, float]
Lists = list[tuple[str, list[Item]]]


def profiles(content: SiteContent) -> dict[str, list[tuple[str, Lists]]]:
    """Return, per cluster and metric, the leading items of its lists: name, share, and width of its bar in percent."""
    groups: dict[tuple[str, str, str], list[Mapping[str, Any]]] = defaultdict(list)
    if "profiles" in content.tables:
        table = content.tables["profiles"]
        for row in table.filter(pc.less_equal(table["rank_in_cluster"], LONGEST)).to_pylist():
            groups[row["cluster_id"], row["metric"], row["kind"]].append(row)
    unnamed = content.words.say("profiles.unnamed")
    return {
        row.cluster_id: [
            (metric, lists)
            for metric in content.study.metrics
            if (lists := _lists(groups, row.cluster_id, metric, content.words.number, unnamed))
        ]
        for row in content.rows
    }


def _lists(
    groups: Mapping[tuple[str, str, str], list[Mapping[str, Any]]],
    cluster: str,
    metric: str,
    number: Callable[[str], str] = str,
    unnamed: str = NONE,
) -> Lists:
    lists = []
    for kind in KINDS:
        rows = sorted(groups.get((cluster, metric, kind), []), key=lambda row: row["rank_in_cluster"])
        if _says_something([row["share_pct"] for row in rows]) and {row["name"] for row in rows} != {NONE}:
            most = rows[0]["share_pct"]
            lists.append(
                (
                    kind,
                    [
                        (
                            unnamed if row["name"] == NONE else row["name"],
                            number(cell(row["share_pct"], 1).shown),
                            round(float(100 * row["share_pct"] / most), 1),
                        )
                        for row in rows
                    ],
                )
            )
    return lists


def _says_something(shares: Sequence[Decimal]) -> bool:
    """Return whether a list is more than dust: its first share is no trifle, and not all are equal."""
    return bool(shares) and shares[0] >= LEAST_PCT and (len(shares) == 1 or len(set(shares)) > 1)
