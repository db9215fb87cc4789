"""The FTP server, command by command: what it says, what it keeps, what goes wrong on demand."""

from typing import Any

import pytest

from quecsim.border import Why
from quecsim.peers.ftp_server import FtpServer
from quecsim.peers.ftp_settings import FtpFile, FtpSettings, FtpTrouble
from quecsim.peers.service import Caller, Dial, ManyPorts, Securable, Service, SlowReader
from quecsim.units import MS, S
from tests.peers.ftp_talk import InProcess, Talk

FILES = {"/a.txt": FtpFile(text="one\ntwo\n"), "/fw/new.bin": FtpFile(drawn_bytes=200_000)}
DRAWN = FILES["/fw/new.bin"].data(0, "/fw/new.bin")


def server(*, has_tls: bool = False, **settings: Any) -> FtpServer:
    return FtpServer(FtpSettings(**{"files": FILES, **settings}), has_tls=has_tls)


def talk(**settings: Any) -> Talk:
    return Talk(InProcess(server(**settings))).log_in()


def trouble(**values: Any) -> dict[str, Any]:
    return {"trouble": (FtpTrouble(**values),)}


def place_of(client: Talk) -> InProcess:
    assert isinstance(client.place, InProcess)
    return client.place


def after(client: Talk, duration_ns: int) -> None:
    place = place_of(client)
    place.wait_until(place.now_ns + duration_ns)


def test_it_is_all_kinds_of_service() -> None:
    one = server()
    service: Service = one
    for kind in (SlowReader, ManyPorts, Securable, Caller):
        assert isinstance(service, kind)


def test_byte_for_byte() -> None:
    one = server(welcome="one\ntwo")
    one.connect(0, 7)
    assert one.take_output() == [(7, b"220-one\r\n220 two\r\n")]
    one.receive(1, 7, b"USER me\r\nPASS ")
    assert one.take_output() == [(7, b"331 And the password?\r\n")]
    one.receive(2, 7, b"x\r\nPASV\r\nRETR a.txt\r\n")
    assert one.take_output({7: 11}) == [(7, b"230 Come in")]
    assert one.take_output({7: 100}) == [
        (7, b".\r\n227 Entering Passive Mode (192,0,2,10,195,80).\r\n")
    ]
    assert set(one.ports) == {50_000}
    one.connect_at(3, 8, 50_000)
    assert not one.ports
    assert one.take_output({7: 100, 8: 5}) == [(7, b"150 Here it comes.\r\n"), (8, b"one\nt")]
    assert one.take_output({7: 100}) == []
    assert one.take_output({7: 100, 8: 5}) == [
        (8, b"wo\n"),
        (8, Why.FIN),
        (7, b"226 All is there.\r\n"),
    ]
    one.receive(4, 8, b"late")
    one.receive(5, 7, b"QUIT\r\nNOOP\r\n")
    assert one.take_output() == [(7, b"221 Goodbye.\r\n"), (7, Why.FIN)]
    assert one.deadline_ns() is None


# who may come in


@pytest.mark.parametrize(
    ("settings", "user", "password", "code"),
    [
        ({}, "anybody", "", 230),
        ({"users": {"me": "x"}}, "me", "x", 230),
        ({"users": {"me": "x"}}, "me", "X", 530),
        ({"users": {"me": "x"}}, "you", "x", 530),
        ({"users": {"me": "x"}}, "anonymous", "x@y", 530),
        ({"users": {"me": "x"}, "anonymous": True}, "anonymous", "x@y", 230),
        ({"users": {"me": "x"}, "anonymous": True}, "ftp", "", 230),
    ],
)
def test_users(settings: dict[str, Any], user: str, password: str, code: int) -> None:
    client = Talk(InProcess(server(**settings)))
    assert client.asks(f"USER {user}") == 331
    assert client.asks(f"PASS {password}") == code
    assert client.asks("PWD") == (257 if code == 230 else 530)


