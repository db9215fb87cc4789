"""The site, built once for all tests of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.markdown import ROOT

_PATIENCE_S = 600  # a hang, not a slow machine


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with `html` and `man` in it. Building it tells of nothing that is wrong."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "website", "--output", folder],
        cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.returncode == 0
    return folder
