"""Which relations of an engine can be freed: none that another one, planned but not run yet, still reads."""

from collections.abc import Iterable, Iterator


class Uses:
    """The relations that are only planned, what each of them reads, and those that are no longer needed."""

    def __init__(self) -> None:
        self._reads: dict[str, set[str]] = {}
        self._unneeded: set[str] = set()

    def planned(self, name: str, reads: Iterable[str] = ()) -> None:
        """Record a planned relation, which is run anew whenever it is read, and what it reads."""
        self._reads[name] = set(reads)

    def dropped(self, names: Iterable[str]) -> Iterator[tuple[str, bool]]:
        """Yield the names that can be freed once these are not needed any more, and whether each was only planned."""
        self._unneeded |= set(names)
        while free := self._unneeded - set().union(*self._reads.values()):
            self._unneeded -= free
            yield from [(name, self._reads.pop(name, None) is not None) for name in sorted(free)]
