"""robustness.md and its charts: which ranks are firm, which cannot be told apart, which hang on one choice."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.edition import write_bytes

TOP = 30  # clusters in the chart of intervals, and in lists
LINES = 12  # clusters in the chart of radii
FIRM = 1  # places that a firm rank may move at most
HANGS = 5  # places that a choice moves a rank at least, if the rank hangs on it
Row = dict[str, Any]


def publish(folder: Path, tables: Mapping[str, pa.Table], facts: Mapping[str, Any], *, note: str = "") -> None:
    """Write robustness.md.

    tables : ranking, robustness, variants, choices, weights and leave_out of one edition.
    facts : what edition.json says; note : what must stand beside every figure.
    """
    write_bytes(folder / "robustness.md", page(tables, facts, note).encode())


def publish_charts(folder: Path, tables: Mapping[str, pa.Table], facts: Mapping[str, Any], *, note: str = "") -> None:
    """Write rank-intervals.svg and rank-radius.svg. Raises ImportError where matplotlib (extra `charts`) is missing."""
    rows = tables["ranking"].sort_by("rank").to_pylist()
    write_bytes(folder / "rank-intervals.svg", _intervals(rows[:TOP], note))
    by_radius = _radii(tables["variants"].to_pylist(), float(facts["study"]["clusters"].get("radius_km", 15)))
    write_bytes(folder / "rank-radius.svg", _lines(rows[:LINES], by_radius, note))


def page(tables: Mapping[str, pa.Table], facts: Mapping[str, Any], note: str = "") -> str:
    """Return robustness.md."""
    ranking = tables["ranking"].sort_by("rank").to_pylist()
    sure = {row["cluster_id"]: row for row in tables["robustness"].to_pylist()}
    moves = _moves(tables["variants"].to_pylist())
    lines = [f"**{note}**", ""] if note else []
    lines += [f"# How sure are the ranks: {_escaped(facts['study']['title'])}", ""]
    lines += _firm(ranking, sure, moves)
    lines += _groups(ranking, sure)
    lines += _hanging(ranking, moves)
    lines += _choices(tables["choices"].to_pylist())
    lines += _weights(ranking, {row["cluster_id"]: row for row in tables["weights"].to_pylist()})
    lines += _left(ranking, tables["leave_out"].to_pylist())
    return "\n".join(lines).rstrip("\n") + "\n"


def _escaped(text: str) -> str:
    return "".join("\\" + c if c in "\\`*_{}[]<>#|~&!" else c for c in " ".join(text.split()))


def _called(row: Row) -> str:
    return f"{row['rank']}. {_escaped(row['cluster'])} ({row['economies']})"


def _moves(variants: Sequence[Row]) -> dict[str, dict[str, int | None]]:
    """Return, per cluster and choice, how far replacing it alone moves the rank; None where the cluster is lost."""
    own = {row["cluster_id"]: row["rank"] for row in variants if row["variant"] == "study"}
    moves: dict[str, dict[str, int | None]] = {cluster: {} for cluster in own}
    choices = ("radius", "threshold", "rounding", "merging", "counting", "balance")
    for row in variants:
        changed = [choice for choice in choices if row[choice] != "own"]
        if len(changed) == 1:
            known = moves[row["cluster_id"]]
            before = known.get(changed[0], 0)
            lost = before is None or row["rank"] is None
            known[changed[0]] = None if lost else max(before, abs(row["rank"] - own[row["cluster_id"]]))
    return moves


def _section(head: str, said: str, items: Sequence[str], none: str) -> list[str]:
    more = [f"- and {len(items) - TOP} more"] if len(items) > TOP else []
    return [f"## {head}", "", said if items else none, "", *(f"- {item}" for item in items[:TOP]), *more, ""]


def _firm(ranking: Sequence[Row], sure: Mapping[str, Row], moves: Mapping[str, Mapping[str, int | None]]) -> list[str]:
    firm = []
    for row in ranking:
        doubt = sure[row["cluster_id"]]
        moved = moves[row["cluster_id"]].values()
        wide = max(row["rank"] - doubt["rank_low"], doubt["rank_high"] - row["rank"])
        if wide <= FIRM and all(move is not None and move <= FIRM for move in moved):
            firm.append(_called(row))
    said = f"Neither the count of records nor any one choice of method moves these by more than {FIRM} place."
    return _section("Firm ranks", said, firm, "No rank is firm: each may move by more than a place.")


def _groups(ranking: Sequence[Row], sure: Mapping[str, Row]) -> list[str]:
    groups: list[list[Row]] = [[]]
    for row in ranking:
        groups[-1].append(row)
        if not sure[row["cluster_id"]]["tied_with_next"]:
            groups.append([])
    told = [f"{_called(group[0])} to {_called(group[-1])}: {len(group)} clusters" for group in groups if len(group) > 1]
    said = "In each of these groups no cluster can be told apart from the next one: their order is not to be read."
    return _section("Groups that cannot be told apart", said, told, "Every cluster can be told apart from the next.")


def _hanging(ranking: Sequence[Row], moves: Mapping[str, Mapping[str, int | None]]) -> list[str]:
    told = []
    for row in ranking:
        known = moves[row["cluster_id"]]
        far = [choice for choice, move in known.items() if move is None or move >= HANGS]
        if len(far) == 1:
            move = known[far[0]]
            told.append(f"{_called(row)}: {far[0]} " + ("loses it" if move is None else f"moves it by {move} places"))
    said = f"One choice of method alone moves these by {HANGS} places or more, or loses them; every other one less."
    return _section("Ranks that hang on one choice", said, told, f"No rank moves by {HANGS} places on one choice only.")


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


def _weights(ranking: Sequence[Row], weights: Mapping[str, Row]) -> list[str]:
    lines = ["## Other weights", "", "| rank | cluster | best | worst | in 90 % of draws around equal weights |"]
    lines.append("|---:|---|---:|---:|---:|")
    for row in ranking[:TOP]:
        told = weights[row["cluster_id"]]
        ends = ["–" if told[key] is None else str(told[key]) for key in ("best_rank", "worst_rank")]
        name = f"{_escaped(row['cluster'])} ({row['economies']})"
        lines.append(f"| {row['rank']} | {name} | {' | '.join(ends)} | {told['draws_low']}–{told['draws_high']} |")
    return [*lines, ""]


def _left(ranking: Sequence[Row], left: Sequence[Row]) -> list[str]:
    falls = {(row["cluster_id"], row["left_out"]): row for row in left}
    told = []
    for row in ranking:
        for kind in ("organisation", "field", "year"):
            part = falls.get((row["cluster_id"], kind))
            if part is not None and part["fall"] >= HANGS:
                told.append(f"{_called(row)} without the {kind} {_escaped(part['name'])}: {part['rank_without']}")
    said = f"These fall by {HANGS} places or more without one part of what they produce."
    return _section("With a part left out", said, told, f"No cluster falls by {HANGS} places without any one part.")


def _radii(variants: Sequence[Row], own_km: float) -> dict[str, dict[float, int | None]]:
    """Return, per cluster, its rank at each radius, all else as in the study."""
    found: dict[str, dict[float, int | None]] = {}
    for row in variants:
        alone = row["variant"] == f"radius {row['radius']}"
        if alone or row["variant"] == "study":
            km = own_km if row["radius"] == "own" else float(row["radius"].removesuffix(" km"))
            found.setdefault(row["cluster_id"], {})[km] = row["rank"]
    return found


def _intervals(rows: Sequence[Row], note: str) -> bytes:
    """Draw the rank intervals as SVG."""
    figure, axes = _canvas(0.28 * len(rows) + 1.2)
    place = range(len(rows))
    axes.hlines(place, [r["rank_low"] for r in rows], [r["rank_high"] for r in rows], color="#4477aa", lw=3)
    axes.plot([r["rank"] for r in rows], place, "o", color="#222222", ms=4)
    axes.set_yticks(list(place), [r["cluster"] for r in rows])
    axes.invert_yaxis()
    axes.set_xlabel("rank, and the ranks that the count of records leaves open")
    return _svg(figure, note)


def _lines(rows: Sequence[Row], by_radius: Mapping[str, Mapping[float, int | None]], note: str) -> bytes:
    """Draw rank against radius as SVG; a line is broken where the cluster is lost."""
    figure, axes = _canvas(5.5)
    for row in rows:
        at = sorted(by_radius[row["cluster_id"]].items())
        ranks = [float("nan") if rank is None else rank for _, rank in at]
        axes.plot([km for km, _ in at], ranks, "o-", ms=4, lw=1.5, label=row["cluster"])
    axes.invert_yaxis()
    axes.set_xlabel("radius, km")
    axes.set_ylabel("rank")
    axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    return _svg(figure, note)


def _canvas(height: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure  # noqa: PLC0415 (the extra `charts`)

    figure = Figure(figsize=(9, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _svg(figure: Any, note: str) -> bytes:  # noqa: ANN401 (matplotlib, which the core does without)
    """Return the drawing with text as text, no date, and ids that do not change."""
    import matplotlib as mpl  # noqa: PLC0415 (the extra `charts`)

    if note:
        figure.suptitle(note, fontsize=8)
    sink = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "hubrank", "svg.fonttype": "none"}):
        figure.savefig(sink, format="svg", metadata={"Date": None, "Creator": None})
    return sink.getvalue()
