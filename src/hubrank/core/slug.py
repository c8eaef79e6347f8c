"""Identifiers in plain letters: of clusters, of files, of data packages."""

import re

from anyascii import anyascii


def slug(text: str, *, empty: str = "cluster") -> str:
    """Return a name in lower-case ASCII words joined by hyphens; `empty` where no letter or digit is left."""
    return re.sub(r"[^a-z0-9]+", "-", anyascii(text).lower()).strip("-") or empty
