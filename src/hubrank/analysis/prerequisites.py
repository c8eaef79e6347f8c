"""What can be known to fail is reported before the first row is read: all that a study names, and room for a result."""

import errno
import os
import resource
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from hubrank import geocoding
from hubrank.analysis.pair_remarks import pair_remarks
from hubrank.clustering import hdbscan
from hubrank.clustering.area_files import parts_of, read_areas
from hubrank.clustering.areas import Areas, expect_ids
from hubrank.clustering.cities import atlas
from hubrank.clustering.naming import named_cities
from hubrank.clustering.people_table import expect_table
from hubrank.core import edition
from hubrank.core.cache import cache_folder
from hubrank.core.edition import Edition
from hubrank.core.errors import StudyError
from hubrank.core.provenance import Input
from hubrank.counting.shards import settings, shards
from hubrank.sources.inputs import Inputs
from hubrank.study.study import Study
from hubrank.study.study_file import study_of

_LEAST = 1 << 20  # bytes of the smallest edition
_PACKED = 50  # times: no located rows are smaller than their input by more


def expect_prerequisites(study: Study, inputs: Inputs, out: Path | None) -> None:
    """Raise StudyError or DataError for what a run of a study would fail at later; OSError where a disk is full.

    out : the folder of the edition; None where it is not known yet.
    """
    for path in (inputs.base, cache_folder(), Path(tempfile.gettempdir())):
        _expect_text(path)
    if study.robustness.hdbscan or study.clusters.algorithm == "hdbscan":
        hdbscan.expect_installed()
    previous_edition(study, inputs)
    _expect_grid(study, inputs)
    areas_of(study, inputs)
    for key, ids in study.naming.overrides.items():
        named_cities(key, ids, atlas())
    parts = shards(study, inputs)
    of_source = settings(study, inputs)
    for section in study.sources:
        geocoding.expect_usable(of_source(section))
    if out is not None:
        _expect_other(study, inputs, out)
        _expect_text(out.absolute())
        old = (
            sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
            if (out / "edition.json").exists()
            else 0
        )
        _expect_room(out.resolve().parent, max(old, _LEAST))
    unread = (part for part in parts if not (cache_folder() / "shards" / part.key).exists())
    _expect_room(cache_folder(), sum(path.stat().st_size for part in unread for path in part.files.main) // _PACKED)


def missing_previous(study: Study, inputs: Inputs) -> str | None:
    """Return what to do where the previous edition that a study names is not there."""
    path = inputs.base / (study.compare.previous or "")
    if path.exists():
        return None
    folder = path.parent if path.name == "edition.json" else path
    return (
        f"[compare] previous names {study.compare.previous!r}, which does not exist (relative to {inputs.base}). "
        f"Run the study of that edition first, with --out {folder}, or leave [compare] out."
    )


def previous_edition(study: Study, inputs: Inputs) -> Edition | None:
    """Return the previous edition, where the study names one.

    Raises StudyError where it is not there, DataError where its tables are not what it sealed.
    """
    if study.compare.previous is None:
        return None
    if message := missing_previous(study, inputs):
        raise StudyError(message)
    earlier = edition.load(inputs.base / study.compare.previous)
    edition.expect_intact(earlier)
    return earlier


def previous_remarks(study: Study, inputs: Inputs) -> list[str]:
    """Return what makes a study hard to compare with the previous edition that it names, where that is there."""
    if study.compare.previous is None or missing_previous(study, inputs):
        return []
    earlier = study_of(edition.load(inputs.base / study.compare.previous).manifest)
    names = f"the previous edition {earlier.edition}", f"edition {study.edition}"
    return [f"{sentence[0].upper()}{sentence[1:]}" for sentence in pair_remarks(earlier, study, names)]


def _expect_other(study: Study, inputs: Inputs, out: Path) -> None:
    """Raise StudyError where the previous edition is the one that is written: then nothing is left to compare with."""
    if study.compare.previous is None:
        return
    path = inputs.base / study.compare.previous
    folder = path.parent if path.name == "edition.json" else path
    if folder.resolve() == out.resolve():
        raise StudyError(
            f"[compare] previous names {study.compare.previous!r}, the folder that this run writes. Name another one "
            f"with --out, or that of the earlier edition."
        )


def population_grid(study: Study, inputs: Inputs) -> Path | None:
    """Return the grid of people, where the study names one. Raises StudyError where it is not there."""
    if study.population.grid is None:
        return None
    key, named = study.population.grid
    paths = inputs.find(named, f"[population] {key}")
    if len(paths) > 1:
        raise StudyError(f"[population] {key} names {len(paths)} files ({paths[0].name} …); name one.")
    return paths[0]


def _expect_grid(study: Study, inputs: Inputs) -> None:
    """Raise StudyError or DataError where the study names a grid of people that is no use."""
    path = population_grid(study, inputs)
    if path is not None and study.population.table is not None:
        expect_table(path)
    elif path is not None:
        from hubrank.ranking.tables.population_raster import opened_raster  # noqa: PLC0415 (needs the extra `raster`)

        opened_raster(path).close()


def areas_of(study: Study, inputs: Inputs) -> tuple[Input, Areas] | None:
    """Return the file of areas, hashed, and what is in it, where the study names one; a run reads it once.

    Raises StudyError where it is not there, or several are, DataError where it is no use.
    """
    if study.areas is None:
        return None
    paths = inputs.find(study.areas.file, "[areas] file")
    if len(paths) > 1:
        raise StudyError(f"[areas] file names {len(paths)} files ({paths[0].name} …); name one.")
    hashed = tuple(inputs.hashed(path) for path in parts_of(paths[0]))
    areas = _areas(hashed, paths[0], study.areas.id, study.areas.name)
    if study.areas.rank:
        expect_ids(areas)
    return hashed[0], areas


@lru_cache(maxsize=1)
def _areas(hashed: tuple[Input, ...], path: Path, code: str, name: str | None) -> Areas:
    """Read areas; a changed file has another hash."""
    areas = read_areas(path, code, name)
    for file in hashed:
        file.expect_unchanged()
    return areas


def _expect_text(path: Path) -> None:
    if os.fsencode(path).decode("utf-8", "replace") != str(path):
        raise StudyError(f"{os.fsencode(path)!r} contains bytes that are not UTF-8. Rename it, or name another folder.")


def _expect_room(folder: Path, needed: int) -> None:
    """Raise OSError where a folder's disk has less room than is needed at the least."""
    there = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    largest = resource.getrlimit(resource.RLIMIT_FSIZE)[0]  # of a file of this process; negative: no limit
    if shutil.disk_usage(there).free < needed or 0 <= largest < _LEAST // 8:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
