"""The start script is plain sh, and says what it can do."""

import subprocess

import pytest

from tests.architecture.project import ROOT


def test_it_is_plain_sh() -> None:
    assert (ROOT / "dev").read_text().startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", "dev"], cwd=ROOT, check=True)


@pytest.mark.parametrize("arguments", [[], ["什么"]])
def test_it_lists_its_verbs(arguments: list[str]) -> None:
    done = subprocess.run(["./dev", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    verbs = [line.split()[1] for line in done.stderr.splitlines()]
    assert (done.returncode, done.stdout) == (2, "")
    assert verbs == ["run", "test", "check", "manage", "bench", "lock", "bundle"]
