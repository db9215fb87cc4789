"""Whatever is injected, whatever the device does: taken, or refused with nothing changed."""

from contextlib import suppress
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.errors import QuecsimError
from quecsim.faults import DiskFull, Fault
from quecsim.faults.catalogue import KINDS, read_fault
from quecsim.flash.ufs import UfsError
from quecsim.profiles.loader import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.testing import strategies as ours
from quecsim.trace.event import FaultInjected
from quecsim.units import ms, s

SOME = settings(max_examples=40, deadline=None, derandomize=True, database=None)
STATES = ("idle", "off", "full", "full directory", "uploading", "starting")
LINE = b'AT+QFUPL="x",9000,5\r'
EXTREMES: list[dict[str, object]] = [
    {"kind": kind, key: value, **fault.AIMED_WITH}
    for kind, fault in KINDS.items()
    for key, value in (
        ("at_byte", 1), ("at_byte", 1 << 30), ("at_ms", 0), ("at_ms", 86_400_000), ("every", 1),
        ("at_flash_op", 1), ("at_flash_op", 1 << 30), ("block", 0), ("block", 65_535),
        ("address", 0), ("address", (1 << 28) - 1), ("free_bytes", 1 << 30), ("per_million", 10**6),
    )
    if key in fault.__struct_fields__
]  # fmt: skip


@cache
def image(device: str, state: str) -> bytes:
    """The flash of a device on which nothing more fits."""
    profile = load_profile(device)
    flash = bytearray(b"\xff" * (profile.files.block_bytes * profile.files.block_count))
    ufs = Rig(profile, RigConfig(), storage=flash).device.context.ufs
    if state.startswith("full"):
        DiskFull().prepare(ufs)
    with suppress(UfsError):
        for number in range(2000 if state == "full directory" else 0):
            ufs.write_file(f"{number:03}-{'x' * 50}", b"")
    return bytes(flash)


def in_state(device: str, state: str) -> tuple[Rig, int]:
    kept = image(device, state if state.startswith("full") else "")
    rig = Rig(load_profile(device), RigConfig(), storage=bytearray(kept))
    rig.start(is_up=state not in ("off", "starting"))
    if state == "off":
        rig.cut_power(0)
    now_ns = ms(1)
    if state == "uploading":
        rig.advance(now_ns)
        rig.host_write(now_ns, LINE)
        now_ns += s(1)
        rig.advance(now_ns)
        rig.host_write(now_ns, bytes(8000))
        now_ns += ms(400)
    rig.advance(now_ns)
    return rig, now_ns


def check(device: str, state: str, fault: Fault) -> None:
    rig, now_ns = in_state(device, state)
    before = rig.device.context.ufs.files()
    index = -1
    with suppress(QuecsimError):
        index = rig.inject(now_ns, fault)
    if index < 0:
        assert rig.device.context.ufs.files() == before
    for line in (b"a" * 1500, b"\r", LINE):
        now_ns += s(2)
        rig.advance(now_ns)
        rig.host_write(now_ns, line)
    rig.advance(now_ns + s(60))
    rig.finish(now_ns + s(60))
    rig.check()
    injected = [event.index for event in rig.take_events() if isinstance(event, FaultInjected)]
    assert injected == [index] * (index >= 0)


@given(st.sampled_from(["ec200u", "m95", "fcm242d"]), st.sampled_from(STATES), ours.faults())
@SOME
def test_whatever_is_drawn(device: str, state: str, fault: Fault) -> None:
    check(device, state, fault)


@pytest.mark.parametrize("state", STATES)
def test_the_ends_of_what_can_be_asked_for(state: str) -> None:
    for values in EXTREMES:
        with suppress(QuecsimError):
            check("ec200u", state, read_fault(values))
