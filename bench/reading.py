"""How fast raw files become listings: OpenAlex against DuckDB's own read_json, tables and patents by row.

    HUBRANK_SHARED=…/shared python bench/reading.py [--megabytes 300] [--repeat 5]

Works are copies of the ten of the 2026 sample with other ids, so they are as fat as real ones. Every measurement runs
in a process of its own; the median is printed, and the peak of memory.
"""

import argparse
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

SHARED = Path(os.environ.get("HUBRANK_SHARED", Path(__file__).parents[2] / "shared"))
SAMPLE = SHARED / "data" / "publications"
TYPED = """{id: 'VARCHAR', publication_year: 'INTEGER', updated_date: 'VARCHAR', type: 'VARCHAR',
is_retracted: 'BOOLEAN', is_paratext: 'BOOLEAN',
primary_topic: 'STRUCT(field STRUCT(display_name VARCHAR), domain STRUCT(display_name VARCHAR))',
authorships: 'STRUCT(institutions STRUCT(id VARCHAR, display_name VARCHAR, ror VARCHAR, country_code VARCHAR)[],
countries VARCHAR[], raw_affiliation_strings VARCHAR[], raw_affiliation_string VARCHAR)[]'}"""

START = """
import resource, time
from pathlib import Path
import duckdb
from hubrank import sources
for name in ("openalex", "table", "patentsview"):
    sources.find(name)
started = time.perf_counter()
"""
END = "\nprint(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
BARE = "duckdb.execute(\"CREATE TABLE works AS FROM read_json('{path}'{how})\")"
OURS = """
from hubrank.sources.ledger import RowLedger
from hubrank.core.tables import Files
source, ledger = sources.find({reader!r}), RowLedger()
files = Files((Path({path!r}),), {roles}, {{"": Path("/")}})
listings = sum(len(part) for part in source.read(files, source.Options(**{options}), ledger))
"""


def measured(code: str, repeat: int) -> tuple[float, float]:
    """Return median seconds and peak MB of a piece of Python in a process of its own."""
    runs = []
    for _ in range(repeat):
        done = subprocess.run([sys.executable, "-c", START + code + END], capture_output=True, text=True, check=True)
        runs.append([float(value) for value in done.stdout.split()[-2:]])
    return statistics.median(run[0] for run in runs), max(run[1] for run in runs)


def ours(reader: str, path: Path, options: dict[str, object], roles: dict[str, Path] | None = None) -> str:
    """Return the Python that reads a file into listings."""
    paths = {role: (Path(file),) for role, file in (roles or {}).items()}
    literal = repr(paths).replace("PosixPath", "Path")
    return OURS.format(reader=reader, path=str(path), roles=literal, options=options)


def works(path: Path, megabytes: int) -> int:
    """Write packed works until they unpack to so many megabytes; return how many they are."""
    sample = json.loads((SAMPLE / "openalex-works-2026" / "works.json").read_text("utf-8"))
    choose, size, number = random.Random(1), 0, 0
    with gzip.open(path, "wb", compresslevel=6) as file:
        while size < megabytes << 20:
            number += 1
            line = json.dumps({**choose.choice(sample), "id": f"W{number}"}, ensure_ascii=False).encode() + b"\n"
            size += file.write(line)
    return number


