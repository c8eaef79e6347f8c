"""From records to ranked clusters and to a whole edition, against peers in the same run: seconds, memory, growth.

    python bench/pipeline.py --parquet 3M 30M [300M]     located listings in bare Parquet; peers count them alone
    python bench/pipeline.py --works 3M                  works of OpenAlex as JSON lines; the peer is `gzip -dc`
    python bench/pipeline.py --parquet-works 3M          the same works as Parquet; the peer counts authorships

Each line is the median of --repeat processes, one after the other in turn. "hubrank run" is the command as users give
it, with every table, page and file, first without shards, then with all, then with all but one; "up to ranks" ends with
clusters that are ranked, named and outlined. Worlds are simulated into --folder and used again by the next run. --svg
draws time against listings.
"""

import argparse
import math
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

from measuring import Measurement, measured, medians
from peers import AUTHORSHIPS, COUNTING
from worlds import simulate_full_works, simulate_tables, works_as_parquet

METRICS = {"patents": (2020, 2024), "publications": (2019, 2023), "deals": (2020, 2024)}
UNITS = {"k": 1_000, "M": 1_000_000}
RANKED, RUN, AGAIN, ONE_NEW = "hubrank up to ranks", "hubrank run", "hubrank run, shards kept", "one new file"

# The stages one after the other, as pipeline.run has them.
UP_TO_RANKS = """
import json, time
from pathlib import Path
stages, began = {{}}, time.perf_counter()
def mark(name):
    global began
    stages[name] = round(time.perf_counter() - began, 2)
    began = time.perf_counter()
from hubrank import pipeline
from hubrank.clustering.outlines.outline import outlines
from hubrank.core.memory import dedicate_process
from hubrank.core.progress import no_progress
from hubrank.counting.count import count
from hubrank.counting.shards import locate_shards
from hubrank.engines.workspace import local_engine
from hubrank.ranking.rank_clusters import rank_records
from hubrank.sources.inputs import Inputs
from hubrank.study.study_file import read
if __name__ == "__main__":
    dedicate_process()
    path = Path({study!r})
    study = read(path)
    inputs = Inputs(study, path.parent)
    pipeline.prepare(no_progress)
    mark("start")
    with local_engine(memory=None, threads=None) as engine:
        shards = locate_shards(study, inputs, engine, no_progress, None)
        mark(f"{{len(shards)}} shards")
        counted = count(study, shards, engine, no_progress)
        mark("count")
        clusters = rank_records(study, counted, engine)
        mark("rank")
    outlines(clusters.sites.lat_e7, clusters.sites.lon_e7, clusters.label, radius_km=study.clusters.radius_km)
    mark("outline")
    assert clusters.count > 100, clusters.count
    print(json.dumps(stages))
"""


