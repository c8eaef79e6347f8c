"""The study file: every number that can move a rank is in it and nowhere else (METHOD 11)."""

import os
import re
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from hubrank.errors import StudyError, nearest
from hubrank.sphere import E7, POLE_E7

RESERVED = frozenset(
    {"rank", "rank_low", "rank_high", "cluster_id", "cluster", "economies", "score_pct", "previous_rank", "change"}
    | {"population", "note", "all"}
)
Window = tuple[int, int]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def _decimal(value: object) -> Decimal:
    """Keep a number as it was typed: 0.1 is one tenth, not its nearest binary fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError(f"{value!r} is not a number")
    number = Decimal(str(value))
    if not number.is_finite() or number < 0:
        raise ValueError(f"{value!r} is not a number of 0 or more")
    return number


Weight = Annotated[Decimal, BeforeValidator(_decimal)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class ColumnFrom(_Section):
    """A column read out of another: the part of it that a pattern's first group catches."""

    from_: str = Field(alias="from")
    pattern: str

    @field_validator("pattern")
    @classmethod
    def _one_group(cls, pattern: str) -> str:
        try:
            groups = re.compile(pattern).groups
        except re.error as error:
            raise ValueError(f"{pattern!r} is not a regular expression: {error}") from None
        if groups != 1:
            raise ValueError(f"{pattern!r} has {groups} groups; it needs exactly one, around what to take")
        return pattern


class SourceSection(_Section):
    """Where one metric's records come from."""

    metric: Name
    reader: str
    files: str | list[str] | dict[str, str | list[str]]
    options: dict[str, Any] = {}
    columns: dict[str, str | ColumnFrom] = {}
    max_set_aside_pct: float = Field(default=5.0, ge=0, le=100)


class Geocoding(_Section):
    """How addresses become places: the steps in order; the first answer that is precise enough stands."""

    steps: list[str] = ["given", "institution", "gazetteer"]
    institutions: str | list[str] | None = None
    fuzzy_min_score: int = Field(default=88, ge=50, le=100)
    min_precision: Literal["site", "institution", "city", "region", "country"] = "city"


class Points(_Section):
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


class Clusters(_Section):
    """What counts as dense: radius and one of the two thresholds."""

    radius_km: float = Field(default=15, gt=0, le=1000)
    min_listings: int | None = Field(default=None, ge=1)
    min_share_ppm: int | None = Field(default=None, ge=1, le=1_000_000)
    metrics: list[Name] | None = None
    balance: Literal["none", "equal"] = "none"

    @model_validator(mode="after")
    def _one_threshold(self) -> Self:
        if (self.min_listings is None) == (self.min_share_ppm is None):
            raise ValueError("give exactly one of min_listings (absolute) and min_share_ppm (per million listings)")
        return self


class Merging(_Section):
    """Which neighbouring clusters become one."""

    gap_km: float = Field(default=5, ge=0, le=1000)
    strongest_link: bool = True


class Ranking(_Section):
    """How shares become a score."""

    weights: dict[Name, Weight] = {}
    top: int = Field(default=100, ge=1)
    counting: Literal["fractional", "full"] = "fractional"

    @field_validator("weights")
    @classmethod
    def _some_weight(cls, weights: dict[str, Decimal]) -> dict[str, Decimal]:
        if weights and not any(weights.values()):
            raise ValueError("all weights are 0: nothing to rank by")
        return weights


class Robustness(_Section):
    """What the doubts are made of."""

    seed: int = Field(default=0, ge=0)
    draws: int = Field(default=10_000, ge=100)
    level: float = Field(default=0.9, gt=0.5, lt=1)
    radius_km: list[float] = [10, 12, 15, 18, 20]


class Population(_Section):
    """Where inhabitants come from: a raster, else the gazetteer."""

    raster: str | None = None


class Compare(_Section):
    """The edition before this one."""

    previous: str | None = None


