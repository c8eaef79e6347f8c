"""listings, places → whose output each listing is: the organisation that its address names (METHOD 8).

A source that has organisations of its own is followed. Where it has none, or has the text of the address for one, the
organisation is the registered one that the address names, so that its units and spellings are one organisation.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.sphere import Ints

# The same in SQL, of a listing `l` at a place `p`.
ORGANISATIONS = """
CASE WHEN p.registered_organisation IS NOT NULL
          AND (l.organisations IS NULL OR (l.institution_id IS NULL AND len(l.organisations) = 1
                                           AND (l.organisations[1] = l.institution OR l.organisations[1] = l.address)))
     THEN [p.registered_organisation] ELSE l.organisations END AS organisations
"""


def organisations(stated: pa.ChunkedArray, addresses: pa.Table, registered: pa.Array, place_no: Ints) -> pa.Array:
    """Return the organisations of each listing.

    stated : list of string, shape (listings,): those of the source, null where it has none.
    addresses : Table[ADDRESS], shape (places,); registered : string, shape (places,): the organisation each names.
    place_no : int64, shape (listings,): the address of each listing.
    """
    named = registered.take(pa.array(place_no))
    lists = stated.combine_chunks()
    replaced = pc.is_null(lists)
    single = pc.indices_nonzero(pc.equal(pc.list_value_length(lists), 1))
    if len(single):
        text, at = pc.list_flatten(lists.take(single)), pa.array(place_no).take(single)
        is_text = [pc.fill_null(pc.equal(text, addresses[name].take(at)), False) for name in ("institution", "address")]
        of_address = pc.and_(pc.or_(*is_text), pc.is_null(addresses["institution_id"].take(at)))
        mask = replaced.to_numpy(zero_copy_only=False)
        mask[single.filter(of_address).to_numpy()] = True
        replaced = pa.array(mask)
    replaced = pc.and_(replaced, pc.is_valid(named))
    lists_of_one = pa.ListArray.from_arrays(np.arange(len(named) + 1, dtype=np.int32), named)
    return pc.if_else(replaced, lists_of_one, lists)
