"""Uploads by handle, to a tiny device in memory that knows no CME codes."""

from typing import Any

import pytest

from quecsim.host.plan import Mistake, UploadPlan, UploadResult, Via
from quecsim.host.qfwrite import common_bytes, writes
from quecsim.host.uploader import Interrupted, upload
from tests.host.qfwrite_peer import QfwritePeer
from tests.test_checksum import AMAZON

LONG = bytes(range(251)) * 600  # 150600 bytes: three commands


def run(port: QfwritePeer, data: bytes = AMAZON, *mistakes: Mistake, **ways: Any) -> UploadResult:
    plan = UploadPlan("ca.pem", data, via=Via.QFWRITE, mistakes=frozenset(mistakes), **ways)
    return upload(port, plan, sleep=port.sleep)


# the correct way


def test_the_correct_way_byte_for_byte() -> None:
    port = QfwritePeer()
    result = run(port)
    assert port.writes == [
        b"AT\r",
        b"ATE0\r",
        b"AT+QECHO=0\r",
        b"AT+CMEE=1\r",
        b'AT+QFDEL="ca.pem"\r',
        b'AT+QFOPEN="ca.pem",1\r',
        b"AT+QFWRITE=1,1188,5\r",
        AMAZON[:1024],
        AMAZON[1024:],
        b"AT+QFCLOSE=1\r",
        b'AT+QFLST="ca.pem"\r',
        b'AT+QFOPEN="ca.pem",2\r',
        b"AT+QFREAD=2,1024\r",
        b"AT+QFREAD=2,164\r",
        b"AT+QFCLOSE=2\r",
    ]
    assert port.files == {"ca.pem": AMAZON}
    assert result == UploadResult(
        name="ca.pem",
        file_bytes=1188,
        file_checksum="2d13",
        declared_bytes=1188,
        via=Via.QFWRITE,
        connected=True,
        sent_bytes=1188,
        reported_bytes=1188,
        listed_bytes=1188,
        same_bytes=1188,
        verified=True,
    )


def test_a_long_file_goes_in_several_writes() -> None:
    port = QfwritePeer()
    told: list[tuple[int, int]] = []
    plan = UploadPlan("ca.pem", LONG, via=Via.QFWRITE, timeout_s=9, chunk_bytes=60_000)
    result = upload(port, plan, lambda sent, total: told.append((sent, total)), sleep=port.sleep)
    written = [command for command in port.commands if command.startswith("AT+QFWRITE")]
    assert written == ["AT+QFWRITE=1,65535,9", "AT+QFWRITE=1,65535,9", "AT+QFWRITE=1,19530,9"]
    assert port.files == {"ca.pem": LONG}
    assert (result.verified, result.sent_bytes, result.same_bytes) == (True, 150_600, 150_600)
    assert [sent for sent, _ in told] == [60_000, 65_535, 125_535, 131_070, 150_600]


@pytest.mark.parametrize("total", [1, 65_535, 65_536, 200_000])
def test_writes_cover_all_in_order(total: int) -> None:
    cuts = list(writes(total))
    assert (cuts[0][0], cuts[-1][1]) == (0, total)
    assert [end for _, end in cuts[:-1]] == [start for start, _ in cuts[1:]]
    assert all(1 <= end - start <= 65_535 for start, end in cuts)


def test_without_reading_back_nothing_is_verified() -> None:
    port = QfwritePeer()
    result = run(port, readback=False)
    assert result.ok
    assert (result.verified, result.listed_bytes, result.same_bytes) == (False, 1188, None)
    assert not any(command.startswith("AT+QFREAD") for command in port.commands)


def test_an_old_file_is_replaced_unless_kept() -> None:
    port = QfwritePeer()
    port.files["ca.pem"] = b"old"
    assert run(port, keep=True).problems == [
        "ca.pem is on the module already (3 bytes) and was left alone"
    ]
    assert port.files == {"ca.pem": b"old"}
    result = run(port)
    assert (result.verified, result.replaced) == (True, True)


# bytes that are lost or changed


