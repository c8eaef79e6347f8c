"""Several processes make the shards of a study: their number changes no byte, and what goes wrong is told as by one."""

import os
import signal
import time
from contextlib import contextmanager
from functools import partial
from multiprocessing import parent_process
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hostile.small_worlds import contents, world
from hubrank import pipeline
from hubrank.core.atomic_folder import atomic_cache_folder
from hubrank.core.errors import DataError, HubrankError
from hubrank.core.intact import is_intact
from hubrank.core.progress import no_progress
from hubrank.counting import shard_processes
from hubrank.counting.shard_files import LocatedShard, shard_folder
from hubrank.counting.shards import cached_shard, locate_shards, settings, shards, source_resolvers
from hubrank.engines.workspace import local_engine
from hubrank.geocoding import parallel
from hubrank.geocoding.parallel import ParallelGeocoder
from hubrank.sources.formats.lines import EncodingError
from hubrank.sources.inputs import Inputs
from hubrank.study.study_file import parse, read_raw

FILES = 4


@pytest.fixture
def study(tmp_path):
    return world(tmp_path, FILES)


@pytest.fixture
def pools(monkeypatch):
    """Return the sizes of the pools of processes that are started."""
    sizes, start = [], shard_processes.process_pool

    @contextmanager
    def counted(processes):
        sizes.append(processes)
        with start(processes) as pool:
            yield pool

    monkeypatch.setattr(shard_processes, "process_pool", counted)
    return sizes


def inputs_of(path):
    study = parse(read_raw(path), path)
    return study, Inputs(study, path.parent)


def missing(path):
    return shards(*inputs_of(path))


def make_shards(path, work, processes=2, report=lambda *_: None):
    """Make the shards of a study in several processes, with this work."""
    study, inputs = inputs_of(path)
    resolver = source_resolvers(settings(study, inputs))
    parts = shards(study, inputs)
    jobs = [shard_processes.Job(shard, partial(resolver, shard.section), not_there) for shard in parts]
    with local_engine(memory=None, threads=None) as engine:
        shard_processes.make(work, jobs, engine, report, processes)


def not_there():
    raise AssertionError("nothing is located in another process")


def finished():
    return {path.name: path.stat().st_ino for path in shard_folder().glob("[!.]*")}


def drafts():
    return list(shard_folder().glob(".shard.*"))


def tables(folder):
    """Return per shard the hashes of its files; of its addresses, which are in no order, the rows."""
    entries = {}
    for shard in folder.glob("[!.]*"):
        files = contents(shard)
        addresses = pq.read_table(shard / "addresses.parquet").sort_by("address_key").to_pylist()
        entries[shard.name] = (
            {name: files[name] for name in set(files) - {"addresses.parquet", "hashes.json"}},
            addresses,
        )
    return entries


def test_the_number_of_processes_changes_no_byte(study, cache, tmp_path, pools):
    editions, parts = [], []
    for workers in (1, 2, 3):
        for folder in shard_folder().glob("*"):
            folder.rename(tmp_path / f"{workers}-{folder.name}")
        editions.append(contents(pipeline.run(study, tmp_path / f"out-{workers}", workers=workers).folder))
        parts.append(tables(cache / "shards"))
    assert pools == [1, 2]
    assert len(parts[0]) == FILES
    assert parts[1] == parts[0]
    assert parts[2] == parts[0]
    assert editions[1] == editions[0]
    assert editions[2] == editions[0]


def half_and_killed_elsewhere(shard, resolver, engine):
    if parent_process() is None:
        cached_shard(shard, resolver, engine)
        return
    with atomic_cache_folder(LocatedShard.of(shard).folder) as folder:
        (folder / "located.parquet").write_bytes(b"half")
        os.kill(os.getpid(), signal.SIGKILL)


def located(path, processes=1, progress=no_progress):
    study, inputs = inputs_of(path)
    with local_engine(memory=None, threads=None) as engine:
        return locate_shards(study, inputs, engine, progress, processes)


def test_only_several_processes_share_answers(study, monkeypatch):
    folders = []
    make = lambda _, jobs, *__: folders.append({job.elsewhere.settings.shared for job in jobs})  # noqa: E731
    monkeypatch.setattr(shard_processes, "make", make)
    located(study)
    located(study, 2)
    assert folders[0] == {None}
    assert [folder.name for folder in folders[1]] == ["answers-0"]


@pytest.mark.parametrize(("use", "in_parallel"), [(["coordinates", "names"], True), (["names", "service"], False)])
def test_one_process_alone_asks_a_service(tmp_path, monkeypatch, use, in_parallel):
    seen = []
    monkeypatch.setattr(shard_processes, "make", lambda _, jobs, *__: seen.extend(jobs))
    parsed, inputs = inputs_of(world(tmp_path, 1))
    parsed = parsed.model_copy(update={"geocoding": parsed.geocoding.model_copy(update={"use": use})})
    with local_engine(memory=None, threads=None) as engine:
        locate_shards(parsed, inputs, engine, no_progress, 2)
    assert {isinstance(job.here(), ParallelGeocoder) for job in seen} == {in_parallel}


