"""The names of registered organisations that stand in a text: in whole, in longer words, or by their first word."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from operator import eq

from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.likeness import LIKE
from hubrank.geocoding.evidence.segments import Segment, are_capitals, initials, segment
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.organisations import ACRONYM, Organisations
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.organisation_words import GENERIC, words
from hubrank.geocoding.text.vocabulary import STREETS

_SHORTEST = 5  # letters of a word that stands for a university
_FIRST = 3  # words of a university's name at most that stand for the whole
_LONGEST = 12  # words of a name that are looked for in a long affiliation
_TELLING = 3  # words, all of them general, that may be a name: Institute of Information Engineering
_QUALIFIERS = frozenset(("national", "international", "central"))  # make a name behind them another
_NO_COMPANY = frozenset(("academy", "clinic", "college", "hospital", "school", "university"))  # named after a person
_OTHERS = frozenset(("academy", "college", "hospital", "institute", "polytechnic"))  # Benue State Polytechnic
_DIRECTIONS = frozenset(("north", "south", "east", "west"))  # belong to what follows
IN_LONGER, OTHER_ORDER = "in longer words", ", other order"  # how a name stands in a text
BUT_GENERAL, FIRST_WORDS = "but for general words", "first words of a university"
COMPANY = "company that opens the text"
_WHOLE_SEGMENT = "whole segment"
_WHOLE_TEXT = f"{LIKE}, all of the text"
_OF_LONGER = 0.5  # the most that a name has which may be a part of another
Parts = list[tuple[str, ...]]  # the words of each segment
Hit = tuple[int, int, str, list[tuple[int, int]]]  # first word, one past the last, how, (row, kind)


def names_in(register: Organisations, parts: Parts) -> list[Hit]:
    """Return the names in a text, the longest first; none lies inside another."""
    tokens = [word for part in parts for word in part]
    whole, ends, start = set(), [], 0
    for part in parts:
        if part:
            whole.add((start, start + len(part)))
            ends += [start + len(part)] * len(part)
        start += len(part)
    begins = {begin for begin, _ in whole}
    hits: list[Hit] = []
    ordered = [(start - end, False, start) for start, end in whole]
    ordered += [(start - end, True, start) for start, end in _spans(register, tokens) if (start, end) not in whole]
    for minus_size, is_part, start in sorted(ordered):
        end = start - minus_size
        name = tokens[start:end]
        if (len(name) < _TELLING or is_part) and GENERIC.issuperset(name):
            continue
        across = end > ends[start]
        if is_part and _is_part_of_name(tokens, start, end, begins, ends[start]):
            continue
        if hits and any((start < b and a < end) if across else (a <= start and end <= b) for a, b, _, _ in hits):
            continue
        matches, order = _matches(register, name)
        if is_part:
            matches = [(row, kind) for row, kind in matches if kind != ACRONYM]
        if matches and not (across and order):
            how = _WHOLE_SEGMENT if not is_part else "across commas" if across else IN_LONGER
            hits.append((start, end, f"{how}{order}", matches))
    return hits


def _matches(register: Organisations, name: list[str]) -> tuple[list[tuple[int, int]], str]:
    """Return the organisations with some words for a name, in another order if need be and a word of it is general."""
    matches = register.named(" ".join(name))
    if matches or GENERIC.isdisjoint(name):
        return matches, ""
    return register.named(register.by_set.get(" ".join(sorted(name)), "")), OTHER_ORDER


def _is_part_of_name(tokens: list[str], start: int, end: int, begins: set[int], end_of_segment: int) -> bool:
    """Say whether words are torn out of a longer name.

    National Sun Yat-sen University, University of West Georgia, Caucasus University, Georgia.
    """
    if start not in begins and tokens[start - 1] in _QUALIFIERS:
        return True
    if end < end_of_segment:
        return tokens[end - 1] in _DIRECTIONS
    return end > end_of_segment and start not in begins and GENERIC.issuperset(tokens[start:end_of_segment])


def explained_otherwise(
    hit: Hit, parts: Parts, segments: Sequence[Segment], name_of: Callable[[int], str | None]
) -> set[int]:
    """Return the organisations whose acronym the words before it explain otherwise than their own names do.

    Center for Applied Scientific Computing (CASC) is not at the Climate Adaptation Science Centers, nor Samsung R&D
    Institute UK (SRUK) at Scleroderma & Raynaud's UK.
    """
    start, end, how, named = hit
    if end - start > 1 or not how.startswith(_WHOLE_SEGMENT):
        return set()
    at = bisect_right(list(accumulate(map(len, parts))), start)
    if at == 0 or not _explains(segments[at - 1], segments[at].text):
        return set()
    names = ((row, name_of(row) or "") for row, kind in named if kind == ACRONYM)
    explained = ((row, words(name)) for row, name in names if _explains(segment(name), segments[at].text))
    return {row for row, name in explained if 2 * sum(map(eq, name, parts[at - 1])) <= len(name)}


def _explains(name: Segment, acronym: str) -> bool:
    return initials(acronym, name) or are_capitals(acronym, name.text)


def _spans(register: Organisations, tokens: list[str]) -> list[tuple[int, int]]:
    """Return the spans of two words and more that may be a name."""
    spans, reach, count = [], register.reach, len(tokens)
    for start in range(count - 1):
        longest = min(reach.get(f"{tokens[start]} {tokens[start + 1]}", 0), _LONGEST, count - start)
        spans += [(start, start + size) for size in range(2, longest + 1)]
    return spans


def names_in_short(register: Organisations, parts: Parts, completed: Callable[[str], list[str]]) -> list[Hit]:
    """Return the company or university that opens a segment, and the names that it is but for their general last words.

    `Google Brain`, `Harvard Computing Group`, `Ohio State`, `Dana-Farber Cancer`.

    completed : returns such names.
    """
    hits: list[Hit] = []
    if parts and parts[0] and parts[0][0] not in GENERIC and _NO_COMPANY.isdisjoint(parts[0]):
        matches = [
            (row, kind) for row, kind in register.named(parts[0][0]) if register.company[row] and kind != ACRONYM
        ]
        if matches:
            hits.append((0, 1, COMPANY, matches))
    start = 0
    for part in parts:
        is_address = key(" ".join(part)) in gazetteer.names().number or any(w.isdigit() or w in STREETS for w in part)
        hits += _opening(register, part, start, 1 if is_address else _FIRST)
        may_be_short = len(part) > 1 and not is_address and not GENERIC.issuperset(part)
        if may_be_short and not (hits and hits[-1][0] == start):
            matches = [pair for name in completed(" ".join(part)) for pair in register.named(name)]
            if matches := [pair for pair in matches if pair[1] != ACRONYM]:
                hits.append((start, start + len(part), BUT_GENERAL, matches))
        start += len(part)
    return hits


def _opening(register: Organisations, part: tuple[str, ...], start: int, longest: int) -> list[Hit]:
    """Return the university that opens a segment by as many of its words, up to the longest, as possible.

    start : the first word of the segment.
    """
    for size in range(min(len(part), longest), 0, -1):
        first = list(part[:size])
        is_another = not _OTHERS.isdisjoint(part[size : size + 1]) if size > 1 else len(first[0]) < _SHORTEST
        matches = [] if is_another or GENERIC.issuperset(first) else _matches(register, [*first, "university"])[0]
        if matches:
            how = FIRST_WORDS if size > 1 else "first word of a university"
            return [(start, start + size, how, matches)]
    return []


def name_features(hit: Hit, name: list[str], rarity: str, agreement: str, many: str, parts: Parts) -> list[str]:
    """Return the features of a name that do not depend on which of its organisations is meant.

    rarity : of its words; agreement : of its country with the text's; many : in how many places it has organisations.
    """
    return [
        f"institution: {_length_of(name)}",
        f"institution: country {agreement}",
        f"institution: of {many}",
        f"institution: {rarity}, country {agreement}",
        f"institution: {_neighbours(hit, parts)}",
        f"institution: {'all' if hit[2].startswith('whole') else 'a part'} of its segment, {rarity}",
    ]


def _length_of(name: list[str]) -> str:
    """Return how long a name is: in words, or where it is one word in letters."""
    if len(name) > 1:
        return f"{min(len(name), 4)} words"
    letters = len(name[0])
    return "a word of three letters" if letters <= 3 else "a word of four or five letters" if letters <= 5 else "a word"


def _neighbours(hit: Hit, parts: Parts) -> str:
    """Return what stands around a name in its segment."""
    start = 0
    for part in parts:
        if start <= hit[0] < start + len(part):
            before = part[: hit[0] - start]
            after = part[hit[1] - start :]
            left = "nothing" if not before else "a general word" if before[-1] in GENERIC else "a word"
            right = "nothing" if not after else "a general word" if after[0] in GENERIC else "a word"
            return f"{left} before it, {right} behind it"
        start += len(part)
    return "nothing before it, nothing behind it"


def limit_in_longer_name(seats: list[Candidate], similar: list[Candidate]) -> None:
    """Limit the probability of names in a text that is in whole a part of another name: Israel Institute of Technology.

    That is Technion - Israel Institute of Technology in Haifa, and not the Israel Institute in Washington.
    """
    if any(feature.startswith(_WHOLE_TEXT) for seat in similar for feature in seat.features):
        for seat in seats:
            if IN_LONGER in seat.features[0]:
                seat.at_most = min(seat.at_most, _OF_LONGER)
