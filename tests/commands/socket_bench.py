"""Devices with sockets, the servers that they reach, and how the two families write it."""

from collections.abc import Sequence
from typing import Any

from quecsim.faults import Fault
from quecsim.peers.served import Offer
from quecsim.peers.service import Service
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.profiles.schema import Profile
from tests.peers.bench import NetworkBench

LTE, WLAN = "ec200u", "fcm242d"
BOTH = (LTE, WLAN)
OK, ERROR, CONNECT = "\r\nOK\r\n", "\r\nERROR\r\n", "\r\nCONNECT\r\n"
NO_CARRIER, SEND_OK, SEND_FAIL = "\r\nNO CARRIER\r\n", "\r\nSEND OK\r\n", "\r\nSEND FAIL\r\n"
CODES = {
    LTE: {"used": 563, "dns": 565, "connect": 566, "closed": 567, "timeout": 569, "cancel": 571,
          "refused": 572, "bind": 556, "write": 558, "wrong": 552, "context": 561},
    WLAN: {"used": 561, "dns": 563, "connect": 564, "closed": 565, "timeout": 567, "cancel": 568,
           "refused": 569, "bind": 556, "write": 558, "wrong": 552},
}  # fmt: skip


def urc(*texts: str) -> str:
    return "".join(f"\r\n{text}\r\n" for text in texts)


def info(*lines: str) -> str:
    return "\r\n" + "".join(f"{line}\r\n" for line in lines) + OK


class SocketBench(NetworkBench):
    """Behind it are echo.example:7 (also for datagrams), late.example:13, which says `it is late`
    and ends the connection, and silent.example:9, which takes everything.
    """

    def __init__(
        self,
        device: str | Profile = LTE,
        faults: Sequence[Fault] = (),
        *,
        callers: tuple[Service, ...] = (),
        more: dict[tuple[str, int], Offer] | None = None,
        **config: Any,
    ) -> None:
        late = SimpleSettings(steps=(Step(text="it is late", ends="fin"),))
        echo = SimpleSettings(echo=True)
        datagrams = SimpleServer(echo, is_datagrams=True)
        offers = {
            ("echo.example", 7): Offer(SimpleServer(echo), "192.0.2.7"),
            ("echo.example", 8): Offer(datagrams, "192.0.2.7", None, "udp"),
            ("late.example", 13): Offer(SimpleServer(late), "192.0.2.13"),
            ("silent.example", 9): Offer(SimpleServer(), "192.0.2.9"),
        }  # fmt: skip
        super().__init__(
            None, device, faults, more=offers | (more or {}), callers=callers, **config
        )
        self.device = LTE if self.rig.profile.wireless is None else WLAN
        self.codes = CODES[self.device]

    @property
    def prompt(self) -> str:
        return "\r\n> " if self.device == LTE else "\r\n>"

    def ask(self, line: str, seconds: int = 5) -> str:
        return self.send(f"{line}\r", seconds)

    def open(self, number: int, service: str, host: str, port: int, *more: int) -> str:
        """What AT+QIOPEN answers; `more` are the local port and the access mode."""
        context = "1," if self.device == LTE else ""
        rest = "".join(f",{value}" for value in more)
        return self.ask(f'AT+QIOPEN={context}{number},"{service}","{host}",{port}{rest}')

    def opened(
        self, number: int = 0, host: str = "echo.example", port: int = 7, mode: int = 0
    ) -> "SocketBench":
        """A connection that is there."""
        said = self.open(number, "TCP", host, port, 0, mode)
        assert said.startswith(OK + urc(f"+QIOPEN: {number},0") if mode < 2 else CONNECT), said
        return self

    def sends(self, data: bytes, number: int = 0) -> str:
        """What comes back for them."""
        assert self.ask(f"AT+QISEND={number},{len(data)}") == self.prompt
        return self.send(data)

    def state(self, number: int = 0) -> str:
        """That of a socket, as AT+QISTATE numbers it; empty: it is free."""
        one = f"1,{number}" if self.device == LTE else str(number)
        said = self.ask(f"AT+QISTATE={one}")
        return said.split(",")[5] if "+QISTATE: " in said else ""

    def error(self) -> int:
        """The number that AT+QIGETERROR tells."""
        return int(self.ask("AT+QIGETERROR").split(": ")[1].split(",")[0])

    def set(self, key: str, *values: int) -> "SocketBench":
        assert self.ask(f'AT+QICFG="{key}",{",".join(map(str, values))}') == OK
        return self
