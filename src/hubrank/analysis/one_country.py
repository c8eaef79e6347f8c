"""Whether one line of a study, which states the country of all rows, would locate more of a table without countries."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.tables import Geocoder
from hubrank.core.units import half_even
from hubrank.sources.formats.table_parts import base
from hubrank.sources.options import ReaderOptions
from hubrank.sources.table_options import Options

LEAST_PCT = 80  # of what is located lies in one economy
GAIN = 1.0  # percentage points that have to be located more
_STATES_COUNTRY = frozenset(("country", "lat", "institution_id"))


def names_none(options: ReaderOptions) -> bool:
    """Return whether a source is a table of which no column says the country."""
    return isinstance(options, Options) and _STATES_COUNTRY.isdisjoint(map(base, options.columns))


def suggested(
    addresses: pa.Table, counts: Sequence[int], economies: Mapping[str, int], located_pct: float, resolver: Geocoder
) -> dict[str, Any] | None:
    """Return the economy that most of a sample lies in, and how much is located if it is that of all; None: no more.

    addresses : ADDRESS_SCHEMA; counts : the listings of each; economies : of what is located, in listings.
    share_pct, located_pct : in percent of what is located, and of all.
    """
    economy = max(economies, key=lambda code: (economies[code], code), default="")
    within = sum(economies.values())
    if not economy or 100 * economies[economy] < LEAST_PCT * within:
        return None
    stated = addresses.set_column(
        addresses.schema.get_field_index("country"),
        addresses.schema.field("country"),
        pa.repeat(pa.scalar(economy, addresses.schema.field("country").type), len(addresses)),
    )
    located = pc.is_valid(resolver.locate(stated)["lat_e7"]).to_pylist()
    then = float(half_even(100 * sum(count for count, ok in zip(counts, located, strict=True) if ok), sum(counts), 1))
    if then < located_pct + GAIN:
        return None
    share = float(half_even(100 * economies[economy], within, 1))
    return {"economy": economy, "share_pct": share, "located_pct": then}
