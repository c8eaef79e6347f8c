"""The sections of a study file: what each holds, with the defaults of METHOD and sensible limits (METHOD 11)."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from hubrank.core.page_languages import languages, without_texts
from hubrank.core.sphere import E7, POLE_E7
from hubrank.study.columns import Columns
from hubrank.study.values import Address, Day, Evidence, ExactDecimal, Name, Patterns, Radius, Window, Words


class Section(BaseModel):
    """The base of all sections: unknown keys are errors, nothing changes afterwards; true and "15" are no numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class SourceSection(Section):
    """Where one metric's records come from.

    years : first and last year that are read; the window takes its part of them when records are counted, so
    that editions of one source with the same years read it once.
    licence : what the files may be used for, as an SPDX name or in words; None takes what the reader's page says.
    use : which evidence may locate its addresses; None is what [geocoding] says.
    copies : whether more than 5 % of rows that are copies of others stop a run, or are left out whatever their number.
    coordinates : whether a run stops where latitude and longitude look exchanged, or keeps them as they are.
    snapshot : what the state of the source is called that the files are from, such as 2026-05.
    name, publisher, url, accessed : what outputs call the source, who publishes it, where, and when it was fetched.
    """

    metric: Name
    reader: str
    files: Patterns | dict[str, Patterns]
    options: dict[str, Any] = {}
    columns: Columns = {}
    years: Window | None = None
    max_set_aside_pct: float = Field(default=5.0, ge=0, le=100)
    licence: str | None = Field(default=None, min_length=1)
    use: list[Evidence] | None = None
    copies: Literal["stop", "drop"] = "stop"
    coordinates: Literal["stop", "keep"] = "stop"
    name: Words | None = None
    publisher: Words | None = None
    url: Address | None = None
    accessed: Day | None = None
    snapshot: Words | None = None


class MetricSection(Section):
    """What outputs call a metric. label : in words, such as "Acquisitions"; None takes its name."""

    label: Words | None = None


class Geocoding(Section):
    """How addresses become places: which evidence may be used, and how likely a place must be to be answered.

    institutions : register of institutions; None takes a fetched one, an empty list none.
    corrections : table of places decided by hand; corrections_licence : what it may be used for.
    """

    use: list[Evidence] = ["coordinates", "institutions", "names"]
    institutions: str | list[str] | None = None
    corrections: str | None = Field(default=None, min_length=1)
    corrections_licence: str | None = Field(default=None, min_length=1)
    service: Literal["nominatim", "photon"] | None = None
    min_probability_pct: int = Field(default=55, ge=0, le=100)
    min_precision: Literal["site", "institution", "city", "region", "country"] = "city"


class Points(Section):
    """How far coordinates are rounded before clustering."""

    round_deg: float = 0.01

    @property
    def step_e7(self) -> int:
        """The rounding step in 1e-7 degree."""
        return round(self.round_deg * E7)

    @field_validator("round_deg")
    @classmethod
    def _divides(cls, value: float) -> float:
        step = round(value * E7)
        if step < 1 or POLE_E7 % step:
            raise ValueError(f"{value} does not divide 90 degrees; 0.01 (about 1 km) or 0.1 do")
        return value


class NullModel(Section):
    """A threshold by what points drawn at random have around them.

    null : the percentile of these points that a dense site exceeds; points : how many are drawn, by `seed`.
    """

    null: Annotated[ExactDecimal, Field(gt=0, lt=100)]
    points: int = Field(default=100_000, ge=1_000, le=10_000_000)
    seed: int = Field(default=0, ge=0)


class Clusters(Section):
    """What counts as dense: radius and a threshold of three kinds; `hdbscan` takes every radius (extra `hdbscan`)."""

    algorithm: Literal["dbscan", "hdbscan"] = "dbscan"
    radius_km: Radius = 15
    min_listings: int | None = Field(default=None, ge=1, lt=2**63)
    min_share_ppm: int | None = Field(default=None, ge=1, le=1_000_000)
    threshold: NullModel | None = None
    metrics: list[Name] | None = None
    balance: Literal["none", "equal"] = "none"

    @model_validator(mode="after")
    def _one_threshold(self) -> Self:
        if [self.min_listings, self.min_share_ppm, self.threshold].count(None) != 2:
            raise ValueError(
                "give exactly one of min_listings (absolute), min_share_ppm (per million listings) and threshold "
                "({ null = 99.5 }: more than that per cent of random points have)"
            )
        return self


