"""listings → places: each distinct address, and where it is (METHOD 2).

Only distinct addresses are located; listings find their place again through the address itself.
"""

from collections.abc import Callable

import pyarrow as pa

from hubrank.core.tables import ADDRESS_ROW_SCHEMA, ADDRESS_SCHEMA, Engine, Geocoder, Relation
from hubrank.geocoding.address_table import address_rows

ADDRESS_COLUMNS = ", ".join(ADDRESS_SCHEMA.names)

# A row number is only a name to join by: it never reaches an output.
DISTINCT = f"""
SELECT row_number() OVER () AS place_no, *
FROM (SELECT DISTINCT {ADDRESS_COLUMNS} FROM listings)
"""

PLACE_NO = pa.field("place_no", pa.int64(), nullable=False)
PLACE_SCHEMA = pa.schema([PLACE_NO, *ADDRESS_ROW_SCHEMA])


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
    Relation[place_no, ADDRESS_ROW]
        One row per address, as it may be shown; coordinates are null where no place is likely enough.
    """
    return engine.map(distinct, lambda piece: _locate(piece, resolvers()), PLACE_SCHEMA)


def _locate(piece: pa.Table, resolver: Geocoder) -> pa.Table:
    addresses = piece.select(ADDRESS_SCHEMA.names)
    rows = address_rows(addresses, resolver.locate(addresses))
    return rows.add_column(0, PLACE_NO, piece["place_no"]).cast(PLACE_SCHEMA)
