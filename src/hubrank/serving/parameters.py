"""The parameters of a query as pydantic models, with the bounds that an edition sets."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from fastapi import Query, Request
from pydantic import AfterValidator, BaseModel, Field, create_model, model_validator
from pydantic_core import PydanticCustomError

from hubrank.core.errors import nearest
from hubrank.serving.problems import Problem
from hubrank.serving.served_edition import RADIUS_KM, RADIUS_STEP_KM, ServedEdition
from hubrank.serving.variants import Choice

WEIGHT = r"^[0-9]{1,2}(\.[0-9]{1,3})?$"
UNKNOWN = "unknown_parameter"  # the type of its error, whose text names it
NO_USE = "of_no_use"  # the type of the error of a parameter that areas do not depend on
PLACE = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"  # at least one printed character
Model = TypeVar("Model", bound=BaseModel)


class NoQuery(BaseModel, extra="forbid"):
    """No parameters."""

    @model_validator(mode="before")
    @classmethod
    def _only_these(cls, query: Any) -> Any:  # noqa: ANN401 (before its validation)
        names = list(cls.model_fields)
        for name in query if isinstance(query, dict) else ():
            if name not in names:
                there = f"The parameters are: {', '.join(names)}.{nearest(name, names)}" if names else "None is."
                raise PydanticCustomError(UNKNOWN, f"{name!r} is no parameter here. {there}".replace("{", "{{"))
        return query


class ClusteringQuery(NoQuery):
    """Another radius or threshold than the edition's."""

    radius_km: float
    min_listings: int

    @property
    def choice(self) -> Choice:
        """Radius and threshold."""
        return Choice(self.radius_km, self.min_listings)


class OutlinesQuery(ClusteringQuery):
    """A part of the map, all of it where none is stated; a box whose east is below its west crosses 180 degrees."""

    west: Annotated[float, Field(ge=-180, le=180, description="degrees; clusters by their heaviest site")] = -180
    south: Annotated[float, Field(ge=-90, le=90, description="degrees")] = -90
    east: Annotated[float, Field(ge=-180, le=180, description="degrees; below west across 180")] = 180
    north: Annotated[float, Field(ge=-90, le=90, description="degrees")] = 90

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        return self.west, self.south, self.east, self.north


class RankingQuery(ClusteringQuery):
    """Other weights as well: one field w.METRIC for each metric."""

    @property
    def weights(self) -> dict[str, Decimal]:
        """The weight of each metric."""
        return {name[2:]: Decimal(value) for name, value in self if name.startswith("w.")}


class DegreesQuery(ClusteringQuery):
    """A place by its coordinates."""

    lat: Annotated[float, Field(ge=-90, le=90, description="latitude in degrees")]
    lon: Annotated[float, Field(ge=-180, le=180, description="longitude in degrees")]


class PlaceQuery(ClusteringQuery):
    """A place by its name."""

    q: Annotated[str, Field(max_length=100, pattern=PLACE, description="a place, with region or country")]


def bounded(model: type[Model], edition: ServedEdition) -> Callable[..., Awaitable[Model]]:
    """Return a dependency that reads a query with the bounds and defaults of an edition."""
    fields = _clustering(edition) if issubclass(model, ClusteringQuery) else {}
    fields |= _weights(edition) if issubclass(model, RankingQuery) else {}
    narrowed = create_model(model.__name__, __base__=model, **fields)

    async def read(query: Annotated[narrowed, Query()]) -> Model:  # type: ignore[valid-type]
        return query

    return read


def _clustering(edition: ServedEdition) -> dict[str, Any]:
    choice = edition.choice
    if edition.ranks_areas:
        radius_km, least = choice.radius_km, choice.min_listings
        return {
            "radius_km": (Annotated[float, *_of_no_use("radius of a neighbourhood", radius_km)], radius_km),
            "min_listings": (Annotated[int, *_of_no_use("threshold", least)], least),
        }
    (low, high), (fewest, most) = RADIUS_KM, edition.thresholds
    radius = Field(ge=low, le=high, multiple_of=RADIUS_STEP_KM, description="radius of a neighbourhood")
    threshold = Field(ge=fewest, le=most, description="listings within the radius that make a site dense")
    return {
        "radius_km": (Annotated[float, radius], choice.radius_km),
        "min_listings": (Annotated[int, threshold], choice.min_listings),
    }


def _of_no_use(what: str, published: float) -> tuple[Any, ...]:
    """Describe a parameter that areas do not depend on, and refuse another value than that of the edition."""
    why = "areas are ranked, and do not depend on it"

    def expect(value: float) -> float:
        if value != published:
            raise PydanticCustomError(NO_USE, f"{why}; leave it out")
        return value

    # For programs; a refusal by bounds would not say why.
    only: dict[str, Any] = {"minimum": published, "maximum": published}
    return Field(description=f"{what}; {why}", json_schema_extra=only), AfterValidator(expect)


def _weights(edition: ServedEdition) -> dict[str, Any]:
    without = "without it that of the edition, 0 leaves the metric out"
    return {
        f"w.{metric}": (
            Annotated[str, Field(max_length=6, pattern=WEIGHT, description=f"weight of {metric}; {without}")],
            str(weight),
        )
        for metric, weight in edition.weights.items()
    }


def expected(edition: ServedEdition) -> dict[str, str]:
    """Return what is expected of each parameter in words, with the bounds of an edition."""
    (low, high), (fewest, most) = RADIUS_KM, edition.thresholds
    return {
        "radius_km": f"a number from {low:g} to {high:g} in steps of {RADIUS_STEP_KM:g}",
        "min_listings": f"a whole number from {fewest} to {most}",
        **dict.fromkeys(("west", "east", "lon"), "a number of degrees from -180 to 180"),
        **dict.fromkeys(("south", "north", "lat"), "a number of degrees from -90 to 90"),
        **{f"w.{metric}": "a number from 0 to 99.999 with at most 3 decimals" for metric in edition.weights},
        "q": "a place of 1 to 100 printable characters",
    }


async def check_query(request: Request) -> None:
    """Raise Problem for a repeated parameter: which one counts would be a guess."""
    if len(request.query_params.multi_items()) > len(request.query_params):
        raise Problem(400, "Each parameter may be set once.")
