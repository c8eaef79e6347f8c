"""Which relations of an engine can be freed: none that another one, planned but not run yet, still reads."""

from collections.abc import Iterable, Iterator


class Uses:
    """The relations that are only planned, what each of them reads, and those that are not needed any more."""

    def __init__(self) -> None:
        self._reads: dict[str, set[str]] = {}
        self._unwanted: set[str] = set()

    def planned(self, name: str, reads: Iterable[str] = ()) -> None:
        """Add a relation that is computed whenever it is read, and the relations that it reads."""
        self._reads[name] = set(reads)

    def dropped(self, names: Iterable[str]) -> Iterator[tuple[str, bool]]:
        """Yield what can be freed once these are not needed any more, and whether it was only planned."""
        self._unwanted |= set(names)
        while free := self._unwanted - set().union(*self._reads.values()):
            self._unwanted -= free
            yield from [(name, self._reads.pop(name, None) is not None) for name in sorted(free)]
