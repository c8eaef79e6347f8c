"""What each provider serves, in small: installed on a `Stub` by name."""

import gzip
import io
import json
import random
import tempfile
import zipfile
from hashlib import md5
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

KEY = "planted-secret-7f3a"
CONTACT = "someone@example.org"
KEYS = {"openalex-counts": "OPENALEX_API_KEY", "uspto": "USPTO_API_KEY", "patentsview": "USPTO_API_KEY"}
SIZE = 600_000  # of a file that does not compress


def noise(size=SIZE):
    return random.Random(size).randbytes(size)


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", ".")), content)
    return out.getvalue()


def as_json(value):
    return json.dumps(value).encode()


def ror(stub, size=SIZE):
    record = [{"id": "https://ror.org/0a", "names": [{"value": "One", "types": ["ror_display"]}]}]
    name, content = "v1.75-2026-10-01-ror-data.zip", zipped(**{"ror-data__json": as_json(record), "fill": noise(size)})
    stub.files[f"/records/9/files/{name}"] = content
    file = {"key": name, "size": len(content), "checksum": f"md5:{md5(content).hexdigest()}"}
    file["links"] = {"self": f"{stub.address}/records/9/files/{name}"}
    hits = {"hits": {"hits": [{"metadata": {"version": "v1.75"}, "files": [file]}]}}
    stub.files["/api/records"] = as_json(hits)
    return {name: content}


