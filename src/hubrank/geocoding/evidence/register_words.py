"""The words of a text, parted and mended, in the form in which names of registered organisations are compared."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, lru_cache

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from hubrank.core.countries import HAN
from hubrank.geocoding.evidence import general_words
from hubrank.geocoding.evidence.organisation_names import Parts
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.similar_names import SimilarNames
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.organisations import LONG_WORD, Organisations
from hubrank.geocoding.text.fuzzy_candidates import Bucket
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.organisation_words import initials_joined, words

_INITIALS = re.compile(r"\b\w\W+(?:and\W+)?\w\b", re.IGNORECASE)  # two single letters, with or without marks
_GLUED = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý]{2}|[A-ZÀ-Ý][a-zà-ÿ])")
_MISSPELT = 2  # names of the register that have a word with an error


class RegisterWords:
    """Takes texts apart into the words by which a register is looked up."""

    def __init__(self, register: Organisations) -> None:
        self._register = register
        self.of = lru_cache(4096)(self._words_of)  # one segment is asked for by each question, and by the next text
        self._mend = lru_cache(65536)(self._nearest_word)
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
        parted = [before if text == part.text else self.of(text) for part, text, before in split]
        if parted != parts:
            yield ", words glued", parted
        mended = [
            part if HAN.search(segment.text) else tuple([self._mend(word) for word in part])  # another name by sound
            for segment, part in zip(reading.segments, parted, strict=True)
        ]
        if mended != parted:
            yield ", misspelt", mended

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
        if len(word) < LONG_WORD or self.similar.count(word) or word[0] not in self._long_words:
            return word
        limit = 1 if len(word) < 9 else 2
        choices = self._long_words[word[0]].choices(word, limit)
        errors = process.cdist([word], choices, scorer=OSA.distance, score_cutoff=limit, dtype=np.uint8)[0]
        best = errors.min(initial=limit + 1)
        near = np.flatnonzero(errors == best)
        return choices[near[0]] if best <= limit and len(near) == 1 else word

    @cached_property
    def _long_words(self) -> dict[str, Bucket]:
        """The words from which misspelt ones may come, by their first letter."""
        by_letter: dict[str, list[str]] = defaultdict(list)
        for word in self.similar.words():
            if len(word) >= LONG_WORD:
                by_letter[word[0]].append(word)
        return {letter: Bucket(many) for letter, many in by_letter.items()}
