"""Power goes during an upload, at every flash operation and at any time: closed files survive."""

from collections.abc import Iterator
from functools import cache, partial
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.flash.nor import FlashTime, Nor, PowerCut
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.ufs import Ufs
from tests.flash.timed import timed

BLOCK = 4096
BLOCKS = 32
CLOSED = bytes(range(256)) * 40
UPLOAD = bytes(range(255, -1, -1)) * 60


def flash(storage: bytearray | None = None, seed: int = 0) -> Nor:
    return Nor(BLOCK, BLOCKS, FlashTiming(mode=FlashMode.TYPICAL), storage, seed=seed)


@cache
def image_with_a() -> bytes:
    nor = flash()
    ufs = Ufs(nor)
    ufs.write_file("a", CLOSED)
    ufs.write_file("small", b"inline")
    return bytes(nor.read(0, BLOCK * BLOCKS))


def upload(nor: Nor, ufs: Ufs, syncs: bool) -> Iterator[FlashTime]:
    """Upload b as the device does, then remove `small`: the work of each step."""
    file, work = timed(nor, lambda: ufs.create("b"))
    yield work
    for start in range(0, len(UPLOAD), 1024):
        block = UPLOAD[start : start + 1024]
        yield timed(nor, partial(file.write, block))[1]
        if syncs:
            yield timed(nor, file.sync)[1]
    yield timed(nor, file.close)[1]
    yield timed(nor, partial(ufs.delete, "small"))[1]


def check_survivors(nor: Nor) -> bytes | None:
    """What a restart finds: `a` whole, `b` absent (None) or a prefix, and a disk that works."""
    ufs = Ufs(nor)
    assert ufs.read_file("a") == CLOSED
    assert {name for name, _ in ufs.files()} <= {"a", "b", "small"}
    stored = ufs.read_file("b") if ufs.stat("b") is not None else None
    assert stored is None or UPLOAD.startswith(stored)
    if stored is not None:
        ufs.delete("b")
    ufs.write_file("b", UPLOAD)
    assert ufs.read_file("b") == UPLOAD
    assert ufs.read_file("a") == CLOSED
    return stored


@pytest.mark.parametrize("syncs", [False, True])
def test_cut_at_every_operation(syncs: bool) -> None:
    survived: set[bytes | None] = set()
    for seed in range(4):  # each tears the operations at other bytes
        survived |= _cut_at_every_operation(syncs, seed)
    assert None in survived
    assert UPLOAD in survived
    assert (len(survived) > 10) is syncs  # without sync: nothing, an empty file, or all of it


def _cut_at_every_operation(syncs: bool, seed: int) -> set[bytes | None]:
    fired = 0
    survived: set[bytes | None] = set()
    while True:
        nor = flash(bytearray(image_with_a()), seed)
        ufs = Ufs(nor)
        nor.cut_after_operations = fired + 1
        try:
            list(upload(nor, ufs, syncs))
        except PowerCut:
            fired += 1
        else:
            assert fired == nor.programs + nor.erases > 15
            return survived
        with pytest.raises(PowerCut):
            ufs.listing()  # dead
        survived.add(check_survivors(nor))


@pytest.mark.parametrize("syncs", [False, True])
def test_cut_twice(syncs: bool) -> None:
    """Power goes again while the survivor is being repaired."""
    for first in range(1, 12):
        for second in range(1, 6):
            nor = flash(bytearray(image_with_a()))
            nor.cut_after_operations = first
            with pytest.raises(PowerCut):
                list(upload(nor, Ufs(nor), syncs))
            ufs = Ufs(nor)
            nor.cut_after_operations = second
            with pytest.raises(PowerCut):
                ufs.write_file("c", UPLOAD)
            assert nor.power_cuts == 2
            again = Ufs(nor)
            assert again.read_file("a") == CLOSED


@settings(max_examples=150, deadline=None)
@given(st.data(), st.booleans())
def test_cut_at_any_time(data: st.DataObject, syncs: bool) -> None:
    nor = flash(bytearray(image_with_a()))
    ufs = Ufs(nor)
    step = data.draw(st.integers(0, 32 if syncs else 17), label="step")
    work = next(islice(upload(nor, ufs, syncs), step, None))
    nor.cut(data.draw(st.integers(0, work.duration_ns), label="elapsed_ns"))
    with pytest.raises(PowerCut):
        ufs.listing()
    stored = check_survivors(nor)
    if syncs and step >= 3:
        assert stored is not None
        assert len(stored) >= min((step - 1) // 2 * 1024, len(UPLOAD))  # what was synced before


def test_power_cut_during_the_first_format() -> None:
    for operation in range(1, 5):
        nor = flash()
        nor.cut_after_operations = operation
        with pytest.raises(PowerCut):
            Ufs(nor).write_file("x", b"x")
        ufs = Ufs(nor)
        ufs.write_file("y", b"y")
        assert ufs.read_file("y") == b"y"
