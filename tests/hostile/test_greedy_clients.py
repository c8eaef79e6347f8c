"""One client may take a share of the queue of computations, and no more; the edition's explanations have their own."""

import asyncio
import threading

import pytest

from event_loop import in_a_loop
from hubrank.serving import limits
from hubrank.serving.clients import CLIENT, client_of
from hubrank.serving.problems import Problem
from hubrank.serving.worker import Worker


def scope(peer, *forwarded):
    return {"client": (peer, 1), "headers": [(b"x-forwarded-for", value) for value in forwarded]}


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.2", [], "127.0.0.2"),
        ("2001:db8:1:2:3::4", [], "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", [], "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.9", [b"198.51.100.7"], "192.0.2.9"),  # not trusted: anyone may write this header
        ("127.0.0.1", [b"198.51.100.7"], "198.51.100.7"),
        ("127.0.0.1", [b"forged, 198.51.100.7"], "198.51.100.7"),
        ("127.0.0.1", [b"forged", b"198.51.100.8"], "198.51.100.8"),
        ("127.0.0.1", [], "127.0.0.1"),
    ],
)
def test_a_client_is_its_address_or_what_a_trusted_proxy_says(peer, forwarded, client):
    assert client_of(scope(peer, *forwarded), {"127.0.0.1"}) == client


async def refused(worker, client, number, go):
    CLIENT.set(client)
    try:
        await worker.run((client, number), go.wait)
    except Problem as problem:
        return problem.status == 503
    return False


async def crowded(worker, go):
    """Send 64 requests of one client, then 4 of each of 5 others; return how many of each were refused."""
    greedy = [asyncio.create_task(refused(worker, "greedy", number, go)) for number in range(64)]
    await asyncio.sleep(0.05)
    others = [
        asyncio.create_task(refused(worker, f"other {who}", number, go)) for who in range(5) for number in range(4)
    ]
    await asyncio.sleep(0.05)
    go.set()
    return sum(await asyncio.gather(*greedy)), sum(await asyncio.gather(*others))


def test_a_greedy_client_shuts_no_other_out():
    worker, go = Worker(), threading.Event()
    try:
        of_greedy, of_others = in_a_loop(crowded(worker, go))
    finally:
        worker.close()
    assert of_others == 0
    assert of_greedy == 64 - limits.WAITING_OF_CLIENT


async def order_of(worker, go):
    """Let one client send 6 computations before 2 others send 2 each; return whose were made, in order."""
    computed = []

    def request(client, number):
        CLIENT.set(client)
        return asyncio.create_task(worker.run((client, number), lambda: (go.wait(), computed.append(client))))

    tasks = [request("greedy", number) for number in range(6)]
    await asyncio.sleep(0.05)
    tasks += [request(client, number) for number in range(2) for client in ("b", "c")]
    await asyncio.sleep(0.05)
    go.set()
    await asyncio.gather(*tasks)
    return computed


def test_clients_take_turns():
    worker = Worker()
    try:
        computed = in_a_loop(order_of(worker, threading.Event()))
    finally:
        worker.close()
    assert computed == ["greedy", "greedy", "b", "c", "greedy", "b", "c", "greedy", "greedy", "greedy"]


def test_a_computation_that_fails_or_is_abandoned_lets_the_next_begin():
    async def all_of_them(worker):
        CLIENT.set("one")
        go = threading.Event()
        slow = asyncio.create_task(worker.run("slow", go.wait))
        dropped = asyncio.create_task(worker.run("dropped", lambda: pytest.fail("nobody waits for it")))
        await asyncio.sleep(0.05)
        dropped.cancel()
        failing = asyncio.create_task(worker.run("failing", lambda: 1 / 0))
        last = asyncio.create_task(worker.run("last", lambda: "last"))
        await asyncio.sleep(0.05)
        go.set()
        return await asyncio.gather(slow, failing, last, return_exceptions=True)

    worker = Worker()
    try:
        slow, failing, last = in_a_loop(all_of_them(worker))
    finally:
        worker.close()
    assert (slow, type(failing), last) == (True, ZeroDivisionError, "last")
