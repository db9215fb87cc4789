"""Blocks that were erased too often: some of their bits stay 0."""

import pytest

from quecsim.faults import WornBlock
from tests.device.bench import OK, Bench
from tests.faults.kinds.test_flash_op_fails import DATA, fired, uploaded


@pytest.mark.parametrize("at", range(1, 7))
def test_what_the_device_calls_stored_is_there(at: int) -> None:
    uploaded(WornBlock(at_flash_op=at))


def worn_run() -> Bench:
    bench = Bench(faults=[WornBlock(block=0, erases=2)], seed=7)
    for number in range(300):
        heard = bench.ask(f'AT+QFOPEN="f{number}"')
        if not heard.endswith(OK):
            break
        bench.ask("AT+QFCLOSE=1027")
    return bench


def test_the_first_erases_are_still_good_and_the_bits_are_the_seeds() -> None:
    first, second = worn_run(), worn_run()
    assert first.rig.nor.wear[0] > 2
    assert len(fired(first)) == first.rig.nor.wear[0] - 2 - before()
    assert first.image() == second.image()


def before() -> int:
    """Erases of block 0 before the run, by the format."""
    return Bench().rig.nor.wear[0]


def test_littlefs_takes_another_block() -> None:
    bench = Bench(faults=[WornBlock(at_flash_op=2)])
    bench.upload('AT+QFUPL="x",2500,5', DATA)
    (what,) = fired(bench)
    assert what.startswith("the erase of block")
    assert bench.file("x") == DATA
