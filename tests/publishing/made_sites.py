"""Sites made of the demonstration's tables: with thousands of clusters, with one, and with none."""

import json
import shutil
from concurrent.futures import Future
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hubrank.publishing import site
from hubrank.publishing.pages import covering_outlines

RANGES = ("rank_", "simultaneous_", "weights_", "method_best", "method_worst", "tied_until", "without_")
BY_CLUSTER = ("ranking", "clusters", "measures", "comparison", "robustness")


def parts(demo):
    """Return tables, shapes, this manifest and the one before of the demonstration."""
    folder = demo / "2025"
    tables = {path.stem: pq.read_table(path) for path in (folder / "tables").glob("*.parquet")}
    tables["located"] = tables["located"].slice(0, 0)
    shapes = {f["id"]: f["geometry"] for f in json.loads((folder / "clusters.geojson").read_text("utf-8"))["features"]}
    manifest, before = (json.loads((demo / name / "edition.json").read_text("utf-8")) for name in ("2025", "2024"))
    return tables, shapes, manifest, before


def published(demo, out, changed, *, language="en", pages=False):
    """Publish the pages of changed parts; the portraits only where `pages`."""
    tables, shapes, manifest, before = changed
    for name in ("datapackage.json", "dataset.jsonld", "brief.json"):
        shutil.copy(demo / "2025" / name, out)
    covering = covering_outlines(demo / "2025")
    outlines = {key: covering.get(key, shape) for key, shape in shapes.items()}
    content = site.gather_content(out, tables, shapes, manifest, outlines=outlines, previous=before, language=language)
    without_portraits: Future = Future()
    without_portraits.set_result(site.pictures(content))
    site.publish(content, other_pages=None if pages else without_portraits)
    return out / "site"


def moved(geometry, lon, lat):
    """Return a geometry elsewhere."""
    if isinstance(geometry[0], int | float):
        return [round(geometry[0] + lon, 6), round(geometry[1] + lat, 6)]
    return [moved(part, lon, lat) for part in geometry]


def many(demo, count):
    """Return parts with so many clusters: copies of the demonstration's, weaker and elsewhere."""
    tables, shapes, manifest, before = parts(demo)
    ids = tables["ranking"].sort_by("rank")["cluster_id"].to_pylist()
    rows = {name: {} for name in BY_CLUSTER}
    for name in BY_CLUSTER:
        for row in tables[name].to_pylist():
            rows[name].setdefault(row["cluster_id"], []).append(row)
    out = {name: [row for each in rows[name].values() for row in each] for name in BY_CLUSTER}
    wide = dict(shapes)
    for number in range(len(ids), count):
        old, turn = ids[number % len(ids)], number // len(ids)
        key, lon, lat = f"{old}-{turn}", round(number * 37 % 90 / 10 - 4.5, 1), round(number * 53 % 50 / 10 - 2.5, 1)
        wide[key] = {**shapes[old], "coordinates": moved(shapes[old]["coordinates"], lon, lat)}
        for name in BY_CLUSTER:
            out[name] += [copied(row, key, turn, lon, lat) for row in rows[name].get(old, [])]
    ranks = {row["cluster_id"]: row for row in out["ranking"]}
    order = sorted(ranks, key=lambda key: (-ranks[key]["score_pct"], key))
    place = {key: at for at, key in enumerate(order, start=1)}
    for name in ("ranking", "comparison", "robustness"):
        for row in out[name]:
            row["rank"] = place[row["cluster_id"]]
    out["ranking"].sort(key=lambda row: row["rank"])
    tables |= {name: pa.Table.from_pylist(out[name], tables[name].schema) for name in BY_CLUSTER}
    return tables, wide, manifest, before


def copied(row, key, turn, lon, lat):
    """Return a row of another cluster: weaker, elsewhere."""
    new = {**row, "cluster_id": key}
    for name in ("cluster", "cluster_before"):
        if row.get(name):
            new[name] = f"{row[name]} {turn}"
    for name, value in row.items():
        if name.endswith("_share_pct") or name == "score_pct":
            new[name] = value and round(value / (turn + 1), 6)
        elif name == "units":
            new[name] = value // (turn + 1) + 7 * turn
    if "lon" in row:
        new |= {"lon": row["lon"] + Decimal(str(lon)), "lat": row["lat"] + Decimal(str(lat))}
    return new


def one(demo):
    """Return parts with the first cluster alone, and no edition before."""
    return _some(demo, lambda row: row["rank"] == 1)


def none(demo):
    """Return parts without any cluster, and no edition before."""
    return _some(demo, lambda _: False)


def european(demo):
    """Return parts with the clusters of Europe alone, and no edition before."""
    return _some(demo, lambda row: -10 < row["lon"] < 30 and 36 < row["lat"] < 61)


def african(demo):
    """Return parts with the clusters of Africa and Arabia alone, and no edition before."""
    return _some(demo, lambda row: -20 < row["lon"] < 55 and -36 < row["lat"] < 33)


def japanese(demo):
    """Return parts with the clusters of Japan, as of a study of one country, and a small one of partners in Africa."""
    return _some(
        demo,
        lambda row: (129.5 < row["lon"] < 146 and 31 < row["lat"] < 45) or (5 < row["lon"] < 9 and 7 < row["lat"] < 11),
    )


def american(demo):
    """Return parts with clusters in the north-east of the United States, and a small one on an island far away."""
    return _some(demo, lambda row: row["economies"] == "US" and (row["lon"] > -78 or row["lon"] < -150))


def _some(demo, wanted):
    tables, shapes, manifest, _ = parts(demo)
    where = {row["cluster_id"]: row for row in tables["clusters"].to_pylist()}
    ranked = tables["ranking"].sort_by("rank").to_pylist()
    keys = [row["cluster_id"] for row in ranked if wanted({**where[row["cluster_id"]], **row})]
    some = {
        name: table.filter(pc.is_in(table["cluster_id"], pa.array(keys, pa.string())))
        if "cluster_id" in table.column_names
        else table
        for name, table in tables.items()
        if name not in ("comparison", "links")
    }
    ranks = ("rank", "low", "high", "best", "worst", "places", "until")
    for name in ("ranking", "robustness"):
        rows = some[name].to_pylist()
        for row in rows:
            place = keys.index(row["cluster_id"]) + 1
            row |= {
                column: place
                for column in row
                if column == "rank" or (column.startswith(RANGES) and column.rpartition("_")[2] in ranks)
            }
        some[name] = pa.Table.from_pylist(rows, some[name].schema)
    return some, {key: shapes[key] for key in keys}, manifest, None
