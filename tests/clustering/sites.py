"""Towns on the sphere, drawn by seed: over poles and the antimeridian, on grids, in heaps."""

import numpy as np

from hubrank.core import sphere


def towns(seed, radius_km, *, most=600):
    """Return lat_e7, lon_e7, weight: a few towns some radii wide, some of them in awkward places."""
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(1, most)), int(rng.integers(1, 6))
    centre = rng.uniform([-85, -180], [85, 180], (k, 2))
    centre[0] = [(90, 0), (-90, 0), (89.9, 45), tuple(centre[0])][seed % 4]
    centre[-1, 1] = 180 if seed % 3 else centre[-1, 1]
    wide = radius_km / 111.2 * rng.choice([0.3, 1, 2, 4])
    place = centre[rng.integers(0, k, n)]
    squeeze = np.maximum(np.cos(np.radians(place[:, 0])), 0.02)
    place = place + rng.normal(0, wide, (n, 2)) / np.column_stack([np.ones(n), squeeze])
    lat, lon = np.clip(place[:, 0], -90, 90), (place[:, 1] + 180) % 360 - 180
    step = int(rng.choice([1, 10_000, 100_000]))
    lat, lon = sphere.round_to(sphere.to_e7(lat), sphere.to_e7(lon), step)
    again = rng.integers(0, n, n // 5)  # some places come twice
    lat, lon = np.concatenate([lat, lat[again]]), np.concatenate([lon, lon[again]])
    return lat, lon, rng.integers(0, 9, len(lat))


def vectors(lon_lat):
    """Return unit vectors of longitudes and latitudes in degrees, shape (n, 2)."""
    lon, lat = np.radians(lon_lat).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
