"""The FILE commands on RAM:, as the GSM generation has them: handles, data, errors, power."""

import pytest

from quecsim.at.storage import surviving_bytes
from quecsim.trace.event import Stored
from quecsim.units import s
from tests.device.bench import ERROR, OK, Bench, cme, info
from tests.device.m95 import m95, profile
from tests.test_checksum import AMAZON


@pytest.fixture
def bench() -> Bench:
    return m95()


def reading(data: bytes) -> bytes:
    return b"\r\nCONNECT %d\r\n" % len(data) + data + OK


def test_up_and_down(bench: Bench) -> None:
    """2d13: printed by an EC25 for this very upload to RAM; framing: log of an M-series device."""
    assert bench.upload('AT+QFUPL="RAM:ca.pem",1188', AMAZON) == info("+QFUPL: 1188,2d13")
    expected = b"\r\nCONNECT\r\n" + AMAZON + info("+QFDWL: 1188,2d13")
    assert bench.ask('AT+QFDWL="RAM:ca.pem"') == expected
    assert bench.ask('AT+QFUPL="RAM:ca.pem",5') == cme(4012)
    assert bench.ask('AT+QFDWL="RAM:voice.wav"') == cme(4010)
    bench.rig.check()


def test_by_handle(bench: Bench) -> None:
    assert bench.ask('AT+QFOPEN="RAM:a"') == info("+QFOPEN: 3000")
    assert bench.upload("AT+QFWRITE=3000,10", b"0123456789") == info("+QFWRITE: 10,10")
    assert bench.ask("AT+QFSEEK=3000,4") == OK
    assert bench.ask("AT+QFPOSITION=3000") == info("+QFPOSITION: 4")
    assert bench.ask("AT+QFREAD=3000,3") == reading(b"456")
    assert bench.ask("AT+QFTUCAT=3000") == OK
    assert bench.ask("AT+QFREAD=3000") == reading(b"")
    assert bench.ask("AT+QFSEEK=3000,0") == OK
    assert bench.ask("AT+QFREAD=3000") == reading(b"0123456")
    assert bench.ask("AT+QFFLUSH=3000") == OK
    assert bench.ask("AT+QFOPEN?") == info('+QFOPEN: "RAM:a",3000,0')
    assert bench.ask("AT+QFCLOSE=3000") == OK
    assert bench.ask('AT+QFLST="RAM:a"') == info('+QFLST: "RAM:a",7,7')


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ('AT+QFOPEN="RAM:none",2', 4010),
        ('AT+QFOPEN="RAM:open"', 4013),
        ('AT+QFDEL="RAM:open"', 4013),
        ('AT+QFDEL="RAM:*"', 4013),
        ('AT+QFUPL="RAM:open",5', 4012),
        ('AT+QFUPL="RAM:big",647669', 4008),
        ('AT+QFUPL="SD:a",5', 4013),
        ('AT+QFUPL="RAM:a",5,0', 4013),
        ("AT+QFREAD=2999", 4013),
        ("AT+QFSEEK=3000,1", 4013),
        ("AT+QFFLUSH=2999", 4013),
        ('AT+QFLDS="SD"', 4013),
    ],
)
def test_errors_have_this_generation_s_numbers(bench: Bench, line: str, number: int) -> None:
    bench.ask('AT+QFOPEN="RAM:open"')
    assert bench.ask(line) == cme(number)
    bench.ask("AT+CMEE=2")
    assert b"unknown error" not in bench.ask(line)


def test_flush_is_not_for_every_device() -> None:
    assert Bench().ask("AT+QFFLUSH=3000") == ERROR


def test_flushing_makes_a_file_on_the_flash_safe() -> None:
    for flushes in (True, False):
        bench = m95()
        bench.ask('AT+QFOPEN="a"')
        bench.upload("AT+QFWRITE=3000,3", b"ABC")  # QFWRITE itself makes it safe
        bench.ask("AT+QFSEEK=3000,1")
        assert bench.ask("AT+QFTUCAT=3000") == OK
        if flushes:
            assert bench.ask("AT+QFFLUSH=3000") == OK
        bench.rig.cut_power(bench.now_ns)
        assert bench.file("a") == (b"A" if flushes else b"ABC")


def test_memory_that_fills_up_in_the_middle() -> None:
    bench = m95(profile(files={"ram_bytes": 1000, "no_room": "at_end"}))
    bench.send(b'AT+QFUPL="RAM:a",1200\r')
    bench.until(b"CONNECT\r\n")
    bench.send(bytes(1200))
    assert bench.rest().startswith(cme(4008))
    assert bench.ask('AT+QFLST="RAM:a"') == info('+QFLST: "RAM:a",1000,1000')
    bench.rig.check()


def test_what_is_in_memory_goes_with_the_power() -> None:
    bench = m95()
    bench.send(b'AT+QFUPL="RAM:a_b",5000\r')
    bench.until(b"CONNECT\r\n")
    bench.send(bytes(3000))
    bench.run_for(s(1))
    assert bench.rig.counters()["stored"] == 2048  # whole blocks
    bench.rig.cut_power(bench.now_ns)
    counters = bench.rig.counters()
    assert (counters["stored"], counters["lost_power"]) == (0, 3000)
    assert bench.events(Stored)[-1].count == -2048
    bench.rig.check()


@pytest.mark.parametrize("label", ["RAM:a", "RAM:ca_cert.pem", "NVRAM:CA0", "a"])
def test_nothing_survives_that_is_not_on_the_flash(label: str) -> None:
    assert surviving_bytes(m95().rig.device.context.ufs, label) == 0
