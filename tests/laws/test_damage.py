"""An image that is damaged anywhere: the device starts, and answers each command with a result.

What a command answers then is the device's own result code, and nothing ends the simulator.
"""

from collections.abc import Callable
from functools import cache

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.device.power import PowerState
from quecsim.device.shared import Phase
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.rng import Stream
from quecsim.units import s
from tests.device.bench import OK, Bench
from tests.flash.test_damage import damage
from tests.laws.strategies import pattern

DEVICES = ("ec200u", "ec200t", "m95", "fcm242d")
UPLOADS = (
    'AT+QFUPL="u{0}",{1},3', "AT+QFWRITE={2},{1},3", 'AT+QSECWRITE="NVRAM:CA0",{1},3',
    'AT+QFOTADL="FILE:{1}"', 'AT+QFOTADL="FILE:{1}",1,5,5',
)  # fmt: skip
LINES = (
    "AT+QFLST", 'AT+QFLST="f1"', 'AT+QFLDS="UFS"', "AT+QFLDS", 'AT+QFDEL="f1"', 'AT+QFDEL="*"',
    'AT+QFDWL="f2"', 'AT+QFDWL="f4"', 'AT+QFOPEN="f3",0', 'AT+QFOPEN="f3",2', 'AT+QFOPEN="n",1',
    "AT+QFOPEN?", "AT+QFREAD={2}", "AT+QFREAD={2},100", "AT+QFSEEK={2},200", "AT+QFPOSITION={2}",
    "AT+QFTUCAT={2}", "AT+QFCLOSE={2}", "AT+QFFLUSH={2}", 'AT+QSECREAD="NVRAM:CA0"',
    'AT+QSECDEL="NVRAM:CA0"', "AT+CFUN=1,1", "AT+QRST", "ATI", "AT+CGMR", "AT+QPOWD",
)  # fmt: skip


def small(device: str) -> Profile:
    """The device with a flash of 40 blocks of 1 KiB."""
    profile = load_profile(device)
    files = msgspec.structs.replace(
        profile.files, block_bytes=1024, block_count=40, cache_bytes=512, data_buffer_bytes=512
    )
    return msgspec.structs.replace(profile, files=files)


@cache
def used_image(device: str) -> bytes:
    """A device that has been in use: files, a certificate, a package."""
    files = {f"f{number}": pattern(100 + number * 900) for number in range(6)}
    bench = Bench(small(device), ipr=115_200, contents=files)
    if device == "m95":
        bench.upload('AT+QSECWRITE="NVRAM:CA0",900,5', pattern(900))
    bench.ask('AT+QFDEL="f0"')
    return bench.image()


class Session:
    """A host that asks this and that, and wants an answer each time."""

    def __init__(self, device: str, draw: Callable[[int], int]) -> None:
        image = bytearray(used_image(device))
        for _ in range(1 + draw(4)):
            damage(image, draw)
        self.draw = draw
        profile = small(device)
        self.handle = profile.files.first_handle
        self.bench = Bench(profile, image=bytes(image), ipr=115_200)

    def step(self) -> None:
        count = 1 + self.draw(4000)
        lines = UPLOADS if self.draw(3) == 0 else LINES
        line = lines[self.draw(len(lines))].format(self.draw(4), count, self.handle + self.draw(2))
        self.bench.send(line.encode() + b"\r")
        reply = self.bench.run_for(s(1))
        if lines is UPLOADS and (b"\r\nCONNECT\r\n" in reply or b"FILESTART" in reply):
            self.bench.send(pattern(count))
        reply += self.bench.rest()
        assert b"\r\nOK\r\n" in reply or b"ERROR" in reply, (line, reply)
        self.settle()

    def settle(self) -> None:
        rig, bench = self.bench.rig, self.bench
        if self.draw(25) == 0:
            rig.cut_power(bench.now_ns)
        if rig.device.power is PowerState.OFF:
            rig.power_on(bench.now_ns)
            bench.rest()
        assert rig.device.power is PowerState.ON
        assert rig.device.phase is Phase.COMMAND


@settings(max_examples=25, deadline=None)
@pytest.mark.parametrize("device", DEVICES)
@given(seed=st.integers(0, 1 << 32))
def test_a_damaged_image_never_ends_the_simulator(device: str, seed: int) -> None:
    session = Session(device, Stream(seed, "test").below)
    for _ in range(25):
        session.step()


@pytest.mark.parametrize("command", ['AT+QFDWL="f4"', "AT+QFREAD=1027"])
def test_a_file_that_breaks_off_is_told_and_can_be_deleted(command: str) -> None:
    bench = Bench(small("ec200u"), contents={"f4": b"\x01" * 5000}, ipr=115_200)
    flash = bench.rig.nor.storage
    for start in range(0, len(flash), 1024):
        if flash[start + 900 : start + 901] == b"\x01":
            flash[start : start + 4] = b"\xff" * 4  # where the block before it lies
    bench.ask('AT+QFOPEN="f4",2' if "QFREAD" in command else "AT")
    reply = bench.ask(command)
    assert reply.endswith(b"\r\n+CME ERROR: 411\r\n")
    assert reply.count(b"\x01") < 5000
    assert bench.rig.device.phase is Phase.COMMAND
    bench.ask("AT+QFCLOSE=1027")
    assert bench.ask('AT+QFDEL="f4"') == OK
    assert bench.upload('AT+QFUPL="f4",3,5', b"abc").endswith(OK)
