"""GeoTIFF → Parquet of lat, lon, people; GeoPackage → Parquet of areas. This alone needs the extra `geo`."""

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hubrank.acquisition.manifest import Manifest
from hubrank.acquisition.provider import Fetched, RemoteFile
from hubrank.core.errors import DataError
from hubrank.core.files import atomic_file

ROWS = 512  # of a raster that are read at a time
_PEOPLE = pa.schema([("lat", pa.float64()), ("lon", pa.float64()), ("people", pa.float64())])
_GENERAL = "GENERAL_CHARACTERISTICS"  # the layer of GHS-UCDB with names and outlines
_WITHOUT = "Not turned into Parquet: this needs {name}, which is not installed (pip install 'hubrank[geo]')."


def converted(fetched: Fetched, manifest: Manifest, convert: Callable[[Path, Path], None]) -> Fetched:
    """Turn each zip into a Parquet file next to it, unless that is there; say what is missing where it cannot be."""
    unchanged = fetched.unchanged
    for path in fetched.files:
        target, source = path.with_suffix(".parquet"), manifest.files[path.name]
        before = manifest.files.get(target.name, {})
        if before.get("made_from") == source["sha256"] and target.exists():
            unchanged += 1
            continue
        try:
            convert(path, target)
        except ImportError as error:
            return replace(fetched, remarks=(*fetched.remarks, _WITHOUT.format(name=error.name)))
        manifest.add(target, RemoteFile(target.name, ""), source["address"], made_from=source["sha256"])
    tables = tuple(path.with_suffix(".parquet") for path in fetched.files)
    return replace(fetched, files=(*fetched.files, *tables), unchanged=unchanged)


def people(archive: Path, target: Path) -> None:
    """Write the cells of a raster that contain people: latitude and longitude of their centres in degrees."""
    import rasterio  # noqa: PLC0415 (the extra may not be there)
    from rasterio.windows import Window  # noqa: PLC0415

    with rasterio.open(_member(archive, ".tif")) as raster:
        _expect_degrees(raster.crs, archive)
        with atomic_file(target) as out, pq.ParquetWriter(out, _PEOPLE, compression="zstd") as table:
            for top in range(0, raster.height, ROWS):
                window = Window(0, top, raster.width, min(ROWS, raster.height - top))
                table.write_table(_cells(raster.read(1, window=window), raster.nodata, raster.transform, top))


def areas(archive: Path, target: Path) -> None:
    """Write the polygons of a GeoPackage in degrees (WGS 84) with all of their attributes, as GeoParquet."""
    import pyogrio  # noqa: PLC0415 (the extra may not be there)
    import shapely  # noqa: PLC0415
    from pyproj import Transformer  # noqa: PLC0415

    path = _member(archive, ".gpkg")
    layers = [str(name) for name, _ in pyogrio.list_layers(path)]
    layer = next((name for name in layers if _GENERAL in name), layers[0])
    meta, table = pyogrio.read_arrow(path, layer=layer)
    column = meta.get("geometry_name") or "wkb_geometry"
    shapes = shapely.from_wkb(table[column].to_numpy(zero_copy_only=False))
    degrees = Transformer.from_crs(meta["crs"], "EPSG:4326", always_xy=True)
    moved = shapely.transform(shapes, lambda xy: np.column_stack(degrees.transform(xy[:, 0], xy[:, 1])))
    geometry = pa.array(shapely.to_wkb(moved), pa.binary())
    table = table.drop_columns([column]).append_column("geometry", geometry)
    kinds = sorted({shape.geom_type for shape in moved if shape is not None})
    geo = {"primary_column": "geometry", "version": "1.1.0"}
    columns = {"geometry": {"encoding": "WKB", "geometry_types": kinds}}  # without a CRS: degrees of WGS 84
    table = table.replace_schema_metadata({"geo": json.dumps(geo | {"columns": columns})})
    with atomic_file(target) as out:
        pq.write_table(table, out, compression="zstd")


def _cells(values: Any, nodata: float | None, transform: Any, top: int) -> pa.Table:  # noqa: ANN401 (rasterio's)
    inhabited = values > 0
    if nodata is not None:
        inhabited &= values != nodata
    rows, columns = np.nonzero(inhabited)
    lon = transform.c + transform.a * (columns + 0.5)
    lat = transform.f + transform.e * (rows + top + 0.5)
    return pa.table([lat, lon, values[rows, columns].astype(np.float64)], schema=_PEOPLE)


def _expect_degrees(crs: Any, archive: Path) -> None:  # noqa: ANN401 (rasterio's)
    if crs is None or not crs.is_geographic:
        raise DataError(f"{archive.name}: the raster is not in degrees. Use the edition in WGS 84 (…_4326_30ss_…).")


def _member(archive: Path, suffix: str) -> str:
    """Return how GDAL calls the first file of a kind in a zip."""
    with zipfile.ZipFile(archive) as opened:
        names: Iterator[str] = (name for name in opened.namelist() if name.lower().endswith(suffix))
        name = next(names, None)
    if name is None:
        raise DataError(f"{archive.name} contains no {suffix} file. Its layout has changed.")
    return f"/vsizip/{archive.absolute()}/{name}"
