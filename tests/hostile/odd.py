"""Run a small study in odd environments: the same bytes, or one clear sentence before a row is read.

`python tests/hostile/odd.py FOLDER` prints one line of JSON for each environment: its name, the exit code, what was
printed on standard error, whether a row was read, and whether the edition is the expected one. Each run is a process
forked from this one, with the whole command line.
"""

import json
import os
import resource
import shutil
import sys
import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from hostile.small_worlds import contents, other_cache, run, world
from hubrank import cli, pipeline
from hubrank.clustering.cities import atlas

NOBODY = 65_534
ROOT = os.geteuid() == 0


def limit(kind, most):
    return lambda _: resource.setrlimit(kind, (most, most))


def variable(**values):
    """Set variables of the environment; None removes one."""

    def change(_):
        for name, value in values.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value

    return change


def user(place, *, owned=("cache", "tmp", "out parent")):
    """Run as nobody, who owns only some of the folders."""
    for name in ("cache", "tmp", "out parent"):
        folder = place / name
        if name in owned:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def as_user(*owned, closed=None):
    def change(place):
        if closed:
            (place / closed).chmod(0o700)
        user(place, owned=owned)

    return change


def both(*changes):
    return lambda place: [change(place) for change in changes]


def close(number):
    return lambda _: os.close(number)


def no_folder(place):
    gone = place / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()


def file_as_cache(place):
    (place / "file").write_text("a file")
    os.environ["HUBRANK_CACHE"] = str(place / "file")


def linked_out(place):
    (place / "elsewhere").mkdir()
    (place / "out parent/out").symlink_to(place / "elsewhere/real")


OWNED = ("cache", "tmp", "out parent")
CASES = {
    "nothing odd": lambda _: None,
    "no HOME": variable(HOME=None),
    "HOME that is not there": variable(HOME="/nonexistent"),
    "no TMPDIR": variable(TMPDIR=None),
    "TMPDIR that is not there": variable(TMPDIR="/nonexistent"),
    "no variable at all": lambda _: [os.environ.pop(name) for name in list(os.environ) if name != "HUBRANK_CACHE"],
    "64 open files": limit(resource.RLIMIT_NOFILE, 64),
    "48 open files": limit(resource.RLIMIT_NOFILE, 48),
    "files of at most 1 kB": limit(resource.RLIMIT_FSIZE, 1_000),
    "a stack of 1 MB": limit(resource.RLIMIT_STACK, 1 << 20),
    "no core files": limit(resource.RLIMIT_CORE, 0),
    "umask 077": lambda _: os.umask(0o077),
    "umask 000": lambda _: os.umask(0),
    "umask 027": lambda _: os.umask(0o027),
    "C locale": variable(LC_ALL="C", LANG="C"),
    "Turkish locale": variable(LC_ALL="tr_TR.UTF-8", LANG="tr_TR.UTF-8"),
    "a locale that is not there": variable(LC_ALL="xx_XX"),
    "Kiritimati": variable(TZ="Pacific/Kiritimati"),
    "Pago Pago": variable(TZ="Pacific/Pago_Pago"),
    "a zone that is not there": variable(TZ="Nowhere/Never"),
    "two processors": lambda _: os.sched_setaffinity(0, {0, 1}),
    "no input": close(0),
    "no screen": close(1),
    "no folder to be in": no_folder,
    "a file as the cache": file_as_cache,
    "no terminal": variable(TERM=None),
    "a dumb terminal of 1 column": variable(TERM="dumb", COLUMNS="1"),
    "a link as --out": linked_out,
    "colours forced": variable(FORCE_COLOR="1"),
    "another user": as_user(*OWNED),
    "another user, umask 077": both(lambda _: os.umask(0o077), as_user(*OWNED)),
    "a cache that may only be read": as_user("tmp", "out parent"),
    "a cache that may not be read": as_user("tmp", "out parent", closed="cache"),
    "a folder of temporary files that may not be written": as_user("cache", "out parent"),
    "an --out that may not be written": as_user("cache", "tmp"),
    "another user, 64 open files": both(limit(resource.RLIMIT_NOFILE, 64), as_user(*OWNED)),
}
FOLDERS = ["a folder [1]", 'it\'s "quoted"', "üñ 東京", "new\nline", "-dash", "a" * 250, os.fsdecode(b"caf\xe9")]


def scene(place):
    """Write a world, a cache with the compiled gazetteer and folders, for one run."""
    study = world(place)
    for name in ("tmp", "out parent"):
        (place / name).mkdir()
    environment = other_cache(place / "cache")
    shutil.copytree(Path(os.environ["HUBRANK_CACHE"]) / "shards", place / "cache/shards", dirs_exist_ok=True)
    return study, place / "out parent/out", environment | {"TMPDIR": str(place / "tmp")}


def command(place, change):
    """Run the command line in this process, which is a forked one, in an odd environment."""
    study, out, environment = scene(place)
    for number in (1, 2):
        os.dup2(os.open(place / f"screen{number}", os.O_WRONLY | os.O_CREAT, 0o666), number)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    os.sched_setaffinity(0, {0})
    change(place)
    sys.argv = ["hubrank", "run", str(study), "--out", str(out)]
    sys.stdout, sys.stderr = (reopened(number) for number in (1, 2))
    code = cli.run_guarded()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    if change is CASES["nothing odd"]:
        (place / "modules.json").write_text(json.dumps(sorted(sys.modules)))
    os._exit(code)


def reopened(number):
    try:
        return os.fdopen(os.dup(number), "w", encoding="utf-8")
    except OSError:
        return None  # as Python has it where a stream is closed


def tried(name, place, change, expected):
    """Return what a run in an odd environment did."""
    place.mkdir(parents=True)
    place.parent.chmod(0o755)
    child = os.fork()
    if not child:
        command(place, change)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    lines = (place / "screen2").read_text("utf-8").splitlines()
    messages = [line for line in lines if not line.startswith("[")]
    return {
        "environment": name,
        "exit": code,
        "messages": messages,
        "read": any("] reading" in line for line in lines),
        "same": contents(place / "out parent/out") == expected,
    }


def import_all(file):
    """Import what a run imports, so that a user who may not read this Python has it."""
    for name in json.loads(file.read_text()) if file.exists() else ():
        with suppress(ImportError):
            import_module(name)


def main(folder):
    """Try each environment."""
    pipeline.prepare(lambda *_: None)
    atlas()
    expected = contents(run(world(folder / "plain"), folder / "plain/out").folder)
    everyone = {name: change for name, change in CASES.items() if ROOT or ("user" not in name and "may" not in name)}
    cases = [(name, folder / f"case{number}", change) for number, (name, change) in enumerate(everyone.items())]
    cases += [(f"in {name!a}", folder / "named" / name, CASES["nothing odd"]) for name in FOLDERS]
    for case in cases:
        import_all(folder / "case0/modules.json")
        print(json.dumps(tried(*case, expected)), flush=True)  # noqa: T201 (a script)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
