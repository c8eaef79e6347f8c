"""Land of the Earth: Natural Earth 1:110m (public domain), packaged by scripts/compile_coastlines.py."""

import gzip
import json
from functools import cache
from importlib.resources import files

import numpy as np
from shapely.geometry import Polygon


@cache
def land() -> tuple[Polygon, ...]:
    """Return the land in degrees, the largest first."""
    packed = json.loads(gzip.decompress(files("hubrank.core").joinpath("coastlines.json.gz").read_bytes()))
    step = packed["step"]
    return tuple(
        Polygon(outer, holes)
        for outer, *holes in (
            [np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / float(step) for ring in polygon]
            for polygon in packed["land"]
        )
    )
