"""Publications as an OpenAlex snapshot: works and institutions as JSON lines, in folders by date of update."""

from contextlib import ExitStack
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import IO

import numpy as np

from hubrank.core.sphere import Ints
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
from hubrank.simulation.organisations import fields
from hubrank.simulation.packaged import metric_fields
from hubrank.simulation.places import Places
from hubrank.simulation.records import NOWHERE, Block, blocks
from hubrank.simulation.truth import INSTITUTION, NAME, SPELLING
from hubrank.simulation.writer_input import WriterInput

METRIC = "publications"
OLDER, NEWER = "2024-05-31", "2025-06-30"
OLDER_PART = 0.4  # of the works were last updated on the older date
SUPERSEDED_EVERY = 60  # one newer work in this many has an older version in the older folder
REPEATED_EVERY = 400  # one line in this many is written twice
PART_RECORDS = 100_000
BY_NAME = 0.06  # of the other authors of a centre give an affiliation, but no institution
IN_OTHER_WORDS = 0.05
TWO_PLACES = 0.04  # of the other authors of a unit have two institutions in it


@dataclass(slots=True)
class Part:
    """One file of works, created with its first line."""

    path: Path
    stack: ExitStack
    file: IO[bytes] | None = None

    def write(self, lines: list[str]) -> None:
        """Add the lines of works."""
        if lines:
            self.file = self.file or self.stack.enter_context(gzipped(self.path))
            self.file.write("".join(lines).encode())


@dataclass(frozen=True, slots=True, eq=False)
class WorkTexts:
    """JSON of institutions, affiliations and topics, and the register of institutions."""

    common: WriterInput
    register: Institutions
    piece: list[str]
    affiliation: list[str]
    topic: list[str]


@dataclass(frozen=True, slots=True, eq=False)
class DatedParts:
    """A file for each date of update: records numbered below `border` were last updated on the older date."""

    older: Part
    newer: Part
    border: int

    def write(self, numbers: list[int], heads: list[str], authors: list[list[str]]) -> None:
        """Write works; some lines twice, and some newer works also in an older version with one author."""
        old: list[str] = []
        new: list[str] = []
        for number, head, names in zip(numbers, heads, authors, strict=True):
            lines, date = (old, OLDER) if number < self.border else (new, NEWER)
            lines += [_line(head, names, date)] * (2 if number % REPEATED_EVERY == 3 else 1)
            if number >= self.border and number % SUPERSEDED_EVERY == 0:
                old.append(_line(head, names[:1], OLDER))
        self.older.write(old)
        self.newer.write(new)


def write_institutions(folder: Path, common: WriterInput) -> None:
    """Write the table of institutions."""
    places = common.places
    with gzipped(folder / "institutions" / f"updated_date={NEWER}" / "part_000.gz") as file:
        lines = institution_lines(places, institutions(places), NEWER)
        file.writelines(f"{line}\n".encode() for line in lines)


def write_part(folder: Path, groups: Groups, common: WriterInput, number: int) -> None:
    """Write the works of one part: PART_RECORDS of them, into a file of each date."""
    texts = _work_texts(common)
    with ExitStack() as stack:
        older, newer = (
            Part(folder / "works" / f"updated_date={date}" / f"part_{number:03d}.gz", stack) for date in (OLDER, NEWER)
        )
        files = DatedParts(older, newer, int(groups.total * OLDER_PART))
        for block in blocks(groups, common.seed, part(number)):
            ids = [f"https://openalex.org/WSIM{number:08d}" for number in block.number.tolist()]
            files.write(block.number.tolist(), _heads(ids, block, texts), _authors(ids, block, texts))


def part(number: int) -> range:
    """Return the numbers of the records of a part."""
    return range(number * PART_RECORDS, (number + 1) * PART_RECORDS)


def parts(groups: Groups) -> int:
    """Return the number of parts."""
    return -(-groups.total // PART_RECORDS)


def _work_texts(common: WriterInput) -> WorkTexts:
    places, register = common.places, institutions(common.places)
    written = affiliations(places, register, common.forms)
    return WorkTexts(common, register, institution_pieces(places, register), written, _topics())


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
        for row in metric_fields(METRIC)
    ]


