"""`[[service]]`, `[[name]]` and `[[caller]]`: what the network of a run has."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from quecsim.border import (
    Closed,
    Data,
    Incoming,
    Listen,
    Listening,
    News,
    Open,
    Opened,
    Resolve,
    Resolved,
    Send,
    TlsWish,
    Wish,
)
from quecsim.errors import QuecsimError
from quecsim.peers.served import Served
from quecsim.scenario.loader import load_scenario
from quecsim.scenario.options import make_scenario
from quecsim.scenario.peers import network_clock_s, new_network
from quecsim.scenario.text import scenario_text
from quecsim.units import MS

FILE = """
device = "ec200u"

[network]
clock = 2026-06-01T12:00:00Z

[[service]]
host = "web.example"
port = 80
kind = "http"

[service.http.files]
"/hello.txt" = { text = "hello" }
"/ca.pem" = { path = "ca.pem" }
"/root.pem" = { authority = "ca" }

[[service]]
host = "time.example"
port = 123
kind = "ntp"

[[service]]
host = "files.example"
port = 990
kind = "ftp"
tls = {}

[service.ftp]
implicit = true
users = { meter = "secret" }
files = { "/ca.pem" = { path = "ca.pem" } }

[[service]]
host = "echo.example"
port = 7
kind = "echo"

[[service]]
host = "odd.example"
port = 1000
kind = "tcp"
tcp = { steps = [{ text = "220 hello", ends = "fin" }] }

[[service]]
host = "odd.example"
port = 1001
kind = "udp"
udp = { steps = [{ after_bytes = 1, text = "one" }, { text = "two" }] }

[[name]]
host = "time.example"
addresses = ["203.0.113.1", "2001:db8::1"]
ttl_s = 60

[[name]]
host = "nobody.example"
addresses = ["203.0.113.9"]

