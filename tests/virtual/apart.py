"""Hosts that could hang the tests: they run in a process of their own."""

import subprocess
import sys

_LONGEST_S = 60

INTERRUPTED = "from tests.virtual.interrupts import main; main({!r}, {!r}, {!r})"


def run_apart(script: str) -> str:
    """Run a Python script to its end; what it printed. Fails where it fails, or does not end."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=_LONGEST_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout
