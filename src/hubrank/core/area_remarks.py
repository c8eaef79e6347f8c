"""What edition.json says of a file of areas, in sentences for the screen: its shapes, its names, who states them."""

from collections.abc import Iterator, Mapping
from typing import Any

from hubrank.core.units import counted

SHOWN = 3  # of one kind


def sentences(account: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was repaired and which names several areas have. account : `areas` of edition.json."""
    repaired = account.get("repaired", [])
    for row in repaired[:SHOWN]:
        yield (
            f"[areas] {_named(row['area_code'], row['area'])} is not a valid polygon ({row['reason']}): it counts as "
            f"repaired, with {float(row['km2']):,.1f} km² in place of {float(row['drawn_km2']):,.1f} km² along its "
            f"rings in the file. Correct the file if that is not its ground."
        )
    same = account.get("same_name", {})
    for name, codes in list(same.items())[:SHOWN]:
        listed = ", ".join(codes[:SHOWN] + ["…"] * (len(codes) > SHOWN))
        yield f"[areas] {len(codes):,} areas are called {name!r} ({listed}): only their codes tell them apart."
    if more := max(len(repaired) - SHOWN, 0) + max(len(same) - SHOWN, 0):
        yield f"[areas] {counted(more, 'more remark')} of this kind in edition.json, under areas."


def of_unlocated(account: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Say which areas listings name that are not located; "" where none does. account : `areas` of edition.json."""
    stated = account.get("unlocated", [])
    names = [f"{_named(row['area_code'], row['area'])}: {_by_metric(row['listings'], labels)}" for row in stated]
    listed = "; ".join(names[:SHOWN] + ["…"] * (len(names) > SHOWN))
    return (
        f"Listings that state the name of an area and are not located count in no area ({listed}). A table of "
        f"corrections puts them at a point inside it (docs/corrections.md)."
        if stated
        else ""
    )


def _by_metric(listings: Mapping[str, int], labels: Mapping[str, str]) -> str:
    return ", ".join(f"{number:,} of {labels[metric]}" for metric, number in listings.items() if number)


def _named(code: str, name: str) -> str:
    return repr(code) if name == code else f"{code!r} ({name})"
