"""listings → places: each distinct address, and where it is (METHOD 2).

Only distinct addresses are located; listings find their place again through the address itself.
"""

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.tables import (
    ADDRESS_ROW_SCHEMA,
    ADDRESS_SCHEMA,
    ANSWER_SCHEMA,
    Engine,
    Geocoder,
    Relation,
)
from hubrank.geocoding.answers import are_coordinates
from hubrank.geocoding.parallel import ParallelGeocoder
from hubrank.geocoding.shown_address import address_rows

ADDRESS_COLUMNS = ", ".join(ADDRESS_SCHEMA.names)

# A row number is only a name to join by: it never reaches an output.
DISTINCT = f"""
SELECT row_number() OVER () AS place_no, *
FROM (SELECT DISTINCT {ADDRESS_COLUMNS} FROM listings)
"""

PLACE_NO = pa.field("place_no", pa.int64(), nullable=False)
PLACE_SCHEMA = pa.schema([PLACE_NO, *ADDRESS_ROW_SCHEMA])

REMEMBERED = 100_000  # addresses: some 35 MB; OpenAlex lists 110,000 institutions
_SEPARATOR = "\x1f"


def addresses(listings: Relation, engine: Engine) -> Relation:
    """Return Relation[place_no, ADDRESS_SCHEMA]: the distinct addresses of the listings."""
    return engine.run(DISTINCT, listings=listings)


def places(addresses: pa.Table, resolver: Geocoder) -> pa.Table:
    """Locate addresses.

    addresses : Table[place_no, ADDRESS], distinct.
    Returns Table[place_no, ADDRESS_ROW]: each address, in order, as it may be shown; coordinates are null where no
    place is likely enough.
    """
    texts = addresses.select(ADDRESS_SCHEMA.names)
    rows = resolver.each_part(_rows, texts) if isinstance(resolver, ParallelGeocoder) else _rows(resolver, texts)
    return rows.add_column(0, PLACE_NO, addresses["place_no"]).cast(PLACE_SCHEMA)


def _rows(geocoder: Geocoder, addresses: pa.Table) -> pa.Table:
    return address_rows(addresses, geocoder.locate(addresses))


class RepeatedAddresses:
    """Asks a geocoder for addresses that are new: the files of one source list the same institutions again and again.

    geocoder : whose answer to an address depends on nothing but that address.
    most : addresses whose answers are remembered; where more come, those of the last table stay if they are so few.
    """

    name = "repeated addresses"

    def __init__(self, geocoder: Geocoder, most: int = REMEMBERED) -> None:
        self._geocoder, self._most = geocoder, most
        self._row: dict[str, int] = {}  # in `_answers`, of an address
        self._answers = ANSWER_SCHEMA.empty_table()

    def locate(self, addresses: pa.Table) -> pa.Table:
        """Return ANSWER for each address, in order."""
        if are_coordinates(addresses):
            return self._geocoder.locate(addresses)
        keys: list[str] = address_keys(addresses).to_pylist()
        new = [at for at, key in enumerate(keys) if key not in self._row]
        if new:
            located = self._geocoder.locate(addresses.take(pa.array(new))).cast(ANSWER_SCHEMA)
            first = len(self._answers)
            self._row |= {keys[at]: first + number for number, at in enumerate(new)}
            self._answers = pa.concat_tables([self._answers, located]).combine_chunks()
        answers = self._answers.take(pa.array([self._row[key] for key in keys], pa.int64()))
        if len(self._row) > self._most:
            few = len(keys) <= self._most
            self._row = {key: at for at, key in enumerate(keys)} if few else {}
            self._answers = answers if few else ANSWER_SCHEMA.empty_table()
        return answers


def address_keys(addresses: pa.Table) -> pa.ChunkedArray:
    """Return a text for each address that no other one has: the lengths of its columns come before their texts."""
    texts = [addresses[name].cast(pa.string()) for name in ADDRESS_SCHEMA.names]
    lengths = [pc.binary_length(text).cast(pa.string()) for text in texts]
    return pc.binary_join_element_wise(*lengths, *texts, _SEPARATOR, null_handling="replace", null_replacement="")
