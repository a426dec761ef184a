"""What a clone contains: nothing of others, no addresses of registries, a README one can read."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.project import ROOT, files, name

THIRD_PARTY = re.compile(r"(^|/)(vendor|node_modules)/|\.min\.(js|css)$|\.(ttf|otf|ttc|woff2?|whl|deb|map)$")
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def tracked() -> list[str]:
    if (
        not (ROOT / ".git").exists() or shutil.which("git") is None
    ):  # an unpacked release: all of it was tracked
        return [name(path) for path in files("*")]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [path for path in listed.stdout.split("\0") if path]


def test_nothing_of_others_is_tracked() -> None:
    assert [path for path in tracked() if THIRD_PARTY.search(path)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_names_versions_and_hashes_and_nothing_else(lock: Path) -> None:
    requirement = re.compile(r"[a-z0-9-]+==[^ ]+( ; [^\\:]+)?( \\)?|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lock.read_text().splitlines() if not requirement.fullmatch(line)] == []


def test_three_locks() -> None:
    names = ["requirements.bootstrap.lock", "requirements.dev.lock", "requirements.lock"]
    assert [lock.name for lock in LOCKS] == names


def test_the_running_lock_is_part_of_the_development_lock() -> None:
    """Both are installed into one environment in turn: the same versions everywhere."""
    run, develop = (
        {line.split(" \\")[0] for line in (ROOT / lock).read_text().splitlines() if "==" in line}
        for lock in ("requirements.lock", "requirements.dev.lock")
    )
    assert run - develop == set()


def test_readme_fits_a_short_sitting() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 80
