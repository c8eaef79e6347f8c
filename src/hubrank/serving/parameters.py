"""The parameters of a query as pydantic models, with the bounds that an edition sets."""

import re
from collections import Counter
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

from fastapi import Query, Request
from pydantic import BaseModel, BeforeValidator, Field, create_model

from hubrank.publishing.site.projection import WORLD_WIDTH
from hubrank.serving import limits
from hubrank.serving.positions import WORLD_HEIGHT
from hubrank.serving.problems import Problem
from hubrank.serving.served_edition import RADIUS_KM, RADIUS_STEP_KM, ServedEdition
from hubrank.serving.variants import Choice

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d{1,40})?([eE][+-]?\d{1,4})?", re.ASCII)
WEIGHT = r"^[0-9]{1,2}(\.[0-9]{1,3})?$"
PLACE = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"  # at least one printed character
Model = TypeVar("Model", bound=BaseModel)


def _written_as_json(text: object) -> object:
    """Refuse what only Python reads as a number, such as " 1_0" and "nan"."""
    if not _NUMBER.fullmatch(str(text)):
        raise ValueError("a number is expected, written as in JSON")
    return text


AsJson = BeforeValidator(_written_as_json)


class NoQuery(BaseModel, extra="forbid"):
    """No parameters."""


class ClusteringQuery(NoQuery):
    """Another radius or threshold than the edition's."""

    radius_km: float
    min_listings: int

    @property
    def choice(self) -> Choice:
        """Radius and threshold."""
        return Choice(self.radius_km, self.min_listings)


class RankingQuery(ClusteringQuery):
    """Other weights as well: one field w.METRIC for each metric."""

    @property
    def weights(self) -> dict[str, Decimal]:
        """The weight of each metric."""
        return {name[2:]: Decimal(value) for name, value in self if name.startswith("w.")}


class DegreesQuery(ClusteringQuery):
    """A place by its coordinates."""

    lat: Annotated[float, Field(ge=-90, le=90, description="latitude in degrees"), AsJson]
    lon: Annotated[float, Field(ge=-180, le=180, description="longitude in degrees"), AsJson]


class MapQuery(ClusteringQuery):
    """A place by its position on the world map."""

    x: Annotated[float, Field(ge=0, le=WORLD_WIDTH, description="to the right, in units of the world map"), AsJson]
    y: Annotated[float, Field(ge=0, le=WORLD_HEIGHT, description="downwards, in units of the world map"), AsJson]


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
    (low, high), (fewest, most) = RADIUS_KM, edition.thresholds
    radius = Field(ge=low, le=high, multiple_of=RADIUS_STEP_KM, description="radius of a neighbourhood")
    threshold = Field(ge=fewest, le=most, description="listings within the radius that make a site dense")
    choice = edition.choice
    return {
        "radius_km": (Annotated[float, radius, AsJson], choice.radius_km),
        "min_listings": (Annotated[int, threshold, AsJson], choice.min_listings),
    }


def _weights(edition: ServedEdition) -> dict[str, Any]:
    return {
        f"w.{metric}": (
            Annotated[str, Field(max_length=6, pattern=WEIGHT, description=f"weight of {metric}")],
            str(weight),
        )
        for metric, weight in edition.weights.items()
    }


async def check_query(request: Request) -> None:
    """Raise Problem where a query is not written as one, or repeats a field: which one counts would be a guess."""
    query = request.scope["query_string"]
    try:
        fields = parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(query),
            errors="strict",
            max_num_fields=limits.QUERY_FIELDS,
        )
    except ValueError:
        raise Problem(400, "The query is not name=value&name=value in UTF-8, percent-encoded.") from None
    repeated = [name for name, times in Counter(name for name, _ in fields).items() if times > 1]
    if repeated:
        raise Problem(400, f"{', '.join(map(shortened, repeated))}: each parameter may be set once.")


def shortened(text: object) -> str:
    """Return the beginning of what was sent, for a message."""
    return repr(text if len(str(text)) <= 40 else str(text)[:39] + "…")
