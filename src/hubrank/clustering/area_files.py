"""A file of areas → areas: GeoJSON, GeoParquet, Parquet of WKB in degrees; GeoPackage, shapefiles (extra `geo`)."""

import json
import zipfile
from collections.abc import Callable
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from hubrank.clustering.areas import Areas, Shapes
from hubrank.clustering.outlines.rings import areas_km2, cut_at_antimeridian
from hubrank.clustering.repaired_areas import repair
from hubrank.core.errors import DataError, StudyError
from hubrank.core.remote import InputFile

_WGS84 = "OGC:CRS84"
_SLACK_DEG = 1e-6  # corners that rounding put beyond a pole or the antimeridian
_PARTS = (".shx", ".dbf", ".prj", ".cpg")  # of a shapefile, with the .shp
_HALF_TURN_DEG, _WHOLE_TURN_DEG = 180, 359.999


def read_areas(path: Path, code: str, name: str | None) -> Areas:
    """Read areas.

    code, name : the columns, or properties, that hold the code of each and what it is called (None: its code).
    Raises DataError naming what cannot be used, StudyError where an extra is not installed.
    """
    rows, solid, crs = _reader(path)(path)
    shapes = shapely.force_2d(solid)  # heights have no part in where a place lies
    for column in (code, *([] if name is None else [name])):
        if rows and column not in rows[0]:
            has = ", ".join(rows[0]) or "none (those of a shapefile are in a file .dbf next to it)"
            raise DataError(f"[areas] {path.name} has no column {column!r}; it has: {has}.")
    if not rows:
        raise DataError(f"[areas] {path.name} contains no area.")
    codes = [_text(row[code]) for row in rows]
    names = [_text(row[name or code]) or each for row, each in zip(rows, codes, strict=True)]
    _expect_codes(codes, path)
    _expect_polygons(codes, shapes, path)
    moved = _in_degrees(shapes, crs, path)
    _expect_degrees(codes, moved, path)
    order = sorted(range(len(codes)), key=codes.__getitem__)
    codes, names = ([texts[i] for i in order] for texts in (codes, names))
    valid, repaired = repair(codes, names, moved[order])
    _expect_polygons(codes, valid, path)
    return Areas(tuple(codes), tuple(names), valid, areas_km2(valid), repaired)


Read = tuple[list[dict[str, Any]], Shapes, Any]


def _reader(path: Path) -> Callable[[Path], Read]:
    readers = {
        ".geojson": _geojson,
        ".json": _geojson,
        ".parquet": _parquet,
        ".geoparquet": _parquet,
        ".gpkg": _by_gdal,
        ".shp": _by_gdal,
        ".zip": _by_gdal,
    }
    if (reader := readers.get(path.suffix.lower())) is None:
        how = (
            "A table without outlines holds no areas: name the file with their outlines"
            if path.suffix.lower() in (".csv", ".tsv", ".xlsx", ".xls", ".ods")
            else f"Save it as one, for example: ogr2ogr areas.geojson {path.name}"
        )
        raise DataError(
            f"[areas] {path.name} is not GeoJSON (.geojson), GeoParquet (.parquet), GeoPackage (.gpkg) or a shapefile "
            f"(.shp, or all of its files in a .zip). {how}."
        )
    return reader


def parts_of(path: InputFile) -> list[InputFile]:
    """Return the files that areas are read from: of a shapefile also those with its codes, names and projection."""
    if not isinstance(path, Path) or path.suffix.lower() != ".shp":
        return [path]
    files = (each for each in path.parent.iterdir() if each.stem == path.stem)
    return [path, *sorted(each for each in files if each.suffix.lower() in _PARTS)]


def _geojson(path: Path) -> Read:
    try:
        text = path.read_bytes()
        content = json.loads(text)
        rows = [dict(feature["properties"] or {}) for feature in content["features"]]
        shapes = _from_geojson(text, content["features"])
        stated = content.get("crs")  # as GeoJSON of 2008 had it
        crs = stated["properties"]["name"] if stated else None
    except UnicodeDecodeError as error:
        raise DataError(
            f"[areas] {path.name} is not UTF-8, as GeoJSON has to be: byte {error.start:,} is "
            f"0x{error.object[error.start]:02x}. Save it as UTF-8; it may be Windows-1252 (Latin-1)."
        ) from None
    except (KeyError, TypeError, AttributeError, ValueError, shapely.GEOSException) as error:
        raise DataError(
            f"[areas] {path.name} is no GeoJSON FeatureCollection: {type(error).__name__} {error}."
        ) from None
    return rows, shapes, crs


def _from_geojson(text: bytes, features: list[dict[str, Any]]) -> Shapes:
    """Return the shapes of features; one by one where some are missing, which takes longer."""
    if features and all(feature["geometry"] for feature in features):
        return np.array(shapely.get_parts(shapely.from_geojson(text)), object)
    texts = [json.dumps(feature["geometry"]) if feature["geometry"] else None for feature in features]
    return np.array(shapely.from_geojson(texts), object)


def _parquet(path: Path) -> Read:
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(f"[areas] {path.name} is no Parquet: {error}.") from None
    geo = json.loads((table.schema.metadata or {}).get(b"geo", b"{}"))
    binary = [
        field.name for field in table.schema if pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type)
    ]
    column = geo.get("primary_column") or ("geometry" if "geometry" in binary or len(binary) != 1 else binary[0])
    if column not in binary:
        raise DataError(f"[areas] {path.name} has no column of shapes (WKB) called {column!r}.")
    crs = geo.get("columns", {}).get(column, {}).get("crs", _WGS84)
    return table.drop_columns([column]).to_pylist(), _from_wkb(table[column], path), crs


