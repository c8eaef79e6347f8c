"""The load that `hubrank serve` takes: new clusterings one by one, fifty clients for a minute, then a greedy one.

    python bench/serving.py demo/2025 [--seconds 60] [--clients 50] [--pause 0.5]
    python bench/serving.py demo/2025 --soak          # fifty clients for half an hour

The server is a process of its own; clients are plain sockets with persistent connections, on the same machine. Every
client draws its requests from one mix: files of the site and the edition, rankings under random weights,
clusterings under random sliders, explanations. A minute with a pause of 0.1 s follows, of which nothing is expected.
At last one client has 64 connections that request one new clustering with its outlines after the other, while
another sends the mix. Exits with 1 where a goal is missed.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

GOALS_MS = {"file": 200, "weights": 200, "cluster": 1_000, "explain": 1_000}
GOAL_MIB = 150
GREEDY, GREEDY_SECONDS, MOST_REFUSED_PCT = 64, 60, 5
SOAK_SECONDS, SHORT_PAUSE, SHORT_SECONDS = 1_800, 0.1, 60
MIX = {"file": 60, "weights": 20, "cluster": 15, "explain": 5}
FRESH_GOAL_S = 0.15
IN_SIGHT = "west=-2&south=42&east=18&north=54"  # degrees: the middle of Europe, where a fifth of the clusters are


class Client:
    """One persistent connection; `address` is that of the client, one of the loopback network."""

    def __init__(self, host: str, port: int, address: str = "127.0.0.1") -> None:
        self.host, self.port, self.address = host, port, address

    async def open(self) -> None:
        origin = (self.address, 0)
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port, local_addr=origin)

    async def get(self, target: str) -> tuple[int, bytes]:
        self.writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split()[1])
        if "transfer-encoding: chunked" in head:
            return status, b"".join([chunk async for chunk in self.chunks()])
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        return status, await self.reader.readexactly(length)

    async def chunks(self) -> AsyncIterator[bytes]:
        while size := int(await self.reader.readline(), 16):
            yield await self.reader.readexactly(size)
            await self.reader.readline()
        await self.reader.readline()

    def close(self) -> None:
        self.writer.close()


def targets(manifest: dict, rng: random.Random) -> dict:
    """Return, per kind, what makes an address."""
    files = [name.removeprefix("site/") for name in manifest["outputs"] if name != "tables/located.parquet"]
    files = [name for name in files if not name.endswith((".sqlite", ".parquet"))]
    metrics = sorted(manifest["metrics"])
    least = manifest["threshold_listings"]

    def weights() -> str:
        return "/clusters.json?" + "&".join(f"w.{metric}={rng.randrange(1, 31) / 10}" for metric in metrics)

    def sliders() -> str:
        return f"radius_km={rng.randrange(20, 81) / 2}&min_listings={round(least * rng.choice((0.75, 1, 1.5, 2, 3)))}"

    return {
        "file": lambda: (
            "/" + rng.choice(["", "assets/explorer.js", "assets/site.css", "clusters.geojson", rng.choice(files)])
        ),
        "weights": weights,
        "cluster": lambda: f"/{rng.choice(('clusters.json', 'map/marks.json'))}?{sliders()}",
        "explain": lambda: f"/explain.json?lat={rng.uniform(-60, 70):.3f}&lon={rng.uniform(-180, 180):.3f}",
    }


async def visit(client: Client, make: dict, rng: random.Random, until: float, pause: float, took: dict) -> None:
    await asyncio.sleep(rng.uniform(0, pause))
    while time.monotonic() < until:
        (kind,) = rng.choices(list(MIX), MIX.values())
        target = make[kind]()
        began = time.perf_counter()
        status, _ = await client.get(target)
        took.setdefault(kind, []).append(time.perf_counter() - began)
        if status != 200:
            took.setdefault(f"status {status}", []).append(target)
        await asyncio.sleep(pause)


def resident_mib(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def percentile(values: list, part: float) -> float:
    return 1000 * sorted(values)[min(len(values) - 1, int(part * len(values)))]


async def fresh(host: str, port: int, rounds: int = 25) -> list[float]:
    """Request clusterings that are not in memory: ranking, marks and the outlines in sight, as the page does."""
    client, took = Client(host, port), []
    await client.open()
    for number in range(rounds):
        choice = f"radius_km={15.5 + number}&min_listings=40"
        began = time.perf_counter()
        for address in (
            f"clusters.json?{choice}",
            f"map/marks.json?{choice}",
            f"map/outlines.json?{choice}&{IN_SIGHT}",
        ):
            status, body = await client.get(f"/{address}")
            assert status == 200, body
        took.append(time.perf_counter() - began)
    client.close()
    return took


async def load(host: str, port: int, manifest: dict, *, clients: int, seconds: float, pause: float) -> dict:
    """Let clients send the mix; return the seconds of each request by kind. Each has an address of its own."""
    rng, took = random.Random(1), {}
    make = targets(manifest, rng)
    connections = [Client(host, port, f"127.0.1.{number + 1}") for number in range(clients)]
    for client in connections:
        await client.open()
    until = time.monotonic() + seconds
    await asyncio.gather(*(visit(client, make, rng, until, pause, took) for client in connections))
    for client in connections:
        client.close()
    return took


async def grab(client: Client, rng: random.Random, until: float, refused: list) -> None:
    """Request one new clustering with its outlines after the other, without a pause, whatever is answered."""
    await client.open()
    while time.monotonic() < until:
        status, _ = await client.get(f"/map/outlines.json?radius_km={rng.randrange(2, 200) / 2}&min_listings=40")
        refused.append(status == 503)
    client.close()


async def beside_a_greedy_client(host: str, port: int, manifest: dict, seconds: float) -> tuple[float, float, int]:
    """Return how much is refused, in percent: of one client with 64 connections, of another; and how much that sent."""
    rng, until, refused = random.Random(2), time.monotonic() + seconds, []
    greedy = [grab(Client(host, port, "127.0.2.1"), rng, until, refused) for _ in range(GREEDY)]
    took, *_ = await asyncio.gather(load(host, port, manifest, clients=1, seconds=seconds, pause=0.1), *greedy)
    sent = sum(len(values) for kind, values in took.items() if kind in MIX)
    faults = sum(len(values) for kind, values in took.items() if kind not in MIX)
    return 100 * sum(refused) / len(refused), 100 * faults / sent, sent


def report(what: str, took: dict, seconds: float) -> bool:
    met = True
    total = sum(len(values) for kind, values in took.items() if kind in MIX)
    print(f"{what}: {total:,} requests, {total / seconds:.0f} a second")
    for kind, goal in GOALS_MS.items():
        values = took[kind]
        middle, late, worst = (percentile(values, part) for part in (0.5, 0.99, 1))
        print(
            f"  {kind}: {len(values):,} requests, median {middle:.0f} ms, p99 {late:.0f} ms (goal {goal}), "
            f"worst {worst:.0f}"
        )
        met &= late <= goal
    for kind, values in took.items():
        if kind not in MIX:
            print(f"  {kind}: {len(values):,}, such as {values[0]}")
            met = False
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("edition", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two requests of a client")
    parser.add_argument("--soak", action="store_true", help="half an hour")
    options = parser.parse_args()
    options.seconds = SOAK_SECONDS if options.soak else options.seconds
    manifest = json.loads((options.edition / "edition.json").read_text("utf-8"))
    command = [sys.executable, "-m", "hubrank", "serve", str(options.edition), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as server:
        try:
            return measured(server, manifest, options)
        finally:
            server.terminate()


def measured(server: subprocess.Popen, manifest: dict, options: argparse.Namespace) -> int:
    parts = urlsplit(server.stdout.readline().strip())
    where = parts.hostname, parts.port
    time.sleep(5)  # while it reads what the first requests need
    took = asyncio.run(fresh(*where))
    met = max(took) <= FRESH_GOAL_S
    print(
        f"fresh clustering with marks and outlines: median {percentile(took, 0.5):.0f} ms, "
        f"worst {percentile(took, 1):.0f} ms"
    )
    before = resident_mib(server.pid)
    what = {"clients": options.clients, "seconds": options.seconds, "pause": options.pause}
    took = asyncio.run(load(*where, manifest, **what))
    met &= report(f"{options.clients} clients, pause {options.pause:g} s", took, options.seconds)
    after = resident_mib(server.pid)
    print(f"memory: {before:.0f} MiB before, {after:.0f} MiB after: {after - before:+.0f} MiB (goal {GOAL_MIB})")
    met &= after - before <= GOAL_MIB
    what |= {"seconds": min(options.seconds, SHORT_SECONDS), "pause": SHORT_PAUSE}
    report(f"not expected: pause {SHORT_PAUSE:g} s", asyncio.run(load(*where, manifest, **what)), what["seconds"])
    seconds = min(options.seconds, GREEDY_SECONDS)
    greedy, other, sent = asyncio.run(beside_a_greedy_client(*where, manifest, seconds))
    print(
        f"beside {GREEDY} connections of one client, of which {greedy:.0f} % are refused: {other:.1f} % of another's "
        f"{sent} requests are refused (goal {MOST_REFUSED_PCT})"
    )
    met &= other <= MOST_REFUSED_PCT
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
