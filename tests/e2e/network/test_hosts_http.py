"""What real hosts say to fetch and to post pages, each to its end and byte for byte, in virtual
time.
"""

import pytest

from quecsim.peers.http_settings import HttpFile, HttpSettings
from quecsim.scenario.network import Service, ServiceTls
from tests.e2e.network.host import Host
from tests.e2e.network.hosted import hosted

PAGE = bytes(range(256)) * 9
FILES = {
    "/page": HttpFile(base64=PAGE, content_type="application/octet-stream"),
    "/echo": HttpFile(takes="echo", content_type="text/plain"),
}
HEAD = (
    b"HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\nContent-Type: application/octet-stream\r\n"
    b"Content-Length: 2304\r\n\r\n"
)
SETTINGS = HttpSettings(files=FILES, dates=False, server="")
WEB = Service(host="web.example", port=80, kind="http", http=SETTINGS)
SAFE = Service(host="web.example", port=443, kind="http", http=SETTINGS, tls=ServiceTls())


def addresses(host: Host, url: str, surplus: str = "") -> None:
    host.command(f"AT+QHTTPURL={len(url)},80")
    host.reads(b"\r\nCONNECT\r\n")
    host.write(url + surplus)
    host.reads(b"\r\nOK\r\n")


def begins(host: Host, url: str, surplus: str = "") -> None:
    host.ask("AT+QHTTPSTOP")
    host.ask('AT+QHTTPCFG="contextid",1')
    host.ask('AT+QHTTPCFG="responseheader",0')
    addresses(host, url, surplus)


def fetches(host: Host) -> None:
    host.ask("AT+QHTTPGET=60")
    host.hears(f"+QHTTPGET: 0,200,{len(PAGE)}")


def reads(host: Host, data: bytes) -> None:
    host.command("AT+QHTTPREAD=60")
    host.reads(b"\r\nCONNECT\r\n" + data + b"\r\nOK\r\n")
    host.hears("+QHTTPREAD: 0")


@pytest.mark.parametrize("surplus", ["", "\r\n"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_host_that_fetches_a_page(scheme: str, surplus: str) -> None:
    with hosted(WEB, SAFE) as host:
        begins(host, f"{scheme}://web.example/page", surplus)
        host.ask('AT+QHTTPCFG="sslctxid",1')
        for _ in range(2):
            fetches(host)
            reads(host, PAGE)
        host.ask("AT+QHTTPREAD=60", result="+CME ERROR: 705")


def test_a_host_that_posts_without_an_end() -> None:
    data = b'{"n": 1}' * 100
    with hosted(WEB) as host:
        begins(host, "http://web.example/echo")
        host.ask('AT+QHTTPCFG="contenttype",1')
        for _ in range(2):
            host.command(f"AT+QHTTPPOST={len(data)},10,10")
            host.reads(b"\r\nCONNECT\r\n")
            host.write(data)
            host.reads(b"\r\nOK\r\n")
            host.hears(f"+QHTTPPOST: 0,200,{len(data)}")
            reads(host, data)


@pytest.mark.parametrize("has_head", [False, True])
def test_a_host_that_reads_a_page_from_memory(has_head: bool) -> None:
    """Into a file, which it looks for, opens, and reads in pieces, not in order."""
    whole = HEAD + PAGE if has_head else PAGE
    with hosted(WEB) as host:
        begins(host, "http://web.example/page")
        host.ask(f'AT+QHTTPCFG="responseheader",{int(has_head)}')
        fetches(host)
        host.ask('AT+QHTTPREADFILE="RAM:x",60')
        host.hears("+QHTTPREADFILE: 0")
        host.ask('AT+QFLST="RAM:x"', f'+QFLST: "RAM:x",{len(whole)}')
        host.command('AT+QFOPEN="RAM:x",2')
        host.reads(b"\r\n+QFOPEN: ")
        handle = int(host.port.read_until(b"\r\n"))
        host.reads(b"\r\nOK\r\n")
        for place, count in ((0, 512), (1500, 4096), (len(whole) - 3, 3)):
            part = whole[place : place + count]
            host.ask(f"AT+QFSEEK={handle},{place},0")
            host.command(f"AT+QFREAD={handle},{count}")
            host.reads(b"\r\nCONNECT %d\r\n%b\r\nOK\r\n" % (len(part), part))
        host.ask(f"AT+QFCLOSE={handle}")
        host.ask('AT+QFDEL="RAM:x"')


def test_a_host_to_which_pages_come_by_themselves() -> None:
    with hosted(WEB) as host:
        begins(host, "http://web.example/page")
        host.ask('AT+QHTTPCFG="closed/ind",1')
        host.ask('AT+QHTTPCFG="rspout/auto",1')
        fetches(host)
        heard = b""
        while len(heard) < len(PAGE):
            host.reads(b'\r\n+QHTTPURC: "recv",')
            heard += host.port.read(int(host.port.read_until(b"\r\n")))
            host.reads(b"\r\n")
        assert heard == PAGE


def test_a_host_that_goes_astray_and_finds_its_way() -> None:
    with hosted(WEB) as host:
        begins(host, "http://other.example/page")
        host.ask("AT+QHTTPGET=60", result="+CME ERROR: 716")
        begins(host, "http://web.example/none")
        host.ask("AT+QHTTPGET=60")
        host.reads(b"\r\n+QHTTPGET: 0,404,")
        host.port.read_until(b"\r\n")
        addresses(host, "http://web.example/page")
        fetches(host)
        reads(host, PAGE)
