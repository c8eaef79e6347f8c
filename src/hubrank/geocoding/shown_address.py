"""addresses, answers → a row for each address as it may be shown, with where it was put (METHOD 2).

A row has no street, house number or post code, and no name of a person: of free text only the names of organisations
and of places that the answer lies in, also amid other words (Chakan of Chakan MIDC Phase II). `address_key` is a hash
of all that a row shows, so that addresses that differ in what is left out are one row.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core import countries
from hubrank.core.hashing import hashes
from hubrank.core.sphere import E7
from hubrank.core.tables import ADDRESS_ROW_SCHEMA, Engine, Relation
from hubrank.geocoding import shown_texts
from hubrank.geocoding.answers import address_texts
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.gazetteer import place_labels
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.named_persons import is_person

COLUMNS = ("organisation", "address", "city", "region", "country")
TEXT_COLUMNS = (*COLUMNS, "registered_organisation")
KEY_BITS = 62
ORDER = ("economy", "place", "organisation", "city", "address_key")  # of files: those of one place compress together
ROW_COLUMNS = ", ".join(ADDRESS_ROW_SCHEMA.names)
_SEPARATOR = "\x1f"


def shown_text(row: Mapping[str, Any]) -> str:
    """Return an address in one line: where none of its texts names an organisation, the registered one that it names.

    row : ADDRESS_ROW, at least TEXT_COLUMNS of it.
    """
    others = (row[name] for name in COLUMNS[1:])
    return ", ".join(filter(None, (row["organisation"] or row["registered_organisation"], *others)))


def address_rows(addresses: pa.Table, answers: pa.Table) -> pa.Table:
    """Return ADDRESS_ROW of each address, in order.

    addresses, answers : ADDRESS and ANSWER, row by row.
    """
    columns = {name: pa.array(texts, pa.string()) for name, texts in _shown(addresses, answers).items()}
    columns["stated_economy"] = _economies(addresses, answers)
    columns["place"] = pc.coalesce(place_labels.place_names(answers["gazetteer_id"]), _spots(answers))
    columns |= {name: answers[name] for name in answers.column_names}
    columns["address_key"] = _row_keys(columns)
    return pa.Table.from_arrays(
        [columns[field.name].cast(field.type) for field in ADDRESS_ROW_SCHEMA], schema=ADDRESS_ROW_SCHEMA
    )


def distinct(places: pa.Table) -> pa.Table:
    """Return Table[ADDRESS_ROW]: each row once, in ORDER. places : Table[place_no, ADDRESS_ROW]."""
    keys = places["address_key"].to_numpy()
    first = np.unique(keys, return_index=True)[1]
    rows = places.select(ADDRESS_ROW_SCHEMA.names).take(pa.array(first))
    return rows.sort_by([(name, "ascending") for name in ORDER])


def distinct_in(places: Relation, engine: Engine) -> Relation:
    """Return Relation[ADDRESS_ROW]: each row once.

    places : Relation[place_no, ADDRESS_ROW].
    """
    return engine.run(f"SELECT DISTINCT {ROW_COLUMNS} FROM places", places=places)


def _economies(addresses: pa.Table, answers: pa.Table) -> pa.Array:
    """Return the economies that a column of countries states; where nothing is located, else those that texts state."""
    coded = pa.array(address_texts(addresses, "country"), pa.string()).dictionary_encode()
    stated = pa.array([countries.find_stated(text) for text in coded.dictionary.to_pylist()], pa.string()).take(
        coded.indices
    )
    missing = pc.and_(pc.is_null(stated), pc.is_null(answers["lat_e7"])).to_pylist()
    if not any(missing):
        return stated
    texts = zip(*(address_texts(addresses, name) for name in ("address", "institution")), missing, strict=True)
    named = [_named_economy(address or institution) if gone else None for address, institution, gone in texts]
    return pc.coalesce(stated, pa.array(named, pa.string()))


def _named_economy(text: str | None) -> str | None:
    """Return the economy that a free text states or names; None where it does neither."""
    economies = read(text, Surroundings()).economies if text else ()
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


def _row_keys(columns: dict[str, pa.ChunkedArray]) -> pa.Array:
    """Return the hash of each row: the same on every machine."""
    hashed = [name for name in ADDRESS_ROW_SCHEMA.names if name not in ("address_key", "correction_line")]
    texts = [pc.fill_null(_as_texts(columns[name]), "") for name in hashed]
    lines = _as_texts(columns["correction_line"])  # of the corrected ones alone, so that the others keep their keys
    rows = pc.binary_join_element_wise(*texts, lines, _SEPARATOR, null_handling="skip")
    return pa.array(hashes(pa.chunked_array([rows])) >> (64 - KEY_BITS)).cast(pa.int64())


def _as_texts(column: pa.ChunkedArray) -> pa.Array:
    flat = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_list(flat.type):
        return pa.array([None if places is None else repr(places) for places in flat.to_pylist()], pa.string())
    return flat.cast(pa.string())


def _shown(addresses: pa.Table, answers: pa.Table) -> dict[str, list[str | None]]:
    """Return COLUMNS of each address; None where there is nothing to show.

    addresses, answers : ADDRESS and ANSWER, row by row.
    """
    columns: dict[str, list[str | None]]
    columns = {name: [shown_texts.column(text) for text in address_texts(addresses, name)] for name in COLUMNS[2:]}
    named = zip(address_texts(addresses, "institution"), answers["registered_organisation"].to_pylist(), strict=True)
    organisation: list[str | None] = [
        None if not registered and is_person(text) else shown_texts.organisation(text) for text, registered in named
    ]
    address: list[str | None] = [None] * len(organisation)
    if addresses["address"].null_count < addresses.num_rows:
        for at, (text, answer) in enumerate(zip(address_texts(addresses, "address"), answers.to_pylist(), strict=True)):
            if text:
                more, address[at] = shown_texts.free_text(text, answer)
                organisation[at] = shown_texts.joined(filter(None, dict.fromkeys((organisation[at], more))))
    return {"organisation": organisation, "address": address, **columns}