@dataclass
class Bench:
    """The folder of worlds and caches, and what was measured: by table, size and name."""

    folder: Path
    repeat: int
    results: dict[tuple[str, str, str], list[Measurement]] = field(default_factory=dict)
    sizes: list[str] = field(default_factory=list)

    @property
    def shards(self) -> Path:
        return self.folder / "cache" / "shards"

    def prepare(self) -> None:
        """Compile what a first run compiles, into a cache of its own."""
        measured([sys.executable, "-m", "hubrank", "prepare"], self.environment)

    @property
    def environment(self) -> dict[str, str]:
        return {"HUBRANK_CACHE": str(self.folder / "cache")}

    def add(self, table: str, size: str, name: str, command: list[str]) -> None:
        """Run a command and keep what it took."""
        self.results.setdefault((table, size, name), []).append(measured(command, self.environment))

    def ours(self, table: str, size: str, study: Path, *, edition: bool) -> None:
        """Measure hubrank on one study: up to ranks, then the command, again, and again with one new file."""
        shutil.rmtree(self.shards, ignore_errors=True)
        self.add(table, size, RANKED, [sys.executable, "-c", UP_TO_RANKS.format(study=str(study))])
        if not edition:
            return
        out = study.parent / "edition"
        command = [sys.executable, "-m", "hubrank", "run", str(study), "--out", str(out)]
        shutil.rmtree(self.shards)
        self.add(table, size, RUN, command)
        self.add(table, size, AGAIN, command)
        shards = sorted(self.shards.iterdir(), key=_bytes)
        shutil.rmtree(shards[len(shards) // 2])
        self.add(table, size, f"{ONE_NEW} of {len(shards)}", command)
        self._sizes(table, size, out)

    def _sizes(self, table: str, size: str, out: Path) -> None:
        edition = sum((out / "tables" / f"{name}.parquet").stat().st_size for name in ("located", "addresses"))
        in_shards = sum(map(_rows, self.shards.glob("*/located.parquet")))
        in_edition = _rows(out / "tables" / "located.parquet")
        line = (
            f"{table}, {size}: bytes a listing: shards {_bytes(self.shards) / in_shards:.1f} ({in_shards:,} listings), "
            f"listings and addresses of the edition {edition / in_edition:.1f} ({in_edition:,} listings)"
        )
        if line not in self.sizes:
            self.sizes.append(line)
        shutil.rmtree(out)

    def table(self, table: str, size: str, peer: str) -> None:
        """Print what was measured of one size, each as a ratio to the peer."""
        of_size = {name: medians(all_) for (t, s, name), all_ in self.results.items() if (t, s) == (table, size)}
        for name, one in of_size.items():
            stages = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in one.stages.items())
            ratio = f"{one.seconds / of_size[peer].seconds:.2f}" if peer in of_size else ""
            print(
                f"| {table} | {size} | {name} | {one.seconds:.1f} | {ratio} | {one.processor_s:.1f} | {one.mib:,.0f} | "
                f"{stages} |",
                flush=True,
            )

    def growth(self, table: str, sizes: list[str]) -> None:
        """Print the exponent of growth between the smallest and the largest world."""
        small, large = min(sizes, key=listings_of), max(sizes, key=listings_of)
        if small == large:
            return
        for name in (RANKED, RUN):
            if (table, small, name) in self.results and (table, large, name) in self.results:
                few, many = (medians(self.results[table, size, name]).processor_s for size in (small, large))
                power = math.log(many / few) / math.log(listings_of(large) / listings_of(small))
                print(f"{table}, {name}, {small} to {large}: processor time grows with the power {power:.2f}")


def listings_of(size: str) -> int:
    return int(size[:-1]) * UNITS[size[-1]]


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _rows(file: Path) -> int:
    return int(pq.read_metadata(file).num_rows)


def world(folder: Path, size: str, kind: str, simulate: Callable[..., None]) -> Path:
    """Return the folder of a simulated world; simulate it unless an earlier run did."""
    out = folder / f"{kind}-{size}"
    if not (out / "2025.toml").exists():
        began = time.perf_counter()
        simulate(out, listings=listings_of(size))
        print(f"simulated {out.name} in {time.perf_counter() - began:.0f} s")
    return out


def alone(world: Path, change: Callable[[str], str], name: str = "alone.toml") -> Path:
    """Return a study without a previous edition and without the report of robustness, whose cost does not grow."""
    text = (world / "2025.toml").read_text("utf-8").partition("[compare]")[0]
    study = world / name
    study.write_text(change(text.replace("[robustness]", "[robustness]\nrun = false")), "utf-8")
    return study


def works_alone(study: str) -> str:
    """Return a study of the works alone, to be compared with `gzip -dc` of the same files."""
    head, *sources = study.split("[[sources]]")
    (works,) = [source for source in sources if 'metric = "publications"' in source]
    rest = sources[-1][sources[-1].index("[geocoding]") :]
    for other in ("patents", "deals"):
        head = re.sub(rf"\n{other} = \[.*", "", head)
        rest = rest.replace(f'"{other}", ', "").replace(f', "{other}"', "")
        rest = rest.replace(f"{other} = 1, ", "").replace(f", {other} = 1", "")
    return f"{head}[[sources]]{works}{rest}"


def parquet_works(study: str) -> str:
    """Return a study of the same works in Parquet."""
    return works_alone(study).replace("raw/openalex/works/*/*.gz", "parquet/*.parquet")


def tables(bench: Bench, size: str, peers: list[str], memory: str, edition_up_to: str) -> None:
    """Measure located listings in bare Parquet."""
    study = alone(world(bench.folder, size, "parquet", simulate_tables), lambda text: text)
    raw, spill = str(study.parent / "raw"), str(bench.folder / "spill")
    words: Mapping[str, object] = {"raw": raw, "metrics": METRICS, "memory": memory, "spill": spill}
    for _ in range(bench.repeat):
        for peer in peers:
            bench.add("tables", size, peer, [sys.executable, "-c", COUNTING[peer].format(**words)])
        bench.ours("tables", size, study, edition=listings_of(size) <= listings_of(edition_up_to))
    bench.table("tables", size, "DuckDB")


def json_works(bench: Bench, size: str) -> None:
    """Measure works as compressed JSON lines."""
    study = alone(world(bench.folder, size, "raw", simulate_full_works), works_alone)
    files = sorted(str(path) for path in (study.parent / "raw" / "openalex" / "works").rglob("*.gz"))
    for _ in range(bench.repeat):
        bench.add("works", size, "gzip -dc", ["sh", "-c", 'gzip -dc "$@" > /dev/null', "gzip", *files])
        bench.ours("works", size, study, edition=True)
    bench.table("works", size, "gzip -dc")


def works_in_parquet(bench: Bench, size: str, memory: str) -> None:
    """Measure the same works as Parquet."""
    out = world(bench.folder, size, "raw", simulate_full_works)
    if not (out / "parquet").exists():
        works_as_parquet(out / "raw", out / "parquet")
    study = alone(out, parquet_works, "parquet.toml")
    first, last = METRICS["publications"]
    words = {"raw": str(out / "parquet"), "memory": memory, "spill": str(bench.folder / "spill")}
    for _ in range(bench.repeat):
        code = AUTHORSHIPS.format(first=first, last=last, **words)
        bench.add("Parquet works", size, "DuckDB", [sys.executable, "-c", code])
        bench.ours("Parquet works", size, study, edition=False)
    bench.table("Parquet works", size, "DuckDB")


def draw(bench: Bench, file: Path) -> None:
    """Draw seconds against located listings, for hubrank and its peers."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "hubrank"
    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    names = dict.fromkeys(name for table, _, name in bench.results if table == "tables" and ONE_NEW not in name)
    for name in names:
        rows = {
            size: medians(all_).seconds for (t, size, n), all_ in bench.results.items() if (t, n) == ("tables", name)
        }
        at = sorted(rows, key=listings_of)
        style = {"marker": "o", "linestyle": "--"} if name in COUNTING else {"marker": "s", "linewidth": 2}
        label = f"{name}, counting alone" if name in COUNTING else name
        axes.plot([listings_of(size) for size in at], [rows[size] for size in at], label=label, **style)
    axes.set(xscale="log", yscale="log", xlabel="located listings in bare Parquet", ylabel="seconds")
    sizes = sorted({size for table, size, _ in bench.results if table == "tables"}, key=listings_of)
    axes.set_xticks([listings_of(size) for size in sizes], sizes)
    axes.set_xticks([], minor=True)
    axes.yaxis.set_major_formatter("{x:g}")
    axes.grid(alpha=0.3)
    axes.legend(frameon=False, fontsize=8)
    figure.savefig(file, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--parquet", nargs="*", default=[], metavar="SIZE")
    parser.add_argument("--works", nargs="*", default=[], metavar="SIZE")
    parser.add_argument("--parquet-works", nargs="*", default=[], metavar="SIZE")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "hubrank-bench")
    parser.add_argument("--memory", default="2GB", help="of the peer DuckDB; hubrank runs with its default")
    parser.add_argument("--peers", nargs="*", default=list(COUNTING))
    parser.add_argument("--edition-up-to", default="30M", help="larger worlds are measured up to ranks only")
    parser.add_argument("--svg", type=Path)
    arguments = parser.parse_args()
    bench = Bench(arguments.folder.absolute(), arguments.repeat)
    bench.prepare()
    print(f"load average {os.getloadavg()[0]:.1f}; median of {arguments.repeat}; × is against DuckDB, or `gzip -dc`\n")
    print("| files | listings | what | wall s | × | processor s | peak MiB | stages, wall s |")
    print("|---|--:|---|--:|--:|--:|--:|---|", flush=True)
    for size in arguments.parquet:
        tables(bench, size, arguments.peers, arguments.memory, arguments.edition_up_to)
    for size in arguments.works:
        json_works(bench, size)
    for size in arguments.parquet_works:
        works_in_parquet(bench, size, arguments.memory)
    print()
    if arguments.parquet:
        bench.growth("tables", arguments.parquet)
    print("\n".join(bench.sizes))
    if arguments.svg:
        draw(bench, arguments.svg)


if __name__ == "__main__":
    main()
