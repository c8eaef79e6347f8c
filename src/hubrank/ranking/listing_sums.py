"""Listings in clusters → what clusters hold: what their records add up to, and units by economy, field and year.

All of it is added up in the one pass over the listings in which an edition writes them (METHOD 4, 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.keyed_sums import KeyedSums
from hubrank.core.sphere import Ints
from hubrank.core.tables import Engine, Relation
from hubrank.ranking.cluster_records import CELLS_SCHEMA, ClusterRecords
from hubrank.ranking.record_sums import RecordSums

_FIELD_BITS = 32
_NO_YEAR = -(2**31)

# Where rows of a record are apart, they are brought together.
TOGETHER = """
SELECT record_key, COALESCE(CAST(cluster AS BIGINT), {clusters}) AS cluster, units, listings
FROM rounded LEFT JOIN labels USING (lat_e7, lon_e7) WHERE metric = '{metric}' ORDER BY record_key
"""


class ListingSums:
    """Adds up the listings of a study as they come, shard by shard.

    metrics : of the study. clusters : how many; the number behind the last is that of no cluster.
    full : as of RecordSums.
    """

    __slots__ = ("_apart", "_cells", "_clusters", "_full", "_sums")

    def __init__(self, metrics: Sequence[str], clusters: int, *, full: bool) -> None:
        self._clusters, self._full, self._apart, self._cells = clusters, full, set[str](), _Cells(clusters)
        self._sums = {metric: RecordSums(clusters, full=full) for metric in metrics}

    def begin(self, metric: str, label: Ints, economy: pa.Array, *, contiguous: bool) -> "ShardSums":
        """Return what takes the rows of the next shard; all of the one before are taken.

        label : int64, the cluster of each of its places. economy : string, of each of these.
        contiguous : whether the rows of each record follow each other.
        """
        if not contiguous:
            self._apart.add(metric)
        self._sums[metric].end()
        return ShardSums(self._sums[metric], self._cells, self._cells.of_places(metric, label, economy))

    def finished(self, rounded: Relation, labels: Relation, engine: Engine) -> ClusterRecords:
        """Return what all listings add up to. rounded, labels : as of ClusterRecords."""
        for metric in self._apart:
            self._sums[metric] = self._together(metric, rounded, labels, engine)
        cells = engine.load(iter([self._cells.table()]), CELLS_SCHEMA)
        return ClusterRecords(rounded, labels, {metric: sums.all() for metric, sums in self._sums.items()}, cells)

    def _together(self, metric: str, rounded: Relation, labels: Relation, engine: Engine) -> RecordSums:
        """Add up the records of a metric again, in their order, which the engine brings about."""
        sums = RecordSums(self._clusters, full=self._full)
        sql = TOGETHER.format(clusters=self._clusters, metric=metric)
        for batch in engine.batches(sql, rounded=rounded, labels=labels):
            sums.add(batch["record_key"], *(batch[name].to_numpy() for name in ("cluster", "units", "listings")))
        return sums


@dataclass(frozen=True, slots=True, eq=False)
class ShardSums:
    """Adds up the rows of one shard. place : int64, the number of each of its places in the cells."""

    records: RecordSums
    cells: "_Cells"
    place: Ints

    def add(self, rows: pa.Table, cluster: Ints) -> None:
        """Take located rows in their order. cluster : int64, of each row.

        rows : Table[record_key, place, year, field, units, listings], each column in one piece.
        """
        units, listings, place = (rows[name].to_numpy() for name in ("units", "listings", "place"))
        self.records.add(_whole(rows["record_key"]), cluster, units, listings)
        self.cells.add(self.place[place], _whole(rows["field"]), _whole(rows["year"]), units)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


class _Cells:
    """Units by metric, cluster, economy, field and year. clusters : how many."""

    __slots__ = ("_clusters", "_fields", "_places", "_units")

    def __init__(self, clusters: int) -> None:
        self._clusters, self._units = clusters, KeyedSums(1)
        self._places: dict[tuple[str, int, str | None], int] = {}
        self._fields: dict[str | None, int] = {}

    def of_places(self, metric: str, label: Ints, economy: pa.Array) -> Ints:
        """Return a number for each place: one for a metric, cluster and economy."""
        code = economy.dictionary_encode(null_encoding="encode")
        spelled = code.dictionary.to_pylist()
        both, place = np.unique(code.indices.to_numpy() * (self._clusters + 1) + label, return_inverse=True)
        which = [divmod(each, self._clusters + 1) for each in both.tolist()]
        keys = [(metric, cluster, spelled[nth]) for nth, cluster in which]
        return np.array([self._places.setdefault(key, len(self._places)) for key in keys], np.int64)[place]

    def add(self, place: Ints, field: pa.Array, year: pa.Array, units: Ints) -> None:
        """Add units to the cells of rows. place : as `of_places` returns it."""
        if field.null_count == len(field):
            of_field: Ints | int = self._fields.setdefault(None, len(self._fields))
        else:
            code = field.dictionary_encode(null_encoding="encode")
            numbers = [self._fields.setdefault(text, len(self._fields)) for text in code.dictionary.to_pylist()]
            of_field = np.array(numbers, np.int64)[code.indices.to_numpy()]
        years = pc.fill_null(year.cast(pa.int64()), _NO_YEAR).to_numpy()
        self._units.add(place << _FIELD_BITS | of_field, years, units.reshape(-1, 1))

    def table(self) -> pa.Table:
        """Return Table[CELLS_SCHEMA]."""
        key, year, units = self._units.rows()
        places, fields = list(self._places), list(self._fields)
        of = [places[each] for each in (key >> _FIELD_BITS).tolist()]
        columns = {
            "metric": [metric for metric, _, _ in of],
            "cluster": [None if cluster == self._clusters else cluster for _, cluster, _ in of],
            "economy": [economy for _, _, economy in of],
            "field": [fields[each] for each in (key & ((1 << _FIELD_BITS) - 1)).tolist()],
            "year": [None if each == _NO_YEAR else each for each in year.tolist()],
            "units": units[:, 0],
        }
        return pa.table(columns, CELLS_SCHEMA)
