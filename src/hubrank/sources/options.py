"""What a study may say to every reader: [sources] options, columns, and the window of the metric."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from hubrank.study.columns import ColumnFrom
from hubrank.study.sections import Window


class ReaderOptions(BaseModel):
    """Options of every reader; each reader adds its own.

    window : first and last year of the metric; None takes every year. Rows outside are out of scope, and rows
        without a usable year cannot be used.
    columns : another name for a column of the file, or the part of one that a pattern matches.
    encoding : of text files; None guesses between UTF-8, Windows-1252 and Mac Roman.
    delimiter : of tables; None takes the most frequent of tab, |, ; and , in the header.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    refused_metrics: ClassVar[tuple[str, ...]] = ()  # names that would say something else than is counted

    window: Window | None = None
    columns: dict[str, str | ColumnFrom] = {}
    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)

    @property
    def notes(self) -> tuple[str, ...]:
        """What every output of a source read with these options has to say."""
        return ()

    @property
    def read_file_by_file(self) -> bool:
        """Whether the study promises that all rows of a record are in one file, where the format does not."""
        return False

    @field_validator("columns", mode="before")
    @classmethod
    def _plain_columns(cls, columns: Any) -> Any:  # noqa: ANN401 (before its validation)
        for name, where in columns.items() if isinstance(columns, dict) else ():
            if isinstance(where, list) or (isinstance(where, ColumnFrom) and not where.is_plain):
                raise ValueError(
                    f"{name}: this reader takes a column, or a part of one by pattern; use the reader table"
                )
        return columns

    @field_validator("encoding")
    @classmethod
    def _is_encoding(cls, encoding: str | None) -> str | None:
        try:
            b" ".decode(encoding or "utf-8")
        except UnicodeError:
            pass  # it exists, and wants more than one byte
        except (LookupError, ValueError):
            raise ValueError("is not a text encoding such as utf-8, cp1252, latin-1, mac_roman or utf-16") from None
        return encoding
