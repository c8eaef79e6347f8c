"""The command line: results on stdout, progress and messages on stderr.

Exit codes: 0 done, 1 a check failed, 2 wrong usage or study, 3 bad input data, 4 anything of ours.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from hubrank import __version__
from hubrank.errors import HubrankError

app = typer.Typer(
    name="hubrank",
    help="Find, rank, map and explain innovation clusters, from raw records.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Out = Annotated[Path, typer.Option("--out", help="Folder to write into.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]
Memory = Annotated[
    str | None, typer.Option(help="Memory the engine may use, such as 4GB. Default: DuckDB's own, 80 % of the machine.")
]
Threads = Annotated[int | None, typer.Option(min=1, help="Threads of the engine. Never changes an output.")]


class Report(Protocol):
    """What a command reports progress to."""

    def __call__(self, what: str, done: int, of: int) -> None:
        """Say what is being done: `done` of `of` parts."""


@contextmanager
def _progress() -> Iterator[Report]:
    """Show a bar on stderr where that is a terminal, else a line per step."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda what, done, of: print(f"[{done}/{of}] {what}", file=sys.stderr)  # noqa: T201 (stderr is its use)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=1)
        yield lambda what, done, of: bar.update(task, description=what, completed=done, total=of)


def _print_json(value: Any) -> None:  # noqa: ANN401 (any JSON)
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


