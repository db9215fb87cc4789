"""What is injected and the storage refuses is one readable error, and nothing is lost by it."""

from contextlib import suppress

import pytest

from quecsim.errors import QuecsimError
from quecsim.faults import DiskFull, ExistingFile, Fault
from quecsim.flash.ufs import Ufs, UfsError
from quecsim.trace.event import FaultInjected
from quecsim.units import s
from tests.device.bench import OK, Bench, cme
from tests.faults.bench import fired

DATA = bytes(range(250)) * 48


def fill_directory(ufs: Ufs) -> int:
    """Files until not even an empty one fits; returns how many."""
    DiskFull().prepare(ufs)
    count = 0
    while True:
        try:
            ufs.write_file(f"full-{count:03}-{'x' * 60}", b"")
        except UfsError:
            return count
        count += 1
        assert count < 5000


def fill_blocks(bench: Bench) -> None:
    """One block of the flash is left, of those that littlefs itself may need as well."""
    ufs, nor = bench.rig.device.context.ufs, bench.rig.nor
    DiskFull().prepare(ufs)
    while nor.block_count - ufs._volume.used_blocks() > 1:
        ufs.write_file(f"block-{ufs._volume.used_blocks()}", b"x" * 4000)


def full_bench() -> Bench:
    bench = Bench()
    fill_directory(bench.rig.device.context.ufs)
    return bench


@pytest.mark.parametrize(
    "fault",
    [
        ExistingFile(name="a", bytes_count=0),
        ExistingFile(name="UFS:a", text="x"),
        ExistingFile(name="full-000-" + "x" * 60, bytes_count=5000),
        ExistingFile(name="a", bytes_count=1 << 24),
    ],
    ids=str,
)
def test_a_file_on_a_full_directory(fault: Fault) -> None:
    bench = full_bench()
    before = bench.rig.device.context.ufs.files()
    with pytest.raises(QuecsimError, match=r"existing_file cannot be: .*no space") as caught:
        bench.rig.inject(bench.now_ns, fault)
    assert caught.value.hint
    assert bench.rig.device.context.ufs.files() == before
    assert bench.events(FaultInjected) == []
    assert bench.ask("AT") == OK


def test_a_full_storage_can_be_filled_again() -> None:
    bench = full_bench()
    before = bench.rig.device.context.ufs.files()
    bench.rig.inject(bench.now_ns, DiskFull())
    assert bench.rig.device.context.ufs.files() == before


def test_the_filling_takes_nobodys_file() -> None:
    bench = Bench(contents={"filler.bin": b"mine"})
    bench.rig.inject(bench.now_ns, DiskFull(free_bytes=100_000))
    assert bench.file("filler.bin") == b"mine"
    assert bench.rig.device.context.ufs.free_bytes() <= 100_000


@pytest.mark.parametrize(
    "fault",
    [
        DiskFull(),
        DiskFull(free_bytes=200_000),
        ExistingFile(name="y", bytes_count=0),
        ExistingFile(name="y", bytes_count=5000),
        ExistingFile(name="x", text="other"),
    ],
    ids=str,
)
@pytest.mark.parametrize("is_full", [False, True])
def test_an_upload_that_runs_keeps_what_it_has(fault: Fault, is_full: bool) -> None:
    """The file that is being uploaded is open, and not on the flash yet."""
    bench = Bench()
    ufs = bench.rig.device.context.ufs
    bench.send(b'AT+QFUPL="x",12000,5\r')
    bench.until(b"CONNECT\r\n")
    bench.send(DATA[:9000])
    bench.run_to(bench.now_ns + s(2))
    if is_full:
        fill_blocks(bench)
    before = dict(ufs.files())
    with suppress(QuecsimError):
        bench.rig.inject(bench.now_ns, fault)
        before = dict(ufs.files())
    assert dict(ufs.files()) == before
    bench.send(DATA[9000:])
    assert OK in bench.rest()
    assert bench.file("x") == DATA


def test_a_scenario_that_wants_more_than_fits() -> None:
    with pytest.raises(QuecsimError, match="existing_file cannot be"):
        Bench(faults=[ExistingFile(name="UFS:a", bytes_count=1 << 24)])


def test_a_file_that_is_there() -> None:
    bench = Bench(faults=[ExistingFile(name="UFS:x", text="old")])
    bench.ask("AT+CMEE=1")
    assert bench.file("x") == b"old"
    assert bench.ask('AT+QFUPL="x",100') == cme(407)
    assert fired(bench) == [(0, "existing_file")]
