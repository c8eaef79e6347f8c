"""Whether a cluster is one place or a chain: its diameter, the sites that hold it together, its parts at 12 km."""

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from scipy.sparse import coo_array, csr_array, triu
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels
from hubrank.core import sphere
from hubrank.core.sphere import EARTH_RADIUS_KM, Floats, Ints
from hubrank.core.tables import schema
from hubrank.core.units import share_pct
from hubrank.ranking.scores import ScoredClusters

PARTS_KM = 12
_LEAST_COSINE = 0.2  # to the middle of a cluster, of sites whose farthest two the projection gives exactly
PART_PCT = 1  # of a cluster's listings: less is no part of it
CHAINING_SCHEMA = schema("""
    cluster_id text, diameter_km decimal(9,1), articulation_pct decimal(9,6), parts_12km int?,
    largest_part_12km_pct decimal(9,6)?, noise_12km_pct decimal(9,6)?
""")
CHAINING_KEY = ("cluster_id",)


def chaining(ids: list[str], clusters: ScoredClusters, radius_km: float, finer: Labels | None) -> pa.Table:
    """Return one row per cluster, by label.

    ids : of the clusters; radius_km : of the clusters.
    finer : int32, shape (n,), the cluster of each site at 12 km; None where that was not computed.
    """
    at = clusters.sites
    xyz = sphere.unit_vectors(at.lat_e7, at.lon_e7)
    listings = at.listings.sum(axis=0)
    order = np.argsort(clusters.label, kind="stable")
    starts = np.searchsorted(clusters.label[order], np.arange(len(ids) + 1))
    rows = []
    for label, cluster_id in enumerate(ids):
        members = order[starts[label] : starts[label + 1]]
        cores = members[clusters.dense.clustering.is_core[members]]
        holding = cores[articulation_sites(xyz[cores], radius_km)]
        row: dict[str, Any] = {
            "cluster_id": cluster_id,
            "diameter_km": Decimal(f"{diameter_km(xyz[members]):.1f}"),
            "articulation_pct": share_pct(int(listings[holding].sum()), int(listings[members].sum()) or 1),
        }
        rows.append(row if finer is None else row | _parts(finer[members], listings[members]))
    return pa.Table.from_pylist(rows, CHAINING_SCHEMA)


def _parts(finer: Labels, listings: Ints) -> dict[str, Any]:
    total = int(listings.sum())
    names, number = np.unique(finer, return_inverse=True)
    sums = np.zeros(len(names), np.int64)
    np.add.at(sums, number, listings)
    by_name = dict(zip(names.tolist(), sums.tolist(), strict=True))
    noise = by_name.pop(NOISE, 0)
    return {
        "parts_12km": sum(100 * part >= PART_PCT * total for part in by_name.values()),
        "largest_part_12km_pct": share_pct(max(by_name.values(), default=0), total or 1),
        "noise_12km_pct": share_pct(noise, total or 1),
    }


def diameter_km(xyz: Floats) -> float:
    """Return the largest distance of two sites; xyz : float64, shape (n, 3), n ≥ 1.

    The farthest two are corners of the hull, in a projection in which great circles are straight lines. Where sites
    reach beyond its hemisphere, the farthest from a site is the nearest to its antipode.
    """
    if len(xyz) == 1:
        return 0.0
    centre = xyz.mean(axis=0)
    if sphere.dot(xyz, centre).min() < _LEAST_COSINE:
        gap = cKDTree(xyz).query(-xyz)[0].min()
        return float(EARTH_RADIUS_KM * (np.pi - 2 * np.arcsin(gap / 2)))
    centre /= np.sqrt((centre * centre).sum())
    east = np.cross([0.0, 0.0, 1.0] if abs(centre[2]) < 0.9 else [1.0, 0.0, 0.0], centre)
    east /= np.sqrt((east * east).sum())
    axes = (east, np.cross(centre, east))
    plane = np.column_stack([sphere.dot(xyz, axis) for axis in axes]) / sphere.dot(xyz, centre)[:, None]
    hull = shapely.get_coordinates(shapely.MultiPoint(plane).convex_hull)
    corners = cKDTree(plane).query(hull)[1]
    chord = pdist(xyz[np.unique(corners)]).max(initial=0.0)
    return float(2 * EARTH_RADIUS_KM * np.arcsin(min(chord / 2, 1.0)))


def articulation_sites(xyz: Floats, radius_km: float) -> Ints:
    """Return the rows of the sites without which the others are linked less: steps of at most the radius.

    xyz : float64, shape (n, 3). Computed on a sparse part of the graph with the same articulation points: a
    breadth-first forest, and any forest of what it leaves (Cheriyan, Kao & Thurimella 1993, SIAM Journal on Computing
    22, 157–174).
    """
    count = len(xyz)
    pairs = cKDTree(xyz).query_pairs(np.sqrt(sphere.chord2(radius_km)), output_type="ndarray")
    graph = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(count, count)).tocsr()
    first = _forest(graph)
    second = np.column_stack(minimum_spanning_tree(_without(graph, first)).nonzero())
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for one, other in np.concatenate([first, second]).tolist():
        neighbours[one].append(other)
        neighbours[other].append(one)
    return np.array(_articulation(neighbours), np.int64)


def _forest(graph: csr_array) -> Ints:
    """Return the edges of a breadth-first forest, int64, shape (edges, 2)."""
    symmetric = graph + graph.T
    _, component = connected_components(symmetric, directed=False)
    roots = np.unique(component, return_index=True)[1]
    edges = []
    for root in roots.tolist():
        reached, before = breadth_first_order(symmetric, root, directed=False)
        edges.append(np.column_stack([before[reached[1:]], reached[1:]]).astype(np.int64))
    return np.concatenate(edges) if edges else np.empty((0, 2), np.int64)


def _without(graph: csr_array, edges: Ints) -> csr_array:
    low, high = edges.min(axis=1), edges.max(axis=1)
    taken = coo_array((np.ones(len(edges), np.int8), (low, high)), shape=graph.shape).tocsr()
    rest = triu(graph - taken, k=1).tocsr()
    rest.eliminate_zeros()
    return rest


def _articulation(neighbours: list[list[int]]) -> list[int]:
    """Return the articulation points of a graph, ascending (Tarjan 1972), without recursion."""
    count = len(neighbours)
    seen, low, parent = [-1] * count, [0] * count, [-1] * count
    points: set[int] = set()
    clock = 0
    for root in range(count):
        if seen[root] >= 0:
            continue
        seen[root] = low[root] = clock
        clock += 1
        children = 0
        stack = [(root, iter(neighbours[root]))]
        while stack:
            node, rest = stack[-1]
            other = next(rest, None)
            if other is None:
                stack.pop()
                if stack:
                    above = stack[-1][0]
                    low[above] = min(low[above], low[node])
                    if above != root and low[node] >= seen[above]:
                        points.add(above)
                continue
            if seen[other] < 0:
                parent[other] = node
                children += node == root
                seen[other] = low[other] = clock
                clock += 1
                stack.append((other, iter(neighbours[other])))
            elif other != parent[node]:
                low[node] = min(low[node], seen[other])
        if children > 1:
            points.add(root)
    return sorted(points)
