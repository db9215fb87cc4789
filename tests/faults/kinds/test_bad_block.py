"""Blocks that take nothing: littlefs takes others, except for the two of its root."""

import pytest

from quecsim.errors import QuecsimError
from quecsim.faults import BadBlock
from quecsim.scenario.options import make_scenario
from tests.device.bench import OK, Bench
from tests.faults.kinds.test_flash_op_fails import DATA, fired, uploaded


@pytest.mark.parametrize("at", range(1, 7))
def test_what_the_device_calls_stored_is_there(at: int) -> None:
    bench = uploaded(BadBlock(at_flash_op=at))
    assert fired(bench)


def test_it_stays_bad() -> None:
    bench = Bench(faults=[BadBlock(at_flash_op=3)])
    for number in range(30):
        assert bench.upload(f'AT+QFUPL="f{number}",2500,5', DATA).endswith(OK)
    blocks = {what.split(" of block ")[1].split()[0] for what in fired(bench)}
    assert len(blocks) == 1
    assert all(bench.file(f"f{number}") == DATA for number in range(30))


@pytest.mark.parametrize("block", [0, 1])
def test_without_a_block_of_the_root_the_device_comes_to_refuse(block: int) -> None:
    bench = Bench(faults=[BadBlock(block=block)])
    stored = []
    for number in range(200):
        heard = bench.ask(f'AT+QFOPEN="f{number}"')
        if not heard.endswith(OK):
            break
        stored.append(f"f{number}")
        bench.ask("AT+QFCLOSE=1027")
    assert b"+CME ERROR: 420" in heard
    assert bench.names() == sorted(stored)
    assert fired(bench)


def test_a_block_that_the_device_does_not_have_is_refused() -> None:
    with pytest.raises(QuecsimError, match="no block 60000"):
        make_scenario("ec200u", None, faults=[BadBlock(block=60_000)])
