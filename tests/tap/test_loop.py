"""The loop between two pseudo terminals: nothing is lost, and all of it is on record."""

import random
import termios

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.live.ports.host_termios import HostLineSettings, read_settings
from quecsim.observed.heard import Heard
from quecsim.trace import event as ev
from tests.tap.bench import Bench, Host, bench

pytestmark = pytest.mark.pty


def talk(one: Bench, host: Host, to_module: bytes, to_host: bytes, draw: random.Random) -> None:
    """Both say all of it, in pieces, and read when they like: now and then not at all."""
    sent = {"module": 0, "host": 0}
    got = {"module": bytearray(), "host": bytearray()}

    def step() -> bool:
        if draw.random() < 0.7:
            begin = sent["module"]
            sent["module"] += host.say(to_module[begin : begin + draw.randint(1, 9000)])
        if draw.random() < 0.7:
            begin = sent["host"]
            sent["host"] += one.module.say(to_host[begin : begin + draw.randint(1, 9000)])
        if draw.random() < 0.3 or sent["module"] == len(to_module):
            got["module"] += one.module.heard(draw.randint(1, 9000))
        if draw.random() < 0.3 or sent["host"] == len(to_host):
            got["host"] += host.heard(draw.randint(1, 9000))
        return len(got["module"]) == len(to_module) and len(got["host"]) == len(to_host)

    one.until(step)
    assert bytes(got["module"]) == to_module
    assert bytes(got["host"]) == to_host


@given(st.integers(0, 1 << 32), st.integers(0, 150_000), st.integers(0, 150_000))
@settings(max_examples=25)
def test_all_bytes_arrive_the_same_whoever_is_slow(seed: int, to_module: int, to_host: int) -> None:
    draw = random.Random(seed)
    with bench() as one:
        host = one.host()
        data = draw.randbytes(to_module), draw.randbytes(to_host)
        talk(one, host, *data, draw)
        assert one.said("host") == data[0]
        assert one.said("device") == data[1]
        times = [each.at_ns for each in one.record]
        assert times == sorted(times)
        assert (one.loop.counts.from_host, one.loop.counts.from_module) == (to_module, to_host)
        assert one.loop.counts.unheard == 0


def test_a_module_that_takes_nothing_holds_the_host() -> None:
    with bench() as one:
        host = one.host()
        total, stuck = 0, 0

        def step() -> bool:
            nonlocal total, stuck
            count = host.say(bytes(65_536))
            total += count
            stuck = 0 if count else stuck + 1
            return stuck > 3

        one.until(step)
        assert total > one.loop.counts.from_host  # it waits with the host, and here
        assert one.loop.unsent_bytes > 0
        before = one.loop.counts.from_host
        got = bytearray()

        def read() -> bool:
            got.extend(one.module.heard())
            return len(got) == total

        one.until(read)
        assert one.loop.counts.from_host == total > before


def test_a_host_that_never_reads_holds_the_module() -> None:
    with bench() as one:
        one.host()
        total, stuck = 0, 0

        def step() -> bool:
            nonlocal total, stuck
            count = one.module.say(bytes(65_536))
            total += count
            stuck = 0 if count else stuck + 1
            return stuck > 3

        one.until(step)
        assert total > one.loop.counts.from_module >= 16 << 10
        assert one.loop.counts.unheard == 0


def test_nobody_hears_what_is_said_while_no_host_is_there() -> None:
    with bench() as one:
        one.module.say(b"\r\nRDY\r\n")
        one.until(lambda: one.loop.counts.unheard == 7)
        assert one.said("device") == b"\r\nRDY\r\n"
        host = one.host()
        one.until(lambda: one.pty.is_open)
        assert host.heard() == b""
        one.module.say(b"OK")
        one.until(lambda: host.heard() == b"OK")


def test_coming_and_going_is_on_record_around_the_bytes() -> None:
    with bench() as one:
        host = one.host()
        host.say(b"AT\r")
        host.close()
        one.until(lambda: bool(one.happened(ev.HostClosed)))
        kinds = [type(each) for each in one.record]
        assert kinds == [ev.HostOpened, ev.HostLine, Heard, ev.HostClosed]
        assert one.module.heard() == b"AT\r"


def test_what_the_host_sets_is_set_on_the_modules_port() -> None:
    with bench() as one:
        host = one.host()
        host.set(baud=termios.B57600, cflag=termios.CRTSCTS | termios.CSTOPB)
        host.say(b"AT\r")
        one.until(lambda: one.module.heard() == b"AT\r")
        wanted = HostLineSettings(57_600, "8N2", "rtscts")
        assert read_settings(one.port.descriptor) == wanted
        *_, line = one.happened(ev.HostLine)
        assert isinstance(line, ev.HostLine)
        assert (line.baud, line.frame, line.flow) == (57_600, "8N2", "rtscts")
        assert line.at_ns <= next(each.at_ns for each in one.record if isinstance(each, Heard))


def test_xon_and_xoff_are_the_drivers_business() -> None:
    with bench() as one:
        host = one.host()
        host.set(iflag=termios.IXON)
        host.say(b"AT\r")
        one.until(lambda: one.module.heard() == b"AT\r")
        one.module.say(b"\x13")  # XOFF: the port of the module holds
        one.until(lambda: one.module.heard() == b"")
        host.say(b"held")
        one.until(lambda: one.loop.unsent_bytes == 4)
        one.module.say(b"\x11")
        one.until(lambda: one.module.heard() == b"held")


def test_the_host_throws_away_what_has_come_for_him() -> None:
    with bench() as one:
        host = one.host()
        said = 0

        def step() -> bool:
            nonlocal said
            count = one.module.say(bytes(4096))
            said += count
            return not count

        one.until(step)
        termios.tcflush(host.descriptor, termios.TCIFLUSH)
        one.until(lambda: one.loop.counts.unheard > 0)


def test_a_port_that_vanishes_ends_it() -> None:
    with bench() as one:
        one.host().say(b"AT\r")
        one.until(lambda: one.module.heard() == b"AT\r")
        one.module.vanish()
        one.until(lambda: False)
        assert one.loop.gone is not None
        assert "unplugged" in str(one.loop.gone)


def test_a_port_that_vanishes_while_the_host_does_not_read() -> None:
    with bench() as one:
        one.host()
        one.until(lambda: not one.module.say(bytes(65_536)))
        one.module.vanish()
        one.until(lambda: False)
        assert one.loop.gone is not None


def test_nothing_to_do_is_no_work() -> None:
    with bench() as one:
        host = one.host()
        one.until(lambda: one.pty.is_open)
        host.close()
        one.until(lambda: bool(one.happened(ev.HostClosed)))
        turns = 0

        def count() -> bool:
            nonlocal turns
            turns += 1
            return turns == 10

        begin_ns = one.loop.now_ns()
        one.loop.serve(count)
        assert one.loop.now_ns() - begin_ns > 5 * 20_000_000  # it slept in nearly all of them


def test_a_host_that_is_held_may_set_another_flow_control() -> None:
    with bench() as one:
        host = one.host()
        host.set(cflag=termios.CRTSCTS)
        host.say(b"AT\r")
        one.until(lambda: one.module.heard() == b"AT\r")

        def stuck() -> bool:
            return not host.say(bytes(65_536)) and one.loop.unsent_bytes > 3000

        one.until(stuck)
        host.set()
        one.until(lambda: read_settings(one.port.descriptor).flow == "none")
