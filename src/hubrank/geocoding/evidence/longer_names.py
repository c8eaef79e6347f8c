"""The names of a register that begin with another one and go on: Institute of Technology Bandung."""

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from hubrank.geocoding.gazetteer.organisations import ACRONYM, Organisations
from hubrank.geocoding.text.organisation_words import GENERIC

_COUNTRIES = 4  # abroad, in which names begin with one that says no more than what an organisation is
_MANY = 4  # places
_MOST = 40  # names that are looked at


class LongerNames:
    """Looks up the names that begin with some words; `keys` are all names of the register, in order."""

    def __init__(self, register: Organisations, keys: list[str]) -> None:
        self._register = register
        self._keys = keys
        self.elsewhere = lru_cache(16384)(self._elsewhere)
        self.begins_abroad = lru_cache(16384)(self._begins_abroad)

    def _elsewhere(self, row: int, name: str) -> str:
        """Return how many other places of its economy have organisations with longer names: Institute of Technology X.

        name : its words, one blank between them.
        """
        places = self._places(row, name)
        count = "no" if not places else "one" if places == 1 else "two or three" if places < _MANY else "many"
        return f"{count} longer names elsewhere begin so"

    def is_of_many(self, row: int, name: str) -> bool:
        """Say whether the name of an organisation without units opens those of others in many places of its economy."""
        return not self._register.head[row] and self._places(row, name) >= _MANY

    def _places(self, row: int, name: str) -> int:
        """Return in how many other places of its economy organisations have longer names than one that begin so."""
        register, economy = self._register, self._register.economy
        others = (other for other in self._with_longer(name) if economy[other] == economy[row])
        elsewhere = (other for other in others if not register.is_same_place(row, other))
        return len({(register.lat_e7[other], register.lon_e7[other]) for other in elsewhere})

    def _begins_abroad(self, row: int, name: str) -> bool:
        """Say whether the name of an organisation without units opens those of others in several countries.

        École Normale Supérieure, which one in Burundi is called; no Monash University (Malaysia).
        """
        economy = self._register.economy
        homes = {economy[other] for other in self._with_longer(name)} - {economy[row]}
        return not self._register.head[row] and len(homes) >= _COUNTRIES

    def completed(self, name: str) -> str:
        """Return the only name that a cut one is the beginning of, up to the end of its last word, else "".

        "" also where more names begin so than are looked at.
        """
        longer = self._beginning_with(name)
        whole = [key for key in longer if " " not in key[len(name) :]]
        return whole[0] if len(whole) == 1 and len(longer) < _MOST else ""

    def with_general_words(self, name: str) -> list[str]:
        """Return the names that go on with general words alone: Dana-Farber Cancer Institute."""
        return [key for key in self._beginning_with(f"{name} ") if GENERIC.issuperset(key[len(name) :].split())]

    def _beginning_with(self, start: str) -> list[str]:
        """Return the first names that begin with some words, or letters, and go on."""
        first = bisect_right(self._keys, start)
        return [key for key in self._keys[first : first + _MOST] if key.startswith(start)]

    def _with_longer(self, name: str) -> Iterator[int]:
        """Yield the organisations that have a longer name which begins with a name, one blank between its words."""
        for longer in self._beginning_with(f"{name} "):
            yield from (other for other, kind in self._register.named(longer) if kind != ACRONYM)
