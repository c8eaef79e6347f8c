"""Where a run would stop for its areas, as far as the sampled listings show it: none in any of them, or two overlap."""

from collections.abc import Callable

import numpy as np

from hubrank.clustering.areas import Areas, area_labels, expect_apart, expect_listings_inside
from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.core.errors import DataError
from hubrank.core.sphere import Ints
from hubrank.counting.points import rounded_spots
from hubrank.study.study import Study


def stops(study: Study, areas: Areas, lat_e7: Ints, lon_e7: Ints, *, is_whole: bool) -> list[str]:
    """Return the reasons for which a run would stop.

    lat_e7, lon_e7 : int64, shape (n,), where sampled listings are located, in 1e-7 degree.
    is_whole : whether these are all listings. If not, that none lies in any area is a reason only where some would
        with latitude and longitude exchanged.
    """
    if study.areas is None:
        return []
    spots = np.column_stack(rounded_spots(lat_e7, lon_e7, study.points.step_e7))
    lat_e7, lon_e7 = np.unique(spots, axis=0).T
    file, checks = study.areas.file, list[Callable[[], None]]()
    if study.areas.overlaps == "refuse":
        checks.append(lambda: expect_apart(areas, lat_e7, lon_e7))
    if study.areas.rank and (is_whole or (area_labels(areas, lon_e7, lat_e7) != NOISE).any()):
        checks.append(lambda: expect_listings_inside(areas, lat_e7, lon_e7, file))
    return [reason for check in checks if (reason := _reason(check))]


def _reason(check: Callable[[], None]) -> str:
    try:
        check()
    except DataError as error:
        return str(error).removesuffix(".")
    return ""
