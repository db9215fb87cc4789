"""Where hosts of other machines come in: a listening socket, and how it is asked for.

    --rfc2217 [ADDRESS:]PORT      a serial port with its settings and lines
    --tcp [ADDRESS:]PORT          its bytes alone

Without an address that is loopback. Anybody who gets there has the device, without a password: so
an address that others can reach has to be allowed.
"""

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address

from quecsim.errors import QuecsimError
from quecsim.live.network.addresses import Address, read_address
from quecsim.live.network.link import family_of
from quecsim.live.network.routes import place
from quecsim.live.network.tcp_listener import CALLER_IS_GONE
from quecsim.live.network.trouble import words
from quecsim.live.ports.deed import RawTalk, Talk
from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.live.ports.rfc2217 import Rfc2217Talk
from quecsim.quantity import shown

ALLOW = "--allow-remote"
_HINT = "write PORT or ADDRESS:PORT, for instance 2217 or 127.0.0.1:2217; 0 is a free one"
_LOOPBACK = IPv4Address("127.0.0.1")
_MOST_PORT = 65_535
_BACKLOG = 8
_PLACE = re.compile(
    r"(?:(?:\[(?P<v6>[^\]]+)\]|(?P<host>[^:\[\]]*)):)?(?P<port>[0-9]{1,5})", re.ASCII
)
_OWN = {4: "127.0.0.1", 6: "::1"}


@dataclass(frozen=True)
class Kind:
    """What is spoken there; `scheme` is that of pyserial's URLs, and `option` asks for it. A new
    talk begins with the settings of the device's end, and says what the device is.
    """

    option: str
    scheme: str
    title: str
    new_talk: Callable[[HostLineSettings, str], Talk]


KINDS = {
    "rfc2217": Kind("--rfc2217", "rfc2217", "RFC 2217", Rfc2217Talk),
    "tcp": Kind("--tcp", "socket", "bytes over TCP", lambda _settings, _signature: RawTalk()),
}


@dataclass(frozen=True)
class Gate:
    """Where hosts shall come in; `port` 0 is one that is free."""

    kind: str
    address: Address
    port: int


def parse_gate(kind: str, text: str, *, is_remote_allowed: bool = False) -> Gate:
    """`[ADDRESS:]PORT`. Raises QuecsimError for what is none, or not allowed."""
    option = KINDS[kind].option
    parts = _PLACE.fullmatch(text)
    if parts is None or int(parts["port"]) > _MOST_PORT:
        raise QuecsimError(f"{shown(text)} is no place to listen at", where=option, hint=_HINT)
    host, port = parts["v6"] or parts["host"] or "localhost", int(parts["port"])
    address = _LOOPBACK if host == "localhost" else read_address(host)
    if address is None:
        raise QuecsimError(f"{shown(host)} is no address", where=option, hint=_HINT)
    if not (address.is_loopback or is_remote_allowed):
        at = place(str(address), port)
        raise QuecsimError(
            f"at {at} other machines reach the device, and nobody is asked for a password",
            where=option,
            hint=f"add {ALLOW}, if that is meant, or leave the address out",
        )
    return Gate(kind, address, port)


class Entrance:
    """Listens at a gate. Raises QuecsimError where that cannot be."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.kind = KINDS[gate.kind]
        self.socket = socket.socket(family_of(gate.address), socket.SOCK_STREAM)
        try:
            self.socket.setblocking(False)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.socket.bind((str(gate.address), gate.port))
            self.socket.listen(_BACKLOG)
        except OSError as error:
            self.socket.close()
            at = place(str(gate.address), gate.port)
            raise QuecsimError(
                f"nothing can listen at {at}: {words(error.errno or 0)}",
                where=self.kind.option,
                hint="choose another port (0 is a free one), or an address of this machine",
            ) from None
        self.port: int = self.socket.getsockname()[1]

    @property
    def url(self) -> str:
        """As pyserial opens it on this machine."""
        address = self.gate.address
        is_everywhere = address.is_unspecified
        host = _OWN[address.version] if is_everywhere else str(address)
        return f"{self.kind.scheme}://{place(host, self.port)}"

    @property
    def place(self) -> str:
        """Where it listens."""
        return place(str(self.gate.address), self.port)

    @property
    def is_remote(self) -> bool:
        """Other machines reach it."""
        return not self.gate.address.is_loopback

    def accept(self) -> tuple[socket.socket, str] | None:
        """Who calls, and its address and port; None: nobody, or he has gone again. Raises OSError
        where the system has nothing left to accept him with.
        """
        try:
            call, (address, port, *_) = self.socket.accept()
        except BlockingIOError:
            return None
        except OSError as error:
            if error.errno in CALLER_IS_GONE:
                return None
            raise
        return call, place(address, port)

    def close(self) -> None:
        """Nobody comes in any more."""
        self.socket.close()