def test_too_many_connections() -> None:
    place = InProcess(server(connections=1))
    first, second = Talk(place), Talk(place)
    assert second.greeting.startswith("421")
    assert second.reply() == ""
    assert first.asks("QUIT") == 221
    assert first.reply() == ""
    assert Talk(place).greeting.startswith("220")


def test_who_says_nothing_is_sent_away() -> None:
    client = talk(idle_ms=5000)
    after(client, 4 * S)
    assert client.asks("NOOP") == 200
    assert client.code() == 421
    assert client.reply() == ""
    assert place_of(client).now_ns == 9 * S


# what can be changed


def test_nobody_changes_anything() -> None:
    client = talk(read_only=True)
    for command in ("DELE a.txt", "MKD new", "RMD fw"):
        assert client.asks(command) == 550
    assert client.put("STOR new", b"x") == 550
    assert client.put("APPE a.txt", b"x") == 550
    assert client.asks("RNFR a.txt") == 350
    assert client.asks("RNTO b.txt") == 550
    assert client.fetch("RETR a.txt") == (b"one\ntwo\n", 226)


def test_what_nobody_may_use() -> None:
    client = talk(denied=("/fw", "/new"))
    for command in ("CWD fw", "SIZE fw/new.bin", "DELE fw/new.bin", "RNFR fw"):
        assert client.asks(command) == 550
    assert client.fetch("RETR fw/new.bin") == (b"", 550)
    assert client.put("STOR new", b"x") == 553
    assert client.put("STOR fw/x", b"x") == 553
    assert client.lines("NLST") == ["a.txt", "fw"]


@pytest.mark.parametrize("code", [452, 552])
def test_a_full_disk(code: int) -> None:
    one = server(quota_bytes=200_100, full_code=code)
    client = Talk(InProcess(one)).log_in()
    assert client.put("STOR new", b"x" * 92) == 226
    assert client.put("STOR more", b"y" * 50) == code
    assert client.put("APPE new", b"z") == code
    assert client.put("STOR more", b"") == 226
    assert client.asks("DELE fw/new.bin") == 250
    assert client.put("STOR more", b"y" * 50) == 226
    assert one.files["/new"] == b"x" * 92


def test_a_disk_that_is_full_in_the_middle() -> None:
    one = server(files={}, quota_bytes=10)
    client = Talk(InProcess(one)).log_in()
    line = client.begin("STOR new")
    line.write(b"0123456")
    line.write(b"789abc")
    assert line.read() == b""
    assert client.code() == 552
    assert one.files == {"/new": b"0123456789"}


def test_too_many_files() -> None:
    client = talk(most_files=4)  # the folder is one
    assert client.asks("MKD x") == 257
    assert client.asks("MKD y") == 552
    assert client.put("STOR y", b"x") == 552
    assert client.asks("RMD x") == 250
    assert client.put("STOR y", b"x") == 226


# transfers


def test_text() -> None:
    one = server(ascii=True)
    client = Talk(InProcess(one)).log_in()
    assert client.asks("TYPE A") == 200
    assert client.fetch("RETR a.txt") == (b"one\r\ntwo\r\n", 226)
    line = client.begin("STOR b.txt")
    for piece in (b"a\r", b"\nb\r\nc\r", b"d\n\r"):
        line.write(piece)
    line.close()
    assert client.code() == 226
    assert one.files["/b.txt"] == b"a\nb\nc\rd\n\r"


def test_text_that_is_left_alone() -> None:
    client = talk()
    assert client.asks("TYPE A") == 200
    assert client.fetch("RETR a.txt") == (b"one\ntwo\n", 226)


def test_no_place_for_data() -> None:
    client = talk()
    assert client.asks("RETR a.txt") == 425
    assert client.fetch("RETR a.txt") == (b"one\ntwo\n", 226)
    assert client.asks("RETR a.txt") == 425


def test_a_failure_takes_the_place_along() -> None:
    client = talk()
    port = client.passive()
    assert client.asks("RETR no") == 550
    assert port not in place_of(client).server.ports
    assert client.asks("RETR a.txt") == 425


