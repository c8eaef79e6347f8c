"""A study in memory, as a study file would have it."""

from decimal import Decimal
from typing import Any

from hubrank.study.study import Study


def written(study: Study) -> dict[str, Any]:
    """Return a study as a study file would have it: what was stated, with the values of ${NAME} in place of these."""
    raw: dict[str, Any] = _as_toml(study.model_dump(by_alias=True, exclude_unset=True))
    return raw


def _as_toml(value: Any) -> Any:  # noqa: ANN401 (TOML)
    """Return a value of a model as TOML has it: lists, and whole numbers without a point."""
    if isinstance(value, dict):
        return {key: _as_toml(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple | set | frozenset):
        return [_as_toml(item) for item in value]
    if isinstance(value, float | Decimal) and value == int(value):
        return int(value)
    return value