[[caller]]
port = 5000
after_ms = "2s"
steps = [{ text = "hi" }]
"""


@pytest.fixture
def served(tmp_path: Path) -> Served:
    (tmp_path / "ca.pem").write_bytes(b"a certificate\n")
    path = tmp_path / "servers.toml"
    path.write_text(FILE)
    return new_network(load_scenario(path))


def news(served: Served, *wishes: Wish, now_ns: int = 0) -> list[News]:
    for wish in wishes:
        served.handle_wish(now_ns, wish)
    return served.take_news(now_ns)


def said(found: list[News]) -> list[bytes]:
    return [each.data for each in found if isinstance(each, Data)]


@pytest.mark.parametrize(
    ("path", "content"),
    [("/hello.txt", b"hello"), ("/ca.pem", b"a certificate\n"), ("/root.pem", b"-----END")],
)
def test_a_web_server(served: Served, path: str, content: bytes) -> None:
    asked = f"GET {path} HTTP/1.1\r\nHost: web.example\r\n\r\n".encode()
    (data,) = said(news(served, Open(1, "web.example", 80), Send(1, asked)))
    assert data.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Date: Mon, 01 Jun 2026 12:00:00 GMT\r\n" in data
    assert content in data.partition(b"\r\n\r\n")[2]


def test_a_file_server(served: Served) -> None:
    assert said(news(served, Open(1, "files.example", 990, tls=TlsWish()))) == [
        b"220 Here is a simulated FTP server.\r\n"
    ]
    assert said(news(served, Open(2, "files.example", 990))) == []


def test_several_file_servers_at_one_address() -> None:
    """Each has ports of its own for data."""
    services = [{"host": "files.example", "port": port, "kind": "ftp"} for port in (21, 2121)]
    served = new_network(make_scenario("ec200u", services=services))
    login = b"USER a\r\nPASS b\r\nPASV\r\n"
    for link, port in ((1, 21), (2, 2121)):
        answers = b"".join(said(news(served, Open(link, "files.example", port), Send(link, login))))
        assert (
            b"(192,0,2,10,195,80)" in answers if port == 21 else b"(192,0,2,10,197,68)" in answers
        )
    assert isinstance(news(served, Open(3, "192.0.2.10", 50_500))[0], Opened)


def test_an_echo_of_bytes_and_of_datagrams(served: Served) -> None:
    wishes: list[Wish] = [Open(1, "echo.example", 7), Send(1, b"ab"), Send(1, b"cd")]
    assert b"".join(said(news(served, *wishes))) == b"abcd"
    wishes = [Open(2, "echo.example", 7, "udp"), Send(2, b"ab"), Send(2, b"cd")]
    assert said(news(served, *wishes)) == [b"ab", b"cd"]


def test_servers_that_do_steps(served: Served) -> None:
    found = news(served, Open(1, "odd.example", 1000))
    assert said(found) == [b"220 hello"]
    assert isinstance(found[-1], Closed)
    found = news(served, Open(2, "odd.example", 1001, "udp"), Send(2, b"x"))
    assert said(found) == [b"one", b"two"]


def test_a_time_server_at_its_name(served: Served) -> None:
    assert news(served, Resolve(1, "time.example")) == [
        Resolved(1, ("203.0.113.1", "2001:db8::1"), 60)
    ]
    for link, host in enumerate(("time.example", "203.0.113.1", "2001:db8::1"), 2):
        opened, *others = news(
            served, Open(link, host, 123, "udp"), Send(link, b"\x23" + bytes(47))
        )
        assert isinstance(opened, Opened)
        assert opened.peer == "203.0.113.1"
        assert [len(data) for data in said(others)] == [48]


def test_a_name_without_a_server(served: Served) -> None:
    assert news(served, Resolve(1, "nobody.example.")) == [Resolved(1, ("203.0.113.9",), 300)]


def test_somebody_calls(served: Served) -> None:
    assert news(served, Listen(1, 5000)) == [Listening(1, 5000)]
    assert news(served, now_ns=1999 * MS) == []
    (call,) = news(served, now_ns=2000 * MS)
    assert isinstance(call, Incoming)
    assert (call.link, call.address) == (1, "198.51.100.7")


def test_a_scenario_with_all_of_it_is_written_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(b"\xff\0")
    path = tmp_path / "servers.toml"
    path.write_text(FILE)
    scenario = load_scenario(path)
    (tmp_path / "again.toml").write_text(scenario_text(scenario))
    (tmp_path / "ca.pem").unlink()
    again = load_scenario(tmp_path / "again.toml")
    assert again.services == scenario.services
    assert (again.names, again.callers) == (scenario.names, scenario.callers)


@pytest.mark.parametrize("device", ["ec200u", "fcm242d"])
def test_the_time_in_the_network(device: str) -> None:
    assert network_clock_s(make_scenario(device)) == 1_795_910_400  # 2026-11-29
    assert network_clock_s(make_scenario(device, clock="1980-01-06")) == 1_795_910_400
    assert network_clock_s(make_scenario(device, clock="2030-01-01")) == 1_893_456_000


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"kind": "ntp", "http": {"keep_alive": False}}, 'http is for another kind than "ntp"'),
        ({"kind": "ntp", "tls": {}}, "tls cannot be: the server is reached by datagrams"),
        ({"kind": "echo", "echo": {"protocol": "udp"}, "tls": {}}, "tls cannot be"),
        ({"kind": "ftp", "ftp": {"requires_tls": True}}, "ftp.requires_tls: this server has no"),
        ({"kind": "ftp", "ftp": {"files": {"/a": {}, "/a/b": {}}}}, "a file and a folder"),
        ({"kind": "ftp", "ftp": {"files": {"a": {}}}}, "'a' is no whole path"),
        ({"kind": "ftp", "ftp": {"files": {"/a": {"path": "no-such"}}}}, "cannot read no-such"),
        (
            {"kind": "ftp", "ftp": {"trouble": [{"at": "retr"}]}},
            'at must be a command: RETR, not "retr"',
        ),
        ({"kind": "ftp", "ftp": {"trouble": [{"at": "RETRY"}]}}, "RETRY is no command"),
        ({"kind": "ftp", "ftp": {"without": ["retr"]}}, "retr is no command"),
        ({"kind": "udp", "udp": {"steps": [{"ends": "fin"}]}}, "no connection that a step could"),
        ({"kind": "http", "http": {"files": {"a": {}}}}, "'a' in files is no path"),
        ({"kind": "http", "http": {"files": {"/a": {"path": "no-such"}}}}, "cannot read no-such"),
        ({"kind": "http", "http": {"files": {"/a": {"text": "a", "path": "b"}}}}, "is one of text"),
        ({"kind": "http", "http": {"files": {"/a": {"headers": {"a b": ""}}}}}, "no name of a"),
        ({"kind": "http", "http": {"files": {"/a": {"headers": {"a": "\n"}}}}}, "cannot be the"),
    ],
)
def test_what_cannot_be_is_told(table: dict[str, Any], message: str) -> None:
    with pytest.raises(QuecsimError) as told:
        make_scenario("ec200u", services=[{"host": "a", "port": 1, **table}])
    assert message in told.value.message


def test_names_and_callers_that_cannot_be(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    name = '[[name]]\nhost = "{}"\naddresses = ["192.0.2.1"]\n'
    path.write_text(name.format("a") + name.format("A."))
    with pytest.raises(QuecsimError, match=r"name\[2\].host: the addresses of a are given already"):
        load_scenario(path)
    path.write_text("[[caller]]\nport = 1\ntimes = 2\n")
    with pytest.raises(QuecsimError, match="needs every_ms"):
        load_scenario(path)


def test_h11_is_loaded_by_those_who_need_it() -> None:
    script = (
        "import sys\n"
        "from quecsim.scenario.options import make_scenario\n"
        "from quecsim.scenario.peers import new_network\n"
        "for port, kind in enumerate(('mqtt', 'ftp', 'ntp', 'echo', 'http'), 1):\n"
        "    service = {'host': 'a', 'port': port, 'kind': kind}\n"
        "    new_network(make_scenario('ec200u', services=[service]))\n"
        "    assert ('h11' in sys.modules) == (kind == 'http'), kind\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
