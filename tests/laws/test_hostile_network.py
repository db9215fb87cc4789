"""Sockets, HTTP and FTP at once, with data, time, losses and servers of every kind in between: the
device lives, holds no more than it may, answers in the end, and its record tells it all again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.border import CREDIT_BYTES, MOST_LINKS, Data
from quecsim.device.jobs import MOST_BACKGROUND
from quecsim.device.power import PowerState
from quecsim.device.shared import Phase
from quecsim.peers.ftp_server import FtpServer
from quecsim.peers.ftp_settings import FtpFile, FtpSettings
from quecsim.peers.http_server import HttpServer
from quecsim.peers.http_settings import HttpSettings
from quecsim.peers.served import Offer, Served
from quecsim.peers.service import Service
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.profiles import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.run.replay import replay
from quecsim.trace.event import Event
from quecsim.units import ms, s
from tests.commands.web import FILES
from tests.laws.driver import law

GARBAGE = SimpleSettings(steps=(Step(garbage_bytes=60_000, after_ms=5),) * 9)


def _offers() -> dict[tuple[str, int], Offer]:
    files = {"/file.bin": FtpFile(base64=bytes(range(256)) * 40)}
    ftp = FtpServer(FtpSettings(files=files, users={"me": "secret"}), address="192.0.2.10")
    return {
        ("h", 7): Offer(SimpleServer(SimpleSettings(echo=True)), "192.0.2.1"),
        ("h", 8): Offer(
            SimpleServer(SimpleSettings(echo=True), is_datagrams=True), "192.0.2.1", None, "udp"
        ),
        ("h", 80): Offer(HttpServer(HttpSettings(files=FILES)), "192.0.2.1"),
        ("h", 21): Offer(ftp, "192.0.2.10"),
        ("h", 66): Offer(SimpleServer(GARBAGE), "192.0.2.1"),
        ("h", 9): Offer(SimpleServer(SimpleSettings()), "192.0.2.1"),
    }


PATHS = ("/a", "/chunked", "/lies", "/breaks", "/stops", "/large", "/round", "/bare")
PORTS = (7, 9, 21, 66, 80)
WORDS = (b"hello", b"+++", b"x\x1a", b"\x1b", bytes(1500), b"\r\nAT\r", b"USER a\r\nPASV\r\n")


def _lte() -> list[bytes]:
    urls = [f"http://h{path}" for path in PATHS] + ["http://h:21/", "http://h:66/a", "http://h:9/"]
    return [
        *(
            f'AT+QIOPEN=1,{number},"TCP","h",{port},0,{mode}\r'.encode()
            for number, port, mode in ((0, 7, 0), (1, 7, 1), (2, 7, 2), (3, 66, 1), (4, 9, 0),
                                       (5, 80, 0), (0, 66, 0), (2, 66, 2), (11, 7, 0))
        ),
        b'AT+QIOPEN=1,6,"UDP","h",8,0,1\r', b'AT+QIOPEN=1,7,"TCP LISTENER","127.0.0.1",0,2020,1\r',
        b'AT+QIOPEN=1,8,"UDP SERVICE","127.0.0.1",0,3030,0\r',
        b"AT+QISEND=0,5\rhello", b"AT+QISEND=1\r", b'AT+QISEND=8,3,"192.0.2.1",8\rabc',
        b"AT+QISEND=4,1460\r", b"AT+QISEND=0,0\r",
        b"AT+QIRD=0,1500\r", b"AT+QIRD=5,10\r", b"AT+QISTATE\r", b"AT+QICLOSE=0\r",
        b"AT+QICLOSE=2\r", b"AT+QICLOSE=1,0\r", b"AT+QICLOSE=7\r", b"AT+QISWTMD=0,1\r",
        b"AT+QISWTMD=1,2\r", b"AT+QISWTMD=0,2\r", b"AT+QIACT=1\r", b"AT+QIDEACT=1\r", b"ATO\r",
        *(f"AT+QHTTPURL={len(url)},5\r{url}".encode() for url in urls),
        b"AT+QHTTPGET=20\r", b"AT+QHTTPGET=5\r", b"AT+QHTTPREAD=20\r",
        b"AT+QHTTPPOST=5,20,9\rhello", b'AT+QHTTPREADFILE="UFS:x",20\r', b"AT+QHTTPSTOP\r",
        b'AT+QHTTPPOSTFILE="UFS:x",20\r',
        b'AT+QFTPCFG="account","me","secret"\r', b'AT+QFTPCFG="contextid",1\r',
        b'AT+QFTPCFG="filetype",0\r', b'AT+QFTPCFG="transmode",0\r', b'AT+QFTPCFG="transmode",1\r',
        b'AT+QFTPCFG="rsptimeout",20\r',
        *(f'AT+QFTPOPEN="h",{port}\r'.encode() for port in (21, 21, 21, 66, 80, 9)),
        b'AT+QFTPCWD="/"\r', b'AT+QFTPGET="file.bin","COM:"\r', b'AT+QFTPGET="file.bin","UFS:f"\r',
        b'AT+QFTPPUT="up","COM:",0\r', b'AT+QFTPPUT="up","COM:",0,300,1\r', b'AT+QFTPLST="."\r',
        b'AT+QFTPPUT="up","UFS:f"\r', b'AT+QFTPSIZE="file.bin"\r', b"AT+QFTPCLOSE\r",
        b'AT+QPING=1,"h"\r', b'AT+QIDNSGIP=1,"h"\r', b'AT+QNTP=1,"h"\r', b'AT+QMTOPEN=0,"h",66\r',
        b'AT+QMTOPEN=1,"h",80\r', b'AT+QMTCONN=0,"a"\r', b"AT+QMTCLOSE=0\r",
    ]  # fmt: skip


def _wlan() -> list[bytes]:
    urls = [f"http://h{path}" for path in PATHS] + ["http://h:21/", "http://h:66/a", "http://h:9/"]
    return [
        *(
            f'AT+QIOPEN={number},"TCP","h",{port},0,{mode}\r'.encode()
            for number, port, mode in ((0, 7, 0), (1, 7, 1), (2, 7, 2), (3, 66, 1), (4, 9, 0),
                                       (5, 80, 0), (0, 66, 0), (2, 66, 2))
        ),
        b'AT+QIOPEN=6,"UDP","h",8,0,1\r', b'AT+QIOPEN=7,"TCP LISTENER","127.0.0.1",0,2020,1\r',
        b'AT+QIOPEN=8,"UDP SERVICE","127.0.0.1",0,3030,0\r',
        b"AT+QISEND=0,5\rhello", b"AT+QISEND=1\r", b'AT+QISEND=8,3,"192.0.2.1",8\rabc',
        b"AT+QISEND=4,1460\r", b"AT+QISEND=0,0\r",
        b"AT+QIRD=0,1500\r", b"AT+QIRD=5,10\r", b"AT+QISTATE\r", b"AT+QICLOSE=0\r",
        b"AT+QICLOSE=2\r", b"AT+QICLOSE=1\r", b"AT+QICLOSE=7\r", b"AT+QISWTMD=0,1\r",
        b"AT+QISWTMD=1,2\r", b"AT+QISWTMD=0,2\r", b"ATO\r", b"AT+QSTASTOP\r",
        b'AT+QSTAAPINFO="testssid","123456789"\r', b"AT+QRST\r",
        *(f'AT+QHTTPCFG="url","{url}"\r'.encode() for url in urls),
        b"AT+QHTTPGET=20\r", b"AT+QHTTPGET=5\r", b"AT+QHTTPREAD=20\r",
        b"AT+QHTTPPOST=5,20,9\rhello", b'AT+QHTTPREADFILE="x",20\r',
        b'AT+QHTTPCFG="rspout/auto",1\r', b"AT+QHTTPPUT=5,20,9\rhello",
        b'AT+QPING="h"\r', b'AT+QIDNSGIP="h"\r', b'AT+QMTOPEN=0,"h",66\r', b'AT+QMTOPEN=1,"h",80\r',
        b'AT+QMTCONN=0,"a"\r', b"AT+QMTCLOSE=0\r",
    ]  # fmt: skip


def _gsm() -> list[bytes]:
    return [
        b'AT+QICSGP=1,"net"\r', b"AT+QIREGAPP\r", b"AT+QIACT\r", b"AT+QIDEACT\r",
        b'AT+QFTPUSER="me"\r', b'AT+QFTPPASS="secret"\r', b"AT+QFTPCFG=1,1\r", b"AT+QFTPCFG=1,0\r",
        b"AT+QFTPCFG=2,1\r", b'AT+QFTPCFG=4,"/RAM/f"\r', b'AT+QFTPCFG=4,"/UFS/f"\r',
        b'AT+QFTPCFG=4,"/COM/f"\r',
        *(f'AT+QFTPOPEN="h",{port}\r'.encode() for port in (21, 21, 21, 21, 66, 80, 9)),
        b'AT+QFTPGET="file.bin"\r', b'AT+QFTPGET="file.bin",10240\r', b'AT+QFTPPUT="up",300,30\r',
        b'AT+QFTPPATH="/"\r', b'AT+QFTPSIZE="file.bin"\r', b"AT+QFTPCLOSE\r", b"AT+QFTPSTAT\r",
        b'AT+QFTPLIST\r', b'AT+QFTPNLST\r',
    ]  # fmt: skip


COMMON = (b"AT\r", b"ATE0\r", b"AT+CFUN=0\r", b"AT+CFUN=1\r", b'AT+QFUPL="x",90,2\r', b"A/")
LINES = {"ec200u": _lte(), "fcm242d": _wlan(), "m95": _gsm()}


@dataclass(frozen=True)
class Host:
    data: bytes


@dataclass(frozen=True)
class World:
    does: str


Act: TypeAlias = tuple[int, Host | World]
GAPS = st.sampled_from([0, ms(1), ms(40), ms(200), s(1), s(1), s(1), s(3), s(30)])
DOES = ("cut_power", "power_on", "stop_reading", "read", "lose_bearer", "lose_registration",
        "find_network")  # fmt: skip


def acts(device: str) -> st.SearchStrategy[list[Act]]:
    lines, rare = st.sampled_from(LINES[device]), st.sampled_from(COMMON)
    host = st.one_of(lines, lines, lines, lines, rare, st.sampled_from(WORDS)).map(Host)
    world = st.sampled_from(DOES).map(World)
    act = st.integers(0, 9).flatmap(lambda draw: world if draw == 9 else host)
    return st.lists(st.tuples(GAPS, act), min_size=6, max_size=40)


BEFORE = {
    "ec200u": [*(b'AT+QIOPEN=1,%d,"TCP","h",%d,0,%d\r' % it for it in ((0, 7, 0), (1, 7, 1))),
               b'AT+QFTPCFG="account","me","secret"\r', b'AT+QFTPOPEN="h",21\r'],
    "fcm242d": [b'AT+QSTAAPINFO="testssid","123456789"\r', b'AT+QIOPEN=0,"TCP","h",7,0,0\r',
                b'AT+QHTTPCFG="url","http://h/a"\r'],
    "m95": [b"AT\r", b'AT+QICSGP=1,"net"\r', b"AT+QIREGAPP\r", b"AT+QIACT\r", b'AT+QFTPUSER="me"\r',
            b'AT+QFTPPASS="secret"\r', b"AT+QFTPCFG=1,1\r", b'AT+QFTPOPEN="h",21\r'],
}  # fmt: skip


class Stage:
    """A device, and everything that happens to it."""

    def __init__(
        self,
        device: str,
        more: Mapping[tuple[str, int], Offer] | None = None,
        callers: tuple[Service, ...] = (),
    ) -> None:
        config = RigConfig(ifc=(2, 2), host_flow="rtscts")
        if device == "m95":
            config = RigConfig(ipr=115_200)
        peer = Served(_offers() | dict(more or {}), callers=callers)
        self.rig = Rig(load_profile(device), config, peer=peer)
        self.rig.start(0)
        self.now_ns = 0
        self.events: list[Event] = []

    def run(self, duration_ns: int) -> bytes:
        """Let time pass; what the host hears."""
        end_ns = self.now_ns + duration_ns
        self.rig.advance(end_ns)
        self.now_ns = end_ns
        self.events += self.rig.take_events()
        self.check()
        return b"".join(run.data for run in self.rig.take_output())

    def do(self, act: Host | World) -> None:
        rig, now_ns = self.rig, self.now_ns
        match act:
            case Host(data):
                rig.host_write(now_ns, data)
            case World("stop_reading" | "read" as does):
                rig.host_ready(now_ns, ready=does == "read")
            case World("power_on"):
                if rig.device.power is PowerState.OFF:
                    rig.power_on(now_ns)
            case World("lose_bearer" | "lose_registration" | "find_network" as does):
                if rig.profile.wireless is None:
                    getattr(rig, does)(now_ns)
            case World(does):
                getattr(rig, does)(now_ns)
        self.check()

    def check(self) -> None:
        """Nothing is longer than it may be, and every byte is somewhere."""
        self.rig.check()
        parts = self.rig.device._components
        assert len(parts.links._links) <= MOST_LINKS
        assert len(self.rig.device._engine.work.jobs.in_background) <= MOST_BACKGROUND
        assert len(parts.urcs._later) <= 256
        said = sum(len(text) for text, _ in parts.urcs.queue)
        assert said <= 3 * MOST_LINKS * CREDIT_BYTES
        on_way: dict[int, int] = {}
        for each in self.rig._air.model._news:
            if isinstance(each.what, Data):
                on_way[each.what.link] = on_way.get(each.what.link, 0) + len(each.what.data)
        assert all(count <= CREDIT_BYTES for count in on_way.values())

    def recover(self) -> None:
        """What a patient host does, until the device answers."""
        rig = self.rig
        for does in ("read", "find_network"):
            self.do(World(does))
        self.run(s(30))
        self.do(World("power_on"))
        self.run(s(200))
        for _ in range(4):
            if rig.device.phase is Phase.DATA:
                self.run(s(2))
                rig.host_write(self.now_ns, b"+++")
                self.run(s(2))
            if rig.device.phase is Phase.DATA:
                rig.host_write(self.now_ns, bytes(1500) + b"\x1a")
            self.run(s(200))
        rig.host_write(self.now_ns, b"\r")
        self.run(s(5))
        rig.host_write(self.now_ns, b"ATE0\r")
        self.run(s(60))
        rig.host_write(self.now_ns, b"AT\r")
        said = self.run(s(2))
        assert b"\r\nOK\r\n" in said, (said, rig.device.phase)


def endure(device: str, steps: list[Act]) -> None:
    stage = Stage(device)
    for data in BEFORE[device]:
        stage.run(s(4))
        stage.do(Host(data))
    for gap_ns, act in steps:
        stage.run(gap_ns)
        stage.do(act)
    stage.recover()
    stage.rig.finish(stage.now_ns)
    again = replay(stage.events + stage.rig.take_events())
    assert again.is_same, (again.was, again.now)


@pytest.mark.parametrize("device", LINES)
def test_everything_at_once(device: str) -> None:
    @law(12)
    @given(acts(device))
    def search(steps: list[Act]) -> None:
        endure(device, steps)

    search()
