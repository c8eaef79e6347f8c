"""Commands on more than one list: a ranking against a published one, and a series of editions."""

from pathlib import Path
from typing import Annotated

import typer

from hubrank.cli.options import AsJson, Encoding, Language, Memory, Out, Threads, Workers, app, print_json, progress
from hubrank.cli.output import summary_of
from hubrank.cli.run import WORKER_MODULES
from hubrank.core.page_languages import languages


@app.command()
def concord(
    ranking: Annotated[Path, typer.Argument(help="Folder of an edition, or a ranking as CSV or Parquet.")],
    published: Annotated[
        Path,
        typer.Argument(help="A published list: columns rank, names, economies, and shares where there are."),
    ],
    names: Annotated[
        str | None,
        typer.Option(help="Its column of names. Default: the one of which most rows are a cluster of the ranking."),
    ] = None,
    page: Annotated[Path | None, typer.Option("--page", help="HTML file to write: the same as a page.")] = None,
    encoding: Encoding = None,
    language: Language = "en",
    top: Annotated[int, typer.Option(min=1, help="How many rows to print.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Compare a ranking with a published list: correlation, overlap of the first, and every row."""
    from hubrank.analysis.concord import concord as concord_of
    from hubrank.cli.screens import concordances
    from hubrank.core.atomic_folder import expect_loose
    from hubrank.core.files import write_bytes
    from hubrank.publishing.site.concord_page import concord_page

    if page is not None:
        expect_loose(page)
    result = concord_of(ranking, published, encoding, names)
    if page is not None:
        write_bytes(page, concord_page(result, language))
    if as_json:
        print_json(concordances.concord_json(result))
    else:
        concordances.concorded(result, top)


@app.command()
def series(
    study: Annotated[Path, typer.Argument(help="Study file (TOML) whose metrics have windows.")],
    windows: Annotated[
        str,
        typer.Option("--windows", help="First and last window; between them it slides by a year: 2015-2019:2020-2024."),
    ],
    out: Out,
    sites: Annotated[bool, typer.Option("--sites", help="Write the pages of each edition as well.")] = False,
    language: Annotated[
        str | None,
        typer.Option(help=f"Language of the page: {', '.join(languages())}. Default: that of the study."),
    ] = None,
    memory: Memory = None,
    threads: Threads = None,
    workers: Workers = None,
    top: Annotated[int, typer.Option(min=1, help="How many clusters to print.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Make the editions of a sliding window from one study, with a page and a chart of ranks and shares over time."""
    from functools import partial

    from hubrank.cli.screens import trends
    from hubrank.core.memory import dedicate_process
    from hubrank.core.processes import worker
    from hubrank.series import run_series

    dedicate_process()
    with progress() as report:
        result = run_series(
            study,
            windows,
            out,
            memory=memory,
            threads=threads,
            start_worker=partial(worker, *WORKER_MODULES),
            workers=workers,
            sites=sites,
            language=language,
            progress=report,
        )
    with summary_of(out):
        if as_json:
            print_json(trends.series_json(result))
        else:
            trends.series(result, out, top)
