"""The command that explains commands, keys, tables, columns and readers, without a network."""

from typing import Annotated, Any

import typer

from hubrank.cli.options import app


@app.command("help")
def help_(
    context: typer.Context,
    topic: Annotated[
        str | None,
        typer.Argument(help="A command, a key of the study file, a table, a column or a reader. Default: all topics."),
    ] = None,
) -> None:
    """Explain a command, a key of the study file, a table or column of an edition, or a reader."""
    from hubrank.cli import topics

    group: Any = context.parent.command if context.parent else context.command
    commands: dict[str, Any] = dict(group.commands)
    if topic is None:
        for kind, names in {"command": sorted(commands), **topics.topics()}.items():
            typer.echo(f"{kind}: {', '.join(names)}")
        return
    texts = list(topics.explained(topic, list(commands)))
    if topic in commands:
        command = commands[topic]
        texts.insert(0, command.get_help(typer.Context(command, info_name=topic, parent=context.parent)))
    typer.echo("\n\n".join(texts))
