"""Post codes in a column of their own: they are read behind the address of their row, as in one text."""

import pyarrow as pa
import pyarrow.compute as pc

POSTCODE = "postcode"
_DIGIT = r"\d|[０-９]"


def with_post_codes(rows: pa.Table) -> pa.Table:
    """Return rows without the column of post codes, each of which is behind its row's address, or is the address.

    A cell without a digit is no post code, and whole numbers are the same with and without `.0`.
    """
    codes = pc.utf8_trim_whitespace(rows[POSTCODE].cast(pa.string()))
    codes = pc.replace_substring_regex(codes, r"^(\d+)\.0$", r"\1")
    codes = pc.if_else(pc.match_substring_regex(codes, _DIGIT), codes, None)
    rows = rows.drop_columns([POSTCODE])
    if "address" not in rows.column_names:
        return rows.append_column("address", codes)
    addresses = pc.utf8_trim_whitespace(rows["address"].cast(pa.string()))
    addresses = pc.if_else(pc.equal(addresses, ""), None, addresses)
    texts = pc.coalesce(pc.binary_join_element_wise(addresses, codes, ", "), addresses, codes)
    return rows.set_column(rows.column_names.index("address"), "address", texts)
