"""Publications as an OpenAlex snapshot: works and institutions as JSON lines, in folders by date of update."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import IO

import numpy as np

from hubrank.simulation.files import gzipped
from hubrank.simulation.groups import EARLIER, FIRST_YEAR, OTHER_KIND, WITHDRAWN, Groups
from hubrank.simulation.institutions import (
    Institutions,
    affiliations,
    compact,
    institution_lines,
    institution_pieces,
    institutions,
)
from hubrank.simulation.mixing import fraction
from hubrank.simulation.organisations import fields, known_fields
from hubrank.simulation.places import Places
from hubrank.simulation.records import NOWHERE, Block, blocks
from hubrank.simulation.truth import INSTITUTION, NAME, SPELLING, Witness
from hubrank.simulation.wording import Forms
from hubrank.sphere import Ints

METRIC = "publications"
OLDER, NEWER = "2024-05-31", "2025-06-30"
OLDER_PART = 0.4  # of the works were last updated on the older date
SUPERSEDED_EVERY = 60  # one newer work in so many has an older version in the older folder
REPEATED_EVERY = 400  # one line in so many stands twice
PART_LINES = 100_000
BY_NAME = 0.06  # of the other authors of a centre give an affiliation, but no institution
IN_OTHER_WORDS = 0.05
TWO_PLACES = 0.04  # of the other authors of a unit have two institutions in it


@dataclass(slots=True)
class Parts:
    """The files of one folder: a new one after every PART_LINES lines."""

    folder: Path
    stack: ExitStack = field(default_factory=ExitStack)
    file: IO[bytes] | None = None
    parts: int = 0
    lines: int = 0

    def write(self, lines: list[str]) -> None:
        """Add lines."""
        if self.file is None or self.lines >= PART_LINES:
            self.stack.close()
            self.file = self.stack.enter_context(gzipped(self.folder / f"part_{self.parts:03d}.gz"))
            self.parts, self.lines = self.parts + 1, 0
        self.file.write("".join(lines).encode())
        self.lines += len(lines)


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """What all works are written from."""

    places: Places
    known: Institutions
    forms: Forms
    piece: list[str]
    affiliation: list[str]
    topic: list[str]


def write_publications(folder: Path, places: Places, groups: Groups, forms: Forms, witness: Witness, seed: int) -> None:
    """Write institutions and works."""
    known = institutions(places)
    with gzipped(folder / "institutions" / f"updated_date={NEWER}" / "part_000.gz") as file:
        file.writelines(f"{line}\n".encode() for line in institution_lines(places, known, NEWER))
    library = Library(
        places, known, forms, institution_pieces(places, known), affiliations(places, known, forms), _topics()
    )
    with ExitStack() as stack:
        older, newer = (Parts(folder / "works" / f"updated_date={date}") for date in (OLDER, NEWER))
        stack.push(older.stack)
        stack.push(newer.stack)
        border = int(groups.total * OLDER_PART)
        for block in blocks(groups, seed):
            ids = [f"https://openalex.org/WSIM{number:08d}" for number in block.number.tolist()]
            _write_works(older, newer, border, ids, block, _authors(ids, block, library, witness, seed), library, seed)


def _topics() -> list[str]:
    return [
        compact(
            {
                "id": f"https://openalex.org/TSIM{row['id']}",
                "display_name": f"Simulated topic in {row['name']}",
                "field": {"id": f"https://openalex.org/fields/{row['id']}", "display_name": row["name"]},
                "domain": {"display_name": row["sector"]},
            }
        )
        for row in known_fields(METRIC)
    ]


def _write_works(
    older: Parts, newer: Parts, border: int, ids: list[str], block: Block, authors: list[str], library: Library, seed: int
) -> None:
    heads = _heads(ids, block, library, seed)
    ends = list(accumulate(block.length.tolist()))
    old: list[str] = []
    new: list[str] = []
    for number, head, end, length in zip(block.number.tolist(), heads, ends, block.length.tolist(), strict=True):
        lines, date = (old, OLDER) if number < border else (new, NEWER)
        line = _line(head, authors[end - length : end], date)
        lines += [line] * (2 if number % REPEATED_EVERY == 3 else 1)
        if number >= border and number % SUPERSEDED_EVERY == 0:
            old.append(_line(head, authors[end - length : end - length + 1], OLDER))
    older.write(old)
    newer.write(new)


def _line(head: str, authors: list[str], date: str) -> str:
    return f'{head}"authorships":[{",".join(authors)}],"updated_date":"{date}T00:00:00.000000"}}\n'


def _heads(ids: list[str], block: Block, library: Library, seed: int) -> list[str]:
    """Return all of a work up to its authors."""
    early = block.fate == EARLIER
    year = FIRST_YEAR[METRIC] + np.where(early, -1 - block.serial % 3, block.year)
    kind = np.where(block.fate == OTHER_KIND, 1 + block.serial % 2, 0)
    _, topic = fields(library.places, METRIC, block.first, fraction(block.number, seed + 2), seed)
    columns = (ids, block.number.tolist(), year.tolist(), kind.tolist(), (block.fate == WITHDRAWN).tolist(), topic.tolist())
    return [
        f'{{"id":"{i}","doi":null,"title":"Simulated work {n}","display_name":"Simulated work {n}",'
        f'"publication_year":{y},"publication_date":"{y}-{1 + n % 12:02d}-{1 + n % 28:02d}",'
        f'"type":"{("article", "editorial", "letter")[k]}","is_retracted":{"true" if gone else "false"},'
        f'"is_paratext":false,"primary_topic":{library.topic[t]},'
        for i, n, y, k, gone, t in zip(*columns, strict=True)
    ]


def _authors(ids: list[str], block: Block, library: Library, witness: Witness, seed: int) -> list[str]:
    """Return the JSON of each author, and note where each one is."""
    places, known, forms = library.places, library.known, library.forms
    unit = np.maximum(block.unit, 0)
    institution = known.pick.pick(unit, block.spot)
    site = known.site[institution]
    lot = fraction(block.number[block.record] * 8 + block.order, seed + 5)
    centre = (places.centre[site] == 1) & block.plain
    named = centre & (lot < BY_NAME)
    varied = centre & (forms.count[site] > 1) & (lot >= 1 - IN_OTHER_WORDS)
    twice = block.plain & (lot >= BY_NAME) & (lot < BY_NAME + TWO_PLACES)
    other = np.where(twice, known.pick.pick(unit, (block.spot + 0.5) % 1), institution)
    spot = np.where(varied, (lot - 1) / IN_OTHER_WORDS + 1, 0)
    base = len(known.name)
    chosen = np.where(named, base + forms.choose(site, spot, varied=False), institution)
    chosen = np.where(varied, base + forms.choose(site, spot, varied=True), chosen)
    chosen = np.where(block.unit == NOWHERE, len(library.affiliation) - 1, chosen)
    via = np.where(varied, SPELLING, np.where(named, NAME, INSTITUTION))
    seen = southern(places, site, known.site[other])
    witness.note(METRIC, ids, block, 0, places.lat_e7[seen], places.lon_e7[seen], via)
    return _written(block, chosen, np.where(twice & (other != institution), other, -1), library)


def southern(places: Places, a: Ints, b: Ints) -> Ints:
    """Return of two sites the one that a listing in both counts at: of lower latitude, then longitude (METHOD 5)."""
    lat, lon = places.lat_e7, places.lon_e7
    first = (lat[a] < lat[b]) | ((lat[a] == lat[b]) & (lon[a] <= lon[b]))
    return np.where(first, a, b)


def _written(block: Block, chosen: Ints, second: Ints, library: Library) -> list[str]:
    person = ((block.turn + np.maximum(block.unit, 0) * 1_000_003) % 9_999_991).tolist()
    last = block.order == block.length[block.record] - 1
    position = np.where(block.order == 0, 0, np.where(last, 2, 1)).tolist()
    piece, affiliation = library.piece, library.affiliation
    made = []
    for p, where, a, b in zip(person, position, chosen.tolist(), second.tolist(), strict=True):
        words = affiliation[a]
        if b >= 0:
            words = f'"institutions":[{piece[a]},{piece[b]}],"countries":[],"raw_affiliation_strings":[]'
        made.append(
            f'{{"author_position":"{("first", "middle", "last")[where]}","author":'
            f'{{"id":"https://openalex.org/ASIM{p}","display_name":"Simulated Author {p}","orcid":null}},{words}}}'
        )
    return made
