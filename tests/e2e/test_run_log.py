"""`quecsim run --log` as a user sees it: on a terminal, in a pipe, in a file."""

import os
import re
import subprocess
import sys
from pathlib import Path

import ptyprocess
import pytest

from quecsim.scenario.payload import payload_bytes
from tests.e2e.simulator import READ_TIMEOUT_S, RunningSimulator, ask
from tests.e2e.test_terminals import read_until

pytestmark = pytest.mark.pty

RUN = [sys.executable, "-m", "quecsim", "run"]
CONTROL = re.compile(r"\x1b|[^\x20-\x7e\n]")


@pytest.fixture
def upload(tmp_path: Path) -> list[str]:
    """A host that loses bytes."""
    file = tmp_path / "ca.pem"
    file.write_bytes(payload_bytes("certificate"))
    host = [sys.executable, "-m", "quecsim", "upload", str(file), "--port", "{port}"]
    return ["--", *host, "--chunk", "4096", "--timeout", "1"]


def test_a_loss_is_told_with_its_reason_on_a_terminal(upload: list[str]) -> None:
    terminal = ptyprocess.PtyProcess.spawn(
        [*RUN, "thread-57329", "--log", *upload], dimensions=(24, 100), env=None
    )
    try:
        seen = read_until(terminal, b"What the host can do")
    finally:
        terminal.terminate(force=True)
    text = re.sub(r"\x1b\[[0-9;]*m", "", seen.decode()).replace("\r\n", "\n")
    log, _, report = text.partition("the run ends; bytes")
    row = re.search(r"\n +\d+\.\d{6}  lost   !!  (LOST .*(?:\n {28}.*)*)", log)
    assert row is not None
    told = " ".join(row[1].split())
    assert re.match(r"LOST \d+ bytes, 1024\.\.\d+ of ca\.pem \(stream ", told)
    assert "the ring of 512 was full for" in told
    assert "while the stall that was asked for" in told
    assert "flow control: device off, host off" in told
    assert "\x1b[1;31m" in seen.decode()
    assert max(len(line) for line in log.splitlines() if " !!  " in line) <= 100
    assert "bytes lost" in report


def test_a_row_comes_at_once_and_a_pipe_gets_no_control_code() -> None:
    with RunningSimulator("ec200u", "--log") as simulator:
        with simulator.open() as port:
            ask(port, b"ATI")
            simulator.until_it_says("  at     <-  OK\n")
            port.write(b"AT+QFL\x1b[2J")
            simulator.until_it_says("5b 32 4a")
        assert simulator.stop() == 0
        assert CONTROL.search(simulator.stderr) is None
        rows = [row for row in simulator.stderr.splitlines() if re.match(r" +\d+\.\d{6}  ", row)]
        assert all(re.match(r"[ \d.]{15}  \w+ +(->|<-|--|!!|~~)  ", row) for row in rows)


def test_the_file_has_what_the_report_shows_of_the_trace(tmp_path: Path, upload: list[str]) -> None:
    log, trace = tmp_path / "log", tmp_path / "trace.jsonl"
    options = [f"--log={log}", "--trace", str(trace), "--only", "at,lost", "--times", "clock"]
    done = subprocess.run([*RUN, "thread-57329", *options, *upload], capture_output=True,
                          timeout=READ_TIMEOUT_S, check=False)  # fmt: skip
    assert done.returncode == 1
    shown = subprocess.run(
        [sys.executable, "-m", "quecsim", "report", str(trace), "--dialogue", *options[3:]],
        capture_output=True, timeout=READ_TIMEOUT_S, check=False,
    )  # fmt: skip
    assert log.read_bytes() == shown.stdout
    assert b" lost   !!  LOST " in shown.stdout


def test_a_reader_who_leaves_does_not_end_the_run(tmp_path: Path) -> None:
    log = tmp_path / "log"
    os.mkfifo(log)
    reader = os.open(log, os.O_RDONLY | os.O_NONBLOCK)
    with RunningSimulator("ec200u", f"--log={log}") as simulator:
        os.close(reader)
        with simulator.open() as port:
            for _ in range(3):
                ask(port, b"AT")
        assert simulator.stop() == 0
        assert "log" not in simulator.stderr


def test_a_reader_who_sleeps_holds_nothing_up(tmp_path: Path) -> None:
    """Far more than the pipe and what is kept for it have room for."""
    log = tmp_path / "log"
    os.mkfifo(log)
    reader = os.open(log, os.O_RDONLY | os.O_NONBLOCK)
    with RunningSimulator("ec200u", f"--log={log}", "--time-scale", "100") as simulator:
        with simulator.open() as port:
            ask(port, b"ATE0")
            command = b"AT" + b"+CMEE=1;" * 45 + b"+CMEE=1"
            for _ in range(1800):
                ask(port, command)
        assert simulator.stop() == 0
        assert "its reader does not keep up" in simulator.stderr
    os.close(reader)
