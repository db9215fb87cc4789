"""`quecsim ctl log`, as its user calls it, against a simulator in a process of its own."""

import re
import select
import subprocess
import sys
from collections.abc import Iterator

import msgspec
import pytest
from click.testing import CliRunner, Result

from quecsim.cli.ctl import ctl
from quecsim.cli.ctl_log import _told
from quecsim.errors import QuecsimError
from quecsim.live.control.client import ControlClient, simulators
from quecsim.render.dialogue import DialogueText
from quecsim.trace.event import Event, Power
from tests.e2e.simulator import RunningSimulator, ask
from tests.live.control.bench import runtime_folder

pytestmark = pytest.mark.pty


@pytest.fixture
def simulator() -> Iterator[RunningSimulator]:
    with runtime_folder(), RunningSimulator("ec200u", "--time-scale", "50") as running:
        yield running


def call(*arguments: str) -> Result:
    """The command in this process; a mistake of the user's is raised."""
    done = CliRunner().invoke(ctl, ["log", *arguments], standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done


def test_what_has_happened_so_far_and_no_control_code(simulator: RunningSimulator) -> None:
    with simulator.open() as port:
        ask(port, b"AT+CMEE=2")
    shown = call().stdout
    assert shown.splitlines()[0].split()[:3] == ["0.000000", "run", "--"]
    assert "  at     ->  AT+CMEE=2\n" in shown
    assert "\x1b" not in shown
    only = call("--only", "at", "--times", "clock").stdout.splitlines()
    assert all(re.match(r"\d\d:\d\d:\d\d\.\d{6}  at  ", row) for row in only)


def test_from_now_on_until_the_end(simulator: RunningSimulator) -> None:
    with simulator.open() as port:
        ask(port, b"AT+CMEE=2")
        command = [sys.executable, "-m", "quecsim", "ctl", "log", "-f", "--since", "now"]
        options = ["--only", "at,run", "--times", "clock"]
        with subprocess.Popen([*command, *options], stdout=subprocess.PIPE) as follower:
            assert follower.stdout is not None
            while not select.select([follower.stdout], [], [], 0)[0]:  # it takes a while to start
                ask(port, b"ATI")
            first = follower.stdout.readline()
            assert simulator.stop() == 0
            rest = follower.stdout.read()
    assert re.match(rb"\d\d:\d\d:\d\d\.\d{6}  at  ", first)
    assert b"CMEE" not in first + rest
    assert b"the run ends" in rest
    assert follower.returncode == 0


def test_from_a_number_on(simulator: RunningSimulator) -> None:
    with simulator.open() as port:
        ask(port, b"AT+CMEE=2")
    with ControlClient(simulators()[0][0]) as client:
        events = [msgspec.json.decode(raw, type=Event) for raw in client.events()]
    for since in (0, 3, len(events), len(events) + 7):
        rows = call("--since", str(since)).stdout.splitlines()
        assert rows == DialogueText(since=since).feed(events)


def test_a_wrong_group_is_told(simulator: RunningSimulator) -> None:
    assert simulator.port
    with pytest.raises(QuecsimError, match='no group "att"'):
        call("--only", "att")


def test_what_is_not_kept_any_more_is_told_as_a_number() -> None:
    text = DialogueText(since=20)
    (note,) = _told(text, b'{"missed":19}')
    assert note.endswith("run    !!  19 EVENTS LEFT OUT: they are not kept any more")
    raw = b'{"event_number":19,' + msgspec.json.encode(Power(5, "on", "x"))[1:]
    assert _told(text, raw) == []
    assert len(_told(text, raw)) == 1
