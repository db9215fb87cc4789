"""`quecsim run --tui` and `quecsim ctl tui`, seen in a real terminal."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from quecsim.scenario.payload import payload_bytes
from tests.e2e.simulator import RunningSimulator, ask
from tests.e2e.terminal import Terminal

pytestmark = pytest.mark.pty

FAST = ("--time-scale", "20")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12), (20, 10)])
def test_it_is_drawn_and_q_ends_the_run(size: tuple[int, int]) -> None:
    columns, rows = size
    with Terminal("run", "ec200u", "--tui", *FAST, columns=columns, rows=rows) as terminal:
        terminal.until_shown("Dialogue")
        assert terminal.screen.is_other_page
        terminal.keys(b"q")
        assert terminal.until_end() == 0
        assert terminal.is_clean
        assert "No upload was made" in " ".join(terminal.lines)


def test_an_upload_is_seen_and_the_report_follows() -> None:
    data = payload_bytes("certificate")
    with Terminal("run", "thread-57329", "--tui") as terminal:
        with terminal.open_port() as port:
            terminal.until_shown("Dialogue")
            ask(port, b"ATE0")
            ask(port, b'AT+QFUPL="UFS:ca.pem",%d,60' % len(data), until=b"CONNECT\r\n")
            port.write(data)
            terminal.until_shown("BYTES LOST")
            terminal.until_shown("ca.pem")
        terminal.keys(b"\x03")
        assert terminal.until_end() == 1
        assert terminal.is_clean
        assert any("bytes lost" in line or "were lost" in line for line in terminal.lines)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_end_the_run_and_leave_a_clean_terminal(number: int) -> None:
    with Terminal("run", "ec200u", "--tui", *FAST) as terminal:
        terminal.until_shown("Dialogue")
        terminal.signal(number)
        assert terminal.until_end() == 0
        assert terminal.is_clean


def test_a_killed_screen_leaves_a_clean_terminal() -> None:
    with Terminal("run", "ec200u", "--tui", *FAST) as terminal:
        terminal.until_shown("Dialogue")
        children = Path(f"/proc/{terminal.process.pid}/task/{terminal.process.pid}/children")
        os.kill(int(children.read_text().split()[0]), signal.SIGKILL)
        assert terminal.until_end() == 0
        assert terminal.is_clean
        assert "quecsim: the full screen was ended by signal 9" in terminal.lines


def test_ctrl_c_while_the_screen_is_still_being_loaded() -> None:
    with Terminal("run", "ec200u", "--tui", *FAST) as terminal:
        children = Path(f"/proc/{terminal.process.pid}/task/{terminal.process.pid}/children")
        terminal.until(lambda _shown: b"Ctrl-C ends" in terminal.output)
        while not children.read_text():
            pass
        terminal.keys(b"\x03")
        assert terminal.until_end() == 0
        assert terminal.is_clean
        assert "Traceback" not in "\n".join(terminal.lines)


def test_what_a_host_program_says_is_told_afterwards(tmp_path: Path) -> None:
    go_on = tmp_path / "go on"
    code = "import pathlib, sys, time; print('hello from the host')\n"
    code += "while not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.01)"
    program = (sys.executable, "-c", code, str(go_on))
    with Terminal("run", "ec200u", "--tui", *FAST, "--", *program) as terminal:
        terminal.until_shown("Dialogue")
        assert b"hello from the host" not in terminal.output
        go_on.touch()
        assert terminal.until_end() == 0
        assert "hello from the host" in terminal.lines
        assert terminal.is_clean


def test_a_host_program_that_is_quicker_than_the_screen() -> None:
    with Terminal("run", "ec200u", "--tui", *FAST, "--", "true") as terminal:
        assert terminal.until_end() == 0
        assert terminal.lines[-1] == "No upload was made, and no byte was lost."
        assert "no simulator" not in " ".join(terminal.lines)
        assert terminal.is_clean


def test_another_size() -> None:
    with Terminal("run", "ec200u", "--tui", *FAST) as terminal:
        terminal.until_shown("Flow control")
        terminal.resize(40, 12)
        terminal.until(lambda shown: "Flow control" not in shown and "Dialogue" in shown)
        terminal.resize(100, 30)
        terminal.until_shown("Flow control")
        terminal.keys(b"q")
        assert terminal.until_end() == 0


def test_a_running_simulator_is_looked_at_and_goes_on() -> None:
    with RunningSimulator("ec200u", *FAST) as simulator:
        with Terminal("ctl", "--port", simulator.port, "tui") as terminal:
            terminal.until_shown("the device is on")
            terminal.keys(b"q")
            assert terminal.until_end() == 0
            assert terminal.lines == []
        with simulator.open() as port:
            ask(port, b"AT")
        assert simulator.stop() == 0


def test_it_ends_with_the_simulator_and_says_how_that_ended() -> None:
    data = payload_bytes("certificate")
    with (
        RunningSimulator("ec200u", *FAST) as simulator,
        Terminal("ctl", "--port", simulator.port, "tui") as terminal,
    ):
        terminal.until_shown("the device is on")
        with simulator.open() as port:
            ask(port, b"ATE0")
            ask(port, b'AT+QFUPL="UFS:ca.pem",%d,60' % len(data), until=b"CONNECT\r\n")
            port.write(data)
            port.read_until(b"OK\r\n")
        assert simulator.stop() == 0
        assert terminal.until_end() == 0
        assert terminal.is_clean
        assert terminal.lines[0].startswith(f"intact   ca.pem: all {len(data)} bytes are stored")


@pytest.mark.parametrize("words", [("run", "ec200u", "--tui"), ("ctl", "tui")])
def test_it_needs_a_terminal(words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "quecsim", *words], stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr
    assert "quecsim ctl events --follow" in done.stderr


def test_the_message_for_a_missing_package_names_the_extra() -> None:
    code = (
        "import sys, importlib.util as util; found = util.find_spec; "
        "util.find_spec = lambda name, *more: None if name == 'textual' else found(name, *more); "
        "from quecsim.cli.main import main; sys.argv[0] = 'quecsim'; main()"
    )
    with Terminal("run", "ec200u", "--tui", code=code) as terminal:
        assert terminal.until_end() == 2
        assert "pip install 'quecsim[tui]'" in " ".join(terminal.lines)


def test_a_trace_on_the_same_terminal_is_refused() -> None:
    with Terminal("run", "ec200u", "--tui", "--trace", "-") as terminal:
        assert terminal.until_end() == 2
        assert "--trace FILE" in " ".join(terminal.lines)
