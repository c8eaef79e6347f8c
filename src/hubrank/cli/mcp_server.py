"""Tools of the Model Context Protocol that answer as commands with --json do, on editions that the operator names.

The same functions make both answers, and the same writer writes them. Tools only read, and no argument names a file.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from hubrank import __version__, api
from hubrank.analysis import comparison, explanation
from hubrank.analysis import trace as trace_module
from hubrank.cli.options import json_text
from hubrank.cli.screens import comparison_rows
from hubrank.core.errors import HubrankError, StudyError, nearest
from hubrank.ranking import count_table

Weights = Annotated[
    dict[str, str | int | float] | None,
    Field(description="Weight by metric; metrics that are left out weigh 0. Without weights: the study's."),
]
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def server(folder: Path, earlier: Sequence[Path] = ()) -> MCPServer[Any]:
    """Return the server of an edition.

    earlier : folders of other editions that it may be compared with.
    Raises StudyError where a folder is no edition.
    """
    edition = api.load(folder)
    others = {str(each.manifest["study"]["edition"]): each for each in map(api.load, earlier)}
    title = edition.manifest["study"]["title"]
    tools: MCPServer[Any] = MCPServer("hubrank", title=title, instructions=_about(edition), version=__version__)

    def rank(weights: Weights = None) -> str:
        """Rank the clusters, under the weights of the study or others; as `hubrank rank EDITION --json`."""
        texts = {metric: str(weight) for metric, weight in weights.items()} if weights else None
        return _answer(lambda: count_table.as_json(api.reweighted(edition, texts)))

    def explain(
        place: Annotated[
            str,
            Field(description='A place ("Princeton", "Cambridge, United Kingdom"), "lat, lon", or an organisation.'),
        ],
    ) -> str:
        """Explain why a place is in a cluster or in none, or which output an organisation has in which clusters.

        As `hubrank explain EDITION PLACE --json`.
        """
        return _answer(lambda: explanation.explain_name(folder, place).as_dict())

    def trace(
        cluster: Annotated[str, Field(description="Name, cluster_id or rank of a cluster.")],
        metric: Annotated[str, Field(description=f"One of: {', '.join(edition.metrics)}.")],
        top: Annotated[int, Field(ge=1, le=1_000, description="How many lines to return.")] = 20,
    ) -> str:
        """Trace a count back to the lines of the raw files; as `hubrank trace EDITION CLUSTER METRIC --json`."""
        return _answer(lambda: trace_module.trace(folder, cluster, metric).as_dict(top))

    @cache
    def compared(label: str) -> comparison.Comparison:
        return comparison.compare(others[label].folder, folder)

    def compare(
        earlier: Annotated[str, Field(description=f"One of the editions: {', '.join(others) or 'none'}.")],
    ) -> str:
        """Say what moved each cluster since an earlier edition; as `hubrank compare EARLIER EDITION --json`."""
        return _answer(lambda: comparison_rows(compared(_one_of(earlier, list(others)))))

    offered: list[Callable[..., str]] = [rank, explain, trace, *([compare] if others else [])]
    for tool in offered:
        tools.tool(annotations=_READS, structured_output=False)(tool)
    return tools


def _about(edition: api.Edition) -> str:
    """Return what an assistant has to know of an edition, and of how to state its figures."""
    study = edition.manifest["study"]
    return (
        f"{study['title']}, edition {study['edition']}: {edition.manifest['clusters']} innovation clusters, ranked by "
        f"{', '.join(edition.labels.values())}. {edition.manifest.get('note', '')} Ranks have intervals: state them "
        f"with the rank (under other weights than the edition's none apply: say so), and with every figure whether it "
        f"is simulated."
    )


def _one_of(name: str, names: list[str]) -> str:
    if name not in names:
        raise StudyError(f"There is no edition {name!r}; there are: {', '.join(names)}.{nearest(name, names)}")
    return name


def _answer(compute: Callable[[], Any]) -> str:
    """Return what a command with --json prints. Raises ToolError with the message of an error of hubrank."""
    try:
        return json_text(compute())
    except HubrankError as error:
        raise ToolError(str(error)) from None
