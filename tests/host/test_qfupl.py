"""Uploads to a tiny device in memory: the correct way, each mistake, each failure."""

from typing import Any

import pytest

from quecsim.checksum import checksum_text
from quecsim.host.uploader import Interrupted, Mistake, UploadPlan, UploadResult, upload
from tests.host.qfupl_peer import QfuplPeer
from tests.test_checksum import AMAZON

BIG = bytes(range(256)) * 16  # 4096 bytes, with XON, XOFF, SUB and all else a line may not like


def run(port: QfuplPeer, data: bytes = AMAZON, *mistakes: Mistake, **ways: Any) -> UploadResult:
    plan = UploadPlan("UFS:ca.pem", data, mistakes=frozenset(mistakes), **ways)
    return upload(port, plan, sleep=port.sleep)


def payload_writes(port: QfuplPeer) -> list[bytes]:
    """What was written between the QFUPL command and the next command."""
    at = next(i for i, data in enumerate(port.writes) if data.startswith(b"AT+QFUPL"))
    after = port.writes[at + 1 :]
    ends = [i for i, data in enumerate(after) if data.startswith(b"AT") and data.endswith(b"\r")]
    return after[: ends[0]] if ends else after


# the correct way


def test_the_correct_way_byte_for_byte() -> None:
    port = QfuplPeer()
    result = run(port)
    assert port.writes == [
        b"AT\r",
        b"ATE0\r",
        b"AT+CMEE=1\r",
        b'AT+QFDEL="UFS:ca.pem"\r',
        b'AT+QFUPL="UFS:ca.pem",1188,5\r',
        AMAZON[:1024],
        AMAZON[1024:],
        b'AT+QFLST="UFS:ca.pem"\r',
    ]
    assert port.files == {"ca.pem": AMAZON}
    assert result == UploadResult(
        name="UFS:ca.pem",
        file_bytes=1188,
        file_checksum="2d13",
        declared_bytes=1188,
        connected=True,
        sent_bytes=1188,
        reported_bytes=1188,
        reported_checksum="2d13",
        listed_bytes=1188,
        verified=True,
    )
    assert result.ok


def test_an_old_file_is_replaced() -> None:
    port = QfuplPeer()
    port.files["ca.pem"] = b"old"
    result = run(port)
    assert result.verified
    assert result.replaced
    assert port.files == {"ca.pem": AMAZON}


def test_flow_control_is_set_and_the_device_met_again() -> None:
    port = QfuplPeer()
    assert run(port, rtscts=True).verified
    assert port.commands[2:5] == ["AT+CMEE=1", "AT+IFC=2,2", "AT"]


def test_chunks_and_gaps() -> None:
    port = QfuplPeer()
    slept: list[float] = []
    plan = UploadPlan("UFS:ca.pem", AMAZON, chunk_bytes=500, gap_ms=20)
    assert upload(port, plan, sleep=slept.append).verified
    assert [len(data) for data in payload_writes(port)] == [500, 500, 188]
    assert slept == [0.02, 0.02]  # between writes only


def test_progress_is_told_after_each_write() -> None:
    port, told = QfuplPeer(), list[tuple[int, int]]()
    plan = UploadPlan("UFS:ca.pem", AMAZON)
    upload(port, plan, lambda sent, total: told.append((sent, total)), sleep=port.sleep)
    assert told == [(1024, 1188), (1188, 1188)]


def test_keep_leaves_an_existing_file_alone() -> None:
    port = QfuplPeer()
    port.files["ca.pem"] = b"old"
    result = run(port, keep=True)
    assert result.problems == ["UFS:ca.pem is on the module already (3 bytes) and was left alone"]
    assert port.files == {"ca.pem": b"old"}


def test_keep_uploads_where_there_is_no_file() -> None:
    port = QfuplPeer()
    assert run(port, keep=True).verified
    assert not any(command.startswith("AT+QFDEL") for command in port.commands)


# ACK mode


@pytest.mark.parametrize("chunk", [1, 100, 1024, 2048, 5000])
@pytest.mark.parametrize("last", [True, False])
def test_ack_mode_whatever_the_writes_and_with_or_without_the_last_a(
    chunk: int, last: bool
) -> None:
    port = QfuplPeer()
    port.acks_last_full_block = last
    result = run(port, BIG, ack=True, chunk_bytes=chunk)
    assert result.verified
    assert result.acks == port.acks_sent == (4 if last else 3)


