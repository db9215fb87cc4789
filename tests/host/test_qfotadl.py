"""Firmware packages by QFOTADL FILE, to a tiny device in memory: the upgrade, and how it fails."""

from typing import Any

import pytest
import serial

from quecsim.host.plan import FotaOptions, Mistake, UploadPlan, UploadResult, Via
from quecsim.host.uploader import Interrupted, upload
from tests.host.qfotadl_peer import NEW, OLD, QfotadlPeer

PACKAGE = bytes(range(256)) * 20  # 5120 bytes, with XON, XOFF, SUB and all else


def plan(data: bytes = PACKAGE, *mistakes: Mistake, **ways: Any) -> UploadPlan:
    return UploadPlan("p.bin", data, via=Via.QFOTADL, mistakes=frozenset(mistakes), **ways)


def run(port: QfotadlPeer, data: bytes = PACKAGE, *wrong: Mistake, **ways: Any) -> UploadResult:
    return upload(port, plan(data, *wrong, **ways), sleep=port.sleep)


# the correct way


def test_the_correct_way_byte_for_byte() -> None:
    port = QfotadlPeer()
    result = run(port, PACKAGE[:1500], fota=FotaOptions(1, 5, 20))
    assert port.writes == [
        b"AT\r",
        b"ATE0\r",
        b"AT+CMEE=1\r",
        b"ATI\r",
        b'AT+QFOTADL="FILE:1500",1,5,20\r',
        PACKAGE[:1024],
        PACKAGE[1024:1500],
        b"AT\r",
        b"ATE0\r",
        b"ATI\r",
    ]
    assert port.package == PACKAGE[:1500]
    assert port.urcs[:7] == ["FILESTART", *(f"DOWNLOADING,{n}" for n in range(1, 6)), "FILEEND,0"]
    assert result == UploadResult(
        name="p.bin",
        file_bytes=1500,
        file_checksum=result.file_checksum,
        declared_bytes=1500,
        via=Via.QFOTADL,
        connected=True,
        sent_bytes=1500,
        downloading=5,
        file_error=0,
        updating=20,
        upgrade_error=0,
        revision_before=OLD,
        revision_after=NEW,
        verified=True,
    )


@pytest.mark.parametrize(
    ("fota", "arguments"),
    [
        (FotaOptions(), ""),
        (FotaOptions(upgrade_mode=0), ",0"),
        (FotaOptions(1, 50), ",1,50"),
        (FotaOptions(0, 0, 5), ",0,0,5"),
        (FotaOptions(download_urcs=50), ",1,50"),
        (FotaOptions(update_urcs=5), ",1,0,5"),
    ],
)
def test_only_what_was_given_is_sent(fota: FotaOptions, arguments: str) -> None:
    port = QfotadlPeer()
    assert run(port, fota=fota).verified
    assert f'AT+QFOTADL="FILE:5120"{arguments}' in port.commands


def test_a_host_without_flow_control_sends_small_pieces_with_pauses() -> None:
    port = QfotadlPeer()
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        port.sleep(seconds)

    assert upload(port, plan(chunk_bytes=32, gap_ms=10), sleep=sleep).verified
    assert slept == [0.01] * 159
    assert [len(data) for data in port.writes].count(32) == 160


def test_flow_control_is_set_first() -> None:
    port = QfotadlPeer()
    assert run(port, rtscts=True).verified
    place = port.commands.index
    assert place("AT+IFC=2,2") < place('AT+QCFG="usbifc",2,2') < place("ATI")


def test_progress_of_sending_and_of_updating_is_told() -> None:
    port = QfotadlPeer()
    sent: list[int] = []
    steps: list[tuple[int, int]] = []
    plan_ = plan(fota=FotaOptions(1, 0, 5))
    upload(
        port,
        plan_,
        lambda done, _: sent.append(done),
        updated=lambda *step: steps.append(step),
        sleep=port.sleep,
    )
    assert sent == [1024, 2048, 3072, 4096, 5120]
    assert steps == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


@pytest.mark.parametrize("percent", [False, True])
@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize("ready", [False, True])
def test_every_kind_of_device_comes_back(percent: bool, mode: int, ready: bool) -> None:
    port = QfotadlPeer()
    port.percent, port.says_ready = percent, ready
    result = run(port, fota=FotaOptions(upgrade_mode=mode, download_urcs=10, update_urcs=10))
    assert result.problems == []
    assert result.updating == (100 if percent else 10)
    assert result.revision_after == NEW


@pytest.mark.parametrize("prefix", ["\x00\x00", "\xff~", "7\x80"])
def test_messages_with_a_damaged_beginning_are_understood(prefix: str) -> None:
    port = QfotadlPeer()
    port.urc_prefix = prefix
    assert run(port, fota=FotaOptions(1, 5, 5)).verified


def test_an_upgrade_without_messages_of_its_progress() -> None:
    port = QfotadlPeer()
    result = run(port, fota=FotaOptions(1, 0, 0))
    assert (result.verified, result.updating) == (True, None)
    assert port.now_s > 300


