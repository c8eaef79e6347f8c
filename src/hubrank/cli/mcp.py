"""The command that answers other programs by the Model Context Protocol."""

from pathlib import Path
from typing import Annotated

import typer

from hubrank.cli.options import app


@app.command()
def mcp(
    edition: Annotated[Path, typer.Argument(help="Folder of an edition.")],
    earlier: Annotated[
        list[Path] | None, typer.Option(help="Folder of an earlier edition to compare with; may be repeated.")
    ] = None,
) -> None:
    """Answer other programs (Model Context Protocol, over standard input and output): rank, explain, trace, compare."""
    from hubrank.core.errors import StudyError

    try:
        from hubrank.cli.mcp_server import server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "mcp":
            raise
        raise StudyError("`hubrank mcp` needs the extra `mcp`: pip install 'hubrank[mcp]'.") from None
    server(edition, earlier or ()).run("stdio")
