"""The command: its options, what it prints where, and its exit codes."""

import json
import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import quecsim.host.port as ports
import quecsim.host.uploader as uploader
from quecsim.cli import upload as cli
from quecsim.host.plan import Mistake, UploadPlan
from tests.host.qfupl_peer import QfuplPeer
from tests.test_checksum import AMAZON


class Bench:
    """A certificate file, a device in memory, and the command between them."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "ca.pem"
        self.file.write_bytes(AMAZON)
        self.port = QfuplPeer()
        self.opened: dict[str, Any] = {}

    def open_port(self, path: str, **options: Any) -> QfuplPeer:
        self.opened = {"path": path, **options}
        return self.port

    def run(self, *options: str, file: Path | None = None) -> Result:
        arguments = [str(file or self.file), "--port", "/dev/ttyX", *options]
        return CliRunner().invoke(cli.upload, arguments, prog_name="upload")


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench(tmp_path)
    monkeypatch.setattr(ports, "open_port", bench.open_port)
    monkeypatch.setattr(uploader, "upload", partial(uploader.upload, sleep=bench.port.sleep))
    return bench


def test_verified(bench: Bench) -> None:
    result = bench.run()
    assert result.exit_code == 0
    assert result.stdout == "UFS:ca.pem: 1188 bytes, checksum 2d13, verified\n"
    assert result.stderr == "ca.pem, 1188 bytes, to UFS:ca.pem on /dev/ttyX at 115200 baud\n"
    assert bench.port.files == {"ca.pem": AMAZON}
    assert bench.port.closed
    assert bench.opened == {
        "path": "/dev/ttyX",
        "baud": 115200,
        "rtscts": False,
        "timeout_s": 5,
    }


def test_fell_short_says_what_is_missing(bench: Bench) -> None:
    bench.port.lost = set(range(600, 645))
    result = bench.run()
    assert result.exit_code == 1
    assert result.stdout.startswith("UFS:ca.pem: failed: ")
    assert "1143 of 1188 bytes: 45 are missing" in result.stdout
    assert bench.port.closed


def test_replacing_is_said(bench: Bench) -> None:
    bench.port.files["ca.pem"] = b"old"
    assert bench.run().stdout.endswith("verified, replaced the old file\n")


def test_json(bench: Bench) -> None:
    result = bench.run("--json", "--ack")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "ok": True,
        "name": "UFS:ca.pem",
        "file_bytes": 1188,
        "file_checksum": "2d13",
        "declared_bytes": 1188,
        "connected": True,
        "sent_bytes": 1188,
        "acks": 1,
        "reported_bytes": 1188,
        "reported_checksum": "2d13",
        "listed_bytes": 1188,
        "replaced": False,
        "verified": True,
        "problems": [],
        "notes": [],
    }


def test_json_of_a_failure(bench: Bench) -> None:
    bench.port.answers["AT+QFUPL"] = "+CME ERROR: 423"
    result = bench.run("--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert (report["ok"], report["reported_bytes"], len(report["problems"])) == (False, None, 1)


def test_not_verified_is_said_and_notes_go_to_standard_error(bench: Bench) -> None:
    bench.port.lost = set(range(100, 200))
    result = bench.run("--no-verify")
    assert result.exit_code == 0
    assert result.stdout == "UFS:ca.pem: 1188 bytes sent, not verified\n"
    assert "note: the next command, AT, had no answer" in result.stderr


@pytest.mark.parametrize(
    ("options", "changes"),
    [
        ([], {}),
        (["--name", "RAM:x"], {"name": "RAM:x"}),
        (["--ack"], {"ack": True}),
        (["--rtscts", "--keep"], {"rtscts": True, "keep": True}),
        (["--chunk", "64", "--gap", "10"], {"chunk_bytes": 64, "gap_ms": 10}),
        (["--timeout", "60", "--size", "7"], {"timeout_s": 60, "declared_bytes": 7}),
        (["--ignore-ack"], {"ack": True, "mistakes": frozenset({Mistake.IGNORE_ACK})}),
        (
            ["--no-wait-connect", "--println", "--no-delete", "--no-verify"],
            {"mistakes": frozenset(Mistake) - {Mistake.IGNORE_ACK}},
        ),
    ],
)
def test_options_become_a_plan(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, options: list[str], changes: dict[str, Any]
) -> None:
    plans: list[UploadPlan] = []

    def note(_port: object, plan: UploadPlan, _progress: object) -> None:
        plans.append(plan)
        raise KeyboardInterrupt

    monkeypatch.setattr("quecsim.host.uploader.upload", note)
    bench.run(*options)
    assert plans == [UploadPlan(**{"name": "UFS:ca.pem", "data": AMAZON, **changes})]


def test_flow_control_and_baud_rate_reach_the_port(bench: Bench) -> None:
    assert bench.run("--rtscts", "--baud", "921600").exit_code == 0
    assert (bench.opened["rtscts"], bench.opened["baud"]) == (True, 921600)


# the user's mistakes


def assert_mistake(result: Result, *says: str) -> None:
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    for words in says:
        assert words in result.stderr


def test_no_such_file(bench: Bench, tmp_path: Path) -> None:
    result = bench.run(file=tmp_path / "none.pem")
    assert_mistake(result, "cannot read", "none.pem: No such file", "give the path")
    assert bench.opened == {}


def test_a_directory(bench: Bench, tmp_path: Path) -> None:
    assert_mistake(bench.run(file=tmp_path), "Is a directory")


def test_an_empty_file(bench: Bench) -> None:
    bench.file.write_bytes(b"")
    assert_mistake(bench.run(), "ca.pem is empty", "at least 1 byte")


def test_a_name_that_cannot_be_sent(bench: Bench) -> None:
    assert_mistake(bench.run("--name", 'a"b'), "cannot be sent as a file name", "--name")


def test_no_such_port(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert_mistake(bench.run(), "no such port: /dev/ttyX", "quecsim run ec200u")


@pytest.mark.parametrize(
    "options",
    [
        ("--chunk", "0"),
        ("--gap", "-1"),
        ("--timeout", "0"),
        ("--timeout", "65536"),
        ("--size", "0"),
        ("--baud", "0"),
    ],
)
def test_options_out_of_range(bench: Bench, options: tuple[str, str]) -> None:
    assert_mistake(bench.run(*options), options[0])


# Ctrl-C


def test_ctrl_c_says_what_state_the_module_is_in(bench: Bench) -> None:
    bench.port.interrupt_after = 1000
    result = bench.run()
    assert result.exit_code == 130
    assert "stopped; the module left data mode; UFS:ca.pem there is incomplete" in result.stderr
    assert bench.port.mode == "command"
    assert bench.port.closed


def test_a_second_ctrl_c_ends_it_at_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def impatient(*_arguments: object) -> None:
        raise KeyboardInterrupt

    bench.port.interrupt_after = 1000
    monkeypatch.setattr("quecsim.host.at_client.AtClient.leave_data_mode", impatient)
    result = bench.run()
    assert result.exit_code == 130
    assert "may still be in data mode" in result.stderr
    assert bench.port.closed


# the progress bar


def test_no_progress_bar_without_a_terminal() -> None:
    with cli._progress_bar(10) as progress:
        assert progress is None


@pytest.mark.pty
def test_a_progress_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    controller, terminal = os.openpty()
    with os.fdopen(terminal, "w") as screen:
        monkeypatch.setattr("sys.stderr", screen)
        monkeypatch.setenv("TERM", "xterm")
        with cli._progress_bar(2000) as progress:
            assert progress is not None
            progress(2000, 2000)
    drawn = bytearray()
    with suppress(OSError):  # EIO: the terminal side is closed, and all is read
        while data := os.read(controller, 4096):
            drawn += data
    os.close(controller)
    assert b"2.0/2.0 kB" in drawn
