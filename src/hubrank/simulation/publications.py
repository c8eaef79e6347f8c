"""Publications as an OpenAlex snapshot: works and institutions as JSON lines, in folders by date of update."""

from contextlib import ExitStack
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import IO

import numpy as np

from hubrank.core.sphere import Ints
from hubrank.simulation.files import gzipped
from hubrank.simulation.filler import fattenings
from hubrank.simulation.groups import EARLIER, FIRST_YEAR, OTHER_KIND, WITHDRAWN, Groups
from hubrank.simulation.gzip_splice import Piece, Spliced, spliced
from hubrank.simulation.institutions import (
    Institutions,
    affiliations,
    compact,
    institution_lines,
    institution_pieces,
    institutions,
)
from hubrank.simulation.organisations import fields
from hubrank.simulation.packaged import known_fields
from hubrank.simulation.places import Places
from hubrank.simulation.records import NOWHERE, Block, blocks
from hubrank.simulation.scene import Scene
from hubrank.simulation.truth import INSTITUTION, NAME, SPELLING

METRIC = "publications"
OLDER, NEWER = "2024-05-31", "2025-06-30"
OLDER_PART = 0.4  # of the works were last updated on the older date
SUPERSEDED_EVERY = 60  # one newer work in so many has an older version in the older folder
REPEATED_EVERY = 400  # one line in so many stands twice
PART_RECORDS = 100_000
STEP = 29  # works in a row hold different things: coprime to how many there are
BY_NAME = 0.06  # of the other authors of a centre give an affiliation, but no institution
IN_OTHER_WORDS = 0.05
TWO_PLACES = 0.04  # of the other authors of a unit have two institutions in it


@dataclass(slots=True)
class Part:
    """One file of works, there once a first line is written.

    fat : what each work holds besides, packed already; works are lean where there is none.
    """

    path: Path
    stack: ExitStack
    fat: tuple[Piece, ...] = ()
    file: IO[bytes] | None = None
    stream: Spliced | None = None

    def write(self, works: list[tuple[int, str, str]]) -> None:
        """Add works: the number of each, its line up to its authors, and the rest of it."""
        if not works:
            return
        if not self.fat:
            self.file = self.file or self.stack.enter_context(gzipped(self.path))
            self.file.write("".join(front + back for _, front, back in works).encode())
            return
        self.stream = self.stream or self.stack.enter_context(spliced(self.path))
        for number, front, back in works:
            self.stream.write(front.encode())
            self.stream.splice(self.fat[number * STEP % len(self.fat)])
            self.stream.write(back.encode())


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """What works are written from: JSON of institutions, affiliations and topics, and who is where."""

    scene: Scene
    known: Institutions
    piece: list[str]
    affiliation: list[str]
    topic: list[str]


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """A file in each of two folders: records numbered below `border` were last updated on the older date."""

    older: Part
    newer: Part
    border: int

    def put(self, numbers: list[int], heads: list[str], authors: list[list[str]]) -> None:
        """Write works; some lines stand twice, and some newer works also in an older version with one author."""
        old: list[tuple[int, str, str]] = []
        new: list[tuple[int, str, str]] = []
        for number, head, names in zip(numbers, heads, authors, strict=True):
            lines, date = (old, OLDER) if number < self.border else (new, NEWER)
            lines += [(number, *_line(head, names, date))] * (2 if number % REPEATED_EVERY == 3 else 1)
            if number >= self.border and number % SUPERSEDED_EVERY == 0:
                old.append((number, *_line(head, names[:1], OLDER)))
        self.older.write(old)
        self.newer.write(new)


def write_institutions(folder: Path, scene: Scene) -> None:
    """Write the table of institutions."""
    places = scene.places
    with gzipped(folder / "institutions" / f"updated_date={NEWER}" / "part_000.gz") as file:
        lines = institution_lines(places, institutions(places), NEWER)
        file.writelines(f"{line}\n".encode() for line in lines)


