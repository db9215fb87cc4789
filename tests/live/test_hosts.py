"""Who has the line: one host at a time, from the pty or from elsewhere."""

import errno
import os
from collections.abc import Iterator

import pytest

from quecsim.trace.event import (
    HostBytes,
    HostClosed,
    HostDtr,
    HostLine,
    HostOpened,
    HostReady,
    LineMismatch,
    SendDropped,
)
from tests.live.hosts_bench import HostsBench

pytestmark = pytest.mark.pty


@pytest.fixture
def bench() -> Iterator[HostsBench]:
    made = HostsBench("tcp", "tcp")
    yield made
    made.close()


def test_a_command_over_tcp(bench: HostsBench) -> None:
    caller = bench.call()
    caller.send(b"AT\r")
    bench.until(lambda: b"OK\r\n" in caller.got)
    assert caller.got == b"AT\r\r\nOK\r\n"
    assert bench.pty_got == b""
    bench.finish()


def test_who_comes_second_is_told_why_and_sent_away(bench: HostsBench) -> None:
    first = bench.call()
    bench.until(lambda: bench.told_that("is the host now"))
    for index in (0, 1):  # the same way in, and another one
        second = bench.call(index)
        second.send(b"ATE0\r")
        bench.until(lambda: second.has_ended)  # noqa: B023 - called at once
        assert second.got.startswith(b"quecsim: " + first.name.encode() + b" has the line")
        assert second.got.endswith(b"\r\n")
    assert not bench.found(HostBytes)
    first.send(b"AT\r")
    bench.until(lambda: b"OK" in first.got)
    bench.finish()


def test_the_next_may_come_when_the_first_has_left(bench: HostsBench) -> None:
    for index in (0, 1, 0):
        caller = bench.call(index)
        caller.send(b"AT\r")
        bench.until(lambda: b"OK\r\n" in caller.got)  # noqa: B023 - called at once
        caller.close()
    bench.until(lambda: len(bench.found(HostClosed)) == 3)
    assert len(bench.found(HostOpened)) == 3
    bench.finish()


def test_many_who_are_sent_away_and_do_not_hang_up_are_forgotten(bench: HostsBench) -> None:
    bench.call().send(b"AT\r")
    bench.until(lambda: bench.told_that("is the host now"))
    for _ in range(20):
        caller = bench.call()
        bench.until(lambda: caller.has_ended)  # noqa: B023 - called at once
    assert len(bench.simulator._hosts._sent_away) <= 8  # type: ignore[union-attr]


def test_a_host_that_has_said_all_still_gets_its_answer(bench: HostsBench) -> None:
    caller = bench.call()
    caller.send(b"ATI\r")
    caller.socket.shutdown(1)
    bench.until(lambda: caller.has_ended)
    assert caller.got.endswith(b"\r\nOK\r\n")


def test_one_that_has_said_all_makes_room_at_once(bench: HostsBench) -> None:
    first = bench.call()
    first.send(b"AT&D0\r")  # its DTR, which goes off with it, ends nothing
    bench.until(lambda: b"OK" in first.got)
    first.send(b'AT+QFUPL="x",100,60\r')
    bench.until(lambda: b"CONNECT" in first.got)
    first.close()
    second = bench.call()
    second.send(b"x" * 100)
    bench.until(lambda: b"+QFUPL: 100," in second.got)
    bench.finish()


def test_bytes_of_the_pty_wait_while_somebody_else_has_the_line(bench: HostsBench) -> None:
    caller = bench.call()
    bench.until(lambda: bench.told_that("is the host now"))
    os.write(bench.pty, b"AT+GMM\r")
    caller.send(b"ATI\r")
    bench.until(lambda: b"OK\r\n" in caller.got)
    assert [event.data for event in bench.found(HostBytes)] == [b"ATI\r"]
    caller.close()
    bench.until(lambda: b"OK\r\n" in bench.pty_got)
    assert bench.pty_got.startswith(b"AT+GMM\r")
    assert [event.data for event in bench.found(HostBytes)] == [b"ATI\r", b"AT+GMM\r"]
    bench.finish()


def test_one_can_see_who_has_the_line(bench: HostsBench) -> None:
    ways = bench.simulator.hosts()
    pty, *urls = [way.port for way in ways]
    assert (pty, len(urls)) == (bench.simulator.path, 2)
    assert [way.has_line for way in ways] == [True, False, False]
    caller = bench.call(1)
    bench.until(lambda: bench.told_that("is the host now"))
    assert [way.client for way in bench.simulator.hosts()] == ["", "", caller.name]
    assert [way.has_line for way in bench.simulator.hosts()] == [False, False, True]


