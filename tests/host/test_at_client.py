"""The AT client: replies as devices frame them, and waits that end."""

import pytest
import serial

from quecsim.host.at_client import AtClient, Patience, PortError, Reply
from tests.host.peer import Peer
from tests.host.qfupl_peer import QfuplPeer


class Script(QfuplPeer):
    """Answers the nth write with the nth text, whatever was written."""

    def __init__(self, *answers: bytes) -> None:
        super().__init__()
        self.script = list(answers)

    def take(self, data: bytes) -> None:
        if self.script:
            self.outbox += self.script.pop(0)


def ask(answer: bytes, command: str = "AT+QFLDS") -> Reply:
    return AtClient(Script(answer)).command(command)


@pytest.mark.parametrize(
    ("answer", "lines", "final"),
    [
        (b"\r\nOK\r\n", (), "OK"),
        (b"\r\nERROR\r\n", (), "ERROR"),
        (b"\r\n+CME ERROR: 407\r\n", (), "+CME ERROR: 407"),
        (b"\r\n+CMS ERROR: 500\r\n", (), "+CMS ERROR: 500"),
        (b"\r\n+QFLDS: 1,2\r\n\r\nOK\r\n", ("+QFLDS: 1,2",), "OK"),
        (b"\r\n+QFLDS: 1,2\r\nOK\r\n", ("+QFLDS: 1,2",), "OK"),  # no empty line between
        (b"AT+QFLDS\r\r\n+QFLDS: 1,2\r\n\r\nOK\r\n", ("+QFLDS: 1,2",), "OK"),  # echo
        (b"AT+QFLDS\r\n\r\nOK\r\n", (), "OK"),  # echo of CR and LF
    ],
)
def test_a_reply_ends_at_its_final_result(
    answer: bytes, lines: tuple[str, ...], final: str
) -> None:
    reply = ask(answer)
    assert (reply.lines, reply.final) == (lines, final)
    assert reply.ok == (final == "OK")


def test_a_command_is_written_with_cr_alone_in_one_write() -> None:
    port = Script(b"\r\nOK\r\n")
    AtClient(port).command("AT+QFLDS")
    assert port.writes == [b"AT+QFLDS\r"]


def test_urcs_in_between_are_passed_over() -> None:
    reply = ask(b'\r\n+QIND: "csq",20,99\r\n\r\n+QFLDS: 1,2\r\n\r\n+CREG: 1\r\n\r\nOK\r\n')
    assert reply.ok
    assert reply.info("+QFLDS:") == ["1,2"]


def test_what_was_said_before_the_command_is_no_reply_to_it() -> None:
    port = Script(b"\r\nERROR\r\n")
    port.outbox += b"\r\nRDY\r\n\r\nOK\r\n"
    assert AtClient(port).command("AT+X").final == "ERROR"


def test_connect_leaves_the_bytes_behind_it_unread() -> None:
    port = Script(b"\r\nCONNECT\r\nA\r\n+QFUPL: 1,4100\r\n")
    client = AtClient(port)
    assert client.command("AT+QFUPL").connected
    client.receive_waiting()
    assert client.received == b"A\r\n+QFUPL: 1,4100\r\n"


def test_no_answer_ends_after_the_time_out_in_the_ports_own_time() -> None:
    port = Script()
    reply = AtClient(port).command("AT", 2.0)
    assert (reply.final, reply.explained) == ("", "no answer")
    assert port.now_s == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("flood", [b"x" * 9_000, b"\r\nRDY\r\n" * 5_000])
def test_a_device_that_never_ends_is_cut_off(flood: bytes) -> None:
    class Endless(Script):
        def read(self, size: int = 1, /) -> bytes:
            self.outbox += flood
            return super().read(size)

    assert AtClient(Endless()).command("AT", 1.0).final == ""


def test_bytes_that_are_no_text_are_borne() -> None:
    assert ask(b"\xff\x00\x81\r\n\r\nOK\r\n").ok


def test_patience_counts_the_clock_too() -> None:
    assert Patience(0).over
    patience = Patience(1000)
    assert not patience.over
    patience.spend(1000)
    assert patience.over


