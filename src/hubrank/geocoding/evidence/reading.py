"""What a text says: its segments, and the country and regions that they name."""

from dataclasses import dataclass, field
from functools import cache, lru_cache

from hubrank.core import countries
from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.gazetteer.place_lookup import Where
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.affiliations import bare, country, split
from hubrank.geocoding.text.normalise import key, mended, plain

CODE = 3  # letters of the longest code of a country or region
SIGNS = frozenset(vocabulary.words("organisation", "signs"))
_PAIR = 2  # letters of a country's code
_STATES_OF = ("US", "CA", "AU")  # where addresses end in a state's code, often without a country


@lru_cache(1)
def country_keys() -> dict[str, str]:
    """Return the economies by the keys of their names; codes are too many other things."""
    named = ((name, known.iso2) for known in countries.table().values() for name in (*known.aliases, known.name))
    return {key(name): economy for name, economy in named if len(key(name)) > CODE}


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a text between commas: without post codes, its words and key, and whether it names an organisation."""

    text: str
    words: tuple[str, ...]
    key: str
    organisation: bool


@lru_cache(65536)
def segment(text: str) -> Segment:
    """Return a part of a text, taken apart."""
    spoken = bare(text)
    words = tuple(plain(spoken).split())
    return Segment(spoken, words, key(spoken), not SIGNS.isdisjoint(words))


@dataclass(slots=True)
class Reading:
    """What a text says. `economies`: those a place may lie in, () where no country is stated.

    how : stated, named, code or "" (not at all). regions : each with the number of its segment.
    country_at : the number of the segment that is the country, -1 where none is.
    """

    segments: list[Segment]
    economies: tuple[str, ...] = ()
    how: str = ""
    country_at: int = -1
    regions: list[tuple[int, Region]] = field(default_factory=list)
    before: dict[int, str] = field(default_factory=dict)  # what stands before the region or country in its segment
    codes: tuple[str, ...] = ()


@cache
def regions_anywhere() -> dict[str, tuple[Region, ...]]:
    """Return the first-level regions of all economies by key of a name."""
    found: dict[str, dict[Region, None]] = {}
    for (_, name), many in regions.by_key().items():
        if len(name) > CODE:
            for region in many:
                if not region.admin2:
                    found.setdefault(name, {})[region] = None
    return {name: tuple(many) for name, many in found.items()}


def _country_tail(text: str) -> tuple[str, str]:
    """Split a country off the end of a segment, unless a region ends there: University of New Mexico."""
    parts = text.split()
    for size in (4, 3, 2, 1):
        if len(parts) <= size:
            continue
        economy = country(bare(" ".join(parts[-size:])))
        if not economy:
            continue
        wider = regions_anywhere().get(key(" ".join(parts[-size - 1 :])), ())
        if any(r.economy != economy or size == 1 for r in wider):
            return text, ""
        return " ".join(parts[:-size]), economy
    return text, ""


def read(text: str, stated: Where) -> Reading:
    """Take a text apart; `stated` is what columns say of region and country."""
    pieces = split(mended(text))
    said = Reading([segment(piece) for piece in pieces])
    said.regions = [(-1, region) for region in stated.regions]
    _read_country(said, stated)
    _read_regions(said)
    if not said.economies and not said.codes:
        said.codes = tuple(dict.fromkeys(region.economy for _, region in said.regions))
    return said


def _read_country(said: Reading, stated: Where) -> None:
    """Note the country: what a column states, a segment at the end, the end of a segment, or a code."""
    segments = said.segments
    last = len(segments) - 1
    if stated.economies:
        said.economies, said.how = stated.economies, "stated"
    for at in (last, last - 1):  # a remark may follow; the first of several segments is a place: Lebanon, NH
        if at == last or at > 0:
            economy = country(segments[at].text) if at >= 0 else ""
            if economy:
                _found(said, at, economy)
    if said.country_at >= 0 or last < 0:
        return
    front, economy = _country_tail(segments[last].text)
    if economy:
        said.before[last] = front
        _found(said, -1, economy)
    elif not _read_code(said) and not said.economies:
        _read_inner_country(said)


def _read_code(said: Reading) -> bool:
    """Note two capital letters at the end, which may be a state's too; say whether there are any."""
    last = len(said.segments) - 1
    final = said.segments[last].text
    code = countries.find(final) if len(final) == _PAIR and final.isupper() and last > 0 else None
    if not code:
        return False
    states = [e for e in _STATES_OF if any(not r.admin2 for r in regions.find(final, e))]
    if not said.economies:
        said.codes = tuple(dict.fromkeys((*states, code)))
    said.country_at = -1 if states else last
    return True


def _read_inner_country(said: Reading) -> None:
    """Note the country in which an organisation's name ends: University of Luxembourg, Faculty of Law."""
    for part in reversed(said.segments[:-1]):
        economy = _country_tail(part.text)[1] if part.organisation else ""
        if economy:
            _found(said, -1, economy)
            return


def _found(said: Reading, at: int, economy: str) -> None:
    """Note a country; one that is filed under another that is named is the finer: Hong Kong, China."""
    said.country_at = max(said.country_at, at)
    if not said.economies:
        said.economies, said.how = countries.family(economy), "named"
    elif economy in said.economies[1:]:
        said.economies = countries.family(economy)
    elif said.how == "named" and said.economies[0] in countries.family(economy)[1:]:
        return


def _read_regions(said: Reading) -> None:
    """Note the regions that segments, or their ends, name."""
    homes = said.economies[:1] + tuple(e for e in said.economies[1:] if said.how)
    for at, part in enumerate(said.segments):
        if at == said.country_at or not part.text:
            continue
        text = said.before.get(at, part.text)
        if not text:
            continue
        known = _regions_of(text, homes, alone=len(said.segments) == 1, codes=said.codes)
        said.regions += [(at, region) for region in known[:3]]
        if known or " " not in text:
            continue
        rest, _, last = text.rpartition(" ")
        if last.isupper() and len(last) <= CODE:
            for economy in homes[:1] or _STATES_OF:
                if economy in _STATES_OF and (known := regions.find(last, economy)):
                    said.regions += [(at, region) for region in known[:1]]
                    said.before[at] = rest
                    break


def _regions_of(text: str, homes: tuple[str, ...], *, alone: bool, codes: tuple[str, ...]) -> tuple[Region, ...]:
    for economy in homes:
        if known := regions.find(text, economy):
            return known
    if homes:
        return ()
    if len(text) <= CODE:
        found: list[Region] = []
        if text.isupper() and not alone:
            for economy in (*codes, *_STATES_OF):
                found += [r for r in regions.find(text, economy) if not r.admin2 and r not in found]
        return tuple(found)
    return regions_anywhere().get(key(text), ())
