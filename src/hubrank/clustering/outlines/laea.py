"""Lambert's azimuthal equal-area projection of the sphere, in km (Snyder 1987, USGS PP 1395, pp. 185-186)."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from hubrank.core.sphere import EARTH_RADIUS_KM, Floats, dot

_FARTHEST = 2 * EARTH_RADIUS_KM  # where the antipode of the centre lies


@dataclass(frozen=True, slots=True, eq=False)
class Laea:
    """A projection whose axes are unit vectors: the centre of the map, its east and its north."""

    centre: Floats
    east: Floats
    north: Floats

    @classmethod
    def around(cls, xyz: Floats) -> Self:
        """Centre the map on the mean of unit vectors, shape (n, 3); on the first one where they cancel out."""
        mean = xyz.sum(axis=0)
        length = float(np.sqrt((mean * mean).sum()))
        x, y, z = mean / length if length > 1e-6 * len(xyz) else xyz[0]
        across = float(np.sqrt(x * x + y * y))
        sin, cos = (y / across, x / across) if across > 1e-12 else (0.0, 1.0)
        return cls(np.array([x, y, z]), np.array([-sin, cos, 0.0]), np.array([-z * cos, -z * sin, across]))

    def forward(self, xyz: Floats) -> Floats:
        """Return map coordinates in km, shape (n, 2), of unit vectors."""
        scale = EARTH_RADIUS_KM * np.sqrt(2 / np.maximum(1 + dot(xyz, self.centre), 1e-15))
        return np.column_stack([dot(xyz, self.east) * scale, dot(xyz, self.north) * scale])

    def inverse(self, xy: Floats) -> Floats:
        """Return unit vectors, shape (n, 3), of map coordinates in km."""
        r2 = np.minimum((xy**2).sum(axis=1), _FARTHEST**2) / EARTH_RADIUS_KM**2
        sideways = xy / EARTH_RADIUS_KM * np.sqrt(1 - r2 / 4)[:, None]
        ahead = np.outer(1 - r2 / 2, self.centre)
        xyz: Floats = ahead + sideways[:, :1] * self.east + sideways[:, 1:] * self.north
        return xyz


def lon_lat(xyz: Floats) -> Floats:
    """Return longitudes and latitudes in degrees, shape (n, 2), of unit vectors, by extended precision."""
    x, y, z = xyz.T.astype(np.longdouble)
    radians = np.column_stack([np.arctan2(y, x), np.arctan2(z, np.sqrt(x * x + y * y))])
    return np.asarray(np.degrees(radians), np.float64)
