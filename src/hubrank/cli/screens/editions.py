"""An edition on the screen: the first rows of its ranking and the account of its sources."""

import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from hubrank.cli.screens import locations
from hubrank.cli.screens.screen import NONE, console, plain, rounded
from hubrank.core import area_remarks, one_economy
from hubrank.core.edition import SIMULATED, Edition, poorly_located, threshold_text
from hubrank.core.units import counted, counts_for_reading
from hubrank.counting.copies import described
from hubrank.ranking.tables.city_people import counts_a_part
from hubrank.sources.register import ADVICE, MISSING

BEFORE = (
    "published: rank in the earlier edition. recounted: rank of its records under this edition's method, so that a "
    "change of method moves no rank."
)
MOST_NAMES = 3  # in a line


def edition(finished: Edition, top: int) -> None:
    """Print the first rows of a ranking, the account of its sources, and where the files are."""
    screen = console()
    rows = finished.table("ranking").to_pylist()
    before = _ranks_before(finished) if rows and "previous_rank" in rows[0] else None
    screen.print(_ranking(finished, rows[:top], before))
    if before is not None:
        screen.out(BEFORE)
    screen.out(_headline(finished), style="bold")
    for metric, share in poorly_located(finished.manifest).items():
        line = locations.warning(finished.labels[metric], share, "listings")
        screen.out(line, style="bold")
    if line := locations.poorly_located_in(finished, rows):
        screen.out(line, style="bold")
    for line in one_economy.sentences(one_economy.of_edition(finished.manifest), finished.labels):
        screen.out(line, style="bold")
    by_area = finished.manifest.get("areas", {})
    stated = area_remarks.of_unlocated(by_area, finished.labels)
    for line in filter(None, (_outside(finished), stated, *area_remarks.sentences(by_area))):
        screen.out(line, style="bold")
    _print_accounts(screen, finished)
    for line in locations.of_edition(finished):
        screen.out(line)
    for line in filter(None, (_people_of_a_part(rows), _without_people(finished, rows))):
        screen.out(line)
    more = f" (first {top} shown)" if len(rows) > top else ""
    areas = finished.manifest.get("areas", {})
    if areas.get("ranked"):
        summary = f"{counted(len(rows), 'area')} with listings{more}, of {areas['areas']:,} of {areas['file']}"
    else:
        summary = f"{counted(len(rows), 'cluster')}{more}; threshold {threshold_text(finished.manifest)}"
    screen.out(f"{summary}. Files: {finished.folder}/")
    if not finished.synthetic and not finished.manifest["study"].get("publish", {}).get("authors"):
        screen.out("Citations of it name no author: [publish] authors (and date) in the study state them.")
    screen.out(f"Seal (for hubrank verify --seal): {finished.manifest['sha256']}")


def _ranks_before(finished: Edition) -> dict[str, int | None]:
    """Return the rank of each cluster in the earlier edition, as published."""
    rows = finished.table("comparison").select(["cluster_id", "rank", "rank_before"]).to_pylist()
    return {row["cluster_id"]: row["rank_before"] for row in rows if row["rank"] is not None}


def _ranking(finished: Edition, rows: list[dict[str, Any]], before: Mapping[str, int | None] | None) -> Table:
    """Return the rows of a ranking as a table; `before` where the study names a previous edition: the ranks there."""
    title, note = finished.manifest["study"]["title"], SIMULATED if finished.synthetic else None
    table = Table(title=title, caption=note, title_justify="left", caption_justify="left")
    table.add_column("rank", justify="right")
    level = finished.manifest["parameters"]["robustness"]["level"]
    table.add_column(f"{100 * level:.0f} %, counts\nand places", justify="right")
    for name in () if before is None else ("published", "recounted"):
        table.add_column(name, justify="right")
    table.add_column("area" if finished.manifest.get("areas", {}).get("ranked") else "cluster")
    table.add_column("economies")
    table.add_column("score %", justify="right")
    for label in finished.labels.values():
        table.add_column(label, justify="right")
        table.add_column("share %", justify="right")
    counts = {metric: counts_for_reading([row[metric] for row in rows]) for metric in finished.metrics}
    for at, row in enumerate(rows):
        cells = [str(row["rank"]), f"{row['rank_low_places']}–{row['rank_high_places']}"]
        if before is not None:
            ranks = before.get(row["cluster_id"]), row["previous_rank"]
            cells += [NONE if rank is None else str(rank) for rank in ranks]
        cells += [row["cluster"], row["economies"], rounded(row["score_pct"], 2)]
        for metric in finished.metrics:
            cells += [counts[metric][at], rounded(row[f"{metric}_share_pct"] or Decimal(0), 2)]
        table.add_row(*cells)
    return table


def _headline(finished: Edition) -> str:
    """Return the first line of the brief as a sentence in its language."""
    from hubrank.publishing.page_words import words

    lines = (finished.folder / "brief.md").read_text("utf-8").splitlines()
    language = json.loads((finished.folder / "brief.json").read_bytes())["language"]
    return next(line.removeprefix("# ") for line in lines if line.startswith("# ")) + words(language).say("lists.stop")


