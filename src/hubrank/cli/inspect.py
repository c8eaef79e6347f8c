"""Commands that only read: check a study, rank, compare, explain, trace and verify."""

from pathlib import Path
from typing import Annotated

import typer

from hubrank.cli.options import AsJson, Encoding, Memory, Threads, app, print_json, progress


@app.command()
def check(
    study: Annotated[Path, typer.Argument(help="Study file (TOML).")],
    rows: Annotated[
        int, typer.Option(min=1, help="How many rows of each source to sample, from all of a file.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Which rows are sampled.")] = 0,
    suggest: Annotated[
        Path | None, typer.Option(help="CSV for a first table of corrections: the heaviest doubtful addresses.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Sample every source: what is read, set aside, located where; exit 1 if a run would stop or make no cluster.

    That it makes no cluster is only said where all listings were sampled; such a run has an empty ranking, and exit 0.
    """
    from hubrank.analysis import study_check
    from hubrank.cli.screens import checks, studies

    with progress() as report:
        summary = study_check.check(study, rows=rows, progress=report, suggest=suggest, seed=seed)
    if as_json:
        print_json(summary)
    else:
        checks.checked(summary)
        typer.echo(studies.after_check(summary, study))
    if summary["stops"] or summary["no_cluster"]:
        raise typer.Exit(1)


@app.command()
def rank(
    table: Annotated[
        Path,
        typer.Argument(help="CSV or Parquet with a column of names and one per metric; or the folder of an edition."),
    ],
    names: Annotated[
        str | None,
        typer.Option(help="Column of names. Default: 'cluster', else the first with another text in each row."),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            help="Column to count. Default: all numeric columns except ranks, shares, scores, coordinates and years."
        ),
    ] = None,
    weight: Annotated[
        list[str] | None,
        typer.Option(help="METRIC=NUMBER. Default: each weighs 1. Where some are set, others weigh 0."),
    ] = None,
    total: Annotated[
        list[str] | None, typer.Option(help="METRIC=NUMBER: the total of the world. Default: the sum of the clusters.")
    ] = None,
    decimals: Annotated[
        int, typer.Option(min=0, max=12, help="Decimals of shares and scores, rounded half to even.")
    ] = 6,
    sets: Annotated[
        bool,
        typer.Option(
            "--sets", help="Add rank_low and rank_high: 90 % rank intervals, counts taken as independent records."
        ),
    ] = False,
    encoding: Encoding = None,
    top: Annotated[
        int | None, typer.Option(min=1, help="How many clusters to print. Default: 20; with --json all.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Rank any table of counts per cluster, or an edition under other weights; rows called a total are left out."""
    from hubrank import api
    from hubrank.cli.screens import counts
    from hubrank.ranking import count_table

    weights = count_table.pairs(weight, "--weight")
    if table.is_dir() or table.name == "edition.json":
        if names or metric or total or sets or encoding:
            raise typer.BadParameter(
                "an edition has metrics, totals and intervals already; --weight is the only option for it."
            )
        finished = api.load(table)
        ranking, labels = api.reweighted(finished, weights), finished.labels
    else:
        labels = {}
        ranking = count_table.rank_table(
            table,
            names=names,
            metrics=metric,
            weights=weights,
            totals=count_table.pairs(total, "--total"),
            decimals=decimals,
            sets=sets,
            encoding=encoding,
        )
    if as_json:
        print_json(count_table.as_json(ranking, top))
    else:
        counts.ranked(ranking, top or 20, labels)


@app.command()
def compare(
    editions: Annotated[list[Path], typer.Argument(help="Folders of two editions or more, the oldest first.")],
    top: Annotated[int, typer.Option(min=1, help="How many clusters to print.")] = 20,
    memory: Memory = None,
    threads: Threads = None,
    as_json: AsJson = False,
) -> None:
    """Print what moved each cluster between two editions (records, boundaries or method), or a series over more."""
    from hubrank.analysis import comparison
    from hubrank.cli.screens import comparisons

    changes = comparison.compare(*editions, memory=memory, threads=threads)
    if as_json:
        print_json(comparisons.comparison_rows(changes))
    else:
        comparisons.compared(changes, top)


@app.command()
def explain(
    edition: Annotated[Path, typer.Argument(help="Folder of an edition.")],
    place: Annotated[
        str,
        typer.Argument(
            help='A place ("Princeton", "Cambridge, United Kingdom"), "latitude, longitude", an organisation, or the '
            "name or code of a ranked area."
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Explain why a place is in a cluster or in none, or in which clusters an organisation has which output."""
    from hubrank.analysis.explanation import explain_name, sentences

    explanation = explain_name(edition, place)
    if as_json:
        print_json(explanation.as_dict())
    else:
        for sentence in sentences(explanation):
            typer.echo(sentence)


@app.command()
def trace(
    edition: Annotated[Path, typer.Argument(help="Folder of an edition.")],
    cluster: Annotated[str, typer.Argument(help="Name, cluster_id or rank of a cluster.")],
    metric: Annotated[str, typer.Argument(help="Metric, by its name or label, such as patents.")],
    out: Annotated[Path | None, typer.Option("--out", help="CSV for all lines.")] = None,
    top: Annotated[int, typer.Option(min=1, help="How many lines to print.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Trace a figure back to the records and lines of the raw files that add up to it."""
    from hubrank.analysis import trace as trace_module
    from hubrank.cli.screens import traces
    from hubrank.core.atomic_folder import expect_loose

    if out is not None:
        expect_loose(out)
    figure = trace_module.trace(edition, cluster, metric)
    if out is not None:
        figure.write(out)
    if as_json:
        print_json(figure.as_dict(top))
    else:
        traces.traced(figure, top, out)


@app.command()
def robustness(
    edition: Annotated[Path, typer.Argument(help="Folder of an edition.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the report. Default: EDITION-robustness, next to the edition."),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Replace one choice at a time only.")] = False,
    memory: Memory = None,
    threads: Threads = None,
) -> None:
    """Report how far ranks depend on weights, choices of method, single organisations, fields and years."""
    from hubrank.cli.screens import findings
    from hubrank.publishing import robustness_report as report_module

    folder = out or edition.absolute().with_name(f"{edition.absolute().name}-robustness")
    with progress() as report:
        report_module.write(edition, folder, quick=quick, memory=memory, threads=threads, progress=report)
    findings.findings(folder / report_module.MARK)


@app.command()
def sources(*, as_json: AsJson = False) -> None:
    """List the file formats that hubrank reads."""
    from hubrank import sources as formats
    from hubrank.cli.screens import readers

    by_name, broken = formats.all_readers()
    rows = readers.source_rows(by_name)
    if as_json:
        print_json([*rows, *({"reader": name, "error": why} for name, why in broken.items())])
    else:
        readers.sources(rows)
        for why in broken.values():
            typer.echo(why)


@app.command()
def verify(
    edition: Annotated[Path, typer.Argument(help="Folder of an edition.")],
    inputs: Annotated[
        Path | None,
        typer.Option(help="Folder of the study: compare the hashes of the inputs too, and find the previous edition."),
    ] = None,
    seal: Annotated[str | None, typer.Option(help="The seal that the run printed, or its first digits.")] = None,
    key: Annotated[
        str | None, typer.Option(help="Public key of minisign, or its file, that signed edition.json.")
    ] = None,
    without_listings: Annotated[
        bool, typer.Option("--without-listings", help="The copy may lack the tables located and addresses.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare the hashes of an edition's files (with --inputs, of its inputs too), rank it and publish it again.

    Exit 1 on any difference.
    """
    from dataclasses import asdict

    from hubrank.cli.screens import verifications
    from hubrank.publishing import verification

    findings = verification.verify(edition, inputs, seal, key, listings=not without_listings)
    if as_json:
        print_json({"edition": str(edition), "ok": not findings.faults, **asdict(findings)})
    else:
        verifications.verified(findings)
    if findings.faults:
        raise typer.Exit(1)