@app.command()
def run(
    study: Annotated[Path, typer.Argument(help="Study file (TOML).")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder of the edition. Default: editions/<study>.")] = None,
    memory: Memory = None,
    threads: Threads = None,
    top: Annotated[int, typer.Option(min=1, help="How many clusters to print.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Rank the clusters of a study and leave an edition."""
    from hubrank import pipeline, reports

    folder = out or Path("editions") / study.stem
    with _progress() as report:
        edition = pipeline.run(study, folder, memory=memory, threads=threads, progress=report)
    if as_json:
        _print_json(reports.edition_json(edition))
    else:
        reports.edition(edition, top)


@app.command()
def demo(
    out: Out = Path("demo"),
    listings: Annotated[int, typer.Option(min=80_000, help="Size of the simulated world.")] = 300_000,
    seed: Annotated[int, typer.Option(min=0)] = 2025,
    memory: Memory = None,
    threads: Threads = None,
    as_json: AsJson = False,
) -> None:
    """Simulate the demonstration world, run both its editions, print the newer ranking."""
    from hubrank import pipeline, reports
    from hubrank.simulation import simulate as simulate_world

    with _progress() as report:
        report("simulating the world", 0, 1)
        simulate_world(out, listings=listings, seed=seed)
        for edition_name in ("2024", "2025"):
            edition = pipeline.run(
                out / f"{edition_name}.toml", out / edition_name, memory=memory, threads=threads, progress=report
            )
    if as_json:
        _print_json(reports.edition_json(edition))
    else:
        reports.edition(edition, 20)


@app.command()
def simulate(
    out: Out,
    listings: Annotated[str, typer.Option(help="How many listings, such as 300000 or 30M.")] = "300000",
    clusters: Annotated[int, typer.Option(min=1, help="How many clusters to plant.")] = 237,
    seed: Annotated[int, typer.Option(min=0)] = 2025,
    as_json: AsJson = False,
) -> None:
    """Write the raw files of a simulated world, its studies and the planted truth."""
    from dataclasses import asdict

    from hubrank import reports
    from hubrank.simulation import simulate as simulate_world

    with _progress() as report:
        report("simulating the world", 0, 1)
        world = simulate_world(out, listings=_whole(listings), clusters=clusters, seed=seed)
    if as_json:
        _print_json(asdict(world))
    else:
        reports.world(world, out)


def _whole(text: str) -> int:
    """Read 300000, 300k or 30M."""
    factor = {"k": 1_000, "M": 1_000_000}.get(text[-1:], 1)
    digits = text.rstrip("kM").replace("_", "").replace(",", "")
    if not digits.isdigit() or len(text) - len(text.rstrip("kM")) > 1:
        raise typer.BadParameter(
            f"{text!r} is no number of listings. Give 300000, 300k or 30M.", param_hint="--listings"
        )
    return int(digits) * factor


@app.command()
def check(
    study: Annotated[Path, typer.Argument(help="Study file (TOML).")],
    rows: Annotated[int, typer.Option(min=1, help="How many rows of each source to look at.")] = 10_000,
    as_json: AsJson = False,
) -> None:
    """Look at the head of every source: what is understood, what is set aside, what cannot be located."""
    from hubrank import checking, reports

    with _progress() as report:
        found = checking.check(study, rows=rows, progress=report)
    if as_json:
        _print_json(found)
    else:
        reports.checked(found)


@app.command()
def rank(
    table: Annotated[
        Path,
        typer.Argument(help="CSV or Parquet with a column 'cluster' and one per metric; or the folder of an edition."),
    ],
    metric: Annotated[
        list[str] | None,
        typer.Option(
            help="Column to count. Default: every column of numbers that is no rank, share, score, place or year."
        ),
    ] = None,
    weight: Annotated[
        list[str] | None,
        typer.Option(help="METRIC=NUMBER. Default: each weighs 1. Where some are given, others weigh 0."),
    ] = None,
    total: Annotated[
        list[str] | None, typer.Option(help="METRIC=NUMBER: the total of the world. Default: the sum of the clusters.")
    ] = None,
    decimals: Annotated[int, typer.Option(min=0, max=12, help="Of shares and scores, rounded half to even.")] = 6,
    top: Annotated[int, typer.Option(min=1, help="How many clusters to print.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Rank any table of counts per cluster, or weigh the ranking of an edition anew."""
    from hubrank import api, counts, reports

    weights = counts.pairs(weight, "--weight")
    if table.is_dir() or table.name == "edition.json":
        if metric or total:
            raise typer.BadParameter("an edition has its own metrics and totals; give --weight only.")
        found = api.reweighted(api.load(table), weights)
    else:
        found = counts.rank_table(
            table, metrics=metric, weights=weights, totals=counts.pairs(total, "--total"), decimals=decimals
        )
    if as_json:
        _print_json(counts.as_json(found))
    else:
        reports.ranked(found, top)


@app.command()
def explain(
    edition: Annotated[Path, typer.Argument(help="Folder of an edition.")],
    place: Annotated[
        str, typer.Argument(help='A place ("Princeton", "Cambridge, United Kingdom") or "latitude, longitude".')
    ],
    as_json: AsJson = False,
) -> None:
    """Say why a place is in a cluster or in none, and what would change that."""
    from hubrank.explain import explain as explained
    from hubrank.explain import sentences

    told = explained(edition, place)
    if as_json:
        _print_json(told.as_dict())
    else:
        for sentence in sentences(told):
            typer.echo(sentence)


@app.command()
def sources(*, as_json: AsJson = False) -> None:
    """List the file formats that hubrank reads."""
    from hubrank import reports
    from hubrank import sources as formats

    rows = reports.source_rows({name: formats.find(name) for name in formats.known()})
    if as_json:
        _print_json(rows)
    else:
        reports.sources(rows)


@app.command()
def verify(
    edition: Annotated[Path, typer.Argument(help="Folder of an edition.")],
    inputs: Annotated[
        Path | None, typer.Option(help="Folder that input names are relative to (that of the study).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Hash an edition again and rank it again from its tables; exit 1 on any difference."""
    from hubrank import reports, verification

    findings = verification.verify(edition, inputs)
    if as_json:
        _print_json(
            {"edition": str(edition), "ok": not findings.faults, "checked": findings.checked, "faults": findings.faults}
        )
    else:
        reports.verified(findings)
    if findings.faults:
        raise typer.Exit(1)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"hubrank {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Find, rank, map and explain innovation clusters, from raw records."""


def _guarded(command: Callable[[], object]) -> int:
    """Run a command; say what went wrong in one message, and return the exit code."""
    try:
        command()
    except HubrankError as error:
        typer.echo(f"hubrank: {error}", err=True)
        return error.exit_code
    except KeyboardInterrupt:
        typer.echo("hubrank: stopped; nothing half-written was left.", err=True)
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away: nothing is left to tell it
        return 0
    except Exception as error:
        if "HUBRANK_DEBUG" in os.environ:
            raise
        typer.echo(
            f"hubrank: our fault: {type(error).__name__}: {error}. Please report it; HUBRANK_DEBUG=1 shows where.",
            err=True,
        )
        return HubrankError.exit_code
    return 0


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(_guarded(app))
