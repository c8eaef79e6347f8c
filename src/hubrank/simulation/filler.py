"""What else a work holds: the fields that nobody reads but everybody has to pass over, as fat as OpenAlex writes them.

Abstract, places of publication, concepts, keywords, references and counts by year, in the proportions of works of
2026. Nothing in them says anything; a few dozen of them are shared by all works, each packed once (see splicing).
"""

from functools import cache

import numpy as np

from hubrank.simulation.gzip_splice import Piece, piece
from hubrank.simulation.institutions import compact
from hubrank.simulation.stable_hash import fraction

KINDS = 64
LEAST, MOST = 7_500, 13_500  # bytes; with head and authors the median work is above 10,000, as in the sample of 2026
SYLLABLES = (
    "ba",
    "co",
    "di",
    "fe",
    "gu",
    "ha",
    "jo",
    "ki",
    "lu",
    "ma",
    "ne",
    "po",
    "ra",
    "si",
    "to",
    "ve",
    "xe",
    "yo",
    "zi",
)


@cache
def fattenings(seed: int) -> tuple[Piece, ...]:
    """Return the pieces, each from the comma after a work's authors to the comma before its date."""
    return tuple(piece(fattening(kind, seed).encode()) for kind in range(KINDS))


def fattening(kind: int, seed: int) -> str:
    """Return the JSON of one of them: `,"locations":…,"counts_by_year":…`."""
    size = LEAST + (MOST - LEAST) * kind * kind // (KINDS * KINDS)
    lots = _Lots(kind, seed)
    parts = {
        "topics": [lots.topic() for _ in range(3)],
        "keywords": [lots.keyword() for _ in range(size // 900)],
        "concepts": [lots.concept() for _ in range(size // 700)],
        "locations": [lots.location() for _ in range(size // 2_800)],
        "referenced_works": [lots.work() for _ in range(size // 450)],
        "related_works": [lots.work() for _ in range(10)],
        "counts_by_year": [{"year": 2025 - y, "cited_by_count": lots.number(400)} for y in range(size // 1_200)],
    }
    text = "".join(f',"{name}":{compact(value)}' for name, value in parts.items())
    abstract: dict[str, list[int]] = {}
    length, at = len(text), 0
    words = [lots.word() for _ in range(size // 50)]
    while length < size:
        word = words[lots.number(len(words))]
        abstract.setdefault(word, []).append(at)
        length, at = length + len(word) // 2 + 6, at + 1
    return f'{text},"abstract_inverted_index":{compact(abstract)}'


class _Lots:
    """One number after the other, the same for a kind and a seed."""

    def __init__(self, kind: int, seed: int) -> None:
        self._lots = iter(fraction(np.arange(20_000), seed * 1_000 + kind).tolist())

    def number(self, below: int) -> int:
        return int(next(self._lots) * below)

    def word(self) -> str:
        return "".join(SYLLABLES[self.number(len(SYLLABLES))] for _ in range(1 + self.number(4)))

    def work(self) -> str:
        """Return the address of a work that another one cites."""
        return f"https://openalex.org/WSIM{self.number(10**8):08d}"

    def keyword(self) -> dict[str, object]:
        """Return a keyword as the snapshot has it."""
        word = f"{self.word()}-{self.word()}"
        return {"id": f"https://openalex.org/keywords/{word}", "display_name": word, "score": next(self._lots)}

    def concept(self) -> dict[str, object]:
        """Return a concept as the snapshot has it."""
        number = self.number(10**8)
        return {
            "id": f"https://openalex.org/CSIM{number}",
            "wikidata": f"https://www.wikidata.org/wiki/QSIM{number}",
            "display_name": f"Simulated concept {self.word()}",
            "level": 1 + self.number(4),
            "score": next(self._lots),
        }

    def topic(self) -> dict[str, object]:
        """Return a topic as the snapshot has it."""
        field = {"id": f"https://openalex.org/fields/SIM{self.number(30)}", "display_name": "Simulated field"}
        return {"id": f"https://openalex.org/TSIM{self.number(5_000)}", "score": next(self._lots), "field": field}

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
