"""Which relations of an engine can be given back: none that another one, named but not run yet, still reads."""

from collections.abc import Iterable, Iterator


class Uses:
    """The relations that are only planned, what each of them reads, and those that nobody wants any more."""

    def __init__(self) -> None:
        self._reads: dict[str, set[str]] = {}
        self._unwanted: set[str] = set()

    def planned(self, name: str, reads: Iterable[str] = ()) -> None:
        """Remember a relation that is read anew whenever it is asked for, and what it is made of."""
        self._reads[name] = set(reads)

    def dropped(self, names: Iterable[str]) -> Iterator[tuple[str, bool]]:
        """Yield what can go, now that these are not wanted any more, and whether it was only planned."""
        self._unwanted |= set(names)
        while free := self._unwanted - set().union(*self._reads.values()):
            self._unwanted -= free
            yield from [(name, self._reads.pop(name, None) is not None) for name in sorted(free)]