def test_a_package_for_the_same_revision_is_noted() -> None:
    port = QfotadlPeer()
    port.revision = NEW
    result = run(port)
    assert result.verified
    assert result.notes == [f"the revision is what it was before: {NEW}"]


def test_a_device_that_tells_no_revision() -> None:
    port = QfotadlPeer()
    port.answers["ATI"] = "Quectel\r\n\r\nOK"
    result = run(port)
    assert result.ok
    assert (result.revision_before, result.revision_after) == (None, None)


# refusals and errors


def test_refused() -> None:
    port = QfotadlPeer()
    port.answers["AT+QFOTADL"] = "ERROR"
    result = run(port)
    assert result.problems == [
        "the module refused the upgrade: ERROR; "
        "this one may not have AT+QFOTADL, or not with these arguments"
    ]
    assert result.sent_bytes == 0


def test_no_start_of_the_file() -> None:
    port = QfotadlPeer()
    port.file_start_s = 60.0
    result = run(port)
    assert result.problems == ["no FILESTART came within 10 s of OK: nothing was sent"]
    assert result.sent_bytes == 0
    assert port.now_s < 15


def test_lost_bytes_end_with_the_devices_own_time_out() -> None:
    port = QfotadlPeer()
    port.lost = set(range(600, 645))
    result = run(port)
    assert result.problems == ["FILEEND 500: the package did not arrive whole"]
    assert (result.sent_bytes, len(port.package)) == (5120, 5075)
    assert (result.revision_before, result.revision_after) == (OLD, OLD)


def test_lost_bytes_and_a_device_that_waits_for_ever() -> None:
    port = QfotadlPeer()
    port.lost, port.silent_when_idle = {7}, True
    result = run(port)
    assert result.problems == [
        "no FILEEND came after the last byte: bytes are missing, and the module waits for them"
    ]
    assert b"+++" not in port.writes  # nothing says that it would help
    assert 33 <= port.now_s < 45


def test_a_device_that_gives_up_early_is_not_flooded() -> None:
    class DiskFails(QfotadlPeer):
        def store(self, byte: int) -> None:
            super().store(byte)
            if len(self.package) == 1500:
                self.mode = "command"
                self.say('+QIND: "FOTA","FILEEND",500')

    result = run(DiskFails())
    assert result.sent_bytes == 2048
    assert result.problems == [
        "sent 2048 of 5120 bytes, then stopped: the module wants no more",
        "FILEEND 500: the package did not arrive whole",
    ]


@pytest.mark.parametrize("before_start", [False, True])
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (504, "the upgrade failed"),
        (506, "the MD5 of the package is wrong: bytes are missing or changed"),
        (507, "the package is for another firmware version"),
        (599, "unknown error"),
    ],
)
def test_an_upgrade_that_fails_is_explained(before_start: bool, error: int, words: str) -> None:
    port = QfotadlPeer()
    port.error, port.checked_before_start = error, before_start
    result = run(port)
    assert result.problems == [f"END {error}: {words}"]
    assert (result.upgrade_error, result.verified) == (error, False)
    if before_start:  # no restart, and it is not waited for as long as after a success
        assert port.now_s < 20
    assert (result.revision_before, result.revision_after) == (OLD, OLD)


@pytest.mark.parametrize(
    ("step", "problem", "seconds"),
    [
        ("FILEEND,0", "no START came within 60 s: the upgrade has not begun", 60),
        ("START", "nothing came for 120 s after START", 120),
        ("UPDATING,7", "nothing came for 120 s after UPDATING 7", 120),
        ("UPDATING,100", "nothing came for 60 s after UPDATING 100", 60),
    ],
)
def test_silence_in_the_middle_ends_and_warns(step: str, problem: str, seconds: int) -> None:
    port = QfotadlPeer()
    port.silent_after = step
    result = run(port)
    assert result.problems == [problem, "keep it powered: a broken upgrade cannot be repaired"]
    last_s = 7 * 2 if step == "UPDATING,7" else 100 * 2 if step == "UPDATING,100" else 0
    assert last_s + seconds <= port.now_s < last_s + seconds + 10


def test_a_device_that_does_not_come_back() -> None:
    port = QfotadlPeer()
    port.says_ready, port.boot_s = False, 1e9
    assert run(port).problems == [
        "the module did not come back after the upgrade: no RDY, no answer to AT"
    ]
    assert port.now_s < 200 + 75


# mistakes


def test_not_waiting_for_the_start() -> None:
    port = QfotadlPeer()
    result = run(port, PACKAGE, Mistake.NO_WAIT_CONNECT)
    assert (result.verified, result.connected) == (True, True)


def test_not_waiting_for_the_start_loses_what_comes_before_it() -> None:
    port = QfotadlPeer()
    port.early_bytes_count = False
    result = run(port, PACKAGE, Mistake.NO_WAIT_CONNECT, gap_ms=200)
    assert 0 < len(port.package) < 5120
    assert result.problems == ["FILEEND 500: the package did not arrive whole"]


