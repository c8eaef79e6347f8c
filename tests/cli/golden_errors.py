"""Ways in which a new user errs: what is typed, what is in the files, and the one screen that has to come.

Run as a script it writes golden_errors.md anew: read every change of it as a stranger would.
"""

import contextlib
import io
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from hubrank import cli

GOLDEN = Path(__file__).with_name("golden_errors.md")

STUDY = """title = "Deals of my country"
edition = "2025"

[windows]
deals = [2020, 2024]

[[sources]]
metric = "deals"
reader = "table"
files = "deals.csv"
columns = { record = "id", year = "year", lat = "lat", lon = "lon" }

[geocoding]
use = ["coordinates"]

[clusters]
min_listings = 3
"""
DEALS = "id,year,lat,lon\n" + "".join(f"d{i},{2020 + i % 5},48.85,2.35\n" for i in range(9))
COUNTS = "cluster,patents,articles\nHere,10,5\nThere,20,3\n"

Change = tuple[str, str, str]  # (file, what is in it, what the user wrote instead)


@dataclass(frozen=True)
class Case:
    """One error: how it looks to who makes it, the command, the changes to the files that are right."""

    story: str
    command: str
    changes: tuple[Change, ...] = field(default=())
    write: tuple[tuple[str, bytes], ...] = field(default=())


def study(old: str, new: str) -> tuple[Change, ...]:
    return (("study.toml", old, new),)


RUN = "run study.toml --out out"
CASES = [
    Case("a study that is not there", "run studdy.toml"),
    Case("a folder in place of a study", "run ."),
    Case("a file that is no TOML", RUN, study('edition = "2025"', "edition = 2025 deals")),
    Case("an edition that is a number", RUN, study('edition = "2025"', "edition = 2025")),
    Case("a metric with a blank", RUN, study('metric = "deals"', 'metric = "Deals 2022"')),
    Case("a misspelt section", RUN, study("[clusters]", "[cluster]")),
    Case("a misspelt key", RUN, study("min_listings", "min_listing")),
    Case("no title", RUN, study('title = "Deals of my country"\n', "")),
    Case("no threshold", RUN, study("min_listings = 3", "radius_km = 15")),
    Case("two grids of people", RUN, study("[clusters]", '[population]\nraster = "a"\ntable = "b"\n[clusters]')),
    Case("both thresholds", RUN, study("min_listings = 3", "min_listings = 3\nmin_share_ppm = 10")),
    Case("a number as text", RUN, study("min_listings = 3", 'min_listings = "three"')),
    Case("a number in quotes", RUN, study("min_listings = 3", 'min_listings = "3"')),
    Case("a truth for a number", RUN, study("min_listings = 3", "min_listings = 3\nradius_km = true")),
    Case("a weight that is a text", RUN, study("[clusters]", '[ranking]\nweights = { deals = "one" }\n\n[clusters]')),
    Case("a column by a misspelt pattern", RUN, study('year = "year"', 'year = { from = "year", patern = "(.*)" }')),
    Case("one year for two", RUN, study('files = "deals.csv"', 'files = "deals.csv"\nyears = [2020]')),
    Case("a window of one year", RUN, study("deals = [2020, 2024]", "deals = 2020")),
    Case("no file at all", RUN, study('files = "deals.csv"', "files = []")),
    Case("a metric called like a later column", RUN, study('metric = "deals"', 'metric = "city_people"')),
    Case("an endless weight", RUN, study("[clusters]", "[ranking]\nweights = { deals = 1e400 }\n\n[clusters]")),
    Case("a radius below 0 among others", RUN, study("[clusters]", "[robustness]\nradius_km = [10, -1]\n\n[clusters]")),
    Case("an encoding that is none", RUN, study("[geocoding]", '[sources.options]\nencoding = "rot13"\n[geocoding]')),
    Case("memory without a unit", RUN + " --memory lots"),
    Case("a column that stands there twice", RUN, (("deals.csv", "id,year,lat,lon", "id,year,lat,lat"),)),
    Case("a folder to write into", "locate deals.csv --out ."),
    Case("a file of addresses that is not there", "locate nix.csv"),
    Case("a register that is not there", "locate Campinas --institutions nix.json"),
    Case("a negative radius", RUN, study("min_listings = 3", "min_listings = 3\nradius_km = -15")),
    Case("an unknown reader", RUN, study('"table"', '"crunchbse"')),
    Case(
        "records weighed by a column without a cap",
        RUN,
        study("[geocoding]", '[sources.options]\nweight_by = "size"\n[geocoding]'),
    ),
    Case("an unknown option", RUN, study("[geocoding]", "[sources.options]\nwhole = true\n[geocoding]")),
    Case("files that match nothing", RUN, study('"deals.csv"', '"deals/*.csv"')),
    Case("a column that is not in the file", RUN, study('year = "year"', 'year = "yaer"')),
    Case("an unknown role of a column", RUN, study('year = "year"', 'yeer = "year"')),
    Case(
        "latitude and longitude swapped",
        RUN,
        (
            ("deals.csv", "48.85,2.35", "2.35,148.85"),
            ("study.toml", 'lat = "lat", lon = "lon"', 'lat = "lon", lon = "lat"'),
        ),
    ),
    Case("a window that ends before it begins", RUN, study("[2020, 2024]", "[2024, 2020]")),
    Case("a window in which nothing lies", RUN, study("[2020, 2024]", "[1990, 1994]")),
    Case("a window of a metric that no source has", RUN, study("deals = [", "deal = [")),
    Case("years written as text", RUN, (("deals.csv", ",2021,", ",spring 2021,"),)),
    Case(
        "an unknown metric among the weights",
        RUN,
        study("[clusters]", "[ranking]\nweights = { patents = 1 }\n[clusters]"),
    ),
    Case("weights that are all 0", RUN, study("[clusters]", "[ranking]\nweights = { deals = 0 }\n[clusters]")),
    Case("a label of a metric that no source has", RUN, study("[clusters]", '[metrics.deal]\nlabel = "D"\n[clusters]')),
    Case("a misspelt label", RUN, study("[clusters]", '[metrics.deals]\nlable = "Acquisitions"\n[clusters]')),
    Case("a day of access that is none", RUN, study("[geocoding]", "accessed = 2026\n[geocoding]")),
    Case("an address that is none", RUN, study("[geocoding]", 'url = "example.org"\n[geocoding]')),
    Case("an unknown way with copies", RUN, study("[geocoding]", 'copies = "keep"\n[geocoding]')),
    Case(
        "files that number their rows anew",
        RUN,
        (
            *study('"deals.csv"', '"deals*.csv"'),
            *study("[geocoding]", "[sources.options]\nwhole_records = true\n[geocoding]"),
        ),
        write=(("deals-2.csv", DEALS.encode()),),
    ),
    Case("an unknown geocoder", RUN, study('["coordinates"]', '["google"]')),
    Case(
        "a previous edition that is missing",
        RUN,
        study("[clusters]", '[compare]\nprevious = "2024/edition.json"\n[clusters]'),
    ),
    Case(
        "a metric called like a column",
        RUN,
        (("study.toml", 'metric = "deals"', 'metric = "rank"'), ("study.toml", "deals = [2020", "rank = [2020")),
    ),
    Case("an environment variable that is not set", RUN, study('"deals.csv"', '"${MY_DATA_FOLDER}/deals.csv"')),
    Case("an empty file", RUN, write=(("deals.csv", b""),)),
    Case("a workbook in place of a table", RUN, write=(("deals.csv", b"PK\x03\x04" + bytes(200)),)),
    Case("rounding that divides no degree", RUN, study("[clusters]", "[points]\nround_deg = 0.07\n[clusters]")),
    Case("a folder that is not an edition", "verify ."),
    Case("an edition that is not there", "compare 2024 2025"),
    Case("explain without an edition", "explain out Paris"),
    Case("explain with a study in place of its edition", "explain study.toml Paris"),
    Case(
        "weights of a metric that the table does not have",
        "rank counts.csv --metric patents --metric articles --weight deals=2",
    ),
    Case("a weight that is no number", "rank counts.csv --metric patents --metric articles --weight patents=much"),
    Case("too small a world", "simulate --out world --listings 1000"),
    Case("a size that is no number", "simulate --out world --listings many"),
    Case("an address file without address columns", "locate counts.csv --out located.csv"),
    Case("a folder in place of an address", "locate ."),
]