def test_lost_bytes_are_counted_and_the_place_is_found() -> None:
    port = QfwritePeer()
    port.lost = set(range(600, 645))
    result = run(port)
    assert port.files["ca.pem"] == AMAZON[:600] + AMAZON[645:]
    same = common_bytes(port.files["ca.pem"], AMAZON)
    assert same >= 600
    assert result.problems == [
        "module reports 1143 of 1188 bytes: 45 are missing",
        f"the file differs from offset {same} on: "
        f"0x{AMAZON[same + 45]:02x} there, 0x{AMAZON[same]:02x} here",
    ]
    assert (result.listed_bytes, result.same_bytes) == (1143, same)


def test_bytes_lost_at_the_end() -> None:
    port = QfwritePeer()
    port.lost = set(range(1180, 1188))
    assert run(port).problems == [
        "module reports 1180 of 1188 bytes: 8 are missing",
        "read back, the file ends at offset 1180: ERROR",
    ]


def test_bytes_lost_in_the_first_of_several_writes_stop_the_second() -> None:
    port = QfwritePeer()
    port.lost = {10}
    result = run(port, LONG, chunk_bytes=60_000)
    assert result.problems[0] == "module reports 65534 of 65535 bytes: 1 is missing"
    assert sum(command.startswith("AT+QFWRITE") for command in port.commands) == 1
    assert result.problems[-1].startswith("the file differs from offset 10 on")


def test_a_summary_with_an_error_behind_it() -> None:
    class Umts(QfwritePeer):
        def time_out(self) -> None:
            self.mode = "command"
            self.say(f"+QFWRITE: {self.written},{len(self.files[self.open_name])}")
            self.say("+CME ERROR: 421")

    port = Umts()
    port.lost = {1187}
    assert run(port).problems[:2] == [
        "module reports 1187 of 1188 bytes: 1 is missing",
        "the module ended the upload with +CME ERROR: 421 (time out)",
    ]


def test_a_byte_that_the_flash_changed_is_found() -> None:
    port = QfwritePeer()
    port.flipped = {1100, 1101}
    result = run(port)
    there, here = AMAZON[1100] ^ 0xFF, AMAZON[1100]
    assert result.problems == [
        f"the file differs from offset 1100 on: 0x{there:02x} there, 0x{here:02x} here"
    ]
    assert (result.same_bytes, result.verified) == (1100, False)


@pytest.mark.parametrize(
    ("end", "says"),
    [("ERROR", "ERROR"), ("CONNECT 0", "OK")],
)
def test_a_file_that_ends_early_when_read(end: str, says: str) -> None:
    port = QfwritePeer()
    port.read_ends_at, port.read_end = 1024, end
    assert run(port).problems == [f"read back, the file ends at offset 1024: {says}"]


def test_reading_that_breaks_off() -> None:
    port = QfwritePeer()
    port.breaks_off_reading = True
    assert run(port).problems == [
        "read back, the file ends at offset 1023: 1023 bytes came, where 1024 were announced"
    ]


# refusals and silences


@pytest.mark.parametrize(
    ("prefix", "answer", "problem"),
    [
        (
            "AT+QFOPEN",
            "ERROR",
            "the module cannot open the file: ERROR; "
            "this one may not have AT+QFOPEN: try another --via",
        ),
        ("AT+QFOPEN", "", "the module cannot open the file: no answer"),
        ("AT+QFOPEN", "OK", "the module said OK without `+QFOPEN: <handle>`"),
        (
            "AT+QFOPEN",
            "+CME ERROR: 4013",
            "the module cannot open the file: +CME ERROR: 4013 (invalid parameter)",
        ),
        (
            "AT+QFOPEN",
            "+CME ERROR: 420",
            "the module cannot open the file: +CME ERROR: 420 (no space)",
        ),
        ("AT+QFWRITE", "ERROR", "the module refused the upload: ERROR"),
        (
            "AT+QFWRITE",
            "+CME ERROR: 4008",
            "the module refused the upload: +CME ERROR: 4008 (no space)",
        ),
        ("AT+QFWRITE", "", "no CONNECT came after AT+QFWRITE"),
        ("AT+QFCLOSE", "ERROR", "the module cannot close the file: ERROR"),
        ("AT+QFLST", "ERROR", "the module does not list ca.pem: ERROR"),
        ("AT+QFREAD", "ERROR", "read back, the file ends at offset 0: ERROR"),
    ],
)
def test_each_refusal_is_told(prefix: str, answer: str, problem: str) -> None:
    port = QfwritePeer()
    port.answers[prefix] = answer
    result = run(port)
    assert result.problems == [problem]
    assert not result.verified


