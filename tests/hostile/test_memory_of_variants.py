"""Clusterings that clients ask for hold to their limit of memory, as the system counts it."""

import contextlib
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from hubrank.serving import limits
from proof import cases
from serving.conftest import start

CHOICES = cases(12, 60)  # each with some 3,000 clusters and their outlines: 10 to 15 MB
SLACK = 40 << 20  # of what is computed and sent meanwhile, and of freed memory between what is in use


def resident(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) << 10


@pytest.mark.slow
def test_other_clusterings_take_no_more_memory_than_their_limit(demo):
    process, address = start(str(demo / "2025"), "--port", "0")

    def draw(radius_km):
        query = f"radius_km={radius_km}&min_listings=13"
        for _ in range(60):  # on a slow machine a computation goes on after the request has been answered by 503
            with contextlib.suppress(urllib.error.HTTPError):
                urllib.request.urlopen(f"{address}map/outlines.json?{query}", timeout=60).close()
                return
        pytest.fail("no answer within twenty minutes")

    try:
        draw(10)  # with what the first computation loads
        before = resident(process)
        for number in range(CHOICES):
            draw(10.5 + number / 2)
        assert resident(process) - before < limits.VARIANT_BYTES + SLACK
    finally:
        process.terminate()
        process.communicate(timeout=30)
