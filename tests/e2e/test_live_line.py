"""The live line of `quecsim run`, seen in a real terminal."""

import signal
import sys

import pytest

from quecsim.scenario.payload import payload_bytes
from tests.e2e.simulator import RunningSimulator, ask
from tests.e2e.terminal import Terminal

pytestmark = pytest.mark.pty

FAST = ("--time-scale", "20")


def upload(terminal: Terminal, declared: int, data: bytes) -> None:
    with terminal.open_port() as port:
        ask(port, b"ATE0")
        ask(port, b'AT+QFUPL="UFS:ca.pem",%d,60' % declared, until=b"CONNECT\r\n")
        port.write(data)
        if len(data) == declared:
            port.read_until(b"OK\r\n")


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_an_upload_is_seen_and_the_terminal_left_clean(columns: int) -> None:
    data = payload_bytes("certificate")
    with Terminal("run", "ec200u", *FAST, columns=columns) as terminal:
        upload(terminal, len(data), data)
        terminal.until_shown("1188" if columns > 40 else "ring")
        terminal.signal(signal.SIGINT)
        assert terminal.until_end() == 0
        assert "ring 0/" not in "\n".join(terminal.lines)
        assert "flash idle" not in "\n".join(terminal.lines)
        assert "intact" in "\n".join(terminal.lines)


def test_lost_bytes_are_loud() -> None:
    data = payload_bytes("certificate") * 4
    with Terminal("run", "thread-57329") as terminal:
        upload(terminal, len(data) + 1, data)
        text = terminal.until(lambda shown: "BYTES LOST" in shown and "ca.pem" in shown)
        assert text.splitlines()[-2].startswith("!! ")
        terminal.signal(signal.SIGTERM)
        assert terminal.until_end() == 1
        assert "BYTES LOST" not in "\n".join(terminal.lines)


def test_messages_stand_above_it() -> None:
    with Terminal("run", "ec200u", "-v", *FAST) as terminal:
        with terminal.open_port() as port:
            ask(port, b"AT+CMEE=2")
        text = terminal.until(lambda shown: "<-  OK" in shown and "AT+CMEE=2 OK" in shown)
        *above, first, second = text.splitlines()
        assert "at     ->  AT+CMEE=2" in " ".join(above)
        assert first.startswith("/dev/")
        assert second.startswith("ring ")
        terminal.signal(signal.SIGUSR1)
        text = terminal.until_shown("No upload was made")
        assert text.splitlines()[-1].startswith("ring ")


def test_another_size_and_ctrl_c() -> None:
    with Terminal("run", "ec200u", *FAST) as terminal:
        terminal.until_shown("command mode")
        terminal.resize(30, 10)
        terminal.until(lambda shown: "command mode" not in shown)
        terminal.resize(100, 30)
        terminal.until_shown("command mode")
        terminal.keys(b"\x03")
        assert terminal.until_end() == 0
        assert terminal.lines[-1] == "No upload was made, and no byte was lost."


def test_ctrl_z_leaves_the_terminal_to_the_shell() -> None:
    with Terminal("run", "ec200u", *FAST) as terminal:
        # all of the picture: the kernel throws away what of it waits while the key is pressed, and
        # without its end the cursor is not where the line is taken away from
        terminal.until(lambda _shown: terminal.output.endswith(b"stored 0\x1b[J\r\x1b[1A"))
        terminal.until_shown("command mode")
        terminal.keys(b"\x1a")
        terminal.until(lambda shown: "command mode" not in shown)
        terminal.until_stopped()
        terminal.signal(signal.SIGCONT)
        terminal.until_shown("command mode")


@pytest.mark.parametrize("option", ["-q", "--json"])
def test_who_wants_none_has_none(option: str) -> None:
    with Terminal("run", "ec200u", option, *FAST) as terminal:
        with terminal.open_port() as port:
            ask(port, b"AT")
        terminal.signal(signal.SIGINT)
        assert terminal.until_end() == 0
        assert b"flash idle" not in terminal.output


def test_a_host_program_has_the_terminal_for_itself() -> None:
    program = f"{sys.executable} -c pass"
    with Terminal("run", "ec200u", *FAST, "--", *program.split()) as terminal:
        assert terminal.until_end() == 0
        assert b"flash idle" not in terminal.output


def test_nothing_of_it_in_a_pipe() -> None:
    with RunningSimulator("ec200u", *FAST) as simulator:
        with simulator.open() as port:
            ask(port, b"AT")
        assert simulator.stop() == 0
        assert "flash idle" not in simulator.stderr
        assert "\x1b" not in simulator.stderr
