"""The data connections of an FTP session: the device calls the server, or the server the device."""

from typing import TYPE_CHECKING

from quecsim.at.network import Network, Trouble
from quecsim.border import Data, Incoming, Opened, TlsWish
from quecsim.clients.ftp_error import FtpError, FtpWhy, ended, refused
from quecsim.clients.ftp_replies import Reply
from quecsim.clients.stream import GIVEN_UP, NO_ROOM, TOO_LATE, Steps, Stream, wait

if TYPE_CHECKING:
    from quecsim.clients.ftp import FtpSettings
    from quecsim.clients.ftp_control import FtpControl

_MOST_OF_A_BYTE, _MOST_PORT = 255, 65_535


class FtpData:
    """One data connection after the other, as the session's `settings` have it."""

    def __init__(self, name: str, network: Network, control: "FtpControl") -> None:
        self.stream = Stream(name, network)
        self.door = Door(name, network)
        self._control = control

    def prepare(self, settings: "FtpSettings") -> Steps[None]:
        """Before the command that wants data: there is a connection, or a way to be called."""
        if settings.is_passive:
            yield from self._connect(settings)
        else:
            yield from self._be_called(settings)

    def complete(self, settings: "FtpSettings", tls: TlsWish | None) -> Steps[None]:
        """Behind the server's 1xx: the call is taken up, and made safe where it is to be."""
        trouble = None
        if not settings.is_passive:
            trouble = yield from self.door.answer(self.stream, settings.connect_ns)
        if trouble is None and tls is not None:
            host = self._control.host
            trouble = yield from self.stream.secure(tls, host, timeout_ns=settings.connect_ns)
        if trouble is not None:
            raise ended(trouble, FtpWhy.DATA_OPEN)

    def drop(self, *, is_abort: bool = False) -> None:
        """Close whatever there is."""
        self.door.close()
        if is_abort:
            self.stream.abort()
        else:
            self.stream.close()

    def _connect(self, settings: "FtpSettings") -> Steps[None]:
        """PASV, or EPSV where the server was reached by IPv6."""
        control = self._control
        opened = control.stream.opened_as
        peer = (opened.peer if opened is not None else "") or control.host
        if ":" in peer:
            reply = control.need((yield from control.exchange("EPSV")))
            address, port = peer, _extended_port(reply)
        else:
            reply = control.need((yield from control.exchange("PASV")))
            address, port = _passive_place(reply)
            address = peer if settings.ignores_address else address
        trouble = yield from self.stream.open(
            address, port, context=settings.context, timeout_ns=settings.connect_ns
        )
        if trouble is not None:
            raise ended(trouble, FtpWhy.DATA_OPEN)

    def _be_called(self, settings: "FtpSettings") -> Steps[None]:
        """PORT, with a port that is free."""
        trouble = yield from self.door.open(settings.context, settings.connect_ns)
        if trouble is not None:
            raise ended(trouble, FtpWhy.DATA_OPEN)
        high, low = divmod(self.door.port, 256)
        place = f"{settings.own_address.replace('.', ',')},{high},{low}"
        reply = yield from self._control.exchange(f"PORT {place}")
        if not reply.is_good:
            raise refused(reply)


class Door:
    """A port of the device's own, where one call is taken up. Implements
    `quecsim.at.network.Client`.
    """

    def __init__(self, name: str, network: Network) -> None:
        self.name = name
        self.port = 0
        self._network = network
        self._link = 0
        self._caller: int | None = None
        self._trouble: Trouble | None = GIVEN_UP

    def open(self, context: int, timeout_ns: int) -> Steps[Trouble | None]:
        """Wait at a port that is free; None where there is one."""
        assert self._trouble is not None, "it is open"
        self.port, self._caller = 0, None
        if not self._network.has_room:
            return NO_ROOM
        self._trouble = None
        self._link = self._network.listen(self, 0, "tcp", self._called, context)
        doing = "it was waiting for a port of its own"
        yield from wait(self._network, self.name, self._is_settled, doing, timeout_ns)
        if self._trouble is None and not self.port:
            self.close(TOO_LATE)
        return self._trouble

    def answer(self, stream: Stream, timeout_ns: int) -> Steps[Trouble | None]:
        """Wait for the call, and take it up as `stream`; None where that was well."""
        doing = "it was waiting for a server to call"
        yield from wait(self._network, self.name, self._is_called, doing, timeout_ns)
        if self._trouble is not None:
            return self._trouble
        if self._caller is None:
            return TOO_LATE
        if not self._network.has_room:
            return NO_ROOM
        stream.take_up(self._link, self._caller)
        self.close()
        return None

    def close(self, why: Trouble = GIVEN_UP) -> None:
        """Nobody can call there any more."""
        if self._trouble is None:
            self._trouble = why
            self._network.shut(self._link)

    def _is_settled(self) -> bool:
        return self.port > 0 or self._trouble is not None

    def _is_called(self) -> bool:
        return self._caller is not None or self._trouble is not None

    def _called(self, call: Incoming | Data) -> None:
        assert isinstance(call, Incoming)
        if self._caller is None:
            self._caller = call.caller
            self._network.wake(self.name)
        else:
            self._network.refuse(self._link, call.caller)

    # what the link tells (quecsim.at.network.Client)

    def opened(self, link: int, opened: Opened) -> None:  # noqa: ARG002 - its own link alone
        """It can be called."""
        self.port = opened.port
        self._network.wake(self.name)

    def failed(self, link: int, trouble: Trouble) -> None:  # noqa: ARG002
        """It cannot."""
        self._over(trouble)

    def received(self, link: int, data: bytes) -> None:
        """A listener receives nothing."""

    def closed(self, link: int, trouble: Trouble) -> None:  # noqa: ARG002
        """The bearer is gone."""
        self._over(trouble)

    def deadline_ns(self) -> int | None:
        """Its jobs have their own times."""
        return None

    def on_time(self) -> None:
        """Nothing is ever due."""

    def _over(self, trouble: Trouble) -> None:
        self._trouble = trouble
        self._network.wake(self.name)


def _passive_place(reply: Reply) -> tuple[str, int]:
    """Where a passive server waits. Raises FtpError."""
    from ftplib import Error, parse227  # pure; not for those who need no FTP

    try:
        address, port = parse227(f"{reply.code} {reply.text}")
    except Error:
        raise FtpError(FtpWhy.GARBAGE, reply.code) from None
    numbers = [int(number) for number in address.split(".")]
    if max(numbers) > _MOST_OF_A_BYTE or not 0 < port <= _MOST_PORT:
        raise FtpError(FtpWhy.GARBAGE, reply.code)
    return address, port


def _extended_port(reply: Reply) -> int:
    """The port of an EPSV's answer. Raises FtpError."""
    from ftplib import Error, parse229

    try:
        _, port = parse229(f"{reply.code} {reply.text}", ("", 0))
    except (Error, ValueError):
        raise FtpError(FtpWhy.GARBAGE, reply.code) from None
    if not 0 < port <= _MOST_PORT:
        raise FtpError(FtpWhy.GARBAGE, reply.code)
    return port
