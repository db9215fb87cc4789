"""FCM242D and FGM842D: every command of their manual has its place, and files as it has them."""

import re
from collections.abc import Iterator

import pytest

from quecsim.at.grammar import Form
from quecsim.commands.catalogue import catalogue
from quecsim.flash.timing import FlashMode
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.trace.event import DataEnd
from quecsim.units import ms, s
from tests.device.bench import ERROR, OK, Bench, info

# FCM242D&FGM842D AT Commands Manual, in its order.
_MANUAL = """
+QRST +QVERSION +QECHO +QGETIP +QSETBAND +QWLANOTA +QWLMAC
+QSTAST +QSTADHCP +QSTASTATIC +QSTASTOP +QSOFTAP +QAPSTATE +QAPSTATIC +QSOFTAPSTOP +QSTAAPINFO
+QSTAAPINFODEF +QGETWIFISTATE +QWSCAN +QIDNSCFG +QWEBCFG +QSTAAPINFORMV +QSCLK +QAIRKISS +QCFG
+QBLEINIT +QBLEADDR +QBLENAME +QBLEADVPARAM +QBLEADVDATA +QBLEGATTSSRV +QBLEGATTSCHAR
+QBLEGATTSSRVDONE +QBLEADVSTART +QBLEADVSTOP +QBLEGATTSNTFY +QBLESCAN +QBLESCANPARAM +QBLECONN
+QBLECONNPARAM +QBLECFGMTU +QBLEGATTCNTFCFG +QBLEGATTCRD +QBLEGATTCWRCMD +QBLEGATTCWRREQ
+QBLEDISCONN +QBLESTAT +QBLETRANMODE +++
+QICFG +QIOPEN +QICLOSE +QISTATE +QISEND +QIRD +QIACCEPT +QISWTMD +QIGETERROR O
+QSSLCFG +QSSLOPEN +QSSLSEND +QSSLRECV +QSSLCLOSE +QSSLSTATE
+QMTCFG +QMTOPEN +QMTCLOSE +QMTCONN +QMTDISC +QMTSUB +QMTUNS +QMTPUB +QMTRECV
+QHTTPCFG +QHTTPGET +QHTTPPOST +QHTTPPUT +QHTTPREAD +QHTTPSTOP
+QPING +QIDNSGIP +QNTP
+QFOPEN +QFREAD +QFWRITE +QFCLOSE +QFLST +QFDEL
"""
MANUAL = _MANUAL.split()

# The test commands of the network, as the manual prints their replies; nothing: a bare OK.
_TEST_REPLIES = """
+QIOPEN: (list of supported <connectID>s),(list of supported <service_type>s),\
<IP_address>/<domain_name>,(list of supported <remote_port>s),(list of supported <local_port>s),\
(list of supported <access_mode>s),(list of supported <ap_priority>s)
+QICLOSE: (list of supported <connectID>s),(list of supported <timeout>s)
+QISTATE
+QISEND: (list of supported <connectID>s),(list of supported <send_length>s),<remoteIP>,\
(list of supported <remote_port>s)
+QIRD: (list of supported <connectID>s),(list of supported <read_length>s)
+QIACCEPT: (list of supported <listener_socketID>s),(list of supported <accept>s),\
(list of supported <incoming_socketID>s)
+QISWTMD: (list of supported <connectID>s),(list of supported <access_mode>s)
+QIGETERROR
+QSSLOPEN: (list of supported <SSL_ctxID>s),(list of supported <connectID>s),<server_address>,\
<server_port>,(list of supported <access_mode>s)
+QSSLSEND: (list of supported <connectID>s),(list of supported <send_length>s)
+QSSLRECV: (list of supported <connectID>s),(list of supported <read_length>s)
+QSSLCLOSE: (list of supported <connectID>s),(list of supported <close_timeout>s)
+QSSLSTATE
+QMTOPEN: (list of supported <client_idx>s),<host_name>,(list of supported <port>s)
+QMTCLOSE: (list of supported <client_idx>s)
+QMTCONN: (list of supported <client_idx>s),<clientID>,<username>,<password>
+QMTDISC: (list of supported <client_idx>s)
+QMTSUB: (list of supported <client_idx>s),(list of supported <msgID>s),<topic>,\
(list of supported <qos>s)
+QMTUNS: (list of supported <client_idx>s),(list of supported <msgID>s),<topic>
+QMTPUB: (list of supported <client_idx>s),(list of supported <msgID>s),\
(list of supported <qos>s),(list of supported <retain>s),<topic>,(list of supported <length>s)
+QMTRECV
+QHTTPGET: (list of supported <rsptime>s)
+QHTTPPOST: (list of supported <data_length>s),(list of supported <input_time>s),\
(list of supported <rsptime>s)
+QHTTPPUT: (list of supported <data_length>s),(list of supported <input_time>s),\
(list of supported <rsptime>s)
+QHTTPREAD: (list of supported <wait_time>s)
+QHTTPSTOP
+QPING: <host>,(list of supported <timeout>s),(list of supported <pingnum>s)
+QIDNSGIP: <hostname>
+QNTP: "<server>"[,<port>[,(list of supported <auto_set_time>s)]]
"""
LIST = r'(?:\\([0-9,-]+\\)|"[A-Z /]+")'  # values, or words
TEST_REPLIES = _TEST_REPLIES.strip().splitlines()


