"""The same seed is the same run: in another process, under another hash seed, and next year."""

import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import littlefs
import msgspec
import pytest
from msgspec.structs import astuple

from quecsim.firmware.package import build_package
from quecsim.flash.stall import AddedStall
from quecsim.flash.timing import FlashMode
from quecsim.rig import RigConfig
from quecsim.trace.event import Ack, FlashBusy, Lost, Rts, Stored
from quecsim.units import ms, s
from tests.laws.driver import Run, Setup, Step, Write, device_profile, play
from tests.laws.strategies import pattern

ROOT = Path(__file__).parents[2]
SETUP = Setup(
    {"uart": {"rx_ring_bytes": 1200, "rts_off_bytes": 800, "rts_on_bytes": 100}},
    RigConfig(
        flash_mode=FlashMode.DRAWN,
        seed=20_240_229,
        ifc=(0, 2),
        host_flow="rtscts",
        lag_bytes=450,  # 50 more than fit
        stalls=(AddedStall(ms(120), at_byte=3000),),
        contents={"old": pattern(3000)},
    ),
)
SCRIPT: list[Step] = [
    (0, Write(b'ATE0;+CMEE=2;+QFLST\rAT+QFDEL="old"\r')),
    (ms(300), Write(b'AT+QFUPL="UFS:new",20000,5,1\r')),
    (ms(200), Write(pattern(20_000))),
    (s(12), Write(b'AT+QFOPEN="h",0\rAT+QFWRITE=1027,100\r')),
    (ms(400), Write(pattern(100))),
    (s(1), Write(b"AT+QFCLOSE=1027;+CREG?\r")),
]
SECRET: tuple[Setup, list[Step]] = (
    Setup({}, RigConfig(flash_mode=FlashMode.DRAWN, seed=7), "m95"),
    [
        (0, Write(b"AT\rAT+CMEE=2\r")),
        (ms(300), Write(b'AT+QSECWRITE="NVRAM:CA0",1188\r')),
        (ms(300), Write(pattern(1188))),
        (s(1), Write(b'AT+QFUPL="RAM:a",5000,5,1\r')),
        (ms(300), Write(pattern(5000))),
        (s(2), Write(b'AT+QSECREAD="NVRAM:CA0";+QFLST="RAM:*";+QFDWL="RAM:a"\r')),
    ],
)
PACKAGE = build_package(pattern(6000), device_profile("ec200t").identity.revision, "NEXT")
UPGRADE: tuple[Setup, list[Step]] = (
    Setup({}, RigConfig(flash_mode=FlashMode.DRAWN, seed=8, contents={"a": b"b"}), "ec200t"),
    [
        (0, Write(b'AT+QFOTADL="FILE:%d",0,5,5\r' % len(PACKAGE))),
        (s(2), Write(PACKAGE)),
        (s(70), Write(b"ATI\r")),
    ],
)
# What the device did, not the words of our record. Where this number changes, every seed means
# another run: say so in the change log. It may differ with another littlefs, which decides what
# the flash has to do.
LITTLEFS = (2, 11)
DIGEST = "d38711203eca5a29165d7b072170132f5873c4fa29e2a2ea5d9cf91b334566fe"


def record() -> bytes:
    cases = ((SETUP, SCRIPT), SECRET, UPGRADE)
    return msgspec.json.encode([play(setup, script).events for setup, script in cases])


def behaviour(run: Run) -> bytes:
    losses = [(e.at_ns, e.last_ns, e.offset, e.count, e.cause) for e in run.of(Lost)]
    works = [(e.at_ns, e.until_ns, e.ops) for e in run.of(FlashBusy)]
    others = [(type(e).__name__, astuple(e)) for e in run.of(Ack, Rts, Stored)]
    return msgspec.json.encode([run.output, run.files, run.counters, losses, works, others])


def test_other_processes_record_the_same() -> None:
    program = (
        "import sys\n"
        "from tests.laws.test_determinism import record\n"
        "sys.stdout.buffer.write(record())"
    )
    mine = record()
    for hash_seed in ("0", "4711"):
        env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
        result = subprocess.run(
            [sys.executable, "-c", program], env=env, cwd=ROOT, capture_output=True, check=True
        )
        assert result.stdout == mine


def test_those_records_are_of_something() -> None:
    secret, upgrade = play(*SECRET), play(*UPGRADE)
    assert secret.secrets["NVRAM:CA0"][0]
    assert secret.text.count(b"OK\r\n") == 4
    assert upgrade.revision == "NEXT"
    assert b"NEXT" in upgrade.text


def test_other_seeds_are_other_runs() -> None:
    other = Setup(SETUP.parts, replace(SETUP.config, seed=1))
    assert play(other, SCRIPT).output != play(SETUP, SCRIPT).output


def test_the_seed_means_the_same_next_year() -> None:
    run = play(SETUP, SCRIPT)
    assert run.of(Lost)
    assert run.of(Rts)
    assert len(run.of(FlashBusy)) >= 20
    if littlefs.__LFS_VERSION__ != LITTLEFS:
        pytest.skip(f"the number was taken with littlefs {LITTLEFS}")
    assert sha256(behaviour(run)).hexdigest() == DIGEST
