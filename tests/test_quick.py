"""The tests of `make quick` reach every package; each package has a folder of tests; files that come first exist."""

import re
from pathlib import Path

import hubrank

TESTS = Path(__file__).parent
SOURCE = Path(hubrank.__file__).parent
QUICK = (TESTS / "quick.txt").read_text("utf-8").split()
PACKAGES = {path.parent.name for path in SOURCE.glob("*/__init__.py")}


def test_every_package_has_a_folder_of_tests_and_every_folder_a_package():
    folders = {path.parent.name for path in TESTS.glob("*/test_*.py")}
    assert folders == PACKAGES | {"bench", "scripts", "fuzzing", "hostile", "documentation"}


def test_every_package_and_the_pipeline_have_a_quick_test():
    files = {line.partition("::")[0] for line in QUICK}
    missing = {name for name in PACKAGES if not any(file.startswith(f"tests/{name}/test_") for file in files)}
    assert not missing
    assert {"tests/test_pipeline.py", "tests/test_api.py", "tests/test_architecture.py"} <= files


def test_every_quick_test_exists_and_is_listed_once():
    assert len(set(QUICK)) == len(QUICK)
    for line in QUICK:
        file, _, function = line.partition("::")
        assert re.search(rf"^def {function or 'test_'}", (TESTS.parent / file).read_text("utf-8"), re.MULTILINE), line


def test_the_files_that_come_first_exist_and_the_first_has_the_demonstration_made(request):
    plugins = request.config.pluginmanager.get_plugins()
    (longest,) = {plugin.LONGEST for plugin in plugins if hasattr(plugin, "LONGEST")}
    assert [name for name in longest if not (TESTS / name).is_file()] == []
    assert "(demo, " in (TESTS / longest[0]).read_text("utf-8")