@pytest.mark.parametrize("block", [100, 500, 1000, 1023, 1025, 2048, 3000, 4096, 16_384])
@pytest.mark.parametrize("known", [True, False])
def test_ack_mode_finds_the_block_that_the_device_has(block: int, known: bool) -> None:
    port = QfuplPeer()
    port.ack_block_bytes = block
    data = BIG * 10
    result = run(port, data, ack=True, ack_block_bytes=block if known else None)
    assert (result.problems, result.verified) == ([], True)
    assert result.acks == port.acks_sent == len(data) // block


def test_a_device_that_never_says_a_is_not_written_to_without_end() -> None:
    port = QfuplPeer()
    port.acks_until = 0
    result = run(port, BIG * 10, ack=True)
    assert result.problems[0].startswith("sent 16384 of 40960 bytes, then stopped")


def test_where_the_block_is_known_nothing_is_written_past_it() -> None:
    port = QfuplPeer()
    port.acks_until = 0
    result = run(port, BIG, ack=True, ack_block_bytes=1024)
    assert result.problems[0].startswith("sent 1024 of 4096 bytes, then stopped")


def test_ack_mode_writes_no_byte_of_a_block_before_the_a_of_the_one_before() -> None:
    class Watcher(QfuplPeer):
        """Sends each `A` one read later, and notes what was stored when bytes came too early."""

        def __init__(self) -> None:
            super().__init__()
            self.held = bytearray()
            self.early = 0

        def write(self, data: bytes, /) -> int:
            self.early += bool(self.held) or b"A" in self.outbox
            return super().write(data)

        def store(self, byte: int) -> None:
            super().store(byte)
            if self.outbox.endswith(b"A"):
                self.outbox.pop()
                self.held += b"A"

        def pass_time(self, seconds: float) -> None:
            self.outbox += self.held
            self.held.clear()
            super().pass_time(seconds)

    port = Watcher()
    result = run(port, BIG + b"tail", ack=True, chunk_bytes=300)
    assert result.verified
    assert port.acks_sent == result.acks == 4
    assert port.early == 0


def test_acks_on_lines_of_their_own_count_too() -> None:
    port = QfuplPeer()
    port.ack_text = b"\r\nA\r\n"
    result = run(port, BIG, ack=True)
    assert (result.verified, result.acks) == (True, 4)


def test_an_ack_that_never_comes_ends_with_the_devices_own_time_out() -> None:
    port = QfuplPeer()
    port.acks_until = 2
    result = run(port, BIG, ack=True)
    assert port.acks_sent == 2
    assert result.sent_bytes == 3072
    assert result.problems == [
        "sent 3072 of 4096 bytes, then stopped: the module left data mode",
        "the module ended the upload with +CME ERROR: 421 (time out)",
        "module lists 3072 of 4096 bytes: 1024 are missing",
    ]


def test_an_ack_that_never_comes_from_a_device_that_waits_for_ever() -> None:
    port = QfuplPeer()
    port.acks_until = 1
    port.silent_when_idle = True
    result = run(port, BIG, ack=True)
    assert result.problems == [
        "sent 2048 of 4096 bytes, then stopped: no `A` came for the block that ends at byte 2048",
        "no summary came: the module waits for more bytes",
        "module reports 2048 of 4096 bytes: 2048 are missing",
    ]
    assert result.listed_bytes == 2048
    assert port.mode == "command"


# bytes that are lost


def test_lost_bytes_are_named_after_the_devices_time_out() -> None:
    port = QfuplPeer()
    port.lost = set(range(600, 645))
    result = run(port)
    assert port.files["ca.pem"] == AMAZON[:600] + AMAZON[645:]
    assert result.problems == [
        "the module ended the upload with +CME ERROR: 421 (time out)",
        "module lists 1143 of 1188 bytes: 45 are missing",
    ]
    assert (result.sent_bytes, result.reported_bytes, result.listed_bytes) == (1188, None, 1143)


