"""What the parts share: timers in order, time that never goes back, bytes that go away."""

from typing import Any, cast

import pytest

from quecsim.at.settings import factory_settings
from quecsim.device.ledger import Ledger
from quecsim.device.receiver import Receiver
from quecsim.device.shared import Shared, Timer
from quecsim.trace.event import Eaten
from quecsim.trace.recorder import Recorder
from quecsim.uart.port_kind import UART
from quecsim.uart.rate import UartRate, UnlimitedRate, parse_frame
from quecsim.uart.run import ByteRun
from quecsim.uart.sender import Sender
from quecsim.units import ms
from tests.device.bench import shipped


def shared() -> Shared:
    ledger, record = Ledger(), Recorder()
    receiver = Receiver(10, 8, 3, ledger, record)
    settings, tx = factory_settings(shipped(), "uart1"), Sender(UnlimitedRate())
    return Shared(shipped(), settings, UART, record, ledger, tx, receiver)


def test_the_earliest_timer_is_next_and_ties_go_by_kind() -> None:
    dut = shared()
    dut.set_timer(Timer.DROP, 5)
    dut.set_timer(Timer.IDLE, 7)
    assert dut.next_timer() is Timer.DROP
    dut.set_timer(Timer.BUSY, 5)
    assert dut.next_timer() is Timer.BUSY
    dut.stop_timer(Timer.BUSY)
    dut.stop_timer(Timer.BUSY)
    assert dut.next_timer() is Timer.DROP


def test_timers_count_from_now_and_time_never_goes_back() -> None:
    dut = shared()
    assert dut.move_to(100) == 100
    with pytest.raises(AssertionError, match="50 ns is before 100 ns"):
        dut.move_to(50)
    dut.set_timer(Timer.URC, 5)
    assert dut.timers == {Timer.URC: 105}


def test_runs_that_follow_one_another_go_away_in_one_piece() -> None:
    dut = shared()

    def run(data: bytes, offset: int) -> ByteRun:
        return ByteRun(0, 0, UnlimitedRate(), data, offset)

    dut.eat_runs([run(b"ab", 0), run(b"c", 2), run(b"x", 9)], "junk")
    dut.eat_runs([], "nothing")
    dut.record.close()
    eaten = cast("list[Any]", dut.record.take())
    assert eaten == [Eaten(0, 0, 0, 3, "junk", b"abc"), Eaten(0, 0, 9, 1, "junk", b"x")]
    assert dut.ledger.eaten == 4


def test_how_long_the_transmitter_takes() -> None:
    dut, rate = shared(), UartRate(9600, parse_frame("8N1"))
    dut.tx.set_rate(0, rate)
    assert dut.sending_ns() == 0
    dut.tx.put(0, b"x" * 96, 0)
    assert dut.sending_ns() == ms(100)
    dut.move_to(ms(40))
    assert dut.sending_ns() == ms(60)
    dut.move_to(ms(140))
    assert dut.sending_ns() == 0
    dut.tx.hold(ms(140))
    dut.tx.put(ms(140), b"x", 96)
    assert dut.sending_ns() == ms(dut.profile.uart.tx_drop_ms)
