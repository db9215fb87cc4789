"""Bits that turn over by themselves."""

import pytest

from quecsim.errors import QuecsimError
from quecsim.faults import BitFlip
from quecsim.scenario.options import make_scenario
from quecsim.units import ms
from tests.device.bench import OK, Bench
from tests.faults.kinds.test_flash_op_fails import DATA, fired


def test_a_bit_of_a_file() -> None:
    bench = Bench(contents={"x": DATA}, faults=[BitFlip(name="UFS:x", at_byte=300, at_ms=50)])
    assert bench.file("x") == DATA
    bench.run_for(ms(100))
    changed = bytearray(DATA)
    changed[299] ^= 1
    assert bench.file("x") == changed
    assert bytes(changed) in bench.ask('AT+QFDWL="x"')
    assert fired(bench) == ["bit 0 in byte 300 of UFS:x turned over at 50.0 ms"]


@pytest.mark.parametrize("fault", [BitFlip(name="y"), BitFlip(name="x", at_byte=2501)])
def test_what_is_not_there_does_not_fire(fault: BitFlip) -> None:
    bench = Bench(contents={"x": DATA}, faults=[fault])
    assert bench.ask("AT") == OK
    assert fired(bench) == []
    assert bench.file("x") == DATA


@pytest.mark.parametrize("address", [0, 8, 4096, 4100, 4196])
def test_a_bit_of_the_root_is_lived_with(address: int) -> None:
    bench = Bench(faults=[BitFlip(address=address)])
    assert bench.upload('AT+QFUPL="x",2500,5', DATA).endswith(OK)
    assert bench.file("x") == DATA
    assert len(fired(bench)) == 1


def test_both_blocks_of_the_root_are_too_much_after_a_restart() -> None:
    bench = Bench(contents={"x": DATA}, faults=[BitFlip(address=0), BitFlip(address=4096)])
    assert OK in bench.ask("AT+CFUN=1,1")
    assert bench.ask('AT+QFLST="x"').startswith(b"\r\n+CME ERROR: 417")
    assert bench.ask("AT") == OK


def test_a_flash_that_is_not_so_large_and_a_file_elsewhere_are_refused() -> None:
    with pytest.raises(QuecsimError, match="bytes"):
        make_scenario("ec200u", None, faults=[BitFlip(address=(1 << 28) - 1)])
    with pytest.raises(QuecsimError, match="not on the flash"):
        make_scenario("m95", None, faults=[BitFlip(name="RAM:x")])
