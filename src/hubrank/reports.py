"""What commands print for people: tables on stdout."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hubrank.edition import SIMULATED, Edition
from hubrank.tables import Source

_LABELS = {"cluster_id": "id", "score_pct": "score %", "economies": ""}


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=140)


def _rounded(value: Decimal, decimals: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN):,}"


def edition(made: Edition, top: int) -> None:
    """Print the head of a ranking, what stands behind it, and where the files are."""
    console = _console()
    rows = made.table("ranking").to_pylist()
    metrics = made.metrics
    study = made.facts["study"]
    table = Table(
        title=study["title"],
        caption=SIMULATED if made.synthetic else None,
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("rank", justify="right")
    table.add_column("may be", justify="right")
    compared = bool(rows) and "previous_rank" in rows[0]
    if compared:
        table.add_column("before", justify="right")
    table.add_column("cluster")
    table.add_column("economies")
    table.add_column("score %", justify="right")
    for metric in metrics:
        table.add_column(metric, justify="right")
        table.add_column("share %", justify="right")
    for row in rows[:top]:
        cells = [str(row["rank"]), f"{row['rank_low']}–{row['rank_high']}"]
        if compared:
            cells.append("–" if row["previous_rank"] is None else str(row["previous_rank"]))
        cells += [row["cluster"], row["economies"], _rounded(row["score_pct"], 2)]
        for metric in metrics:
            cells += [_rounded(row[metric], 0), _rounded(row[f"{metric}_share_pct"] or Decimal(0), 2)]
        table.add_row(*cells)
    console.print(table)
    _print_accounts(console, made)
    more = f" (first {top} shown)" if len(rows) > top else ""
    console.print(
        f"{len(rows)} clusters{more}; threshold {made.facts['threshold_listings']:,} listings. Files: {made.folder}/",
        soft_wrap=True,
    )


def _print_accounts(console: Console, made: Edition) -> None:
    """Say where every row went."""
    for account in made.facts["sources"]:
        files = f" in {account['files']:,} files" if account["files"] > 1 else ""
        parts = [f"{account['rows_read']:,} rows read{files}", f"{account['kept']:,} kept"]
        parts += [f"{rows:,} out of scope ({reason})" for reason, rows in account["out_of_scope"].items()]
        parts += [f"{rows:,} set aside ({reason})" for reason, rows in account["set_aside"].items()]
        console.print(f"{account['metric']} ({account['reader']}): {', '.join(parts)}", soft_wrap=True, highlight=False)
    for metric in made.metrics:
        total = made.facts["metrics"][metric]
        listings, unlocated = total.get("listings", 0), total.get("unlocated", 0)
        share = 100 * (listings - unlocated) / listings if listings else 0
        console.print(f"{metric}: {listings:,} listings, {share:.1f} % located", soft_wrap=True, highlight=False)


def edition_json(made: Edition) -> dict[str, Any]:
    """Return an edition for --json: its facts, and the ranking as rows with the CSV's column names."""
    ranking = [{key: _plain(value) for key, value in row.items()} for row in made.table("ranking").to_pylist()]
    return {"edition": str(made.folder), **made.facts, "ranking": ranking}


def _plain(value: Any) -> Any:  # noqa: ANN401 (a cell)
    return float(value) if isinstance(value, Decimal) else value


def source_rows(known: Mapping[str, Source]) -> list[dict[str, str]]:
    """Describe each reader: name, metric, files it needs."""
    return [
        {
            "reader": name,
            "metric": source.METRIC.name,
            "counts": f"{source.METRIC.unit}, by {source.METRIC.listing}",
            "files": ", ".join([*source.ROLES, *(f"({role})" for role in source.OPTIONAL_ROLES)]),
            "what": (source.__doc__ or "").strip().splitlines()[0],
        }
        for name, source in known.items()
    ]


def sources(rows: list[dict[str, str]]) -> None:
    """Print the readers."""
    table = Table(*(rows[0] if rows else ()), caption="(files) in brackets are optional", caption_justify="left")
    for row in rows:
        table.add_row(*row.values())
    _console().print(table)


def world(made: Any, out: Path) -> None:  # noqa: ANN401 (any summary)
    """Print what was simulated."""
    console = _console()
    console.print(SIMULATED)
    console.print(str(made), soft_wrap=True)
    console.print(f"Next: hubrank run {out}/2025.toml", soft_wrap=True)


def verified(findings: Any) -> None:  # noqa: ANN401 (verification.Findings)
    """Print what a verification found."""
    console = _console()
    for fault in findings.faults:
        console.print(f"[red]✗[/red] {fault}", soft_wrap=True)
    console.print(f"{findings.checked} checks, {len(findings.faults)} differences", soft_wrap=True)


def checked(found: dict[str, Any]) -> None:
    """Print what a check of a study found."""
    console = _console()
    for source in found["sources"]:
        console.rule(f"{source['metric']} ({source['reader']}): {source['files']} files", align="left")
        console.print(f"{source['rows_read']:,} rows looked at: {source['kept']:,} kept", highlight=False)
        for kind in ("out_of_scope", "set_aside"):
            for reason, rows in source[kind].items():
                console.print(f"  {rows:,} {kind.replace('_', ' ')}: {reason}", highlight=False)
        if source["sample"]:
            console.print("A row as understood:")
            for name, value in source["sample"].items():
                console.print(f"  {name:<15} {value}", highlight=False, markup=False)
        located = source["located_pct"]
        console.print(
            f"{located:.1f} % of listings located" if located is not None else "nothing to locate", highlight=False
        )
        for row in source["by_country"][:10]:
            console.print(
                f"  {row['country'] or '(no country)':<20} {row['located_pct']:5.1f} % of {row['listings']:,}",
                highlight=False,
            )
        if source["unlocated"]:
            console.print("Most frequent addresses that were not located:")
            for row in source["unlocated"]:
                console.print(f"  {row['listings']:>6,} × {row['address']}", highlight=False, markup=False)


_RANK_LABELS = {"cluster_id": "", "score_pct": "score %", "edition_rank": "edition's"}


def ranked(found: Any, top: int) -> None:  # noqa: ANN401 (counts.RankedTable)
    """Print the head of a ranking made of counts, what it was made with, and whether the table agrees with itself."""
    console = _console()
    table = Table(caption=found.note or None, caption_justify="left")
    shown = [name for name in found.ranking.column_names if name != "cluster_id"]
    for name in shown:
        label = "share %" if name.endswith("_share_pct") else _RANK_LABELS.get(name, name)
        table.add_column(label, justify="left" if name in {"cluster", "economies"} else "right")
    for row in found.ranking.slice(0, top).to_pylist():
        table.add_row(*(_cell(row[name]) for name in shown))
    console.print(table)
    for metric, total in found.totals.items():
        origin = "the sum of the clusters" if metric in found.summed else "the world's"
        console.print(
            f"{metric}: weight {found.weights[metric]:f}, total {total:,} ({origin})",
            soft_wrap=True,
            highlight=False,
            markup=False,
        )
    more = f" (first {top} shown)" if found.ranking.num_rows > top else ""
    console.print(f"{found.ranking.num_rows} clusters{more}", highlight=False)
    _print_agreement(console, found)


def _cell(value: Any) -> str:  # noqa: ANN401 (a cell)
    """Write a cell for reading: at most two decimals."""
    if isinstance(value, Decimal):
        return _rounded(value, min(2, -int(value.as_tuple().exponent)))
    return "" if value is None else f"{value:,}" if isinstance(value, int) else escape(value)


def _print_agreement(console: Console, found: Any) -> None:  # noqa: ANN401 (counts.RankedTable)
    """Say whether the ranks and shares that a table carries come out, where world totals make that a fair question."""
    told = found.agreement
    if not told.ranks and not told.cells:
        return
    if found.summed or len(set(found.weights.values())) > 1:
        console.print(
            "To check the ranks and shares that the table carries, give every world total (--total) and no weight."
        )
        return
    console.print(
        f"Of what the table carries itself, {told.agreeing(ranks=True)} of {told.ranks} ranks and "
        f"{told.agreeing(ranks=False)} of {told.cells} shares and scores come out.",
        soft_wrap=True,
        highlight=False,
    )
    for wrong in told.differences[:10]:
        console.print(
            f"  {wrong.cluster}: {wrong.column} is {wrong.given}, the counts give {wrong.found}",
            soft_wrap=True,
            highlight=False,
            markup=False,
        )
