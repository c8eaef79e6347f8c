"""What a name means that an area of the study has: the area, and the place that is called so, too (METHOD 15)."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from shlex import quote
from typing import Any

from hubrank.analysis.explanation import files
from hubrank.analysis.explanation.answer import Explanation, RankingEntry
from hubrank.analysis.explanation.unranked_area import UnrankedArea, unranked_area
from hubrank.clustering.areas import of_shapes
from hubrank.core.edition import Edition
from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.text.normalise import key

# What kind of area a name in Chinese characters or Hangul ends in, where people leave it out: 茨城 is 茨城県.
_KIND = re.compile(
    "(?<=..)(?:省|自治[区區]|特别行政区|都|道|府|[県縣]|市|[区區]|町|村|郡)$"
    "|(?<=[가-힣]{2})(?:특별자치[도시]|특별시|광역시|[도시군구])$"
)


@dataclass(frozen=True, slots=True)
class RankedArea:
    """An area that is ranked in place of clusters.

    area : as the ranking has it. folder : of the edition, for the command that shows its lines. metric : its first.
    place : where a listing of the place of that name is counted; None where no place is called so.
    """

    area: RankingEntry
    folder: str
    file: str
    metric: str
    place: Explanation | None = None

    @property
    def code(self) -> str:
        """The code of the area."""
        return self.area.cluster_id

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON: those of the place, and the area that was asked for."""
        return {**(self.place.as_dict() if self.place else {}), "area": asdict(self.area)}

    def sentences(self) -> Iterator[str]:
        """Yield what the area is, sentence by sentence."""
        code, traced = self.area.cluster_id, f"hubrank trace {self.folder} {self.area.cluster_id} {self.metric}"
        yield f"{self.area.name} ({code}, rank {self.area.rank}) is an area of {self.file}: all in its shape counts."
        yield f"`{traced}` shows the lines that add up to its figures."
        if self.place:
            yield "A place is called so, too:"


def area_of_study(edition: Edition, name: str) -> RankedArea | UnrankedArea | None:
    """Return the one area of that name or code, ranked or not, where areas are ranked in place of clusters.

    If none is spelt so, the one that is without accents and signs (izmir is İzmir), or the one that is without the word
    for its kind: 茨城 is 茨城県, Kent is Kent County.
    """
    about = edition.manifest.get("areas", {})
    if not about.get("ranked"):
        return None
    entries, areas = files.ranked(edition), of_shapes(edition.table("area_shapes"))
    every = list(zip(areas.code, areas.name, strict=True))
    wanted = name.strip().casefold()
    codes = [code for code, _ in every if code.casefold() == wanted]
    named = [code for code, text in every if text.casefold() == wanted]
    named = named or [code for code, text in every if key(text) == key(name)]
    named = named or [code for code, text in every if wanted in _without_kind(text)]
    for matches in (codes, [code for code in named if code in entries], named):
        if len(matches) > 1:
            return None
        if matches:
            (code,) = matches
            if code not in entries:
                return unranked_area(edition, areas, areas.code.index(code))
            return RankedArea(entries[code], quote(str(edition.folder)), about["file"], next(iter(edition.metrics)))
    return None


def _without_kind(name: str) -> set[str]:
    """Return a name in lower case without the word for its kind of area, behind or before it; nothing without one."""
    bare = _KIND.sub("", name.strip())
    words = name.strip().casefold().split()
    ends = {" ".join(words[:-1]), " ".join(words[1:]), " ".join(words[2:])} if regions.has_kind_word(name) else set()
    spelled = {one for one in ends if one and key(one) in regions.spellings(name)}
    return spelled | ({bare.casefold()} if bare != name.strip() else set())
