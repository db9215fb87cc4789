"""What really went over a device's sockets, as tshark sees it: the keys are in the file."""

import signal
from pathlib import Path

import pytest

from tests.e2e.network.test_tls import CASES, connect
from tests.e2e.network.world import MOSQUITTO, PLAIN, PTY, TLS, open_world
from tests.e2e.simulator import RunningSimulator
from tests.packets.tshark import WRONG_OR_MALFORMED, shown
from tests.peers.mosquitto import Mosquitto

pytestmark = pytest.mark.pty
CA = "UFS:ca.pem"
INTACT = CASES["intact"]


def test_tls_with_the_real_broker_can_be_read(mosquitto: Mosquitto, tmp_path: Path) -> None:
    file = tmp_path / "run.pcapng"
    options = {"files": {CA: INTACT.ca}, "clock": INTACT.clock}
    with open_world(MOSQUITTO, "ec200u", mosquitto, file, **options) as world:
        version = connect(world, INTACT, 0)["version"]
    assert shown(file, WRONG_OR_MALFORMED, "frame.number", "_ws.col.Info") == []
    messages = shown(file, "mqtt", "_ws.col.Info", "mqtt.clientid", "mqtt.topic", "mqtt.msg")
    hello = b"hello".hex()
    assert ["Connect Command", "over-tls", "", ""] in messages
    assert ["Publish Message (id=2) [over/tls]", "", "over/tls", hello] in messages
    down = f"mqtt.msgtype == 3 && tcp.srcport == {TLS}"
    assert shown(file, down, "mqtt.topic", "mqtt.msg") == [["over/tls", hello]]
    (hail,) = shown(file, "tls.handshake.type == 2", "tcp.srcport", "tls.record.version")
    assert hail[0] == str(TLS)
    assert shown(file, f'frame.comment contains "open, {version}"', "frame.interface_name") == [
        ["notes"]
    ]
    real = f'frame.comment contains "in reality 127.0.0.1, port {mosquitto.tls_ports[TLS]}"'
    assert shown(file, real, "tcp.dstport") == [[str(TLS)]]
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", [MOSQUITTO, PTY])
def test_without_tls(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    real = request.getfixturevalue("mosquitto") if kind == MOSQUITTO else None
    file = tmp_path / "run.pcapng"
    with open_world(kind, "ec200u", real, file) as world:
        world.connects()
        world.host.ask('AT+QMTSUB=0,1,"a/b",1')
        world.host.hears("+QMTSUB: 0,1,0,1")
        world.publish("a/b", b"hello", qos=1)
        world.host.hears('+QMTRECV: 0,1,"a/b","hello"')
        seen_while_it_runs = shown(file, "mqtt", "_ws.col.Info")
        world.host.ask("AT+QMTDISC=0")
        world.host.hears("+QMTDISC: 0,0")
    assert shown(file, WRONG_OR_MALFORMED, "frame.number", "_ws.col.Info") == []
    messages = [each[0] for each in shown(file, "mqtt", "_ws.col.Info")]
    assert messages[: len(seen_while_it_runs)] == [each[0] for each in seen_while_it_runs]
    assert messages[:5] == ["Connect Command", "Connect Ack", "Subscribe Request (id=1) [a/b]",
                            "Subscribe Ack (id=1)", "Publish Message (id=1) [a/b]"]  # fmt: skip
    assert messages[-1] == "Disconnect Req"
    assert shown(file, f"mqtt && tcp.dstport == {PLAIN}", "_ws.col.Info")[-1] == ["Disconnect Req"]
    assert shown(file, "tcp.flags.fin == 1", "frame.number")


def test_tls_with_a_broker_in_process_is_shown_without_it(tmp_path: Path) -> None:
    file = tmp_path / "run.pcapng"
    options = {"files": {CA: INTACT.ca}, "clock": INTACT.clock}
    with open_world(PTY, "ec200u", None, file, **options) as world:
        connect(world, INTACT, 0)
    assert shown(file, WRONG_OR_MALFORMED, "frame.number", "_ws.col.Info") == []
    found = shown(file, 'mqtt && frame.interface_name == "inside"', "_ws.col.Info", "mqtt.clientid")
    assert found[0] == ["Connect Command", "over-tls"]


def test_a_broker_that_is_not_there(mosquitto: Mosquitto, tmp_path: Path) -> None:
    file = tmp_path / "run.pcapng"
    with open_world(MOSQUITTO, "ec200u", mosquitto, file) as world:
        world.host.ask('AT+QMTOPEN=0,"broker.example",1885')
        world.host.hears("+QMTOPEN: 0,5")
    flags = shown(file, "tcp", "tcp.flags.str", "tcp.dstport")
    assert [each[0].strip("·") for each in flags] == ["S", "A·R"]
    assert flags[0][1] == "1885"
    assert shown(file, 'frame.comment contains "failed: refused"', "frame.interface_name")


@pytest.mark.parametrize("is_full", [False, True])
def test_a_killed_run_leaves_its_packets_and_a_full_disk_ends_no_run(
    tmp_path: Path, is_full: bool
) -> None:
    file = Path("/dev/full") if is_full else tmp_path / "run.pcapng"
    words = ["--service", "echo://echo.example:7", "--pcapng", str(file)]
    with RunningSimulator("ec200u", *words) as simulator:
        with simulator.open() as port:
            for command in (b"AT+QIACT=1", b'AT+QIDNSGIP=1,"echo.example"'):
                port.write(command + b"\r")
                assert b"OK" in port.read_until(b"OK\r\n")
            assert b"192.0.2." in port.read_until(b'"192.0.2.10"\r\n')
        code = simulator.stop(signal.SIGINT if is_full else signal.SIGKILL)
    assert (code == 0) == is_full
    assert simulator.stderr.count("no more packets: cannot write /dev/full: No space") == is_full
    if not is_full:
        assert len(shown(file, "dns", "frame.number")) == 2


def test_what_happens_besides_is_noted(tmp_path: Path) -> None:
    file = tmp_path / "run.pcapng"
    with open_world(PTY, "ec200u", None, file) as world:
        world.device.inject("connect_refused")
        world.host.ask(f'AT+QMTOPEN=0,"broker.example",{PLAIN}')
        world.host.hears("+QMTOPEN: 0,5")
        world.device.drop_bearer()
    notes = [each[0] for each in shown(file, "syslog", "syslog.msg")]
    assert f"fault connect_refused: broker.example:{PLAIN}: refused" in notes
    assert "somebody did: lose_bearer" in notes