def test_lost_bytes_without_a_time_out_come_out_by_the_escape() -> None:
    port = QfuplPeer()
    port.lost = {7}
    port.silent_when_idle = True
    result = run(port)
    assert result.problems == [
        "no summary came: the module waits for more bytes",
        "module reports 1187 of 1188 bytes: 1 is missing",
    ]
    assert port.mode == "command"


def test_a_device_that_stays_in_data_mode_is_left_with_a_word() -> None:
    port = QfuplPeer()
    port.lost = set(range(7, 27))
    port.silent_when_idle = port.deaf_to_escape = True
    result = run(port)
    assert result.problems[-1] == "no summary came, and +++ had no answer: still in data mode?"
    assert port.mode == "data"


class RestartingPeer(QfuplPeer):
    """Its power goes after 100 bytes; what comes until it is there again, is lost."""

    cut_at_s = 0.0

    def store(self, byte: int) -> None:
        super().store(byte)
        if len(self.files[self.name]) == 100:
            self.mode, self.cut_at_s = "off", self.now_s

    def pass_time(self, seconds: float) -> None:
        super().pass_time(seconds)
        if self.mode == "off" and self.now_s - self.cut_at_s > 5:
            self.mode = "command"


def test_a_device_that_restarted_is_told_from_one_in_data_mode() -> None:
    port = RestartingPeer()
    result = run(port)
    assert result.problems == [
        "no summary came, and the module is in command mode: it may have restarted"
    ]
    assert port.mode == "command"


def test_a_summary_that_our_own_probe_completes_is_no_restart() -> None:
    port = QfuplPeer()
    port.lost = {7}
    port.silent_when_idle = port.deaf_to_escape = True
    result = run(port)
    assert result.problems == ["no summary came, and +++ had no answer: still in data mode?"]
    assert port.files["ca.pem"] == AMAZON[:7] + AMAZON[8:] + b"A"


def test_changed_bytes_are_told_by_the_checksum() -> None:
    port = QfuplPeer()
    port.summary_checksum_xor = 0x0100
    result = run(port)
    assert result.problems == [
        "module reports checksum 2c13, the file has 2d13: the size is right, the bytes are not"
    ]
    assert not result.verified


def test_a_checksum_with_leading_zeros_is_the_same_checksum() -> None:
    port = QfuplPeer()

    def padded(text: str) -> None:
        port.outbox += f"\r\n{text.replace(',0', ',0000')}\r\n".encode()

    port.say = padded  # type: ignore[method-assign]
    result = run(port, b"ABAB")
    assert checksum_text(0) == result.reported_checksum == "0"
    assert result.verified


def test_a_listing_that_disagrees_is_a_problem() -> None:
    port = QfuplPeer()
    port.answers["AT+QFLST"] = '+QFLST: "ca.pem",1000\r\n\r\nOK'
    assert run(port).problems == ["module lists 1000 of 1188 bytes: 188 are missing"]


def test_a_listing_without_the_prefix_is_the_same_file() -> None:
    port = QfuplPeer()
    port.answers["AT+QFLST"] = '+QFLST: "ca.pem",1188\r\n\r\nOK'
    assert run(port).verified


def test_a_file_that_is_not_listed_is_a_problem() -> None:
    port = QfuplPeer()
    port.answers["AT+QFLST"] = "+CME ERROR: 405"
    assert run(port).problems == [
        "the module does not list UFS:ca.pem: +CME ERROR: 405 (file not found)"
    ]


def test_an_ok_without_a_summary_is_a_problem() -> None:
    port = QfuplPeer()

    def mute(text: str) -> None:
        port.outbox += b"" if text.startswith("+QFUPL") else f"\r\n{text}\r\n".encode()

    port.say = mute  # type: ignore[method-assign]
    assert run(port).problems == ["the module said OK without `+QFUPL: <size>,<checksum>`"]


# refusals and silences


def test_a_refusal_is_explained_and_no_byte_is_sent() -> None:
    port = QfuplPeer()
    port.answers["AT+QFUPL"] = "+CME ERROR: 423"
    result = run(port)
    assert result.problems == ["the module refused the upload: +CME ERROR: 423 (file too large)"]
    assert payload_writes(port) == []
    assert not result.connected


def test_no_connect_leaves_data_mode_just_in_case() -> None:
    port = QfuplPeer()
    port.answers["AT+QFUPL"] = ""
    assert run(port).problems == ["no CONNECT came after AT+QFUPL"]
    assert port.writes[-1] == b"+++"


