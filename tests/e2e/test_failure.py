"""A simulator that fails in the middle of a run: the program is stopped, the record is kept."""

import subprocess
import sys
from pathlib import Path

import pytest

from quecsim.trace.event import HostBytes
from quecsim.trace.jsonl import read_trace

pytestmark = pytest.mark.pty
PATIENCE_S = 120
BROKEN = """
import sys
from quecsim.device import Device
from quecsim.cli.main import main
def broken(*_details, **_more):
    raise AssertionError("bytes vanished")
Device.handle_run = broken
sys.argv = ["quecsim", *sys.argv[1:]]
main()
"""
HOST = """
import os, sys, time
os.write(os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY), b"AT\\r")
time.sleep(3600)
"""


def fail(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", BROKEN, *arguments]
    host = ["--", sys.executable, "-c", HOST, "{port}"]
    return subprocess.run(
        [*command, *host], capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )


def the_message(done: "subprocess.CompletedProcess[str]") -> str:
    assert done.returncode == 70
    assert "Traceback" not in done.stderr
    assert done.stderr.count("the simulator has failed: AssertionError: bytes vanished") == 1
    assert "a mistake of quecsim and not of your program" in done.stderr
    return done.stderr


def test_run_with_a_trace_names_it_and_it_is_whole(tmp_path: Path) -> None:
    trace = tmp_path / "run.jsonl"
    assert f"the record up to there: {trace}" in the_message(fail("run", "--trace", str(trace)))
    header, events = read_trace(trace)
    assert not header.torn_bytes
    assert any(isinstance(event, HostBytes) for event in events)


@pytest.mark.parametrize("command", [["run"], ["check", "ec200u"]], ids=["run", "check"])
def test_without_a_trace_the_record_is_kept_all_the_same(command: list[str]) -> None:
    message = the_message(fail(*command))
    place = Path(message.partition("the record up to there: ")[2].splitlines()[0])
    assert any(isinstance(event, HostBytes) for event in read_trace(place)[1])
    place.unlink()
