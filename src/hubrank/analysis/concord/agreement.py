"""How far a ranking agrees with a published list: correlation of ranks, overlap of the first, and row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.analysis.concord.cluster_lists import read_list, read_ranking
from hubrank.analysis.concord.listed import ListedCluster
from hubrank.analysis.concord.pairs import same_clusters
from hubrank.analysis.robustness.variants import BASE
from hubrank.core.edition import Edition, areas_note, load
from hubrank.core.tables import schema

OVERLAPS = (10, 50, 100)
CONCORD_SCHEMA = """
    listed_rank int?, listed_cluster text?, cluster_id text?, cluster text?, rank int?, difference int?,
    within_interval bool?, variant text?, variant_rank int?
"""
Variants = dict[str, list[tuple[str, int]]]


@dataclass(frozen=True, slots=True, eq=False)
class Concord:
    """A ranking against a list.

    table : one row per row of the list, in its order, then the clusters of the ranking that are missing in it; columns
        of CONCORD_SCHEMA, and two for each share that both have.
    listed, matched : rows of the list, and how many are a cluster of the ranking.
    ranked : of the matched rows, those that have a rank in the list.
    spearman, kendall : of their ranks; None where fewer than three have one.
    overlaps : (first ranks, listed among them, matched among the first of the ranking).
    shares : the columns that both have.
    columns : of the list that were read: what it calls them, by what they were read as.
    left_out : its rows of totals, each with its name and line.
    edition : that has the ranking; None of a ranking as CSV.
    """

    ranking: str
    published: str
    table: pa.Table
    listed: int
    matched: int
    ranked: int
    spearman: float | None
    kendall: float | None
    overlaps: tuple[tuple[int, int, int], ...]
    shares: tuple[str, ...]
    columns: Mapping[str, str]
    left_out: tuple[str, ...] = ()
    edition: Edition | None = None

    @property
    def note(self) -> str:
        """The note that every figure must carry, "" where none."""
        return str(self.edition.manifest.get("note", "")) if self.edition else ""

    @property
    def ranks_areas(self) -> bool:
        """Whether the ranking is of areas in place of clusters."""
        return bool(self.edition and areas_note(self.edition.manifest))


def concord(ranking: Path, published: Path, encoding: str | None = None, names: str | None = None) -> Concord:
    """Compare an edition, or a ranking as CSV, with a published list.

    encoding : of the published list, where it is text; None guesses it.
    names : the column of names of the published list; None takes the one of which most rows are a cluster of the
        ranking.
    Raises StudyError and DataError as `read_list` and `read_ranking` do.
    """
    here = read_ranking(ranking)
    table = read_list(published, here, encoding, names)
    there = table.clusters
    pairs = same_clusters(here, there)
    listed_shares = {name for each in there for name in each.shares}
    shares = tuple(dict.fromkeys(name for each in here for name in each.shares if name in listed_shares))
    is_edition = ranking.is_dir() or ranking.name == "edition.json"
    opened = load(ranking) if is_edition else None
    variants = {} if opened is None else _variants(opened)
    rows = [
        _row(each, None if at is None else here[at], shares, variants) for each, at in zip(there, pairs, strict=True)
    ]
    last = max((each.rank for each in there if each.rank is not None), default=0)
    taken = {at for at in pairs if at is not None}
    rows += [
        _row(None, each, shares, variants)
        for at, each in enumerate(here)
        if at not in taken and each.rank is not None and each.rank <= last
    ]
    ranks = [
        (each.rank, here[at].rank)
        for each, at in zip(there, pairs, strict=True)
        if at is not None and each.rank is not None
    ]
    spearman, kendall = _correlations(ranks)
    return Concord(
        ranking=ranking.name,
        published=published.name,
        table=pa.Table.from_pylist(rows, _schema(shares)),
        listed=len(there),
        matched=len(taken),
        ranked=len(ranks),
        spearman=spearman,
        kendall=kendall,
        overlaps=tuple(_overlap(first, there, pairs, here) for first in OVERLAPS if first <= max(last, OVERLAPS[0])),
        shares=shares,
        columns=table.columns,
        left_out=table.left_out,
        edition=opened,
    )


def _schema(shares: Sequence[str]) -> pa.Schema:
    columns = "".join(f", {name} share?, listed_{name} share?, difference_{name} share?" for name in shares)
    return schema(CONCORD_SCHEMA.strip() + columns)


def _variants(opened: Edition) -> Variants:
    """Return, per cluster of an edition, its rank in each variant of the method."""
    ranks: Variants = {}
    if (opened.folder / "tables" / "variants.parquet").exists():
        for row in opened.table("variants").to_pylist():
            if row["rank"] is not None and row["variant"] != BASE:
                ranks.setdefault(row["cluster_id"], []).append((row["variant"], row["rank"]))
    return ranks


def _row(
    there: ListedCluster | None, here: ListedCluster | None, shares: Sequence[str], variants: Variants
) -> dict[str, Any]:
    """Return one row of the table; `there` or `here` is None where only the other list has the cluster."""
    listed = None if there is None else there.rank
    rank = None if here is None else here.rank
    row: dict[str, Any] = {
        "listed_rank": listed,
        "listed_cluster": None if there is None else there.cluster,
        "cluster_id": None if here is None else here.cluster_id,
        "cluster": None if here is None else here.cluster,
        "rank": rank,
    }
    if here is not None and listed is not None and rank is not None:
        row["difference"] = listed - rank
        row["within_interval"] = None if here.interval is None else here.interval[0] <= listed <= here.interval[1]
        row |= _explained(listed, rank, variants.get(here.cluster_id, []))
    for name in shares:
        ours, theirs = (None if each is None else each.shares.get(name) for each in (here, there))
        row |= {name: _shown(ours), f"listed_{name}": _shown(theirs)}
        row[f"difference_{name}"] = None if ours is None or theirs is None else _shown(ours - theirs)
    return row


def _shown(share: Decimal | None) -> Decimal | None:
    return None if share is None else share.quantize(Decimal("0.000001"))


def _explained(listed: int, rank: int, variants: list[tuple[str, int]]) -> dict[str, Any]:
    """Return the variant of the method that brings the rank nearest to the list's, if one brings it nearer at all."""
    best = min(variants, key=lambda each: (abs(each[1] - listed), each[0]), default=None)
    if best is None or abs(best[1] - listed) >= abs(rank - listed):
        return {}
    return {"variant": best[0], "variant_rank": best[1]}


def _correlations(ranks: Sequence[tuple[int, int | None]]) -> tuple[float | None, float | None]:
    """Return Spearman's rho and Kendall's tau-b; None where they are not defined."""
    from scipy.stats import kendalltau, spearmanr  # noqa: PLC0415 (a second, for this command only)

    first, second = [each for each, _ in ranks], [each for _, each in ranks]
    if len(ranks) < 3 or len(set(first)) == 1 or len(set(second)) == 1:
        return None, None
    return round(float(spearmanr(first, second).statistic), 6), round(float(kendalltau(first, second).statistic), 6)


def _overlap(
    first: int, there: Sequence[ListedCluster], pairs: Sequence[int | None], here: Sequence[ListedCluster]
) -> tuple[int, int, int]:
    among = [at for each, at in zip(there, pairs, strict=True) if each.rank is not None and each.rank <= first]
    ranks = (here[at].rank for at in among if at is not None)
    return first, len(among), sum(rank is not None and rank <= first for rank in ranks)
