"""The one way to have a running device: its rig, its record, its answer, its end."""

from collections.abc import Iterable
from pathlib import Path

import pytest

import quecsim
from quecsim.errors import QuecsimError
from quecsim.run.device_run import DeviceRun, new_run
from quecsim.scenario.options import make_scenario
from quecsim.trace.event import CommandLine, End, Event, Power, Start
from quecsim.units import s


def begun(device: str = "ec200u", *, is_up: bool = True) -> DeviceRun:
    run = new_run(make_scenario(device), is_up=is_up)
    run.start()
    return run


def test_the_answer_is_there_at_any_time_and_stays_at_the_end() -> None:
    run = begun()
    run.rig.host_write(0, b"AT\r")
    run.rig.advance(s(1))
    assert run.report(s(1)).counters.sent == 3
    assert not run.has_ended
    last = run.finish(s(2))
    assert last.is_ended
    assert run.has_ended
    assert run.report(s(9)) is last is run.finish(s(9))


def test_it_begins_with_power_up_where_it_is_told_to() -> None:
    run = begun(is_up=False)
    run.collect()
    assert "booting" in [event.state for _, event in run.log.since() if isinstance(event, Power)]


def test_whoever_watches_sees_all_events_once() -> None:
    run = begun()
    early: list[Event] = []
    late: list[Event] = []
    run.watch(early.extend)
    run.rig.host_write(0, b"AT\r")
    run.rig.advance(s(1))
    run.collect()
    run.watch(late.extend)
    run.finish(s(1))
    assert early == late == [event for _, event in run.log.since()]
    assert isinstance(early[0], Start)
    assert isinstance(early[-1], End)
    assert sum(isinstance(event, CommandLine) for event in early) == 1


def test_nothing_new_is_told_to_nobody() -> None:
    calls: list[Iterable[Event]] = []
    run = begun()
    run.collect()
    run.watch(calls.append)
    run.collect()
    assert [list(events) for events in calls[1:]] == []


def test_files_that_do_not_fit_are_the_users_mistake() -> None:
    made = make_scenario("ec200u", files={"UFS:big": bytes(1 << 25)})
    with pytest.raises(QuecsimError, match="the preloaded files cannot be stored"):
        new_run(made)


def test_nothing_else_joins_a_rig_and_its_report() -> None:
    """A second way to run a device is how they came to differ."""
    root = Path(quecsim.__file__).parent
    sources = [path for path in root.rglob("*.py") if path.parent.name != "report"]
    builders = [path for path in sources if "ReportBuilder()" in path.read_text()]
    assert [str(path.relative_to(root)) for path in builders if "Rig" in path.read_text()] == [
        "run/device_run.py"
    ]
