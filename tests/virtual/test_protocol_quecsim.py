"""The port as pyserial documents it.

Written after the ideas of pyserial's own test directory, each with a device behind the port in
place of a loop-back plug:

    test.py             non-blocking reads, reads with a time-out, reads for ever, data wires,
                        RTS/CTS, DTR/DSR, write time-outs
    test_advanced.py    settings are checked and changed while the port is open
    test_cancel.py      cancel_read, cancel_write (in test_threaded.py here)
    test_close.py       using a closed port
    test_context.py     `with`, also again
    test_exclusive.py   a port that somebody else has
    test_high_load.py   many bytes, unchanged
    test_iolib.py       io.BufferedReader and TextIOWrapper on a port
    test_readline.py    readline, readlines, other line endings
    test_read_until.py  terminators, sizes, time-outs
    test_settings_dict.py   get_settings, apply_settings, unknown keys
    test_threaded.py    serial.threaded (in test_threaded.py here)
    test_timeout_class.py   serial.serialutil.Timeout (in tests/virtual/test_clock.py here)
    test_url.py         handlers, unknown ones, do_not_open

What does not apply: test_pty.py (no file descriptor), test_asyncio.py (test_event_loop.py here),
test_rfc2217.py, test_rs485.py, test_rtsdsr.py (no RS-485), test_util.py, test_hexlify_code.py, the
list_ports tests and test_serialwin32.py (not about ports).
"""

import io
import time
from collections.abc import Iterator
from typing import Any

import pytest
import serial
from hypothesis import given, settings
from hypothesis import strategies as st

import quecsim
import quecsim.pyserial
from quecsim.trace.event import HostLine
from quecsim.units import S, ms, s, us
from quecsim.virtual.device import VirtualDevice
from quecsim.virtual.virtual_time import virtual_time

URL = "quecsim://ec200u"


@pytest.fixture
def device() -> Iterator[VirtualDevice]:
    with quecsim.open_virtual("ec200u") as device:
        yield device


@pytest.fixture
def port(device: VirtualDevice) -> Any:
    return serial.serial_for_url(device.url, 115200, timeout=1)


def device_of(port: Any) -> VirtualDevice:
    found: VirtualDevice = port.device
    return found


# URLs


def test_a_url_opens_a_port_and_at_answers() -> None:
    port = serial.serial_for_url(f"{URL}?seed=3", 115200, timeout=1)
    port.write(b"AT\r")
    assert port.read_until(b"OK\r\n") == b"AT\r\r\nOK\r\n"
    assert port.name == port.port == f"{URL}?seed=3"


def test_options_are_those_of_a_scenario() -> None:
    url = f"{URL}?scenario=thread-57329&seed=3&ifc=2,2&ring_bytes=512&wires=false&flash=worst"
    scenario = device_of(serial.serial_for_url(url)).scenario
    assert (scenario.seed, scenario.device_settings.ifc) == (3, (2, 2))
    assert (scenario.ring.rx_bytes, scenario.host.wires) == (512, False)
    assert (scenario.name, scenario.flash.timing) == ("thread-57329", "worst")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("quecsim://ec200x", 'no device is called "ec200x"'),
        (f"{URL}?files=x", "no option 'files' in a URL"),
        (f"{URL}?flo=none", "there is no option 'flo'"),
        (f"{URL}?flow=nine", 'flow must be "auto" or'),
        (f"{URL}?seed=x", "seed must be a whole number from 0"),
        (f"{URL}?seed=1&flash=worst&seed=2", "says seed 2 times"),
        ("quecsim://", "names neither a device nor a scenario"),
        ("quecsim://?seed=3", "names neither a device nor a scenario"),
        (f"{URL}?scenario=nowhere", "nowhere"),
        (f"{URL}/999999", "does not run"),
        (f"{URL}/my.toml", "names no device"),
        ("quecsim:///no/such/file.toml", "file.toml"),
        (f"{URL}?power_on=5", "true or false"),
    ],
)
def test_what_cannot_be_opened_says_why(url: str, words: str) -> None:
    with pytest.raises(serial.SerialException, match=words):
        serial.serial_for_url(url)


def test_a_scenarios_file_is_a_url_too(tmp_path: Any) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('title = "mine"\nshows = "nothing"\ndevice = "ec200t"\nseed = 9\n')
    device = device_of(serial.serial_for_url(f"quecsim://{path}"))
    assert (device.scenario.seed, device.rig.profile.name) == (9, "ec200t")


