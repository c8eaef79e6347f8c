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

from hubrank.errors import StudyError, nearest
from hubrank.study import Geocoding
from hubrank.tables import Geocoder

if TYPE_CHECKING:
    from hubrank.geocoders.placenames import PlaceNames

__all__ = ["REGISTER_LICENCE", "Settings", "find", "forget", "known"]

REGISTER_LICENCE = "CC0-1.0"  # of the Research Organization Registry


@dataclass(frozen=True, slots=True)
class Settings:
    """What the study says about geocoding. `institutions` are register files, found and in order."""

    geocoding: Geocoding = field(default_factory=Geocoding)
    institutions: tuple[Path, ...] = ()


def _given(_: Settings) -> Geocoder:
    from hubrank.geocoders.given import GivenStep

    return GivenStep()


@lru_cache(2)
def _place_names(institutions: tuple[Path, ...]) -> "PlaceNames":
    from hubrank.geocoders import gazetteer, ground, organisations
    from hubrank.geocoders.placenames import PlaceNames

    places, villages, names = gazetteer.places(), gazetteer.villages(), gazetteer.names()
    if not institutions:
        return PlaceNames(names, ground.of_gazetteer(places, villages))
    return PlaceNames(names, ground.with_register(places, villages, names, organisations.load(institutions)))


def _institution(settings: Settings) -> Geocoder:
    from hubrank.geocoders import organisations
    from hubrank.geocoders.affiliations import Reader
    from hubrank.geocoders.institution import InstitutionStep

    reader = Reader(_place_names(settings.institutions))
    return InstitutionStep(organisations.load(settings.institutions), reader)


def _gazetteer(settings: Settings) -> Geocoder:
    from hubrank.geocoders.misspelling import Misspellings
    from hubrank.geocoders.placename import GazetteerStep

    names = _place_names(settings.institutions)
    return GazetteerStep(names, Misspellings(names), fuzzy_min_score=settings.geocoding.fuzzy_min_score)


def _service(name: str) -> Callable[[Settings], Geocoder]:
    def made(_: Settings) -> Geocoder:
        from hubrank.geocoders import service

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
    from hubrank.geocoders import gazetteer, organisations

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
