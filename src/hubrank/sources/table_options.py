"""What a study says of a table: where each thing is, which types count, and what a row is."""

from typing import Any, ClassVar, Literal, Self

from pydantic import field_validator, model_validator

from hubrank.core.errors import nearest
from hubrank.sources.formats.json_nested import EACH
from hubrank.sources.formats.post_code_column import POSTCODE
from hubrank.sources.formats.table_parts import NUMBERED, base, of_listings, of_places
from hubrank.sources.options import ReaderOptions
from hubrank.study.columns import Column

PLACE_COLUMNS = ("lat", "lon", "institution_id", "institution", "address", "city", "region", "country")
COLUMNS = {  # what each holds, for messages and help
    "record": "id of the record: rows with the same one are its listings; without it each row is a record",
    "listing": "sequence number of the listing in its record",
    "date": "date of the record, of which the year is read",
    "year": "year of the record, or a date",
    "count": "how many records of one listing the row stands for",
    "weight": "part of one listing, above 0 and at most 1",
    "lat": "latitude in degrees",
    "lon": "longitude in degrees",
    "institution_id": "ROR id of the institution that locates the listing",
    "institution": "name or affiliation that locates the listing",
    "address": "address as one text",
    "city": "town",
    "region": "state or province, by name or code",
    "country": "country, as ISO 2, ISO 3 or a name",
    POSTCODE: "post code, read together with the address or town",
    "organisation": "who produced it, for profiles only",
    "field": "in what field, for profiles only",
    "type": "kind, of which options.types selects some",
}
QUALITY = "quality"  # of the options: the column that weight_by names
OF_LISTINGS = (*PLACE_COLUMNS, POSTCODE, "organisation", "weight", "field")
LISTINGS = "listings"


