"""The command that serves an edition to a browser."""

from pathlib import Path
from typing import Annotated

import typer

from hubrank.cli.options import Memory, Threads, app


@app.command()
def serve(
    edition: Annotated[Path, typer.Argument(help="Folder of an edition.")],
    host: Annotated[str, typer.Option(help="Address to listen on; others than the loopback address need --public.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 selects a free port.")] = 8000,
    public: Annotated[
        bool, typer.Option("--public", help="Allow access from other machines, and embedding in other sites.")
    ] = False,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="Host name under which clients may reach the server; may be repeated.")
    ] = None,
    trust_proxy: Annotated[
        list[str] | None,
        typer.Option(help="Address of a proxy whose X-Forwarded-For names the clients; may be repeated."),
    ] = None,
    memory: Memory = None,
    threads: Threads = None,
) -> None:
    """Serve the explorer with live clustering, explanations by click, and JSON, on this machine only."""
    from hubrank.core.errors import StudyError
    from hubrank.core.memory import dedicate_process

    dedicate_process()  # with one for each thread, clusterings in memory would take three times their limit
    try:
        from hubrank.serving.running import serve as run_server
    except ModuleNotFoundError as error:
        if error.name not in {"fastapi", "starlette", "uvicorn", "h11", "anyio"}:
            raise
        raise StudyError("`hubrank serve` needs the extra `serve`: pip install 'hubrank[serve]'.") from None
    run_server(
        edition,
        host=host,
        port=port,
        public=public,
        names=allow_host or (),
        proxies=trust_proxy or (),
        memory=memory,
        threads=threads,
        say=typer.echo,
        warn=lambda text: typer.echo(text, err=True),
    )
