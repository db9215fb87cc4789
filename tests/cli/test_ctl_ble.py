"""`quecsim ctl ble`, as its user calls it, against a simulator in a process of its own, with a host
on its pty.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial
from click.testing import CliRunner, Result

from quecsim.cli.ctl import ctl
from quecsim.errors import QuecsimError
from tests.e2e.simulator import RunningSimulator, ask
from tests.live.control.bench import runtime_folder

pytestmark = pytest.mark.pty

PERIPHERAL = (
    b"AT+QBLEINIT=2,1",
    b'AT+QBLENAME="QuecFGM842D"',
    b'AT+QBLEGATTSSRV="FFF1"',
    b'AT+QBLEGATTSCHAR="FFF2",7',
    b"AT+QBLEGATTSSRVDONE",
    b"AT+QBLEADVSTART",
)
MISTAKES = (
    (("connect",), "does not advertise: NOINIT"),
    (("write", "fff2"), r"what is to be sent\?"),
    (("write", "fff2", "1", "--hex"), "no row of hex digits"),
    (("write", "fff2", "1"), "nobody is on the air"),
    (("notify", "fff2", "1"), "nobody is on the air"),
    (("subscribe", "fff2"), "nobody is on the air"),
    (("read", "fff"), "is no UUID"),
    (("disconnect", "phone"), "nobody is on the air"),
)


@pytest.fixture
def simulator() -> Iterator[RunningSimulator]:
    with runtime_folder(), RunningSimulator("fcm242d") as running:
        yield running


def call(*arguments: str, whole: bool = False) -> Result:
    """The command in this process; a mistake of the user's is raised."""
    line = arguments if whole else ("ble", *arguments)
    done = CliRunner().invoke(ctl, line, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done


def waited(event: str, *fields: str) -> None:
    """Until it is on record."""
    call("wait", event, *fields, "--since", "start", "--timeout", "60", whole=True)


def heard(port: serial.Serial, text: bytes) -> bytes:
    said: bytes = port.read_until(text)
    assert said.endswith(text), said
    return said


def test_the_example_of_the_manual(simulator: RunningSimulator, tmp_path: Path) -> None:
    assert call().stdout == "device  none, NOINIT\nair     nobody\n"
    for line, problem in MISTAKES:
        with pytest.raises(QuecsimError, match=problem):
            call(*line)
    with simulator.open() as port:
        for command in (b"AT+QECHO=0", *PERIPHERAL):
            ask(port, command)
        connected = call("connect", "--mtu", "100")
        assert connected.stdout == "phone\n"
        assert "the only one that runs" in connected.stderr
        assert b'+QBLESTAT: "CONNECTED"' in heard(port, b"+QBLEMTU: 100\r\n")
        assert call("write", "FFF2", "from phone").stdout == "phone\n"
        assert heard(port, b"from phone\r\n") == b'\r\n+QBLERECV: 0,"fff2",10\r\nfrom phone\r\n'
        assert json.loads(call("write", "fff2", "3132", "--hex", "--request", "--json").stdout) == {
            "name": "phone"
        }
        assert heard(port, b"12\r\n") == b'\r\n+QBLERECV: 0,"fff2",2\r\n12\r\n'
        file = tmp_path / "data"
        file.write_bytes(bytes(range(97)))
        call("write", "fff2", "--file", str(file), "--name", "phone")
        heard(port, bytes(range(97)) + b"\r\n")
        nothing = call("read", "FFF2")
        assert (nothing.return_value, nothing.stderr) == (1, "quecsim: nothing of FFF2 has come\n")
        call("subscribe", "FFF2")
        waited("BleHeard", "what=subscribed")
        ask(port, b'AT+QBLEGATTSNTFY=0,"FFF2","123456789"')
        waited("BleGone")
        assert call("read", "FFF2").stdout_bytes == b"123456789"
        copy = tmp_path / "copy"
        call("read", "fff2", "-o", str(copy))
        assert copy.read_bytes() == b"123456789"
        shown = call("list").stdout
        assert shown.startswith("device  peripheral, CONNECTED, MTU 100\nphone   phone, c0ffee")
        assert shown.endswith("s  fff2, 9 bytes: 123456789\n")
        assert json.loads(call("--json").stdout)["peers"][0]["received"][0][2] == "MTIzNDU2Nzg5"
        call("subscribe", "fff2", "--off")
        assert call("disconnect").stdout == "phone\n"
        heard(port, b'+QBLESTAT: "DISCONNECTED"\r\n')
        call("connect", "--json")  # it advertises again by itself
        heard(port, b'+QBLESTAT: "CONNECTED"\r\n')


def test_a_file_that_is_too_long(tmp_path: Path) -> None:
    file = tmp_path / "data"
    file.write_bytes(bytes(513))
    with pytest.raises(QuecsimError, match="too long for one piece"):
        call("write", "fff2", "--file", str(file))
    with pytest.raises(QuecsimError, match="what is to be sent"):
        call("write", "fff2", "12", "--hex", "--file", str(file))
    with pytest.raises(QuecsimError, match="--json stands behind"):
        call("--json", "list")
