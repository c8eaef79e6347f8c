"""What is fuzzed: every parser of external input, each as a function of bytes with samples to start from.

A target passes if it returns or raises a HubrankError, within the time and memory that the runners allow.
"""

import asyncio
import contextlib
import logging
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa

from event_loop import in_a_thread
from fuzzing import samples
from hubrank.core.errors import HubrankError
from hubrank.core.tables import ADDRESS_SCHEMA, ANSWER_SCHEMA
from sources.reading_sources import read

COLUMNS = {
    "record": "id", "listing": "seq", "date": "date", "city": "city", "country": "country",
    "lat": "lat", "lon": "lon", "count": "count",
}  # fmt: skip

PARTS = {
    "record": "id",
    "city": {"from": "town", "split": ";", "places": "|"},
    "country": {"from": "land", "split": ";"},
    "year": {"from": "file", "pattern": "(a)"},
}


@dataclass(frozen=True)
class Target:
    """One parser, and small good inputs to start from. `ready` loads, once, what takes long."""

    take: Callable[[bytes], object]
    seeds: list[bytes]
    ready: Callable[[], object] = tuple


def reader(name, *roles, file="a.txt", **options):
    """Return a function that reads bytes as the files of a source: the main one, then those of its roles."""

    def take(data):
        main, *others = data.split(samples.ROLE)
        with tempfile.TemporaryDirectory() as folder, contextlib.suppress(HubrankError):
            path = Path(folder, file)
            path.write_bytes(main)
            paths = {}
            for role, content in zip(roles, others, strict=False):
                paths[role] = [Path(folder, role)]
                paths[role][0].write_bytes(content)
            read(name, [path], roles=paths, **options)

    return take


def new_study_of(data):
    from hubrank.analysis import new_study

    for ending in ("csv", "json"):
        with tempfile.TemporaryDirectory() as folder, contextlib.suppress(HubrankError):
            (Path(folder) / "files").mkdir()
            (Path(folder) / "files" / f"a.{ending}").write_bytes(data)
            new_study.write(Path(folder) / "files", Path(folder) / "study.toml")


def study_file(data):
    from hubrank import sources
    from hubrank.study import study_file

    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(HubrankError):
        path = Path(folder, "study.toml")
        path.write_bytes(data)
        parsed = study_file.read(path)
        for section in parsed.sources:
            sources.parse_options(sources.find(section.reader), section, parsed.windows.get(section.metric))
        study_file.parse(study_file.read_raw(path), path, with_files=False).model_dump(mode="json")
        _ = parsed.weights, parsed.points.step_e7, parsed.density


@cache
def resolver():
    from hubrank import geocoding

    return geocoding.resolver_for(geocoding.Settings())


def addresses(data):
    """Locate the lines of a text: address, city, region and country between bars."""
    rows = [line.split("|") for line in data.decode("utf-8", "replace").splitlines()[:50]]
    columns = ("address", "city", "region", "country", "institution", "institution_id")
    listings = pa.Table.from_pylist(
        [{key: cell or None for key, cell in zip(columns, row, strict=False)} for row in rows], ADDRESS_SCHEMA
    )
    answers = resolver().locate(listings)
    assert answers.schema == ANSWER_SCHEMA
    assert answers.num_rows == listings.num_rows


def register(data):
    from hubrank.geocoding.gazetteer import registers

    for name in ("register.json", "register.zip", "register.jsonl.gz"):
        with tempfile.TemporaryDirectory() as folder, contextlib.suppress(HubrankError):
            Path(folder, name).write_bytes(data)
            list(registers.read(Path(folder, name)))


class Wire(asyncio.Transport):
    """The other end of a connection: keeps what is sent."""

    def __init__(self):
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 80)})
        self.sent, self.closed = b"", False

    def set_write_buffer_limits(self, high=None, low=None):
        """Nothing is buffered here."""

    def pause_reading(self):
        """What was sent is read."""

    def resume_reading(self):
        """What was sent is read."""

    def write(self, data):
        self.sent += data

    def is_closing(self):
        return self.closed

    def close(self):
        self.closed = True

    abort = close


