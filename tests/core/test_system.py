"""Locks and the exchange of folders: on this system, and on others that have another call for it or none."""

import os
import re
from pathlib import Path

import pytest

import hubrank
from hubrank.core import system


def two_folders(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    return tmp_path / "one", tmp_path / "other"


def test_two_folders_swap_their_names_in_one_step(tmp_path):
    one, other = two_folders(tmp_path)
    assert system.exchange(one, other)
    assert (one / "other").exists()
    assert (other / "one").exists()


def test_nothing_changes_where_one_of_them_is_not_there(tmp_path):
    one, _ = two_folders(tmp_path)
    assert not system.exchange(one, tmp_path / "missing")
    assert (one / "one").exists()


class MacOS:
    """The library of macOS: no renameat2; renamex_np takes two paths and RENAME_SWAP."""

    def __init__(self):
        self.calls = []

    def renamex_np(self, *arguments):
        self.calls.append(arguments)
        return 0


def test_macos_has_a_call_of_its_own(tmp_path, monkeypatch):
    one, other = two_folders(tmp_path)
    library = MacOS()
    monkeypatch.setattr(system.ctypes, "CDLL", lambda *_, **__: library)
    assert system.exchange(one, other)
    assert library.calls == [(os.fsencode(one), os.fsencode(other), 2)]


@pytest.mark.parametrize("fault", [object, OSError])
def test_a_system_without_such_a_call_says_that_it_cannot(tmp_path, monkeypatch, fault):
    one, other = two_folders(tmp_path)

    def library(*_, **__):
        if fault is OSError:
            raise OSError
        return fault()

    monkeypatch.setattr(system.ctypes, "CDLL", library)
    assert not system.exchange(one, other)
    assert (one / "one").exists()


def test_a_lock_excludes_others_until_its_handle_is_closed(tmp_path):
    handles = [os.open(tmp_path, os.O_RDONLY) for _ in range(3)]
    system.lock(handles[0])
    for shared in (False, True):
        with pytest.raises(BlockingIOError):
            system.lock(handles[1], shared=shared)
    os.close(handles[0])
    system.lock(handles[1], shared=True)
    system.lock(handles[2], shared=True)
    for handle in handles[1:]:
        os.close(handle)


def test_no_other_module_calls_the_system_for_locks_or_exchange():
    root = Path(hubrank.__file__).parent
    names = re.compile(r"\b(fcntl|renameat2|renamex_np|msvcrt)\b")
    users = {path.relative_to(root).as_posix() for path in root.rglob("*.py") if names.search(path.read_text("utf-8"))}
    assert users == {"core/system.py"}
