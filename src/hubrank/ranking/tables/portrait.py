"""What stands beside a ranking: profiles, concentration, partners, economies, top shares, intensity (METHOD 8, 9).

One call gives every table of it, with the columns that each is sorted by.
"""

from collections.abc import Sequence

import pyarrow as pa

from hubrank.clustering import record_clusters
from hubrank.core.tables import Engine, Relation
from hubrank.ranking.rank_clusters import RankedClusters
from hubrank.ranking.tables import concentration, economies, intensity, partners, profiles, top_shares

Keyed = tuple[pa.Table, tuple[str, ...]]


def by_records(
    ranked: RankedClusters,
    rounded: Relation,
    labels: Relation,
    belonging: Relation,
    factors: Sequence[int],
    engine: Engine,
) -> dict[str, Keyed]:
    """Return the tables that need the records: profiles, fields, concentration, records, links, partners.

    rounded : Relation of every located listing, coordinates rounded.
    labels : Relation[lat_e7, lon_e7, cluster], the sites that lie in a cluster.
    belonging : Relation[metric, record_key, cluster, units, records], as `members.members` returns it.
    factors : per metric, what one unit scores.
    """
    world = profiles.fields(rounded, engine)
    profiled = profiles.profiles(ranked, rounded, labels, world, engine)
    counted = partners.cluster_records(ranked, rounded, belonging, engine)
    linked = partners.links(ranked, record_clusters.links(belonging, engine))
    return {
        "profiles": (profiled, profiles.KEY),
        "fields": (world, profiles.FIELDS_KEY),
        "concentration": (concentration.concentration(profiled, ranked, factors), concentration.KEY),
        "cluster_records": (counted, partners.CLUSTER_RECORDS_KEY),
        "links": (linked, partners.LINKS_KEY),
        "partners": (partners.main_partners(linked, counted), partners.PARTNERS_KEY),
    }


def by_clusters(
    ranked: RankedClusters, points: pa.Table, people: Sequence[int], source: str, top: int
) -> dict[str, Keyed]:
    """Return the tables that need clusters and points only: economies, their output, top_shares, leaders, intensity.

    points : columns metric, lat_e7, lon_e7, economy, units.
    people : inhabitants of each cluster, from `source` (intensity.GAZETTEER or intensity.RASTER).
    top : how many ranks count as the top, beside ten.
    """
    return {
        "economies": (economies.counts(ranked, top), economies.COUNTS_KEY),
        "economy_output": (economies.output(ranked, points, top), economies.OUTPUT_KEY),
        "top_shares": (top_shares.top_shares(ranked, (top_shares.TOPS[0], top)), top_shares.TOP_SHARES_KEY),
        "leaders": (top_shares.leaders(ranked), top_shares.LEADERS_KEY),
        "intensity": (intensity.intensity(ranked, people, source), intensity.KEY),
    }
