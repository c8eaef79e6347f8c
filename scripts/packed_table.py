"""Tables of municipalities as the package carries them: the same bytes for the same rows."""

import gzip
import io
from collections.abc import Iterable
from pathlib import Path


def write(rows: Iterable[str], source: str, target: Path) -> None:
    """Write a table that `gazetteer.packaged.municipalities` reads, gzip'd without a time stamp."""
    text = "\n".join([f"# {source}", "economy\tadmin1\tgeonames_id\tlat\tlon\tnames", *rows]) + "\n"
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=9, filename="") as file:
        file.write(text.encode("utf-8"))
    target.write_bytes(buffer.getvalue())
