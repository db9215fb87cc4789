"""`quecsim ctl`, as its user calls it, against simulators in processes of their own."""

import json
import os
import re
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quecsim.cli.ctl import ctl
from quecsim.errors import QuecsimError
from quecsim.live.control.client import ControlClient, simulators
from quecsim.scenario.payload import payload_bytes
from tests.e2e.simulator import RunningSimulator, ask
from tests.live.control.bench import runtime_folder

pytestmark = pytest.mark.pty
Run = Callable[..., RunningSimulator]


@pytest.fixture
def runtime() -> Iterator[Path]:
    with runtime_folder() as folder:
        yield folder


@pytest.fixture
def run(runtime: Path) -> Iterator[Run]:
    made: list[RunningSimulator] = []

    def start(*arguments: str) -> RunningSimulator:
        made.append(RunningSimulator("ec200u", "--time-scale", "50", *arguments))
        return made[-1]

    yield start
    for simulator in made:
        with simulator:
            pass


def call(*arguments: str) -> Result:
    """The command in this process; a mistake of the user's is raised."""
    done = CliRunner().invoke(ctl, arguments, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done


def upload(simulator: RunningSimulator) -> bytes:
    data = payload_bytes("certificate")
    with simulator.open() as port:
        ask(port, b"ATE0")
        ask(port, b'AT+QFUPL="UFS:ca.pem",%d' % len(data), b"CONNECT\r\n")
        port.write(data)
        assert port.read_until(b"OK\r\n").endswith(b"OK\r\n")
    return data


def test_who_has_the_line(run: Run) -> None:
    simulator = run("--tcp", "0")
    simulator.until_it_says("bytes over TCP")
    url = re.search(r"socket://127\.0\.0\.1:([0-9]+)", simulator.said())
    assert url is not None
    pty, tcp = call("hosts").stdout.splitlines()
    assert pty.split() == [simulator.port, "has", "the", "line"]
    assert tcp.split() == [url[0], "nobody"]
    with socket.create_connection(("127.0.0.1", int(url[1]))) as caller:
        simulator.until_it_says("is the host now")
        client = f"127.0.0.1:{caller.getsockname()[1]}"
        ways = json.loads(call("hosts", "--json").stdout)
        assert ways[1] == {"port": url[0], "client": client, "has_line": True}
        assert call("hosts").stdout.splitlines()[0].split() == [simulator.port, "waits"]


def test_it_finds_the_only_one_and_reads_its_files(run: Run, tmp_path: Path) -> None:
    data = upload(run())
    assert call("files").stdout.split() == ["UFS:ca.pem", "1188"]
    assert json.loads(call("files", "--json").stdout) == {"UFS:ca.pem": 1188}
    assert call("read", "UFS:ca.pem").stdout_bytes == data
    assert call("read", "ca.pem", "-o", str(tmp_path / "out")).return_value == 0
    assert (tmp_path / "out").read_bytes() == data
    with pytest.raises(QuecsimError, match="cannot write"):
        call("read", "ca.pem", "-o", str(tmp_path / "none" / "out"))
    missing = call("read", "x")
    assert missing.return_value == 1
    assert "there is no file x" in missing.stderr


def test_counters_and_report(run: Run) -> None:
    upload(run())
    assert json.loads(call("counters", "--json").stdout)["stored"] == 1188
    assert "stored" in call("counters").stdout
    assert "intact" in call("report").stdout
    report = call("report", "--json")
    assert json.loads(report.stdout)["uploads"][0]["verdict"] == "intact"
    assert report.return_value == 0


def test_a_report_of_less_than_all_is_exit_code_1(run: Run) -> None:
    simulator = run()
    with simulator.open() as port:
        ask(port, b'AT+QFUPL="UFS:ca.pem",100', b"CONNECT\r\n")
        assert call("report").return_value == 1


def test_power_and_what_comes_of_it(run: Run) -> None:
    run()
    assert call("power").stdout == "on\n"
    assert call("power", "off").stdout == "off\n"
    assert json.loads(call("power", "--json").stdout) == {"power": "off"}
    assert call("power").stderr == ""
    call("power", "on")
    found = call("wait", "Power", "state=on", "why=ready", "--since", "start", "--timeout", "60")
    assert "Power at" in found.stdout
    assert call("restore").stdout == "booting\n"


def test_who_names_none_is_told_which_one_is_steered(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QUECSIM_CTL", raising=False)
    port = run().port
    told = f"quecsim: {port} (ec200u), the only one that runs\n"
    assert call("inject", "ack_lost", "ack=1").stderr == told
    assert call("power", "off").stderr == told
    assert call("restore").stderr == told
    assert call("--port", port, "power", "on").stderr == ""
    assert call("files").stderr == ""
    monkeypatch.setenv("QUECSIM_CTL", str(simulators()[0][0]))
    assert call("power", "cycle").stderr == ""


def test_a_wait_that_is_over(run: Run) -> None:
    run()
    late = call("wait", "Lost", "cause=ring", "--timeout", "0")
    assert late.return_value == 1
    assert "no Lost cause=ring within 0 s" in late.stderr
    assert call("wait", "Power", "--since", "start").stdout.startswith(
        "1: Power at 0.000 s: state=on"
    )
    event = json.loads(call("wait", "Power", "--since", "1", "--json").stdout)
    assert (event["event_number"], event["type"]) == (1, "Power")


def test_events_are_those_of_the_trace(run: Run, tmp_path: Path) -> None:
    simulator = run("--trace", str(tmp_path / "trace"))
    upload(simulator)
    lines = [json.loads(line) for line in call("events").stdout.splitlines()]
    trace = [json.loads(line) for line in (tmp_path / "trace").read_text().splitlines()[1:]]
    assert [line.pop("event_number") for line in lines] == list(range(len(lines)))
    assert lines == trace[: len(lines)]
    assert len(lines) > 20


def test_events_are_followed_up_to_the_end(run: Run) -> None:
    simulator = run()
    with ControlClient(simulators()[0][0]) as client:
        follower = client.events(follow=True)
        kinds = [json.loads(next(follower))["type"]]
        simulator.stop()
        with pytest.raises(QuecsimError, match="has ended"):
            kinds += [json.loads(line)["type"] for line in follower]
    assert kinds[0] == "Start"


def test_several_have_to_be_told_apart(run: Run, tmp_path: Path) -> None:
    link = tmp_path / "modem"
    first, second = run(), run("--link", str(link), "--ctl", str(tmp_path / "sock"))
    assert {greeting.port for _, greeting in simulators()} == {first.port, second.port}
    with pytest.raises(QuecsimError, match="which one") as caught:
        call("files")
    assert f"--port {link}" in str(caught.value)
    listed = call().stdout
    assert first.port in listed
    assert second.port in listed
    assert call("--port", second.port, "power", "off").stdout == "off\n"
    assert call("--ctl", str(tmp_path / "sock"), "power").stdout == "off\n"
    assert call("--port", first.port, "power").stdout == "on\n"
    second.stop()
    assert "looks inside" in second.stderr
    assert call("power").stdout == "on\n"
    assert not (tmp_path / "sock").is_symlink()


def test_a_killed_one_is_not_listed_and_its_socket_is_removed(run: Run, runtime: Path) -> None:
    simulator = run()
    simulator.stop(signal.SIGKILL)
    assert len(list(runtime.rglob("*.sock"))) == 1
    assert json.loads(call("list", "--json").stdout) == []
    assert list(runtime.rglob("*.sock")) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["files"], "no simulator is running"),
        (["--port", "/dev/null", "files"], "no running simulator has the port /dev/null"),
        (["--ctl", "/dev/null", "files"], "no simulator answers at /dev/null"),
        (["--ctl", "/x", "--port", "y", "files"], "leave out one of them"),
        (["wait", "Ack", "x"], "'x' is no KEY=VALUE"),
        (["inject", "ack_lost", "=1"], "'=1' is no KEY=VALUE"),
    ],
)
def test_a_users_mistake(runtime: Path, arguments: list[str], words: str) -> None:
    with pytest.raises(QuecsimError) as caught:
        call(*arguments)
    assert words in str(caught.value)


