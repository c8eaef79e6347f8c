"""What clusters hold, once all listings are added up: their records, and units by economy, field and year."""

from collections.abc import Mapping
from dataclasses import dataclass

from hubrank.core.sphere import Ints
from hubrank.core.tables import Relation, schema

CELLS_SCHEMA = schema("metric text, cluster int?, economy text?, field text?, year int?, units int")


@dataclass(frozen=True, slots=True, eq=False)
class MetricRecords:
    """What the records of one metric add up to.

    records, with_partners : int64, shape (clusters,). Those with a listing in each cluster; and of these, with a
        located listing outside, in a cluster or not.
    squares, parts : per cluster, the sum of squares of what each record gives it, as it is counted; and as a fraction.
    crossed : per cluster, the sum of what each record gives it times what the record weighs, wherever it is.
    world : the sum of squares of what each located record weighs.
    pairs : of clusters a < b that share records, in ascending order. shared, products : per pair, how many records
        are in both, and the sum of products of what each gives to both.
    """

    records: Ints
    with_partners: Ints
    squares: list[int]
    parts: list[int]
    crossed: list[int]
    world: int
    pairs: list[tuple[int, int]]
    shared: list[int]
    products: list[int]


@dataclass(frozen=True, slots=True)
class ClusterRecords:
    """What clusters hold.

    rounded : Relation of every located listing, coordinates rounded.
    labels : Relation[lat_e7, lon_e7, cluster]: the sites that lie in a cluster.
    of_metric : by metric, what its records add up to.
    cells : Relation[CELLS_SCHEMA]: few rows, whatever the number of records; noise has no cluster.
    """

    rounded: Relation
    labels: Relation
    of_metric: Mapping[str, MetricRecords]
    cells: Relation
