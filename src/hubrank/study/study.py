"""A study: every number that can move a rank (METHOD 11), and what follows from what it states."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from hubrank.core.errors import StudyError, nearest
from hubrank.study.messages import describe
from hubrank.study.sections import (
    Areas,
    Clusters,
    Compare,
    Geocoding,
    Merging,
    MetricSection,
    Naming,
    Points,
    Population,
    Publish,
    Ranking,
    Robustness,
    Section,
    SourceSection,
)
from hubrank.study.values import RESERVED, Name, Window

__all__ = ["Geocoding", "SourceSection", "Study", "Window"]


class Study(Section):
    """The description of one edition. All paths in it are relative to the folder of the study file."""

    title: str
    edition: str
    synthetic: bool = False
    windows: dict[Name, Window] = Field(default={})
    sources: list[SourceSection] = Field(min_length=1)
    metric_sections: dict[Name, MetricSection] = Field(default={}, alias="metrics")
    geocoding: Geocoding = Geocoding()
    points: Points = Points()
    clusters: Clusters
    merging: Merging = Merging()
    ranking: Ranking = Ranking()
    robustness: Robustness = Robustness()
    compare: Compare = Compare()
    population: Population = Population()
    areas: Areas | None = None
    publish: Publish = Publish()
    naming: Naming = Naming()
    variables: dict[str, str] = Field(default={}, exclude=True, description="the values of ${NAME}")

    def __init__(self, **sections: Any) -> None:  # noqa: ANN401 (the sections above)
        """Check the sections of a study. Raises StudyError that names section and key of what is wrong."""
        try:
            super().__init__(**sections)
        except ValidationError as error:
            raise StudyError(describe(error, Study, "the study", sections.get("sources"))) from error

    @field_validator("windows")
    @classmethod
    def _ordered(cls, windows: dict[str, Window]) -> dict[str, Window]:
        for metric, (first, last) in windows.items():
            if first > last:
                raise ValueError(f"{metric}: the window ends ({last}) before it begins ({first})")
        return windows

    @model_validator(mode="after")
    def _years_hold_windows(self) -> Self:
        for section in self.sources:
            window = self.windows.get(section.metric)
            if section.years is None:
                continue
            if window is None:
                raise ValueError(f"[[sources]] of {section.metric!r} names years but [windows] has none for it; add it")
            if not section.years[0] <= window[0] <= window[1] <= section.years[1]:
                raise ValueError(
                    f"[[sources]] of {section.metric!r} reads {section.years[0]} to {section.years[1]}, which does not "
                    f"include its window {window[0]} to {window[1]}; widen years"
                )
        return self

    @model_validator(mode="after")
    def _points_have_cells(self) -> Self:
        if self.clusters.threshold is not None and self.population.raster is not None:
            raise ValueError(
                "[clusters] threshold draws points from the cells of a table; [population] names a raster. Name the "
                "table instead, such as the Parquet that `hubrank get ghs-pop` writes"
            )
        return self

    @model_validator(mode="after")
    def _areas_have_names(self) -> Self:
        if self.ranks_areas and self.naming.overrides:
            raise ValueError(
                f"[naming] names {min(self.naming.overrides)!r}, but with [areas] rank = true areas are ranked, under "
                f"the names of their file; change them there"
            )
        return self

    @model_validator(mode="after")
    def _metrics_weigh_one_way(self) -> Self:
        for metric in self.weighted:
            of = [each.options for each in self.sources if each.metric == metric]
            if len({(str(each.get("weight_by")), str(each.get("weight_cap"))) for each in of}) > 1:
                raise ValueError(
                    f"the sources of {metric!r} differ in weight_by or weight_cap; a metric weighs all of its records "
                    f"in one way. Give the others a metric of their own"
                )
        return self

    @model_validator(mode="after")
    def _service_is_named(self) -> Self:
        asking = (each for each in self.sources if "service" in self.geocoding_of(each).use)
        first = None if self.geocoding.service else next(asking, None)
        if first is not None:
            where = "[geocoding]" if first.use is None else f"[[sources]] of {first.metric!r}"
            raise ValueError(
                f'{where} use has \'service\', but [geocoding] has no key service; expected "nominatim" or "photon" '
                f"there. Add it, or leave 'service' out of use"
            )
        return self

    @field_validator("sources")
    @classmethod
    def _no_column(cls, sources: list[SourceSection]) -> list[SourceSection]:
        for section in sources:
            if section.metric in RESERVED or section.metric.endswith(("_share_pct", "_per_million")):
                raise ValueError(f"{section.metric!r} is a column of the ranking; call the metric something else")
        return sources

    @model_validator(mode="after")
    def _metrics_have_sources(self) -> Self:
        metrics = list(self.metrics)
        named: dict[str, Iterable[str]] = {
            "windows": self.windows,
            "ranking.weights": self.ranking.weights,
            "clusters.metrics": self.density,
            "metrics": self.metric_sections,
        }
        for where, keys in named.items():
            for metric in keys:
                if metric not in metrics:
                    raise ValueError(
                        f"[{where}] names {metric!r}, which is not a metric of any source; the metrics are: "
                        f"{', '.join(metrics)}." + nearest(metric, metrics)
                    )
        return self

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics in the order of their first source."""
        return tuple(dict.fromkeys(source.metric for source in self.sources))

    @property
    def ranks_areas(self) -> bool:
        """Whether areas are what is ranked, in place of clusters."""
        return self.areas is not None and self.areas.rank

    def geocoding_of(self, section: SourceSection) -> Geocoding:
        """Return how the addresses of a source are located: as [geocoding] says, with the source's own `use`."""
        return self.geocoding if section.use is None else self.geocoding.model_copy(update={"use": section.use})

    @property
    def uses_institutions(self) -> bool:
        """Whether addresses of any source may be located by the institution that they name."""
        return any("institutions" in self.geocoding_of(section).use for section in self.sources)

    @property
    def names_institutions(self) -> bool:
        """Whether rows of any source may name an institution: those of a table without such a column do not."""
        naming = {"institution", "institution_id", "address"}
        return any(
            "institutions" in self.geocoding_of(section).use
            and (not section.columns or naming & section.columns.keys())
            for section in self.sources
        )

    @property
    def labels(self) -> dict[str, str]:
        """What outputs call each metric: its label, else its name."""
        sections = self.metric_sections
        return {name: (name in sections and sections[name].label) or name for name in self.metrics}

    def with_listings(self, listings: int) -> "Study":
        """Return the study with its threshold as a number of listings, where it states a percentile of random points.

        Variants, comparisons and explanations use this number, as if it were `min_listings`.
        """
        if self.clusters.threshold is None:
            return self
        replaced = {"threshold": None, "min_listings": listings}
        return self.model_copy(update={"clusters": self.clusters.model_copy(update=replaced)})

    def with_clusters(self) -> "Study":
        """Return the study with clusters ranked, where it ranks areas."""
        if self.areas is None:
            return self
        return self.model_copy(update={"areas": self.areas.model_copy(update={"rank": False})})

    @property
    def weighted(self) -> dict[str, str]:
        """The metrics whose records weigh by quality, and by which."""
        return {each.metric: str(each.options["weight_by"]) for each in self.sources if each.options.get("weight_by")}

    @property
    def unequal(self) -> set[str]:
        """The metrics whose records do not all weigh one: by quality, or as the rests of counts with decimals."""
        return {*self.weighted, *(each.metric for each in self.sources if each.options.get("decimals"))}

    @property
    def counts(self) -> tuple[str, ...]:
        """The metrics that count records; all where there is none but metrics that weigh them."""
        return tuple(metric for metric in self.metrics if metric not in self.weighted) or self.metrics

    @property
    def density(self) -> tuple[str, ...]:
        """The metrics whose listings make density; those that count records where the study names none."""
        return tuple(self.clusters.metrics or self.counts)

    @property
    def weights(self) -> dict[str, Decimal]:
        """The weight of each metric.

        Where the study gives none at all, 1 for those that count records; where it gives others only, 0.
        """
        standard = set() if self.ranking.weights else set(self.counts)
        return {metric: self.ranking.weights.get(metric, Decimal(metric in standard)) for metric in self.metrics}

    @property
    def weightless(self) -> str:
        """A sentence on the metrics that add nothing, as the study weighs others only; "" where there are none."""
        unnamed = [self.labels[metric] for metric in self.counts if metric not in self.ranking.weights]
        if not self.ranking.weights or not unnamed:
            return ""
        return (
            f"[ranking] weights does not name {', '.join(unnamed)}, so that it adds nothing to the score. Give it a "
            f"weight, 0 if that is meant, or leave weights out: then all metrics count equally."
        )