def test_power_on_begins_with_power_up() -> None:
    port = serial.serial_for_url(f"{URL}?power_on=true", 115200, timeout=30)
    assert port.read_until(b"RDY\r\n").endswith(b"RDY\r\n")


def test_do_not_open() -> None:
    port = serial.serial_for_url(URL, do_not_open=True)
    assert not port.is_open
    port.open()
    assert port.is_open


def test_other_urls_work_as_ever() -> None:
    assert serial.serial_for_url("loop://").is_open
    with pytest.raises(ValueError, match="not known"):
        serial.serial_for_url("nosuchprotocol://")


def test_each_port_makes_a_device_of_its_own() -> None:
    assert device_of(serial.serial_for_url(URL)) is not device_of(serial.serial_for_url(URL))


def test_within_virtual_time_a_url_is_one_device() -> None:
    with virtual_time():
        first, second = serial.serial_for_url(URL), serial.serial_for_url(URL)
        assert first.device is second.device
        assert first.device is not serial.serial_for_url(f"{URL}?seed=2").device


# reading


def test_a_read_that_does_not_wait(port: Any, device: VirtualDevice) -> None:
    port.timeout = 0
    before_ns = device.now_ns
    assert port.read(10) == b""
    assert device.now_ns - before_ns <= us(10)
    port.write(b"AT\r")
    time.sleep(0.2)
    assert port.read(4) == b"AT\r\r"
    assert port.read(100) == b"\nOK\r\n"


def test_polling_without_sleeping_makes_progress(port: Any) -> None:
    port.timeout = 0
    port.write(b"AT\r")
    got = b""
    while not got.endswith(b"OK\r\n"):
        got += port.read(64)
    port.write(b"AT\r")
    while port.in_waiting < 9:
        pass
    assert port.read_all() == b"AT\r\r\nOK\r\n"


@pytest.mark.parametrize("seconds", [0.05, 0.5, 1.5, 60])
def test_a_read_with_a_time_out_takes_exactly_that(
    port: Any, device: VirtualDevice, seconds: float
) -> None:
    port.timeout = seconds
    before_ns = device.now_ns
    assert port.read(5) == b""
    assert device.now_ns - before_ns == round(seconds * 1e9)


def test_a_read_with_a_time_out_returns_what_has_come(port: Any, device: VirtualDevice) -> None:
    port.write(b"AT\r")
    before_ns = device.now_ns
    assert port.read(100) == b"AT\r\r\nOK\r\n"
    assert device.now_ns - before_ns == s(1)


def test_a_read_for_ever_returns_when_the_bytes_are_there(port: Any, device: VirtualDevice) -> None:
    port.timeout = None
    port.write(b"AT\r")
    assert port.read(9) == b"AT\r\r\nOK\r\n"
    assert device.now_ns < ms(50)


def test_silence_between_bytes(port: Any, device: VirtualDevice) -> None:
    port.inter_byte_timeout = 0.002
    port.write(b"AT\r")
    assert port.read(100) == b"AT\r"
    assert port.read(100) == b"\r\nOK\r\n"
    assert device.now_ns < ms(50)


def test_readinto(port: Any) -> None:
    port.write(b"AT\r")
    buffer = bytearray(9)
    assert port.readinto(buffer) == 9
    assert bytes(buffer) == b"AT\r\r\nOK\r\n"


def test_lines(port: Any) -> None:
    port.write(b"ATE0\r")
    assert port.readline() == b"ATE0\r\r\n"
    assert port.readline() == b"OK\r\n"
    assert port.readline() == b""
    port.write(b"ATI\r")
    lines = port.readlines()
    assert lines[0] == b"\r\n"
    assert lines[-1] == b"OK\r\n"
    port.write(b"AT\r")
    assert list(port) == [b"\r\n", b"OK\r\n"]
    port.write(b"AT\r")
    assert list(port.iread_until(b"\r\n")) == [b"\r\n", b"OK\r\n"]