def test_dtr_goes_off_with_the_host_and_is_on_again_for_the_next(bench: HostsBench) -> None:
    bench.call().close()
    bench.until(lambda: bench.found(HostClosed))
    assert [event.on for event in bench.found(HostDtr)] == [False, True]


def test_a_host_that_sets_nothing_is_as_the_device(bench: HostsBench) -> None:
    caller = bench.call()
    caller.send(b"AT+IPR=9600\r")
    bench.until(lambda: b"OK\r\n" in caller.got)
    caller.send(b"AT+GMM\r")
    bench.until(lambda: caller.got.count(b"OK\r\n") == 2)
    assert [event.frame for event in bench.found(HostLine)] == [""]
    assert not bench.found(LineMismatch)
    bench.finish()


def test_a_host_at_a_rate_of_its_own_stays_there() -> None:
    bench = HostsBench("tcp", baud=9600)
    caller = bench.call()
    caller.send(b"AT\r")
    bench.until(lambda: bench.found(LineMismatch))
    assert bench.found(LineMismatch)[0].host == "9600 8N1"
    bench.close()


def test_an_upload_and_its_record() -> None:
    bench = HostsBench("tcp", flash="instant")
    caller = bench.call()
    data = bytes(range(256)) * 200
    caller.send(b'AT+QFUPL="x",%d,5\r' % len(data))
    bench.until(lambda: b"CONNECT\r\n" in caller.got)
    caller.send(data)
    bench.until(lambda: b"+QFUPL: 51200," in caller.got)
    assert bench.simulator.read_file("x") == data
    bench.finish()
    bench.close()


def test_what_a_host_does_not_read_is_kept_up_to_a_bound() -> None:
    bench = HostsBench("tcp", scale=1000.0, speed="unlimited")
    caller = bench.call(receive_bytes=4096)
    caller.reads = False
    for _ in range(6000):
        caller.socket.setblocking(True)
        caller.send(b"ATI\r")
        bench.loop.turn()
        if bench.found(HostReady):
            break
    assert bench.found(HostReady), "the device is held"
    assert not bench.found(SendDropped)
    caller.reads = True
    bench.until(lambda: bench.found(HostReady)[-1].ready)
    caller.send(b"AT+GMM\r")
    bench.until(lambda: b"EC200U\r\n\r\nOK\r\n" in caller.got[-100:])
    bench.finish()
    bench.close()


def test_whoever_hung_up_with_bytes_held_back_does_not_keep_the_line() -> None:
    bench = HostsBench("tcp", ifc=(2, 2), flow="rtscts", flash="instant")
    caller = bench.call()
    bench.until(lambda: bench.told_that("is the host now"))
    bench.simulator.inject("rts_stuck", state="stop", from_ms=0)
    caller.send(b"x" * 20_000)
    for _ in range(5):
        bench.turn()
    caller.close()
    bench.until(lambda: bench.told_that("has left"))
    bench.finish()
    bench.close()


def test_who_comes_while_bytes_of_one_who_has_hung_up_are_on_their_way() -> None:
    bench = HostsBench("tcp", scale=1.0, baud=9600)
    caller = bench.call()
    caller.send(b"x" * 20_000)
    bench.until(lambda: bench.rig.input_room < 1024)
    caller.close()
    other = bench.call()
    bench.until(lambda: other.has_ended)
    assert other.got.startswith(b"quecsim: what 127.0.0.1:")
    assert other.got.endswith(b" has sent is still on its way to the device\r\n")
    bench.close()


def test_a_system_without_descriptors_is_asked_again_later(
    bench: HostsBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    entrance = bench.simulator.entrances[0]

    def refuse() -> None:
        raise OSError(errno.EMFILE, "too many open files")

    with monkeypatch.context() as patched:
        patched.setattr(entrance, "accept", refuse)
        caller = bench.call()
        bench.until(lambda: bench.loop._host.due_ns is not None)
    caller.send(b"AT\r")
    bench.until(lambda: b"OK" in caller.got)
    assert bench.loop._host.due_ns is None


def test_the_end_cuts_a_host_off(bench: HostsBench) -> None:
    caller = bench.call()
    caller.send(b"AT\r")
    bench.until(lambda: b"OK" in caller.got)
    bench.finish()
    bench.simulator.close()
    caller.socket.settimeout(10)
    assert caller.socket.recv(100) == b""