@pytest.fixture(params=["fcm242d", "fgm842d"])
def device(request: pytest.FixtureRequest) -> Profile:
    return load_profile(request.param)


@pytest.fixture
def bench(device: Profile) -> Bench:
    return Bench(device)


# which commands


def test_every_command_of_the_manual_is_here(device: Profile) -> None:
    here = {command.name for command in catalogue(device)}
    assert len(set(MANUAL)) == len(MANUAL) == 89
    assert here | {"+++"} == set(MANUAL)
    assert not device.commands.waiting


@pytest.mark.parametrize("printed", TEST_REPLIES, ids=lambda printed: printed.split(":")[0])
def test_a_test_command_needs_no_network(bench: Bench, printed: str) -> None:
    """As printed, with the values in the place of each list."""
    name = printed.partition(":")[0]
    pattern = re.sub(r"\\\(list\\ of\\ supported\\ <\w+>s\\\)", LIST, re.escape(printed))
    said = bench.ask(f"AT{name}=?").decode()
    lines = f"\r\n{pattern}\r\n" if ":" in printed else ""
    assert re.fullmatch(f"{lines}\r\nOK\r\n", said), said


def test_what_the_manual_does_not_have_is_an_error(bench: Bench) -> None:
    for line in ("ATE0", "ATI", "ATV1", "AT&W", "ATZ", "AT+CMEE=1", "AT+CFUN=1,1", "AT+IPR?"):
        assert bench.ask(line) == ERROR
    for line in ("AT+IFC=2,2", "AT+QFUPL=?", "AT+QFLDS", "AT+QFSEEK=1,0", "AT+QPOWD", "AT+CSQ"):
        assert bench.ask(line) == ERROR
    assert bench.ask("AT") == bench.ask("at") == OK


def test_spaces_within_a_name_a_number_or_a_text_are_no_noise(bench: Bench) -> None:
    """The manual, AT command input."""
    assert bench.ask("AT+QBLEINIT=2") == OK
    assert bench.ask("AT+QBLENAME=a b") == OK
    assert bench.ask("AT+QBLENAME?") == info('+QBLENAME: "a b"')
    for line in ("AT+QSCLK=1,1 2", "AT+QVER SION", "AT+QVERSION =?", "AT+QSCLK ?", "AT+QSCLK= ?"):
        assert bench.ask(line) == ERROR, line
    assert bench.ask('AT+QSTASTATIC="1 92.0.2.2","255.255.255.0","192.0.2.1","192.0.2.1"') == ERROR
    assert bench.ask("AT +QSCLK= 1 , 2 ; +QECHO=0 ") == OK
    assert bench.ask("AT+QSCLK? ") == info("+QSCLK: 1,2")
    assert bench.ask('AT+QBLENAME= "a  b" ') == OK
    assert bench.ask("AT+QBLENAME?") == info('+QBLENAME: "a  b"')


def test_only_errors_of_http_have_numbers(bench: Bench, device: Profile) -> None:
    for command in catalogue(device):
        if command.name.startswith("+QHTTP"):
            continue
        for form in (Form.WRITE, Form.READ, Form.EXECUTE):
            if form is Form.WRITE or form not in command.forms:
                tail = (
                    f'{form.value}"no such thing",9,9,9,9,9,9' if form is Form.WRITE else form.value
                )
                assert bench.ask(f"AT{command.name}{tail}") in (ERROR, b"\r\nNO CARRIER\r\n")