def read_until_by_bytes(port: Any, expected: bytes, size: int | None) -> bytes:
    """What `read_until` does, one read for each byte."""
    end_ns = None if port.timeout is None else device_of(port).now_ns + round(port.timeout * S)
    line = b""
    while byte := port.read(1):
        line += byte
        if (expected and line.endswith(expected)) or (size is not None and len(line) >= size):
            break
        if end_ns is not None and device_of(port).now_ns >= end_ns:
            break
    return line


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"", b"AT\r", b"ATI\r\n", b"ATE0\r", b"AT+QFLDS=?;+QFLST\r"]),
            st.sampled_from([0, 0.00005, 0.003, 0.2]),  # less than a byte takes, and more
            st.sampled_from([b"", b"\n", b"\r\n", b"OK\r\n", b"never"]),
            st.none() | st.integers(0, 12),
        ),
        max_size=8,
    )
)
def test_read_until_is_as_reading_byte_by_byte(
    steps: list[tuple[bytes, float, bytes, int | None]],
) -> None:
    def play(*, by_bytes: bool) -> list[tuple[bytes, int]]:
        port = serial.serial_for_url(URL, 115200)
        seen = []
        for data, port.timeout, expected, size in steps:
            port.write(data)
            if by_bytes:
                line = read_until_by_bytes(port, expected, size)
            else:
                line = port.read_until(expected, size)
            seen.append((line, device_of(port).now_ns))
        return seen

    assert play(by_bytes=False) == play(by_bytes=True)


def test_read_until(port: Any, device: VirtualDevice) -> None:
    port.write(b"AT\r")
    assert port.read_until(b"\r\n") == b"AT\r\r\n"
    assert port.read_until(b"\r\n", 2) == b"OK"
    assert port.read_until(size=1) == b"\r"
    before_ns = device.now_ns
    assert port.read_until(b"never") == b"\n"
    assert s(1) <= device.now_ns - before_ns < s(1) + us(100)  # from the last byte on


@pytest.mark.parametrize("size", [None, 4])
def test_read_until_nothing_reads_on(port: Any, size: int | None) -> None:
    other = serial.serial_for_url("loop://", timeout=1)
    other.write(b"AT\r\r\nOK\r\n")
    port.write(b"AT\r")
    read = port.read_until(b"", size)
    assert read == other.read_until(b"", size) == b"AT\r\r\nOK\r\n"[:size]
    other.close()


def test_text_on_top(port: Any) -> None:
    buffered = io.BufferedReader(port)
    text = io.TextIOWrapper(buffered, newline="\r\n")
    port.write(b"ATE0\r")
    assert text.readline() == "ATE0\r\r\n"
    assert text.readline() == "OK\r\n"
    text.detach()
    buffered.detach()
    assert port.is_open


# writing


def test_what_can_be_written(port: Any) -> None:
    for data in (b"AT\r", bytearray(b"AT\r"), memoryview(b"AT\r"), [65, 84, 13]):
        assert port.write(data) == 3
        assert port.read(9) == b"AT\r\r\nOK\r\n"
    with pytest.raises(TypeError, match="unicode"):
        port.write("AT\r")
    assert port.write(b"") == 0


def test_flush_waits_for_the_line(port: Any, device: VirtualDevice) -> None:
    port.write(b"x" * 1152)
    assert device.now_ns == 0
    assert 1150 <= port.out_waiting <= 1152
    port.flush()
    assert device.now_ns == pytest.approx(ms(100), abs=us(200))
    assert port.out_waiting == 0


@pytest.fixture
def held(device: VirtualDevice) -> Iterator[Any]:
    """A port on a device that asks to stop, and does so for a minute."""
    stall = quecsim.Stall(stall_ms=60_000, at_byte=1)
    with quecsim.open_virtual("ec200u", ifc=(2, 2), stalls=[stall]) as device:
        port = serial.serial_for_url(device.url, 115200, timeout=1, rtscts=True)
        port.write(b'AT+QFUPL="x",100000,60\r')
        assert port.read_until(b"CONNECT\r\n").endswith(b"CONNECT\r\n")
        yield port


@pytest.mark.parametrize("seconds", [0.5, 2, 5])
def test_a_write_that_is_held_back_times_out(held: Any, seconds: float) -> None:
    held.write_timeout = seconds
    before_ns = held.device.now_ns
    with pytest.raises(serial.SerialTimeoutException, match="Write timeout"):
        held.write(b"x" * 50_000)
    assert held.device.now_ns - before_ns == round(seconds * 1e9)
    assert not held.cts


def test_a_write_that_does_not_wait(held: Any) -> None:
    held.write_timeout = 0
    assert held.write(b"x" * 50_000) == 4096
    time.sleep(1)
    assert 0 < held.write(b"x" * 50_000) < 4096
    assert held.write(b"x") == 0
    assert held.out_waiting == 4096
    held.reset_output_buffer()
    assert held.out_waiting <= 1


