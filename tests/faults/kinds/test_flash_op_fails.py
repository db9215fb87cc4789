"""Operations of the flash that do not take: what the device has said is stored is there."""

import pytest

from quecsim.faults import ExistingFile, Fault, FlashOpFails
from quecsim.flash.timing import FlashMode
from quecsim.trace.event import FaultFired
from quecsim.units import s
from tests.device.bench import OK, Bench, cme

DATA = bytes(range(250)) * 10


def uploaded(fault: Fault) -> Bench:
    """After an upload that is as it should be, or was refused with a number."""
    bench = Bench(faults=[fault], flash_mode=FlashMode.TYPICAL, contents={"old": DATA})
    bench.send(b'AT+QFUPL="x",2500,5\r')
    heard = bench.run_for(s(1))
    if heard.endswith(b"\r\nCONNECT\r\n"):
        bench.send(DATA)
        heard = bench.rest()
    if heard.endswith(OK):
        assert bench.file("x") == DATA
    else:
        assert b"+CME ERROR: 4" in heard
    assert bench.file("old") == DATA
    return bench


def fired(bench: Bench) -> list[str]:
    return [event.what for event in bench.events(FaultFired)]


@pytest.mark.parametrize("at", range(1, 7))
@pytest.mark.parametrize("count", [1, 2, 30])
def test_what_the_device_calls_stored_is_there(at: int, count: int) -> None:
    bench = uploaded(FlashOpFails(at_flash_op=at, count=count))
    hits = fired(bench)
    assert len(hits) <= count
    assert len(hits) == 1 or count > 1 or at == 2  # the erase of a block that is erased


def test_one_that_fails_is_done_again_in_another_place() -> None:
    bench = uploaded(FlashOpFails(at_flash_op=3))
    (what,) = fired(bench)
    assert what.endswith("did not take: flash operation 3")
    assert bench.ask('AT+QFLST="x"') == b'\r\n+QFLST: "UFS:x",2500\r\n' + OK


def test_people_who_put_files_there_are_not_counted() -> None:
    bench = Bench(faults=[FlashOpFails(at_flash_op=1)])
    bench.rig.inject(bench.now_ns, ExistingFile(name="there", text="already"))
    assert not fired(bench)
    bench.upload('AT+QFUPL="x",2500,5', DATA)
    assert len(fired(bench)) == 1


def test_injected_it_counts_from_then_on() -> None:
    bench = Bench()
    bench.upload('AT+QFUPL="a",2500,5', DATA)
    done = bench.rig.fault_points()["flash_op"]
    bench.rig.inject(bench.now_ns, FlashOpFails(at_flash_op=1))
    bench.upload('AT+QFUPL="b",2500,5', DATA)
    assert fired(bench) == [f"the program of block 1 did not take: flash operation {done + 1}"]
    assert bench.file("a") == bench.file("b") == DATA


def test_a_flash_that_takes_nothing_any_more_is_an_error_number() -> None:
    bench = Bench(faults=[FlashOpFails(count=65_536)])
    assert bench.ask('AT+QFUPL="x",2500,5') in (cme(420), cme(409), cme(410))
    assert bench.ask("AT+QFLST") == OK
    assert bench.ask("AT") == OK
