"""Where records were put, and how sure that is, on the screen."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from hubrank.core import countries
from hubrank.core.edition import WELL_LOCATED_PCT, Edition, poorly_located_economies
from hubrank.core.units import counted, half_up

SURE = Decimal("0.9")
SURE_BANDS = ("from 0.990", "from 0.950", "from 0.900")
EXAMPLES = 3
MOST_ALONE = 12  # clusters that rest on one address
Row = Mapping[str, Any]


def percent(probability: Decimal | float | None) -> str:
    """Write a probability."""
    return "probability not stated" if probability is None else f"{100 * probability:.1f} %"


def warning(label: str, share: Decimal | float, what: str) -> str:
    """Say that too little of a metric is located, and what to do; `share` in percent of `what`."""
    return (
        f"{label}: only {half_up(share, 1)} % of the {what} are located, and scores, ranks and shares are of these "
        f"alone (below {WELL_LOCATED_PCT} % every output says so). `hubrank check` lists what is not located. To "
        f"locate more, name the columns with cities, countries or addresses (docs/study.md), use a register of "
        f"institutions (`hubrank get ror`) or correct places (docs/corrections.md). A row that names only a region is "
        f"not located, and counts in no area, unless corrections give the region a point (docs/sources/areas.md)."
    )


def poorly_located_in(finished: Edition, ranking: Sequence[Row]) -> str:
    """Name the economies with something ranked of which too little is located; "" where there are none."""
    poor = poorly_located_economies(finished.table("location_report").to_pylist(), ranking)
    labels = finished.labels
    names = _first(
        f"{countries.name(row['economy'])} ({labels[row['metric']]}: "
        f"{half_up(row['share_pct'], 1)} % of {row['listings']:,})"
        for row in poor
    )
    what = "areas" if finished.manifest.get("areas", {}).get("ranked") else "clusters"
    too_few = f"In economies with ranked {what}, less than {WELL_LOCATED_PCT} % of the listings are located: {names}"
    return f"{too_few}. Counts and ranks of their {what} are of these alone." if poor else ""


def contradicted(label: str, share: float, exchanged: float | None) -> str:
    """Say that most coordinates of a source are contradicted; `exchanged`: in percent, as `share`, if it was tried."""
    better = exchanged is not None and 2 * exchanged < share
    return (
        f"{label}: coordinates are contradicted for {share:.1f} % of the sampled listings (far from every place, or "
        f"from what their row states)"
        + (f", and would be for {exchanged:.1f} % with latitude and longitude exchanged" if better else "")
    )


def of_edition(finished: Edition) -> Iterator[str]:
    """Yield what the location report of an edition says: one line each."""
    by_part: dict[str, list[Row]] = {}
    for row in finished.table("location_report").to_pylist():
        by_part.setdefault(row["part"], []).append(row)
    for metric, label in finished.labels.items():
        yield from _of_metric(label, *(_rows(by_part, part, metric) for part in ("evidence", "contradiction", "pair")))
    what = "area" if finished.manifest.get("areas", {}).get("ranked") else "cluster"
    if alone := sorted(by_part.get("one text", ()), key=lambda row: int(row["rank"])):
        names = _first(
            (f"{row['subject']} ({row['text']}, {half_up(row['share_pct'], 0)} %)" for row in alone), MOST_ALONE
        )
        yield f"Of {counted(len(alone), what)} more than half of the listings have one address: {names}"
    yield from could_move(by_part.get("unlocated", ()), what)
    if unused := unused_corrections(finished.manifest.get("corrections", {}), "no address"):
        yield unused
    if (finished.folder / "site").is_dir():
        yield f"Where records were put: {finished.folder}/site/data.html#locations"


def unused_corrections(account: Mapping[str, Any], what: str) -> str:
    """Name the rows of a table of corrections that put `what` anywhere; "" where all do."""
    lines = account.get("unused_lines", ())
    which = _first(f"line {line}" for line in lines)
    rows = f"{what} is put anywhere by {counted(len(lines), 'row')} ({which})"
    return f"{account['file']}: {rows}. Give the text as the file has it, in full" if lines else ""


def could_move(unlocated: Sequence[Row], what: str) -> Iterator[str]:
    """Say which ranks unlocated records could move: those of one economy, then those of which no economy is known.

    what : "cluster" or "area", as what is ranked is called.
    """
    of_one = [row for row in unlocated if row["economy"] is not None]
    of_none = [row for row in unlocated if row["economy"] is None]
    for rows, whose, where in (
        (of_one, "of one economy", ""),
        (of_none, "of which no economy is known", f", if all of them lay in one {what}"),
    ):
        moved = _widest([row for row in rows if _moves(row)])
        names = _first(f"{row['subject']}, {row['rank']} ({row['rank_best']}–{row['rank_worst']})" for row in moved)
        number = f" ({moved[0]['records']:,})" if moved and rows is of_none else ""
        if moved:
            which = counted(len(moved), what)
            yield f"Unlocated records {whose}{number} could move {which} by two ranks or more{where}: {names}"


def _first(names: Iterable[str], most: int = EXAMPLES) -> str:
    """Return the first of some examples, and a mark where there are more."""
    shown = list(islice(names, most + 1))
    return "; ".join([*shown[:most], *(["…"] if len(shown) > most else [])])


def _widest(rows: Sequence[Row]) -> list[Row]:
    """Return, of the rows of each cluster, the one that leaves its rank most open; in the order of ranks."""
    ordered = sorted(rows, key=lambda row: (int(row["rank"]), int(row["rank_best"]) - int(row["rank_worst"])))
    return list({row["cluster_id"]: row for row in reversed(ordered)}.values())[::-1]


def _rows(by_part: Mapping[str, Sequence[Row]], part: str, metric: str) -> list[Row]:
    return [row for row in by_part.get(part, ()) if row["metric"] == metric]


def _of_metric(label: str, evidence: list[Row], contradictions: list[Row], pairs: list[Row]) -> Iterator[str]:
    listings: Counter[str] = Counter()
    for row in evidence:
        listings[row["text"]] += row["listings"]
    located = listings.total() - listings["not located"]
    if not located:
        return
    unsure = located - sum(listings[band] for band in SURE_BANDS)
    contradicted = sum(row["listings"] for row in contradictions)
    yield (
        f"{label}: the place is less than 90 % sure for {100 * unsure / located:.1f} % of the located listings, and "
        f"contradicted for {100 * contradicted / located:.1f} %"
    )
    doubtful = [row for row in pairs if row["location_probability"] is not None and row["location_probability"] < SURE]
    for row in doubtful[:EXAMPLES]:
        yield f"  {row['listings']:,} × {row['text']} → {row['place']} ({percent(row['location_probability'])})"


def _moves(row: Row) -> bool:
    return bool(max(row["rank"] - row["rank_best"], row["rank_worst"] - row["rank"]) > 1)
