"""Amounts that records weigh by: what a check says of those whose thousands or decimals the study does not state."""

import re
from collections.abc import Iterator, Sequence

_COMMA_LAST = re.compile(r"\d{1,3}(\.\d{3})+,\d+|\d+,\d{1,2}|\d{1,3}(\.\d{3}){2,}")  # 1.234,5 · 12,5 · 1.234.567
_POINT_LAST = re.compile(r"\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}")  # 1,234.5 · 1,234,567
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}|0")


def unstated_marks(column: str, values: Sequence[str]) -> Iterator[str]:
    """Say which option reads the amounts of a column that have thousands or a decimal comma."""
    says = f"options.weight_by ({column})"
    texts = [value.strip() for value in values]
    for mark, pattern in ((",", _COMMA_LAST), (".", _POINT_LAST)):
        if example := next(filter(pattern.fullmatch, texts), None):
            yield f'{says}: {example!r} has thousands or decimals that the study does not state: decimals = "{mark}".'
            return
    if any("." in text for text in texts) and all(map(_THOUSANDS.fullmatch, texts)):
        example = next(text for text in texts if "." in text)
        yield (
            f"{says}: all have three digits behind a point ({example!r}), which is read as that of decimals; if it "
            f'divides thousands write options.thousands = ".".'
        )
