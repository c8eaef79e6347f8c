"""How many cases a test takes: a few in `make test`, many in `make proof`, which sets HUBRANK_PROOF."""

import os

PROOF = bool(os.environ.get("HUBRANK_PROOF"))


def cases(usual: int, proof: int) -> int:
    """Return `proof` under `make proof`, else `usual`."""
    return proof if PROOF else usual
