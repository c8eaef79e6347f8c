"""The fields of a work that no reader needs but every reader has to pass over, as large as in OpenAlex.

Abstract, locations, concepts, keywords, references and counts by year, in the proportions of works of 2026. Their
content is random; all works share a few dozen of them, each compressed once (see gzip_splice).
"""

import re
from functools import cache

import numpy as np

from hubrank.simulation.institutions import compact
from hubrank.simulation.stable_hash import fraction

from .gzip_splice import Piece, compress

KINDS = 64
LEAST, MOST = 7_500, 13_500  # bytes; with head and authors the median work is above 10,000, as in the sample of 2026
SYLLABLES = re.findall("..", "bacodifeguhajokilumaneporasitovexeyozi")


@cache
def fillers(seed: int) -> tuple[Piece, ...]:
    """Return the fillers, each from the comma after a work's authors to the character before the comma of its date."""
    return tuple(compress(filler(kind, seed).encode()) for kind in range(KINDS))


def filler(kind: int, seed: int) -> str:
    """Return the JSON of one of them: `,"locations":…,"counts_by_year":…`."""
    size = LEAST + (MOST - LEAST) * kind * kind // (KINDS * KINDS)
    random = _Random(kind, seed)
    parts = {
        "topics": [random.topic() for _ in range(3)],
        "keywords": [random.keyword() for _ in range(size // 900)],
        "concepts": [random.concept() for _ in range(size // 700)],
        "locations": [random.location() for _ in range(size // 2_800)],
        "referenced_works": [random.work() for _ in range(size // 450)],
        "related_works": [random.work() for _ in range(10)],
        "counts_by_year": [{"year": 2025 - y, "cited_by_count": random.number(400)} for y in range(size // 1_200)],
    }
    text = "".join(f',"{name}":{compact(value)}' for name, value in parts.items())
    abstract: dict[str, list[int]] = {}
    length, position = len(text), 0
    words = [random.word() for _ in range(size // 50)]
    while length < size:
        word = words[random.number(len(words))]
        abstract.setdefault(word, []).append(position)
        length, position = length + len(word) // 2 + 6, position + 1
    return f'{text},"abstract_inverted_index":{compact(abstract)}'


class _Random:
    """Values of the fields, the same for a kind and a seed."""

    def __init__(self, kind: int, seed: int) -> None:
        self._fractions = iter(fraction(np.arange(20_000), seed * 1_000 + kind).tolist())

    def number(self, below: int) -> int:
        return int(next(self._fractions) * below)

    def word(self) -> str:
        return "".join(SYLLABLES[self.number(len(SYLLABLES))] for _ in range(1 + self.number(4)))

    def work(self) -> str:
        """Return the address of a work that another one cites."""
        return f"https://openalex.org/WSIM{self.number(10**8):08d}"

    def keyword(self) -> dict[str, object]:
        """Return a keyword as the snapshot has it."""
        word = f"{self.word()}-{self.word()}"
        return {"id": f"https://openalex.org/keywords/{word}", "display_name": word, "score": next(self._fractions)}

    def concept(self) -> dict[str, object]:
        """Return a concept as the snapshot has it."""
        number = self.number(10**8)
        return {
            "id": f"https://openalex.org/CSIM{number}",
            "wikidata": f"https://www.wikidata.org/wiki/QSIM{number}",
            "display_name": f"Simulated concept {self.word()}",
            "level": 1 + self.number(4),
            "score": next(self._fractions),
        }

    def topic(self) -> dict[str, object]:
        """Return a topic as the snapshot has it."""
        field = {"id": f"https://openalex.org/fields/SIM{self.number(30)}", "display_name": "Simulated field"}
        return {"id": f"https://openalex.org/TSIM{self.number(5_000)}", "score": next(self._fractions), "field": field}

    def location(self) -> dict[str, object]:
        """Return a place where a work can be read, as the snapshot has it."""
        number = self.number(10**9)
        return {
            "is_oa": True,
            "landing_page_url": f"https://example.org/simulated/{number}",
            "pdf_url": None,
            "source": {
                "id": f"https://openalex.org/SSIM{number}",
                "display_name": f"Simulated Journal of {self.word().title()}",
                "issn": None,
                "is_in_doaj": False,
                "host_organization_lineage": [f"https://openalex.org/PSIM{number % 1_000}"],
                "type": "journal",
            },
            "license": "cc-by",
            "version": "publishedVersion",
            "is_accepted": True,
        }
