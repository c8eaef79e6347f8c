"""The places that some words of a part of a text name: Shenzhen Hospital, University of Calgary."""

import re
from functools import lru_cache

from hubrank.geocoding.evidence.candidate import CODED, Candidate
from hubrank.geocoding.evidence.institutions import InstitutionEvidence
from hubrank.geocoding.evidence.names import BELIEVED, NameEvidence
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.segments import Segment, country_keys
from hubrank.geocoding.evidence.similar_names import NO_ORGANISATION
from hubrank.geocoding.gazetteer.place_lookup import LAND
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.organisation_words import GENERIC, SIGNS, STANDARD_WORD
from hubrank.geocoding.text.stated_countries import STATES_OF
from hubrank.geocoding.text.street_lines import ends_as_street, is_named_after
from hubrank.geocoding.text.vocabulary import SAINTS, STREETS

_MOST = 6  # places of one segment
_SHORTEST = 4  # letters of a name
LINKS = frozenset(["of", "de", "di", "at", "in", "do", "da", "zu", "d", "dell"])
_ELISION = re.compile(r"\b(d|l|dell)['’](?=[^\W\d_])", re.IGNORECASE)
_CITY, _OF_PATRON = 5.0, 0.5  # log10 of inhabitants; the most that a smaller place has that is called like a patron
_NOUNS = (
    "university",
    "hospital",
    "institute",
    "college",
    "school",
    "center",
    "lab",
    "department",
    "academy",
    "company",
    "technology",
)
_ORGANISATIONS = {word: word for word in _NOUNS} | {word: one for word, one in STANDARD_WORD.items() if one in _NOUNS}


class InnerNames:
    """Finds the places whose names stand inside a longer segment."""

    def __init__(self, names: NameEvidence, institutions: InstitutionEvidence | None) -> None:
        self._institutions = institutions
        self._evidence = names
        self._names = names.names
        self._inner_names = lru_cache(16384)(self._names_inside)  # Department of Physics is in every other text

    def candidates(self, reading: Reading, at: int, where: Surroundings, towns: int) -> list[Candidate]:
        """Return places that some words of a segment name: Shenzhen Hospital, University of Calgary."""
        part = reading.segments[at]
        matches: list[Candidate] = []
        taken: set[int] = set()
        stated = "a country" if where.economies else "no country"
        english = where.economies[:1] and where.economies[0] in STATES_OF  # street names end in any of these words
        words = _words(part)
        for name, start, size in self._inner_names(words):
            span = range(start, start + size)
            if not taken.isdisjoint(span) or len(matches) >= _MOST:
                continue
            if is_named_after(words, span.start, span.stop) or ends_as_street(words, span.stop, anywhere=not english):
                continue
            more = self._evidence.named(name, where, "inside", _position(start, size, len(words)))
            more = [c for c in more if c.name_kind in BELIEVED][:3]
            if around := where.post_area:
                more = [c for c in more if around.contains(c.lat_e7, c.lon_e7)]
            if more:
                taken.update(span)
                self._note_inside(more, words, start, start + size, stated)
            for c in more:
                c.features.append("inside: words for an organisation" if part.organisation else "inside: other words")
                c.features.append(f"inside: {min(towns, 1)} places named to the right")
                c.features.append(f"inside: {size} words")
                note_country(c, reading, where.economies)
            matches += more
        return matches

    def _names_inside(self, words: tuple[str, ...]) -> tuple[tuple[str, int, int], ...]:
        """Return key, first word and number of words of each span that may be a place's name, the longest first."""
        if not 2 <= len(words) <= 30:
            return ()
        keys = [key(word) for word in words]
        spans = [(start, size) for size in (3, 2, 1) if size < len(words) for start in range(len(words) - size + 1)]
        names = ((span, "".join(keys[span[0] : sum(span)])) for span in spans)
        is_name, land = self._names.is_name, LAND  # National Park is a borough in New Jersey, too
        return tuple(
            (name, start, size)
            for (start, size), name in names
            if len(name) >= _SHORTEST
            and is_name(name)
            and SIGNS.isdisjoint(words[start : start + size])
            and not (size == 1 and words[start] in GENERIC)
            and name not in country_keys()
            and not land.issuperset(words[start : start + size])
        )

    def _note_inside(self, more: list[Candidate], words: tuple[str, ...], start: int, end: int, country: str) -> None:
        """Note what stands around a name (University of …), how large the place is, and its namesakes."""
        left = _kind(words[start - 1], words[start - 2 : start - 1]) if start else "nothing"
        right = _kind(words[end], ()) if end < len(words) else "nothing"
        alone = _namesakes(more)
        for c in more:
            c.features += (
                f"inside: {left} before it, {right} behind it, {country}",
                f"inside: {left} before it, {country}",
                f"inside: {alone}, {_population(c.people)}, {country}",
            )
            if self._institutions:
                share = self._institutions.similar.share_at_place(" ".join(words[start:end]), c.lat_e7, c.lon_e7)
                c.features.append(f"inside: {share}, {country}")
                if share == NO_ORGANISATION and _is_patron(words, start) and c.people < _CITY:
                    c.at_most = _OF_PATRON


def note_country(c: Candidate, reading: Reading, economies: tuple[str, ...]) -> None:
    """Note how the country of a place agrees with what the text says."""
    if reading.economies:
        c.features.append(f"text: country {reading.how}")
    elif economies:
        agrees = c.economy in economies
        c.features.append(CODED if agrees else "text: another country's code or region")
    else:
        c.features.append("text: no country")


def _is_patron(words: tuple[str, ...], start: int) -> bool:
    """Say whether a name is a saint's right behind a hospital's words: Hospital San Pedro Alcántara."""
    before = [_ORGANISATIONS.get(word) for word in words[:start]]
    return words[start] in SAINTS and "hospital" in before and before[-1] is not None


def _words(part: Segment) -> tuple[str, ...]:
    """Return the words of a segment, those parted that an apostrophe joins: Hôpital d'Orsay; of no street."""
    if not ("'" in part.text or "’" in part.text) or not STREETS.isdisjoint(part.words):
        return part.words
    apart = _ELISION.sub(r"\1 ", part.text)
    return part.words if apart == part.text else tuple(plain(apart).split())


def _position(start: int, size: int, words: int) -> str:
    return "first words" if start == 0 else "last words" if start + size == words else "words amid others"


def _kind(word: str, before: tuple[str, ...]) -> str:
    """Return what a word beside a name says of it."""
    if word in LINKS:
        return f"{_ORGANISATIONS.get(before[0], 'a word')} of" if before else "of"
    return _ORGANISATIONS.get(word, "a word")


def _population(people: float) -> str:
    return (
        "a million"
        if people > 6
        else "300,000"
        if people > 5.48
        else "100,000"
        if people > 5
        else "20,000"
        if people > 4.3
        else "few"
    )


def _namesakes(more: list[Candidate]) -> str:
    if len(more) < 2:
        return "the only one of its name"
    sizes = sorted((c.size for c in more), reverse=True)
    return "the largest by far" if sizes[0] - sizes[1] > 0.7 else "one of several"
