"""A ranking and a published list as tables: which columns are read, and which rows are no clusters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hubrank.analysis.concord.list_columns import with_known_columns
from hubrank.analysis.concord.listed import ListedCluster, city_keys, is_share, listed_cluster
from hubrank.analysis.concord.pairs import same_clusters
from hubrank.core import edition
from hubrank.core.errors import DataError, StudyError
from hubrank.ranking.count_table import numbers
from hubrank.ranking.count_table.cells import Cells, cells
from hubrank.sources.totals import is_called_total

_READ = ("rank", "cluster", "economies", "cluster_id", "geonames_ids", "lat", "lon", "rank_low", "rank_high")


@dataclass(frozen=True, slots=True)
class ClusterList:
    """The rows of a list, in order, and how its table was read.

    columns : what the table itself calls each column that was read, by what it was read as.
    left_out : the rows of totals, each with its name and where it stands.
    """

    clusters: list[ListedCluster]
    columns: Mapping[str, str]
    left_out: tuple[str, ...] = ()


def read_ranking(path: Path) -> list[ListedCluster]:
    """Return the clusters of an edition, or of a ranking as CSV or Parquet, in order.

    Raises StudyError and DataError as `read_list` does, DataError where a row has no rank.
    """
    if path.is_dir() or path.name == "edition.json":
        source = cells(edition.load(path).table("ranking"))
        clusters = _read(source).clusters
    else:
        source, _ = numbers.with_names(with_known_columns(cells(path)), None)
        clusters = _read(source).clusters
    if any(each.rank is None for each in clusters):
        raise DataError(f"{path.name}: a row has no rank; the first table is the ranking, the second the list.")
    return clusters


def read_list(
    path: Path, ranking: Sequence[ListedCluster], encoding: str | None = None, names: str | None = None
) -> ClusterList:
    """Return the clusters of a CSV or Parquet file with a column of ranks and one of names.

    names : the column of names; None takes the one of which most rows are a cluster of the ranking, whatever it is
        called; where none is, `cluster`, else the first column with another text in each row.
    Raises StudyError where there is no such file, DataError where a column is missing or a cell is no number.
    """
    table = with_known_columns(cells(path, encoding))
    source, _ = numbers.with_names(table, names or _column_of_clusters(table, ranking))
    return _read(source)


def _column_of_clusters(table: Cells, ranking: Sequence[ListedCluster]) -> str | None:
    """Return the column of which most rows are a cluster of a ranking; of several `cluster`, else the first.

    It names each row but those of totals. A cluster is that of one row, so that a country's or region's name in many
    rows says no more than in one.
    """
    cells_of = list(table.columns.values())
    rows = [
        row
        for row in range(len(table.places))
        if not any(isinstance(column[row], str) and is_called_total(column[row].strip()) for column in cells_of)
    ]
    matched = {name: _matched(table, name, rows, ranking) for name in table.columns if _names_rows(table, name, rows)}
    best = max(matched, key=lambda name: (matched[name], name == numbers.CLUSTER), default=None)
    return best if best is not None and matched[best] else None


def _names_rows(table: Cells, name: str, rows: Sequence[int]) -> bool:
    """Say whether a column has a name in each of some rows, with letters in most."""
    column = [table.columns[name][row] for row in rows]
    words = [cell for cell in column if isinstance(cell, str) and any(map(str.isalpha, cell))]
    is_other = name in ("economies", "cluster_id", "rank")
    return not is_other and 2 * len(words) > len(column) and all(city_keys(str(cell or "")) for cell in column)


def _matched(table: Cells, name: str, rows: Sequence[int], ranking: Sequence[ListedCluster]) -> int:
    """Return how many of some rows are a cluster of a ranking where a column has their names."""
    columns = {other: table.columns[other] for other in (name, "economies") if other in table.columns}
    source = replace(table, columns=columns).renamed(name, numbers.CLUSTER)
    return sum(at is not None for at in same_clusters(ranking, [listed_cluster(source, row) for row in rows]))


def _read(source: Cells) -> ClusterList:
    if "rank" not in source.columns:
        raise DataError(
            f"{source.name} has no column 'rank'; it has: {source.has}. A list needs a column of ranks (rank, Rang, "
            f"順位), one of names, and economies (codes or names, joined by /) where names are not unique."
        )
    totals = _totals(source)
    left_out = tuple(f"{name!r} ({source.places[row]})" for row, name in totals.items())
    source = source.without(totals)
    if not source.places:
        raise StudyError(f"{source.name} has no rows: there is nothing to compare with.")
    columns = {name: source.as_written(name) for name in source.columns if name in _READ or is_share(name)}
    return ClusterList([listed_cluster(source, row) for row in range(len(source.places))], columns, left_out)


def _totals(source: Cells) -> dict[int, str]:
    """Return the rows of totals with their names: by the name of the cluster, or by another word where it has none."""
    totals = numbers.rows_of_totals(source)
    for row, name in enumerate(source.columns[numbers.CLUSTER]):
        words = [str(column[row]).strip() for column in source.columns.values() if isinstance(column[row], str)]
        if not str(name or "").strip() and (total := next(filter(is_called_total, words), None)):
            totals[row] = total
    return dict(sorted(totals.items()))
