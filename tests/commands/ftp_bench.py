"""A device with an FTP server behind it, and somebody at its port."""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from quecsim.border import Failed, Opened, TlsWish
from quecsim.faults import Fault
from quecsim.flash.timing import FlashMode
from quecsim.peers.ftp_server import FtpServer
from quecsim.peers.ftp_settings import FtpFile, FtpSettings, FtpTrouble
from quecsim.peers.served import Offer, Served
from quecsim.peers.service import Service
from quecsim.profiles import load_profile
from quecsim.profiles.schema import Profile
from quecsim.rig import Rig, RigConfig
from quecsim.tls.authority import server_tls
from quecsim.tls.outcome import news_of
from quecsim.trace.event import Event
from quecsim.units import S, ms

ADDRESS = "192.0.2.10"
CONTENT = bytes(range(256)) * 40
"""What /file.bin holds."""


def changed(device: str, **parts: dict[str, Any]) -> Profile:
    """A profile with some values changed."""
    shipped = load_profile(device)
    return msgspec.structs.replace(
        shipped,
        **{
            name: msgspec.structs.replace(getattr(shipped, name), **values)
            for name, values in parts.items()
        },
    )


def handshake(certificate: Any, wants_own: bool, wish: TlsWish, host: str) -> Opened | Failed:
    return news_of(wish, host, server_tls(certificate, client="required" if wants_own else "none"))


class FtpBench:
    """The server is ftp.example:21, and with TLS from the start ftps.example:990. It is up,
    registered, and does not echo.
    """

    def __init__(
        self,
        device: str | Profile = "m95",
        *,
        trouble: tuple[FtpTrouble, ...] = (),
        certificate: str = "valid",
        wants_own: bool = False,
        services: dict[tuple[str, int], Service] | None = None,
        flash: FlashMode = FlashMode.INSTANT,
        ipr: int = 115_200,
        host_flow: str = "auto",
        faults: tuple[Fault, ...] = (),
        **settings: Any,
    ) -> None:
        settings.setdefault("files", {"/file.bin": FtpFile(base64=CONTENT)})
        settings.setdefault("users", {"me": "secret"})
        made = FtpSettings(trouble=trouble, **settings)
        self.server = FtpServer(made, address=ADDRESS, has_tls=True)
        implicit = msgspec.structs.replace(made, implicit=True)
        self.safe_server = FtpServer(implicit, address="192.0.2.11", has_tls=True)
        shake: Callable[[TlsWish, str], Opened | Failed] = partial(
            handshake, certificate, wants_own
        )
        offers = {
            ("ftp.example", 21): Offer(self.server, ADDRESS, shake, begins_plain=True),
            ("ftps.example", 990): Offer(self.safe_server, "192.0.2.11", shake),
        }
        for place, service in (services or {}).items():
            offers[place] = Offer(service, "192.0.2.12")
        profile = load_profile(device) if isinstance(device, str) else device
        config = RigConfig(ipr=ipr, flash_mode=flash, host_flow=host_flow, faults=faults)
        self.rig = Rig(profile, config, peer=Served(offers))
        self.rig.start(0)
        self.now_ns = 0
        self.events: list[Event] = []
        self.rest(10)
        self.ask("ATE0")

    def send(self, data: bytes) -> None:
        self.rig.advance(self.now_ns)
        self.rig.host_write(self.now_ns, data)

    def ask(self, line: str, seconds: int = 30) -> str:
        """Type a line and CR; what comes back within that time."""
        self.send(line.encode("latin-1") + b"\r")
        return self.rest(seconds)

    def give(self, data: bytes, seconds: int = 60) -> str:
        """Send data; what comes back within that time."""
        self.send(data)
        return self.rest(seconds)

    def raw(self, line: str, seconds: int = 60) -> bytes:
        """As `ask`, in bytes."""
        return self.ask(line, seconds).encode("latin-1")

    def rest(self, seconds: int = 30) -> str:
        return self.run_to(self.now_ns + seconds * S)

    def run_for(self, milliseconds: int) -> str:
        return self.run_to(self.now_ns + ms(milliseconds))

    def run_to(self, end_ns: int) -> str:
        while (due_ns := self.rig.deadline_ns()) is not None and due_ns <= end_ns:
            self.rig.advance(due_ns)
        self.rig.advance(end_ns)
        self.now_ns = end_ns
        self.events += self.rig.take_events()
        return b"".join(run.data for run in self.rig.take_output()).decode("latin-1")

    def found(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def file(self, name: str) -> bytes:
        """A file of the device."""
        disk, _, plain = name.rpartition(":")
        file = self.rig.device.context.disks[disk or "UFS"].open(plain, 2)
        data = file.read(1 << 20)
        file.close()
        return data

    # what a host does first

    def up(self) -> "FtpBench":
        """An M95's packet context is up, and its account set."""
        for line in (
            'AT+QICSGP=1,"net"', "AT+QIREGAPP", "AT+QIACT", 'AT+QFTPUSER="me"',
            'AT+QFTPPASS="secret"', "AT+QFTPCFG=1,1",
        ):  # fmt: skip
            assert "OK" in self.ask(line), line
        return self

    def opened(self) -> "FtpBench":
        """And there is a session."""
        self.up()
        assert self.ask('AT+QFTPOPEN="ftp.example",21') == "\r\nOK\r\n\r\n+QFTPOPEN: 0\r\n"
        return self


def lines(text: str) -> list[str]:
    """The lines of an answer, without the empty ones."""
    return [line for line in text.split("\r\n") if line]
