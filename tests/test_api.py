"""`quecsim.open`: a device on a real pty, from Python."""

from pathlib import Path

import pytest
import serial

import quecsim
from quecsim.scenario.payload import payload_bytes
from quecsim.trace.jsonl import read_trace

pytestmark = pytest.mark.pty
READ_TIMEOUT_S = 60.0


def host(device: quecsim.OpenDevice) -> serial.Serial:
    return serial.Serial(device.port, 115_200, timeout=READ_TIMEOUT_S)


def upload(device: quecsim.OpenDevice, data: bytes, name: bytes = b"UFS:ca.pem") -> bytes:
    with host(device) as port:
        port.write(b"ATE0\r")
        port.read_until(b"OK\r\n")
        port.write(b'AT+QFUPL="%s",%d,60\r' % (name, len(data)))
        port.read_until(b"CONNECT\r\n")
        port.write(data)
        reply: bytes = port.read_until(b"OK\r\n")
        return reply


def open_descriptors() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


def test_every_public_name_is_there() -> None:
    assert all(getattr(quecsim, name) is not None for name in quecsim.__all__)
    with pytest.raises(AttributeError, match="no attribute 'modem'"):
        _ = quecsim.modem


def test_files_counters_and_report() -> None:
    data = payload_bytes("certificate")
    with quecsim.open("ec200u", files={"old.pem": b"old"}) as device:
        assert device.files() == {"UFS:old.pem": 3}
        assert b"+QFUPL: 1188,380d" in upload(device, data)
        assert device.read_file("UFS:ca.pem") == device.read_file("ca.pem") == data
        assert device.read_file("ufs:/ca.pem") == data
        with pytest.raises(FileNotFoundError):
            device.read_file("UFS:none.pem")
        counters = device.counters
        assert counters["stored"] == 1188
        assert counters["sent"] == sum(
            counters[place] for place in ("stored", "lost", "eaten", "in_flight")
        )
        assert device.report().uploads[0].verdict == "intact"
    assert not device.report().fell_short
    assert device.report().is_ended


def test_a_scenario_and_options_on_top(tmp_path: Path) -> None:
    trace = tmp_path / "run.jsonl"
    with quecsim.open(scenario="thread-57329", flash="instant", trace=trace) as device:
        with host(device) as port:
            port.write(b'AT+QFUPL="x",1188,1\r')
            port.read_until(b"CONNECT\r\n")
            port.write(payload_bytes("certificate"))
            port.read_until(b"421\r\n")
        report = device.report()
        assert report.uploads[0].verdict == "lost"
        assert report.settings["flash"] == "instant"
    _, events = read_trace(trace)
    assert type(events[-1]).__name__ == "End"


def test_the_link_and_the_image(tmp_path: Path) -> None:
    link, image = tmp_path / "modem", tmp_path / "ufs.img"
    with quecsim.open("ec200u", link=link, ufs=image) as device:
        assert device.port == str(link)
        upload(device, b"hello")
    assert not link.is_symlink()
    with quecsim.open("ec200u", ufs=image) as device:
        assert device.read_file("ca.pem") == b"hello"


def test_two_devices_cannot_share_an_image(tmp_path: Path) -> None:
    image = tmp_path / "ufs.img"
    with quecsim.open("ec200u", ufs=image), pytest.raises(quecsim.QuecsimError):
        quecsim.open("ec200u", ufs=image)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"device": "ec200x"}, "ec200x"),
        ({"device": "ec200u", "colour": 1}, "no option 'colour'"),
        ({"device": "ec200u", "files": {"../x": b""}}, "cannot be a file"),
        ({"scenario": "none"}, "none"),
        ({"device": "ec200u", "files": {"UFS:x": "text"}}, "not bytes"),
        ({"device": "ec200u", "ifc": (1, 1)}, "does not take AT.IFC=1,1"),
        ({"device": "ec200u", "ipr": 115_201}, "does not take AT.IPR=115201"),
        (
            {"device": "ec200u", "interface": "bluetooth"},
            'interface must be "uart" or "usb", not "bluetooth"',
        ),
        ({"device": "ec200u", "ring_bytes": 3}, "ring_bytes must be a whole number from 16"),
        ({"device": "ec200u", "flash": "fast"}, 'flash must be "drawn"'),
        ({"device": "ec200u", "time_scale": 1e-9}, "time_scale must be a number from 0.001"),
        ({"device": "ec200u", "seed": -1}, "seed must be a whole number from 0"),
        ({"device": "ec200u", "seed": 1 << 63}, "seed must be"),
        ({"device": "ec200u", "seed": "x"}, 'not "x"'),
        ({"device": "ec200u", "ring_byts": 64}, 'Did you mean "ring_bytes"?'),
        ({"device": "ec200u", "faults": [{"kind": "ack_lots"}]}, 'Did you mean "ack_lost"?'),
        ({"device": "ec200u", "stalls": [1]}, r"stall\[1\] must be a table, not 1"),
        (
            {"device": "ec200u", "stalls": [quecsim.Stall(stall_ms=0, at_byte=1)]},
            "stall_ms must be a whole number",
        ),
        ({"device": "ec200u", "stalls": [quecsim.Stall(stall_ms=1)]}, "one of them"),
        (
            {"device": "ec200u", "files": {"big": bytes(8 << 20)}},
            "preloaded files cannot be stored",
        ),
    ],
)
def test_a_users_mistake_is_a_quecsim_error(options: dict[str, object], message: str) -> None:
    with pytest.raises(quecsim.QuecsimError, match=message):
        quecsim.open(**options)  # type: ignore[arg-type]


