"""Commands that hold a ranking against published lists."""

from pathlib import Path
from typing import Annotated

import typer

from hubrank.cli.options import AsJson, app, print_json


@app.command()
def concord(
    ranking: Annotated[Path, typer.Argument(help="Folder of an edition, or a ranking as CSV or Parquet.")],
    published: Annotated[
        Path, typer.Argument(help="A published list: columns rank, cluster, economies, and shares where there are.")
    ],
    page: Annotated[Path | None, typer.Option("--page", help="HTML file to write: the same as a page.")] = None,
    top: Annotated[int, typer.Option(min=1, help="How many rows to print.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Compare a ranking with a published list: correlation, overlap of the first, and every row."""
    from hubrank.analysis.concord import concord as concord_of
    from hubrank.cli import screens
    from hubrank.core.atomic_folder import expect_loose
    from hubrank.core.files import write_bytes
    from hubrank.publishing.site.concord_page import concord_page

    if page is not None:
        expect_loose(page)
    result = concord_of(ranking, published)
    if page is not None:
        write_bytes(page, concord_page(result))
    if as_json:
        print_json(screens.concord_json(result))
    else:
        screens.concorded(result, top)
