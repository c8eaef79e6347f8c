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
    port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65535, help="Answer over HTTP at http://127.0.0.1:PORT/mcp, not over standard input and output."
        ),
    ] = None,
) -> None:
    """Answer other programs by the Model Context Protocol: about, rank, explain, trace, compare."""
    from hubrank.core.errors import StudyError

    try:
        from hubrank.cli.mcp_server import server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "mcp":
            raise
        raise StudyError("`hubrank mcp` needs the extra `mcp`: pip install 'hubrank[mcp]'.") from None
    tools = server(edition, earlier or ())
    if port is None:
        tools.run("stdio")
    else:
        typer.echo(f"http://127.0.0.1:{port}/mcp", err=True)
        # Nothing is kept between two requests; only this machine is answered, under its own names.
        tools.run("streamable-http", port=port, stateless_http=True, json_response=True)
