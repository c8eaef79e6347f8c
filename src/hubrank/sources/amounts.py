"""Counts and amounts that records weigh by: what a check says where the study does not state thousands or decimals."""

import re
from collections.abc import Iterator, Sequence

_COMMA_LAST = re.compile(r"\d{1,3}(\.\d{3})+,\d+|\d+,\d{1,2}|\d{1,3}(\.\d{3}){2,}")  # 1.234,5 · 12,5 · 1.234.567
_POINT_LAST = re.compile(r"\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}")  # 1,234.5 · 1,234,567
_DIVIDED = {mark: re.compile(rf"[1-9]\d{{0,2}}([{mark}]\d{{3}})*|0") for mark in ".,"}
FEWEST_DIVIDED = 2  # different counts: one alone says little
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}|0")


def unstated_marks(column: str, values: Sequence[str], *, among_counts: bool = False) -> Iterator[str]:
    """Say which option reads the amounts of a column that have thousands or a decimal comma.

    among_counts : whether there is a column of counts, which the options are about then.
    """
    says = f"options.weight_by ({column})"
    plain = "write them in the file with a decimal point and without thousands: the options are of columns.count"
    texts = [value.strip() for value in values]
    for mark, pattern in ((",", _COMMA_LAST), (".", _POINT_LAST)):
        if example := next(filter(pattern.fullmatch, texts), None):
            how = plain if among_counts else f'decimals = "{mark}"'
            yield f"{says}: {example!r} has thousands or decimals that the study does not state: {how}."
            return
    if any("." in text for text in texts) and all(map(_THOUSANDS.fullmatch, texts)):
        example = next(text for text in texts if "." in text)
        how = plain if among_counts else 'write options.thousands = "."'
        yield (
            f"{says}: all have three digits behind a point ({example!r}), which is read as that of decimals; if it "
            f"divides thousands {how}."
        )


def in_groups_of_three(values: Sequence[str], mark: str) -> str | None:
    """Return an example where all values have three digits behind each mark, and several have one; else None."""
    texts = [value.strip() for value in values]
    examples = [text for text in texts if mark in text]
    if len({*examples}) < FEWEST_DIVIDED or not all(map(_DIVIDED[mark].fullmatch, texts)):
        return None
    return examples[0]


def undecided_counts(says: str, values: Sequence[str], decimals: str | None) -> Iterator[str]:
    """Say which option reads counts that are all written in thousands, or with three decimals each.

    decimals : what they follow, where the study states it; the counts are then read, but few have three each.
    """
    for mark in _DIVIDED:
        example = in_groups_of_three(values, mark)
        if example is not None and decimals in (None, mark):
            how = f'if it divides thousands write options.thousands = "{mark}"'
            other = "these are read as decimals" if decimals else f'if decimals follow it options.decimals = "{mark}"'
            yield f"{says}: all have three digits behind each {mark!r} ({example!r}); {how}, {other}."