def test_not_waiting_for_the_start_meets_the_refusal_later() -> None:
    port = QfotadlPeer()
    port.answers["AT+QFOTADL"] = "ERROR"
    result = run(port, PACKAGE, Mistake.NO_WAIT_CONNECT)
    assert result.problems == ["the module refused the upgrade: ERROR"]
    assert result.sent_bytes == 5120


def test_a_size_too_large_keeps_the_device_waiting() -> None:
    result = run(QfotadlPeer(), declared_bytes=6000)
    assert result.problems == ["FILEEND 500: the package did not arrive whole"]


def test_a_size_too_small_cuts_the_package() -> None:
    port = QfotadlPeer()
    port.error = 506
    result = run(port, declared_bytes=5000)
    assert port.package == PACKAGE[:5000]
    assert result.sent_bytes == 5120
    assert result.problems[0].startswith("END 506: ")


def test_println_changes_the_package() -> None:
    port = QfotadlPeer()
    port.error = 506
    run(port, PACKAGE, Mistake.PRINTLN)
    assert port.package == PACKAGE.replace(b"\n", b"\r\n")[:5120]


# the port, and Ctrl-C


def interrupt_at(port: QfotadlPeer, text: str) -> None:
    """Ctrl-C when the host reads `text`."""
    read = port.read

    def reading(size: int = 1, /) -> bytes:
        data = read(size)
        if text.encode() in data:
            raise KeyboardInterrupt
        return data

    port.read = reading  # type: ignore[method-assign]


def test_interrupted_while_sending() -> None:
    port = QfotadlPeer()
    port.interrupt_after = 3000
    with pytest.raises(Interrupted, match="waits for 2048 more bytes of the package, and runs its"):
        run(port)
    assert port.forgotten_output == 1
    assert b"+++" not in port.writes


@pytest.mark.parametrize("step", ["FILEEND", '"START"', "UPDATING"])
def test_interrupted_while_the_device_works_by_itself(step: str) -> None:
    port = QfotadlPeer()
    interrupt_at(port, step)
    with pytest.raises(Interrupted, match="goes on with the upgrade; keep it powered"):
        run(port)


def test_interrupted_before_anything_began() -> None:
    port = QfotadlPeer()
    port.interrupt_after = 1
    with pytest.raises(Interrupted, match="in command mode"):
        run(port)


def test_a_port_that_goes_away_while_the_device_works_by_itself() -> None:
    port = QfotadlPeer()
    port.goes_away_after = sum(map(len, (b"AT\rATE0\rAT+CMEE=1\rATI\r",))) + 5120
    result = run(port)
    assert result.problems[0].startswith("the port went away")
    assert result.problems[1] == (
        "the module may go on with the upgrade without us; "
        "keep it powered: a broken upgrade cannot be repaired"
    )


def test_a_port_that_takes_no_more_bytes() -> None:
    port = QfotadlPeer()
    port.write_fails_after = 3000
    result = run(port)
    assert len(result.problems) == 1
    assert result.problems[0].endswith("(after 3072 of 5120 bytes)")


class UsbPeer(QfotadlPeer):
    """Its port goes away once, when the device says `goes_at`, for `away_s` seconds."""

    def __init__(self, goes_at: str, away_s: float) -> None:
        super().__init__()
        self.goes_at, self.away_s = goes_at, away_s
        self.back_at_s: float | None = None
        self.opened = 0

    def read(self, size: int = 1, /) -> bytes:
        if self.back_at_s is None and self.goes_at.encode() in self.outbox:
            self.back_at_s = self.now_s + self.away_s
        if self.back_at_s is not None and not self.opened:
            raise serial.SerialException("device disconnected")
        return super().read(size)

    def open(self) -> None:
        assert self.back_at_s is not None
        if self.now_s < self.back_at_s:
            raise serial.SerialException("no such file")
        self.opened += 1
        self.outbox.clear()


@pytest.mark.parametrize("goes_at", ['"START"', '"UPDATING",20', "RDY"])
def test_a_usb_port_that_goes_away_and_comes_back(goes_at: str) -> None:
    port = UsbPeer(goes_at, away_s=3.0)
    result = run(port)
    assert result.problems == []
    assert (port.opened, result.revision_after) == (1, NEW)


@pytest.mark.parametrize("goes_at", ['"START"', "RDY"])
def test_a_usb_port_that_never_comes_back(goes_at: str) -> None:
    port = UsbPeer(goes_at, away_s=1e9)
    result = run(port)
    assert result.problems[0].startswith("the port went away: device disconnected")
    assert port.opened == 0


def test_a_usb_port_that_goes_away_while_sending_is_a_failure() -> None:
    port = UsbPeer('"DOWNLOADING",3', away_s=0.0)
    result = run(port, fota=FotaOptions(1, 5, 5))
    assert result.problems[0].startswith("the port went away: device disconnected")
    assert port.opened == 0
