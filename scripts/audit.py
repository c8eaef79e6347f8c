"""Ask for known vulnerabilities of the locked packages; fail on any that is not explained in EXPLAINED.

`make audit` runs it. Where the service that knows them cannot be reached it says so, and proves nothing.
"""

import json
import subprocess
import sys
from typing import Any

EXPLAINED: dict[str, str] = {}  # id of a finding → why it does not concern hubrank


def answers(command: list[str]) -> list[dict[str, Any]]:
    """Return what pip-audit says of each package."""
    process = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (our own words)
    if not process.stdout.strip():
        return []
    return list(json.loads(process.stdout)["dependencies"])


def verdict(packages: list[dict[str, Any]]) -> tuple[int, str]:
    """Return the exit code and what to say."""
    audited = [package for package in packages if "skip_reason" not in package]
    if not audited:
        return 0, f"skipped: no service answered for any of {len(packages)} packages; nothing is proved"
    vulnerabilities = {fault["id"]: package["name"] for package in audited for fault in package["vulns"]}
    new = {fault: name for fault, name in vulnerabilities.items() if fault not in EXPLAINED}
    if new:
        return 1, "\n".join(f"{name}: {fault} is neither mended nor explained" for fault, name in sorted(new.items()))
    return 0, f"{len(audited)} of {len(packages)} packages asked for, {len(vulnerabilities)} findings, each explained"


if __name__ == "__main__":
    code, summary = verdict(answers([*sys.argv[1:], "--format", "json", "--progress-spinner", "off"]))
    print(summary)  # noqa: T201 (a script)
    sys.exit(code)
