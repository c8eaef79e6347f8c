"""A source may have more files than a process may open."""

import subprocess
import sys

import pytest

from hostile.small_worlds import STUDY
from proof import cases

FILES, LIMIT = cases(36, 1_100), cases(34, 1_024)
RUN = """
import resource, sys
from pathlib import Path
from hubrank import pipeline
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]),) * 2)
edition = pipeline.run(Path(sys.argv[2]), Path(sys.argv[3]))
print(edition.manifest["sources"][0]["rows_kept"], edition.manifest["sources"][0]["copies"])
"""


@pytest.mark.slow
def test_there_may_be_more_files_than_a_process_may_open(tmp_path):
    for number in range(FILES):
        rows = [f"r{number}-{record},1,48.8{record},2.3{record}\n" for record in range(10)]
        if number in (1, FILES - 1):
            rows[0] = "copied,1,48.85,2.35\n"
        (tmp_path / f"patents-{number}.csv").write_text("id,no,lat,lon\n" + "".join(rows))
    (tmp_path / "study.toml").write_text(STUDY)
    command = [sys.executable, "-c", RUN, str(LIMIT), str(tmp_path / "study.toml"), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{10 * FILES} 1\n"