class Merging(Section):
    """Which neighbouring clusters become one."""

    gap_km: float = Field(default=5, ge=0, le=1000)
    strongest_link: bool = True


class Ranking(Section):
    """How shares become a score."""

    weights: dict[Name, ExactDecimal] = {}
    top: int = Field(default=100, ge=1)
    counting: Literal["fractional", "full"] = "fractional"

    @field_validator("weights")
    @classmethod
    def _some_weight(cls, weights: dict[str, Decimal]) -> dict[str, Decimal]:
        if weights and not any(weights.values()):
            raise ValueError("all weights are 0: nothing to rank by")
        return weights


class Robustness(Section):
    """How the robustness of ranks is measured."""

    seed: int = Field(default=0, ge=0)
    draws: int = Field(default=10_000, ge=100, le=1_000_000)
    level: float = Field(default=0.9, gt=0.5, lt=1)
    radius_km: list[Radius] = [10, 12, 15, 18, 20]
    hdbscan: bool = False
    run: bool = True  # whether a run tries other methods and weights; `hubrank robustness` does in any case


class Population(Section):
    """The grid of people: a raster, or a table of the cells; without one nothing is divided by people.

    cell_deg : height and width of a cell of the table in degrees; None measures them.
    licence : of the grid.
    """

    raster: str | None = None
    table: str | None = None
    cell_deg: float | None = Field(default=None, gt=0, le=10)
    licence: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _one_grid(self) -> Self:
        if self.raster is not None and self.table is not None:
            raise ValueError("give one of raster and table: people come from one grid")
        if self.cell_deg is not None and self.table is None:
            raise ValueError("cell_deg is the size of the cells of a table; name the table")
        return self

    @property
    def cells(self) -> str:
        """Where random points are drawn from, in words."""
        return "land" if self.table is None else "inhabited cells"

    @property
    def grid(self) -> tuple[str, str] | None:
        """Key and file of the grid; None where there is none."""
        if self.raster is not None:
            return "raster", self.raster
        return None if self.table is None else ("table", self.table)


class Naming(Section):
    """What clusters are called. language : "en", or "gazetteer" for its names, at home where those are English.

    Any other key is the id of a cluster, and names it after other cities, by GeoNames id.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Annotated[list[int], Field(min_length=1)]] = Field(init=False)

    language: Literal["en", "gazetteer"] = "en"

    @property
    def overrides(self) -> dict[str, list[int]]:
        """The GeoNames ids of the cities that a cluster is named after, by its id."""
        return dict(self.__pydantic_extra__)


class Areas(Section):
    """Areas drawn by others, by which the same records are counted and ranked beside the clusters.

    file : GeoJSON, GeoParquet, Parquet of WKB, GeoPackage or a shapefile.
    id, name : its columns of codes and of names.
    rank : whether areas are what is ranked, in place of clusters, in every output.
    overlaps : whether areas that overlap where listings lie stop a run, or the smaller one counts them.
    licence : of the file.
    """

    file: str
    id: str = Field(min_length=1)
    name: str | None = Field(default=None, min_length=1)
    rank: bool = False
    overlaps: Literal["refuse", "smaller"] = "refuse"
    licence: str | None = Field(default=None, min_length=1)


class Compare(Section):
    """The edition before this one."""

    previous: str | None = None


class Publish(Section):
    """Where the edition is published, and by whom.

    authors : who is cited for it.
    base_url : the address of its folder, for links of feeds and shared pages.
    date : the day of publication, in feeds and citations.
    decimals : their mark in ranking-spreadsheet.csv; with "," its cells are divided by semicolons.
    language : of the pages and the brief; other files are in English.
    report_url : where readers report a wrong place; each page of a cluster links to it.
    """

    authors: list[Words] = Field(default=[], max_length=100)
    base_url: Address | None = None
    date: Day | None = None
    decimals: Literal[".", ","] = "."
    language: str = "en"
    report_url: Address | None = None

    @field_validator("language")
    @classmethod
    def _has_texts(cls, language: str) -> str:
        if language not in languages():
            raise ValueError(f"the {without_texts(language)}")
        return language
