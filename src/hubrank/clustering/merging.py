"""clusters → merged clusters: neighbours that are each other's strongest partner become one (METHOD 4)."""

from fractions import Fraction

import numpy as np
import pyarrow as pa

from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels, by_weight
from hubrank.clustering.gaps import gaps
from hubrank.clustering.merge_pairs import merge_near, merge_strongest
from hubrank.clustering.record_clusters import RecordOverlap
from hubrank.core.sphere import Ints
from hubrank.counting.sites import Sites
from hubrank.study.study import Merging


def merging(sites: Sites, label: Labels, weight: Ints, choice: Merging, overlap: RecordOverlap) -> Labels:
    """Merge clusters and number them anew by weight.

    label : int32, shape (n,). Clusters before merging.
    overlap : used only where a pair is near enough and the study wants the strongest link.
    """
    count = int(label.max(initial=NOISE)) + 1
    near = gaps(sites.lat_e7, sites.lon_e7, label, gap_km=choice.gap_km)
    pairs = list(zip(near.a.tolist(), near.b.tolist(), strict=True))
    if pairs and choice.strongest_link:
        group = merge_strongest(count, pairs, _strengths(*overlap.for_labels(sites, label)))
    else:
        group = merge_near(count, pairs)
    return by_weight(label, weight, np.asarray(group, np.int32))


def _strengths(links: pa.Table, world: dict[str, int]) -> list[tuple[int, int, Fraction]]:
    """Return link strengths: shared records over the records of the world, per metric; the parts add up later."""
    rows = zip(*(links[name].to_pylist() for name in ("metric", "a", "b", "records")), strict=True)
    return [(a, b, Fraction(records, world[metric])) for metric, a, b, records in rows]
