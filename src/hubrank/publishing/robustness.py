"""robustness.md: which ranks are firm, which cannot be told apart, which hang on one choice."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.analysis.robustness.summary import DECISIVE
from hubrank.core.files import write_bytes

TOP = 30  # clusters in lists
Row = dict[str, Any]


def publish(folder: Path, tables: Mapping[str, pa.Table], manifest: Mapping[str, Any], *, note: str = "") -> None:
    """Write robustness.md.

    tables : ranking, robustness, variants, method_choices, weights and leave_one_out of one edition.
    manifest : the content of edition.json; note : what must stand beside every figure.
    """
    write_bytes(folder / "robustness.md", page(tables, manifest, note).encode())


def page(tables: Mapping[str, pa.Table], manifest: Mapping[str, Any], note: str = "") -> str:
    """Return robustness.md."""
    ranking = tables["ranking"].sort_by("rank").to_pylist()
    sure = {row["cluster_id"]: row for row in tables["robustness"].to_pylist()}
    lines = [f"**{note}**", ""] if note else []
    lines += [f"# How sure are the ranks: {_escaped(manifest['study']['title'])}", ""]
    lines += _firm(ranking, sure)
    lines += _groups(ranking, sure)
    lines += _hanging(ranking, sure)
    lines += _choices(tables["method_choices"].to_pylist())
    lines += _methods(ranking, sure)
    lines += _weights(ranking, {row["cluster_id"]: row for row in tables["weights"].to_pylist()})
    lines += _weight_shares(tables["weight_shares"].to_pylist()) if "weight_shares" in tables else []
    lines += _left(ranking, tables["leave_one_out"].to_pylist())
    return "\n".join(lines).rstrip("\n") + "\n"


def _escaped(text: str) -> str:
    return "".join("\\" + c if c in "\\`*_{}[]<>#|~&!" else c for c in " ".join(text.split()))


def _called(row: Row) -> str:
    return f"{row['rank']}. {_escaped(row['cluster'])} ({row['economies']})"


def _section(head: str, said: str, items: Sequence[str], none: str) -> list[str]:
    more = [f"- and {len(items) - TOP} more"] if len(items) > TOP else []
    return [f"## {head}", "", said if items else none, "", *(f"- {item}" for item in items[:TOP]), *more, ""]


def _firm(ranking: Sequence[Row], sure: Mapping[str, Row]) -> list[str]:
    firm = [_called(row) for row in ranking if sure[row["cluster_id"]]["firm"]]
    said = "Neither the count of records nor any one choice of method moves these by more than one place."
    return _section("Firm ranks", said, firm, "No rank is firm: each may move by more than a place.")


def groups(tied_until: Sequence[int]) -> list[tuple[int, int]]:
    """Return first and last rank of each group of which no two clusters can be told apart; groups may overlap.

    tied_until : by rank, the last rank to which no two clusters from this one on can be told apart.
    """
    found, end = [], 0
    for rank, last in enumerate(tied_until, 1):
        if last > max(rank, end):  # no cluster before the first could join the group, nor one after the last
            found.append((rank, last))
        end = max(last, end)
    return found


def _groups(ranking: Sequence[Row], sure: Mapping[str, Row]) -> list[str]:
    told = [
        f"{_called(ranking[first - 1])} to {_called(ranking[last - 1])}: {last - first + 1} clusters"
        for first, last in groups([sure[row["cluster_id"]]["tied_until"] for row in ranking])
    ]
    said = (
        "In each of these groups no two clusters can be told apart by the count of records, all pairs judged at once: "
        "their order is not to be read. Groups overlap where a cluster can be told apart from some of its neighbours "
        "only. A single cluster, judged for itself, may be surer of its rank."
    )
    return _section("Groups that cannot be told apart", said, told, "Every cluster can be told apart from the next.")


def _hanging(ranking: Sequence[Row], sure: Mapping[str, Row]) -> list[str]:
    told = []
    for row in ranking:
        doubt = sure[row["cluster_id"]]
        if doubt["decisive_choice"] is not None:
            move = "loses it" if doubt["decisive_move"] is None else f"moves it by {doubt['decisive_move']} places"
            told.append(f"{_called(row)}: {doubt['decisive_choice']} {move}")
    said = f"One choice of method alone moves these by {DECISIVE} places or more, or loses them; every other one less."
    return _section(
        "Ranks that hang on one choice", said, told, f"No rank moves by {DECISIVE} places on one choice only."
    )


def _choices(choices: Sequence[Row]) -> list[str]:
    lines = ["## Which choice moves ranks most", ""]
    lines += [
        "| choice | ranks it moves | clusters it loses | largest move | share of variance |",
        "|---|---:|---:|---:|---:|",
    ]
    for row in choices:
        share = "–" if row["share_pct"] is None else f"{row['share_pct']:.1f} %"
        cells = ["–" if row[key] is None else f"{row[key]}" for key in ("moved", "lost", "largest_move")]
        lines.append(f"| {row['choice']} | {' | '.join(cells)} | {share} |")
    return [*lines, ""]


def _methods(ranking: Sequence[Row], sure: Mapping[str, Row]) -> list[str]:
    """Tell the range of each rank over the variants; over their combinations too, where those were run."""
    kinds = {"method": "one choice replaced", "combined": "any replaced"}
    kinds = {kind: told for kind, told in kinds.items() if all(f"{kind}_best" in row for row in sure.values())}
    lines = ["## Other methods", "", f"| rank | cluster | {' | '.join(f'{k} | lost' for k in kinds.values())} |"]
    lines.append("|---:|---|" + "---:|" * 2 * len(kinds))
    for row in ranking[:TOP]:
        doubt = sure[row["cluster_id"]]
        cells = [f"{doubt[f'{k}_best']}–{doubt[f'{k}_worst']} | {doubt[f'{k}_lost']}" for k in kinds]
        lines.append(f"| {row['rank']} | {_escaped(row['cluster'])} ({row['economies']}) | {' | '.join(cells)} |")
    return [*lines, "", "Lost: in how many variants the cluster is split, absorbed or gone.", ""]


def _weights(ranking: Sequence[Row], weights: Mapping[str, Row]) -> list[str]:
    lines = ["## Other weights", "", "Best and worst: on a grid of weights of 1 %.", ""]
    lines += ["| rank | cluster | best | worst | in 90 % of draws around equal weights |"]
    lines.append("|---:|---|---:|---:|---:|")
    for row in ranking[:TOP]:
        told = weights[row["cluster_id"]]
        ends = ["–" if told[key] is None else str(told[key]) for key in ("best_rank", "worst_rank")]
        name = f"{_escaped(row['cluster'])} ({row['economies']})"
        lines.append(f"| {row['rank']} | {name} | {' | '.join(ends)} | {told['draws_low']}–{told['draws_high']} |")
    return [*lines, ""]


def _weight_shares(shares: Sequence[Row]) -> list[str]:
    lines = ["## Which weight moves ranks most", ""]
    if not shares:
        return [*lines, "No weight moves any rank.", ""]
    lines += ["| metric | alone | with the others |", "|---|---:|---:|"]
    lines += [f"| {row['metric']} | {row['first_pct']:.1f} % | {row['total_pct']:.1f} % |" for row in shares]
    return [*lines, "", "Shares of the variance of ranks over draws around equal weights.", ""]


def _left(ranking: Sequence[Row], left: Sequence[Row]) -> list[str]:
    falls = {(row["cluster_id"], row["left_out"]): row for row in left}
    told = []
    for row in ranking:
        for kind in ("organisation", "field", "year"):
            part = falls.get((row["cluster_id"], kind))
            if part is not None and part["fall"] >= DECISIVE:
                told.append(f"{_called(row)} without the {kind} {_escaped(part['name'])}: {part['rank_without']}")
    said = f"These fall by {DECISIVE} places or more without one part of what they produce."
    return _section("With a part left out", said, told, f"No cluster falls by {DECISIVE} places without any one part.")