def test_closing_twice_is_fine_and_nothing_is_left_open() -> None:
    device = quecsim.open("ec200u")
    path = Path(device.port)
    device.close()
    device.close()
    with pytest.raises(serial.SerialException):
        serial.Serial(str(path), timeout=1).read(1)


def test_a_failure_inside_the_device_reaches_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    device = quecsim.open("ec200u")
    rig = device._simulator.rig

    def broken(now_ns: int) -> None:
        raise AssertionError("bytes vanished")

    monkeypatch.setattr(rig, "advance", broken)
    with host(device) as port:
        port.write(b"AT\r")
        with pytest.raises(AssertionError, match="bytes vanished"):
            device.wait_for("Result", timeout_s=READ_TIMEOUT_S)
    for look in (lambda: device.counters, device.files, device.report):
        with pytest.raises(AssertionError, match="bytes vanished"):
            look()
    with pytest.raises(AssertionError, match="bytes vanished"):
        device.close()


def test_after_close_the_files_are_out_of_reach_and_the_counters_are_not(tmp_path: Path) -> None:
    with quecsim.open("ec200u", ufs=tmp_path / "ufs.img", files={"a": b"x"}) as device:
        assert device.read_file("a") == b"x"
    for look in (device.files, lambda: device.read_file("a")):
        with pytest.raises(quecsim.QuecsimError, match="this device is closed"):
            look()
    assert device.counters["sent"] == 0
    assert device.report().fell_short is False


def test_a_start_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise AssertionError("no start")

    monkeypatch.setattr("quecsim.rig.Rig.start", broken)
    descriptors = open_descriptors()
    with pytest.raises(AssertionError, match="no start"):
        quecsim.open("ec200u", link=tmp_path / "modem")
    assert not (tmp_path / "modem").is_symlink()
    assert open_descriptors() == descriptors


def test_a_link_that_cannot_be_made_leaks_no_descriptor(tmp_path: Path) -> None:
    descriptors = open_descriptors()
    with pytest.raises(quecsim.QuecsimError, match="cannot make the link"):
        quecsim.open("ec200u", link=tmp_path / "none" / "modem")
    assert open_descriptors() == descriptors


def test_a_trace_that_cannot_go_on_is_one_warning() -> None:
    with (
        pytest.warns(RuntimeWarning, match="trace ended: cannot write /dev/full") as told,
        quecsim.open("ec200u", trace="/dev/full") as device,
    ):
        assert b"+QFUPL: 5," in upload(device, b"hello")
    assert len(told) == 1


def test_hosts_may_come_in_over_the_network() -> None:
    with quecsim.open("ec200u", rfc2217=":0", tcp="localhost:0") as device:
        assert device.rfc2217.startswith("rfc2217://127.0.0.1:")
        assert device.tcp.startswith("socket://127.0.0.1:")
        assert [way.port for way in device.hosts()] == [device.port, device.rfc2217, device.tcp]
    with quecsim.open("ec200u") as device:
        assert (device.rfc2217, device.tcp) == ("", "")
    with pytest.raises(quecsim.QuecsimError, match="other machines"):
        quecsim.open("ec200u", tcp="0.0.0.0:0")
