"""`quecsim run --serial`: a board's firmware, at the other end of a line that is not ours."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from quecsim.live.ports.host_termios import read_settings
from quecsim.run.replay import replay
from quecsim.trace.event import DataEnd, Event, HostClosed
from quecsim.trace.jsonl import read_trace
from tests.e2e.board import NetworkBoard, TwoPtys
from tests.e2e.simulator import READ_TIMEOUT_S, RunningSimulator, ask

pytestmark = pytest.mark.pty
needs_gensiot = pytest.mark.skipif(shutil.which("gensiot") is None, reason="gensio-bin is missing")
needs_socat = pytest.mark.skipif(shutil.which("socat") is None, reason="socat is not installed")
STALLS = ("--ring", "1024", "--stall", "every2048:300ms", "--flash", "instant")


@pytest.fixture
def wires() -> Iterator[TwoPtys]:
    made = TwoPtys()
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "ca.pem"
    made.write_bytes(bytes(range(32, 96)) * 96)
    return made


def upload(file: Path, port: str, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "quecsim", "upload", str(file), "--port", port, *words],
        capture_output=True, text=True, timeout=READ_TIMEOUT_S, check=False,
    )  # fmt: skip


def same_again(trace: Path) -> list[Event]:
    _, record = read_trace(trace)
    again = replay(record)
    assert again.is_same, (again.was, again.now)
    assert again.is_ended
    return record


def test_an_upload_from_the_other_end(wires: TwoPtys, file: Path, tmp_path: Path) -> None:
    before = termios.tcgetattr(wires.ttys[0])
    trace = tmp_path / "t.jsonl"
    with RunningSimulator(
        "ec200u", "--serial", wires.adapter, "--trace", str(trace), *STALLS
    ) as simulator:
        assert simulator.port == wires.adapter
        done = upload(file, wires.board, "--ack")
        assert done.returncode == 0, done.stderr
        assert simulator.stop() == 0
        assert "no modem lines" in simulator.stderr
        assert "does not count errors" in simulator.stderr
    same_again(trace)
    assert termios.tcgetattr(wires.ttys[0]) == before


def losses(report: dict[str, Any]) -> set[tuple[str, str]]:
    """Why bytes were lost: by which cause, while the device was at what."""
    return {
        (loss["cause"], loss["why"].partition(" while ")[2].partition(";")[0])
        for loss in report["uploads"][0]["losses"]
    }


def test_the_same_bytes_are_lost_as_on_a_pty(wires: TwoPtys, file: Path) -> None:
    """Nothing holds the board back: what comes while the device stalls has no room."""
    words = ("ec200u", *STALLS, "--json")
    reports = []
    for own in ((), ("--serial", wires.adapter)):
        with RunningSimulator(*words, *own) as simulator:
            done = upload(file, wires.board if own else simulator.port, "--timeout", "1s")
            assert done.returncode == 1
            assert simulator.stop() == 1
        reports.append(simulator.reports[-1])
    pty, line = reports
    assert losses(pty) == losses(line) == {("ring", losses(pty).pop()[1])}
    assert pty["counters"]["lost"] > 1000
    assert line["counters"]["lost"] > 1000
    assert line["counters"]["holds"]
    sizes = [report["uploads"][0]["stored"] // 2048 for report in reports]
    assert sizes[0] == sizes[1], "as many blocks"


def test_a_board_with_pyserial_follows_a_new_rate(wires: TwoPtys) -> None:
    with RunningSimulator("ec200u", "--serial", wires.adapter) as simulator:
        with serial.Serial(wires.board, 115_200, timeout=READ_TIMEOUT_S) as port:
            ask(port, b"ATE0")
            ask(port, b"AT+IPR=921600")
            assert ask(port, b"ATI").startswith(b"\r\nQuectel\r\nEC200U")
        assert read_settings(wires.ttys[0]).baud == 921_600
        assert simulator.stop() == 0


@needs_socat
def test_two_ptys_that_socat_joins(tmp_path: Path, file: Path) -> None:
    ends = [str(tmp_path / name) for name in ("adapter", "board")]
    words = ["socat", f"pty,raw,echo=0,link={ends[0]}", f"pty,raw,echo=0,link={ends[1]}"]
    with subprocess.Popen(words) as socat:
        while not all(map(os.path.exists, ends)):
            assert socat.poll() is None
        with RunningSimulator("ec200u", "--serial", ends[0], "--flash", "instant") as simulator:
            done = upload(file, ends[1], "--ack")
            assert done.returncode == 0, done.stderr
            assert simulator.stop() == 0
        socat.terminate()


def test_an_adapter_that_is_pulled_out(wires: TwoPtys, tmp_path: Path) -> None:
    trace = tmp_path / "t.jsonl"
    with (
        RunningSimulator("ec200u", "--serial", wires.adapter, "--trace", str(trace)) as simulator,
        serial.Serial(wires.board, 115_200, timeout=READ_TIMEOUT_S) as port,
    ):
        ask(port, b'AT+QFUPL="x",1000,60', b"CONNECT\r\n")
        port.write(b"half of it")
        port.flush()
        wires.unplug()
        assert simulator.wait() == 1
    assert f"quecsim: {wires.adapter} has gone" in simulator.stderr
    assert "Traceback" not in simulator.stderr
    record = same_again(trace)
    assert len([event for event in record if isinstance(event, HostClosed)]) == 1


def test_one_at_a_time(wires: TwoPtys) -> None:
    with RunningSimulator("ec200u", "--serial", wires.adapter) as simulator:
        second = subprocess.run(
            [sys.executable, "-m", "quecsim", "run", "ec200u", "--serial", wires.adapter],
            capture_output=True, text=True, timeout=READ_TIMEOUT_S, check=False,
        )  # fmt: skip
        assert second.returncode == 2
        assert "busy" in second.stderr
        assert "another program" in second.stderr
        assert simulator.stop() == 0


@pytest.fixture(params=[True, False], ids=["obeys RTS", "goes on"])
def board(request: pytest.FixtureRequest) -> Iterator[NetworkBoard]:
    made = NetworkBoard(obeys=request.param)
    yield made
    made.close()


def test_rts_stops_the_board(board: NetworkBoard, tmp_path: Path) -> None:
    """Through the server's RTS: a board that looks at its CTS loses nothing."""
    trace, size = tmp_path / "t.jsonl", 10_000
    stalls = ("--stall", "every2048:600ms", "--flash", "instant")
    with RunningSimulator(
        "ec200u", "--serial", board.url, "--json", "--trace", str(trace), *stalls
    ) as simulator:
        assert simulator.port == board.url
        board.send(b"ATE0\r")
        board.hear_until(b"OK\r\n")
        board.send(b"AT+IFC=2,2\r")
        board.hear_until(b"OK\r\n")
        assert (board.port.rts, board.port.dtr, board.port.baudrate) == (True, True, 115_200)
        board.send(b'AT+QFUPL="x",%d,1\r' % size)
        board.hear_until(b"CONNECT\r\n")
        board.send(b"d" * size)
        board.hear_until(b"OK\r\n" if board.obeys else b"ERROR")
        assert simulator.stop() == (0 if board.obeys else 1)
    report = simulator.reports[-1]
    line, kinds = report["real_line"], {each["kind"] for each in report["advice"]}
    assert line["stops"] > 0
    assert line["overruns"] == 0
    assert (report["counters"]["lost"] == 0) == board.obeys
    assert (board.stops > 0) == board.obeys
    assert ("went-on" in kinds) == (not board.obeys)
    same_again(trace)