def test_the_client_does_not_come() -> None:
    client = talk(data_wait_ms=2000)
    client.passive()
    assert client.asks("RETR a.txt") == 425
    assert place_of(client).now_ns == 2 * S
    assert not place_of(client).server.ports


def test_the_client_sends_nothing() -> None:
    client = talk(data_idle_ms=3000)
    line = client.begin("STOR new")
    line.write(b"x")
    after(client, 2 * S)
    line.write(b"y")
    assert client.code() == 426
    assert place_of(client).now_ns == 5 * S
    assert line.read() == b""


def test_the_client_does_not_take_what_it_wanted() -> None:
    client = talk(data_idle_ms=3000)
    line = client.begin("RETR fw/new.bin")
    assert client.code() == 426
    taken = b""
    while piece := line.read():
        taken += piece
    assert taken == DRAWN[: 1 << 16]


def test_data_that_comes_before_the_command() -> None:
    one = server()
    client = Talk(InProcess(one)).log_in()
    line = client.place.open(client.passive())
    line.write(b"early")
    line.close()
    assert client.asks("STOR new") == 150
    assert client.code() == 226
    assert one.files["/new"] == b"early"


def test_more_data_than_anybody_wanted() -> None:
    client = talk(bytes_per_s=1000)
    line = client.begin("STOR new")
    line.write(bytes(1 << 19))
    assert place_of(client).server.unread(2) == 1 << 19
    line.write(bytes((1 << 19) + 1))
    assert client.code() == 426
    assert line.read() == b""


def test_a_call_that_is_not_taken() -> None:
    client = talk()
    assert client.asks("PORT 127,0,0,1,156,65") == 200
    assert client.asks("RETR a.txt") == 425


def test_a_call_rings_before_it_is_taken() -> None:
    """A device's program may wait for 150 before it takes the call: TCP has taken it already."""
    one = server()
    one.connect(0, 1)
    one.receive(0, 1, b"USER a\r\nPASS b\r\nPORT 10,0,0,1,100,0\r\nRETR a.txt\r\n")
    one.take_output()
    assert one.take_dials(1) == [Dial(1, 25_600, ("192.0.2.10", 20))]
    assert one.take_output() == [(1, b"150 Here it comes.\r\n")]
    one.answered(2, 1, 5)
    assert one.take_output() == [
        (5, b"one\ntwo\n"),
        (5, Why.FIN),
        (1, b"226 All is there.\r\n"),
    ]


def test_a_call_that_is_taken_too_late() -> None:
    one = server(data_wait_ms=1000)
    one.connect(0, 1)
    one.receive(0, 1, b"USER a\r\nPASS b\r\nPORT 10,0,0,1,100,0\r\nRETR a.txt\r\n")
    (dial,) = one.take_dials(1)
    one.advance(S)
    one.take_output()
    one.answered(2 * S, dial.key, 5)
    assert one.take_output() == [(5, Why.RESET)]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("PORT 1,2,3,4,5", 501),
        ("PORT 1,2,3,4,0,80", 501),
        ("PORT 1,2,3,4,256,0", 501),
        ("PORT a,b,c,d,e,f", 501),
        ("EPRT |1|1.2.3.4|5000|", 200),
        ("EPRT |2|::1|5000|", 200),
        ("EPRT |3|x|5000|", 522),
        ("EPRT |1|1.2.3.4|80|", 501),
        ("EPRT 1", 501),
        ("EPSV 1", 229),
        ("EPSV 2", 522),
        ("REST x", 501),
        ("REST 99999999999999999999999999", 501),
        ("REST -1", 501),
        ("TYPE E", 504),
        ("TYPE L 8", 200),
        ("OPTS UTF8 ON", 200),
        ("OPTS MLST type;", 200),
        ("OPTS X", 501),
        ("STOR", 501),
        ("AUTH TLS", 502),
        ("PBSZ 0", 503),
        ("PROT P", 503),
        ("STAT", 211),
        ("HELP", 214),
        ("MLST a.txt", 250),
        ("MLST no", 550),
        ("MLSD a.txt", 550),
        ("LIST no", 550),
        ("STAT fw", 213),
        ("RNTO x", 503),
        ("RMD /", 550),
        ("DELE /", 550),
        ("MKD ..", 550),
        ("RNFR /", 350),
    ],
)
def test_codes(command: str, code: int) -> None:
    assert talk().asks(command) == code


