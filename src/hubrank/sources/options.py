"""What a study may say to every reader: [sources] options, columns, and the window of the metric."""

from decimal import Decimal
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from hubrank.core.errors import nearest
from hubrank.sources.formats.lines import ENCODINGS, is_encoding
from hubrank.study.columns import ColumnFrom
from hubrank.study.values import Window


class ReaderOptions(BaseModel):
    """Options of every reader; each reader adds its own.

    window : first and last year of the metric; None takes every year. Rows outside are out of scope, and rows
        without a usable year cannot be used.
    columns : another name for a column of the file, or the part of one that a pattern matches.
    encoding : of text files; None guesses between UTF-8, Windows-1252 and Mac Roman.
    delimiter : of tables; None takes the most frequent of tab, |, ; and , in the header.
    skip_lines : lines of text files before the header, such as a title.
    header_lines : lines of the header of text files; names are joined from the first down, as of merged cells.
    sheets : of a workbook, those that have the rows; of none, its only table, or all tables of one header.
    weight_by : by which quality records weigh in place of counting one each, where the reader knows any; the metric
        then has a name of its own, and makes no density.
    weight_cap : the value from which on a record weighs one; below it weighs in proportion.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    refused_metrics: ClassVar[tuple[str, ...]] = ()  # names that would say something else than is counted

    weighs_by: ClassVar[dict[str, bool]] = {}  # qualities that it knows, and whether they need weight_cap
    any_column: ClassVar[bool] = False  # whether every column of the file may be one
    kinds_begin: ClassVar[bool] = False  # whether a kind in `types` stands for all that begin with it and _
    renames: ClassVar[tuple[str, ...] | None] = None  # columns that a study may rename; None: any

    window: Window | None = None
    columns: dict[str, str | ColumnFrom] = {}
    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    skip_lines: int = Field(default=0, ge=0, le=1000)
    header_lines: int = Field(default=1, ge=1, le=20)
    sheets: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What every output of a source read with these options has to say."""
        return ()

    weight_by: str | None = Field(default=None, min_length=1)
    weight_cap: Decimal | None = Field(default=None, gt=0, le=10**15, decimal_places=9)

    @property
    def weight_notes(self) -> tuple[str, ...]:
        """What every output has to say of records that weigh by quality."""
        if self.weight_by is None:
            return ()
        part = "from 0 to 1" if self.weight_cap is None else f"as a part of {self.weight_cap:,f}, at most 1"
        return (f"Each record weighs its {self.weight_by}, {part}; those that state none are left out.",)

    @property
    def weight_cap_e9(self) -> int:
        """The cap in billionths; 1 where none is stated."""
        return int((self.weight_cap or Decimal(1)) * 10**9)

    @property
    def read_file_by_file(self) -> bool:
        """Whether the study promises that all rows of a record are in one file, where the format does not."""
        return False

    @property
    def counts_each_row(self) -> bool:
        """Whether equal rows are listings of their own."""
        return False

    @field_validator("columns", mode="before")
    @classmethod
    def _plain_columns(cls, columns: Any) -> Any:  # noqa: ANN401 (before its validation)
        for name, where in columns.items() if isinstance(columns, dict) else ():
            if isinstance(where, list) or (isinstance(where, ColumnFrom) and not where.is_plain):
                raise ValueError(
                    f"{name}: this reader takes a column, or a part of one by pattern; use the reader table"
                )
            if cls.renames is not None and name not in cls.renames:
                takes = f"has the columns: {', '.join(cls.renames)}" if cls.renames else "takes no columns from a study"
                raise ValueError(f"{name}: this reader {takes}.{nearest(name, list(cls.renames))}")
        return columns

    @field_validator("encoding")
    @classmethod
    def _is_encoding(cls, encoding: str | None) -> str | None:
        if encoding and not is_encoding(encoding):
            raise ValueError(f"is not a text encoding such as {ENCODINGS}")
        return encoding
