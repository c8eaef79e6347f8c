"""What every reader may be told in a study: [sources] options, columns, and the window of the metric."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from hubrank.study.study import ColumnFrom, Window


class ReaderOptions(BaseModel):
    """Options of every reader; each reader adds its own.

    window : first and last year of the metric; None takes every year. Rows outside are out of scope, and rows
        without a usable year cannot be used.
    columns : another name for a column of the file, or the part of one that a pattern catches.
    encoding : of text files; None guesses between UTF-8, Windows-1252 and Mac Roman.
    delimiter : of tables; None takes the most frequent of tab, |, ; and , in the header.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    window: Window | None = None
    columns: dict[str, str | ColumnFrom] = {}
    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)

    @field_validator("encoding")
    @classmethod
    def _known(cls, encoding: str | None) -> str | None:
        try:
            b" ".decode(encoding or "utf-8")
        except UnicodeError:
            pass  # known, and wants more than one byte
        except (LookupError, ValueError):
            raise ValueError("is no encoding of texts; utf-8, cp1252, latin-1, mac_roman and utf-16 are") from None
        return encoding


def outside(year: str, window: Window | None) -> str:
    """Return the SQL condition that a year lies outside the window."""
    return "FALSE" if window is None else f"({year} NOT BETWEEN {window[0]} AND {window[1]})"


def renamed(defaults: dict[str, str], columns: dict[str, Any]) -> dict[str, Any]:
    """Return where each column of a known layout stands, the study's word first."""
    return {**defaults, **columns}
