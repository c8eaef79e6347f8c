"""listings → places: each distinct address, and where it is (METHOD 2).

Only distinct addresses are located; listings find their place again through the address itself.
"""

from collections.abc import Callable

import pyarrow as pa

from hubrank.core.tables import ADDRESS_SCHEMA, ANSWER_SCHEMA, Engine, Geocoder, Relation

ADDRESS_COLUMNS = ", ".join(ADDRESS_SCHEMA.names)

# A row number is only a name to join by: it never reaches an output.
DISTINCT = f"""
SELECT row_number() OVER () AS place_no, *
FROM (SELECT DISTINCT {ADDRESS_COLUMNS} FROM listings)
"""

PLACE_NO = pa.field("place_no", pa.int64(), nullable=False)
PLACE_SCHEMA = pa.schema([PLACE_NO, *ANSWER_SCHEMA])


def addresses(listings: Relation, engine: Engine) -> Relation:
    """Return Relation[place_no, ADDRESS_SCHEMA]: the distinct addresses of the listings."""
    return engine.run(DISTINCT, listings=listings)


def places(distinct: Relation, resolvers: Callable[[], Geocoder], engine: Engine) -> Relation:
    """Locate addresses.

    Parameters
    ----------
    distinct : Relation[place_no, ADDRESS_SCHEMA]
        Distinct addresses.
    resolvers : Callable
        Returns the resolver of the study; called where the addresses are, on many machines if need be.

    Returns
    -------
    Relation[place_no, ANSWER]
        One row per address; coordinates are null where no place is likely enough.
    """
    return engine.map(distinct, lambda piece: _locate(piece, resolvers()), PLACE_SCHEMA)


def _locate(piece: pa.Table, resolver: Geocoder) -> pa.Table:
    answers = resolver.locate(piece.select(ADDRESS_SCHEMA.names))
    return answers.add_column(0, PLACE_NO, piece["place_no"]).cast(PLACE_SCHEMA)
