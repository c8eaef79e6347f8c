"""From a figure of the ranking back to the records and lines of the raw files behind it (METHOD 5)."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from hubrank.analysis.explanation import explain
from hubrank.analysis.explanation.spots import places_named
from hubrank.core import files
from hubrank.core.edition import Edition, expect_listings, load, metric_called, with_addresses
from hubrank.core.errors import CheckFailed, HubrankError, StudyError, nearest
from hubrank.core.units import shown_count
from hubrank.geocoding.gazetteer import gazetteer, place_labels
from hubrank.geocoding.shown_address import TEXT_COLUMNS, shown_text
from hubrank.study.study_file import study_of

OF_LISTING = ["source_file", "source_row", "record_key", "listing_no", "year", "units"]
OF_PLACE = ["lat_e7", "lon_e7", "gazetteer_id", "geocoding_evidence", "location_probability"]
COLUMNS = [*OF_LISTING[:-1], *OF_PLACE, "units"]
_ORDER = [(name, "ascending") for name in ("source_file", "source_row", "record_key", "listing_no", "lat_e7", "lon_e7")]


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """The records and lines behind one figure.

    label : what the study calls the metric; figure : as the ranking shows it; units : exactly, in 1e-9 records.
    records : Arrow[record_key, units]: what each record gives, the most first; they add up to `units`.
    lines : Arrow[COLUMNS, place, address]: every listing of these records in the cluster, with its part of the record,
        the name of its place, and its address as it may be shown; under full counting parts say who is named, not how
        much it counts.
    namesakes : other clusters with a city that is called as this one was asked for, each with its id.
    """

    cluster: str
    metric: str
    label: str
    figure: Decimal
    units: int
    records: pa.Table
    lines: pa.Table
    note: str
    namesakes: tuple[str, ...] = ()

    @property
    def lines_of_files(self) -> int:
        """How many lines of the files these are: one may hold several listings."""
        return int(self.lines.group_by(["source_file", "source_row"]).aggregate([]).num_rows)

    def as_dict(self, most: int) -> dict[str, Any]:
        """Return the trace as JSON values, with the first lines."""
        return {
            "cluster": self.cluster,
            "metric": self.metric,
            "label": self.label,
            "figure": str(self.figure),
            "units": self.units,
            "records": self.records.num_rows,
            "files": pc.count_distinct(self.lines["source_file"]).as_py(),
            "lines": self.lines.slice(0, most).to_pylist(),
            "lines_in_all": self.lines.num_rows,
            "note": self.note,
        }

    def write(self, path: Path) -> None:
        """Write all lines as CSV, at once or not at all."""
        sink = io.BytesIO()
        pa_csv.write_csv(self.lines, sink)
        files.write_bytes(path, sink.getvalue())


def trace(folder: Path, cluster: str, metric: str) -> Trace:
    """Trace one figure.

    Parameters
    ----------
    folder : of an edition.
    cluster : its name, any name of a city in it (München), its cluster_id or its rank.
    metric : as the study names or labels it.

    Raises
    ------
    StudyError
        Where the folder is no edition, has no such cluster or metric, or is a copy without listings.
    CheckFailed
        Where the records do not add up to the figure.
    """
    edition = load(folder)
    study = study_of(edition.manifest)
    metric = metric_called(metric, study.labels)
    if metric not in study.metrics:
        raise StudyError(
            f"{metric!r} is not a metric of {folder}; it has: {', '.join(study.metrics)}."
            f"{nearest(metric, [*study.metrics])}"
        )
    row, namesakes = _row(edition, cluster)
    expect_listings(edition.folder)
    listings = pq.read_table(
        edition.folder / "tables" / "located.parquet",
        columns=[*OF_LISTING, "address_key"],
        filters=[("metric", "=", metric), ("cluster_id", "=", row["cluster_id"])],
    )
    weights = _wholes(edition, metric, listings) if study.ranking.counting == "full" else None
    records = _records(listings, weights)
    units = _units(edition, row["cluster_id"], metric)
    total = pc.sum(records["units"]).as_py() or 0
    if total != units or shown_count(units) != row[metric]:
        raise CheckFailed(
            f"{row['cluster']}, {metric}: its records add up to {total} units, but the measures have {units} and the "
            f"ranking shows {row[metric]}. `hubrank verify {folder}` says which file was changed."
        )
    lines = _lines(edition, listings, study.naming.language)
    return Trace(
        row["cluster"],
        metric,
        study.labels[metric],
        row[metric],
        units,
        records,
        lines,
        edition.manifest.get("note", ""),
        namesakes,
    )


def _lines(edition: Edition, listings: pa.Table, language: str) -> pa.Table:
    """Return listings with their places, called as the study calls cities, and their addresses as they may be shown."""
    keys = pc.unique(listings["address_key"])
    path, columns = edition.folder / "tables" / "addresses.parquet", ["address_key", *OF_PLACE, *TEXT_COLUMNS]
    addresses = pq.read_table(path, columns=columns, filters=pc.field("address_key").isin(keys))
    texts = pa.array([shown_text(row) for row in addresses.select(TEXT_COLUMNS).to_pylist()], pa.string())
    addresses = addresses.append_column("place", place_labels.place_names(addresses["gazetteer_id"], language))
    addresses = addresses.append_column("shown_address", texts)
    lines = with_addresses(listings, addresses, [*OF_PLACE, "place", "shown_address"])
    return (
        lines.sort_by(_ORDER)
        .select([*COLUMNS, "place", "shown_address"])
        .rename_columns([*COLUMNS, "place", "address"])
    )


def _row(edition: Edition, cluster: str) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Return the row of the ranking that a name, one city of a name, an id or a rank means, and others of that name."""
    rows = edition.table("ranking").to_pylist()
    what, key = ("area", "code") if edition.manifest.get("areas", {}).get("ranked") else ("cluster", "cluster_id")
    wanted = cluster.casefold()
    for name in ("cluster_id", "cluster", "rank", "city", "other name"):
        if name == "city":
            matches = _with_city(wanted, rows)
        elif name == "other name":
            matches = _named_after(cluster, rows)
        else:
            matches = [row for row in rows if str(row[name]).casefold() == wanted]
        if len(matches) == 1:
            others = (row for row in _with_city(wanted, rows) if name != "cluster_id" and row is not matches[0])
            return dict(matches[0]), tuple(f"{row['cluster']} ({row['cluster_id']})" for row in others)
        if matches:
            ids = ", ".join(row["cluster_id"] for row in matches)
            raise StudyError(f"{len(matches)} {what}s have the {name} {cluster!r}; name one by its {key}: {ids}.")
    hint = nearest(cluster, [row["cluster"] for row in rows]) or _unranked_area(edition, wanted)
    hint = hint or _cluster_of_place(edition, cluster, what)
    raise StudyError(f"{edition.folder} has no {what} {cluster!r}; give a name, a {key} or a rank.{hint}")