def test_the_two_differ_in_their_names_only() -> None:
    one, other = load_profile("fcm242d"), load_profile("fgm842d")
    differing = {
        f"{part}.{key}"
        for part in one.__struct_fields__
        if part not in ("name", "title", "provenance", "replies") and getattr(one, part) is not None
        for key in getattr(one, part).__struct_fields__
        if getattr(getattr(one, part), key) != getattr(getattr(other, part), key)
    }
    assert differing == {"identity.model", "identity.revision", "wireless.ble_name"}


# files


def opened(bench: Bench, name: str = "ca.pem", mode: int = 0) -> int:
    reply = bench.ask(f'AT+QFOPEN="{name}",{mode}')
    assert reply.endswith(OK)
    return int(reply.split(b"\r\n")[1].removeprefix(b"+QFOPEN: "))


def wrote(written: int, total: int) -> bytes:
    """What the manual prints after the data, framed as information text."""
    return info(f"+QFWRITE: {written},{total}")


def test_the_manuals_certificate(bench: Bench) -> None:
    data = bytes(range(33, 120)) * 21
    data = data[:1757]
    assert bench.ask('AT+QFOPEN="ca.pem"') == info("+QFOPEN: 1")
    assert bench.upload("AT+QFWRITE=1,1757", data) == wrote(1757, 1757)
    assert bench.ask("AT+QFCLOSE=1") == OK
    assert bench.ask("AT+QFLST") == info('+QFLST: "ca.pem",1757')
    assert bench.ask('AT+QSSLCFG="cacert",1,"ca.pem"') == OK
    assert bench.ask('AT+QSSLCFG="cacert",1') == info('+QSSLCFG: "cacert",1,"ca.pem"')
    assert bench.file("ca.pem") == data
    assert bench.ask('AT+QFDEL="ca.pem"') == OK
    assert bench.names() == []


def test_handles_begin_at_1_and_are_used_again(bench: Bench) -> None:
    assert [opened(bench, name) for name in "abc"] == [1, 2, 3]
    listed = info('+QFOPEN: "a",1,0', '+QFOPEN: "b",2,0', '+QFOPEN: "c",3,0')
    assert bench.ask("AT+QFOPEN?") == listed
    assert bench.ask("AT+QFCLOSE=2") == OK
    assert bench.ask("AT+QFCLOSE=2") == ERROR
    assert opened(bench, "d") == 2


def test_the_three_modes(bench: Bench) -> None:
    assert bench.ask('AT+QFOPEN="x",2') == ERROR, "2 needs a file"
    bench.upload(f"AT+QFWRITE={opened(bench, 'x')},5", b"12345")
    bench.ask("AT+QFCLOSE=1")
    opened(bench, "x", 2)
    assert bench.ask("AT+QFREAD=1") == b"\r\nCONNECT 5\r\n12345" + OK
    assert bench.ask("AT+QFREAD=1,3") == b"\r\nCONNECT 0\r\n" + OK
    assert bench.ask("AT+QFWRITE=1,3") == ERROR, "read only"
    bench.ask("AT+QFCLOSE=1")
    opened(bench, "x", 0)
    assert bench.ask("AT+QFREAD=1,2") == b"\r\nCONNECT 2\r\n12" + OK
    bench.ask("AT+QFCLOSE=1")
    opened(bench, "x", 1)
    assert bench.ask("AT+QFREAD=1") == b"\r\nCONNECT 0\r\n" + OK
    assert bench.ask('AT+QFOPEN="y",3') == ERROR


@pytest.mark.parametrize("tail", ["0", "65536", "5,0", "5,180", "5,5,5", "x"])
def test_lengths_and_times_that_it_does_not_take(bench: Bench, tail: str) -> None:
    handle = opened(bench)
    assert bench.ask(f"AT+QFWRITE={handle},{tail}") == ERROR
    assert bench.ask("AT+QFWRITE=2,5") == ERROR, "no such handle"


@pytest.mark.parametrize("size", [1, 65535])
def test_lengths_that_it_takes(device: Profile, size: int) -> None:
    bench = Bench(device, is_unlimited=True)
    data = bytes(size)
    assert bench.upload(f"AT+QFWRITE={opened(bench)},{size}", data) == wrote(size, size)


@pytest.mark.parametrize(("tail", "waits_s"), [("", 5), (",10", 5), (",10,1", 1), (",10,179", 179)])
def test_when_time_runs_out_it_says_so_in_its_count_and_ok(
    bench: Bench, tail: str, waits_s: int
) -> None:
    """10240 bytes and 5 s where nothing else is said."""
    bench.send(f"AT+QFWRITE={opened(bench)}{tail}\r".encode())
    begin_ns = bench.until(b"\r\nCONNECT\r\n")
    bench.send(b"seven b")
    assert bench.rest(s(200)) == wrote(7, 7)
    took_ns = bench.arrival_ns(wrote(7, 7)) - begin_ns
    assert s(waits_s) < took_ns < s(waits_s) + s(1) // 10
    assert [end.why for end in bench.events(DataEnd)] == ["idle"]


