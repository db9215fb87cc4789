"""The Python hosts in virtual time: what the right one says is so, whatever happens."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.scenario.loader import load_scenario
from quecsim.virtual.run import FunctionRun, run_function
from tests.examples.hosts import HOSTS, PAYLOAD, found

NAME = "UFS:ca.pem"


def loaded(which: str) -> ModuleType:
    """right.py or wrong.py as a module."""
    spec = importlib.util.spec_from_file_location(f"example_{which}", HOSTS / f"python/{which}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RIGHT, WRONG = loaded("right"), loaded("wrong")


def run(scenario: str, function: Callable[..., Any], data: bytes = PAYLOAD) -> FunctionRun:
    return run_function(load_scenario(found(scenario)), function, NAME, data)


SURVIVED = """
    thread-57329 typical-flash worst-flash fast-line m95-nvram ec200t-fota eg912y-wrong-package
    already-there.toml long-stop.toml awkward.toml
"""


@pytest.mark.parametrize("scenario", SURVIVED.split())
def test_the_right_host_survives(scenario: str) -> None:
    done = run(scenario, RIGHT.upload)
    assert done.error is None
    assert done.content == PAYLOAD


@given(data=st.binary(min_size=1, max_size=3100))
@settings(max_examples=60, deadline=None)
def test_the_right_host_takes_any_bytes(data: bytes) -> None:
    done = run("thread-57329", RIGHT.upload, data)
    assert done.error is None
    assert done.content == data


@pytest.mark.parametrize("scenario", ["fcm242d-certificate", "fgm842d-paced"])
def test_the_right_host_says_no(scenario: str) -> None:
    done = run(scenario, RIGHT.upload)
    assert not done.claim
    assert isinstance(done.error, RIGHT.UploadError)


@pytest.mark.parametrize("mistake", ["size_in_characters", "println"])
def test_a_wrong_size_or_wrong_line_ends_never_work(mistake: str) -> None:
    done = run("typical-flash", WRONG.MISTAKES[mistake])
    assert not done.claim
    assert done.content != PAYLOAD


def test_the_host_that_does_not_compare_says_yes_to_a_damaged_file() -> None:
    done = run("thread-57329", WRONG.no_compare)
    assert done.claim
    assert done.content != PAYLOAD


def with_fault(folder: Path, fault: str) -> str:
    path = folder / "fault.toml"
    lines = fault.replace("; ", "\n")
    path.write_text(f'title = "A"\nshows = "B."\ndevice = "ec200u"\n[[fault]]\n{lines}\n')
    return str(path)


@pytest.mark.parametrize(
    "fault",
    [
        'kind = "ack_lost"',
        'kind = "connect_late"; delay_ms = 3000',
        'kind = "error_reply"; command = "+QFUPL"; reply = "+CME ERROR: 409"; times = 2',
        'kind = "split_reply"; every = 1; pause_ms = 300',
        'kind = "urc"; moment = "inside_reply"',
        'kind = "urc"; moment = "before_ack"; text = "ALERT"',
        'kind = "reset"; at_byte = 1500',
        'kind = "power_cut"; at_byte = 2862; off_ms = 3000',
        'kind = "existing_file"; name = "UFS:ca.pem"; bytes_count = 5',
        'kind = "bit_error"; at_byte = 500',
        'kind = "drop_bytes"; at_byte = 900',
        'kind = "insert_bytes"; at_byte = 900',
        'kind = "drop_bytes"; direction = "to_host"; at_byte = 20',
    ],
)
def test_the_right_host_gets_over_a_fault(fault: str, tmp_path: Path) -> None:
    done = run(with_fault(tmp_path, fault), RIGHT.upload)
    assert done.error is None
    assert done.content == PAYLOAD
    assert [count.fired for count in done.report.faults] != [0]


@pytest.mark.parametrize(
    "fault",
    [
        'kind = "disk_full"',
        'kind = "power_cut"; at_byte = 1500',
        'kind = "error_reply"; command = "+QFUPL"; reply = "+CME ERROR: 409"; times = 9',
        'kind = "bit_error"; per_million = 5000',
    ],
)
def test_the_right_host_says_so_when_it_cannot(fault: str, tmp_path: Path) -> None:
    done = run(with_fault(tmp_path, fault), RIGHT.upload)
    assert not done.claim
    assert isinstance(done.error, (RIGHT.UploadError, TimeoutError))
    assert [count.fired for count in done.report.faults] != [0]
