"""outlines × raster → population: the people of the cells that an outline covers, cut cells in part (METHOD 9).

For grids of people per cell such as GHS-POP (GeoTIFF); needs the extra `raster`.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from hubrank.core.errors import DataError, StudyError

_STEP_DEG = 0.01  # a straight edge in degrees is not straight on another map: it is bent at least every kilometre


def raster_population(shapes: Sequence[BaseGeometry], raster: Path) -> list[int | None]:
    """Return the people inside each outline, rounded half to even; None where no cell with data lies in it.

    shapes : Polygon or MultiPolygon in degrees (WGS 84), longitude first.
    raster : GeoTIFF whose first band counts people per cell, in any projection; cells without data count nobody.
    Raises StudyError where the extra is not installed, DataError where the file is no such raster.
    """
    with opened_raster(raster) as grid:
        from exactextract import exact_extract  # noqa: PLC0415 (the extra may not be there)

        features = [_feature(shape) for shape in _projected(shapes, grid.crs)]
        sums = exact_extract(grid, features, ["sum", "count"]) if features else []
    return [_whole(**row["properties"]) for row in sums]


def opened_raster(raster: Path) -> Any:  # noqa: ANN401 (rasterio's)
    """Open a raster. Raises as `raster_population` does."""
    try:
        import exactextract  # noqa: F401, PLC0415 (the extra may not be there)
        import rasterio  # noqa: PLC0415 (the same)
    except ImportError as error:
        raise StudyError(
            f"[population] raster needs {error.name}, which is not installed: pip install 'hubrank[raster]'. "
            f"Without it, leave raster out of the study: the gazetteer's figures are used."
        ) from None
    try:
        opened = rasterio.open(raster)
    except rasterio.errors.RasterioIOError as error:
        raise DataError(f"[population] raster {raster} cannot be read: {error}. Is it a GeoTIFF?") from None
    if not opened.crs:
        raise DataError(f"[population] raster {raster} does not state its projection. Use one that does.")
    return opened


def _projected(shapes: Sequence[BaseGeometry], crs: Any) -> list[BaseGeometry]:  # noqa: ANN401 (rasterio's)
    """Draw outlines on the map of the raster."""
    turn = Transformer.from_crs(CRS.from_epsg(4326), CRS.from_wkt(crs.to_wkt()), always_xy=True)
    dense = (shapely.segmentize(shape, _STEP_DEG) for shape in shapes)
    return [shapely.transform(shape, lambda xy: np.column_stack(turn.transform(*xy.T))) for shape in dense]


def _feature(shape: BaseGeometry) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(shape))}


def _whole(sum: float | None, count: float) -> int | None:  # noqa: A002 (exactextract's)
    """Return a sum of cells as people; None where the outline covers no cell with data."""
    return round(sum) if sum is not None and count and np.isfinite(sum) else None
