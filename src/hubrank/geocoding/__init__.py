# ruff: noqa: PLC0415 (what no study needs is not imported: scipy and numpy alone take half a second)
"""Where addresses are: all evidence of an address, judged together (METHOD 2).

`evidence` finds candidates, one file per kind; `model` judges them; `resolver` answers. Nothing here touches the
network, except a service that a study names.
"""

import gc
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from hubrank.core.files import file_states
from hubrank.core.memory import return_freed_memory
from hubrank.core.remote import InputFile
from hubrank.core.tables import Geocoder
from hubrank.study.study import Geocoding

if TYPE_CHECKING:
    from hubrank.geocoding.corrections import Corrections
    from hubrank.geocoding.evidence.names import NameEvidence
    from hubrank.geocoding.fast_paths import Dictionary
    from hubrank.geocoding.resolver import Resolver

__all__ = ["Settings", "forget", "geocoder_for", "resolver_for"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the study says about geocoding. `institutions` are register files, as found and in order.

    shared : folder in which the processes of a run share answers, where there are several.
    """

    geocoding: Geocoding = field(default_factory=Geocoding)
    institutions: tuple[InputFile, ...] = ()
    corrections: "Corrections | None" = None
    shared: Path | None = None


FileStates = tuple[tuple[int, ...], ...]


@lru_cache(2)
def _names(institutions: tuple[InputFile, ...], _states: FileStates) -> "NameEvidence":
    from hubrank.geocoding.evidence.names import NameEvidence
    from hubrank.geocoding.gazetteer import gazetteer, organisations, place_index
    from hubrank.geocoding.gazetteer.place_lookup import PlaceNames
    from hubrank.geocoding.text.misspelling import Misspellings

    places, villages, names = gazetteer.places(), gazetteer.villages(), gazetteer.names()
    if institutions:
        table = place_index.with_register(places, villages, names, organisations.load(institutions))
    else:
        table = place_index.without_register(places, villages)
    place_names = PlaceNames(names, table)
    return NameEvidence(place_names, Misspellings(place_names))


@lru_cache(2)
def _dictionary(institutions: tuple[InputFile, ...], states: FileStates, min_probability_pm: int) -> "Dictionary":
    from hubrank.geocoding import model
    from hubrank.geocoding.fast_paths import Dictionary

    dictionary = Dictionary(_names(institutions, states), model.load(), min_probability_pm)
    return_freed_memory()  # 120 MB that reading and compiling took
    return dictionary


def forget() -> None:
    """Let go of names and registers; `resolver_for` reads them again."""
    from hubrank.geocoding.gazetteer import gazetteer, organisations

    _names.cache_clear()
    _dictionary.cache_clear()
    gazetteer.names.cache_clear()
    organisations.forget()
    gc.collect()  # evidence remembers what its own methods answered


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
    from hubrank.geocoding.shared_answers import SharedAnswers

    geocoder: Geocoder = resolver_for(settings)
    if settings.corrections:
        geocoder = CorrectedGeocoder(geocoder, settings.corrections)
    return RepeatedAddresses(SharedAnswers(geocoder, settings.shared) if settings.shared else geocoder)


def resolver_for(settings: Settings) -> "Resolver":
    """Return the resolver of a study.

    Raises DataError where a register cannot be read, StudyError where a service cannot be asked.
    """
    from hubrank.geocoding import model
    from hubrank.geocoding.candidates import CandidateFinder
    from hubrank.geocoding.evidence.institutions import InstitutionEvidence
    from hubrank.geocoding.gazetteer import organisations
    from hubrank.geocoding.resolver import Resolver

    options, registers = settings.geocoding, settings.institutions
    least = 10 * options.min_probability_pct
    names = dictionary = institutions = None
    if "names" in options.use:
        states = file_states(*registers)
        names, dictionary = _names(registers, states), _dictionary(registers, states, least)
    if "institutions" in options.use and registers:
        institutions = InstitutionEvidence(organisations.load(registers))
    return Resolver(
        CandidateFinder(names, institutions),
        model.load(),
        dictionary,
        use_coordinates="coordinates" in options.use,
        min_probability_pm=least,
        min_precision=options.min_precision,
        service=_service(options.service) if "service" in options.use and options.service else None,
    )


def _service(name: str) -> Geocoder:
    from hubrank.geocoding.evidence import service

    return service.find(name)
