"""What real hosts say to plain sockets, each to its end and byte for byte, in virtual time."""

import time

import pytest

from quecsim.peers.caller_settings import CallerSettings
from quecsim.peers.simple import SimpleSettings, Step
from quecsim.scenario.network import Service
from tests.e2e.network.host import Host
from tests.e2e.network.hosted import hosted

BYTES = bytes(range(256))  # XON, XOFF, Ctrl-Z and Esc among them
ECHO = Service(host="192.0.2.7", port=7, kind="echo")
ENDS = Service(
    host="192.0.2.13",
    port=13,
    kind="tcp",
    tcp=SimpleSettings(steps=(Step(text="late", after_ms=500, ends="fin"),)),
)


def opens(host: Host, number: int = 0, mode: int = 0, server: str = '"192.0.2.7",7') -> None:
    """As hosts do: closed first of all."""
    host.ask(f"AT+QICLOSE={number}")
    host.ask(f'AT+QIOPEN=1,{number},"TCP",{server},0,{mode}')
    host.hears(f"+QIOPEN: {number},0")


def sends(host: Host, data: bytes, number: int = 0) -> None:
    host.is_prompted(f"AT+QISEND={number},{len(data)}")
    host.write(data)
    host.reads(b"\r\nSEND OK\r\n")


def counts(host: Host, line: str) -> tuple[int, int, int]:
    """What AT+QISEND=0,0 or AT+QIRD=0,0 says, in exactly its frame."""
    host.command(line)
    host.reads(b"\r\n" + line[2:].partition("=")[0].encode() + b": ")
    first, second, third = (int(each) for each in host.port.read_until(b"\r\n")[:-2].split(b","))
    host.reads(b"\r\nOK\r\n")
    return first, second, third


def fetches(host: Host, data: bytes, number: int = 0, most: int = 1500) -> None:
    host.command(f"AT+QIRD={number},{most}")
    host.reads(b"\r\n+QIRD: %d\r\n%b\r\nOK\r\n" % (len(data), data))


def test_a_host_that_sends_and_polls_until_all_has_arrived() -> None:
    with hosted(ECHO) as host:
        host.ask("AT+QISDE=0")
        opens(host)
        sends(host, BYTES)
        assert counts(host, "AT+QISEND=0,0") == (256, 0, 256)
        while (said := counts(host, "AT+QISEND=0,0"))[2]:
            assert said == (256, 0, 256)
            time.sleep(0.001)
        assert said == (256, 256, 0)
        host.hears('+QIURC: "recv",0')
        assert counts(host, "AT+QIRD=0,0") == (256, 0, 256)
        fetches(host, BYTES[:100], most=100)
        assert counts(host, "AT+QIRD=0,0") == (256, 100, 156)
        fetches(host, BYTES[100:])
        host.ask("AT+QIRD=0,1500", "+QIRD: 0")
        host.ask("AT+QICLOSE=0,1")
        host.ask("AT+QISTATE=1,0")


def test_a_host_that_polls_a_thousand_times_a_second() -> None:
    """It asks whatever it was told: the code comes behind all of that, in no reply."""
    with hosted(ECHO, speed="unlimited") as host:
        host.ask("AT+QISDE=0")
        opens(host)
        sends(host, b"hello")
        heard = b""
        for _ in range(1000):
            host.command("AT+QIRD=0,0")
            heard += host.port.read_until(b"\r\n\r\nOK\r\n")
            time.sleep(0.001)
        empty, full = (b"\r\n+QIRD: %d,0,%d\r\n\r\nOK\r\n" % (count, count) for count in (0, 5))
        count = heard.count(empty)
        assert heard == count * empty + (1000 - count) * full
        assert 1 < count < 1000
        host.hears('+QIURC: "recv",0')
        fetches(host, b"hello")


@pytest.mark.parametrize("end", ["\x1a", "\x1b"])
def test_a_host_that_ends_or_takes_back_what_it_types(end: str) -> None:
    with hosted(ECHO) as host:
        host.ask("AT+QISDE=0")
        opens(host, mode=1)
        host.is_prompted("AT+QISEND=0")
        host.write(f"hello{end}")
        if end == "\x1b":
            host.reads(b"\r\nOK\r\n")
            host.hears_nothing(5)
        else:
            host.reads(b"\r\nSEND OK\r\n")
            host.hears('+QIURC: "recv",0,5\r\nhello')


def test_a_host_to_which_all_is_pushed() -> None:
    with hosted(ECHO) as host:
        host.ask("AT+QISDE=0")
        opens(host, mode=1)
        for count in (1, 256, 700):
            data = (3 * BYTES)[:count]
            sends(host, data)
            host.hears(b'+QIURC: "recv",0,%d\r\n%b' % (count, data))
        host.ask("AT+QISTATE=1,0", '+QISTATE: 0,"TCP","192.0.2.7",7,49153,2,1,0,1,"uart1"')


def test_a_host_whose_server_leaves_it() -> None:
    """What had come can still be read; and then the socket is opened anew."""
    with hosted(ENDS) as host:
        for _ in range(2):
            opens(host, server='"192.0.2.13",13')
            host.hears('+QIURC: "recv",0', '+QIURC: "closed",0')
            fetches(host, b"late")
            host.ask("AT+QIRD=0,1500", "+QIRD: 0")
            host.ask("AT+QISEND=0,5", result="ERROR")


def test_a_host_that_is_called() -> None:
    steps = (Step(text="hello"), Step(after_bytes=2, ends="fin"))
    caller = CallerSettings(port=5000, address="198.51.100.7", after_ms=2000, steps=steps)
    with hosted(callers=[caller]) as host:
        host.ask("AT+QISDE=0")
        host.ask("AT+QICLOSE=1")
        host.ask('AT+QIOPEN=1,1,"TCP LISTENER","127.0.0.1",0,5000,1')
        host.hears("+QIOPEN: 1,0")
        host.reads(b'\r\n+QIURC: "incoming",11,1,"198.51.100.7",')
        int(host.port.read_until(b"\r\n"))
        host.hears('+QIURC: "recv",11,5\r\nhello')
        sends(host, b"ok", 11)
        host.hears('+QIURC: "closed",11')
        host.ask("AT+QICLOSE=11,1")
        host.ask("AT+QICLOSE=1,1")
        host.ask("AT+QISTATE=1,1")
