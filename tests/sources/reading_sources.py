"""How tests read raw files: they get listings and ledger, with the schema and the conservation of rows checked."""

import pyarrow as pa

from hubrank import sources
from hubrank.core.tables import LISTING_SCHEMA, Files
from hubrank.sources.ledger import RowLedger


def read(reader, paths, *, roles=None, base=None, **options):
    """Return the listings as dicts, and the ledger; rows read = kept + out of scope + set aside."""
    source = sources.find(reader)
    ledger = RowLedger()
    roots = {"": base or paths[0].parent}
    files = Files(tuple(paths), {role: tuple(others) for role, others in (roles or {}).items()}, roots)
    parts = list(source.read(files, source.Options(**options), ledger))
    for part in parts:
        assert part.schema == LISTING_SCHEMA
        part.validate(full=True)
    rows = pa.concat_tables([LISTING_SCHEMA.empty_table(), *parts]).to_pylist()
    assert len({(row["source_file"], row["source_row"]) for row in rows}) == ledger.rows_kept
    return rows, ledger
