"""A table of good rows with faults of fifteen kinds planted in it, and what must become of each."""

import random
from dataclasses import dataclass, field

HEADER = "id,seq,date,city,country,lat,lon,count,share,note"
COLUMNS = {
    "record": "id", "listing": "seq", "date": "date", "city": "city", "country": "country",
    "lat": "lat", "lon": "lon", "count": "count", "weight": "share",
}  # fmt: skip
WINDOW = (2000, 2020)
SWAPPED = "a latitude beyond 90 degrees; latitude and longitude look swapped"


@dataclass
class Planted:
    """The bytes of the table, and by line number: good_rows (id, city), aside (reason), scope (reason)."""

    data: bytes = b""
    good_rows: dict[int, tuple[str, str]] = field(default_factory=dict)
    aside: dict[int, str] = field(default_factory=dict)
    scope: dict[int, str] = field(default_factory=dict)


def good(number):
    lat, lon = number % 178 - 89 + 0.25, number % 358 - 179 + 0.5
    return [
        f"R{number}",
        "1",
        f"{2000 + number % 21}-03-04",
        f"City {number % 977}",
        "CH",
        str(lat),
        str(lon),
        "1",
        "1",
        "",
    ]


def changed(number, **cells):
    names = HEADER.split(",")
    row = good(number)
    for name, cell in cells.items():
        row[names.index(name)] = cell
    return row


def faults(number):
    """Return, by kind: the line, and its outcome: the listing, or ("aside" or "scope", reason)."""

    def line(**cells):
        return ",".join(changed(number, **cells)).encode()

    same = (f"R{number}", f"City {number % 977}")
    return {
        "bad UTF-8": (
            line(city="Caf@").replace(b"@", b"\xff"),
            ("aside", "bytes that are no characters in the encoding of the file"),
        ),
        "bad UTF-8 where no one looks": (line(note="@").replace(b"@", b"\xff"), same),
        "NUL": (line(city="Ba\0sel"), ("aside", "a NUL character")),
        "byte order mark in the middle": (b"\xef\xbb\xbf" + line(), same),
        "carriage return alone": (line() + b"\r", same),
        "1 MB cell": (line(note="x" * (1 << 20)), ("aside", "a line of more than 100,000 characters")),
        "20 kB cell": (line(city="x" * 20_000), ("aside", "a cell of more than 10,000 characters")),
        "latitude beyond the pole": (line(lat="90.5", lon="120"), ("aside", "a latitude beyond 90 degrees")),
        "swapped": (line(lat="139.7", lon="35.7"), ("aside", SWAPPED)),
        "Namibia": (line(country="NA"), same),
        "future year": (line(date="2087-01-01"), ("scope", "outside the window")),
        "duplicate id": (",".join(good(0)).encode(), ("R0", "City 0")),
        "share above 1": (line(share="1.7"), ("aside", "a weight above 1 (in percent? divide it by 100)")),
        "negative count": (line(count="-3"), ("aside", "a count that is not a whole number from 0 to 100,000,000")),
        "control characters": (line(city=f"City\x07\x1b{number % 977}"), (same[0], f"City  {number % 977}")),
        "missing column": (line().rpartition(b",")[0].rpartition(b",")[0], ("aside", "a wrong number of columns")),
        "extra column": (line() + b",more", ("aside", "a wrong number of columns")),
        "serial number of a spreadsheet": (line(date="41275"), ("aside", "not a date (YYYY-MM-DD) or year")),
        "date as a spreadsheet writes it": (line(date="3/4/2013"), ("aside", "not a date (YYYY-MM-DD) or year")),
        "quote that never closes": (b'"' + line(), ("aside", "a quote that is never closed")),
    }


def planted(rows, every, seed=1):
    """Return `rows` good rows with a fault after about every so many; lines end in three ways; a mark in front."""
    choose = random.Random(seed)
    table = Planted()
    parts = [b"\xef\xbb\xbf" + HEADER.encode() + b"\r\n"]
    at = 1
    for number in range(rows):
        at += 1
        parts += [",".join(good(number)).encode(), b"\r\n" if number % 1000 == 7 else b"\n"]
        table.good_rows[at] = (f"R{number}", f"City {number % 977}")
        if choose.randrange(every) == 0:
            at += 1
            kinds = faults(rows + number)
            line, fate = kinds[choose.choice(list(kinds))]
            parts += [line] if line.endswith(b"\r") else [line, b"\n"]
            {"aside": table.aside, "scope": table.scope}.get(fate[0], table.good_rows)[at] = (
                fate[1] if fate[0] in {"aside", "scope"} else fate
            )
    table.data = b"".join(parts)
    return table
