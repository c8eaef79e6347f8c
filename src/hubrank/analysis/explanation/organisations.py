"""Where an organisation is: the clusters in which records name it, with its output there (METHOD 8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.analysis.explanation import files
from hubrank.analysis.explanation.answer import RankingEntry
from hubrank.core.edition import SIMULATED, Edition
from hubrank.core.units import counted, counts_for_reading, shown_count
from hubrank.geocoding.text.normalise import plain
from hubrank.ranking.tables.profiles import INDIVIDUAL, NONE
from hubrank.study.study_file import study_of

MOST_LINES, MOST_CLUSTERS = 10, 5  # in sentences


@dataclass(frozen=True, slots=True)
class Output:
    """What an organisation has in a cluster of one metric.

    label : what the metric is called; count : records, in parts where several share one.
    share_pct : of what the cluster has; rank_in_cluster : among the organisations of the cluster.
    """

    organisation: str
    cluster: RankingEntry
    metric: str
    label: str
    count: Decimal
    share_pct: Decimal | None
    rank_in_cluster: int


@dataclass(frozen=True, slots=True)
class Organisation:
    """The output of an organisation by cluster and metric, the largest first.

    name : as it was given; output : of every organisation that is called so, or whose name has all of its words.
    place : the place that the name can also mean; "" where none, or where nothing is there.
    ranked : what is ranked: "cluster", or "area".
    """

    name: str
    output: tuple[Output, ...]
    note: str = ""
    place: str = ""
    ranked: str = "cluster"

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        rows = [
            {
                "organisation": row.organisation,
                "cluster_id": row.cluster.cluster_id,
                "cluster": row.cluster.name,
                "economies": row.cluster.economies,
                "rank": row.cluster.rank,
                "metric": row.metric,
                "count": float(row.count),
                "share_pct": None if row.share_pct is None else float(row.share_pct),
                "rank_in_cluster": row.rank_in_cluster,
            }
            for row in self.output
        ]
        return {"organisation": self.name, "output": rows, "note": self.note, "place": self.place}

    def sentences(self) -> Iterator[str]:
        """Yield the same in words, a sentence for each organisation and metric, the largest first."""
        if self.note:
            yield self.note
        lines: dict[tuple[str, str], list[Output]] = {}
        for row in self.output:
            lines.setdefault((row.organisation, row.metric), []).append(row)
        for (name, _), rows in list(lines.items())[:MOST_LINES]:
            more = f"; {counted(len(rows) - MOST_CLUSTERS, f'more {self.ranked}')}" if len(rows) > MOST_CLUSTERS else ""
            each = [row.count for row in rows]
            total, *counts = counts_for_reading([sum(each, Decimal(0)), *each])
            shown = list(zip(rows, counts, strict=True))[:MOST_CLUSTERS]
            parts = "; ".join(_part(row, count, self.ranked) for row, count in shown)
            yield f"{name}: {total} {rows[0].label}: {parts}{more}."
        if len(lines) > MOST_LINES:
            yield f"{counted(len(lines) - MOST_LINES, 'more line')} of organisations with these words; --json has all."
        if len({row.organisation for row in self.output}) > 1:
            yield "Names that are written differently are counted apart, though they may be one organisation."
        yield (
            f"Counted are records that name the organisation, in the {self.ranked}s where their listings lie; what "
            f"lies in no {self.ranked} is not listed."
        )
        if self.place:
            yield f'The name can also mean a place: ask for "{self.place}".'


def organisation(edition: Edition, name: str, *, whole: bool = False) -> Organisation | None:
    """Return the output of an organisation of an edition's profiles; None where none has such a name.

    whole : leave out organisations whose name has more words.
    """
    words = plain(name).split()
    table = edition.table("profiles")
    table = table.filter(pc.equal(table["kind"], "organisation"))
    names = set(pc.unique(table["name"]).to_pylist()) - {NONE, INDIVIDUAL}
    words_of = {each: plain(each).split() for each in sorted(names)}
    same = [each for each, parts in words_of.items() if parts == words]
    longer = [] if whole else [each for each, parts in words_of.items() if words and set(words) <= set(parts)]
    matches = same or longer
    if not matches:
        return None
    entries = files.ranked(edition)
    rows = table.filter(pc.is_in(table["name"], pa.array(matches))).to_pylist()
    output = [
        Output(
            row["name"],
            entries[row["cluster_id"]],
            row["metric"],
            edition.labels[row["metric"]],
            shown_count(row["units"]),
            row["share_pct"],
            row["rank_in_cluster"],
        )
        for row in rows
    ]
    output.sort(key=lambda row: (-row.count, row.organisation, row.cluster.rank))
    total: dict[tuple[str, str], Decimal] = {}
    for row in output:
        total[row.organisation, row.metric] = total.get((row.organisation, row.metric), Decimal(0)) + row.count
    output.sort(key=lambda row: (-total[row.organisation, row.metric], row.organisation, row.metric))
    ranked = "area" if study_of(edition.manifest).ranks_areas else "cluster"
    return Organisation(name, tuple(output), SIMULATED if edition.synthetic else "", ranked=ranked)


def _part(row: Output, count: str, ranked: str) -> str:
    share = "" if row.share_pct is None else f", {row.share_pct:.1f} % of the {ranked}'s"
    cluster = row.cluster
    where = f"{cluster.name} ({cluster.economies}, rank {cluster.rank})"
    return f"in {where} {count}{share} (number {row.rank_in_cluster} there)"
