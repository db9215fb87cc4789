"""The site, built once for all tests of it, in whichever workers they are."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.markdown import ROOT

_PATIENCE_S = 600  # a hang, not a slow machine


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with `html` and `man` in it. Building it tells of nothing that is wrong."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # that of all workers
    with (folder / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "site.built").exists():
            _build(folder / "site")
            (folder / "site.built").touch()
    return folder / "site"


def _build(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "website", "--output", folder],
        cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.returncode == 0
