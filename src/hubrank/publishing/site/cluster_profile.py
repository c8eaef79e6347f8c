"""The profile of a cluster: organisations, fields, years, economies and partners."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.publishing.site.ranking_rows import cell
from hubrank.publishing.site.site_content import SiteContent

LONGEST = 10
KINDS = ("organisation", "field", "year", "economy")
PARTNERS = "partner"
Item = tuple[str, str, str]
Lists = list[tuple[str, list[Item]]]


def profiles(content: SiteContent) -> dict[str, list[tuple[str, Lists]]]:
    """Return, per cluster and metric, leading items of its profile and partners: name, link, share in percent."""
    tables, metrics = content.tables, content.study.metrics
    names = {row.cluster_id: row.cluster for row in content.rows}
    items: dict[tuple[str, str], dict[str, list[Item]]] = defaultdict(dict)
    for cluster, metric, kind, item in [*_traits(tables), *_partners(tables, names)]:
        items[cluster, metric].setdefault(kind, []).append(item)
    return {
        cluster: [(metric, list(items[cluster, metric].items())) for metric in metrics if (cluster, metric) in items]
        for cluster in names
    }


def _traits(tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, str, str, Item]]:
    if "profiles" not in tables:
        return
    table = tables["profiles"]
    leading = table.filter(pc.or_(pc.less_equal(table["rank_in_cluster"], LONGEST), pc.equal(table["kind"], "year")))
    ordered = leading.to_pylist()
    ordered.sort(
        key=lambda row: (KINDS.index(row["kind"]), row["name"] if row["kind"] == "year" else "", row["rank_in_cluster"])
    )
    for row in ordered:
        yield row["cluster_id"], row["metric"], row["kind"], (row["name"], "", cell(row["share_pct"]).shown)


def _partners(tables: Mapping[str, pa.Table], names: Mapping[str, str]) -> Iterator[tuple[str, str, str, Item]]:
    rows = tables["partners"].to_pylist() if "partners" in tables else []
    for row in sorted(rows, key=lambda row: row["rank_in_cluster"]):
        if row["rank_in_cluster"] <= LONGEST:
            partner = row["partner_id"]
            item = (
                names.get(partner, partner),
                f"{partner}.html" if partner in names else "",
                cell(row["share_pct"]).shown,
            )
            yield row["cluster_id"], row["metric"], PARTNERS, item
