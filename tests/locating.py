"""Where a resolver puts one address."""

import pyarrow as pa

from hubrank.core.tables import ADDRESS_SCHEMA


def one(resolver, text=None, **address):
    """Return the answer to an address: a text, or texts by their columns."""
    row = dict.fromkeys(ADDRESS_SCHEMA.names) | {"address": text} | address
    return resolver.locate(pa.Table.from_pylist([row], ADDRESS_SCHEMA)).to_pylist()[0]