def test_dtr_ends_data_mode_and_the_boards_rts_holds_the_device(tmp_path: Path) -> None:
    board, trace = NetworkBoard(obeys=True), tmp_path / "t.jsonl"
    with RunningSimulator("ec200u", "--serial", board.url, "--trace", str(trace)) as simulator:
        board.send(b"ATE0&D1+IFC=2,2\r")
        board.hear_until(b"OK\r\n")
        board.send(b'AT+QFUPL="x",1000,60\r')
        board.hear_until(b"CONNECT\r\n")
        board.switch(cts=False, dsr=False)
        board.switch(dsr=True)
        board.switch(cts=True)
        board.hear_until(b"\r\n")
        board.send(b"ATI\r")
        board.hear_until(b"OK\r\n")
        simulator.stop()
    record = same_again(trace)
    assert [event.why for event in record if isinstance(event, DataEnd)] == ["dtr"]
    board.close()


def test_a_server_that_goes_away() -> None:
    board = NetworkBoard(obeys=True)
    with RunningSimulator("ec200u", "--serial", board.url) as simulator:
        board.send(b"AT\r")
        board.hear_until(b"OK\r\n")
        board.close()
        assert simulator.wait() == 1
    assert f"{board.url} has gone" in simulator.stderr


def check(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "quecsim", "check", "ec200u", "--quiet", *words],
        capture_output=True, text=True, timeout=READ_TIMEOUT_S, check=False,
    )  # fmt: skip


def test_a_board_is_checked(wires: TwoPtys, file: Path, tmp_path: Path) -> None:
    """The program stands for the script that starts the board and waits for what it reports."""
    board = (sys.executable, "-m", "quecsim", "upload", str(file), "--port", wires.board)
    words = ("--serial", wires.adapter, "--file", str(file), "--failures", str(tmp_path / "kept"))
    done = check(*words, "--flash", "instant", "--", *board, "--ack")
    assert done.returncode == 0, done
    assert "passed" in done.stdout
    assert "no {port}" not in done.stdout
    done = check(*words, *STALLS, "--", *board, "--timeout", "1s")
    assert done.returncode == 1, done
    assert "ring" in done.stdout


def test_one_board_at_a_time_is_checked(wires: TwoPtys) -> None:
    done = check("--all", "--serial", wires.adapter, "-j", "2", "--", "true")
    assert done.returncode == 2
    assert "one board can be checked at a time" in done.stderr


def test_an_adapter_that_goes_in_a_check(wires: TwoPtys) -> None:
    script = f"import os, signal, time; os.kill({os.getpid()}, signal.SIGUSR1); time.sleep(60)"
    before = signal.signal(signal.SIGUSR1, lambda _number, _frame: wires.unplug())
    done = check("--serial", wires.adapter, "--", sys.executable, "-c", script)
    signal.signal(signal.SIGUSR1, before)
    assert done.returncode == 2
    assert f"{wires.adapter} has gone" in done.stderr


@needs_gensiot
def test_a_serial_server_that_is_not_pyserials(wires: TwoPtys, file: Path) -> None:
    """gensiot has the adapter, and gives it away over RFC 2217."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"127.0.0.1,{free.getsockname()[1]}"
    words = ["gensiot", "-i", f"serialdev(nouucplock),{wires.adapter},115200N81,local"]
    words += ["-a", f"telnet(rfc2217),tcp,{place}"]
    board = (sys.executable, "-m", "quecsim", "upload", str(file), "--port", wires.board, "--ack")
    url = f"rfc2217://{place.replace(',', ':')}"
    with subprocess.Popen(words) as server:
        done = check("--serial", url, "--file", str(file), "--flash", "instant", "--", *board)
        while "connection refused" in done.stderr:  # it does not listen yet
            assert server.poll() is None
            done = check("--serial", url, "--file", str(file), "--flash", "instant", "--", *board)
        server.terminate()
    assert done.returncode == 0, done
