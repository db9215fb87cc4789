"""The receiving end: what is lost, when, why; the watermarks of flow control."""

from typing import Any

from quecsim.device.ledger import Ledger
from quecsim.device.receiver import Receiver
from quecsim.trace.event import Lost, RingLevel, Rts
from quecsim.trace.recorder import Recorder
from quecsim.uart.rate import UartRate, parse_frame
from quecsim.uart.run import ByteRun
from quecsim.units import ms, s

RATE = UartRate(115200, parse_frame("8N1"))


def byte_ns(count: int) -> int:
    return count * 10 * s(1) // 115200


class Dut:
    """A receiver of 10 bytes with marks at 8 and 3, and what it wrote down."""

    def __init__(self, *, is_on: bool = False) -> None:
        self.ledger, self.record = Ledger(), Recorder()
        self.receiver = Receiver(10, 8, 3, self.ledger, self.record)
        self.receiver.set_flow_control(0, is_on=is_on)
        self.offset = 0

    def send(self, count: int, at_ns: int = 0) -> int:
        """Bytes on the line, all of them, however the receiver takes them."""
        run = ByteRun(at_ns, 0, RATE, bytes(count), self.offset)
        self.offset += count
        taken = 0
        while taken < count:
            taken += self.receiver.fill(run.tail(taken), "flash")
        return taken

    def drain(self, count: int, now_ns: int) -> None:
        while count:
            count -= len(self.receiver.ring.pop(count).data)
            self.receiver.drained(now_ns)

    def events(self, kind: type[Any]) -> list[Any]:
        self.record.close()
        return [event for event in self.record.take() if isinstance(event, kind)]


def test_what_fits_is_kept() -> None:
    dut = Dut()
    dut.send(10)
    assert (dut.receiver.ring.level, dut.ledger.arrived, dut.ledger.lost_total) == (10, 10, 0)
    assert dut.events(RingLevel) == [RingLevel(byte_ns(10), 10)]


def test_a_loss_is_one_event_with_its_times_and_its_cause() -> None:
    dut = Dut()
    dut.receiver.flow_texts.device, dut.receiver.flow_texts.host = "RTS/CTS", "off"
    dut.send(13)
    dut.send(2, byte_ns(13))
    assert dut.ledger.lost == {"ring": 5}
    assert dut.events(Lost) == [], "it goes on until the ring is drained"
    open_loss = dut.receiver.open_loss(ms(2))
    assert open_loss is not None
    assert (open_loss.offset, open_loss.count, open_loss.drained_ns) == (10, 5, ms(2))
    dut.drain(4, ms(3))
    assert dut.events(Lost) == [
        Lost(
            at_ns=byte_ns(11),
            last_ns=byte_ns(13) + byte_ns(2),
            offset=10,
            count=5,
            cause="ring",
            ring_bytes=10,
            full_ns=byte_ns(10),
            drained_ns=ms(3),
            doing="flash",
            device_flow="RTS/CTS",
            host_flow="off",
        )
    ]
    assert dut.receiver.open_loss(ms(4)) is None


def test_two_losses_with_room_between_them_are_two() -> None:
    dut = Dut()
    dut.send(12)
    dut.drain(5, ms(3))
    dut.send(8, ms(3))
    dut.drain(10, ms(9))
    losses = [(lost.offset, lost.count) for lost in dut.events(Lost)]
    assert losses == [(10, 2), (17, 3)]


def test_nobody_there() -> None:
    dut = Dut()
    run = ByteRun(0, 0, RATE, bytes(4), 0)
    assert dut.receiver.lose_all(run, "off", "the device was off") == 4
    (lost,) = dut.events(Lost)
    assert (lost.cause, lost.at_ns, lost.last_ns) == ("off", byte_ns(1), byte_ns(4))
    assert dut.ledger.lost == {"off": 4}


# flow control


def test_the_host_is_asked_to_stop_at_the_high_mark_and_to_go_on_at_the_low_one() -> None:
    dut = Dut(is_on=True)
    run = ByteRun(0, 0, RATE, bytes(9), 0)
    assert dut.receiver.fill(run, "flash") == 8, "it stops where something changes for the host"
    assert not dut.receiver.rts
    dut.drain(4, ms(2))
    assert not dut.receiver.rts
    dut.drain(1, ms(3))
    assert dut.receiver.rts
    assert dut.events(Rts) == [Rts(byte_ns(8), False, 8), Rts(ms(3), True, 3)]


def test_bytes_past_the_high_mark_still_fit_in_the_headroom() -> None:
    dut = Dut(is_on=True)
    dut.send(10)
    assert dut.ledger.lost_total == 0
    dut.send(1, byte_ns(10))
    assert dut.ledger.lost_total == 1


def test_a_device_without_flow_control_never_asks() -> None:
    dut = Dut()
    dut.send(20)
    assert dut.receiver.rts
    assert dut.events(Rts) == []


def test_switching_it_on_with_a_full_ring_asks_at_once_and_off_lets_go() -> None:
    dut = Dut()
    dut.send(9)
    dut.receiver.set_flow_control(ms(5), is_on=True)
    assert not dut.receiver.rts
    dut.receiver.set_flow_control(ms(6), is_on=False)
    assert dut.receiver.rts
    assert dut.events(Rts) == [Rts(ms(5), False, 9), Rts(ms(6), True, 9)]


def test_marks_outside_the_ring_are_brought_into_it() -> None:
    small = Receiver(10, 3072, 1024, Ledger(), Recorder())
    assert (small.off_level, small.on_level) == (10, 9)
