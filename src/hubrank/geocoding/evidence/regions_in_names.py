"""The region inside an organisation's name where a text states none: University of Alabama at Birmingham."""

from collections.abc import Iterator
from functools import lru_cache

from hubrank.geocoding.evidence.segments import Segment
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.organisation_words import GENERIC, SIGNS

_LONGEST, _LETTERS = 3, 4  # words of a name at most, letters at least
_CITY = 15_000  # inhabitants from which a place is meant beside any namesake: Melbourne in Florida
_LEAST_SHARE = 20  # beside a smaller one the largest place of its name has at most so many times its inhabitants
_FEWEST, _MOST = 3, 40  # words of a text that is looked at
Span = tuple[int, int, str]  # first word, the one behind the last, and the key of the words


def region_in_name(segments: list[Segment]) -> Region | None:
    """Return the first-level region that words of an organisation are, and in which a place lies that others name.

    None where there are several. The place is one of its own name and no hamlet beside its namesakes: in Victoria
    University of Wellington no region is meant. Nor is one in which a town does not lie that is a part of the text:
    Georgia Augusta, Göttingen.
    """
    words = tuple(word for part in segments for word in part.words)
    if not _FEWEST <= len(words) <= _MOST or not any(part.organisation for part in segments):
        return None
    named = {
        region
        for start, end, areas in _regions_within(words)
        for region in areas
        if any(_has_place(region, name) for at, to, name in _spans(words) if to <= start or end <= at)
    }
    region = named.pop() if len(named) == 1 else None
    return None if region is None or any(_is_elsewhere(part, region) for part in segments) else region


def _regions_within(words: tuple[str, ...]) -> Iterator[tuple[int, int, tuple[Region, ...]]]:
    """Yield the spans of words that are the own name of a first-level region, with these regions, the longest first."""
    taken: set[int] = set()
    for start, end, name in _spans(words):
        areas = tuple(area for area in regions.named_anywhere(name) if key(area.name) == name)
        if areas and taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            yield start, end, areas


@lru_cache(64)
def _spans(words: tuple[str, ...]) -> tuple[Span, ...]:
    """Return the spans of words that may be a name, the longest first."""
    sizes = [(size, start) for size in range(_LONGEST, 0, -1) for start in range(len(words) - size + 1)]
    spans = ((start, start + size) for size, start in sizes if GENERIC.isdisjoint(words[start : start + size]))
    named = ((*span, key("".join(words[slice(*span)]))) for span in spans if SIGNS.isdisjoint(words[slice(*span)]))
    return tuple(span for span in named if len(span[2]) >= _LETTERS)


def _has_place(region: Region, name: str) -> bool:
    """Say whether a place of a region has a key for its own name and is no hamlet beside its namesakes."""
    people = gazetteer.places().population
    rows = gazetteer.rows_named(name)
    inside = [row for row in gazetteer.rows_named(name, region.economy, (PRIMARY,)) if _lies_in(row, region)]
    most, least = (max((int(people[row]) for row in some), default=0) for some in (rows, inside))
    return bool(inside) and key(region.name) != name and (least >= _CITY or least * _LEAST_SHARE >= most)


def _is_elsewhere(part: Segment, region: Region) -> bool:
    """Say whether a segment is a town, by its own name, of which none lies in a region."""
    rows = [] if part.organisation else gazetteer.rows_named(part.key, kinds=(PRIMARY,))
    return bool(rows) and not any(_lies_in(row, region) for row in rows)


def _lies_in(row: int, region: Region) -> bool:
    return gazetteer.home_of(row) == region.first_level