class Study(_Section):
    """One edition, wholly described. `path` is where the file lies; all paths in it are relative to that."""

    title: str
    edition: str
    synthetic: bool = False
    windows: dict[Name, Window] = {}
    sources: list[SourceSection] = Field(min_length=1)
    geocoding: Geocoding = Geocoding()
    points: Points = Points()
    clusters: Clusters
    merging: Merging = Merging()
    ranking: Ranking = Ranking()
    robustness: Robustness = Robustness()
    compare: Compare = Compare()
    population: Population = Population()
    naming: dict[str, list[int]] = {}
    variables: dict[str, str] = Field(default={}, exclude=True, description="what ${NAME} stood for")

    @field_validator("windows")
    @classmethod
    def _ordered(cls, windows: dict[str, Window]) -> dict[str, Window]:
        for metric, (first, last) in windows.items():
            if first > last:
                raise ValueError(f"{metric}: the window ends ({last}) before it begins ({first})")
        return windows

    @field_validator("sources")
    @classmethod
    def _no_column(cls, sources: list[SourceSection]) -> list[SourceSection]:
        for section in sources:
            if section.metric in RESERVED:
                raise ValueError(f"{section.metric!r} is a column of the ranking; call the metric something else")
        return sources

    @model_validator(mode="after")
    def _known_metrics(self) -> Self:
        known = list(self.metrics)
        named: dict[str, Iterable[str]] = {
            "windows": self.windows,
            "ranking.weights": self.ranking.weights,
            "clusters.metrics": self.density,
        }
        for where, metrics in named.items():
            for metric in metrics:
                if metric not in known:
                    raise ValueError(
                        f"[{where}] names {metric!r}, which no source gives; the sources give: {', '.join(known)}."
                        + nearest(metric, known)
                    )
        return self

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics in the order of their first source."""
        return tuple(dict.fromkeys(source.metric for source in self.sources))

    @property
    def density(self) -> tuple[str, ...]:
        """The metrics whose listings make density; all where the study names none."""
        return tuple(self.clusters.metrics or self.metrics)

    @property
    def weights(self) -> dict[str, Decimal]:
        """The weight of each metric; 1 where the study gives none at all, 0 where it gives others only."""
        default = Decimal(0 if self.ranking.weights else 1)
        return {metric: self.ranking.weights.get(metric, default) for metric in self.metrics}


_VARIABLE = re.compile(r"\$\{(\w+)\}")


def expand(text: str, where: str = "the name", used: dict[str, str] | None = None) -> str:
    """Replace ${NAME} by the environment; note in `used` what it stood for. Raises StudyError where it is not set."""

    def found(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in os.environ:
            raise StudyError(
                f"{where} uses ${{{name}}}, which the environment does not set. Set it: {name}=… hubrank …"
            )
        if used is not None:
            used[name] = os.environ[name]
        return os.environ[name]

    return _VARIABLE.sub(found, text)


def _expanded(value: Any, where: str, used: dict[str, str]) -> Any:  # noqa: ANN401 (TOML)
    """Expand every text of a TOML value."""
    if isinstance(value, str):
        return expand(value, where, used)
    if isinstance(value, list):
        return [_expanded(item, where, used) for item in value]
    if isinstance(value, dict):
        return {key: _expanded(item, where, used) for key, item in value.items()}
    return value


def _section(model: type[BaseModel], location: tuple[int | str, ...]) -> tuple[str, list[str]]:
    """Return the name of the section in which an error lies and the keys that it knows."""
    names: list[str] = []
    current: type[BaseModel] = model
    for part in location[:-1]:
        if isinstance(part, int):
            continue
        names.append(str(part))
        field = current.model_fields.get(str(part))
        kind = field.annotation if field else None
        models = [a for a in (kind, *getattr(kind, "__args__", ())) if isinstance(a, type) and issubclass(a, BaseModel)]
        if not models:
            return ".".join(names), []
        current = models[0]
    known = [f.alias or name for name, f in current.model_fields.items() if name != "variables"]
    return ".".join(names), known


def _explain(error: ValidationError, path: Path) -> str:
    """Say of the first fault: where, what was found, what was expected."""
    faults = error.errors()
    first = min(faults, key=lambda fault: fault["type"] != "extra_forbidden")  # a misspelt key explains a missing one
    section, known = _section(Study, first["loc"])
    where = f"{path.name}: [{section}]" if section else f"{path.name}:"
    key = str(first["loc"][-1]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        return f"{where} does not know {key!r}. It knows: {', '.join(known)}.{nearest(key, known)}"
    if first["type"] == "missing":
        return f"{where} lacks {key!r}, which it needs."
    message = first["msg"].removeprefix("Value error, ")
    found = "" if isinstance(first["input"], dict) or not key else f" (found: {first['input']!r})"
    return f"{where} {key}: {message}{found}".replace("  ", " ")


def read(path: Path) -> Study:
    """Read and check a study file.

    Raises StudyError that names section and key for whatever is missing, unknown or of the wrong type.
    """
    return parse(read_raw(path), path)


def read_raw(path: Path) -> dict[str, Any]:
    """Read a study file as it is written, decimals as typed. Raises StudyError where it is no TOML."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise StudyError(f"There is no study file {str(path)!r}. `hubrank demo` makes one to start from.") from None
    except IsADirectoryError:
        raise StudyError(f"{str(path)!r} is a folder; name the study file (.toml) in it.") from None
    except UnicodeDecodeError as error:
        raise StudyError(f"{path.name} is not UTF-8 at byte {error.start}; save it as UTF-8.") from None
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"{path.name} is not TOML: {error}.") from None


def parse(raw: dict[str, Any], path: Path, *, with_files: bool = True) -> Study:
    """Check the contents of a study file; `path` only names it in messages.

    with_files : False where the files are not wanted, so that ${NAME} may stay as it is.
    """
    if "variables" in raw:
        raise StudyError(f"{path.name}: does not know 'variables'. It knows: {', '.join(_keys())}.")
    used: dict[str, str] = {}
    try:
        expanded = _expanded(raw, path.name, used) if with_files else raw
        return Study.model_validate({**expanded, "variables": used})
    except ValidationError as error:
        raise StudyError(_explain(error, path)) from None


def _keys() -> list[str]:
    return [name for name in Study.model_fields if name != "variables"]