def test_a_late_connect_is_waited_for() -> None:
    port = QfuplPeer()
    port.create_s = 3.0
    assert run(port).verified
    assert port.eaten == b""


def test_no_answer_at_all() -> None:
    port = QfuplPeer()
    port.answers["AT"] = ""
    assert run(port).problems == [
        "no answer to AT at 115200 baud: is it on, and is the rate right?"
    ]
    assert b"+++" in port.writes


def test_a_device_left_in_data_mode_is_brought_back() -> None:
    port = QfuplPeer()
    port.stuck_in_data_mode("old", 100_000)
    result = run(port)
    assert result.verified
    assert result.notes == ["the module was still in data mode: +++ ended that"]
    assert port.files["old"].startswith(b"AT\r")  # our first attempts were file data


def test_flow_control_refused() -> None:
    port = QfuplPeer()
    port.answers["AT+IFC"] = "ERROR"
    assert run(port, rtscts=True).problems == [
        "the module refused AT+IFC=2,2: ERROR; "
        "this one may not have AT+IFC: leave --flow rtscts out then"
    ]


def test_silence_after_flow_control() -> None:
    class DeafAfterIfc(QfuplPeer):
        def hear(self, line: str) -> None:
            if "AT+IFC=2,2" not in self.commands:
                super().hear(line)

    assert run(DeafAfterIfc(), rtscts=True).problems == ["no answer any more after AT+IFC=2,2"]


def test_silence_after_delete() -> None:
    port = QfuplPeer()
    port.answers["AT+QFDEL"] = ""
    assert run(port).problems == ["no answer to AT+QFDEL"]


def test_a_device_that_gives_up_early_is_not_flooded() -> None:
    class DiskFails(QfuplPeer):
        def store(self, byte: int) -> None:
            super().store(byte)
            if self.offset == 1500:
                self.mode = "command"
                self.say("+CME ERROR: 409")

    port = DiskFails()
    result = run(port, BIG)
    assert result.sent_bytes == 2048
    assert result.problems == [
        "sent 2048 of 4096 bytes, then stopped: the module left data mode",
        "the module ended the upload with +CME ERROR: 409 (fail to write the file)",
        "module lists 1500 of 4096 bytes: 2596 are missing",
    ]


# mistakes


def test_not_waiting_for_connect_where_the_device_is_quick() -> None:
    port = QfuplPeer()
    result = run(port, AMAZON, Mistake.NO_WAIT_CONNECT)
    assert result.connected
    assert result.verified


def test_not_waiting_for_connect_loses_what_comes_before_it() -> None:
    port = QfuplPeer()
    port.create_s = 0.2
    result = run(port, AMAZON, Mistake.NO_WAIT_CONNECT)
    assert port.eaten == AMAZON
    assert result.connected
    assert result.problems == [
        "the module ended the upload with +CME ERROR: 421 (time out)",
        "module lists 0 of 1188 bytes: 1188 are missing",
    ]


def test_not_waiting_for_connect_with_acks() -> None:
    port = QfuplPeer()
    result = run(port, BIG, Mistake.NO_WAIT_CONNECT, ack=True)
    assert (result.verified, result.connected, result.acks) == (True, True, 4)


def test_not_waiting_for_connect_meets_the_refusal_later() -> None:
    port = QfuplPeer()
    port.answers["AT+QFUPL"] = "+CME ERROR: 407"
    result = run(port, AMAZON, Mistake.NO_WAIT_CONNECT)
    assert result.problems == [
        "the module refused the upload: +CME ERROR: 407 (file already existed)"
    ]
    assert result.sent_bytes == 1188


def test_ignoring_the_acks_streams_on() -> None:
    port = QfuplPeer()
    result = run(port, BIG, Mistake.IGNORE_ACK, chunk_bytes=3000)
    assert b'AT+QFUPL="UFS:ca.pem",4096,5,1\r' in port.writes
    assert [len(data) for data in payload_writes(port)] == [3000, 1096]
    assert (result.verified, result.acks) == (True, 4)