class Options(ReaderOptions):
    """What the columns hold.

    columns : where each of `record, listing, date, year, count, weight, lat, lon, institution_id, institution,
        address, city, postcode, region, country, organisation, field, type` is in the file; at least one of a place.
    types : kinds (of the column `type`) that count; None takes all.
    separator : between several organisations in one cell; None takes a cell as one.
    thousands : "." or ",", where counts are written as 1.234 or 1,234; None sets these aside, as they may be decimals.
    decimals : "." or ",", where counts have decimals after it, as fractional counts do; None sets these aside. With
        weight_by it says how that column is written, as thousands does.
    day_numbers : whether dates that are numbers of days, as spreadsheets keep them, are read: 44766 is 2022-07-24.
    missing : words that stand for no value, such as "NA" (which is Namibia otherwise), as they are written.
    rows : `listings` where each row is a listing of its record, so that equal rows count as often as they occur; or
        where the rows are inside JSON documents, such as `results[*].hits[*]`.
    equal_files : whether files may have the same rows, each of which counts, where rows is `listings`.
    whole_records : whether all rows of a record are in one file, so that each file is read by itself; a record in two
        files is then there twice, and the later version counts.
    """

    any_column: ClassVar[bool] = True

    types: tuple[str, ...] | None = None
    separator: str | None = None
    thousands: Literal[".", ","] | None = None
    decimals: Literal[".", ","] | None = None
    day_numbers: bool = False
    missing: tuple[str, ...] = ()
    rows: str | None = None
    equal_files: bool = False
    whole_records: bool = False

    @property
    def read_file_by_file(self) -> bool:
        """Whether the study promises that all rows of a record are in one file."""
        return self.whole_records

    @property
    def counts_each_row(self) -> bool:
        """Whether equal rows are listings of their own."""
        return self.rows == LISTINGS

    @property
    def rows_at(self) -> str | None:
        """Where rows are inside JSON documents; None where a document is a row."""
        return None if self.rows == LISTINGS else self.rows

    @property
    def has_parts(self) -> bool:
        """Whether a row may hold several listings, or a listing several places."""
        return bool(of_listings(self.columns) or of_places(self.columns))

    @model_validator(mode="before")
    @classmethod
    def _read_the_weight(cls, values: Any) -> Any:  # noqa: ANN401 (before its validation)
        """Read the column that weight_by names along with the others."""
        columns = values.get("columns", {})
        if not values.get("weight_by") or not isinstance(columns, dict) or QUALITY in columns:
            return values
        return {**values, "columns": {**columns, QUALITY: values["weight_by"]}}

    @field_validator("columns", mode="before")
    @classmethod
    def _plain_columns(cls, columns: Any) -> Any:  # noqa: ANN401 (before its validation)
        """Give several columns of one meaning names of their own: city and city__2."""
        if not isinstance(columns, dict):
            return columns
        return {
            f"{name}{NUMBERED}{number}" if number > 1 else name: one
            for name, where in columns.items()
            for number, one in enumerate(where if isinstance(where, list) else [where], 1)
        }

    @model_validator(mode="after")
    def _usable(self) -> Self:
        for name in map(base, self.columns):
            if name not in COLUMNS and not (name == QUALITY and self.weight_by):
                raise ValueError(
                    f"columns: unknown key {name!r}; the keys are: {', '.join(COLUMNS)}.{nearest(name, list(COLUMNS))}"
                )
        if not set(PLACE_COLUMNS) & set(self.columns):
            raise ValueError(f"columns names no location; name at least one of: {', '.join(PLACE_COLUMNS)}.")
        if self.types is not None and "type" not in self.columns:
            raise ValueError("types requires columns.type: name the column with the type of record.")
        if self.separator is not None and "organisation" not in self.columns:
            raise ValueError(
                "separator requires columns.organisation, whose cells it divides. For a list of places write "
                'split in its column: address = { from = "…", split = ";" }.'
            )
        if {"lat", "lon"} & set(self.columns) in ({"lat"}, {"lon"}):
            raise ValueError("columns names only one of lat and lon; both are required.")
        lat, lon = self.columns.get("lat"), self.columns.get("lon")
        if lat is not None and lat == lon:
            column = lat if isinstance(lat, str) else lat.from_ or lat.value
            raise ValueError(f"columns.lat and columns.lon are both {column!r}; a place has one of each.")
        if self.rows_at is not None and not self.rows_at.endswith(EACH):
            raise ValueError(f"rows should be listings, or a path to lists in JSON such as results{EACH}.hits{EACH}.")
        if self.rows == LISTINGS and ("record" not in self.columns or "listing" in self.columns):
            raise ValueError("rows = 'listings' requires columns.record, and no columns.listing.")
        return self

    @model_validator(mode="after")
    def _equal_files_of_listings(self) -> Self:
        if self.equal_files and self.rows != LISTINGS:
            raise ValueError("equal_files requires rows = 'listings': equal rows of a record are else one listing.")
        return self

    @model_validator(mode="after")
    def _counts_with_decimals(self) -> Self:
        if self.decimals is None:
            return self
        if "count" not in self.columns and not self.weight_by:
            raise ValueError("decimals requires columns.count: name the column with the counts, or weight_by.")
        if self.thousands == self.decimals:
            raise ValueError(f"thousands and decimals are both {self.decimals!r}; leave thousands out.")
        of_counts = "count" in self.columns
        if of_counts and ("record" in self.columns or self.has_parts or self.weight_by):
            raise ValueError(
                "decimals: a row with such a count is of no one record and has one place; leave out columns.record, "
                "split, places and weight_by."
            )
        return self

    @model_validator(mode="after")
    def _parts_are_of_listings(self) -> Self:
        listings, places = of_listings(self.columns), of_places(self.columns)
        for name in (*listings, *places):
            if NUMBERED in name:
                raise ValueError(f"columns.{base(name)} names several columns, which cannot be split as well.")
            if name not in (OF_LISTINGS if name in listings else (*PLACE_COLUMNS, POSTCODE)):
                raise ValueError(f"columns.{name}: a record has one; these may be several: {', '.join(OF_LISTINGS)}.")
        if listings and not set(listings) & set(PLACE_COLUMNS):
            raise ValueError(
                f"columns.{next(iter(listings))} is several, but no place is. For organisations use options.separator; "
                f"for one value write pattern."
            )
        if listings and "listing" in self.columns:
            raise ValueError(
                "columns.listing says that a row is one listing, but split makes several of it. For several places of "
                'one listing write places: address = { from = "…", places = ";" }.'
            )
        if mixed := [name for name in listings if listings[name] is not None and base_count(self.columns, name) > 1]:
            raise ValueError(f"columns.{mixed[0]} names several columns, which cannot be split as well.")
        return self


def base_count(columns: dict[str, Column], name: str) -> int:
    """Return how many columns of the file hold the same."""
    return sum(base(one) == name for one in columns)