def test_a_write_that_waits_ends_when_the_line_is_free(held: Any) -> None:
    held.write(b"x" * 100_000)
    assert held.device.now_ns > s(60)
    assert held.read_until(b"OK\r\n").endswith(b"OK\r\n")
    assert held.device.counters["lost"] == 0


def test_many_bytes_unchanged(port: Any, device: VirtualDevice) -> None:
    data = bytes(range(256)) * 400
    port.write(b'AT+QFUPL="big",%d\r' % len(data))
    port.read_until(b"CONNECT\r\n")
    for start in range(0, len(data), 4000):
        port.write(data[start : start + 4000])
    assert b"+QFUPL" in port.read_until(b"OK\r\n")
    assert device.read_file("big") == data
    port.timeout = 60
    port.write(b'AT+QFDWL="big"\r')
    assert port.read_until(b"CONNECT\r\n").endswith(b"CONNECT\r\n")
    assert port.read(len(data)) == data


def test_reset_input_buffer(port: Any) -> None:
    port.write(b"AT\r")
    time.sleep(1)
    assert port.in_waiting == 9
    port.reset_input_buffer()
    assert port.in_waiting == 0


# settings


def test_settings_are_checked(port: Any) -> None:
    for name, value in (
        ("baudrate", -1),
        ("bytesize", 9),
        ("parity", "X"),
        ("stopbits", 3),
        ("timeout", -1),
        ("write_timeout", -1),
        ("inter_byte_timeout", -1),
        ("timeout", "soon"),
        ("baudrate", 0),
    ):
        with pytest.raises(ValueError, match=r".+"):
            setattr(port, name, value)
    with pytest.raises(ValueError, match="unexpected keyword"):
        serial.serial_for_url(URL, nonsense=1)


def test_baud_rate_and_frame_change_while_the_port_is_open(
    port: Any, device: VirtualDevice
) -> None:
    port.write(b"AT+IPR=9600\r")
    assert port.read_until(b"OK\r\n").endswith(b"OK\r\n")
    time.sleep(1)
    port.baudrate = 9600
    before_ns = device.now_ns
    port.write(b"AT\r")
    assert port.read_until(b"OK\r\n").endswith(b"OK\r\n")
    assert device.now_ns - before_ns > ms(12)
    assert device.report().mismatches == []
    port.parity, port.stopbits, port.bytesize = "E", 2, 7
    port.write(b"AT\r")
    time.sleep(1)
    assert device.report().mismatches[0].host == "9600 7E2"


def test_settings_as_a_dictionary(port: Any) -> None:
    stored = port.get_settings()
    changed = {**stored, "baudrate": 9600, "timeout": 7, "rtscts": True, "no such key": 1}
    port.apply_settings(changed)
    assert (port.baudrate, port.timeout, port.rtscts) == (9600, 7, True)
    port.apply_settings(stored)
    assert port.get_settings() == stored


# opening and closing


def test_a_closed_port_is_closed(port: Any) -> None:
    port.close()
    port.close()
    assert not port.is_open
    for use in (
        lambda: port.read(1),
        lambda: port.write(b"x"),
        lambda: port.in_waiting,
        lambda: port.out_waiting,
        lambda: port.cts,
        lambda: port.ri,
        lambda: port.read_until(b"x"),
        port.flush,
        port.reset_input_buffer,
        port.reset_output_buffer,
        port.send_break,
    ):
        with pytest.raises(serial.PortNotOpenError):
            use()
    port.cancel_read()
    port.timeout = 3  # settings may be changed


def test_a_port_is_opened_once(port: Any) -> None:
    with pytest.raises(serial.SerialException, match="already open"):
        port.open()
    with pytest.raises(serial.SerialException, match="must be configured"):
        quecsim_serial()().open()


def quecsim_serial() -> Any:
    from quecsim.virtual.protocol_quecsim import Serial

    return Serial


def test_with(port: Any) -> None:
    with port as same:
        assert same is port
        assert port.is_open
    assert not port.is_open
    with port:
        port.write(b"AT\r")
        assert port.read(9) == b"AT\r\r\nOK\r\n"


def test_the_device_goes_on_while_its_port_is_closed(port: Any, device: VirtualDevice) -> None:
    port.write(b"ATE0\r")
    port.close()
    time.sleep(1)
    port.open()
    assert port.in_waiting == 0  # nobody was there for the answer
    port.write(b"AT\r")
    assert port.read_until(b"OK\r\n") == b"\r\nOK\r\n"  # the echo has stayed off
    other = serial.serial_for_url(device.url, 115200, timeout=1)
    assert other.device is device