def test_what_the_simulator_refuses_is_the_users_mistake(run: Run) -> None:
    run()
    with pytest.raises(QuecsimError, match="do you mean DataBegin"):
        call("wait", "Databegin")
    with pytest.raises(QuecsimError, match="there is no fault 'flood'"):
        call("inject", "flood")
    with pytest.raises(QuecsimError, match=r"off_ms must be a whole number from 1 .*, not 0"):
        call("inject", "power_cut", "at_ms=0", "off_ms=0")


def test_a_host_program_is_told_where_to_ask(run: Run) -> None:
    run()  # another one
    asks = (sys.executable, "-m", "quecsim", "ctl", "power", "cycle")
    with RunningSimulator("ec200u", "--", *asks) as simulator:
        assert simulator.wait() == 0
    assert simulator.output == "booting\n"


def test_without_a_folder_for_sockets_the_run_goes_on(runtime: Path) -> None:
    (runtime / "quecsim").touch()
    with RunningSimulator("ec200u", "--", "true") as simulator:
        assert simulator.wait() == 0
    assert "no control socket" in simulator.stderr
    with RunningSimulator("ec200u", "--ctl", os.devnull, "--", "true") as simulator:
        assert simulator.wait() == 2
    assert simulator.port == ""


def test_one_client_too_many_is_told_so(run: Run) -> None:
    run()
    path = str(simulators()[0][0])
    clients = [ControlClient(path) for _ in range(16)]
    try:
        assert all(client.greeting() for client in clients)
        for command in (("events", "--follow"), ("files",)):
            with pytest.raises(QuecsimError, match="16 connections are open already"):
                call("--ctl", path, *command)
    finally:
        for client in clients:
            client.close()
