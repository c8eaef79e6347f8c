"""Commands that write files: a run, the demonstration, a simulated world, a first study and the schema of studies."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hubrank.cli.options import (
    AsJson,
    EngineName,
    Language,
    Master,
    Memory,
    Out,
    Threads,
    Workers,
    app,
    print_json,
    progress,
)
from hubrank.cli.output import summary_of

if TYPE_CHECKING:
    from hubrank.study.study import Study

# Modules that a second process imports while the sources are read, as that takes a second.
WORKER_MODULES = (
    "hubrank.clustering.outlines.outline",
    "hubrank.ranking.tables.population_table",
    "hubrank.analysis.robustness.other_weights",
    "hubrank.publishing.rank_charts",
    "hubrank.publishing.site",
    "hubrank.publishing.xlsx",
    "matplotlib.figure",
    "matplotlib.backends.backend_svg",
)


@app.command()
def run(
    study: Annotated[Path, typer.Argument(help="Study file (TOML).")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder of the edition. Default: editions/<study>.")] = None,
    memory: Memory = None,
    threads: Threads = None,
    workers: Workers = None,
    engine: EngineName = "duckdb",
    master: Master = None,
    top: Annotated[int, typer.Option(min=1, help="How many clusters to print.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Rank the clusters of a study and write an edition."""
    from hubrank.core.atomic_folder import expect_free

    folder = out or Path("editions") / study.stem
    expect_free(folder)
    from hubrank.core.edition import replacement_note
    from hubrank.core.processes import worker
    from hubrank.study.study_file import read

    settings = read(study)  # so that its errors are reported before anything is started
    if note := replacement_note(folder, settings.title, settings.edition):
        typer.echo(note, err=True)

    with progress() as report, worker(*WORKER_MODULES) as process:
        from hubrank import pipeline
        from hubrank.cli.screens import editions, studies
        from hubrank.core.memory import dedicate_process

        dedicate_process()
        _remark_on_previous(settings, study)
        edition = pipeline.run(
            study,
            folder,
            memory=memory,
            threads=threads,
            engine=engine,
            master=master,
            lean=True,
            worker=process,
            workers=workers,
            progress=report,
        )
    with summary_of(edition.folder):
        if as_json:
            print_json(editions.edition_json(edition))
        else:
            editions.edition(edition, top)
            if settings.weightless:
                typer.echo(settings.weightless)
            typer.echo(studies.after_run(edition))


def _remark_on_previous(settings: "Study", study: Path) -> None:
    """Print what makes a study hard to compare with the previous edition that it names."""
    from hubrank.analysis.prerequisites import previous_remarks
    from hubrank.sources.inputs import Inputs

    for remark in previous_remarks(settings, Inputs(settings, study.absolute().parent)):
        typer.echo(remark, err=True)


@app.command()
def demo(
    out: Out = Path("demo"),
    listings: Annotated[int, typer.Option(min=80_000, help="Size of the simulated world.")] = 300_000,
    seed: Annotated[int, typer.Option(min=0, help="Which world is simulated.")] = 2025,
    memory: Memory = None,
    threads: Threads = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Simulate the demonstration world, run both its editions, print the newer ranking."""
    from hubrank.core.processes import worker

    with progress() as report, worker("hubrank.simulation") as simulator:
        report("simulating the world", 0, 1)
        world = simulator.submit(_simulate, out, listings, seed)
        from hubrank import pipeline
        from hubrank.cli.screens import editions, studies
        from hubrank.core.memory import dedicate_process

        dedicate_process()
        pipeline.prepare(report, simulator)  # which compiles the kernels once the world is simulated
        pipeline.load_gazetteer()
        world.result()
    for edition_name in ("2024", "2025"):
        with progress() as report, worker(*WORKER_MODULES) as process:  # a new one each: an old one would occupy 80 MB
            edition = pipeline.run(
                out / f"{edition_name}.toml",
                out / edition_name,
                memory=memory,
                threads=threads,
                lean=True,
                worker=process,
                workers=workers,
                progress=report,
            )
        pipeline.release_memory()
    with summary_of(edition.folder):
        if as_json:
            print_json(editions.edition_json(edition))
        else:
            editions.edition(edition, 20)
            typer.echo(studies.after_run(edition))


def _simulate(out: Path, listings: int, seed: int) -> None:
    from hubrank.simulation import simulate as simulate_world

    simulate_world(out, listings=listings, seed=seed)


@app.command()
def prepare() -> None:
    """Compile the gazetteer and the kernels, which the first run would do otherwise (about 40 s, once)."""
    from hubrank.core.processes import worker

    with progress() as report, worker("hubrank.pipeline") as process:
        from hubrank import pipeline

        pipeline.prepare(report, process)


@app.command()
def simulate(
    out: Out,
    listings: Annotated[int, typer.Option(help="Size of the simulated world.")] = 300_000,
    clusters: Annotated[int, typer.Option(min=1, help="How many clusters to plant.")] = 237,
    seed: Annotated[int, typer.Option(min=0, help="Which world is simulated.")] = 2025,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes that write. Changes no output.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the raw files of a simulated world, its studies and the planted truth."""
    from dataclasses import asdict

    from hubrank.cli.screens import studies
    from hubrank.simulation import simulate as simulate_world

    with progress() as report:
        report("simulating the world", 0, 1)
        world = simulate_world(out, listings=listings, clusters=clusters, seed=seed, workers=workers)
    if as_json:
        print_json(asdict(world))
    else:
        studies.world(world, out)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="Folder with the files to rank, or one file.")] = Path(),
    out: Annotated[
        Path | None, typer.Option("--out", help="Study file to write. Default: FOLDER.toml, in this folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a first study for the files of a folder: readers recognised, columns guessed with reasons."""
    from hubrank.analysis import new_study
    from hubrank.cli.screens import studies

    whole = folder.absolute().resolve()
    path = out or Path(f"{(whole.name.split('.')[0] if whole.is_file() else whole.name) or 'study'}.toml")
    with progress() as report:
        written = new_study.write(folder, path, report)
    if as_json:
        print_json(studies.new_study_json(written))
    else:
        studies.new_study(written)


@app.command()
def study(
    key: Annotated[str | None, typer.Argument(help="The key or section to explain. Default: all.")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema, for editors.")] = False,
) -> None:
    """Explain the keys of a study file, each with its default and an example; or print their schema."""
    from hubrank.analysis import study_reference
    from hubrank.cli import topics

    if key is not None:
        typer.echo("\n\n".join(topics.explained(key, [])))
    elif schema:
        print_json(study_reference.json_schema())
    else:
        typer.echo(study_reference.page())


@app.command()
def publish(
    edition: Annotated[Path, typer.Argument(help="Folder of the edition.")],
    language: Language = "en",
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write. Default: EDITION-LANGUAGE.")] = None,
    previous: Annotated[Path | None, typer.Option("--previous", help="Folder of the edition before.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the pages and the brief of a finished edition in another language; the edition stays as it is."""
    from hubrank.core.edition import load
    from hubrank.publishing.pages import publish_pages

    finished = load(edition)
    folder = edition.resolve()
    site = publish_pages(
        finished, out or folder.with_name(f"{folder.name}-{language}"), language=language, previous=previous
    )
    if as_json:
        print_json({"site": str(site)})
    else:
        typer.echo(f"{site}/index.html")
