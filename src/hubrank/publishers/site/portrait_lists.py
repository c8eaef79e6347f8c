"""What stands on the page of a cluster beside its map."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.publishers.site.ranking_rows import cell

LONGEST = 10
KINDS = {"organisation": "Organisations", "field": "Fields", "year": "Years", "economy": "Economies"}
Item = tuple[str, str, str]
Lists = list[tuple[str, list[Item]]]


def lists(tables: Mapping[str, pa.Table], metrics: Sequence[str]) -> dict[str, list[tuple[str, Lists]]]:
    """Return, per cluster and metric, the heads of its profile and its partners: name, link, share in percent."""
    names = {row["cluster_id"]: row["cluster"] for row in tables["ranking"].to_pylist()}
    found: dict[tuple[str, str], dict[str, list[Item]]] = defaultdict(dict)
    for cluster, metric, kind, item in [*_traits(tables), *_partners(tables, names)]:
        found[cluster, metric].setdefault(kind, []).append(item)
    return {
        cluster: [(metric, list(found[cluster, metric].items())) for metric in metrics if (cluster, metric) in found]
        for cluster in names
    }


def _traits(tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, str, str, Item]]:
    if "profiles" not in tables:
        return
    table = tables["profiles"]
    heads = table.filter(pc.or_(pc.less_equal(table["place"], LONGEST), pc.equal(table["kind"], "year")))
    ordered = heads.to_pylist()
    kinds = list(KINDS)
    ordered.sort(key=lambda row: (kinds.index(row["kind"]), row["name"] if row["kind"] == "year" else "", row["place"]))
    for row in ordered:
        yield row["cluster_id"], row["metric"], KINDS[row["kind"]], (row["name"], "", cell(row["share_pct"]).shown)


def _partners(tables: Mapping[str, pa.Table], names: Mapping[str, str]) -> Iterator[tuple[str, str, str, Item]]:
    rows = tables["partners"].to_pylist() if "partners" in tables else []
    for row in sorted(rows, key=lambda row: row["place"]):
        if row["place"] <= LONGEST:
            partner = row["partner_id"]
            item = (
                names.get(partner, partner),
                f"{partner}.html" if partner in names else "",
                cell(row["share_pct"]).shown,
            )
            yield row["cluster_id"], row["metric"], "Partners (share of records)", item


def figures(row: Mapping[str, Any], doubts: Mapping[str, Any] | None, metrics: Sequence[str]) -> list[tuple[str, str]]:
    """Return what is told of a cluster in numbers."""
    told = [
        (f"{metric}", f"{cell(row[metric]).shown} ({cell(row[f'{metric}_share_pct']).shown} % of the world)")
        for metric in metrics
    ]
    if row.get("previous_rank") is not None:
        told.append(("rank before, under this method", str(row["previous_rank"])))
    if row.get("population"):
        told.append(
            (
                "population",
                f"{row['population']:,} ({row['population_source']}{', indicative' if row['indicative'] else ''})",
            )
        )
        told += [(f"{metric} per million", cell(row[f"{metric}_per_million"]).shown) for metric in metrics]
        told.append(
            ("score % per million", f"{cell(row['score_pct_per_million'], 3).shown} (rank {row['intensity_rank']})")
        )
    if doubts:
        told.append(
            ("ranks that hold for all clusters at once", f"{doubts['simultaneous_low']}–{doubts['simultaneous_high']}")
        )
        told.append(("told apart from the next", "no" if doubts["tied_with_next"] else "yes"))
    return told