def _line(head: str, authors: list[str], date: str) -> str:
    return f'{head}"authorships":[{",".join(authors)}],"updated_date":"{date}T00:00:00.000000"}}\n'


def _heads(ids: list[str], block: Block, texts: WorkTexts) -> list[str]:
    """Return the JSON of each work up to its authors."""
    year = FIRST_YEAR[METRIC] + np.where(block.status == EARLIER, -1 - block.serial % 3, block.year)
    kind = np.where(block.status == OTHER_KIND, 1 + block.serial % 2, 0)
    common = texts.common
    _, topic = fields(common.places, METRIC, block.first, common.fraction(block.number, 2))
    columns = (block.number, year, kind, block.status == WITHDRAWN, topic)
    return [
        f'{{"id":"{i}","doi":null,"title":"Simulated work {n}","display_name":"Simulated work {n}",'
        f'"publication_year":{y},"publication_date":"{y}-{1 + n % 12:02d}-{1 + n % 28:02d}",'
        f'"type":"{("article", "editorial", "letter")[k]}","is_retracted":{"true" if gone else "false"},'
        f'"is_paratext":false,"primary_topic":{texts.topic[t]},'
        for i, n, y, k, gone, t in zip(ids, *(column.tolist() for column in columns), strict=True)
    ]


def _authors(ids: list[str], block: Block, texts: WorkTexts) -> list[list[str]]:
    """Return the JSON of each work's authors, and write where each one is to the truth."""
    common, register = texts.common, texts.register
    places, unit = common.places, np.maximum(block.unit, 0)
    institution = register.portions.pick(unit, block.spot)
    site = register.site[institution]
    fraction = common.fractions(block, 5)
    form, other = common.wording(site, fraction, named=BY_NAME, varied=IN_OTHER_WORDS, typos=False)
    written = (form >= 0) & block.plain
    twice = block.plain & ~written & (fraction >= BY_NAME) & (fraction < BY_NAME + TWO_PLACES)
    second = np.where(twice, register.portions.pick(unit, (block.spot + 0.5) % 1), institution)
    affiliation = np.where(written, len(register.name) + form, institution)
    affiliation = np.where(block.unit == NOWHERE, len(texts.affiliation) - 1, affiliation)
    via = np.where(written, np.where(other, SPELLING, NAME), INSTITUTION)
    common.truth.add(METRIC, ids, block, southern(places, site, register.site[second]), via)
    names = _author_texts(block, affiliation, np.where(second != institution, second, -1), texts)
    ends = accumulate(block.length.tolist())
    return [names[end - n : end] for end, n in zip(ends, block.length.tolist(), strict=True)]


def southern(places: Places, a: Ints, b: Ints) -> Ints:
    """Return the site at which a listing in both counts: that of lower latitude, then longitude."""
    lat, lon = places.lat_e7, places.lon_e7
    first = (lat[a] < lat[b]) | ((lat[a] == lat[b]) & (lon[a] <= lon[b]))
    return np.where(first, a, b)


def _author_texts(block: Block, affiliation: Ints, second: Ints, texts: WorkTexts) -> list[str]:
    person = ((block.turn + np.maximum(block.unit, 0) * 1_000_003) % 9_999_991).tolist()
    last = block.order == block.length[block.record] - 1
    position = np.where(block.order == 0, 0, np.where(last, 2, 1)).tolist()
    authors = []
    for p, where, a, b in zip(person, position, affiliation.tolist(), second.tolist(), strict=True):
        words = texts.affiliation[a]
        if b >= 0:
            words = f'"institutions":[{texts.piece[a]},{texts.piece[b]}],"countries":[],"raw_affiliation_strings":[]'
        authors.append(
            f'{{"author_position":"{("first", "middle", "last")[where]}","author":'
            f'{{"id":"https://openalex.org/ASIM{p}","display_name":"Simulated Author {p}","orcid":null}},{words}}}'
        )
    return authors
