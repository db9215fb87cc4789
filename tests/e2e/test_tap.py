"""`quecsim tap` between a host and a simulated device, each a process of its own."""

import json
import os
import random
import select
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from quecsim.judge.conduct import ConductWatch
from quecsim.live.ports.termios2 import read_termios
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report, Upload
from quecsim.scenario.payload import payload_bytes
from quecsim.trace import event as ev
from quecsim.trace.jsonl import read_trace
from tests.e2e.simulator import READ_TIMEOUT_S, RunningSimulator, ask
from tests.tap.bench import Module

pytestmark = pytest.mark.pty

PROGRAM = (sys.executable, "-m", "quecsim", "upload")
SMALL_RING = ("ec200u", "--ring", "512", "--flash", "worst")
DATA = random.Random(1).randbytes(6000)


def tapping(*arguments: str) -> RunningSimulator:
    return RunningSimulator(*arguments, command="tap")


class Read:
    """A record, read."""

    def __init__(self, path: Path) -> None:
        self.events = list(read_trace(path)[1])
        builder, watch = ReportBuilder(), ConductWatch()
        builder.feed(self.events)
        watch.feed(self.events)
        self.report: Report = builder.report()
        self.rules = [each.rule for each in watch.breaches()]

    @property
    def upload(self) -> Upload:
        """The last one."""
        return self.report.uploads[-1]

    def said(self, kind: type[ev.HostBytes] | type[ev.Sent]) -> bytes:
        """What the host said (`HostBytes`), or the device (`Sent`)."""
        return b"".join(each.data for each in self.events if isinstance(each, kind))


@pytest.mark.parametrize(
    ("device", "profile", "options", "verdict"),
    [
        (("ec200u",), (), (), "intact"),
        (("ec200u",), (), ("--ack",), "intact"),
        (SMALL_RING, (), ("--timeout", "1"), "lost"),
        (SMALL_RING, (), ("--flow", "rtscts"), "intact"),
        (SMALL_RING, (), ("--ignore-ack", "--timeout", "1"), "lost"),
        (("ec200u",), (), ("--no-wait-connect",), "intact"),
        (("ec200u",), (), ("--declare", "1000"), "surplus"),
        (("ec200u",), (), ("--println",), "surplus"),
        (("ec200u",), (), ("--declare", "9000", "--timeout", "1"), "short"),
        (("fcm242d",), ("--profile", "fcm242d"), ("--via", "qfwrite"), "intact"),
        (("m95",), ("--profile", "m95"), ("--via", "qsecwrite"), "intact"),
    ],
)  # fmt: skip
def test_its_record_says_the_same_as_the_devices_own(
    tmp_path: Path,
    device: tuple[str, ...],
    profile: tuple[str, ...],
    options: tuple[str, ...],
    verdict: str,
) -> None:
    file, own, heard = tmp_path / "data.bin", tmp_path / "own.jsonl", tmp_path / "tap.jsonl"
    file.write_bytes(DATA)
    upload = (*PROGRAM, str(file), "--port", "{port}", *options)
    with RunningSimulator(*device, "--trace", str(own)) as simulator:
        with tapping(simulator.port, "--trace", str(heard), *profile, "--", *upload) as tap:
            tap.wait()
        simulator.stop()
    inside, outside = Read(own), Read(heard)
    assert outside.upload.verdict == inside.upload.verdict == verdict
    same = ("name", "size", "stored", "lost", "stray")
    for field in same:
        assert getattr(outside.upload, field) == getattr(inside.upload, field), field
    assert outside.rules == inside.rules
    assert outside.said(ev.HostBytes) == inside.said(ev.HostBytes)
    assert outside.said(ev.Sent) == inside.said(ev.Sent)


