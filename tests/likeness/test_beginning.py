from typing import Any

import pytest
import serial

from quecsim.likeness.comparison import Comparison, Record, compare, record_of
from quecsim.profiles.loader import load_profile
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from tests.likeness.device import Host, ask, asks, session, uploads

PROFILE = load_profile("ec200u")


def both(host: Host, **options: Any) -> tuple[Record, Comparison]:
    record = record_of(session(host, **options), PROFILE)
    return record, compare(record, PROFILE)


@pytest.mark.parametrize("cmee", [0, 2])
def test_errors_tell_how_they_are_told(cmee: int) -> None:
    record, found = both(asks('AT+QFLST="no"', "AT+CMEE?"), quirks={"cmee": cmee})
    assert record.beginning.cmee == cmee
    assert record.beginning.words(PROFILE) == [f"AT+CMEE={cmee}"]
    assert found.differences == ()


def test_what_the_host_sets_itself_is_no_beginning() -> None:
    record, found = both(asks("AT+CMEE=2", 'AT+QFLST="no"', "ATE0", "AT"))
    assert record.beginning.cmee is None
    assert record.beginning.words(PROFILE) == []
    assert found.differences == ()


def test_an_echo_that_was_off_is_off() -> None:
    record, found = both(asks("AT", "ATE1", "AT"), quirks={})
    assert record.beginning.echo is True
    assert found.differences == ()
    without_echo = session(asks("ATE0", "AT", "ATI", "ATE1", "AT"))
    start, rest = without_echo[0], _behind_first_line(without_echo)
    record = record_of([start, *rest], PROFILE)
    assert record.beginning.echo is False
    assert record.beginning.words(PROFILE) == ["echo off"]
    assert compare(record, PROFILE).differences == ()


def _behind_first_line(events: list[Event]) -> list[Event]:
    """Somebody began to listen after the first answer."""
    place = next(n for n, event in enumerate(events) if isinstance(event, ev.Result))
    return events[place + 1 :]


def test_files_that_were_there_are_there_with_their_content() -> None:
    stored = {"a.txt": b"what it was", "b.txt": b"x" * 700}
    lines = ("ATE0", 'AT+QFLST="b.txt"', 'AT+QFDWL="a.txt"', 'AT+QFUPL="a.txt",3,1',
             'AT+QFDEL="a.txt"', 'AT+QFLST="a.txt"')  # fmt: skip

    def host(port: serial.SerialBase) -> None:
        for line in lines:
            ask(port, line)

    record, found = both(host, files=stored)
    assert record.beginning.files == {"b.txt": bytes(700), "a.txt": b"what it was"}
    assert found.differences == ()


def test_a_file_that_the_host_has_made_was_not_there() -> None:
    lines = ('AT+QFOPEN="new.txt",0', "AT+QFCLOSE=1027", 'AT+QFDEL="new.txt"')
    record, found = both(asks(*lines))
    assert record.beginning.files == {}
    assert found.differences == ()


def test_a_device_that_looks_for_the_rate_has_found_it_or_has_not() -> None:
    m95 = load_profile("m95")
    for before in ((), ("AT", "AT")):

        def host(port: serial.SerialBase, before: tuple[str, ...] = before) -> None:
            for line in (*before, "ATI"):
                ask(port, line)

        events = session(host, "m95")
        record = record_of(events, m95)
        assert not record.beginning.knows_rate
        assert compare(record, m95).differences == ()


@pytest.mark.parametrize("device", ["ec200u", "m95"])
def test_data_that_is_faster_than_the_line_came_over_usb(device: str) -> None:
    profile = load_profile(device)
    speed = {"interface": "usb"} if profile.usb is not None else {"speed": "unlimited"}
    events = session(uploads(bytes(20_000)), device, **speed)
    record = record_of(events, profile)
    assert record.beginning.is_fast
    assert "faster than the line" in " ".join(record.beginning.words(profile))
    found = compare(record, profile)
    assert found.differences == ()
    assert [pair.what for pair in found.pairs if pair.differs] == []


def test_data_at_the_rate_of_the_line_did_not() -> None:
    record, _ = both(uploads(bytes(20_000)))
    assert not record.beginning.is_fast
