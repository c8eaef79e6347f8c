"""Checks of studies on the screen."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rich.console import Console

from hubrank.cli.screens import locations
from hubrank.cli.screens.locations import percent
from hubrank.cli.screens.screen import console
from hubrank.core import area_remarks, countries, one_economy
from hubrank.core.edition import MOST_CONTRADICTED_PCT, WELL_LOCATED_PCT
from hubrank.core.sphere import E7
from hubrank.core.units import UNIT, WEIGHT_ONE, counted
from hubrank.counting.copies import MOST_PCT, described
from hubrank.sources.register import ADVICE

# What a row has in whole units, by another name, and how many are one: a listing, a record, a degree.
NOT_SHOWN = "(no organisation or place)"  # of an address, as it may be shown
_IN_UNITS = {
    "weight": ("part of listing", WEIGHT_ONE),
    "record_units": ("record weighs", UNIT),
    "lat_e7": ("lat", E7),
    "lon_e7": ("lon", E7),
}
_PARTS = {
    "evidence": "Evidence and probability:",
    "contradiction": "Contradictions:",
    "pair": "Heaviest texts and their places:",
}


def checked(summary: dict[str, Any]) -> None:
    """Print what a check of a study found."""
    screen = console()
    for source in summary["sources"]:
        source_name = ", ".join(dict.fromkeys(filter(None, (source["name"], source["label"]))))
        named = f"{', '.join(source['file_names'])}{', …' * (source['files'] > len(source['file_names']))}"
        files = f"{counted(source['files'], 'file')} ({named})"
        screen.rule(f"{source_name} ({source['reader']}): {files}", align="left")
        if source["fault"]:
            screen.out(f"cannot be read: {source['fault']}")
            continue
        of_files = f" of {counted(source['files_read'], 'file')}" if source["files_read"] < source["files"] else ""
        screen.out(
            f"{counted(source['rows_read'], 'row')} read{of_files}: {source['rows_kept']:,} kept; "
            f"{counted(source['sampled'], 'listing')} sampled"
        )
        _print_left_out(screen, source)
        for remark in source["remarks"]:
            screen.out(f"  {remark}")
        _print_copies(screen, source)
        _print_sample(screen, source["sample"])
        located = source["located_pct"]
        screen.out(f"{located:.1f} % of listings located" if located is not None else "nothing to locate")
        for row in source["by_country"][:10]:
            screen.out(f"  {row['country'] or '(no country)':<20} {row['located_pct']:5.1f} % of {row['listings']:,}")
        if source["unlocated"]:
            screen.out("Most frequent addresses that were not located:")
            for row in source["unlocated"]:
                screen.out(f"  {row['listings']:>6,} × {row['address'] or NOT_SHOWN}")
        if missed := source["unlocated_organisations"]:
            screen.out(f"{counted(missed, 'listing')} with the name of an organisation not located")
        _print_locations(screen, source)
    stops = [f"A run would stop: {reason}." for reason in summary["stops"]]
    fruitless = [f"A run would make no cluster: {summary['no_cluster']}."] if summary["no_cluster"] else []
    for line in (*_decisions(summary), *(stops or fruitless)):
        screen.out(line)


def _print_left_out(screen: Console, source: dict[str, Any]) -> None:
    """Print how many rows do not count and why, with the first that were set aside."""
    for reason, rows in source["out_of_scope"].items():
        screen.out(f"  {rows:,} out of scope: {reason}")
    for reason, rows in source["set_aside"].items():
        screen.out(f"  {rows:,} set aside: {reason}")
        for row in source["set_aside_examples"]:
            if row["reason"] == reason:
                value = "" if row["value"] is None else f" {row['value']!r}"
                line = f"    {row['source_file']}:{row['source_row']} {row['field']}{value}"
                screen.out(line)


def _print_sample(screen: Console, sample: dict[str, Any]) -> None:
    if sample:
        screen.out("Example of a row as read:")
    for name, value in sample.items():
        shown, one = _IN_UNITS.get(name, (name, 0))
        screen.out(f"  {shown:<15} {_parts_of(value, one) if one else value}")


def _parts_of(value: int, one: int) -> str:
    """Return a number of units as a part of one listing, record or degree: 720720 of 720720 is 1."""
    return str(Fraction(value, one)) if one == WEIGHT_ONE else f"{Decimal(value) / one:f}"


def _print_locations(screen: Console, source: dict[str, Any]) -> None:
    """Print the location report of the sample, and rows with where they were put and how sure that is."""
    for part, heading in _PARTS.items():
        rows = [row for row in source["report"] if row["part"] == part]
        if rows:
            screen.out(heading)
        for row in rows:
            words = [row.get("subject"), row.get("text"), row.get("place") and f"→ {row['place']}"]
            sure = f" ({percent(row['location_probability'])})" if "location_probability" in row else ""
            screen.out(f"  {row['listings']:>6,} × {' '.join(filter(None, words))}{sure}")
    if source["examples"]:
        screen.out(
            f"{counted(len(source['examples']), 'row')} of the sample, each with its place and how sure that is: "
            f"the least sure first, then a draw"
        )
    for row in source["examples"]:
        where = f"{row['place'] or _spot(row)} ({percent(row['location_probability'])}, {row['geocoding_evidence']})"
        put = "not located" if row["lat_e7"] is None else where
        but = f"; {row['contradictions']}" if row["contradictions"] else ""
        line = f"  {row['source_file']}:{row['source_row']} {row['address'] or NOT_SHOWN} → {put}{but}"
        screen.out(line)


def _spot(row: dict[str, Any]) -> str:
    return "" if row["lat_e7"] is None else f"{row['lat_e7'] / E7:.4f}, {row['lon_e7'] / E7:.4f}"


def _decisions(summary: dict[str, Any]) -> Iterator[str]:
    """Yield what is said of places, weights, the register, corrections, and the table that was suggested."""
    for source in summary["sources"]:
        if (source["contradicted_pct"] or 0) > MOST_CONTRADICTED_PCT:
            source_name = source["name"] or source["label"]
            yield locations.contradicted(source_name, source["contradicted_pct"], source["exchanged_pct"])
        if source["located_pct"] is not None and source["located_pct"] < WELL_LOCATED_PCT:
            source_name = source["name"] or source["label"]
            yield locations.warning(source_name, source["located_pct"], "sampled listings")
        if source["one_country"]:
            yield _one_country(source["name"] or source["label"], source["located_pct"], source["one_country"])
    yield from summary["previous"]
    for line in one_economy.sentences(summary["one_economy"], summary["labels"]):
        yield f"of the sampled listings, {line}"
    yield from area_remarks.sentences(summary.get("areas", {}))
    register = f"{summary['register']} {ADVICE}" if summary["no_register"] else summary["register"]
    yield from filter(None, (summary["weightless"], register))
    if decided := summary.get("corrections"):
        yield (
            f"Corrections ({decided['file']}): {counted(decided['texts'], 'text')}, "
            f"{counted(decided['institutions'], 'institution')}, of these {decided['dropped']:,} dropped; "
            f"{counted(decided['unfilled'], 'row')} not filled in"
        )
        yield from filter(None, [locations.unused_corrections(decided, "no address of the sample")])
    if "suggested" in summary:
        rows = counted(summary["suggested"], "row")
        yield f"Doubtful addresses: {rows} written to {summary['file']}: see docs/corrections.md"


def _one_country(label: str, located_pct: float, if_all: Mapping[str, Any]) -> str:
    """Say which line states the country of a table that has none, and how much is located with it."""
    return (
        f"{label}: no column says the country, and {if_all['share_pct']:.1f} % of what is located lies in "
        f"{countries.name(if_all['economy'])}. If all rows are of this country, the line "
        f'country = {{ value = "{if_all["economy"]}" }} under [sources.columns] locates {if_all["located_pct"]:.1f} % '
        f"of the sample in place of {located_pct:.1f} %."
    )


def _print_copies(screen: Console, source: dict[str, Any]) -> None:
    """Print how many rows are copies of others, three of them, and whether a run would stop for them."""
    if source["repeated"]:
        screen.out(
            f"  {counted(source['repeated'], 'repeated listing')} among the first, word for word as another of the "
            f"same record, left out" + ('; rows = "listings" counts each' if source["reader"] == "table" else "")
        )
    if source["older_rows"]:
        searched = source["rows_searched"]
        screen.out(
            f"Older versions of records, which do not count: {source['older_rows']:,} of {counted(searched, 'row')}"
        )
    if not source["copied_rows"]:
        return
    screen.out(
        f"Copies of other rows: {source['copied_rows']:,} of {counted(source['rows_searched'], 'row')}: "
        f"{described(source['examples_of_copies'])}"
    )
    if source["too_many_copies"]:
        screen.out(f'A run stops above {MOST_PCT} %, unless the source says copies = "drop" (METHOD 1).')