def test_a_refused_upload(tmp_path: Path) -> None:
    file, own, heard = tmp_path / "data.bin", tmp_path / "own.jsonl", tmp_path / "tap.jsonl"
    file.write_bytes(DATA[:100])
    upload = (*PROGRAM, str(file), "--port", "{port}")
    with RunningSimulator("ec200u", "--trace", str(own)) as simulator:
        with tapping(simulator.port, "--trace", str(heard), "--", *upload) as tap:
            assert tap.wait() == 0
        with tapping(simulator.port, "--trace", str(heard), "--", *upload, "--no-delete") as tap:
            assert tap.wait() == 1
            assert "AT+QFDEL" in tap.stderr
        simulator.stop()
    inside, outside = Read(own), Read(heard)
    assert outside.upload.verdict == inside.upload.verdict == "refused"
    assert outside.rules == inside.rules == ["existing-file"]


def test_what_the_host_sets_reaches_the_device(tmp_path: Path) -> None:
    own = tmp_path / "own.jsonl"
    with RunningSimulator("ec200u", "--trace", str(own)) as simulator:
        with tapping(simulator.port, "--trace", str(tmp_path / "tap.jsonl")) as tap:
            with tap.open(baudrate=9600, rtscts=True, stopbits=2) as port:
                assert b"OK" in ask(port, b"AT")
                port.baudrate = 115_200
                port.stopbits = 1
                assert b"OK" in ask(port, b"AT")
            assert tap.stop() == 0
        simulator.stop()
    lines = [each for each in Read(own).events if isinstance(each, ev.HostLine)]
    told = [(each.baud, each.frame, each.flow) for each in lines]
    assert told == [(9600, "8N2", "rtscts"), (115_200, "8N1", "rtscts")]


@pytest.fixture
def module() -> Module:
    return Module()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_good_order(tmp_path: Path, module: Module, number: int) -> None:
    link, trace = tmp_path / "modem", tmp_path / "tap.jsonl"
    before = read_termios(module.terminal)
    with tapping(module.path, "--link", str(link), "--trace", str(trace)) as tap:
        assert tap.port == str(link)
        with tap.open(baudrate=57_600, rtscts=True) as port:
            port.write(b"AT\r")
            assert read_all(module, 3) == b"AT\r"
            assert read_termios(module.terminal) != before
            assert tap.stop(number) == 0
    assert not link.is_symlink()
    assert read_termios(module.terminal) == before
    events = Read(trace).events
    assert isinstance(events[-1], ev.End)
    assert not trace.stat().st_mode & 0o077
    assert f"quecsim report {trace}" in tap.stderr
    module.vanish()


def read_all(module: Module, count: int) -> bytes:
    """What the module hears, up to so many bytes."""
    data = b""
    while len(data) < count:
        ready = select.select([module.master], [], [], READ_TIMEOUT_S)[0]
        assert ready, "nothing came"
        data += module.heard()
    return data


@pytest.mark.parametrize("wait_bytes", [0, 1, 3000])
def test_it_is_ended_in_the_midst_of_it(tmp_path: Path, module: Module, wait_bytes: int) -> None:
    trace = tmp_path / "tap.jsonl"
    before = read_termios(module.terminal)
    with tapping(module.path, "--trace", str(trace)) as tap:
        with tap.open() as port:
            port.write(DATA)
            got = read_all(module, wait_bytes)
            tap.process.send_signal(signal.SIGINT)
            tap.wait()
        while select.select([module.master], [], [], 0.3)[0]:
            got += module.heard()
    read = Read(trace)
    assert read.said(ev.HostBytes) == DATA[: len(got)] == got
    assert isinstance(read.events[-1], ev.End)
    assert read_termios(module.terminal) == before
    module.vanish()


def test_a_port_that_vanishes_in_the_midst_of_it(tmp_path: Path, module: Module) -> None:
    link, trace = tmp_path / "modem", tmp_path / "tap.jsonl"
    host = (
        "import serial, sys\n"
        "port = serial.Serial(sys.argv[1], timeout=60)\n"
        "port.write(b'AT\\r')\n"
        "try:\n    print('read', port.read(1))\n"
        "except serial.SerialException as error:\n    print('vanished')\n"
    )
    with tapping(
        module.path, "--link", str(link), "--trace", str(trace), "--",
        sys.executable, "-c", host, "{port}",
    ) as tap:  # fmt: skip
        read_all(module, 3)
        module.vanish()
        assert tap.wait() == 1
    assert "the port has gone: it was hung up" in tap.stderr
    assert "vanished" in tap.output
    assert not link.is_symlink()
    assert isinstance(Read(trace).events[-1], ev.End)


