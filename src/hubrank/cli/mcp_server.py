"""Tools of the Model Context Protocol that answer as commands with --json do, on editions that the operator names.

The same functions make both answers, and the same writer writes them. Tools only read, and no argument names a file.
"""

from collections.abc import Callable, Mapping, Sequence
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
from hubrank.cli.screens.comparisons import comparison_rows
from hubrank.core import one_economy
from hubrank.core.edition import threshold_text
from hubrank.core.errors import HubrankError, StudyError, nearest
from hubrank.ranking import count_table

Weights = Annotated[
    dict[str, str | int | float] | None,
    Field(description="Weight by metric; metrics that are left out weigh 0. Without weights: the study's."),
]
Tool = Callable[..., str]
MOST_ROWS = 1_000
LIMITS = [
    "Counts are of records of these sources in these years, where their listings could be located.",
    "A cluster is a dense area named after the cities in it, no city; it can lie in several countries.",
    "A score is a weighted sum of shares, and no percentage of anything.",
    "A rank holds within its interval; the order of clusters whose intervals overlap may be chance.",
    "Under other weights than those of the edition no interval applies.",
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
    for tool in (*_of_edition(folder, edition), *_of_others(folder, others)):
        tools.tool(annotations=_READS, structured_output=False)(tool)
    return tools


def _of_edition(folder: Path, edition: api.Edition) -> list[Tool]:
    """Return the tools that read one edition; their docstrings describe them to an assistant."""

    def about() -> str:
        """Say what the edition is: title, years, metrics and how much of each is located, sources, method, limits."""
        return _answer(lambda: _described(edition))

    def rank(
        weights: Weights = None,
        top: Annotated[
            int | None, Field(description="How many clusters to return, the first ranks first. Default: all.")
        ] = None,
    ) -> str:
        """Rank the clusters, under the weights of the study or others; as `hubrank rank EDITION --json`."""
        texts = {metric: str(weight) for metric, weight in weights.items()} if weights else None
        return _answer(lambda: count_table.as_json(api.reweighted(edition, texts), _rows(top)))

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
        top: Annotated[int, Field(description="How many lines to return, 1 to 1000.")] = 20,
    ) -> str:
        """Trace a count back to the lines of the raw files; as `hubrank trace EDITION CLUSTER METRIC --json`."""
        return _answer(lambda: trace_module.trace(folder, cluster, metric).as_dict(_rows(top) or 20))

    return [about, rank, explain, trace]


def _of_others(folder: Path, others: Mapping[str, api.Edition]) -> list[Tool]:
    """Return the tool that compares an edition with others, by their labels; none where there are none."""

    @cache
    def compared(label: str) -> comparison.Comparison:
        return comparison.compare(others[label].folder, folder)

    def compare(
        earlier: Annotated[str, Field(description=f"One of the editions: {', '.join(others) or 'none'}.")],
    ) -> str:
        """Say what moved each cluster since an earlier edition; as `hubrank compare EARLIER EDITION --json`."""
        return _answer(lambda: comparison_rows(compared(_one_of(earlier, list(others)))))

    return [compare] if others else []


def _about(edition: api.Edition) -> str:
    """Return what an assistant has to know of an edition, and of how to state its figures."""
    study = edition.manifest["study"]
    return (
        f"{study['title']}, edition {study['edition']}: {edition.manifest['clusters']} innovation clusters, ranked by "
        f"{', '.join(edition.labels.values())}. {edition.manifest.get('note', '')} Ranks have intervals: state them "
        f"with the rank (under other weights than the edition's none apply: say so), and with every figure whether it "
        f"is simulated."
    )


def _described(edition: api.Edition) -> dict[str, Any]:
    """Return what edition.json says that a reader has to know before any figure."""
    manifest = edition.manifest
    study = manifest["study"]
    metrics = []
    for metric, label in edition.labels.items():
        counts = manifest["metrics"].get(metric, {})
        listings, lost = counts.get("listings", 0), counts.get("unlocated", 0)
        metrics.append(
            {
                "metric": metric,
                "label": label,
                "weight": float(edition.weights[metric]),
                "years": study.get("windows", {}).get(metric),
                "listings": listings,
                "located_pct": round(100 * (listings - lost) / listings, 2) if listings else None,
            }
        )
    stated = ("name", "publisher", "url", "accessed", "licence")
    return {
        "title": study["title"],
        "edition": str(study["edition"]),
        "note": manifest.get("note", ""),
        "clusters": manifest["clusters"],
        "ranks_areas": bool(manifest.get("areas", {}).get("ranked")),
        "threshold": threshold_text(manifest),
        "metrics": metrics,
        "sources": [
            {"metric": source["metric"], **{key: source[key] for key in stated if source.get(key)}}
            | {"notes": source.get("notes", [])}
            for source in manifest.get("sources", [])
        ],
        "publish": study.get("publish", {}),
        "remarks": [*one_economy.sentences(one_economy.of_edition(manifest), edition.labels)],
        "limits": LIMITS,
    }


def _rows(top: int | None) -> int | None:
    """Return how many rows are wanted. Raises StudyError where that is no number from 1 to 1,000."""
    if top is not None and not 1 <= top <= MOST_ROWS:
        raise StudyError(f"top is {top}; give a whole number from 1 to {MOST_ROWS:,}.")
    return top


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
