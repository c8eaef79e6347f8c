"""The threshold of a study that states a percentile of random points, as a number of listings (METHOD 3)."""

from hubrank.analysis.prerequisites import population_grid
from hubrank.clustering import null_model
from hubrank.clustering.people_table import PeopleTable
from hubrank.core.errors import DataError
from hubrank.core.sphere import Ints
from hubrank.counting.count import CountedRecords
from hubrank.counting.points import density, sites
from hubrank.sources.inputs import Inputs
from hubrank.study.study import Study


def with_null_threshold(study: Study, counted: CountedRecords, inputs: Inputs) -> Study:
    """Return the study with its threshold as a number of listings; as it is where it states one itself.

    Raises DataError where the grid has no inhabited cell to draw from, or so few points have listings around them that
    any listing would make a cluster.
    """
    choice = study.clusters.threshold
    if choice is None:
        return study
    world = sites(counted.points, study.metrics)
    weight = density(world, study.density, balanced=study.clusters.balance == "equal")
    spots, radius_km = (world.lat_e7, world.lon_e7), study.clusters.radius_km
    around = null_model.listings_around(_points(study, inputs), spots, weight, radius_km=radius_km)
    listings = null_model.threshold(around, choice.null)
    if listings == 1:
        bare = 100 * int((around == 0).sum()) / len(around)
        raise DataError(
            f"[clusters] threshold: {bare:.2f} % of the points drawn from {study.population.cells} have no listing "
            f"within {radius_km:g} km, so that at a percentile of {choice.null} any listing would make a "
            f"cluster. State a higher one, or a grid whose inhabited cells are drawn from ([population] table)."
        )
    return study.with_listings(listings)


def _points(study: Study, inputs: Inputs) -> tuple[Ints, Ints]:
    """Draw the points: lat_e7 and lon_e7."""
    choice = study.clusters.threshold
    assert choice is not None  # noqa: S101 (asked above)
    path = population_grid(study, inputs)
    if path is None:
        return null_model.on_land(choice.points, choice.seed)
    table = PeopleTable.opened(path, study.population.cell_deg)
    points = null_model.on_cells(table.pieces(), table.size_deg, choice.points, choice.seed)
    if not len(points[0]):
        raise DataError(f"[population] table {path.name} has no inhabited cell: nothing can be drawn from it.")
    return points