def test_println_sends_more_than_it_declared() -> None:
    port = QfuplPeer()
    result = run(port, AMAZON, Mistake.PRINTLN)
    printed = AMAZON.replace(b"\n", b"\r\n")
    assert b"".join(payload_writes(port)) == printed
    assert port.files["ca.pem"] == printed[:1188]
    assert result.sent_bytes == 1208
    assert result.reported_bytes == result.listed_bytes == 1188
    assert len(result.problems) == 1
    assert "the size is right, the bytes are not" in result.problems[0]


def test_a_size_too_small_cuts_the_file() -> None:
    port = QfuplPeer()
    result = run(port, declared_bytes=1000)
    assert port.files["ca.pem"] == AMAZON[:1000]
    assert result.sent_bytes == 1188
    assert result.problems == ["module reports 1000 of 1188 bytes: 188 are missing"]


def test_a_size_too_large_keeps_the_device_waiting() -> None:
    port = QfuplPeer()
    result = run(port, declared_bytes=1300)
    assert port.files["ca.pem"] == AMAZON
    assert result.problems == ["the module ended the upload with +CME ERROR: 421 (time out)"]


def test_no_delete_meets_the_old_file() -> None:
    port = QfuplPeer()
    port.files["ca.pem"] = b"old"
    result = run(port, AMAZON, Mistake.NO_DELETE)
    assert result.problems == [
        "the module refused the upload: +CME ERROR: 407 (file already existed)"
    ]
    assert port.files == {"ca.pem": b"old"}


def test_no_verify_believes_that_all_is_well() -> None:
    port = QfuplPeer()
    port.lost = {7}
    result = run(port, AMAZON, Mistake.NO_VERIFY)
    assert result.ok
    assert not result.verified
    assert port.files["ca.pem"] == AMAZON[:7] + AMAZON[8:] + b"A"  # the A of its next AT
    assert result.reported_bytes is None


def test_no_verify_whose_next_command_ends_up_in_the_file() -> None:
    port = QfuplPeer()
    port.lost = set(range(100, 200))
    result = run(port, AMAZON, Mistake.NO_VERIFY)
    assert result.ok
    assert port.files["ca.pem"].endswith(b"-----\nAT\r")
    assert result.notes == [
        "the next command, AT, had no answer: is the module storing it in the file?"
    ]


# the port, and Ctrl-C


def test_a_port_that_takes_no_more_bytes() -> None:
    port = QfuplPeer()
    port.write_fails_after = 2000
    result = run(port, BIG)
    assert result.sent_bytes == 2048
    assert result.problems == [
        "the port takes no more bytes: flow control holds them back, or nobody reads them "
        "(after 2048 of 4096 bytes)"
    ]
    assert port.forgotten_output == 1  # or closing the port would wait for them


def test_a_port_that_goes_away() -> None:
    port = QfuplPeer()
    port.goes_away_after = 2000
    result = run(port, BIG)
    assert len(result.problems) == 1
    assert result.problems[0].startswith("the port went away: ")


def test_interrupted_in_data_mode_leaves_it() -> None:
    port = QfuplPeer()
    port.interrupt_after = 2000
    with pytest.raises(Interrupted, match=r"left data mode; UFS:ca\.pem there is incomplete"):
        run(port, BIG)
    assert port.interrupt_after > 2000  # it did fire
    assert port.forgotten_output == 1
    assert port.writes[-1] == b"+++"
    assert port.mode == "command"


def test_interrupted_in_data_mode_that_cannot_be_left() -> None:
    port = QfuplPeer()
    port.interrupt_after = 2000
    port.silent_when_idle = port.deaf_to_escape = True
    with pytest.raises(Interrupted, match="by itself after 5 s of silence"):
        run(port, BIG)
    assert port.mode == "data"


def test_interrupted_before_the_upload() -> None:
    port = QfuplPeer()
    port.interrupt_after = 1
    with pytest.raises(Interrupted, match="in command mode"):
        run(port)
    assert b"+++" not in port.writes


def test_interrupted_with_a_port_that_is_gone() -> None:
    class GoneAtTheEnd(QfuplPeer):
        def reset_output_buffer(self) -> None:
            self.goes_away_after = 0

    port = GoneAtTheEnd()
    port.interrupt_after = 2000
    with pytest.raises(Interrupted, match="the port went away"):
        run(port, BIG)
