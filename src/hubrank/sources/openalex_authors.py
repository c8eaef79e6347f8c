"""Works → listings: one per author and place. By columns of Arrow, not by rows: a snapshot has billions of them."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hubrank.core.runs import begins
from hubrank.core.sphere import Ints
from hubrank.core.units import WEIGHT_ONE

_INSTITUTION = ("id", "display_name", "ror", "country_code")
_TEXTS = pa.list_(pa.string())
_INSTITUTIONS = pa.list_(pa.struct([(name, pa.string()) for name in _INSTITUTION]))
_OF_WORK = ("date", "year", "record_units", "field", "source_file", "source_row")


class Coordinates:
    """Where institutions are.

    institutions : Table[id, lat, lon], in degrees, each id once.
    """

    def __init__(self, institutions: pa.Table) -> None:
        self._row = {name: row for row, name in enumerate(institutions["id"].to_pylist())}
        self._degrees = institutions.select(["lat", "lon"])

    def of(self, ids: pa.Array) -> pa.Table:
        """Return Table[lat, lon]: where each institution is, null where that is not known."""
        coded = ids.dictionary_encode()
        rows = pa.array([self._row.get(name) for name in coded.dictionary.to_pylist()], pa.int64())
        return self._degrees.take(rows.take(coded.indices))


def author_listings(works: pa.Table, coordinates: Coordinates) -> pa.Table:
    """Return one row per author and place of each work: works and authors in order, places by id and name.

    An author with several institutions is at each of them in equal parts; one with none is where the affiliations say.
    Where WEIGHT_ONE cannot be divided equally, the first of them in order of OpenAlex's ids have one more.

    works : Table[id, date, year, record_units, field, source_file, source_row, authorships, …], authorships as in
        `openalex_shapes.WORK`, where fields may be missing.
    coordinates : of the institutions.

    Returns Table[record_key, listing_no, record_version, date, year, weight, record_units, lat, lon, institution_id,
    institution, country, organisations, field, source_file, source_row]; `listing_no` counts the authors of a work.
    """
    work, authors = _items(works["authorships"].combine_chunks())
    institutions = _institutions(_field(authors, "institutions", _INSTITUTIONS))
    is_without = np.ones(len(authors), bool)
    is_without[institutions["author"].to_numpy()] = False
    places = pa.concat_tables([institutions, _affiliations(authors, is_without)], promote_options="default")
    places = places.take(pa.array(np.argsort(places["author"].to_numpy(), kind="stable")))
    author = places["author"].to_numpy()
    listing_no = np.arange(1, len(work) + 1) - np.searchsorted(work, work)
    country = _only(_field(authors, "countries", _TEXTS)).take(pa.array(author))
    of_work = works.select(["id", *_OF_WORK]).take(pa.array(work[author]))
    degrees = coordinates.of(places["id"].combine_chunks())
    return pa.table(
        {
            "record_key": of_work["id"],
            "listing_no": listing_no[author],
            "record_version": of_work["source_row"],
            "weight": places["weight"],
            "lat": degrees["lat"],
            "lon": degrees["lon"],
            "institution_id": places["institution_id"],
            "institution": places["institution"],
            "country": pc.coalesce(places["country_code"], country),
            "organisations": _lists_of_one(places["display_name"].combine_chunks()),
            **{name: of_work[name] for name in _OF_WORK},
        }
    )


def _institutions(lists: pa.Array) -> pa.Table:
    """Return those of each author, each once. lists : of institutions, one per author."""
    author, items = _items(lists)
    rows = pa.table({"author": author, **{name: _field(items, name, pa.string()) for name in _INSTITUTION}})
    rows = rows.filter(pc.or_(pc.is_valid(rows["id"]), pc.is_valid(rows["display_name"])))
    rows = rows.append_column("institution_id", pc.coalesce(rows["ror"], rows["id"]))
    return _shared(rows.append_column("institution", rows["display_name"]), _INSTITUTION)


def _affiliations(authors: pa.Array, is_without: NDArray[np.bool_]) -> pa.Table:
    """Return those of the authors without an institution, each once; a null one where an author has none either."""
    author, texts = _items(_field(authors, "raw_affiliation_strings", _TEXTS))
    rows = pa.table({"author": author, "institution": _text(texts)})
    rows = rows.filter(pc.and_(pc.is_valid(rows["institution"]), pa.array(is_without[author])))
    is_open = is_without.copy()
    is_open[rows["author"].to_numpy()] = False
    single = _text(_field(authors, "raw_affiliation_string", pa.string()))  # as in 2023
    others = pa.table({"author": np.flatnonzero(is_open), "institution": single.filter(pa.array(is_open))})
    rows = pa.concat_tables([rows, others])
    return _shared(rows.append_column("institution_id", pa.nulls(len(rows), pa.string())), ("institution",))


def _shared(rows: pa.Table, names: tuple[str, ...]) -> pa.Table:
    """Return the distinct places of each author, with the `weight` of each.

    rows : Table[author, institution_id, institution, …]; names : of all columns that tell places apart, in whose order
    the first places have what cannot be divided.
    """
    author = rows["author"].to_numpy()
    is_alone = np.bincount(author, minlength=1)[author] == 1
    alone, several = rows.filter(pa.array(is_alone)), rows.filter(pa.array(~is_alone))
    alone = alone.append_column("weight", pa.repeat(WEIGHT_ONE, len(alone)))
    several = _sorted(several, "author", *names)
    several = several.filter(pa.array(begins(several, ("author", *names))))
    author = several["author"].to_numpy()
    first, end = (np.searchsorted(author, author, side) for side in ("left", "right"))
    weight = WEIGHT_ONE // (end - first) + (np.arange(len(author)) - first < WEIGHT_ONE % (end - first))
    several = _sorted(several.append_column("weight", pa.array(weight)), "author", "institution_id", "institution")
    return pa.concat_tables([alone, several])


def _sorted(rows: pa.Table, *names: str) -> pa.Table:
    return rows.sort_by([(name, "ascending") for name in names])


def _field(structures: pa.Array, name: str, kind: pa.DataType) -> pa.Array:
    """Return a field of structures; nulls of its kind where a file does not have it, or no value of it."""
    if structures.type.get_field_index(name) < 0:
        return pa.nulls(len(structures), kind)
    field = pc.struct_field(structures, name)
    return field.cast(kind) if pa.types.is_null(field.type) else field


def _items(lists: pa.Array) -> tuple[Ints, pa.Array]:
    """Return for each item of all lists the number of its list, and the items."""
    return pc.list_parent_indices(lists).to_numpy(), pc.list_flatten(lists)


def _only(lists: pa.Array) -> pa.Array:
    """Return the item of each list of one, null for the others."""
    number, items = _items(lists)
    row = np.full(len(lists), -1)
    row[number] = np.arange(len(items))
    row[pc.list_value_length(lists).fill_null(0).to_numpy() != 1] = -1
    return items.take(pa.array(row, mask=row < 0))


def _lists_of_one(texts: pa.Array) -> pa.Array:
    """Return a list of each text; null for a null."""
    is_text = pc.is_valid(texts)
    offsets = np.concatenate([[0], np.cumsum(is_text.to_numpy(False))]).astype(np.int32)
    return pa.ListArray.from_arrays(offsets, texts.drop_null(), mask=pc.invert(is_text))


def _text(texts: pa.Array) -> pa.Array:
    """Return texts without space around them; null where nothing is left."""
    trimmed = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)
