"""robustness.md: firm ranks, ranks that are not statistically distinguishable, ranks that one choice decides."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.analysis.robustness.variants import DECISIVE
from hubrank.analysis.robustness.weight_grid import MOST_METRICS
from hubrank.core import area_words, one_economy
from hubrank.core.edition import INDEPENDENT, areas_note, labels
from hubrank.core.files import write_bytes
from hubrank.core.units import half_up
from hubrank.publishing.brief.rendering import escaped

TOP = 30  # clusters in lists
NO_GRID = (
    f"Best and worst ranks over all weights of whole percents are computed for up to {MOST_METRICS} metrics; draws "
    f"around equal weights have every metric."
)
OF_ONE_ECONOMY = (
    "No rank is called firm: one economy has most of a metric alone, so that ranks across economies are not comparable "
    "whatever counts and choices leave open."
)
Row = dict[str, Any]


def publish(folder: Path, tables: Mapping[str, pa.Table], manifest: Mapping[str, Any], *, note: str = "") -> None:
    """Write robustness.md.

    tables : ranking, robustness, variants, method_choices, weights and leave_one_out of one edition.
    manifest : the content of edition.json; note : shown first.
    """
    write_bytes(folder / "robustness.md", page(tables, manifest, note).encode())


def page(tables: Mapping[str, pa.Table], manifest: Mapping[str, Any], note: str = "") -> str:
    """Return robustness.md."""
    ranking = tables["ranking"].sort_by("rank").to_pylist()
    sure = {row["cluster_id"]: row for row in tables["robustness"].to_pylist()}
    lines = [f"**{note}**", ""] if note else []
    lines += [f"# How robust are the ranks: {escaped(manifest['study']['title'])}", ""]
    about_areas = areas_note(manifest)
    lines += [about_areas, "", area_words.LEFT_OUT, ""] if about_areas else []
    lines += _firm(ranking, sure, withheld=bool(one_economy.of_edition(manifest)))
    lines += _groups(ranking, sure)
    lines += _decisive(ranking, sure)
    lines += _choices(tables["method_choices"].to_pylist())
    lines += _partitions(tables["partitions"].to_pylist()) if "partitions" in tables else []
    lines += _chaining(ranking, tables["chaining"].to_pylist()) if "chaining" in tables else []
    lines += _methods(ranking, sure)
    lines += _weights(ranking, {row["cluster_id"]: row for row in tables["weights"].to_pylist()})
    lines += _weight_shares(tables["weight_shares"].to_pylist(), labels(manifest)) if "weight_shares" in tables else []
    lines += _left(ranking, tables["leave_one_out"].to_pylist())
    lines += ["", INDEPENDENT]
    return "\n".join(lines).rstrip("\n") + "\n"


def _name(row: Row) -> str:
    return f"{row['rank']}. {escaped(row['cluster'])} ({row['economies']})"


def _section(head: str, text: str, items: Sequence[str], none: str) -> list[str]:
    more = [f"- and {len(items) - TOP} more"] if len(items) > TOP else []
    return [f"## {head}", "", text if items else none, "", *(f"- {item}" for item in items[:TOP]), *more, ""]


def _firm(ranking: Sequence[Row], sure: Mapping[str, Row], *, withheld: bool) -> list[str]:
    tied = tied_with_neighbours([sure[row["cluster_id"]]["tied_until"] for row in ranking])
    firm = [
        _name(row) + (", not distinguishable from a neighbour" if is_tied else "")
        for row, is_tied in zip(ranking, tied, strict=True)
        if sure[row["cluster_id"]]["firm"]
    ]
    text = (
        "Neither sampling of records, nor the doubt about places, nor any single choice of method moves these by more "
        "than one rank. The order of neighbours may still be chance."
    )
    none = OF_ONE_ECONOMY if withheld else "No rank is firm: each may move by more than one rank."
    return _section("Firm ranks", text, firm, none)


def tied_with_neighbours(tied_until: Sequence[int]) -> list[bool]:
    """Say of each rank whether counts do not distinguish it from the one before or the one after.

    tied_until : as in `groups`.
    """
    with_next = [last > rank for rank, last in enumerate(tied_until, 1)]
    return [after or before for after, before in zip(with_next, [False, *with_next], strict=False)]


def groups(tied_until: Sequence[int]) -> list[tuple[int, int]]:
    """Return first and last rank of each group of which no two clusters are distinguishable; groups may overlap.

    tied_until : by rank, the last rank of the run, starting there, in which no two clusters are distinguishable.
    """
    runs, end = [], 0
    for rank, last in enumerate(tied_until, 1):
        if last > max(rank, end):  # no cluster before the first could join the group, nor one after the last
            runs.append((rank, last))
        end = max(last, end)
    return runs


def _groups(ranking: Sequence[Row], sure: Mapping[str, Row]) -> list[str]:
    items = [
        f"{_name(ranking[first - 1])} to {_name(ranking[last - 1])}: {last - first + 1} clusters"
        for first, last in groups([sure[row["cluster_id"]]["tied_until"] for row in ranking])
    ]
    text = (
        "No two clusters in a group are statistically distinguishable, with all pairs tested at once: their order "
        "should not be interpreted. Groups overlap where a cluster is distinguishable from only some of its "
        "neighbours. The interval of a single cluster may be narrower."
    )
    head, none = "Groups that are not statistically distinguishable", "Every cluster is distinguishable from the next."
    return _section(head, text, items, none)


def _decisive(ranking: Sequence[Row], sure: Mapping[str, Row]) -> list[str]:
    items = []
    for row in ranking:
        robustness = sure[row["cluster_id"]]
        if robustness["decisive_choice"] is not None:
            move = (
                "splits, absorbs or loses it"
                if robustness["decisive_move"] is None
                else f"moves it by {robustness['decisive_move']} ranks"
            )
            items.append(f"{_name(row)}: {robustness['decisive_choice']} {move}")
    text = f"A single choice of method moves these by {DECISIVE} ranks or more, or splits, absorbs or loses them."
    none = f"No rank is moved {DECISIVE} ranks or more by exactly one choice."
    return _section("Ranks that one choice decides", text, items, none)


def _choices(choices: Sequence[Row]) -> list[str]:
    lines = ["## Choices of method that move ranks most", ""]
    lines += [
        "| choice | ranks moved | clusters lost | largest move | share of variance |",
        "|---|---:|---:|---:|---:|",
    ]
    for row in sorted(choices, key=lambda row: (row["moved"] is None, -(row["moved"] or 0), row["choice"])):
        share = "–" if row["share_pct"] is None else f"{half_up(row['share_pct'], 1)} %"
        cells = ["–" if row[key] is None else f"{row[key]}" for key in ("moved", "lost", "largest_move")]
        lines.append(f"| {row['choice']} | {' | '.join(cells)} | {share} |")
    return [*lines, ""]


def _partitions(partitions: Sequence[Row]) -> list[str]:
    lines = ["## How alike the clusters are", "", "Weighed by listings: 1 and 0 bits where they are the same.", ""]
    lines += ["| compared with | clusters | adjusted Rand index | variation of information | ranks moved | lost |"]
    lines.append("|---|---:|---:|---:|---:|---:|")
    for row in sorted(partitions, key=lambda row: (row["kind"], row["compared_with"])):
        alike = f"{half_up(row['adjusted_rand'], 3)} | {half_up(row['variation_bits'], 3)} bits"
        lines.append(
            f"| {escaped(row['compared_with'])} | {row['clusters']} | {alike} | {row['moved']} | {row['lost']} |"
        )
    return [*lines, ""]


def _chaining(ranking: Sequence[Row], chaining: Sequence[Row]) -> list[str]:
    """Return how the first clusters hold together."""
    by_id = {row["cluster_id"]: row for row in chaining}
    lines = [
        "## One place or a chain",
        "",
        "Listings at core sites without which the cores of a cluster fall apart.",
        "",
    ]
    lines += [
        "| rank | cluster | diameter | at such sites | parts at 12 km | largest part |",
        "|---:|---|" + "---:|" * 4,
    ]
    for row in ranking[:TOP]:
        chain = by_id[row["cluster_id"]]
        cells = [f"{chain['diameter_km']} km", f"{half_up(chain['articulation_pct'], 1)} %"]
        at_12km = chain["parts_12km"], chain["largest_part_12km_pct"]
        cells += ["–", "–"] if None in at_12km else [str(at_12km[0]), f"{half_up(at_12km[1], 1)} %"]
        lines.append(f"| {row['rank']} | {escaped(row['cluster'])} ({row['economies']}) | {' | '.join(cells)} |")
    return [*lines, ""]


def _methods(ranking: Sequence[Row], sure: Mapping[str, Row]) -> list[str]:
    """Return the range of each rank over the variants, and over their combinations where those were run."""
    kinds = {"method": "one choice replaced", "combined": "any replaced"}
    kinds = {kind: label for kind, label in kinds.items() if all(f"{kind}_best" in row for row in sure.values())}
    lines = [
        "## Other methods",
        "",
        f"| rank | cluster | {' | '.join(f'{label} | lost' for label in kinds.values())} |",
    ]
    lines.append("|---:|---|" + "---:|" * 2 * len(kinds))
    for row in ranking[:TOP]:
        robustness = sure[row["cluster_id"]]
        cells = [
            f"{robustness[f'{kind}_best']}–{robustness[f'{kind}_worst']} | {robustness[f'{kind}_lost']}"
            for kind in kinds
        ]
        lines.append(f"| {row['rank']} | {escaped(row['cluster'])} ({row['economies']}) | {' | '.join(cells)} |")
    return [*lines, "", "Lost: number of variants in which the cluster is split, absorbed or gone.", ""]


def _weights(ranking: Sequence[Row], weights: Mapping[str, Row]) -> list[str]:
    ends = ["best_rank", "worst_rank"] if all(row["best_rank"] is not None for row in weights.values()) else []
    note = "Best and worst: on a grid of weights of 1 %." if ends else NO_GRID
    heads = ["rank", "cluster", *(end.removesuffix("_rank") for end in ends), "in 90 % of draws around equal weights"]
    lines = ["## Other weights", "", note, "", f"| {' | '.join(heads)} |", f"|---:|---|{'---:|' * (len(heads) - 2)}"]
    for row in ranking[:TOP]:
        weighted = weights[row["cluster_id"]]
        cells = [str(row["rank"]), f"{escaped(row['cluster'])} ({row['economies']})"]
        cells += [*(str(weighted[end]) for end in ends), f"{weighted['draws_low']}–{weighted['draws_high']}"]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def _weight_shares(shares: Sequence[Row], names: Mapping[str, str]) -> list[str]:
    lines = ["## Weights that move ranks most", ""]
    if not shares:
        return [*lines, "No weight moves any rank.", ""]
    lines += ["| metric | alone | with the others |", "|---|---:|---:|"]
    lines += [
        f"| {escaped(names[row['metric']])} | {half_up(row['first_pct'], 1)} % | {half_up(row['total_pct'], 1)} % |"
        for row in shares
    ]
    return [*lines, "", "Shares of the variance of ranks over draws around equal weights.", ""]


def _left(ranking: Sequence[Row], left: Sequence[Row]) -> list[str]:
    falls = {(row["cluster_id"], row["left_out"]): row for row in left}
    items = []
    for row in ranking:
        for kind in ("organisation", "field", "year"):
            part = falls.get((row["cluster_id"], kind))
            if part is not None and part["fall"] >= DECISIVE:
                items.append(f"{_name(row)} without the {kind} {escaped(part['name'])}: {part['rank_without']}")
    text = f"These fall by {DECISIVE} ranks or more without one part of their output."
    return _section("With a part left out", text, items, f"No cluster falls by {DECISIVE} ranks without any one part.")
