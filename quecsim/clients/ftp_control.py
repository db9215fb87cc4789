"""The control connection of an FTP session: commands out, replies in, and what comes unasked."""

from collections.abc import Callable

from quecsim.at.network import Network, Trouble
from quecsim.border import TlsWish, Why
from quecsim.clients.ftp_error import FtpError, FtpWhy, ended, not_opened, refused
from quecsim.clients.ftp_replies import NoReplyError, Reply, ReplyReader
from quecsim.clients.stream import Steps, Stream

_READ_BYTES = 1024
_MOST_PRELIMINARY = 8  # 1xx replies in a row: a server that goes on so says nothing
_SERVICE_ENDS = 421
_NEVER_IN_A_COMMAND = "\r\n\0"


class FtpControl:
    """One control connection after the other. `answer_ns` bounds each answer.

    `lost(error)` hears when the session ends while no job `is_waiting` for anything: the server
    ends it, or the bearer goes.
    """

    def __init__(self, name: str, network: Network, lost: Callable[[FtpError], None]) -> None:
        self.stream = Stream(name, network, self.look)
        self.host = ""
        self.answer_ns = 0
        self.is_open = False
        self.is_waiting = False
        self._network = network
        self._lost = lost
        self._reader = ReplyReader()

    def open(
        self, host: str, port: int, tls: TlsWish | None, context: int, timeout_ns: int
    ) -> Steps[None]:
        """Connect, and hear the greeting."""
        assert not self.is_open, "a session is open"
        self.host = host
        self._reader.clear()
        trouble = yield from self.stream.open(
            host, port, tls=tls, context=context, timeout_ns=timeout_ns
        )
        if trouble is not None:
            raise not_opened(trouble, self.host)
        self.is_open = True
        self.need((yield from self.final_reply()), closes=True)

    def secure(self, tls: TlsWish, timeout_ns: int) -> Steps[None]:
        """Begin TLS."""
        trouble = yield from self.stream.secure(tls, self.host, timeout_ns=timeout_ns)
        if trouble is not None:
            self.drop()
            raise not_opened(trouble, self.host)

    def drop(self) -> None:
        """Close it, without a word."""
        self.is_open = False
        self.stream.close()

    def send(self, line: str) -> Steps[None]:
        """Send a command. Raises FtpError for what is none."""
        if any(mark in line for mark in _NEVER_IN_A_COMMAND):
            raise FtpError(FtpWhy.PARAMETER)
        self._take(self.stream.take())  # an answer to nothing
        self._reader.replies.clear()
        trouble = self.stream.trouble
        if trouble is None:
            data = line.encode("latin-1", "replace") + b"\r\n"
            trouble = yield from self.stream.write(data, timeout_ns=self.answer_ns)
        if trouble is not None:
            raise self._dead(ended(trouble))

    def exchange(self, line: str) -> Steps[Reply]:
        """Send a command; its final reply, whatever it is."""
        yield from self.send(line)
        return (yield from self.final_reply())

    def final_reply(self) -> Steps[Reply]:
        """The next reply that is not preliminary."""
        for _ in range(_MOST_PRELIMINARY):
            reply = yield from self.reply()
            if not reply.is_preliminary:
                return reply
        raise self._dead(FtpError(FtpWhy.GARBAGE))

    def reply(self) -> Steps[Reply]:
        """The next reply."""
        until_ns = self._network.now_ns + self.answer_ns
        while not self._reader.replies:
            left_ns = max(0, until_ns - self._network.now_ns)
            data = yield from self.stream.read(_READ_BYTES, timeout_ns=left_ns)
            if data is None:
                raise self._dead(FtpError(FtpWhy.TIMEOUT))
            if not data:
                assert self.stream.trouble is not None
                raise self._dead(ended(self.stream.trouble))
            self._take(data)
        return self._reader.replies.popleft()

    def need(self, reply: Reply, *, closes: bool = False) -> Reply:
        """The reply, where it is good. Raises FtpError, and where it `closes` the session is over;
        421 ends it in any case.
        """
        if reply.is_good:
            return reply
        if closes or reply.code == _SERVICE_ENDS:
            self.drop()
        raise refused(reply)

    def look(self) -> None:
        """Something may have come. An end that nobody waits for is told, with the 421 before it."""
        trouble = self.stream.trouble
        if trouble is None or not self.is_open or self.is_waiting:
            return
        error = ended(trouble)
        try:
            self._take(self.stream.take())
        except FtpError as garbage:
            error = garbage
        for reply in self._reader.replies:
            if reply.code == _SERVICE_ENDS:
                error = refused(reply)
        self.drop()
        self._lost(error)

    def _take(self, data: bytes) -> None:
        try:
            self._reader.feed(data)
        except NoReplyError as error:
            trouble = Trouble(Why.RESET, f"the server speaks no FTP: {error}")
            raise self._dead(FtpError(FtpWhy.GARBAGE, trouble=trouble)) from None

    def _dead(self, error: FtpError) -> FtpError:
        """The session cannot go on."""
        self.drop()
        return error
