"""The words of a text, parted and mended, in the form in which names of registered organisations are compared."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from hubrank.core.countries import HAN
from hubrank.geocoding.evidence import general_words
from hubrank.geocoding.evidence.organisation_names import Parts, names_in
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.similar_names import SimilarNames
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.organisations import LONG_WORD, Organisations
from hubrank.geocoding.text.fuzzy_candidates import Bucket
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.organisation_words import STANDARD_WORD, initials_joined, words

_INITIALS = re.compile(r"\b\w\W+(?:and\W+)?\w\b", re.IGNORECASE)  # two single letters, with or without marks
_GLUED = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý]{2}|[A-ZÀ-Ý][a-zà-ÿ])")
MISSPELT = ", misspelt"  # how a name stands in a text, as features say it
_SHORTEST_PIECE = 3  # letters of a word's half that may be a word of its own
_COMPOUND = 3  # times as many names at most have a compound in the one way as in the other
_SHORTEST = 4  # letters: a shorter word is one error from too many others
_LIKELIER = 50  # times as many names have a word as one that stands for it by an error
_MISSPELT = 2  # names of the register that have a general word with an error


class RegisterWords:
    """Takes texts apart into the words by which a register is looked up."""

    def __init__(self, register: Organisations) -> None:
        self._register = register
        self.of = lru_cache(4096)(self._words_of)  # one segment is asked for by each question, and by the next text
        self._mend_word = lru_cache(65536)(self._nearest_word)
        self.mend = lru_cache(16384)(self._mend_part)
        self.part = lru_cache(16384)(self._part_words)
        self._mend_general = lru_cache(65536)(self._nearest_general)

    def _words_of(self, text: str) -> tuple[str, ...]:
        """Return the words of a text, initials as one where names have that word: M.D. Anderson, no T.J. Watson."""
        as_written = tuple(words(text))
        if not _INITIALS.search(text):
            return as_written
        joined = tuple(words(initials_joined(text)))
        new = set(joined).difference(as_written)
        return joined if new and all(map(self.similar.count, new)) else as_written

    def forms(self, reading: Reading, parts: Parts) -> Iterator[tuple[str, Parts]]:
        """Yield the words of a text as written, then parted where they are glued, then mended, where that differs."""
        yield "", parts
        if reading.before:
            yield ", before its country", [self.of(reading.text_at(at)) for at in range(len(reading.segments))]
        apart = [_GLUED.sub(" ", part.text) for part in reading.segments]
        split = zip(reading.segments, apart, parts, strict=True)
        parted = [self.part(before if text == part.text else self.of(text)) for part, text, before in split]
        if parted != parts:
            yield ", words glued", parted
        mended = [
            part if HAN.search(segment.text) else self.mend(part)  # another name by sound
            for segment, part in zip(reading.segments, parted, strict=True)
        ]
        if mended != parted:
            yield MISSPELT, mended

    def _part_words(self, part: tuple[str, ...]) -> tuple[str, ...]:
        """Return the words of a segment with one parted, or two joined, where only that makes a name of the register.

        Airforce Engineering University, Post Graduate Institute: compounds are written in both ways.
        """
        forms = {form for first, end, form in self._partings(part) if self._has_name(form, first, end)}
        return forms.pop() if len(forms) == 1 else part

    def has_compound_name(self, parts: Parts) -> bool:
        """Say whether a segment is a name in whole with a word parted or two joined, and none as it is."""
        return any(part and not self._is_name(part) and self._is_name(self.part(part)) for part in parts)

    def _is_name(self, part: tuple[str, ...]) -> bool:
        return bool(self._register.named(" ".join(part)))

    def _partings(self, part: tuple[str, ...]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Yield the words of a segment with one parted or two joined, and the span of these.

        A third as many names have them so: Biomedical Science is not parted into a company of Korea.
        """
        count, count_both = self.similar.count, self.similar.count_both
        for at, word in enumerate(part):
            for cut in range(_SHORTEST_PIECE, len(word) - _SHORTEST_PIECE + 1):
                if (parted := count_both(word[:cut], word[cut:])) > 0 and count(word) <= _COMPOUND * parted:
                    yield at, at + 2, (*part[:at], word[:cut], word[cut:], *part[at + 1 :])
            behind = "".join(part[at + 1 : at + 2])
            if behind and (joined := count(word + behind)) > 0 and count_both(word, behind) <= _COMPOUND * joined:
                yield at, at + 1, (*part[:at], word + behind, *part[at + 2 :])

    def _mend_part(self, part: tuple[str, ...]) -> tuple[str, ...]:
        """Return the words of a segment with misspelt ones mended.

        One error in one word is mended in a short word, too, and in one that several are near, where it makes a name of
        the register: Masark University is Masaryk's. So is a last word that was cut off: University of Copenhag.
        """
        mended = tuple([self._mend_word(word) for word in part])
        counts = list(map(self.similar.count, part))
        if len(part) > 1 and not counts[-1] and (whole := self.similar.longer.completed(" ".join(part))):
            return tuple(whole.split())
        if len(part) < 2 or counts.count(0) > 1 or self._register.named(" ".join(mended)):
            return mended
        forms = {
            form
            for at, word in enumerate(part)
            if not (counts[at] and 0 in counts) and self._may_be_error(word)
            for choice in self._near(word, 1)
            if self.similar.count(choice) >= _LIKELIER * counts[at]
            and self._has_name(form := (*part[:at], choice, *part[at + 1 :]), at, at + 1)
        }
        return forms.pop() if len(forms) == 1 else mended

    def _has_name(self, form: tuple[str, ...], start: int, stop: int) -> bool:
        """Say whether words have a registered name of two and more, with those from `start` to `stop` among them."""
        names = names_in(self._register, [form])
        return any(first <= start and stop <= end and end - first > 1 for first, end, _, _ in names)

    @staticmethod
    def _may_be_error(word: str) -> bool:
        """Say whether a word may stand for another: none of three letters, and no place: Masuda is not Matsuda."""
        return len(word) >= _SHORTEST and word not in gazetteer.names().number

    @cached_property
    def similar(self) -> SimilarNames:
        """The names of the register by their words."""
        return SimilarNames(self._register)

    def rarity(self, name: list[str]) -> str:
        """Return how many names the rarest word of a name stands in."""
        least = min(map(self.similar.count, name))
        return "rare" if least <= 5 else "seldom" if least <= 30 else "frequent" if least <= 300 else "common"

    def correct_general_words(self, text: str) -> str:
        """Return a text with general words of organisations that have a typing error mended: Universiy of Graz."""
        return general_words.LONG_WORD.sub(lambda word: self._mend_general(word[0]), text)

    def _nearest_general(self, word: str) -> str:
        """Return the general word that a misspelt one stands for; a word that places or several names have is none."""
        if self.similar.count(plain(word)) > _MISSPELT or key(word) in gazetteer.names().number:
            return word
        return general_words.spell_corrected(word)

    def _nearest_word(self, word: str) -> str:
        """Return the only nearest word of the register, one error away or two from nine letters on, else the word."""
        if len(word) < LONG_WORD or self.similar.count(word):
            return word
        errors = self._near(word, 1 if len(word) < 9 else 2)
        fewest = min(errors.values(), default=0)
        nearest = [near for near, count in errors.items() if count == fewest]
        return nearest[0] if len(nearest) == 1 and len(nearest[0]) >= LONG_WORD else word

    def _near(self, word: str, limit: int) -> dict[str, int]:
        """Return the words of names from which one has so many errors, and how many: not at both of its ends."""
        buckets = self._words_by_end
        choices = {choice for end in _ends(word) if end in buckets for choice in buckets[end].choices(word, limit)}
        errors: dict[str, int] = {}
        for choice, count, _ in process.extract(word, [*choices], scorer=OSA.distance, score_cutoff=limit, limit=None):
            standard = STANDARD_WORD.get(choice, choice)
            errors[standard] = min(int(count), errors.get(standard, limit))
        return errors

    @cached_property
    def _words_by_end(self) -> dict[str, Bucket]:
        """The words of names and their other spellings, by their first letters and by their last."""
        by_end: dict[str, list[str]] = defaultdict(list)
        for word in {*self.similar.words(), *STANDARD_WORD}:
            if len(word) >= _SHORTEST - 1 and word.isascii():  # what a misspelt word may be another form of
                for end in _ends(word):
                    by_end[end].append(word)
        return {end: Bucket(many) for end, many in by_end.items()}


def _ends(word: str) -> tuple[str, str]:
    """Return the first two and the last two letters of a word: one error leaves one of them as it is."""
    return f"^{word[:2]}", word[-2:]