def test_a_host_that_never_reads_is_no_trouble(tmp_path: Path, module: Module) -> None:
    trace = tmp_path / "tap.jsonl"
    with tapping(module.path, "--trace", str(trace)) as tap:
        with tap.open() as port:
            port.write(b"AT\r")
            read_all(module, 3)
            while select.select([], [module.master], [], 0.3)[1]:
                module.say(bytes(4096))
            port.write(b"still here")
            assert read_all(module, 10) == b"still here"
        tap.stop()
    assert len(Read(trace).said(ev.Sent)) > 20_000
    module.vanish()


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "quecsim", "tap", *arguments],
        capture_output=True, text=True, check=False, timeout=READ_TIMEOUT_S, cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.environ.get("PYTHONPATH", os.getcwd())},  # noqa: PTH109
    )  # fmt: skip


def test_a_locked_port(module: Module, tmp_path: Path) -> None:
    with tapping(module.path, "--trace", str(tmp_path / "tap.jsonl")) as tap:
        other = run(module.path, cwd=tmp_path)
        tap.stop()
    assert other.returncode == 2
    assert "in use" in other.stderr
    assert "Traceback" not in other.stderr
    assert sorted(tmp_path.iterdir()) == [tmp_path / "tap.jsonl"]  # no empty record is left
    module.vanish()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("/dev/ttyUSB99",), "no such port"),
        (("/tmp",), "is a folder"),
        (("/dev/null",), "no serial port"),
        (("{module}", "--profile", "nonesuch"), "nonesuch"),
        (("{module}", "--link", "/nonesuch/modem"), "cannot make the link"),
        (("{module}", "--trace", "/nonesuch/tap.jsonl"), "cannot write the trace"),
        (("{module}", "--trace", "-", "--json"), "standard output"),
        (("{module}", "--", "/nonesuch/program"), "cannot start"),
        (("{module}", "program"), "put -- before the program"),
    ],
)
def test_mistakes(module: Module, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    before = read_termios(module.terminal)
    told = run(*(word.format(module=module.path) for word in arguments), cwd=tmp_path)
    assert told.returncode == 2
    assert message in told.stderr
    assert "Traceback" not in told.stderr
    assert read_termios(module.terminal) == before
    module.vanish()


def test_its_result_as_json(tmp_path: Path) -> None:
    file = tmp_path / "data.bin"
    file.write_bytes(DATA)
    with RunningSimulator("ec200u") as simulator:
        upload = (*PROGRAM, str(file), "--port", "{port}")
        told = run(simulator.port, "--json", "--", *upload, cwd=tmp_path)
        simulator.stop()
    assert told.returncode == 0
    result = json.loads(told.stdout)
    assert result["report"]["uploads"][0]["verdict"] == "intact"
    assert result["counts"]["unheard"] == 0
    assert result["counts"]["from_host"] > len(DATA)
    (trace,) = tmp_path.glob("tap-*.jsonl")
    assert result["trace"] == trace.name


def test_a_key_is_not_on_record(tmp_path: Path) -> None:
    file, trace = tmp_path / "key.pem", tmp_path / "tap.jsonl.gz"
    secret = b"-----BEGIN PRIVATE KEY-----\nc2VjcmV0IHNlY3JldCBzZWNyZXQ=\n"
    file.write_bytes(secret)
    with RunningSimulator("ec200u") as simulator:
        upload = (*PROGRAM, str(file), "--port", "{port}", "--ack")
        options = ("--trace", str(trace), "--trace-payload", "digest")
        with tapping(simulator.port, *options, "--", *upload) as tap:
            assert tap.wait() == 0
        simulator.stop()
    read = Read(trace)
    assert b"PRIVATE" not in read.said(ev.HostBytes) + read.said(ev.Sent)
    assert b"AT+QFUPL" in read.said(ev.HostBytes)
    assert read.upload.verdict == "intact"


def test_the_bytes_that_the_module_did_not_get_are_named(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(payload_bytes("certificate"))
    with RunningSimulator("thread-57329") as simulator:
        upload = (*PROGRAM, str(file), "--port", "{port}", "--chunk", "4096", "--timeout", "1")
        told = run(simulator.port, "--", *upload, cwd=tmp_path)
        simulator.stop()
    assert told.returncode == 1
    assert "153 bytes are missing: bytes 1024 to 1176" in told.stderr


def test_the_dialogue_while_it_happens(tmp_path: Path) -> None:
    log = tmp_path / "tap.log"
    with RunningSimulator("ec200u") as simulator:
        with tapping(
            simulator.port, "--log", str(log), "--trace", str(tmp_path / "tap.jsonl")
        ) as tap:
            with tap.open() as port:
                ask(port, b"ATI")
            tap.stop()
        simulator.stop()
    assert "at     ->  ATI" in log.read_text()
    assert "EC200U" in log.read_text()


def test_a_host_that_sets_nothing_has_the_ports_rate(module: Module, tmp_path: Path) -> None:
    attributes = termios.tcgetattr(module.terminal)
    attributes[4] = attributes[5] = termios.B57600
    termios.tcsetattr(module.terminal, termios.TCSANOW, attributes)
    with tapping(module.path, "--trace", str(tmp_path / "tap.jsonl")) as tap:
        terminal = os.open(tap.port, os.O_RDWR | os.O_NOCTTY)
        assert termios.tcgetattr(terminal)[5] == termios.B57600
        os.write(terminal, b"AT\r")
        assert read_all(module, 3) == b"AT\r"
        os.close(terminal)
        tap.stop()
    module.vanish()


def test_a_program_that_believes_too_much_is_told(tmp_path: Path) -> None:
    file = tmp_path / "data.bin"
    file.write_bytes(DATA)
    with RunningSimulator(*SMALL_RING) as simulator:
        upload = (*PROGRAM, str(file), "--port", "{port}", "--no-verify")
        told = run(simulator.port, "--json", "--", *upload, cwd=tmp_path)
        simulator.stop()
    assert told.returncode == 1
    rules = [each["rule"] for each in json.loads(told.stdout)["breaches"]]
    assert "gave-up-early" in rules
    assert json.loads(told.stdout)["report"]["uploads"][0]["verdict"] == "lost"  # it was waited for


def test_the_record_on_standard_output(module: Module) -> None:
    with tapping(module.path, "--trace", "-") as tap:
        assert json.loads(tap.port)[
            "quecsim_trace"
        ]  # in place of the path, which is on standard error
        tap.until_it_says("/dev/pts/")
        assert tap.stop() == 0
    assert '"type":"End"' in tap.output
    module.vanish()


def test_a_host_of_another_machine(tmp_path: Path) -> None:
    """With RFC 2217 at both ends, his DTR reaches the device."""
    file, own, heard = tmp_path / "data.bin", tmp_path / "own.jsonl", tmp_path / "tap.jsonl"
    file.write_bytes(DATA)
    upload = (*PROGRAM, str(file), "--port", "{port}", "--ack")
    with RunningSimulator("ec200u", "--trace", str(own), "--rfc2217", "0") as simulator:
        simulator.until_it_says("(RFC 2217)")
        url = next(word for word in simulator.said().split() if word.startswith("rfc2217://"))
        with tapping(url, "--rfc2217", "0", "--trace", str(heard), "--", *upload) as tap:
            assert tap.wait() == 0, tap.stderr
        simulator.stop()
    assert Read(heard).upload.verdict == Read(own).upload.verdict == "intact"
    assert Read(heard).said(ev.HostBytes) == Read(own).said(ev.HostBytes)
    for path in (own, heard):
        switched = [each.on for each in Read(path).events if isinstance(each, ev.HostDtr)]
        assert True in switched
        assert False in switched


def test_one_way_in_is_enough(module: Module, tmp_path: Path) -> None:
    two = run(module.path, "--rfc2217", "0", "--tcp", "0", cwd=tmp_path)
    assert (two.returncode, "one way in" in two.stderr) == (2, True)
    named = run(module.path, "--tcp", "0", "--link", "modem", cwd=tmp_path)
    assert (named.returncode, "a name of the pty" in named.stderr) == (2, True)
    module.vanish()