def test_the_port_of_a_device_that_has_ended_is_gone() -> None:
    with virtual_time() as clock:
        with quecsim.open_virtual("ec200u") as device:
            port = serial.serial_for_url(device.url, 115200, timeout=1)
            port.write(b"AT\r")
            assert port.read_until(b"OK\r\n").endswith(b"OK\r\n")
        assert device.has_ended
        events, end_ns = list(device.events()), device.now_ns
        for use in (
            lambda: port.read(1),
            lambda: port.read_until(),
            lambda: port.write(b"AT\r"),
            lambda: port.in_waiting,
            lambda: setattr(port, "baudrate", 9600),
            port.flush,
            port.reset_output_buffer,
        ):
            with pytest.raises(serial.SerialException, match="does not run any more"):
                use()
        port.close()
        with pytest.raises(serial.SerialException, match="does not run any more"):
            port.open()
        assert not port.is_open
        assert device.events() == events
        assert clock.now_ns - end_ns < ms(1)


def test_a_setting_that_stays_as_it_is_leaves_no_trace(port: Any, device: VirtualDevice) -> None:
    def bauds() -> list[int]:
        return [event.baud for event in device.events() if isinstance(event, HostLine)]

    port.timeout, port.write_timeout, port.baudrate = 3, 4, 115200
    port.close()
    port.open()
    assert bauds() == [115200]
    port.baudrate = 9600
    port.baudrate = 115200
    assert bauds() == [115200, 9600, 115200]


def test_exclusive(device: VirtualDevice) -> None:
    first = serial.serial_for_url(device.url, exclusive=True)
    with pytest.raises(serial.SerialException, match="exclusively lock"):
        serial.serial_for_url(device.url, exclusive=True)
    serial.serial_for_url(device.url).close()
    first.close()
    serial.serial_for_url(device.url, exclusive=True)


# lines


def test_modem_lines(port: Any, device: VirtualDevice) -> None:
    assert (port.cts, port.dsr, port.cd, port.ri) == (True, True, False, False)
    port.write(b"AT&C0\r")
    port.read_until(b"OK\r\n")
    assert port.cd
    device.cut_power()
    assert (port.cts, port.dsr, port.cd, port.ri) == (False, False, False, False)
    port.rts = False
    port.dtr = False
    assert (port.rts, port.dtr) == (False, False)


def test_rts_by_hand_stops_the_device() -> None:
    with quecsim.open_virtual("ec200u", ifc=(2, 2)) as device:
        port = serial.serial_for_url(device.url, 115200, timeout=0.1)
        port.rts = False
        port.write(b"AT\r")
        assert port.read(9) == b""
        port.rts = True
        assert port.read(9) == b"AT\r\r\nOK\r\n"


def test_rts_may_be_set_before_opening(device: VirtualDevice) -> None:
    port = serial.serial_for_url(device.url, 115200, do_not_open=True, timeout=0.1)
    port.rts = False
    port.dtr = False
    port.open()
    assert port.rts is False


def test_break(port: Any, device: VirtualDevice) -> None:
    before_ns = device.now_ns
    port.send_break(0.5)
    assert device.now_ns - before_ns == ms(500)
    assert port.break_condition is False
    port.break_condition = True
    assert port.break_condition is True


def test_there_is_no_file_descriptor(port: Any) -> None:
    with pytest.raises(io.UnsupportedOperation, match=r"quecsim\.open"):
        port.fileno()
    assert (port.readable(), port.writable(), port.seekable()) == (True, True, False)
    assert URL in repr(port)


def test_a_device_that_was_interrupted_in_a_step_takes_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url, 115200, timeout=1)
        port.write(b"AT\r")
        assert port.read_until(b"OK\r\n")
        with monkeypatch.context() as patch:
            patch.setattr(device.rig.device.__class__, "handle_timeout", interrupt)
            port.write(b"AT\r")
            with pytest.raises(KeyboardInterrupt):
                port.read(100)
        with pytest.raises(serial.SerialException, match="interrupted in the middle"):
            port.read(1)
        with pytest.raises(serial.SerialException, match="interrupted in the middle"):
            port.write(b"AT\r")
        port.close()
    assert device.report().counters.sent == 6
