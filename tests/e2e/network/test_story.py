"""The thread's story up to a real broker: `quecsim run` as users run it, and its record."""

import subprocess
import sys
from pathlib import Path

import pytest

from quecsim.tls.authority import authority_pem
from quecsim.trace.jsonl import read_trace
from tests.e2e.network.host import Host, reply
from tests.e2e.network.world import EXPIRED, HOST, TLS, look_back
from tests.e2e.simulator import RunningSimulator
from tests.peers.mosquitto import Mosquitto

pytestmark = pytest.mark.pty
SCENARIOS = Path(__file__).parents[3] / "scenarios"
CA = authority_pem()
SETTINGS = (
    'AT+QSSLCFG="sslversion",2,4',
    'AT+QSSLCFG="ciphersuite",2,0XFFFF',
    'AT+QSSLCFG="seclevel",2,1',
    'AT+QSSLCFG="cacert",2,"UFS:ca.pem"',
    'AT+QSSLCFG="ignorelocaltime",2,0',
    'AT+QSSLCFG="sni",2,1',
    'AT+QMTCFG="recv/mode",0,0,1',
    'AT+QMTCFG="SSL",0,1,2',
)
LOST = "bytes 1024..1176 of it were lost"


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The thread's, whose network takes no time."""
    path = Path(tmp_path_factory.mktemp("story")) / "like-thread-57329.toml"
    text = (SCENARIOS / "thread-57329.toml").read_text()
    path.write_text(f"{text}\n[network]\nlatency_ms = 0\nhandshake_ms = 0\n")
    return str(path)


def route(mosquitto: Mosquitto, port: int) -> str:
    return f"--route={HOST}:{port}=127.0.0.1:{mosquitto.tls_ports[port]}"


def settle(host: Host) -> None:
    host.command("ATE0")
    host.reads(b"ATE0\r\r\nOK\r\n")
    for setting in SETTINGS:
        host.ask(setting)


def uploads_with_acknowledgements(host: Host) -> None:
    host.command('AT+QFUPL="UFS:ca.pem",1188,5,1')
    host.reads(b"\r\nCONNECT\r\n")
    host.write(CA[:1024])
    host.reads(b"A")
    host.write(CA[1024:])
    host.reads(reply("+QFUPL: 1188,380d"))


def opens(host: Host, port: int, code: int) -> None:
    host.ask(f'AT+QMTOPEN=0,"{HOST}",{port}')
    host.hears(f"+QMTOPEN: 0,{code}")


def test_a_host_that_streams_fails_at_the_broker_and_one_with_acknowledgements_does_not(
    mosquitto: Mosquitto, scenario: str, tmp_path: Path
) -> None:
    trace = tmp_path / "run.jsonl"
    before = mosquitto.connections(mosquitto.tls_ports[TLS])
    words = (scenario, route(mosquitto, TLS), "--clock=2026-06-01", f"--trace={trace}", "--json")
    with RunningSimulator(*words) as simulator:
        with simulator.open() as port:
            host = Host(port)
            settle(host)
            host.command('AT+QFUPL="UFS:ca.pem",1188,1')
            host.reads(b"\r\nCONNECT\r\n")
            host.write(CA)
            host.reads(reply("+QFUPL: 1035,3370", result="+CME ERROR: 421"))
            opens(host, TLS, 5)
            assert mosquitto.connections(mosquitto.tls_ports[TLS]) == before
            host.ask('AT+QFDEL="UFS:ca.pem"')
            uploads_with_acknowledgements(host)
            opens(host, TLS, 0)
            host.ask('AT+QMTCONN=0,"story"')
            host.hears("+QMTCONN: 0,0,0")
            host.ask('AT+QMTSUB=0,1,"story",1')
            host.hears("+QMTSUB: 0,1,0,1")
            host.ask('AT+QMTPUB=0,2,1,0,"story","at last"')
            host.hears_in_any_order("+QMTPUB: 0,2,0", '+QMTRECV: 0,1,"story",7,"at last"')
        assert simulator.stop() == 0
    assert mosquitto.connections(mosquitto.tls_ports[TLS]) == before + 1
    assert f"the device has reached {HOST}:{TLS} at 127.0.0.1:" in simulator.stderr
    check_report(simulator.reports[-1])
    command = [sys.executable, "-m", "quecsim", "report", str(trace)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert LOST in " ".join(told.stdout.split())
    _, events = read_trace(trace)
    look_back(list(events))


def check_report(report: dict[str, object]) -> None:
    uploads, network = report["uploads"], report["network"]
    assert isinstance(uploads, list)
    assert isinstance(network, dict)
    assert [upload["verdict"] for upload in uploads] == ["lost", "intact"]
    failed, opened = network["connections"]
    assert (failed["outcome"], failed["why"], failed["code"]) == ("failed", "tls:ca", 5)
    assert "1035 of 1188 bytes, no END line" in failed["sentence"]
    assert LOST in failed["sentence"]
    assert (opened["outcome"], opened["version"]) == ("open", "TLSv1.2")
    (count,) = network["messages"]
    assert (count["published"], count["received"]) == (1, 1)


@pytest.mark.parametrize(("clock", "code"), [("2026-06-01", 5), ("2020-06-01T12:00:00Z", 0)])
def test_the_clock_that_is_given_decides_about_a_certificate_that_expired(
    mosquitto: Mosquitto, scenario: str, clock: str, code: int
) -> None:
    words = (scenario, route(mosquitto, EXPIRED), "--clock", clock, "--flash=instant", "--json")
    with RunningSimulator(*words) as simulator:
        with simulator.open() as port:
            host = Host(port)
            settle(host)
            uploads_with_acknowledgements(host)
            opens(host, EXPIRED, code)
        simulator.stop()
    (connection,) = simulator.reports[-1]["network"]["connections"]
    assert connection["why"] == ("tls:time" if code else "")
