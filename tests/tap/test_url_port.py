"""A serial port of another machine as the module's side: that of a simulated device."""

import termios
from contextlib import closing
from pathlib import Path

import pytest

import quecsim
from quecsim.errors import QuecsimError
from quecsim.profiles.loader import load_profile
from quecsim.tap.record import Device
from quecsim.tap.session import Plan, TapSession
from quecsim.tap.url_port import UrlPort
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from quecsim.trace.jsonl import read_trace
from tests.tap.bench import Host

pytestmark = pytest.mark.pty


def session(url: str, trace: Path) -> TapSession:
    device = Device(load_profile("ec200u"), is_given=True)
    return TapSession(UrlPort(url), Plan(str(trace)), device, tell=print)


def asked(tap: TapSession, host: Host, command: bytes, until: bytes = b"OK\r\n") -> bytes:
    """What the module answers."""
    host.say(command)
    answer = bytearray()
    turns = iter(range(3000))

    def has_come() -> bool:
        answer.extend(host.heard())
        return until in answer or next(turns, None) is None

    tap.serve(has_come)
    return bytes(answer)


def events_of(path: Path) -> list[Event]:
    return list(read_trace(path)[1])


def test_bytes_settings_and_lines_go_over_rfc_2217(tmp_path: Path) -> None:
    own, heard = tmp_path / "own.jsonl", tmp_path / "tap.jsonl"
    with (
        quecsim.open("ec200u", rfc2217=":0", trace=own) as device,
        closing(session(device.rfc2217, heard)) as tap,
    ):
        host = Host(tap.path)
        host.set(baud=termios.B9600, cflag=termios.CRTSCTS)
        assert b"OK" in asked(tap, host, b"AT\r")
        assert b"EC200U" in asked(tap, host, b"ATI\r")
        host.close()
        turns = iter(range(10))
        tap.serve(lambda: next(turns, None) is None)
        told = tap.finish()
    assert told.counts.from_host == 7
    lines = [each for each in events_of(own) if isinstance(each, ev.HostLine)]
    assert (lines[-1].baud, lines[-1].flow) == (9600, "rtscts")
    said = [each.on for each in events_of(heard) if isinstance(each, ev.HostDtr)]
    assert said == [False, True, False]
    got = [each.on for each in events_of(own) if isinstance(each, ev.HostDtr)]
    assert got[:3] == said, "and what becomes of it when the tap goes is the device's business"


def test_bytes_alone_over_tcp(tmp_path: Path) -> None:
    heard = tmp_path / "tap.jsonl"
    with quecsim.open("ec200u", tcp=":0") as device:
        url = device.tcp
        with closing(session(url, heard)) as tap:
            host = Host(tap.path)
            assert b"OK" in asked(tap, host, b"AT\r")
            host.close()
            told = tap.finish()
    assert told.line_errors == {}
    (start, *_) = events_of(heard)
    assert isinstance(start, ev.Start)
    assert start.observed is not None
    assert set(start.observed.lacks) == {"byte-times", "modem-lines"}


def test_the_other_side_hangs_up(tmp_path: Path) -> None:
    with quecsim.open("ec200u", rfc2217=":0") as device:
        tap = session(device.rfc2217, tmp_path / "tap.jsonl")
        host = Host(tap.path)
        assert b"OK" in asked(tap, host, b"AT\r")
    tap.serve(lambda: False)
    assert tap.has_gone
    assert "hung up" in tap.finish().gone
    tap.close()
    host.close()


@pytest.mark.parametrize("url", ["rfc2217://127.0.0.1:1", "spy:///dev/null", "socket://x"])
def test_where_nobody_is(url: str) -> None:
    with pytest.raises(QuecsimError):
        UrlPort(url)


def test_much_goes_through_unchanged(tmp_path: Path) -> None:
    every = bytes(range(256)) * 40
    with (
        quecsim.open("ec200u", rfc2217=":0", speed="unlimited", flash="instant") as device,
        closing(session(device.rfc2217, tmp_path / "tap.jsonl")) as tap,
    ):
        host = Host(tap.path)
        assert b"CONNECT" in asked(tap, host, b'AT+QFUPL="a",%d\r' % len(every), b"CONNECT\r\n")
        sent = 0

        def push() -> bool:
            nonlocal sent
            sent += host.say(every[sent:])
            return sent == len(every)

        tap.serve(push)
        assert b"+QFUPL: 10240," in asked(tap, host, b"")
        assert device.read_file("a") == every
        host.close()
