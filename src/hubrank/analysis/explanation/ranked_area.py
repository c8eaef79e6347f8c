"""What a name means that an area of the study has: the area, and the place that is called so, too (METHOD 15)."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from shlex import quote
from typing import Any

from hubrank.analysis.explanation import files
from hubrank.analysis.explanation.answer import Explanation, RankingEntry
from hubrank.analysis.explanation.unranked_area import UnrankedArea, unranked_area
from hubrank.clustering.areas import of_shapes
from hubrank.core.edition import Edition


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
    """Return the one area of that name or code, ranked or not, where areas are ranked in place of clusters."""
    about = edition.manifest.get("areas", {})
    if not about.get("ranked"):
        return None
    entries, areas = files.ranked(edition), of_shapes(edition.table("area_shapes"))
    every = list(zip(areas.code, areas.name, strict=True))
    wanted = name.strip().casefold()
    codes = [code for code, _ in every if code.casefold() == wanted]
    named = [code for code, text in every if text.casefold() == wanted]
    for matches in (codes, [code for code in named if code in entries], named):
        if len(matches) > 1:
            return None
        if matches:
            (code,) = matches
            if code not in entries:
                return unranked_area(edition, areas, areas.code.index(code))
            return RankedArea(entries[code], quote(str(edition.folder)), about["file"], next(iter(edition.metrics)))
    return None