def test_a_long_table_says_how_far_it_is_located(study, monkeypatch):
    (study.parent / "patents.csv").write_text("id,no,city\n" + "".join(f"{n},1,Town {n}\n" for n in range(9)))
    study.write_text(
        study.read_text().replace('"patents*.csv"', '"patents.csv"').replace('["coordinates"]', '["names"]')
    )
    study.write_text(study.read_text().replace('lat = "lat", lon = "lon"', 'city = "city"'))
    monkeypatch.setattr(parallel, "ROWS", 1)
    monkeypatch.setattr(parallel, "SHOWN_S", 0.0)
    steps = []
    located(study, 2, progress=lambda *step: steps.append(step))
    rows = [(done, of) for what, done, of in steps if what == "locating addresses"]
    assert rows == [(done, 9) for done in range(1, 10)]


def test_a_killed_process_is_told_and_costs_its_own_shard_only(study):
    located(study)
    whole = tables(shard_folder())
    for each in missing(study)[1:]:
        for file in LocatedShard.of(each).folder.iterdir():
            file.unlink()
        LocatedShard.of(each).folder.rmdir()
    (first,) = finished().items()
    with pytest.raises(HubrankError, match=r"ended by the system.*What was finished is kept.*--workers 1"):
        make_shards(study, half_and_killed_elsewhere)
    before = finished()
    assert before.items() >= {first}
    assert len(before) < FILES
    assert all(is_intact(shard_folder() / name) for name in before)
    assert not drafts()
    located(study, 2)
    assert tables(shard_folder()) == whole
    assert before.items() <= finished().items()


def faulty(shard, _resolver, _engine):
    if shard.number in (1, 3):
        raise DataError(f"shard {shard.number} has a fault")


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_the_fault_that_is_told_is_the_first_in_the_order_of_the_files(study, processes):
    with pytest.raises(DataError, match=r"^shard 1 has a fault$"):
        make_shards(study, faulty, processes)


def refused_while_rows_are_read(_shard, _resolver, engine):
    rows = engine.load(iter([pa.table({"n": [1]})]), pa.schema([("n", pa.int64())]))
    for _ in engine.batches("FROM rows", rows=rows):
        raise DataError("a service refuses to answer")


def test_a_fault_amid_the_rows_of_a_shard_is_told_as_it_is(study):
    with pytest.raises(DataError, match=r"^a service refuses to answer$"):
        make_shards(study, refused_while_rows_are_read)


def encoded_otherwise(_shard, _resolver, _engine):
    if parent_process() is not None:
        raise EncodingError("This is in cp1250.", "State it.", "cp1250")
    time.sleep(2)  # so that the other process takes one, too


def test_an_encoding_that_another_process_names_is_told_as_it_is(study):
    with pytest.raises(EncodingError, match=r"^This is in cp1250\. State it\.$") as raised:
        make_shards(study, encoded_otherwise)
    assert raised.value.encoding == "cp1250"


def slow_elsewhere(shard, _resolver, _engine):
    if parent_process() is None:
        while not drafts():
            time.sleep(0.01)
        raise KeyboardInterrupt
    with atomic_cache_folder(LocatedShard.of(shard).folder):
        time.sleep(60)


def test_an_interrupt_ends_all_processes_at_once_and_leaves_nothing(study):
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        make_shards(study, slow_elsewhere)
    assert time.monotonic() - began < 40
    assert not drafts()
    assert not finished()


def nothing(_shard, _resolver, _engine):
    pass


@pytest.mark.parametrize("processes", [1, 3])
def test_each_shard_is_reported_once_with_how_many_are_finished(study, processes):
    reports = []
    make_shards(study, nothing, processes, lambda shard, done: reports.append((shard.number, done)))
    assert sorted(number for number, _ in reports) == list(range(FILES))
    counts = [done for _, done in reports]
    assert counts == sorted(counts)
    assert processes > 1 or reports == [(number, number) for number in range(FILES)]


def test_there_are_as_many_processes_as_threads_and_memory_where_there_is_enough_to_read(study, monkeypatch):
    parts, enough = missing(study), 4 << 30
    assert shard_processes.processes_for(parts, None, 3, enough) == 1  # a few kilobytes
    assert shard_processes.processes_for(parts, 2, 1, 0) == 2
    assert shard_processes.processes_for(parts, 9, 3, enough) == FILES
    monkeypatch.setattr(shard_processes, "ALONE_BYTES", 0)
    assert shard_processes.processes_for(parts, None, 3, enough) == 3
    assert shard_processes.processes_for(parts, None, 1, enough) == 1
    assert shard_processes.processes_for(parts, None, 3, 1 << 30) == 2
    assert shard_processes.processes_for(parts, None, 3, 1 << 20) == 1
    assert shard_processes.processes_for(parts[:1], None, 3, enough) == 1
    assert shard_processes.processes_for([], None, 3, enough) == 1
    monkeypatch.setattr(shard_processes, "PACKED", (".csv",))
    assert shard_processes.processes_for(parts, None, 3, enough) == 2  # unpacking keeps half a core busy


def test_parquet_is_worth_a_second_process_sooner_than_text_of_the_same_size():
    class File:
        def __init__(self, name):
            self.name = name

        def stat(self):
            return SimpleNamespace(st_size=shard_processes.ALONE_BYTES // 4)

    def processes(name):
        shards = [SimpleNamespace(files=SimpleNamespace(main=[File(name)])) for _ in range(2)]
        return shard_processes.processes_for(shards, None, 2, 4 << 30)

    assert (processes("part.csv"), processes("part.parquet")) == (1, 2)


def test_an_engine_says_what_it_may_use_in_bytes():
    with local_engine(memory="600MB", threads=1) as engine:
        assert (engine.memory_bytes, engine.threads) == (600_000_000, 1)