def patents(folder: Path, inventors: int) -> None:
    """Write the three tables of PatentsView, quoted as they come; three inventors a patent."""
    choose = random.Random(1)
    names = {
        "patents": ["patent_id", "patent_type", "patent_date", "patent_title", "withdrawn"],
        "inventors": ["patent_id", "inventor_sequence", "inventor_id", "disambig_inventor_name_last", "location_id"],
        "locations": ["location_id", "disambig_city", "disambig_state", "disambig_country", "latitude", "longitude"],
    }
    rows = {
        "patents": ((str(n), "utility", "2020-01-07", "Title of a patent", "0") for n in range(inventors // 3 + 1)),
        "inventors": (
            (str(n // 3), str(n % 3), f"i{n}", "Name", f"L{choose.randrange(50_000)}") for n in range(inventors)
        ),
        "locations": ((f"L{n}", "City", "", "DE", str(n % 170 - 85), str(n % 350 - 175)) for n in range(50_000)),
    }
    for role, header in names.items():
        with gzip.open(folder / f"{role}.tsv.gz", "wt", compresslevel=1, encoding="utf-8") as file:
            for row in (header, *rows[role]):
                file.write("\t".join(f'"{cell}"' for cell in row) + "\n")


def table(path: Path, rows: int) -> None:
    """Write a table of places."""
    with path.open("w", encoding="utf-8") as file:
        file.write("id,seq,year,city,country,lat,lon\n")
        file.writelines(
            f"R{n},1,{2000 + n % 20},City {n % 977},CH,{n % 170 - 85}.25,{n % 350 - 175}.5\n" for n in range(rows)
        )


def show(what: str, seconds: float, peak_mb: float, note: str = "") -> None:
    """Print one row."""
    print(f"| {what} | {seconds:.2f} | {peak_mb:,.0f} | {note} |")


def openalex(folder: Path, megabytes: int, repeat: int) -> None:
    """Measure works against DuckDB and gzip."""
    count = works(folder / "works.jsonl.gz", megabytes)
    packed = folder / "works.jsonl.gz"
    institutions = next((SAMPLE / "openalex-snapshot").glob("institutions/*/part_000.gz"))
    options = {"types": ["article", "conference-paper"]}
    gunzip = measured(f"import subprocess; subprocess.run(['gzip', '-dc', '{packed}'], stdout=-3)", repeat)
    bare = measured(BARE.format(path=packed, how=""), repeat)
    typed = measured(
        BARE.format(path=packed, how=f", columns={TYPED}, format='newline_delimited'".replace("\n", " ")), repeat
    )
    hubrank = measured(ours("openalex", packed, options, {"institutions": institutions}), repeat)
    show(f"gzip -dc, {count:,} works, {megabytes} MB", *gunzip)
    show("DuckDB read_json into a table", *bare, f"{bare[0] / hubrank[0]:.2f} × by hubrank")
    show("DuckDB read_json, columns spelled out", *typed, f"{typed[0] / hubrank[0]:.2f} × by hubrank")
    show("hubrank: openalex to listings, located", *hubrank, f"{hubrank[0] / gunzip[0]:.2f} × gzip -dc")
    works(packed, 4 * megabytes)
    show("the same, four times the file", *measured(ours("openalex", packed, options), 1), "memory must not grow")


def tabular(folder: Path, rows: int, repeat: int) -> None:
    """Measure tables by row."""
    table(folder / "table.csv", rows)
    columns = {
        "record": "id",
        "listing": "seq",
        "year": "year",
        "city": "city",
        "country": "country",
        "lat": "lat",
        "lon": "lon",
    }
    timing = measured(ours("table", folder / "table.csv", {"columns": columns}), repeat)
    show(f"hubrank: table, {rows:,} rows", *timing, f"{rows / timing[0]:,.0f} rows/s")
    patents(folder, rows)
    roles = {role: folder / f"{role}.tsv.gz" for role in ("patents", "locations")}
    timing = measured(ours("patentsview", folder / "inventors.tsv.gz", {}, roles), repeat)
    show(f"hubrank: patentsview, {rows:,} inventors", *timing, f"{rows / timing[0]:,.0f} rows/s")


def main() -> None:
    """Measure everything and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=300)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    print("| what | s | MB | |\n|---|--:|--:|---|")
    with tempfile.TemporaryDirectory() as folder:
        openalex(Path(folder), arguments.megabytes, arguments.repeat)
        tabular(Path(folder), arguments.rows, arguments.repeat)


if __name__ == "__main__":
    main()
