"""Properties are tried on the same examples each time: a search for new ones is started on purpose.

`HYPOTHESIS_PROFILE=search ./try test tests/flash` draws others at every run, and more of them.
"""

import gc
import importlib
import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).parent

# No deadline: machines are noisy, and how long an example takes says nothing.
settings.register_profile("same", derandomize=True, database=None, deadline=None, max_examples=50)
settings.register_profile("search", derandomize=False, deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# A run in the background, or under nohup, ignores these, and so would all programs that it starts.
for number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Each of several workers begins to load the tests at another place.

    All of them need all modules, and pytest compiles them its own way. In step they would all do
    that for each module; so one does it, and the others find it done.
    """
    worker = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args != ["tests"]:
        return
    names = [
        ".".join(("tests", *path.relative_to(TESTS).with_suffix("").parts))
        for path in sorted(TESTS.rglob("test_*.py"))
    ]
    begin = len(names) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for name in names[begin:] + names[:begin]:
        importlib.import_module(name)


def pytest_collection_finish() -> None:
    """What was loaded lives until the end: it is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