def _outside(finished: Edition) -> str:
    """Return how much of each metric lies in no area of an edition that has areas; "" where nothing does."""
    areas = finished.manifest.get("areas", {})
    if not areas:
        return ""
    shares = []
    for name in finished.metrics:
        counts = finished.manifest["metrics"][name]
        outside = counts["units"] - counts["in_clusters"] if areas["ranked"] else areas["outside"][name]
        shares.append((finished.labels[name], Decimal(100 * outside) / (counts["units"] or 1)))
    listed = ", ".join(f"{rounded(share, 1)} % of {label}" for label, share in shares if share)
    of_all = "; shares and scores are of all of them, those in no area included" if areas["ranked"] else ""
    return f"In no area: {listed}, of all that are located{of_all}." if listed else ""


def _without_people(finished: Edition, rows: list[dict[str, Any]]) -> str:
    """Return which clusters have no figures per inhabitant although the study counts people; "" where all have."""
    names = [row["cluster"] for row in rows if row.get("population", 0) is None]
    what = "area" if finished.manifest.get("areas", {}).get("ranked") else "cluster"
    listed = "; ".join(names[:MOST_NAMES] + ["…"] * (len(names) > MOST_NAMES))
    why = "no cell of the people of [population] lies there, so that there are no figures per inhabitant"
    return f"Without people: {counted(len(names), what)} ({listed}); {why}." if names else ""


def _people_of_a_part(rows: list[dict[str, Any]]) -> str:
    """Return which clusters have figures per inhabitant of a part of their cities; "" where none has."""
    parts = [row for row in rows if counts_a_part(row)]
    names = [
        f"{row['cluster']}, {row['population']:,} of {row['city_people']:,}, {row['at_city_centres_pct']:.0f} %"
        for row in parts
    ]
    listed = "; ".join(names[:MOST_NAMES] + ["…"] * (len(names) > MOST_NAMES))
    why = (
        "so many per cent of the listings state no more than the city and lie at its centre, and the people around it "
        "are less than half of the city's (GeoNames), so that figures per inhabitant may be too high. Areas with their "
        "own people have them right (docs/sources/areas.md)"
    )
    return f"People of a part of their cities: {counted(len(names), 'cluster')} ({listed}); {why}." if names else ""


def _print_accounts(screen: Console, finished: Edition) -> None:
    """Print what happened to every row."""
    names = Counter(_source(finished, account) for account in finished.manifest["sources"])
    sections = finished.manifest["study"]["sources"]
    for account, section in zip(finished.manifest["sources"], sections, strict=True):
        source_name = _source(finished, account)
        source_name += f", {_patterns(section['files'])}" if names[source_name] > 1 else ""
        files = f" in {account['files']:,} files" if account["files"] > 1 else ""
        parts = [f"{counted(account['rows_read'], 'row')} read{files}", f"{account['rows_kept']:,} kept"]
        parts += [f"{rows:,} out of scope ({reason})" for reason, rows in account["out_of_scope"].items()]
        parts += [f"{rows:,} set aside ({reason})" for reason, rows in account["set_aside"].items()]
        parts += [f"{counted(account['repeated'], 'repeated listing')} left out"] if account.get("repeated") else []
        parts += [_copies(account)] if account.get("copies") else []
        screen.out(f"{source_name}: {', '.join(parts)}")
        for example in account.get("examples_of_copies", ()):
            screen.out(f"  copy: {described([example])}")
        remarks = (f"{records:,} {what}" for what, records in account.get("remarks", {}).items())
        for note in (*remarks, *account["notes"]):
            screen.out(f"  {note}")
    for metric in finished.metrics:
        total = finished.manifest["metrics"][metric]
        listings, unlocated = total.get("listings", 0), total.get("unlocated", 0)
        share = 100 * (listings - unlocated) / listings if listings else 0
        screen.out(f"{finished.labels[metric]}: {counted(listings, 'listing')}, {share:.1f} % located")
    register = finished.manifest.get("register", {})
    if note := register.get("note"):
        screen.out(f"{note} {ADVICE}" if register.get("origin") == MISSING else note)


def _source(finished: Edition, account: Mapping[str, Any]) -> str:
    """Name a source: as the study does, else by what is counted in it, and its reader."""
    return f"{account.get('name') or finished.labels[account['metric']]} ({account['reader']})"


def _patterns(files: str | list[str] | Mapping[str, str | list[str]]) -> str:
    """Return how a study names the files of a source."""
    if isinstance(files, str):
        return files
    return ", ".join(map(_patterns, files.values() if isinstance(files, Mapping) else files))


def _copies(account: Mapping[str, Any]) -> str:
    """Say how many older versions and other copies of records do not count."""
    older = account.get("older_versions", 0)
    others = account["copies"] - older
    parts = [f"{counted(older, 'older version')} of records left out"] if older else []
    return "; ".join(
        [*parts, *([f"{others:,} other {'copy' if others == 1 else 'copies'} of records left out"] if others else [])]
    )


def edition_json(finished: Edition) -> dict[str, Any]:
    """Return an edition for --json: what edition.json says, and the ranking as rows with the CSV's column names."""
    ranking = [{key: plain(value) for key, value in row.items()} for row in finished.table("ranking").to_pylist()]
    return {"edition": str(finished.folder), **finished.manifest, "ranking": ranking}
