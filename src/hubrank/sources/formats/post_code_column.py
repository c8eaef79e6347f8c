"""Post codes in a column of their own: they are read behind the address of their row, as in one text."""

import pyarrow as pa
import pyarrow.compute as pc

POSTCODE = "postcode"
_DIGIT, _WORD = r"\d|[０-９]", r"\pL{2}"


def with_post_codes(rows: pa.Table) -> pa.Table:
    """Return rows without the column of post codes, each of which is behind its row's address, or is the address.

    A cell with letters alone is no post code but, where the row has no city, its city. Whole numbers are the same with
    and without `.0`.
    """
    cells = _texts(rows[POSTCODE])
    cells = pc.replace_substring_regex(cells, r"^(\d+)\.0$", r"\1")
    is_code = pc.match_substring_regex(cells, _DIGIT)
    is_word = pc.and_(pc.invert(is_code), pc.match_substring_regex(cells, _WORD))
    codes, towns = pc.if_else(is_code, cells, None), pc.if_else(is_word, cells, None)
    rows = rows.drop_columns([POSTCODE])
    if towns.null_count < rows.num_rows:
        rows = _set(rows, "city", pc.coalesce(_texts(rows["city"]), towns) if "city" in rows.column_names else towns)
    if "address" not in rows.column_names:
        return rows.append_column("address", codes)
    addresses = _texts(rows["address"])
    return _set(rows, "address", pc.coalesce(pc.binary_join_element_wise(addresses, codes, ", "), addresses, codes))


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as text without blanks around it, null where nothing is left."""
    texts = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.if_else(pc.equal(texts, ""), None, texts)


def _set(rows: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    if name not in rows.column_names:
        return rows.append_column(name, column)
    return rows.set_column(rows.column_names.index(name), name, column)
