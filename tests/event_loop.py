"""Coroutines of tests, run where no other loop runs."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def in_a_thread(run, coroutine):
    """Call a function that runs a coroutine in a thread: in this one a browser of other tests may have a loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run, coroutine).result()


def in_a_loop(coroutine):
    """Run a coroutine in a loop of its own."""
    return in_a_thread(asyncio.run, coroutine)
