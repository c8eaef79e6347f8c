"""Where the items of a table are: columns, parts of them, several of them, the name of the file, constants."""

import re
import warnings
from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

FILE = "file"  # in `from`: the name of the file that a row is in


def _constant(value: object) -> object:
    """Return a constant of a column as text, as it would stand in a file."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal | date):
        raise ValueError("it should be text, a number or a date")
    return str(value)


class ColumnFrom(BaseModel):
    """A column that is not read as it is: a part of another column, several values in one cell, or a constant.

    from : the column; `file` is the name of the file that the row is in, with its folders.
    pattern : a regular expression with one group, around the text to use; of several values in a cell, that of each.
    split : what stands between the values of a cell, of which each makes a listing; "[]" where it is a list in JSON.
    places : the same of values, in a cell or in a part of it, that are places of one listing.
    optional : whether a file may lack the column.
    value : a constant, in place of a column.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_: str | None = Field(default=None, alias="from")
    pattern: str | None = None
    split: str | None = Field(default=None, min_length=1)
    places: str | None = Field(default=None, min_length=1)
    optional: bool = False
    value: Annotated[str, BeforeValidator(_constant)] | None = None

    @field_validator("pattern")
    @classmethod
    def _one_group(cls, pattern: str | None) -> str | None:
        try:
            with warnings.catch_warnings(action="ignore"):  # what a later Python may read differently is no error today
                groups = re.compile(pattern or "()").groups
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(f"it is not a regular expression: {error}") from None
        if groups != 1:
            raise ValueError(f"it has {groups} groups; it needs exactly one, around the text to use")
        return pattern

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.from_ is None) == (self.value is None):
            raise ValueError("it needs either from (a column, or file for the name of the file) or value (a constant)")
        if self.value is not None and (self.pattern or self.split or self.places or self.optional):
            raise ValueError("value is a constant; pattern, split, places and optional belong to a column (from)")
        return self

    @property
    def is_column(self) -> bool:
        """Whether it is read out of a column of the table, not of the file's name or the study."""
        return self.from_ not in (None, FILE)

    @property
    def is_plain(self) -> bool:
        """Whether it is one column, or the part of one that a pattern matches."""
        return self.is_column and not (self.split or self.places or self.optional)


Column = str | ColumnFrom
Columns = dict[str, Column | Annotated[list[Column], Field(min_length=1)]]