def test_sync_tries_again_and_asks_for_words() -> None:
    port = Script(b"", b"0\r", b"\r\nOK\r\n")
    assert AtClient(port).sync()
    assert port.writes == [b"AT\r", b"ATQ0V1\r", b"AT\r"]


def test_sync_gives_up() -> None:
    port = Script()
    assert not AtClient(port).sync(attempts=3)
    assert len(port.writes) == 3


def test_settling_drops_what_comes_until_the_device_is_quiet() -> None:
    port = Peer()
    for nth in range(1, 5):
        port.say_in(nth * 0.4, "ERROR")
    client = AtClient(port)
    client.settle()
    assert 2.0 <= port.now_s < 2.3
    assert not client.received
    assert not port.outbox
    assert not port.later


def test_settling_ends_with_a_device_that_never_stops() -> None:
    port = Peer()
    for nth in range(1000):
        port.say_in(nth * 0.2, "RDY")
    AtClient(port).settle()
    assert 4.0 < port.now_s < 10


def test_leaving_data_mode_keeps_silent_first_and_reads_the_summary() -> None:
    port = QfuplPeer()
    port.stuck_in_data_mode("x", 100)
    port.write(b"AB")
    reply = AtClient(port, sleep=port.sleep).leave_data_mode()
    assert reply.info("+QFUPL:") == ["2,4142"]
    assert reply.ok
    assert port.now_s >= 1.0


def test_leaving_data_mode_waits_for_the_backlog_to_be_on_the_wire() -> None:
    port = Script()
    port.baudrate = 1200
    slept: list[float] = []
    AtClient(port, sleep=slept.append).leave_data_mode(backlog_bytes=1200)
    assert slept == [pytest.approx(1.1 + 12.0)]


@pytest.mark.parametrize(
    ("final", "explained"),
    [
        ("+CME ERROR: 407", "+CME ERROR: 407 (file already existed)"),
        ("+CME ERROR: 9999", "+CME ERROR: 9999"),
        ("+CME ERROR: no space", "+CME ERROR: no space"),
        ("ERROR", "ERROR"),
        ("", "no answer"),
    ],
)
def test_explained_adds_what_a_number_means(final: str, explained: str) -> None:
    assert Reply("AT", (), final).explained == explained


def test_a_device_may_have_other_meanings() -> None:
    reply = Reply("AT", (), "+CME ERROR: 4012")
    assert reply.cme == 4012
    assert reply.explain({4012: "delete it first"}) == "+CME ERROR: 4012 (delete it first)"


def test_a_connect_with_a_count_is_followed_by_data() -> None:
    port = Script(b"\r\nCONNECT 5\r\n\nOK\r\n\r\nOK\r\n")
    client = AtClient(port)
    reply = client.command("AT+QFREAD=1,5")
    assert (reply.connected, reply.final) == (True, "CONNECT 5")
    assert client.read_data(5, Patience(1)) == b"\nOK\r\n"
    assert client.finish("AT+QFREAD=1,5", 1).ok


def test_data_that_does_not_come_is_waited_for_and_no_longer() -> None:
    port = Script(b"CONNECT 5\r\nab")
    client = AtClient(port)
    client.command("AT+QFREAD=1,5")
    assert client.read_data(5, Patience(2.0)) == b"ab"
    assert 2.0 <= port.now_s < 2.2


def test_a_port_that_is_held_back_or_gone_says_so() -> None:
    port = QfuplPeer()
    port.write_fails_after = 0
    with pytest.raises(PortError, match="takes no more bytes"):
        AtClient(port).command("AT")
    port.goes_away_after = 0
    with pytest.raises(PortError, match="went away"):
        AtClient(port).command("AT")


def test_a_port_that_fails_while_reading_says_so() -> None:
    class Unplugged(QfuplPeer):
        def read(self, size: int = 1, /) -> bytes:
            raise serial.SerialException("device reports readiness to read but returned no data")

    with pytest.raises(PortError, match="went away: device reports"):
        AtClient(Unplugged()).command("AT")


def test_forgetting_output_never_fails() -> None:
    class Gone(QfuplPeer):
        def reset_output_buffer(self) -> None:
            raise RuntimeError("termios.error is not an OSError")

    AtClient(Gone()).forget_output()
    port = QfuplPeer()
    AtClient(port).forget_output()
    assert port.forgotten_output == 1