def test_epsv_alone() -> None:
    client = talk()
    assert client.asks("EPSV ALL") == 200
    for command in ("PASV", "PORT 1,2,3,4,5,6", "EPRT |1|1.2.3.4|5000|"):
        assert client.asks(command) == 501
    assert client.fetch("RETR a.txt", "EPSV") == (b"one\ntwo\n", 226)


def test_ipv6() -> None:
    client = Talk(InProcess(FtpServer(FtpSettings(files=FILES), address="2001:db8::1"))).log_in()
    assert client.asks("PASV") == 522
    assert client.asks("EPSV 1") == 522
    assert client.asks("EPSV 2") == 229


def test_lists_and_facts() -> None:
    client = talk(folders=("/empty/deep",))
    assert client.lines("MLSD") == [
        "type=file;size=8;modify=20260601000000; a.txt",
        "type=dir;modify=20260601000000; empty",
        "type=dir;modify=20260601000000; fw",
    ]
    assert client.say("MLST fw/new.bin") == (
        "250-Facts:\n type=file;size=200000;modify=20260601000000; /fw/new.bin\n250 That is all."
    )
    assert client.say("STAT fw").split("\n")[1] == (
        "-rw-r--r--    1 ftp      ftp        200000 Jun 01 00:00 new.bin"
    )


def test_a_new_file_has_the_time_at_which_it_came() -> None:
    client = talk()
    after(client, 90 * S)
    client.put("STOR new", b"x")
    assert client.say("MDTM new") == "213 20260601000130"
    assert client.say("MDTM a.txt") == "213 20260601000000"


def test_moving() -> None:
    one = server(folders=("/to",))
    client = Talk(InProcess(one)).log_in()

    def move(old: str, new: str) -> int:
        assert client.asks(f"RNFR {old}") == 350
        return client.asks(f"RNTO {new}")

    assert move("a.txt", "to/b.txt") == 250
    assert move("to", "fw/to") == 250
    assert move("fw", "fw/to/x") == 553
    assert move("fw/new.bin", "fw/to") == 553
    assert move("fw/new.bin", "fw/to/b.txt") == 250
    assert one.files == {"/fw/to/b.txt": DRAWN}
    assert move("fw/to", "fw/to") == 250


def test_a_file_that_goes_while_it_is_written() -> None:
    """What is written to it then goes nowhere, and takes no room."""
    one = server(files={}, quota_bytes=10)
    writer, other = Talk(InProcess(one)).log_in(), None
    line = writer.begin("STOR new")
    line.write(b"0123456789")
    other = Talk(writer.place).log_in()
    assert other.asks("DELE new") == 250
    line.write(b"more than there is room for")
    line.close()
    assert writer.code() == 226
    assert one.files == {}
    assert other.put("STOR new", b"0123456789") == 226


def test_commands_wait_for_a_transfer() -> None:
    client = talk(bytes_per_s=100_000)
    line = client.begin("RETR fw/new.bin")
    client.write("NOOP")
    client.write("STAT")
    place_of(client).collect()
    assert len(client.line._place._waiting) == 2  # type: ignore[attr-defined]
    after(client, S)
    while line.read():
        pass
    assert [client.code() for _ in range(2)] == [226, 200]
    assert client.code() == 211
    assert place_of(client).now_ns == 2 * S


