"""A comparison of editions on the screen."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from hubrank.analysis.comparison import Comparison
from hubrank.analysis.continuations import is_renamed
from hubrank.analysis.data_cause import WORDS
from hubrank.analysis.score_changes import score_change
from hubrank.cli.screens.screen import NONE, console, plain, rounded, signed
from hubrank.core.units import counted, half_up

SAME_METHOD = "change, same method"  # what the pages call the column `change` of the table, too


def comparison_rows(comparison: Comparison) -> list[dict[str, Any]]:
    """Return a comparison for --json: the table of two editions, the series of more.

    A note is a key of every row; so are remarks, and what the part `data` is due to where it is not new records alone.
    """
    table = comparison.table if len(comparison.names) == 2 else comparison.series
    note: dict[str, Any] = {"note": comparison.note} if comparison.note else {}
    note |= {"remarks": list(comparison.remarks)} if comparison.remarks else {}
    if comparison.cause != "records" and len(comparison.names) == 2:
        note["data_cause"] = WORDS[comparison.cause]
    return [{key: plain(value) for key, value in row.items()} | note for row in table.to_pylist()]


def compared(comparison: Comparison, top: int) -> None:
    """Print what moved the first clusters of two editions, or their ranks in more; then the clusters that are gone."""
    screen = console()
    for remark in comparison.remarks:  # before the figures that they are about
        screen.out(remark, style="bold")
    screen.print(_moves(comparison, top) if len(comparison.names) == 2 else _series(comparison, top))
    rows = comparison.table.to_pylist()
    for row in rows:
        if row["rank"] is None and row["rank_before"] <= top:
            into = f" → {', '.join(row['kin'])}" if row["kin"] else ""
            text = f"{row['kind']}: {row['cluster']} ({row['rank_before']} in {comparison.names[-2]}){into}"
            screen.out(text)
    for row in comparison.revisions.to_pylist():
        counts = ", ".join(f"{row[name]:,} {name}" for name in ("same", "mended", "added", "gone"))
        snapshots = f"{row['snapshot_before']} → {row['snapshot']}"
        screen.out(f"{row['metric']}: {snapshots}, records of the years in both windows: {counts}")
    present = sum(row["rank"] is not None for row in rows)
    more = f" (first {top} shown)" if present > top else ""
    screen.out(f"{counted(present, _what(comparison))} in {comparison.names[-1]}{more}")


def _what(comparison: Comparison) -> str:
    return "area" if comparison.ranks_areas else "cluster"


def _moves(comparison: Comparison, top: int) -> Table:
    earlier, later = comparison.names
    table = _captioned(
        f"{earlier} → {later}",
        f"published: rank in {earlier}; move = published - rank = data + boundary + method. "
        f"data: {WORDS[comparison.cause]}. boundary: new, lost or changed {_what(comparison)}s. "
        f"recounted: rank of the records of {earlier} under the method of {later}; {SAME_METHOD} = recounted - rank. "
        f"score: in percent, of {earlier} → {later}; points: their difference. "
        f"Positive is up; {NONE} where no comparison is possible.",
        comparison.note,
    )
    parts = ["data", "data_snapshot", "data_window"] if comparison.revisions.num_rows else ["data"]
    names = ("rank", "published", "move", *parts, "boundary", "method", "recounted", "change")
    for name in names[:1]:
        table.add_column(name, justify="right")
    table.add_column(_what(comparison))
    for name in names[1:]:
        table.add_column(SAME_METHOD if name == "change" else name.replace("data_", ""), justify="right")
    for name in ("score", "points"):
        table.add_column(name, justify="right")
    table.add_column("kind")
    for row in comparison.table.slice(0, top).to_pylist():
        if row["rank"] is not None:
            published, recounted = (
                NONE if row[name] is None else str(row[name]) for name in ("rank_before", "previous_rank")
            )
            moved = [signed(row[name]) for name in ("move", *parts, "boundary", "method")]
            kind = "" if row["kind"] == "kept" else row["kind"]
            kind = f"{kind} (as {row['cluster_before']})".strip() if is_renamed(row) else kind
            scores = _scores(row, is_comparable=comparison.same_weights)
            change = signed(row["change"])
            table.add_row(str(row["rank"]), row["cluster"], published, *moved, recounted, change, *scores, kind)
    return table


def _scores(row: Mapping[str, Any], *, is_comparable: bool) -> tuple[str, str]:
    """Return the scores of both editions and, where they are sums of the same shares, the points gained."""
    change = score_change(row)
    before = NONE if row["score_before_pct"] is None else rounded(row["score_before_pct"], 2)
    points = NONE if change is None or not is_comparable else f"{half_up(change, 2):+f}"
    return f"{before} → {rounded(row['score_pct'], 2)}", points


def _series(comparison: Comparison, top: int) -> Table:
    table = _captioned(
        " → ".join(comparison.names),
        f"Ranks of each edition's records under the method of {comparison.names[-1]}.",
        comparison.note,
    )
    table.add_column(_what(comparison))
    for name in comparison.names:
        table.add_column(name, justify="right")
    table.add_column("kind")
    lines: dict[int, dict[str, dict[str, Any]]] = {}
    for row in comparison.series.to_pylist():
        lines.setdefault(row["thread"], {})[row["edition"]] = row
    for editions in list(lines.values())[:top]:
        last = list(editions.values())[-1]
        ranks = [str(editions[name]["rank"]) if name in editions else NONE for name in comparison.names]
        table.add_row(last["cluster"], *ranks, "" if last["kind"] in {"kept", "first"} else last["kind"])
    return table


def _captioned(title: str, caption: str, note: str) -> Table:
    text = "\n".join(part for part in (caption, note) if part)
    return Table(title=title, caption=text, title_justify="left", caption_justify="left")