def form_d(stub, size=SIZE // 2):
    files, links = {}, ["<a href='/help'>help</a>"]
    for year, quarter, tail in ((2024, 3, "_d.zip"), (2024, 4, "_d_0.zip"), (2025, 1, "_d.zip")):
        path = f"/files/structureddata/data/form-d-data-sets/{year}q{quarter}{tail}"
        stub.files[path] = files[f"{year}q{quarter}_d.zip"] = zipped(
            **{f"{year}Q{quarter}_d/OFFERING__tsv": noise(size)}
        )
        links.append(f'<a class="x" href="{path}">{year} Q{quarter}</a>')
    stub.files["/data-research/sec-markets-data/form-d-data-sets"] = f"<html>{''.join(links)}</html>".encode()
    return files


def product(stub, name, files):
    bag = []
    for file, content in files.items():
        path = f"/api/v1/datasets/products/files/{name.upper()}/{file}"
        stub.files[path] = content
        bag.append({"fileName": file, "fileSize": len(content), "fileDownloadURI": stub.address + path})
        bag[-1]["fileLastModifiedDateTime"] = "2026-06-30 00:00:00"

    def answer(entry):
        if entry["headers"].get("x-api-key") != KEY:
            return 401, {}, b"no key"
        if entry["path"].startswith("/api/v1/datasets/products/files/"):
            return stub._ranged(stub.files[entry["path"]], entry["headers"], NoFault)
        bags = [{"productFileBag": {"count": len(bag), "fileDataBag": bag}}]
        right = entry["path"] == f"/api/v1/datasets/products/{name}"
        return (200, {}, as_json({"count": 1, "bulkDataProductBag": bags})) if right else (404, {}, b"")

    stub.routes["/api/v1/datasets/products/"] = answer


class NoFault:
    ignore_range = lie = False


def patentsview(stub, size=SIZE // 6):
    tables = ("inventor_disambiguated", "patent", "location_disambiguated", "assignee_disambiguated", "wipo_technology")
    names = [f"g_{table}.tsv.zip" for table in (*tables, "application", "pct_data")]
    files = {name: zipped(**{name.removesuffix(".zip"): noise(size)}) for name in names}
    product(stub, "pvgpatdis", files | {"g_claim.tsv.zip": zipped(g_claim__tsv=noise(10))})
    return files


def uspto(stub, size=SIZE // 2):
    files = {f"ipg25010{day}.zip": zipped(**{f"ipg25010{day}__xml": noise(size)}) for day in (1, 8)}
    product(stub, "ptgrxml", files | {"ipg240102.zip": zipped(old__xml=noise(10))})
    return files


def works_table(rows, number):
    rng = np.random.default_rng(number)
    ids = [f"https://openalex.org/W{number}{i:07}" for i in range(rows)]
    institution = {"id": "https://openalex.org/I1", "ror": "https://ror.org/0a", "display_name": "One"}
    institution |= {"country_code": "FR", "type": "education", "lineage": ["https://openalex.org/I1"]}
    author = {"author_position": "first", "author": {"display_name": "A Person"}, "countries": ["FR"]}
    author |= {"raw_affiliation_strings": ["One, Paris"], "institutions": [institution]}
    place = {"source": {"id": "https://openalex.org/S1", "is_core": True, "type": "journal"}}
    columns = {
        "id": ids,
        "title": [rng.bytes(700).hex() for _ in ids],
        "publication_year": [2020] * rows,
        "type": ["article"] * rows,
    }
    columns |= {"authorships": [[author]] * rows, "primary_location": [place] * rows, "is_xpac": [False] * rows}
    return pa.table(columns)


def openalex(stub, form="parquet", rows=2_000):
    """Serve a snapshot; return the names of its files."""
    names = []
    for entity, files in (("institutions", 1), ("works", 3)):
        listed = []
        for number in range(files):
            suffix = "parquet" if form == "parquet" else "gz"
            name = f"data/{form}/{entity}/updated_date=2026-09-0{number + 1}/part_0000.{suffix}"
            content = _entity(entity, number, rows, form)
            stub.files[f"/{name}"] = content
            meta = {"content_length": len(content), "record_count": 5 if entity == "institutions" else rows}
            listed.append({"url": f"s3://openalex/{name}", "meta": meta})
            names.append(name)
        total = {key: sum(file["meta"][key] for file in listed) for key in ("content_length", "record_count")}
        manifest = {"date": "2026-10-01", "format": form, "entity": entity, **total, "files": listed}
        stub.files[f"/data/{form}/{entity}/manifest.json"] = as_json(manifest)
    deleted = f"data/{form}/works/deleted_ids.csv"
    stub.files[f"/{deleted}"] = b"work_id,deleted_date\nhttps://openalex.org/W1,2026-08-01\n"
    return [*names, deleted]


def _entity(entity, number, rows, form):
    if entity == "institutions":
        geo = {"latitude": 48.8, "longitude": 2.3}
        table = pa.table(
            {"id": [f"https://openalex.org/I{i}" for i in range(5)], "geo": [geo] * 5, "x": ["y" * 99] * 5}
        )
    else:
        table = works_table(rows, number)
    if form == "jsonl":
        return gzip.compress("".join(json.dumps(row) + "\n" for row in table.to_pylist()).encode(), mtime=0)
    out = io.BytesIO()
    pq.write_table(table, out, compression="snappy", row_group_size=rows // 2)
    return out.getvalue()


def ghs_pop(stub, size=SIZE):
    import rasterio
    from affine import Affine

    cells = np.zeros((40, 80), np.float32)
    cells[3, 5], cells[39, 79] = 7.5, 1
    cells[0, 0] = -200
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.tif"
        shape = {"height": 40, "width": 80, "count": 1, "dtype": "float32", "nodata": -200, "crs": "EPSG:4326"}
        with rasterio.open(path, "w", driver="GTiff", transform=Affine(0.5, 0, -20, 0, -0.5, 10), **shape) as raster:
            raster.write(cells, 1)
        name = "GHS_POP_E2025_GLOBE_R2023A_4326_30ss"
        content = zipped(**{f"{name}_V1_0.tif": path.read_bytes(), "GHSL.pdf": noise(size)})
    stub.files[f"/ftp/jrc-opendata/GHSL/GHS_POP_GLOBE_R2023A/{name}/V1-0/{name}_V1_0.zip"] = content
    return {f"{name}_V1_0.zip": content}


def urban_areas(stub, size=SIZE // 2):
    from hubrank.acquisition.urban_areas import FILES

    files = {}
    for path in FILES:
        name = path.rpartition("/")[2]
        files[name] = stub.files["/" + path] = zipped(**{"areas.gpkg": geopackage(), "GHSL.pdf": noise(size)})
    return files


def geopackage():
    import geopandas
    from shapely.geometry import box

    areas = geopandas.GeoDataFrame(
        {"eFUA_ID": [1, 2], "eFUA_name": ["A", "B"]}, geometry=[box(0, 0, 1, 1), box(2, 2, 3, 3)]
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "areas.gpkg"
        areas.set_crs("EPSG:4326").to_crs("ESRI:54009").to_file(path, driver="GPKG")
        return path.read_bytes()


def nuts(stub, size=SIZE):
    from hubrank.acquisition.nuts import FILES

    content = as_json({"type": "FeatureCollection", "features": [], "fill": noise(size // 2).hex()})
    stub.files["/" + FILES[0]] = content
    return {FILES[0].rpartition("/")[2]: content}


def geonames(stub, size=SIZE // 4):
    from hubrank.acquisition.geonames import FILES

    files = {
        name: zipped(cities=noise(size)) if name.endswith("zip") else b"#" + noise(size).hex().encode()
        for name in FILES
    }
    stub.files |= {f"/export/dump/{name}": content for name, content in files.items()}
    return files


def openalex_counts(stub, institutions=1_500):
    """Serve the API: every tenth institution without coordinates, works by its number and the year."""
    listed = [_institution(number) for number in range(institutions)]
    groups = {}

    def answer(entry):
        query = {name: values[0] for name, values in entry["query"].items()}
        if query.get("api_key") != KEY:
            return 401, {}, b"no key"
        size, start = int(query["per_page"]), 0 if query.get("cursor", "*") == "*" else int(query["cursor"])
        if entry["path"] == "/institutions":
            rows, name, count = listed, "results", institutions
        else:
            key = query["filter"], query["group_by"]
            if key not in groups:
                groups[key] = _groups(query, listed)
            rows, name, count = groups[key], "group_by", 10 * institutions
        end = start + size
        meta = {"count": count, "next_cursor": str(end) if end < len(rows) else None}
        return 200, {"Content-Type": "application/json"}, as_json({"meta": meta, name: rows[start:end]})

    stub.routes["/institutions"] = stub.routes["/works"] = answer


def _institution(number):
    rng = random.Random(number % 300)
    geo = {"latitude": round(rng.uniform(-50, 60), 4), "longitude": round(rng.uniform(-170, 170), 4)}
    return {
        "id": f"https://openalex.org/I{number}",
        "ror": f"https://ror.org/0{number:08}",
        "display_name": f"Institution {number}",
        "country_code": "FR",
        "type": "education",
        "geo": {"latitude": None, "longitude": None} if number % 10 == 7 else geo,
    }


def _groups(query, listed):
    year = int(query["filter"].split("publication_year:")[1][:4])
    if query["group_by"].startswith("authorships.countries"):
        return [
            {"key": "https://openalex.org/countries/fr", "key_display_name": "France", "count": 5 * len(listed)},
            {"key": "unknown", "key_display_name": "unknown", "count": 3 * len(listed)},
        ]
    return [
        {"key": each["id"], "key_display_name": each["display_name"], "count": 1 + (number + year) % 40}
        for number, each in enumerate(listed)
    ]


INSTALL = {
    "openalex-counts": openalex_counts,
    "openalex": openalex,
    "ror": ror,
    "form-d": form_d,
    "patentsview": patentsview,
    "uspto": uspto,
    "ghs-pop": ghs_pop,
    "urban-areas": urban_areas,
    "nuts": nuts,
    "geonames": geonames,
}
OPTIONS = {"uspto": {"years": (2025, 2025)}, "openalex-counts": {"years": (2019, 2021)}}


def environment(source, stub):
    """Return the variables that lead a source to a stub, with a planted key."""
    name = "HUBRANK_ADDRESS_" + source.upper().replace("-", "_")
    keys = {KEYS[source]: KEY} if source in KEYS else {}
    return {name: stub.address, "HUBRANK_CONTACT": CONTACT, "NO_PROXY": "127.0.0.1", **keys}
