"""Whatever a host asks for by HTTP, whenever, and whatever the servers do: the device lives, each
request has its result, and the record tells it all again.
"""

from dataclasses import dataclass
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quecsim.border import CREDIT_BYTES
from quecsim.clients.http_client import HttpClient, HttpState
from quecsim.device.power import PowerState
from quecsim.peers.http_settings import Framing, HttpFile, HttpSettings
from quecsim.profiles.loader import load_profile
from quecsim.run.replay import replay
from quecsim.trace.event import ClientAsked, ClientResult
from quecsim.units import ms, s
from tests.commands.web import FILES, Web, read
from tests.device.bench import OK
from tests.laws.driver import law

FRAMINGS: tuple[Framing, ...] = ("length", "chunked", "close")
PATHS = (*(path for path in FILES if path != "/endless"), "/none", "/echo")


@dataclass(frozen=True, slots=True)
class Line:
    text: str


@dataclass(frozen=True, slots=True)
class Url:
    path: str


@dataclass(frozen=True, slots=True)
class World:
    does: str


Act: TypeAlias = Line | Url | World | bytes

_LINES = (
    "+QHTTPGET=5", "+QHTTPGET=60", "+QHTTPGETEX=9,1,3", "+QHTTPPOST=5,3,5", "+QHTTPPUT=2000,3,5",
    "+QHTTPREAD=3", "+QHTTPREAD=9", '+QHTTPREADFILE="x",3', '+QHTTPREADFILE="RAM:y",9',
    '+QHTTPPOSTFILE="x",9', '+QHTTPPOSTFILE="RAM:y",9,1', '+QHTTPPOSTFILE="x",9,2',
    '+QHTTPCFG="responseheader",1', '+QHTTPCFG="rsp/header",1', '+QHTTPCFG="rspout/auto",1',
    '+QHTTPCFG="rspout/auto",0', '+QHTTPCFG="closed/ind",1', '+QHTTPCFG="requestheader",1',
    '+QHTTPCFG="requestheader",0', "+QHTTPGET=5,30,3", '+QFDEL="*"', "+QHTTPURL?", "",
)  # fmt: skip
_ENDS = ("+QHTTPSTOP", "+QHTTPSTOP;+QHTTPGET=9")
_HOSTS = st.one_of(
    st.sampled_from(PATHS).map(Url),
    st.sampled_from([*_LINES, *_LINES[:6] * 2]).map(Line),
    st.sampled_from([b"hello", b"x" * 2000, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"]),
)
_WORLD = st.sampled_from(["lose_registration", "find_network", "cut_power", "power_on"]).map(World)
_GAPS = st.sampled_from([0, ms(1), ms(100), s(1), s(1), s(4), s(40)])
_ANY = st.one_of(_HOSTS, _HOSTS, st.sampled_from(_ENDS).map(Line), _WORLD)


def do(web: Web, act: Act) -> None:
    if isinstance(act, Line):
        web.send(f"AT{act.text}\r".encode())
    elif isinstance(act, bytes):
        web.send(act)
    elif isinstance(act, World):
        change(web, act.does)
    elif web.is_lte:
        url = f"http://web.example{act.path}"
        web.send(f"AT+QHTTPURL={len(url)},2\r".encode())
        web.run_for(ms(300))
        web.send(url.encode())
    else:
        web.send(f'AT+QHTTPCFG="url","http://web.example{act.path}"\r'.encode())


def change(web: Web, does: str) -> None:
    is_off = web.rig.device.power is PowerState.OFF
    if does in ("cut_power", "power_on") and is_off is (does == "cut_power"):
        return
    getattr(web.rig, does)(web.now_ns)


def recover(web: Web) -> None:
    """Until nothing that has been asked for can be under way any more."""
    change(web, "find_network")
    change(web, "power_on")
    for _ in range(6):  # a command that was held up by another one begins when that is over
        web.run_for(s(70))
    web.send(b"\r")
    web.run_for(s(70))
    web.send(b"AT\r")
    assert web.run_for(s(2)).endswith(OK)


def endure(device: str, steps: list[tuple[int, Act]]) -> Web:
    web = Web(device)
    for gap_ns, act in steps:
        do(web, act)
        web.run_for(gap_ns)
        client = web.rig.device.context.clients.get("HTTP")
        if isinstance(client, HttpClient):
            assert client.waiting <= CREDIT_BYTES
    recover(web)
    record = web.record()
    web.rig.finish(web.now_ns)
    record = web.record()
    again = replay(record)
    assert again.is_same, (again.was, again.now)
    return web


@law(25)
@given(st.sampled_from(["ec200u", "fcm242d"]), st.lists(st.tuples(_GAPS, _ANY), max_size=25))
def test_whatever_is_asked(device: str, steps: list[tuple[int, Act]]) -> None:
    endure(device, steps)


@law(25)
@given(st.sampled_from(["ec200u", "fcm242d"]), st.lists(st.tuples(_GAPS, _HOSTS), max_size=25))
def test_each_request_has_its_result(device: str, steps: list[tuple[int, Act]]) -> None:
    web = endure(device, steps)
    asked = [each.command for each in web.events(ClientAsked) if each.is_accepted]
    told = [each.command for each in web.events(ClientResult) if each.command != "+QHTTPURC"]
    assert told == asked
    client = web.rig.device.context.clients.get("HTTP")
    assert client is None or isinstance(client, HttpClient)
    assert client is None or client.state in (HttpState.IDLE, HttpState.READY)


@law(25)
@given(
    device=st.sampled_from(["ec200u", "fcm242d"]),
    size=st.integers(0, 8_000),
    framing=st.sampled_from(FRAMINGS),
    chunk=st.integers(1, 3000),
    rate=st.integers(3000, 10_000_000),
    link=st.fixed_dictionaries(
        {
            "latency_ms": st.integers(0, 500),
            "down_bytes_per_s": st.integers(2000, 1_000_000),
            "loss_per_million": st.sampled_from([0, 0, 50_000]),
            "segment_bytes": st.integers(20, 1500),
        }
    ),
    is_auto=st.booleans(),
)
def test_every_byte_arrives_whatever_the_way(
    device: str,
    size: int,
    framing: Framing,
    chunk: int,
    rate: int,
    link: dict[str, int],
    is_auto: bool,
) -> None:
    body = bytes(at * at % 251 for at in range(size))
    file = HttpFile(base64=body, framing=framing, chunk_bytes=chunk, bytes_per_s=rate)
    shipped = load_profile(device)
    assert shipped.link is not None
    profile = replace(shipped, link=replace(shipped.link, **link))
    web = Web(profile, HttpSettings(files={"/x": file}, dates=False))
    if is_auto:
        web.configure("rspout/auto", "rspout/auto", 1)
        web.get("/x")
        assert put_out(bytes(web.output)) == body
    else:
        web.get("/x")
        assert web.ask("AT+QHTTPREAD=60") == read(body)


def put_out(said: bytes) -> bytes:
    """All that +QHTTPURC brought."""
    name, body = b'+QHTTPURC: "recv",', b""
    at = said.find(name)
    while at >= 0:
        count, _, rest = said[at + len(name) :].partition(b"\r\n")
        body += rest[: int(count)]
        at = said.find(name, at + len(name) + len(count) + 2 + int(count))
    return body