def base(folder: Path) -> None:
    """Write the files as they should be."""
    (folder / "study.toml").write_text(STUDY)
    (folder / "deals.csv").write_text(DEALS)
    (folder / "counts.csv").write_text(COUNTS)


def screen(case: Case, folder: Path, chdir: Callable[[Path], object]) -> str:
    """Return what the user sees: exit code, then both streams."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    base(folder)
    for file, old, new in case.changes:
        text = (folder / file).read_text()
        assert old in text, (case.story, old)
        (folder / file).write_text(text.replace(old, new))
    for file, content in case.write:
        (folder / file).write_bytes(content)
    return shown(case.command, folder, chdir)


def shown(command: str | list[str], folder: Path, chdir: Callable[[Path], object]) -> str:
    """Run a command, one text or its words, in a folder; return its exit code and what it prints."""
    chdir(folder)
    words = command.split() if isinstance(command, str) else command
    out = io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(out),
        mock.patch.object(sys, "argv", ["hubrank", *words]),
        mock.patch.dict(os.environ, {"COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"}),
    ):
        code = cli.run_guarded()
    lines = [line.rstrip() for line in out.getvalue().replace(str(folder), "/home/you").splitlines()]
    return f"exit {code}\n" + "\n".join(line for line in lines if not line.startswith("["))  # but progress


def main() -> None:
    """Write what every case shows."""
    import tempfile

    parts = ["# What a new user sees who errs\n\nWritten by `python tests/cli/golden_errors.py`, read by people.\n"]
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            seen = screen(case, Path(folder) / "work", os.chdir)
            parts.append(f"## {case.story}\n\n    hubrank {case.command}\n\n```\n{seen}\n```\n")
    GOLDEN.write_text("\n".join(parts), "utf-8")


if __name__ == "__main__":
    main()
