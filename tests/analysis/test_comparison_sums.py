"""Decompositions of random pairs of editions, each step compared with a plain count over all pairs of sites."""

import os
import random
from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest

from fixtures_editions import EditionFactory
from hubrank.analysis import comparison
from hubrank.analysis.comparison.cluster_area import area_labels, nearest_within
from hubrank.analysis.comparison.decomposition import rank_path
from hubrank.core import sphere
from hubrank.core.sphere import E7
from hubrank.core.units import UNIT

PAIRS = 500 if os.environ.get("HUBRANK_PROOF") else 40
METRICS = ("patents", "deals")


def random_records(rng, towns, count, start):
    records = []
    for number in range(start, start + count):
        lat, lon = rng.choice(towns)
        places = [
            (lat + rng.randint(-3, 3) / 100, lon + rng.randint(-3, 3) / 100) for _ in range(rng.choice((1, 1, 1, 2, 3)))
        ]
        records.append((rng.choice(METRICS), f"r{number}", places))
    return records


def random_method(rng):
    weights = {name: rng.choice((0, 1, 1, 2, 0.5)) for name in METRICS}
    return {
        "clusters": {"radius_km": rng.choice((3, 5, 8)), "min_listings": rng.randint(2, 6)},
        "merging": {"gap_km": rng.choice((0, 2, 6)), "strongest_link": False},
        "ranking": {"weights": weights if any(weights.values()) else {"patents": 1, "deals": 1}},
        "points": {"round_deg": rng.choice((0.01, 0.01, 0.02))},
        "metrics": METRICS,
    }


def random_pair(factory, seed):
    """Return two editions: some records in both, towns that come and go; half of the pairs under one method."""
    rng = random.Random(seed)
    towns = [(48 + rng.randint(0, 40) / 100, 2 + rng.randint(0, 40) / 100) for _ in range(6)]
    common = random_records(rng, towns, rng.randint(10, 30), 0)
    method = random_method(rng)
    later = random_method(rng) if rng.random() < 0.5 else method
    old = common + random_records(rng, towns[:4], 15, 100)
    new = common + random_records(rng, towns[2:], 15, 200)
    return factory.edition(old, "1", **method), factory.edition(new, "2", **later)