def test_data_restarts_the_time(bench: Bench) -> None:
    bench.send(f"AT+QFWRITE={opened(bench)},4,2\r".encode())
    bench.until(b"\r\nCONNECT\r\n")
    for byte in b"abcd":
        bench.send(bytes((byte,)))
        bench.run_for(s(3) // 2 if byte != b"d"[0] else 0)
    assert bench.rest() == wrote(4, 4)


def test_10240_bytes_where_no_length_is_said(device: Profile) -> None:
    bench = Bench(device, is_unlimited=True)
    data = bytes(10240)
    reply = bench.upload(f"AT+QFWRITE={opened(bench)}", data + b"AT\r")
    assert reply.startswith(wrote(10240, 10240))
    assert reply.endswith(OK), "what comes behind is a command"


def test_pluses_are_data(bench: Bench) -> None:
    """The manual has +++ for the transparent modes only."""
    bench.send(f"AT+QFWRITE={opened(bench)},6,5\r".encode())
    bench.until(b"\r\nCONNECT\r\n")
    bench.send(b"abc")
    bench.run_for(s(2))
    bench.send(b"+++")
    assert bench.rest() == wrote(6, 6)
    assert bench.file("ca.pem") == b"abc+++"


def test_a_second_write_goes_on_where_the_first_ended(bench: Bench) -> None:
    handle = opened(bench)
    assert bench.upload(f"AT+QFWRITE={handle},3", b"abc") == wrote(3, 3)
    assert bench.upload(f"AT+QFWRITE={handle},2", b"de") == wrote(2, 5)


def test_lists_and_names(bench: Bench) -> None:
    """UFS: means all of them; names come without it."""
    for name in ("a.pem", "UFS:b.pem"):
        bench.ask(f"AT+QFCLOSE={opened(bench, name)}")
    everything = info('+QFLST: "a.pem",0', '+QFLST: "b.pem",0')
    for pattern in ("", '="UFS:"', '="*"', '="UFS:*"'):
        assert bench.ask(f"AT+QFLST{pattern}") == everything
    assert bench.ask('AT+QFLST="b.pem"') == info('+QFLST: "b.pem",0')
    assert bench.ask('AT+QFLST="c.pem"') == bench.ask('AT+QFDEL="c.pem"') == ERROR
    assert bench.ask(f'AT+QFOPEN="{"n" * 80}"') == info("+QFOPEN: 1")
    assert bench.ask(f'AT+QFOPEN="{"n" * 81}"') == ERROR
    assert bench.ask('AT+QFDEL="*"') == ERROR, "one is open"
    bench.ask("AT+QFCLOSE=1")
    assert bench.ask('AT+QFDEL="*"') == OK
    assert bench.names() == []


def test_files_outlive_a_restart_and_handles_do_not(bench: Bench) -> None:
    bench.upload(f"AT+QFWRITE={opened(bench)},3", b"abc")
    bench.ask("AT+QRST")
    assert bench.ask("AT+QFCLOSE=1") == ERROR
    assert bench.ask("AT+QFLST") == info('+QFLST: "ca.pem",3')


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def test_nothing_brakes_a_host_on_a_fast_line(device: Profile) -> None:
    """What does not fit into the ring while a sector is erased is gone; the host brakes itself."""
    data, results = bytes(range(250)) * 80, []
    for gap_ms in (0, 60):
        bench = Bench(device, flash_mode=FlashMode.TYPICAL)
        bench.ask("AT+QSETBAND=2000000,0")
        bench.rig.host_line(bench.now_ns, 2_000_000, "8N1", "none")
        bench.send(f"AT+QFWRITE={opened(bench)},{len(data)}\r".encode())
        bench.until(b"\r\nCONNECT\r\n")
        for piece in pieces(data, 1024):
            bench.send(piece)
            bench.run_to(bench.now_ns + ms(gap_ms))
        bench.rest()
        assert bytes(bench.output).endswith(OK), "either way"
        results.append((len(bench.file("ca.pem")), bench.rig.counters().get("lost_ring", 0)))
    (fast, lost), (slow, nothing) = results
    assert lost > 0
    assert fast == len(data) - lost
    assert (slow, nothing) == (len(data), 0)
