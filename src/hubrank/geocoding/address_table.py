"""addresses, answers → one row for each address as it may be shown, with where it was put (METHOD 2).

`address_key` is a hash of all that a row shows, so that addresses that differ in a street or a person are one row.
"""

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core import countries
from hubrank.core.hashing import hashes
from hubrank.core.sphere import E7
from hubrank.core.tables import ADDRESS_ROW_SCHEMA, Engine, Relation
from hubrank.geocoding.evidence.reading import read
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.place_lookup import Where
from hubrank.geocoding.shown_address import shown

KEY_BITS = 62
ORDER = ("economy", "place", "organisation", "city", "address_key")  # of files: those of one place compress together
COLUMNS = ", ".join(ADDRESS_ROW_SCHEMA.names)
_SEPARATOR = "\x1f"


def address_rows(addresses: pa.Table, answers: pa.Table) -> pa.Table:
    """Return ADDRESS_ROW of each address, in order.

    addresses, answers : ADDRESS and ANSWER, row by row.
    """
    columns = {name: pa.array(texts, pa.string()) for name, texts in shown(addresses, answers).items()}
    columns["stated_economy"] = _economies(addresses, answers)
    columns["place"] = pc.coalesce(gazetteer.place_names(answers["gazetteer_id"]), _spots(answers))
    columns |= {name: answers[name] for name in answers.column_names}
    columns["address_key"] = _keys(columns)
    return pa.Table.from_arrays(
        [columns[field.name].cast(field.type) for field in ADDRESS_ROW_SCHEMA], schema=ADDRESS_ROW_SCHEMA
    )


def distinct(places: Relation, engine: Engine) -> Relation:
    """Return Relation[ADDRESS_ROW]: each row once.

    places : Relation[place_no, ADDRESS_ROW].
    """
    return engine.run(f"SELECT DISTINCT {COLUMNS} FROM places", places=places)


def _economies(addresses: pa.Table, answers: pa.Table) -> pa.Array:
    """Return the economies that a column of countries states; where nothing is located, else those that texts state."""
    coded = addresses["country"].combine_chunks().dictionary_encode()
    stated = pa.array([countries.find(text) for text in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)
    missing = pc.and_(pc.is_null(stated), pc.is_null(answers["lat_e7"])).to_pylist()
    if not any(missing):
        return stated
    texts = zip(*(addresses[name].to_pylist() for name in ("address", "institution")), missing, strict=True)
    named = [_named_economy(address or institution) if gone else None for address, institution, gone in texts]
    return pc.coalesce(stated, pa.array(named, pa.string()))


def _named_economy(text: str | None) -> str | None:
    """Return the economy that a free text states or names; None where it does neither."""
    economies = read(text, Where()).economies if text else ()
    return economies[0] if economies else None


def _spots(answers: pa.Table) -> pa.Array:
    """Return the coordinates of places that the gazetteer has no name for."""
    unnamed = pc.is_null(answers["gazetteer_id"]).to_pylist()
    spots = zip(answers["lat_e7"].to_pylist(), answers["lon_e7"].to_pylist(), strict=True)
    texts = [
        f"{lat / E7:.2f}, {lon / E7:.2f}" if gone and lat is not None else None
        for gone, (lat, lon) in zip(unnamed, spots, strict=True)
    ]
    return pa.array(texts, pa.string())


def _keys(columns: dict[str, pa.ChunkedArray]) -> pa.Array:
    """Return the hash of each row: the same on every machine."""
    texts = [pc.fill_null(_texts(columns[name]), "") for name in ADDRESS_ROW_SCHEMA.names if name != "address_key"]
    rows = pa.chunked_array([pc.binary_join_element_wise(*texts, _SEPARATOR)])
    return pa.array(hashes(rows) >> (64 - KEY_BITS)).cast(pa.int64())


def _texts(column: pa.ChunkedArray) -> pa.Array:
    flat = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_list(flat.type):
        return pa.array([None if places is None else repr(places) for places in flat.to_pylist()], pa.string())
    return flat.cast(pa.string())
