# ruff: noqa: PLC0415 (a step that no study names is not imported: scipy and numpy alone take half a second)
"""Where addresses are: steps that each answer what they know, in the order of the study (METHOD 2).

`given` takes coordinates of the record, `institution` looks organisations up in registers, `gazetteer` place names in
GeoNames. Nothing here touches the network, except a service that a study names.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from hubrank.core.errors import StudyError, nearest
from hubrank.core.tables import Geocoder
from hubrank.study.study import Geocoding

if TYPE_CHECKING:
    from hubrank.geocoding.gazetteer.place_lookup import PlaceNames

__all__ = ["Settings", "find", "forget", "known"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the study says about geocoding. `institutions` are register files, found and in order."""

    geocoding: Geocoding = field(default_factory=Geocoding)
    institutions: tuple[Path, ...] = ()


def _given(_: Settings) -> Geocoder:
    from hubrank.geocoding.steps.coordinates import GivenStep

    return GivenStep()


@lru_cache(2)
def _place_names(institutions: tuple[Path, ...]) -> "PlaceNames":
    from hubrank.geocoding.gazetteer import gazetteer, organisations, place_index
    from hubrank.geocoding.gazetteer.place_lookup import PlaceNames

    places, villages, names = gazetteer.places(), gazetteer.villages(), gazetteer.names()
    if not institutions:
        return PlaceNames(names, place_index.of_gazetteer(places, villages))
    return PlaceNames(names, place_index.with_register(places, villages, names, organisations.load(institutions)))


def _institution(settings: Settings) -> Geocoder:
    from hubrank.geocoding.gazetteer import organisations
    from hubrank.geocoding.steps.institution import InstitutionStep
    from hubrank.geocoding.text.affiliations import Reader

    reader = Reader(_place_names(settings.institutions))
    return InstitutionStep(organisations.load(settings.institutions), reader)


def _gazetteer(settings: Settings) -> Geocoder:
    from hubrank.geocoding.steps.city import GazetteerStep
    from hubrank.geocoding.text.misspelling import Misspellings

    names = _place_names(settings.institutions)
    return GazetteerStep(names, Misspellings(names), fuzzy_min_score=settings.geocoding.fuzzy_min_score)


def _service(name: str) -> Callable[[Settings], Geocoder]:
    def made(_: Settings) -> Geocoder:
        from hubrank.geocoding.steps import service

        return service.find(name)

    return made


_STEPS: dict[str, Callable[[Settings], Geocoder]] = {
    "given": _given,
    "institution": _institution,
    "gazetteer": _gazetteer,
    "nominatim": _service("nominatim"),
    "photon": _service("photon"),
}


def forget() -> None:
    """Let go of names and registers; `find` reads them again."""
    from hubrank.geocoding.gazetteer import gazetteer, organisations

    _place_names.cache_clear()
    gazetteer.names.cache_clear()
    organisations.load.cache_clear()


def known() -> list[str]:
    """Return the names of the steps."""
    return sorted(_STEPS)


def find(name: str, settings: Settings) -> Geocoder:
    """Return the step of a name.

    Raises StudyError where no step is called so, DataError where a register cannot be read.
    """
    if name not in _STEPS:
        raise StudyError(f"[geocoding] steps names {name!r}; there are: {', '.join(known())}.{nearest(name, known())}")
    return _STEPS[name](settings)
