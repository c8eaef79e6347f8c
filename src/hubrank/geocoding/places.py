"""listings → places: each distinct address, and where it is (METHOD 2).

Only distinct addresses are located; listings find their place again through the address itself.
"""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.tables import ADDRESS, ADDRESS_SCHEMA, ANSWER_SCHEMA, PRECISIONS, Engine, Geocoder, Relation

ADDRESS_COLUMNS = ", ".join(column.name for column in ADDRESS)

# A row number is only a name to join by: it never reaches an output.
DISTINCT = f"""
SELECT row_number() OVER () AS place_no, *
FROM (SELECT DISTINCT {ADDRESS_COLUMNS} FROM listings)
"""

PLACE_NO = pa.field("place_no", pa.int64(), nullable=False)
PLACE_SCHEMA = pa.schema([PLACE_NO, *ANSWER_SCHEMA])


def addresses(listings: Relation, engine: Engine) -> Relation:
    """Return Relation[place_no, ADDRESS]: the distinct addresses of the listings."""
    return engine.run(DISTINCT, listings=listings)


def places(found: Relation, steps: Iterable[Geocoder], min_precision: str, engine: Engine) -> Relation:
    """Locate addresses.

    Parameters
    ----------
    found : Relation[place_no, ADDRESS]
        Distinct addresses.
    steps : Geocoders
        In order: the first answer at least as fine as `min_precision` stands.

    Returns
    -------
    Relation[place_no, ANSWER]
        One row per address; coordinates are null where no step knew it.
    """
    return engine.map(found, lambda piece: _locate(piece, steps, min_precision), PLACE_SCHEMA)


def _locate(piece: pa.Table, steps: Iterable[Geocoder], min_precision: str) -> pa.Table:
    answers = answer(piece.select(ADDRESS_SCHEMA.names), steps, min_precision)
    return answers.add_column(0, PLACE_NO, piece["place_no"]).cast(PLACE_SCHEMA)


def answer(asked: pa.Table, steps: Iterable[Geocoder], min_precision: str) -> pa.Table:
    """Return ANSWER for each address, in order: the first step's answer that is fine enough."""
    enough = pa.array(PRECISIONS[: PRECISIONS.index(min_precision) + 1])
    open_rows = np.arange(asked.num_rows)
    taken_rows, taken = [], []
    for step in steps:
        if not len(open_rows):
            break
        given = step.locate(asked.take(open_rows)).cast(ANSWER_SCHEMA)
        good = pc.and_(pc.is_valid(given["lat_e7"]), pc.is_in(given["precision"], enough)).to_numpy(
            zero_copy_only=False
        )
        good = good.astype(bool)
        taken.append(given.filter(pa.array(good)))
        taken_rows.append(open_rows[good])
        open_rows = open_rows[~good]
    unanswered = pa.Table.from_pydict({name: [None] * len(open_rows) for name in ANSWER_SCHEMA.names}, ANSWER_SCHEMA)
    rows = np.concatenate([*taken_rows, open_rows])
    return pa.concat_tables([*taken, unanswered]).take(np.argsort(rows, kind="stable"))