def test_how_far_it_is() -> None:
    client = talk(bytes_per_s=100_000)
    line = client.begin("STOR new")
    line.write(b"x" * 60_000)
    after(client, S // 2)
    assert client.say("STAT") == "213 50000 bytes have come."
    assert place_of(client).server.unread(2) == 10_000
    line.close()
    assert client.code() == 226
    assert place_of(client).now_ns == 600 * MS


# TLS


def test_auth() -> None:
    client = Talk(InProcess(server(has_tls=True)))
    assert client.asks("AUTH KERBEROS") == 504
    client.secure()
    assert client.asks("AUTH TLS") == 503
    client.log_in()
    assert client.asks("PROT S") == 536
    client.protect()
    assert client.fetch("RETR a.txt") == (b"one\ntwo\n", 226)
    assert client.asks("PROT C") == 200
    client.is_private = False
    assert client.fetch("RETR a.txt") == (b"one\ntwo\n", 226)


@pytest.mark.parametrize(
    "more", [["AUTH TLS\r\nNOOP\r\n"], ["AUTH TLS\r\nNO"], ["AUTH TLS\r\n", "x"]]
)
def test_what_comes_before_the_handshake_ends_it(more: list[str]) -> None:
    one = server(has_tls=True)
    one.connect(0, 1)
    one.take_output()
    for piece in more:
        one.receive(1, 1, piece.encode())
    output = one.take_output()
    assert output[-1] == (1, Why.RESET)
    one.secured(2, 1)
    one.receive(3, 1, b"NOOP\r\n")
    assert one.take_output() == []


def test_tls_that_does_not_come() -> None:
    client = Talk(InProcess(server(has_tls=True, data_wait_ms=1000)))
    client.secure()
    client.log_in()
    client.protect()
    client.is_private = False
    client.begin("RETR a.txt")
    assert client.code() == 425
    line = client.begin("RETR a.txt")
    line.close()
    assert client.code() == 522


# trouble


def test_a_wrong_address() -> None:
    client = talk(pasv_address="10.1.2.3")
    assert client.say("PASV").startswith("227 Entering Passive Mode (10,1,2,3,195,80)")


def test_what_is_not_here() -> None:
    client = talk(without=("SIZE", "MDTM", "EPSV"))
    assert [client.asks(command) for command in ("SIZE a.txt", "EPSV", "MLST a.txt")] == [
        502,
        502,
        250,
    ]
    assert "SIZE" not in client.say("FEAT")


def test_replies_that_take_time() -> None:
    client = talk(reply_ms=100, **trouble(at="NOOP", delay_ms=50))
    assert place_of(client).now_ns == 400 * MS  # the greeting, USER, PASS, TYPE
    client.write("PWD")
    client.write("NOOP")
    assert [client.code(), place_of(client).now_ns] == [257, 500 * MS]
    assert [client.code(), place_of(client).now_ns] == [200, 650 * MS]


def test_a_greeting_that_is_none() -> None:
    client = Talk(
        InProcess(server(**trouble(at="CONNECT", reply="421 Too many users.", ends="fin")))
    )
    assert client.greeting == "421 Too many users."
    assert client.reply() == ""


def test_a_login_that_is_refused_the_first_times() -> None:
    client = Talk(InProcess(server(**trouble(at="PASS", times=2, reply="530 Not now."))))
    codes = []
    for _ in range(3):
        client.asks("USER a")
        codes.append(client.asks("PASS b"))
    assert codes == [530, 530, 230]


def test_later_ones() -> None:
    client = talk(**trouble(at="NOOP", spare=1, times=1, reply="421-Lines\n421 of it"))
    assert client.asks("NOOP") == 200
    assert client.say("NOOP") == "421-Lines\n421 of it"
    assert client.asks("NOOP") == 200


def test_silence() -> None:
    client = talk(**trouble(at="SIZE", silent=True))
    client.write("SIZE a.txt")
    client.write("NOOP")
    place = place_of(client)
    place.collect()
    assert place.server.deadline_ns() is None
    client.line.close()
    assert Talk(place).greeting.startswith("220")


def test_garbage() -> None:
    one = server(**trouble(at="NOOP", base64=b"\x00\xff no reply"))
    one.connect(0, 1)
    one.take_output()
    one.receive(0, 1, b"NOOP\r\n")
    assert one.take_output() == [(1, b"\x00\xff no reply")]


@pytest.mark.parametrize(("ends", "why"), [("fin", Why.FIN), ("reset", Why.RESET)])
def test_the_session_ends_without_a_word(ends: str, why: Why) -> None:
    one = server(**trouble(at="PWD", ends=ends))
    one.connect(0, 1)
    one.receive(0, 1, b"USER a\r\nPASS b\r\nPWD\r\n")
    assert one.take_output()[-1] == (1, why)


@pytest.mark.parametrize("command", ["PASV", "EPSV"])
def test_nobody_at_the_port(command: str) -> None:
    client = talk(**trouble(at=command, data="refused", times=1))
    port = client.passive() if command == "PASV" else client.extended()
    with pytest.raises(ConnectionRefusedError):
        client.place.open(port)
    assert client.asks("RETR a.txt") == 425
    assert client.fetch("RETR a.txt", command) == (b"one\ntwo\n", 226)


def test_no_data_connection() -> None:
    client = talk(**trouble(at="RETR", data="refused", times=1))
    assert client.fetch("RETR a.txt") == (b"", 425)
    assert client.fetch("RETR a.txt") == (b"one\ntwo\n", 226)


@pytest.mark.parametrize("how", ["PASV", "PORT"])
@pytest.mark.parametrize("count", [0, 1, 70_000, 200_000])
def test_a_file_that_ends_early(count: int, how: str) -> None:
    client = talk(**trouble(at="RETR", after_bytes=count, times=1))
    assert client.fetch("RETR fw/new.bin", how) == (DRAWN[:count], 426)
    assert client.fetch("RETR fw/new.bin", how) == (DRAWN, 226)


def test_an_upload_that_ends_early() -> None:
    one = server(**trouble(at="STOR", after_bytes=10, reply="451 Local error.", data="reset"))
    one.connect(0, 1)
    one.receive(0, 1, b"USER a\r\nPASS b\r\nPASV\r\nSTOR new\r\n")
    one.connect_at(0, 2, 50_000)
    one.take_output()
    one.receive(1, 2, b"0123456789abc")
    assert one.take_output() == [(2, Why.RESET), (1, b"451 Local error.\r\n")]
    assert one.files["/new"] == b"0123456789"


def test_everything_ends_in_the_middle_of_a_file() -> None:
    one = server(**trouble(at="RETR", after_bytes=4, reply="421 Down.", ends="reset"))
    one.connect(0, 1)
    one.receive(0, 1, b"USER a\r\nPASS b\r\nPASV\r\nRETR a.txt\r\n")
    one.take_output()
    one.connect_at(0, 2, 50_000)
    assert one.take_output() == [
        (1, b"150 Here it comes.\r\n"),
        (2, b"one\n"),
        (2, Why.FIN),
        (1, b"421 Down.\r\n"),
        (1, Why.RESET),
    ]


@pytest.mark.parametrize("verb", ["RETR", "STOR"])
def test_a_transfer_that_stands_still(verb: str) -> None:
    client = talk(**trouble(at=verb, after_bytes=5, silent=True))
    line = client.begin(f"{verb} a.txt")
    line.write(b"0123456789") if verb == "STOR" else None
    place = place_of(client)
    place.collect()
    assert place.server.deadline_ns() is None
    client.write("ABOR")
    line.close()
    place.collect()
    assert place.server.deadline_ns() is None


def test_slow_files() -> None:
    client = talk(bytes_per_s=40_000)
    start_ns = place_of(client).now_ns
    assert client.fetch("RETR fw/new.bin") == (DRAWN, 226)
    assert place_of(client).now_ns - start_ns == 5 * S
    assert client.put("STOR up", b"x" * 1001) == 226
    assert place_of(client).now_ns - start_ns == 5 * S + 50 * MS