class Plain:
    """An edition's records under a method, computed by looking at every pair of sites."""

    def __init__(self, records, method):
        self.method, self.units, self.listings = method, defaultdict(lambda: [0, 0]), defaultdict(int)
        for row in records.edition.listings().to_pylist():
            step = method.points.step_e7
            site = tuple((2 * row[name] + step) // (2 * step) * step for name in ("lat_e7", "lon_e7"))
            self.units[site][METRICS.index(row["metric"])] += row["units"]
            self.listings[site] += row["listings"]
        self.sites = sorted(self.units)
        vectors = sphere.unit_vectors(*(np.array(axis, np.int64) for axis in zip(*self.sites, strict=True)))
        self.where = dict(zip(self.sites, vectors.tolist(), strict=True))
        self.cores = [
            s for s in self.sites if sum(self.listings[o] for o in self.sites if self.near(s, o)) >= self.least
        ]
        self.clusters = self.merged(self.components(self.cores, method.clusters.radius_km))

    @property
    def least(self):
        return self.method.clusters.min_listings

    def apart2(self, one, other):
        (a, b, c), (x, y, z) = self.vector(one), self.vector(other)
        return (a - x) * (a - x) + (b - y) * (b - y) + (c - z) * (c - z)

    def vector(self, site):
        if site not in self.where:
            self.where[site] = sphere.unit_vectors(*(np.array([axis], np.int64) for axis in site))[0].tolist()
        return self.where[site]

    def near(self, one, other, km=None):
        return self.apart2(one, other) <= sphere.chord2(km or self.method.clusters.radius_km)

    def components(self, sites, km):
        groups = []
        for site in sites:
            touched = [group for group in groups if any(self.near(site, other, km) for other in group)]
            groups = [group for group in groups if group not in touched] + [set().union({site}, *touched)]
        return groups

    def core_of(self, site):
        reach = [core for core in self.cores if self.near(site, core)]
        return min(reach, key=lambda core: (self.apart2(site, core), core), default=None)

    def merged(self, groups):
        """Return sets of sites: border sites joined to their nearest core, then neighbours within the gap joined."""
        owner = {core: number for number, group in enumerate(groups) for core in group}
        full = defaultdict(set)
        for site in self.sites:
            core = self.core_of(site)
            if core is not None:
                full[owner[core]].add(site)
        joined = []
        for group in full.values():
            km = self.method.merging.gap_km
            touched = [o for o in joined if any(self.near(s, t, km or 1e-9) for s in group for t in o)]
            joined = [o for o in joined if o not in touched] + [set().union(group, *touched)]
        return joined

    def sites_in_areas(self, other):
        """Return this one's clusters with the sites of other records that lie in their areas."""
        areas = [set() for _ in self.clusters]
        for site in other.sites:
            core = site if site in self.units else self.core_of(site)
            for number, cluster in enumerate(self.clusters):
                if core in cluster:
                    areas[number].add(site)
        return areas

    def ranks(self, clusters, ids):
        """Return the rank of each cluster (sets of sites), by exact fractions."""
        totals = [sum(units[m] for units in self.units.values()) for m in range(2)]
        keys = []
        for cluster, name in zip(clusters, ids, strict=True):
            units = [sum(self.units[site][m] for site in cluster) for m in range(2)]
            weights = [Fraction(self.method.weights[metric]) for metric in METRICS]
            score = sum(Fraction(u, t) * w for u, t, w in zip(units, totals, weights, strict=True) if w)
            keys.append((-score, -sum(units), name))
        return [sorted(keys).index(key) + 1 for key in keys]


def ids_of(ranked, clusters):
    """Return the ids that the ranking gave to these clusters: names are not what is tested here."""
    sites = list(zip(ranked.sites.lat_e7.tolist(), ranked.sites.lon_e7.tolist(), strict=True))
    members = defaultdict(set)
    for site, label in zip(sites, ranked.label.tolist(), strict=True):
        members[label].add(site)
    ids = {frozenset(members[label]): (label, name.cluster_id) for label, name in enumerate(ranked.names)}
    return [ids[frozenset(cluster)] for cluster in clusters]


def by_label(labels, ranks):
    return [rank for _, rank in sorted(zip(labels, ranks, strict=True))]


def plain_ranks(earlier, later):
    """Return the ranks of each of the four steps, by label, and the units of the second, counted plainly."""
    first = Plain(earlier, earlier.study)
    reclustered = Plain(later, earlier.study)
    last = Plain(later, later.study)
    labels, ids = zip(*ids_of(earlier.as_published(), first.clusters), strict=True) if first.clusters else ((), ())
    ranks = [by_label(labels, first.ranks(first.clusters, ids))]
    ranks.append(by_label(labels, reclustered.ranks(first.sites_in_areas(reclustered), ids)))
    for plain, ranked in ((reclustered, later.ranked_by(earlier.study)), (last, later.as_published())):
        named = ids_of(ranked, plain.clusters)
        ranks.append(by_label([n for n, _ in named], plain.ranks(plain.clusters, [i for _, i in named])))
    return ranks


@pytest.fixture(scope="module")
def factory(tmp_path_factory):
    editions = EditionFactory(tmp_path_factory.mktemp("pairs"))
    with editions.engine:
        yield editions


@pytest.mark.parametrize("seed", range(PAIRS))
def test_three_differences_add_up_to_the_whole_and_each_step_is_a_plain_count(factory, seed):
    earlier, later = random_pair(factory, seed)
    steps = plain_ranks(earlier, later)
    path = rank_path(earlier, later)
    assert [list(state.rank) for state in path.states] == steps
    rows = [row for row in comparison.compared([earlier, later]).table.to_pylist() if row["rank"]]
    for row in rows:
        parts = [row[name] for name in ("data", "boundary", "method")]
        assert (None in parts) == (parts == [None] * 3) == (row["move"] is None)
        if None not in parts:
            assert sum(parts) == row["move"] == row["rank_before"] - row["rank"]
            scores = sum(row[f"score_{name}_pct"] for name in ("data", "boundary", "method"))
            assert scores == row["score_pct"] - row["score_before_pct"]
        if row["kind"] in {"new", "split"}:
            assert (row["rank_before"], row["move"], *parts) == (None,) * 5
    if earlier.study.clusters == later.study.clusters and earlier.study.ranking == later.study.ranking:
        same = earlier.study.points == later.study.points and earlier.study.merging == later.study.merging
        assert not same or {row["method"] for row in rows} <= {0, None}


@pytest.mark.parametrize("seed", range(20))
def test_the_area_of_a_cluster_holds_its_sites(factory, seed):
    edition, _ = random_pair(factory, seed)
    ranked = edition.as_published()
    core = np.flatnonzero(ranked.dense.clustering.is_core)
    xyz = sphere.unit_vectors(ranked.sites.lat_e7, ranked.sites.lon_e7)
    row = nearest_within(xyz[core], xyz, sphere.chord2(edition.study.clusters.radius_km))
    assert (np.where(row >= 0, ranked.label[core[row]], -1) == ranked.label).all()


def test_a_site_between_two_cores_goes_to_the_one_of_lower_latitude_then_longitude(factory):
    ring = [(0.0, 0.1), (0.0, -0.1), (-0.1, 0.0), (0.1, 0.0)]
    records = [("patents", f"{place}{i}", [place]) for place in ring for i in range(3 + ring.index(place))]
    ranked = factory.edition(records, clusters={"radius_km": 12, "min_listings": 3}).as_published()
    middle = np.zeros(1, np.int64)
    (label,) = area_labels(ranked, 12, middle, middle)
    assert (ranked.sites.lat_e7[ranked.label == label].tolist(), ranked.count) == ([-E7 // 10], 4)
    assert area_labels(ranked, 11, middle, middle).tolist() == [-1]


def test_the_rim_of_an_area_is_inside(factory):
    ranked = factory.edition([("patents", f"{i}", [(0.0, 0.0)]) for i in range(3)]).as_published()
    lat, lon = np.array([E7 // 10]), np.zeros(1, np.int64)
    ((x, y, z),) = sphere.unit_vectors(lat, lon) - sphere.unit_vectors(np.zeros(1, np.int64), lon)
    rim2 = x * x + y * y + z * z
    radius_km = 2 * sphere.EARTH_RADIUS_KM * np.arcsin(np.sqrt(rim2) / 2)
    inside, outside = radius_km * (1 + 1e-12), radius_km * (1 - 1e-12)
    assert [area_labels(ranked, km, lat, lon).tolist() for km in (inside, outside)] == [[0], [-1]]
    assert nearest_within(np.array([[1.0, 0, 0]]), sphere.unit_vectors(lat, lon), rim2).tolist() == [0]


def test_the_units_of_test_records_are_whole(factory):
    edition, _ = random_pair(factory, 0)
    sums = edition.edition.table("located").group_by(["metric", "record_key"]).aggregate([("units", "sum")])
    assert set(sums["units_sum"].to_pylist()) == {UNIT}