def test_a_refused_write_leaves_no_file_open() -> None:
    port = QfwritePeer()
    port.answers["AT+QFWRITE"] = "ERROR"
    run(port)
    assert port.open_name == ""


def test_a_device_that_stays_in_data_mode() -> None:
    port = QfwritePeer()
    port.lost, port.silent_when_idle, port.deaf_to_escape = {7}, True, True
    result = run(port)
    assert result.problems[-1] == "no summary came, and +++ had no answer: still in data mode?"
    assert not any(command.startswith("AT+QFCLOSE") for command in port.commands)


def test_flow_control_that_the_device_does_not_have() -> None:
    assert run(QfwritePeer(), rtscts=True).problems == [
        "the module refused AT+IFC=2,2: ERROR; "
        "this one may not have AT+IFC: leave --flow rtscts out then"
    ]


# mistakes


def test_a_size_too_small_cuts_the_file() -> None:
    result = run(QfwritePeer(), declared_bytes=1000)
    assert result.sent_bytes == 1188
    assert result.problems == [
        "module reports 1000 of 1188 bytes: 188 are missing",
        "read back, the file ends at offset 1000: ERROR",
    ]


def test_a_size_too_large_keeps_the_device_waiting() -> None:
    result = run(QfwritePeer(), declared_bytes=1300)
    assert result.problems == ["the module waited for 1300 bytes, and took 1188 when none came"]
    assert result.same_bytes == 1188


def test_println_is_found_by_reading_back() -> None:
    result = run(QfwritePeer(), AMAZON, Mistake.PRINTLN)
    assert result.sent_bytes == 1208
    line_end = AMAZON.index(b"\n")
    assert result.problems == [f"the file differs from offset {line_end} on: 0x0d there, 0x0a here"]


def test_not_waiting_for_connect() -> None:
    result = run(QfwritePeer(), AMAZON, Mistake.NO_WAIT_CONNECT)
    assert (result.verified, result.connected) == (True, True)


def test_not_waiting_for_connect_meets_the_refusal_later() -> None:
    port = QfwritePeer()
    port.answers["AT+QFWRITE"] = "ERROR"
    result = run(port, AMAZON, Mistake.NO_WAIT_CONNECT)
    assert result.problems == ["the module refused the upload: ERROR"]
    assert result.sent_bytes == 1188


# Ctrl-C


def test_interrupted_while_writing_closes_the_file() -> None:
    port = QfwritePeer()
    port.interrupt_after = 1100
    with pytest.raises(Interrupted, match=r"left data mode; ca\.pem there is incomplete, and cl"):
        run(port)
    assert (port.mode, port.open_name) == ("command", "")


def test_interrupted_while_reading_back() -> None:
    class StopsAtRead(QfwritePeer):
        def send(self, handle: str, length: str) -> None:
            raise KeyboardInterrupt

    port = StopsAtRead()
    with pytest.raises(Interrupted, match="in command mode, and closed"):
        run(port)
    assert port.open_name == ""
    assert port.files == {"ca.pem": AMAZON}


def test_interrupted_and_the_file_stays_open() -> None:
    port = QfwritePeer()
    port.interrupt_after = 1100
    port.answers["AT+QFCLOSE"] = "ERROR"
    with pytest.raises(Interrupted, match=r"still open \(handle 1\)"):
        run(port)


def test_interrupted_in_data_mode_that_cannot_be_left() -> None:
    port = QfwritePeer()
    port.interrupt_after = 1100
    port.silent_when_idle = port.deaf_to_escape = True
    with pytest.raises(Interrupted, match="by itself after 5 s of silence"):
        run(port)
    assert not any(command.startswith("AT+QFCLOSE") for command in port.commands)