def write_part(folder: Path, groups: Groups, scene: Scene, number: int, *, fat: bool) -> None:
    """Write the works of one part: PART_RECORDS of them, into a file of each date.

    fat : whether works hold all that OpenAlex tells of them (about 10,000 bytes), or only what is read here.
    """
    library = _library(scene)
    pieces = fattenings(scene.seed) if fat else ()
    with ExitStack() as stack:
        older, newer = (
            Part(folder / "works" / f"updated_date={date}" / f"part_{number:03d}.gz", stack, pieces)
            for date in (OLDER, NEWER)
        )
        shelf = Shelf(older, newer, int(groups.total * OLDER_PART))
        for block in blocks(groups, scene.seed, part(number)):
            ids = [f"https://openalex.org/WSIM{number:08d}" for number in block.number.tolist()]
            shelf.put(block.number.tolist(), _heads(ids, block, library), _authors(ids, block, library))


def part(number: int) -> range:
    """Return which records stand in a part."""
    return range(number * PART_RECORDS, (number + 1) * PART_RECORDS)


def parts(groups: Groups) -> int:
    """Return in how many parts the works are written."""
    return -(-groups.total // PART_RECORDS)


def _library(scene: Scene) -> Library:
    places, known = scene.places, institutions(scene.places)
    written = affiliations(places, known, scene.forms)
    return Library(scene, known, institution_pieces(places, known), written, _topics())


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


def _line(head: str, authors: list[str], date: str) -> tuple[str, str]:
    return f'{head}"authorships":[{",".join(authors)}]', f',"updated_date":"{date}T00:00:00.000000"}}\n'


def _heads(ids: list[str], block: Block, library: Library) -> list[str]:
    """Return all of a work up to its authors."""
    year = FIRST_YEAR[METRIC] + np.where(block.fate == EARLIER, -1 - block.serial % 3, block.year)
    kind = np.where(block.fate == OTHER_KIND, 1 + block.serial % 2, 0)
    scene = library.scene
    _, topic = fields(scene.places, METRIC, block.first, scene.lot(block.number, 2))
    columns = (block.number, year, kind, block.fate == WITHDRAWN, topic)
    return [
        f'{{"id":"{i}","doi":null,"title":"Simulated work {n}","display_name":"Simulated work {n}",'
        f'"publication_year":{y},"publication_date":"{y}-{1 + n % 12:02d}-{1 + n % 28:02d}",'
        f'"type":"{("article", "editorial", "letter")[k]}","is_retracted":{"true" if gone else "false"},'
        f'"is_paratext":false,"primary_topic":{library.topic[t]},'
        for i, n, y, k, gone, t in zip(ids, *(column.tolist() for column in columns), strict=True)
    ]


def _authors(ids: list[str], block: Block, library: Library) -> list[list[str]]:
    """Return the JSON of each work's authors, and note where each one is."""
    scene, known = library.scene, library.known
    places, unit = scene.places, np.maximum(block.unit, 0)
    institution = known.pick.pick(unit, block.spot)
    site = known.site[institution]
    lot = scene.lots(block, 5)
    form, other = scene.wording(site, lot, named=BY_NAME, varied=IN_OTHER_WORDS, typos=False)
    written = (form >= 0) & block.plain
    twice = block.plain & ~written & (lot >= BY_NAME) & (lot < BY_NAME + TWO_PLACES)
    second = np.where(twice, known.pick.pick(unit, (block.spot + 0.5) % 1), institution)
    chosen = np.where(written, len(known.name) + form, institution)
    chosen = np.where(block.unit == NOWHERE, len(library.affiliation) - 1, chosen)
    via = np.where(written, np.where(other, SPELLING, NAME), INSTITUTION)
    scene.witness.note(METRIC, ids, block, southern(places, site, known.site[second]), via)
    names = _written(block, chosen, np.where(second != institution, second, -1), library)
    ends = accumulate(block.length.tolist())
    return [names[end - n : end] for end, n in zip(ends, block.length.tolist(), strict=True)]


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
