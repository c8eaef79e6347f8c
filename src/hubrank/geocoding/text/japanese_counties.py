"""Towns and villages of Japan with their county, which tells namesakes apart: Fuchu-cho, Aki-gun."""

import re

from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.spellings import derived
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.post_codes import bare

_COUNTY = re.compile(r"([^\W\d_]{2,}?)[- ]?gun", re.IGNORECASE)


def with_county(segments: list[str]) -> list[str]:
    """Return segments with a town and the county before or behind it as the one name that the town has with it."""
    for at, segment in enumerate(segments):
        front, _, last = bare(segment).rpartition(" ")
        county = _COUNTY.fullmatch(last) or _COUNTY.fullmatch(bare(segment))
        if county is None:
            continue
        if front and (name := _town_of_county(front, county[1])):
            return [*segments[:at], segment.replace(bare(segment), name), *segments[at + 1 :]]
        for other in (at - 1, at + 1):
            if 0 <= other < len(segments) and (name := _town_of_county(segments[other], county[1])):
                merged = segments[other].replace(bare(segments[other]), name)
                return [merged if n == other else part for n, part in enumerate(segments) if n != at]
    return segments


def _town_of_county(segment: str, county: str) -> str:
    """Return the name of the town that ends a segment with its county, "" where that county has no such town."""
    word = bare(segment).rpartition(" ")[2]
    towns = (word, *derived(word, "JP"), *derived(bare(segment), "JP"))
    named = (f"{town} {county}-gun" for town in towns)
    return next((name for name in named if key(name) in gazetteer.names().number), "")
