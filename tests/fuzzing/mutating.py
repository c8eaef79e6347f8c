"""Mutation without guidance: good samples cut, doubled, mixed and damaged, by a seed."""

import random
import time

from fuzzing.targets import Target

SLOWEST = 5  # seconds of processor time for one input
BITS = (
    *(b"\0", b'"', b"\n", b"\r", b",", b"\t", b"|", b"\xff", b"\xef\xbb\xbf", b"<", b"&", b"{", b"]", b"[", b"}"),
    *(b"9" * 30, b"-1", b"1e999", b"NaN", b"null", b"true", b"[" * 5000, b'{"a":' * 2000, b"<a>" * 2000, b"'''"),
    *(b"\xed\xa0\x80", b"\\ud800", b"%00", b"../", b"1" * 5000, b"\r\n\r\n", b"\x1f\x8b", b"PK\x03\x04", b"PAR1"),
)


def mutated(seeds: list[bytes], rng: random.Random) -> bytes:
    """Return one of the seeds with one to five faults."""
    data = rng.choice(seeds)
    for _ in range(rng.randint(1, 5)):
        at, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        data = rng.choice(
            [
                data[:at] + data[min(end, at + 20) :],
                data[:at] + rng.choice(BITS) + data[at:],
                data[:at] + rng.choice(BITS) + data[min(end, at + 9) :],
                data[:at] + rng.randbytes(rng.randint(1, 4)) + data[at + 1 :],
                data[:end] + data[at:],
                data[:at] + rng.choice(seeds)[at:],
            ]
        )
    return data


def taken(target: Target, data: bytes) -> None:
    """Run a target on bytes. Raises whatever is no HubrankError, and AssertionError for what takes too long."""
    target.ready()
    began = time.process_time()
    target.take(data)
    lasted = time.process_time() - began
    assert lasted < SLOWEST, f"{lasted:.1f} seconds of processor time"


def mutate(target: Target, count: int, seed: int) -> None:
    """Run a target on so many damaged inputs: by number and not by the clock, so that every machine tries the same."""
    rng = random.Random(seed)
    for number in range(count):
        data = mutated(target.seeds, rng)
        try:
            taken(target, data)
        except Exception as fault:
            fault.add_note(f"input number {number} of seed {seed}: {data[:2000]!r}")
            raise
