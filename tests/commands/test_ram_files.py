"""The FILE commands on RAM:, as the GSM generation has them: handles, data, errors, power."""

import pytest

from quecsim.at.storage import surviving_bytes
from quecsim.profiles.loader import load_profile
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


@pytest.mark.parametrize("name", ["m95", "ec200t", "uc200t"])
def test_flushing_makes_a_file_on_the_flash_safe(name: str) -> None:
    for flushes in (True, False):
        bench = m95() if name == "m95" else Bench(load_profile(name))
        first = bench.rig.profile.files.first_handle
        bench.ask('AT+QFOPEN="a"')
        bench.upload(f"AT+QFWRITE={first},3", b"ABC")  # QFWRITE itself makes it safe
        bench.ask(f"AT+QFSEEK={first},1")
        assert bench.ask(f"AT+QFTUCAT={first}") == OK
        if flushes:
            assert bench.ask(f"AT+QFFLUSH={first}") == OK
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


# the LTE modules


@pytest.mark.parametrize("name", ["ec200u", "ec200t", "eg912y"])
def test_an_lte_module_has_it_too(name: str) -> None:
    bench = Bench(load_profile(name))
    first = bench.rig.profile.files.first_handle
    assert bench.ask('AT+QFLDS="RAM"') == info("+QFLDS: 1048576,1048576")
    assert bench.upload('AT+QFUPL="RAM:ca.pem",1188', AMAZON) == info("+QFUPL: 1188,2d13")
    assert bench.ask('AT+QFLDS="RAM:"') == info("+QFLDS: 1047388,1048576")
    assert bench.ask('AT+QFLST="RAM:*"') == info('+QFLST: "RAM:ca.pem",1188')
    assert bench.ask('AT+QFLST="ram:ca.pem"') == info('+QFLST: "RAM:ca.pem",1188')
    assert bench.ask("AT+QFLST") == OK, "the flash has its own"
    expected = b"\r\nCONNECT\r\n" + AMAZON + info("+QFDWL: 1188,2d13")
    assert bench.ask('AT+QFDWL="ram:/ca.pem"') == expected
    assert bench.ask('AT+QFOPEN="RAM:ca.pem",2') == info(f"+QFOPEN: {first}")
    assert bench.ask(f"AT+QFREAD={first},5") == reading(AMAZON[:5])
    assert bench.ask('AT+QFDEL="RAM:*"') == cme(418)
    assert bench.ask(f"AT+QFCLOSE={first}") == OK
    assert bench.ask('AT+QFDEL="RAM:ca.pem"') == OK
    assert bench.ask('AT+QFUPL="RAM:big",1048577') == cme(423)
    assert bench.names() == []


@pytest.mark.parametrize("line", ["AT+CFUN=1,1", "AT+QPOWD"])
def test_the_memory_of_an_lte_module_is_empty_after_every_start(line: str) -> None:
    bench = Bench()
    bench.upload('AT+QFUPL="RAM:a",3', b"abc")
    bench.upload('AT+QFUPL="b",3', b"abc")
    bench.ask(line)
    if line.endswith("QPOWD"):
        bench.rig.power_on(bench.now_ns)
        bench.rest()
    assert bench.ask('AT+QFLST="RAM:*"') == OK
    assert bench.ask("AT+QFLST") == info('+QFLST: "UFS:b",3')
