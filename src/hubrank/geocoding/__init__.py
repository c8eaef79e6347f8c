# ruff: noqa: PLC0415 (what no study needs is not imported: scipy and numpy alone take half a second)
"""Where addresses are: all evidence of an address, judged together (METHOD 2).

`evidence` raises candidates, one file per kind; `model` judges them; `resolver` answers. Nothing here touches the
network, except a service that a study names.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from hubrank.core.files import file_states
from hubrank.core.remote import InputFile
from hubrank.core.tables import Geocoder
from hubrank.study.study import Geocoding

if TYPE_CHECKING:
    from hubrank.geocoding.corrections import Corrections
    from hubrank.geocoding.gazetteer.place_lookup import PlaceNames
    from hubrank.geocoding.resolver import Resolver

__all__ = ["Settings", "forget", "geocoder_for", "resolver_for"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the study says about geocoding. `institutions` are register files, as found and in order."""

    geocoding: Geocoding = field(default_factory=Geocoding)
    institutions: tuple[InputFile, ...] = ()
    corrections: "Corrections | None" = None


@lru_cache(2)
def _place_names(institutions: tuple[InputFile, ...], _states: tuple[tuple[int, ...], ...]) -> "PlaceNames":
    from hubrank.geocoding.gazetteer import gazetteer, organisations, place_index
    from hubrank.geocoding.gazetteer.place_lookup import PlaceNames

    places, villages, names = gazetteer.places(), gazetteer.villages(), gazetteer.names()
    if not institutions:
        return PlaceNames(names, place_index.of_gazetteer(places, villages))
    return PlaceNames(names, place_index.with_register(places, villages, names, organisations.load(institutions)))


def forget() -> None:
    """Let go of names and registers; `resolver_for` reads them again."""
    from hubrank.geocoding.gazetteer import gazetteer, organisations

    _place_names.cache_clear()
    gazetteer.names.cache_clear()
    organisations.forget()


def expect_usable(settings: Settings) -> None:
    """Raise DataError where a register cannot be read, StudyError where a service cannot be asked."""
    from hubrank.geocoding.gazetteer import organisations

    if settings.institutions:
        organisations.compile_tables(settings.institutions)
    if "service" in settings.geocoding.use and settings.geocoding.service:
        _service(settings.geocoding.service)


def geocoder_for(settings: Settings) -> Geocoder:
    """Return what locates the addresses of a study, each once: its corrections, then the resolver.

    Raises as `resolver_for`.
    """
    from hubrank.geocoding.corrected import CorrectedGeocoder
    from hubrank.geocoding.places import RepeatedAddresses

    resolver = resolver_for(settings)
    return RepeatedAddresses(CorrectedGeocoder(resolver, settings.corrections) if settings.corrections else resolver)


def resolver_for(settings: Settings) -> "Resolver":
    """Return the resolver of a study.

    Raises DataError where a register cannot be read, StudyError where a service cannot be asked.
    """
    from hubrank.geocoding import model
    from hubrank.geocoding.candidates import Raiser
    from hubrank.geocoding.evidence.institutions import InstitutionEvidence
    from hubrank.geocoding.evidence.names import NameEvidence
    from hubrank.geocoding.gazetteer import organisations
    from hubrank.geocoding.resolver import Resolver
    from hubrank.geocoding.text.misspelling import Misspellings

    options = settings.geocoding
    names = institutions = None
    if "names" in options.use:
        place_names = _place_names(settings.institutions, file_states(*settings.institutions))
        names = NameEvidence(place_names, Misspellings(place_names))
    if "institutions" in options.use and settings.institutions:
        institutions = InstitutionEvidence(organisations.load(settings.institutions))
    return Resolver(
        Raiser(names, institutions),
        model.load(),
        use_coordinates="coordinates" in options.use,
        min_probability_pm=10 * options.min_probability_pct,
        min_precision=options.min_precision,
        service=_service(options.service) if "service" in options.use and options.service else None,
    )


def _service(name: str) -> Geocoder:
    from hubrank.geocoding.evidence import service

    return service.find(name)
