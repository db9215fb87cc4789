"""An FTP client: its dialogue with a server as steps for jobs that wait. RFC 959, 2428, 3659, 4217.

    client = FtpClient("FTP", network)
    yield from client.open(host, port, settings)         # up to the greeting, with TLS if wanted
    yield from client.log_in(user, password)
    yield from client.begin("RETR", name)                # there is a data connection
    while data := (yield from client.read(1024)): ...
    yield from client.finish()                           # the server says that all is well
    yield from client.quit()

Whatever goes wrong is an `FtpError`: what it is about, and the server's code where it is a reply;
each family of commands has numbers of its own for them. Some errors end the session: `is_open`
tells. Between commands a session may be lost, which `lost` hears. One job at a time uses it.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from quecsim.at.network import Network
from quecsim.border import TlsWish, Why
from quecsim.clients.ftp_control import FtpControl
from quecsim.clients.ftp_data import FtpData
from quecsim.clients.ftp_error import FtpError, FtpWhy, ended, refused
from quecsim.clients.ftp_replies import Reply
from quecsim.clients.stream import Steps
from quecsim.units import s

_TLS_CODES = (234, 334)  # "go on with the handshake"; 334 is of servers older than RFC 4217
_LONGEST_NUMBER = 19


@dataclass(frozen=True, slots=True)
class FtpSettings:
    """How a session is held.

    `tls` is what TLS is to be like, None: none. It begins with the connection, or, where it
    `is_explicit`, behind AUTH TLS. Data connections have a handshake of their own. `context` is the
    packet context, `own_address` where a server is to call back (where it is not `is_passive`).
    `ignores_address`: a passive server's data connections go to the address that the control
    connection has gone to, whatever the server says. `connect_ns` bounds how long a connection may
    take, `answer_ns` each answer, and each wait for data.
    """

    tls: TlsWish | None = None
    is_explicit: bool = False
    is_passive: bool = True
    ignores_address: bool = False
    own_address: str = ""
    context: int = 0
    connect_ns: int = s(75)
    answer_ns: int = s(90)


def _nobody(_error: FtpError) -> None:
    """Nobody wants to hear of it."""


class FtpClient:
    """One session after the other. `settings` may be changed between transfers.

    `lost(error)` hears when a session ends while no job is within `use`: the server ends it, or the
    bearer goes.
    """

    def __init__(
        self, name: str, network: Network, lost: Callable[[FtpError], None] = _nobody
    ) -> None:
        self.name = name
        self.settings = FtpSettings()
        self.control = FtpControl(name, network, lost)
        self.data = FtpData(name, network, self.control)
        self._is_protected = False

    # the session

    @property
    def is_open(self) -> bool:
        """There is a control connection."""
        return self.control.is_open

    @property
    def is_used(self) -> bool:
        """A job does something with it."""
        return self.control.is_waiting

    @property
    def link(self) -> int:
        """The number of the last control connection."""
        return self.control.stream.link

    @contextmanager
    def use(self) -> Generator[None, None, None]:
        """A job does something with it: what goes wrong meanwhile is the job's."""
        assert not self.is_used, "one job at a time"
        self.control.is_waiting = True
        is_dark = False
        try:
            yield
        except GeneratorExit:  # the device has no power, and the job is nobody's any more
            is_dark = True
            raise
        finally:
            self.control.is_waiting = False
            if not is_dark:
                self.control.look()

    def open(self, host: str, port: int, settings: FtpSettings) -> Steps[None]:
        """Connect, up to the greeting and a session that is as safe as wanted."""
        self.settings = settings
        self.control.answer_ns = settings.answer_ns
        self._is_protected = False
        tls = None if settings.is_explicit else settings.tls
        yield from self.control.open(host, port, tls, settings.context, settings.connect_ns)
        if settings.tls is not None:
            yield from self._protect(settings.tls)

    def log_in(self, user: str, password: str) -> Steps[None]:
        """USER and, where the server wants one, PASS. Refused, the session is over."""
        reply = yield from self.exchange(f"USER {user}")
        if reply.code == 331:
            reply = yield from self.exchange(f"PASS {password}")
        self.control.need(reply, closes=True)

    def quit(self) -> Steps[None]:
        """Say goodbye and close, whatever the server says to that."""
        try:
            if self.is_open:
                yield from self.exchange("QUIT")
        except FtpError:
            pass
        self.drop()

    def drop(self) -> None:
        """Close everything, without a word."""
        self.data.drop()
        self.control.drop()

    # commands

    def exchange(self, line: str) -> Steps[Reply]:
        """Send a command; its final reply, whatever it is."""
        if not self.is_open:
            assert self.control.stream.trouble is not None
            raise ended(self.control.stream.trouble)
        return (yield from self.control.exchange(line))

    def command(self, line: str) -> Steps[Reply]:
        """Send a command; its final reply, which has to be a good one."""
        return self.control.need((yield from self.exchange(line)))

    def set_type(self, *, is_binary: bool) -> Steps[None]:
        """TYPE: whether the server leaves line ends as they are."""
        yield from self.command("TYPE I" if is_binary else "TYPE A")

    def folder(self) -> Steps[str]:
        """PWD: the folder that the server names."""
        from ftplib import Error, parse257  # pure; not for those who need no FTP

        reply = yield from self.command("PWD")
        try:
            return parse257(f"{reply.code} {reply.text}")
        except Error:
            raise FtpError(FtpWhy.GARBAGE, reply.code) from None

    def size(self, name: str) -> Steps[int]:
        """SIZE, in bytes."""
        reply = yield from self.command(f"SIZE {name}")
        digits = reply.text.strip()
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER):
            raise FtpError(FtpWhy.GARBAGE, reply.code)
        return int(digits)

    def rename(self, old: str, new: str) -> Steps[None]:
        """RNFR and RNTO."""
        self._want_more((yield from self.exchange(f"RNFR {old}")))
        yield from self.command(f"RNTO {new}")

    # transfers

    def begin(self, verb: str, name: str = "", offset: int = 0) -> Steps[None]:
        """Begin a transfer: RETR, STOR, APPE, LIST, NLST or MLSD, from byte `offset` on. Behind
        this there is a data connection.
        """
        if not self.is_open:
            assert self.control.stream.trouble is not None
            raise ended(self.control.stream.trouble)
        is_begun = False
        try:
            yield from self.data.prepare(self.settings)
            if offset:
                self._want_more((yield from self.exchange(f"REST {offset}")))
            yield from self.control.send(f"{verb} {name}".rstrip())
            reply = yield from self.control.reply()
            is_begun = reply.is_preliminary
            if not is_begun:
                self.control.need(reply)  # raises, unless it is good, which makes no sense
                raise FtpError(FtpWhy.GARBAGE, reply.code)
            tls = self.settings.tls if self._is_protected else None
            yield from self.data.complete(self.settings, tls)
        except FtpError:
            self.data.drop(is_abort=True)
            if is_begun:
                yield from self._settle()
            raise

    def read(self, most: int) -> Steps[bytes]:
        """Between 1 and `most` bytes; b"" behind the last."""
        data = yield from self.look(most, self.settings.answer_ns)
        if data is None:
            raise self.too_late()
        return data

    def look(self, most: int, wait_ns: int) -> Steps[bytes | None]:
        """The same; None where nothing comes for `wait_ns`."""
        stream = self.data.stream
        data = yield from stream.read(most, timeout_ns=wait_ns)
        if data == b"":
            assert stream.trouble is not None
            if stream.trouble.why is not Why.FIN:
                raise (yield from self._broken())
        return data

    def too_late(self) -> FtpError:
        """The other side is silent for too long: the session is over."""
        self.drop()
        return FtpError(FtpWhy.TIMEOUT)

    def write(self, data: bytes) -> Steps[None]:
        """Send a piece."""
        stream = self.data.stream
        trouble = yield from stream.write(data, timeout_ns=self.settings.answer_ns)
        if trouble is None:
            return
        if stream.trouble is None:
            raise self.too_late()
        raise (yield from self._broken())

    def finish(self) -> Steps[None]:
        """All has been sent, or read: the server has to say that it sees it so, too."""
        self.data.drop()
        self.control.need((yield from self.control.final_reply()))

    def break_off(self) -> Steps[None]:
        """End a transfer in its middle; the session goes on where the server plays along."""
        self.data.drop(is_abort=True)
        yield from self._settle()

    # inside

    def _protect(self, tls: TlsWish) -> Steps[None]:
        """AUTH TLS where TLS does not come first, and protection for the data connections."""
        if self.settings.is_explicit:
            reply = yield from self.exchange("AUTH TLS")
            if reply.code not in _TLS_CODES:
                self.drop()
                raise refused(reply)
            yield from self.control.secure(tls, self.settings.connect_ns)
        yield from self.exchange("PBSZ 0")  # a formality, which some servers do not know
        self.control.need((yield from self.exchange("PROT P")), closes=True)
        self._is_protected = True

    def _want_more(self, reply: Reply) -> None:
        if not reply.wants_more:
            self.control.need(reply)  # a good one makes no sense here, and does no harm
            raise refused(reply)

    def _broken(self) -> Steps[FtpError]:
        """The data connection has broken in the middle. What the server says to that goes first."""
        trouble = self.data.stream.trouble
        assert trouble is not None
        error = ended(trouble, FtpWhy.DATA)
        self.data.drop()
        if error.why is FtpWhy.BEARER:
            self.drop()
            return error
        try:
            self.control.need((yield from self.control.final_reply()))
        except FtpError as said:
            return said
        return error

    def _settle(self) -> Steps[None]:
        """Hear what the server says of a transfer that is over."""
        try:
            if self.is_open:
                yield from self.control.final_reply()
        except FtpError:
            pass


__all__ = ["FtpClient", "FtpError", "FtpSettings", "FtpWhy"]