def _unranked_area(edition: Edition, wanted: str) -> str:
    """Return what is said of the name or code of an area that stands beside the clusters; "" of any other."""
    about = edition.manifest.get("areas", {})
    rows = edition.table("areas").select(["area_code", "area"]).to_pylist() if about and not about["ranked"] else []
    if not any(wanted in (row["area_code"].casefold(), row["area"].casefold()) for row in rows):
        return ""
    return f" It is an area of {about['file']}, beside the clusters: figures of what is ranked are traced alone."


def _cluster_of_place(edition: Edition, place: str, what: str) -> str:
    """Return in which cluster a place of that name lies; "" where it is none, or in no cluster."""
    try:
        explained = explain(edition.folder, place)
    except HubrankError:
        return ""
    cluster = explained.cluster
    return f" {explained.place} is in the {what} {cluster.name} ({cluster.cluster_id})." if cluster else ""


def _with_city(city: str, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows of clusters whose name has a city of some name, in small letters."""
    return [row for row in rows if city in _cities(row["cluster"])]


def _cities(cluster: str) -> set[str]:
    """Return the cities that a name consists of: `San Jose–San Francisco, CA` is of both, with the state or without."""
    return {part for city in cluster.casefold().split("–") for part in (city, re.split(r", | \(", city)[0])}


def _named_after(city: str, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows of clusters whose name has a city that is called so in any language: München, Muenchen."""
    numbers = gazetteer.places().geonames_id
    wanted = {str(numbers[row]) for row in places_named(city)}
    return [row for row in rows if not wanted.isdisjoint((row.get("geonames_ids") or "").split("/"))]


def _units(edition: Edition, cluster_id: str, metric: str) -> int:
    measures = edition.table("measures")
    selected = pc.and_(pc.equal(measures["cluster_id"], cluster_id), pc.equal(measures["metric"], metric))
    return int(pc.sum(measures.filter(selected)["units"]).as_py() or 0)


def _records(listings: pa.Table, wholes: pa.Table | None) -> pa.Table:
    """Return what each record gives: the sum of its parts, or its whole."""
    parts = listings.group_by("record_key").aggregate([("units", "sum")]).rename_columns(["record_key", "units"])
    records = parts if wholes is None else parts.drop_columns("units").join(wholes, "record_key")
    return records.sort_by([("units", "descending"), ("record_key", "ascending")])


def _wholes(edition: Edition, metric: str, listings: pa.Table) -> pa.Table:
    """Return Arrow[record_key, units]: what each record weighs in the world."""
    world = pq.read_table(
        edition.folder / "tables" / "located.parquet",
        columns=["record_key", "units"],
        filters=[("metric", "=", metric)],
    )
    world = world.filter(pc.is_in(world["record_key"], pc.unique(listings["record_key"])))
    return world.group_by("record_key").aggregate([("units", "sum")]).rename_columns(["record_key", "units"])