@cache
def server():
    """Return a loop and a function that opens a connection to a small edition."""
    import uvicorn
    from uvicorn.server import ServerState

    from fixtures_editions import run_edition
    from hubrank.serving import served_edition
    from hubrank.serving.app import application

    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # as the server does
    folder = tempfile.TemporaryDirectory()
    rows = [(f"r{i}", 0, 2020, 48.85 + i % 3, 2.35, 1) for i in range(60)]
    edition = run_edition(Path(folder.name), "1", rows, "[clusters]\nmin_listings = 3\n[robustness]\nrun = false")
    keep = contextlib.ExitStack()
    app = application(keep.enter_context(served_edition.opened(edition.folder)))
    loop = asyncio.new_event_loop()

    def connect():
        config = uvicorn.Config(app, http="h11", ws="none", lifespan="off", log_config=None)
        config.load()
        protocol, wire = config.http_protocol_class(config, ServerState(), {}), Wire()
        protocol.connection_made(wire)
        return protocol, wire

    return loop, connect, (keep, folder)


def requests(data):
    """Send bytes to the server; whatever it answers is whole HTTP and no failure of ours."""
    loop, connect, _ = server()

    async def conversation():
        protocol, wire = connect()
        if data:  # a loop hands on no empty piece
            protocol.data_received(data)
        for _ in range(2000):
            if wire.closed or protocol.cycle is None or protocol.cycle.response_complete:
                break
            await asyncio.sleep(0.001)
        protocol.connection_lost(None)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait_for(task, 5)
        return wire.sent

    sent = in_a_thread(loop.run_until_complete, conversation())
    assert not sent or sent.startswith(b"HTTP/1.1 "), sent[:80]
    assert b"HTTP/1.1 500" not in sent


TARGETS = {
    "openalex": Target(reader("openalex", "institutions", file="a.jsonl"), samples.OPENALEX),
    "patentsview": Target(reader("patentsview", "patents", "locations"), samples.PATENTSVIEW),
    "regpat": Target(reader("regpat", "ipc"), samples.REGPATS),
    "uspto_xml": Target(reader("uspto_xml", file="a.xml"), samples.USPTO),
    "epo_xml": Target(reader("epo_xml", file="a.xml"), samples.EPO),
    "crunchbase": Target(reader("crunchbase", "organizations"), samples.CRUNCHBASE),
    "table_csv": Target(reader("table", file="a.csv", columns=COLUMNS, window=(1990, 2020)), samples.TABLES),
    "table_tagged": Target(
        reader("table", columns={"record": "UT", "year": "PY", "address": {"from": "C1", "split": ";"}}),
        samples.TAGGED,
    ),
    "table_json": Target(reader("table", file="a.jsonl", columns=COLUMNS), samples.JSON_ROWS),
    "table_parquet": Target(reader("table", file="a.parquet", columns=COLUMNS), samples.PARQUET_ROWS),
    "table_parts": Target(reader("table", file="a.csv", columns=PARTS, missing=("NA",)), samples.PARTS),
    "table_nested": Target(
        reader("table", file="a.json", columns={"city": "city", "year": "../year"}, rows="results[*].hits[*]"),
        samples.NESTED,
    ),
    "form_d": Target(reader("form_d", file="a.zip"), samples.FORM_D),
    "new_study": Target(new_study_of, [*samples.TABLES, *samples.JSON_ROWS, *samples.NESTED, *samples.OPENALEX]),
    "study": Target(study_file, samples.STUDIES),
    "addresses": Target(addresses, samples.ADDRESSES, resolver),
    "register": Target(register, samples.REGISTERS),
    "requests": Target(requests, samples.REQUESTS, server),
}


def started_from(name):
    """Return the samples of a target, and the inputs that were once answered wrongly."""
    faulty = sorted((Path(__file__).parent / "regressions" / name).glob("*"))
    return [*TARGETS[name].seeds, *(path.read_bytes() for path in faulty)]
