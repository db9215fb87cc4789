"""The control socket, followed and asked from threads."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import quecsim
from quecsim.errors import QuecsimError
from quecsim.live.control.client import SimulatorEndedError
from quecsim.trace.event import Event, Start
from quecsim.tui.feed import Desk, Follower
from tests.live.control.bench import PATIENCE_S, runtime_folder

pytestmark = pytest.mark.pty


@pytest.fixture(autouse=True)
def runtime() -> Iterator[Path]:
    with runtime_folder() as folder:
        yield folder


def followed(follower: Follower, count: int) -> list[Event | int]:
    items: list[Event | int] = []
    while len(items) < count and not follower.has_ended:
        items += follower.take(count)
    return items


def test_all_events_from_the_first_to_the_end() -> None:
    with quecsim.open("ec200u", ctl=True, time_scale=100) as device:
        follower = Follower(device.ctl or "")
        follower.start()
        first = followed(follower, 2)
        assert isinstance(first[0], Start)
        device.cut_power()
        expected = device.events()
    items = [*first, *followed(follower, 10**6)]
    assert items[: len(expected)] == expected
    assert type(items[-1]).__name__ == "End"
    assert follower.has_ended
    assert follower.trouble == ""
    follower.close()


def test_events_that_are_not_kept_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quecsim.trace.log.EventLog.first_number", property(lambda _log: 3))
    with quecsim.open("ec200u", ctl=True) as device:
        device.cut_power()
        device.power_on()
        follower = Follower(device.ctl or "")
        follower.start()
        assert followed(follower, 1) == [3]
        follower.close()


def test_hanging_up_while_nothing_happens() -> None:
    with quecsim.open("ec200u", ctl=True) as device:
        follower, desk = Follower(device.ctl or ""), Desk(device.ctl or "")
        follower.start()
        desk.start()
        follower.close()
        desk.close()
        assert follower.has_ended or follower.take(99)


def test_damage_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quecsim.tui.feed._read", lambda line: 1 // 0)
    with quecsim.open("ec200u", ctl=True) as device:
        follower = Follower(device.ctl or "")
        follower.start()
        assert followed(follower, 1) == []
        assert follower.trouble.startswith("ZeroDivisionError")
        follower.close()


def test_questions_are_answered_in_their_order_or_refused() -> None:
    answers: list[Any] = []
    come = threading.Semaphore(0)

    def power(client: Any) -> Any:
        come.release()
        return client.power()

    with quecsim.open("ec200u", ctl=True) as device:
        desk = Desk(device.ctl or "")
        desk.start()
        desk.ask(lambda client: client.inject("no_such", {}), answers.append)
        desk.ask(power, answers.append)
        assert come.acquire(timeout=PATIENCE_S)
        while len(answers) < 2:
            desk.deliver()
        assert isinstance(answers[0], QuecsimError)
        assert answers[1] == "on"
    desk.ask(lambda client: client.power(), answers.append)
    while len(answers) < 3:
        desk.deliver()
    assert isinstance(answers[2], SimulatorEndedError)
    desk.close()
