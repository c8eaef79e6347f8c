"""Kinds of record that an option names: which of them no row has (METHOD 1)."""

from collections.abc import Mapping, Sequence

from hubrank.core.errors import nearest
from hubrank.sources.options import ReaderOptions

_SHOWN = 10  # kinds that there are


def is_stated(options: ReaderOptions) -> bool:
    """Return whether the study itself names kinds, as `types`."""
    return bool("types" in options.model_fields_set and getattr(options, "types", None))


def without_rows(options: ReaderOptions, kinds: Mapping[str, int]) -> dict[str, int]:
    """Return a remark on each kind of a study that no row has and that may mean another, and one on all others: 0 rows.

    kinds : rows by kind; where none is there the reader does not count them, or there is no row.
    """
    there = sorted(kinds)
    suggestions = {kind: nearest(kind, there) for kind in _missing(options, there)}
    misspelled = [[kind] for kind in suggestions if suggestions[kind]]
    others = [kind for kind in suggestions if not suggestions[kind]]
    return {
        f"rows read are of the kind{'s' * (len(group) > 1)} {', '.join(map(repr, group))}, which options.types names."
        f"{suggestions[group[0]]}": 0
        for group in (*misspelled, others)
        if group
    }


def no_kind(options: ReaderOptions, kinds: Mapping[str, int]) -> str:
    """Return why a source has no row in scope where no row has any of the kinds of a study; "" where some have."""
    there = sorted(kinds, key=lambda kind: (-kinds[kind], kind))
    missing = _missing(options, there)
    if not missing or len(missing) < len(getattr(options, "types", ())):
        return ""
    named = ", ".join([*map(repr, there[:_SHOWN]), *(["…"] if len(there) > _SHOWN else [])])
    stated = ", ".join(map(repr, missing))
    return (
        f"no row is of a kind that options.types names ({stated}).{nearest(missing[0], there)} The kinds are: {named}."
    )


def _missing(options: ReaderOptions, there: Sequence[str]) -> list[str]:
    """Return the kinds of a study that are none of those that are there; none where no row has any kind."""
    if not there or not is_stated(options):
        return []
    stated: Sequence[str] = getattr(options, "types", ())
    return [kind for kind in stated if not any(_is_kind(each, kind, begin=options.kinds_begin) for each in there)]


def _is_kind(kind: str, stated: str, *, begin: bool) -> bool:
    return kind == stated or (begin and kind.startswith(f"{stated}_"))
