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
from quecsim.host.plan import FotaOptions, Mistake, UploadPlan, Via
from quecsim.host.uploader import upload
from tests.host.peer import Peer
from tests.host.qfotadl_peer import NEW, OLD, QfotadlPeer
from tests.host.qfupl_peer import QfuplPeer
from tests.host.qfwrite_peer import QfwritePeer
from tests.host.qsecwrite_peer import QsecwritePeer
from tests.test_checksum import AMAZON


class Bench:
    """A certificate file, a device in memory, and the command between them."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "ca.pem"
        self.file.write_bytes(AMAZON)
        self.port: Any = QfuplPeer()
        self.opened: dict[str, Any] = {}

    def open_port(self, path: str, **options: Any) -> Peer:
        self.opened = {"path": path, **options}
        port: Peer = self.port
        return port

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


def test_numbers_that_do_not_fit_are_explained(bench: Bench) -> None:
    result = bench.run("--println")
    assert result.exit_code == 1
    assert result.stderr.endswith(
        "\nwhat happened: the file was sent, with each line end sent as CR LF, and the module"
        " took the 1188 bytes announced of 1208 -> write the file as binary: no println, no text"
        " mode, no terminal that translates\n"
    )


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
        "via": "qfupl",
        "connected": True,
        "sent_bytes": 1188,
        "acks": 1,
        "reported_bytes": 1188,
        "reported_checksum": "2d13",
        "listed_bytes": 1188,
        "stored_good": None,
        "stored_checksum": None,
        "same_bytes": None,
        "downloading": None,
        "file_error": None,
        "updating": None,
        "upgrade_error": None,
        "revision_before": None,
        "revision_after": None,
        "replaced": False,
        "verified": True,
        "explanation": "",
        "problems": [],
        "notes": [],
        "connect": None,
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
        (["--flow", "rtscts", "--keep"], {"rtscts": True, "keep": True}),
        (["--chunk", "64", "--gap", "10"], {"chunk_bytes": 64, "gap_ms": 10}),
        (["--timeout", "60", "--declare", "7"], {"timeout_s": 60, "declared_bytes": 7}),
        (["--ignore-ack"], {"ack": True, "mistakes": frozenset({Mistake.IGNORE_ACK})}),
        (
            ["--no-wait-connect", "--println", "--no-delete", "--no-verify"],
            {"mistakes": frozenset(Mistake) - {Mistake.IGNORE_ACK}},
        ),
        (["--via", "qfwrite"], {"name": "ca.pem", "via": Via.QFWRITE}),
        (
            ["--via", "qfwrite", "--no-readback", "--name", "UFS:x"],
            {"name": "UFS:x", "via": Via.QFWRITE, "readback": False},
        ),
        (["--via", "qsecwrite"], {"name": "RAM:ca.pem", "via": Via.QSECWRITE}),
        (
            ["--via", "qsecwrite", "--name", "NVRAM:CK0", "--timeout", "200"],
            {"name": "NVRAM:CK0", "via": Via.QSECWRITE, "timeout_s": 200},
        ),
        (["--via", "qfotadl"], {"name": "ca.pem", "via": Via.QFOTADL}),
        (
            ["--via", "qfotadl", "--upgrade-mode", "0", "--download-urcs", "50"],
            {"name": "ca.pem", "via": Via.QFOTADL, "fota": FotaOptions(0, 50)},
        ),
        (
            ["--via", "qfotadl", "--update-urcs", "0", "--chunk", "32", "--gap", "10"],
            {
                "name": "ca.pem",
                "via": Via.QFOTADL,
                "fota": FotaOptions(update_urcs=0),
                "chunk_bytes": 32,
                "gap_ms": 10,
            },
        ),
    ],
)
def test_options_become_a_plan(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, options: list[str], changes: dict[str, Any]
) -> None:
    plans: list[UploadPlan] = []

    def note(_port: object, plan: UploadPlan, _progress: object, **_more: object) -> None:
        plans.append(plan)
        raise KeyboardInterrupt

    monkeypatch.setattr("quecsim.host.uploader.upload", note)
    bench.run(*options)
    assert plans == [UploadPlan(**{"name": "UFS:ca.pem", "data": AMAZON, **changes})]


def test_flow_control_and_baud_rate_reach_the_port(bench: Bench) -> None:
    assert bench.run("--flow", "rtscts", "--baud", "921600").exit_code == 0
    assert (bench.opened["rtscts"], bench.opened["baud"]) == (True, 921600)


# the other ways


def by(bench: Bench, port: Peer, *options: str) -> Result:
    bench.port = port
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uploader, "upload", partial(upload, sleep=port.sleep))
        return bench.run(*options)


def test_by_handle(bench: Bench) -> None:
    port = QfwritePeer()
    result = by(bench, port, "--via", "qfwrite")
    assert (result.exit_code, port.files) == (0, {"ca.pem": AMAZON})
    assert result.stdout == "ca.pem: 1188 bytes, read back, verified\n"


def test_by_handle_without_reading_back(bench: Bench) -> None:
    result = by(bench, QfwritePeer(), "--via", "qfwrite", "--no-readback")
    assert result.exit_code == 0
    assert result.stdout == "ca.pem: 1188 bytes sent, not verified, only the size was compared\n"


def test_by_handle_tells_where_the_difference_begins(bench: Bench) -> None:
    port = QfwritePeer()
    port.flipped = {1100}
    result = by(bench, port, "--via", "qfwrite")
    assert result.exit_code == 1
    assert "the file differs from offset 1100 on" in result.stdout


def test_a_certificate(bench: Bench) -> None:
    port = QsecwritePeer()
    result = by(bench, port, "--via", "qsecwrite", "--name", "NVRAM:CA1")
    assert (result.exit_code, port.stored) == (0, {"NVRAM:CA1": AMAZON})
    assert result.stdout == "NVRAM:CA1: 1188 bytes, checksum 2d13, verified\n"
    assert bench.opened["timeout_s"] == 100


def test_a_firmware_package(bench: Bench) -> None:
    port = QfotadlPeer()
    result = by(bench, port, "--via", "qfotadl")
    assert (result.exit_code, bytes(port.package)) == (0, AMAZON)
    assert result.stdout == f"ca.pem: 1188 bytes, upgraded from {OLD} to {NEW}\n"
    assert result.stderr == "ca.pem, 1188 bytes, on /dev/ttyX at 115200 baud\n"


def test_a_firmware_package_that_fails(bench: Bench) -> None:
    port = QfotadlPeer()
    port.error = 506
    result = by(bench, port, "--via", "qfotadl", "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert (report["upgrade_error"], report["revision_after"]) == (506, OLD)


def test_ctrl_c_while_the_module_upgrades_itself(bench: Bench) -> None:
    port = QfotadlPeer()

    pass_time = port.pass_time

    def until_it_updates(seconds: float) -> None:
        pass_time(seconds)
        if b"UPDATING" in port.outbox:
            raise KeyboardInterrupt

    port.pass_time = until_it_updates  # type: ignore[method-assign]
    result = by(bench, port, "--via", "qfotadl")
    assert result.exit_code == 130
    assert "goes on with the upgrade; keep it powered" in result.stderr


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


@pytest.mark.parametrize("via", cli.WAYS)
def test_an_empty_file(bench: Bench, via: str) -> None:
    bench.file.write_bytes(b"")
    result = bench.run("--via", via)
    assert_mistake(result, "ca.pem is empty", "a file to upload has at least 1 byte")
    assert "QF" not in result.stderr


def test_a_name_that_cannot_be_sent(bench: Bench) -> None:
    assert_mistake(bench.run("--name", 'a"b'), "cannot be sent as a file name", "--name")


def test_no_such_port(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert_mistake(bench.run(), "no such port: /dev/ttyX", "quecsim run ec200u")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--via", "qfwrite", "--ack"], "--ack makes no sense with --via qfwrite"),
        (["--via", "qfwrite", "--ignore-ack"], "--ignore-ack makes no sense with --via qfwrite"),
        (["--via", "qfotadl", "--no-verify"], "--no-verify makes no sense with --via qfotadl"),
        (["--via", "qfotadl", "--name", "x"], "--name makes no sense with --via qfotadl"),
        (["--via", "qfotadl", "--download-urcs", "3"], "give 0, or 5-100"),
        (["--via", "qsecwrite", "--name", "NVRAM:CA7"], "only CA0, CA1, CC0, CK0"),
        (["--via", "qsecwrite", "--timeout", "2"], "AT+QSECWRITE takes 3-200 s"),
        (["--update-urcs", "5"], "leave it out, or use --via qfotadl"),
    ],
)
def test_options_of_another_way(bench: Bench, options: list[str], says: str) -> None:
    assert_mistake(bench.run(*options), says)
    assert bench.opened == {}


@pytest.mark.parametrize(
    "options",
    [
        ("--chunk", "0"),
        ("--gap", "-1"),
        ("--timeout", "0"),
        ("--timeout", "65536"),
        ("--declare", "0"),
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


def test_no_progress_bars_without_a_terminal() -> None:
    with cli._progress_bars(10) as bars:
        assert bars == (None, None)


@pytest.mark.pty
def test_progress_bars_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    controller, terminal = os.openpty()
    with os.fdopen(terminal, "w") as screen:
        monkeypatch.setattr("sys.stderr", screen)
        monkeypatch.setenv("TERM", "xterm")
        with cli._progress_bars(2000) as (sent, updated):
            assert sent is not None
            assert updated is not None
            sent(2000, 2000)
            updated(7, 50)
            updated(50, 50)
    drawn = bytearray()
    with suppress(OSError):  # EIO: the terminal side is closed, and all is read
        while data := os.read(controller, 4096):
            drawn += data
    os.close(controller)
    assert b"2.0/2.0 kB" in drawn
    assert b"50/50" in drawn
