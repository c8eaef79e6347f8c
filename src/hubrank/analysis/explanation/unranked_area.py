"""What an area of the study has that is not ranked: listings that count in smaller areas, or none (METHOD 15)."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import shapely

from hubrank.analysis.explanation import files
from hubrank.analysis.explanation.answer import Explanation, RankingEntry
from hubrank.clustering.areas import Areas, area_labels
from hubrank.core.edition import Edition
from hubrank.core.sphere import E7

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class SmallerArea:
    """A ranked area, and how many listings that lie in a larger one count in it."""

    area: RankingEntry
    listings: int


@dataclass(frozen=True, slots=True)
class UnrankedArea:
    """An area in which no listing counts.

    listings : located listings in its shape, of all metrics. smaller : where these count, the most listings first.
    place : where a listing of the place of that name is counted; None where no place is called so.
    """

    code: str
    name: str
    file: str
    listings: int
    smaller: tuple[SmallerArea, ...]
    place: Explanation | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON: those of the place, and the area that was asked for."""
        area = {"cluster_id": self.code, "name": self.name, "rank": None, "listings": self.listings}
        smaller = [asdict(each) for each in self.smaller]
        return {**(self.place.as_dict() if self.place else {}), "area": {**area, "smaller": smaller}}

    def sentences(self) -> Iterator[str]:
        """Yield why the area has no rank, sentence by sentence."""
        yield f"{self.name} ({self.code}) is an area of {self.file} and has no rank: no listing counts in it."
        if self.smaller:
            one = self.listings == 1
            what = f"{self.listings:,} located listing{' lies' if one else 's lie'} in its shape"
            named = [f"{each.area.name} ({each.area.rank}) {each.listings:,}" for each in self.smaller[:MOST_NAMED]]
            more = [f"{len(self.smaller) - MOST_NAMED} more areas"] if len(self.smaller) > MOST_NAMED else []
            yield f"{what}, and a listing counts in the smallest area around it: {', '.join([*named, *more])}."
        else:
            yield "No listing of the edition was located in its shape, so that it has no share, score or interval."
        if self.place:
            yield "A place is called so, too:"


def unranked_area(edition: Edition, areas: Areas, row: int) -> UnrankedArea:
    """Return what an area has in which no listing counts, by its row in all areas of the edition."""
    points, entries = edition.table("points"), files.ranked(edition)
    lat_e7, lon_e7, listings = (points[name].to_numpy() for name in ("lat_e7", "lon_e7", "listings"))
    inside = np.flatnonzero(shapely.intersects_xy(areas.shape[row], lon_e7 / E7, lat_e7 / E7))
    label = area_labels(areas, lat_e7[inside], lon_e7[inside])
    sums = np.bincount(label, listings[inside], minlength=len(areas.code)).astype(np.int64)
    smaller = [SmallerArea(entries[areas.code[which]], int(sums[which])) for which in np.flatnonzero(sums).tolist()]
    smaller.sort(key=lambda each: (-each.listings, each.area.rank))
    file = edition.manifest["areas"]["file"]
    return UnrankedArea(areas.code[row], areas.name[row], file, int(sums.sum()), tuple(smaller))