def _by_gdal(path: Path) -> Read:
    try:
        import pyogrio  # noqa: PLC0415 (the extra may not be there)
    except ImportError as error:
        raise StudyError(
            f"[areas] {path.name} needs {error.name}, which is not installed: pip install 'hubrank[geo]'. "
            f"GeoJSON and GeoParquet need nothing: ogr2ogr areas.geojson {path.name} writes the first."
        ) from None
    try:
        meta, table = pyogrio.read_arrow(_in_archive(path) if path.suffix.lower() == ".zip" else path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise DataError(f"[areas] {path.name} cannot be read: {error}.") from None
    column = meta.get("geometry_name") or "wkb_geometry"
    return table.drop_columns([column]).to_pylist(), _from_wkb(table[column], path), meta["crs"]


def _in_archive(path: Path) -> str:
    """Return how GDAL calls the only shapefile or GeoPackage in a zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith((".shp", ".gpkg"))]
    except zipfile.BadZipFile as error:
        raise DataError(f"[areas] {path.name} is no zip: {error}.") from None
    if len(names) != 1:
        listed = ": " + ", ".join(sorted(names)[:5]) if names else ""
        raise DataError(
            f"[areas] {path.name} contains {len(names)} shapefiles or GeoPackages{listed}; expected one. Unpack it "
            f"and name one file."
        )
    return f"/vsizip/{path.absolute()}/{names[0]}"


def _from_wkb(column: pa.ChunkedArray, path: Path) -> Shapes:
    try:
        return np.array(shapely.from_wkb(column.to_pylist()), object)
    except shapely.GEOSException as error:
        raise DataError(f"[areas] {path.name}: a shape is no WKB: {error}.") from None


def _in_degrees(shapes: Shapes, crs: Any, path: Path) -> Shapes:  # noqa: ANN401 (a name, or PROJJSON)
    """Bring shapes to longitude and latitude; None, for a crs, is degrees already."""
    try:
        turn = Transformer.from_crs(CRS.from_user_input(crs or _WGS84), _WGS84, always_xy=True)
    except CRSError as error:
        raise DataError(f"[areas] {path.name} states a projection that is unknown: {error}.") from None
    if turn.definition.startswith("proj=noop"):
        return shapes
    moved: Shapes = shapely.transform(
        shapely.orient_polygons(shapes), lambda xy: np.column_stack(turn.transform(xy[:, 0], xy[:, 1]))
    )
    over = _edges_over_antimeridian(moved)
    moved[over] = [cut_at_antimeridian(shape) for shape in moved[over]]
    return moved


def _edges_over_antimeridian(shapes: Shapes) -> NDArray[np.bool_]:
    """Tell which shapes have an edge longer than half a turn; one of a whole turn belongs to a map of the world."""
    rings, shape = shapely.get_rings(shapes, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    step = np.abs(np.diff(corners[:, 0]))
    over = (step > _HALF_TURN_DEG) & (step < _WHOLE_TURN_DEG) & (np.diff(ring) == 0)
    return np.bincount(shape[ring[1:][over]], minlength=len(shapes)).astype(bool)


def _text(value: object) -> str:
    """Return a code or name as text: 2.0 is 2, nothing and not-a-number are empty."""
    if isinstance(value, float) and isnan(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _expect_codes(codes: list[str], path: Path) -> None:
    seen: dict[str, int] = {}
    for number, each in enumerate(codes, start=1):
        if not each:
            raise DataError(
                f"[areas] {path.name}: area number {number:,} has no code. Name a column as id that each area has."
            )
        if each in seen:
            raise DataError(
                f"[areas] {path.name}: areas number {seen[each]:,} and {number:,} have the code {each!r}. Name a "
                f"column as id that differs in every area, or join what is one area into one MultiPolygon."
            )
        seen[each] = number


def _expect_polygons(codes: list[str], shapes: Shapes, path: Path) -> None:
    for code, shape in zip(codes, shapes, strict=True):
        if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon) or shape.is_empty:
            kind = "nothing" if shape is None or shape.is_empty else shape.geom_type
            raise DataError(f"[areas] {path.name}: {code!r} is drawn as {kind}; expected a Polygon or MultiPolygon.")


def _instead(shapes: Shapes) -> str:
    """Return what to do about shapes that are in no degrees: exchange the two where they are then."""
    south, west, north, east = shapely.total_bounds(shapes)
    if max(-west, east) <= 180 + _SLACK_DEG and max(-south, north) <= 90 + _SLACK_DEG:
        return "Latitude and longitude look exchanged: put the longitude first in the file, as GeoJSON does."
    return "Use a file that states its projection (GeoParquet, GeoPackage, a shapefile with .prj), or one in WGS 84."


def _expect_degrees(codes: list[str], shapes: Shapes, path: Path) -> None:
    over = _edges_over_antimeridian(shapes)
    for code, shape, is_over in zip(codes, shapes, over, strict=True):
        west, south, east, north = shape.bounds
        if max(-west, east) > 180 + _SLACK_DEG or max(-south, north) > 90 + _SLACK_DEG or not np.isfinite(west):
            raise DataError(
                f"[areas] {path.name}: {code!r} reaches from {west:g}, {south:g} to {east:g}, {north:g}, which are no "
                f"degrees, the longitude first. {_instead(shapes)}"
            )
        if is_over:
            raise DataError(
                f"[areas] {path.name}: {code!r} has an edge from one side of the antimeridian to the other, which goes "
                f"around the world. Cut the area at the antimeridian (RFC 7946, 3.1.9)."
            )
