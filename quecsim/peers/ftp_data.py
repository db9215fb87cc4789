"""The data side of an FTP session: where the next data connection is to be, what goes over it."""

from collections.abc import Callable
from typing import Literal

from quecsim.border import Why
from quecsim.peers.ftp_premises import Premises
from quecsim.peers.ftp_settings import FtpTrouble
from quecsim.peers.ftp_transfer import Incoming, Transfer
from quecsim.peers.service import Output
from quecsim.units import ms

Protection = Literal["C", "P"]
_MOST_UNREAD = 1 << 20  # of a client that sends faster than it is told that it may


class DataSide:
    """One data connection at a time, and one transfer.

    `say(code, text)` replies; `struck(trouble)` hears that a transfer has met its trouble, and
    `done()` that one is over, well or not.
    """

    def __init__(
        self,
        premises: Premises,
        say: Callable[[int, str], None],
        done: Callable[[], None],
        struck: Callable[[FtpTrouble], None],
    ) -> None:
        self._premises = premises
        self._say = say
        self._done = done
        self._struck = struck
        self.protection: Protection = "C"
        self.transfer: Transfer | None = None
        self.number: int | None = None
        self._port: int | None = None  # where it is awaited
        self._place: int | None = None  # where the device is to be called
        self._key: int | None = None  # of the call
        self._asked_ns = 0  # when the transfer was asked for
        self._is_secure = False
        self._has_ended = False  # the client will send no more
        self._received = bytearray()

    # where it is to be

    def await_it(self, *, is_refused: bool) -> int | None:
        """The port at which the client may connect (`is_refused`: it will find nobody there)."""
        self.close()
        port = self._premises.new_port(None if is_refused else self)
        if not is_refused:
            self._port = port
        return port

    def call_it(self, port: int) -> None:
        """The device is to be called there, when there is something to transfer."""
        self.close()
        self._place = port

    @property
    def awaits_tls(self) -> bool:
        """Whether a handshake is what comes next on the connection."""
        return self.protection == "P" and not self._is_secure

    @property
    def unread(self) -> int:
        """How many bytes have come and were not taken."""
        return len(self._received)

    def close(self) -> None:
        """No data connection any more, nor a place for one."""
        if self._port is not None:
            self._premises.ports.pop(self._port, None)
        if self._key is not None:
            self._premises.calls.pop(self._key, None)
        self._end(Why.FIN)
        self._port = self._place = self._key = None
        self._is_secure = self._has_ended = False
        self._received.clear()

    def leave(self) -> None:
        """The session is over."""
        self.transfer = None
        self.close()

    # what happens to the connection

    def connected(self, number: int) -> None:
        """It has come about."""
        if self._port is not None:
            self._premises.ports.pop(self._port, None)
        self._port = self._place = self._key = None
        self.number = number
        self._go_on()

    def not_connected(self) -> None:
        """The device did not take the call."""
        self._fail(425, "The data connection could not be opened.")

    def secured(self) -> None:
        """A handshake has gone well."""
        self._is_secure = True
        self._go_on()

    def receive(self, data: bytes) -> None:
        """Bytes from the client."""
        self._received += data
        if self.awaits_tls:
            self._fail(522, "That is no TLS.")
        elif self.transfer is not None and self.transfer.body.is_out:
            self._received.clear()  # it should not, and nobody reads it
        self._go_on()
        if len(self._received) > _MOST_UNREAD:
            self._fail(426, "That is more than was asked for.")

    def gone(self) -> None:
        """The client has closed it."""
        self.number = None
        self._has_ended = True
        self._go_on()

    # transfers

    def begin(self, transfer: Transfer) -> None:
        """Transfer it, as soon as the connection is there."""
        self.transfer = transfer
        self._asked_ns = self._premises.now_ns
        if self._place is not None:
            self._key = self._premises.call(self, self._place)
            self._place = None
        elif self.number is None and self._port is None and not self._has_ended:
            self._fail(425, "Say PASV or PORT first.")
        self._go_on()

    def abort(self) -> None:
        """The client wants no more of it."""
        self._fail(426, "The transfer was aborted.")

    def deadline_ns(self) -> int | None:
        """When a transfer goes on, or fails, by itself."""
        transfer = self.transfer
        if transfer is None or transfer.is_stalled:
            return None
        settings = self._premises.settings
        if transfer.began_ns is None:
            return self._asked_ns + ms(settings.data_wait_ms)
        gives_up_ns = transfer.progress_ns + ms(settings.data_idle_ms)
        due_ns = transfer.due_ns()
        if due_ns is None or not self._waits_for_time(transfer, due_ns):
            return gives_up_ns
        return min(due_ns, gives_up_ns)

    def _waits_for_time(self, transfer: Transfer, due_ns: int) -> bool:
        """And not for the client: for more of it, or for room."""
        if isinstance(transfer.body, Incoming):
            return bool(self._received)
        return due_ns > self._premises.now_ns

    def advance(self) -> None:
        """Do what is due now."""
        transfer, now_ns = self.transfer, self._premises.now_ns
        settings = self._premises.settings
        if transfer is None or transfer.is_stalled:
            return
        if transfer.began_ns is None:
            if now_ns >= self._asked_ns + ms(settings.data_wait_ms):
                self._fail(425, "The data connection did not come about.")
            return
        self._go_on()
        if now_ns >= transfer.progress_ns + ms(settings.data_idle_ms):
            self._fail(426, "Nothing has gone over the data connection for too long.")

    def ring(self) -> None:
        """A call that nobody has refused up to now is a connection, also where the device's program
        has not heard of it yet: it may wait to be told that the transfer begins.
        """
        if self._key is not None and self.transfer and self._premises.is_through(self._key):
            self._tell(self.transfer)

    def take_output(self, room: int | None) -> list[Output]:
        """What goes over the connection now, and its end."""
        transfer, number = self.transfer, self.number
        if transfer is None or number is None or isinstance(transfer.body, Incoming):
            return []
        if transfer.began_ns is None or transfer.is_stalled:
            return []
        body, now_ns = transfer.body, self._premises.now_ns
        count = transfer.budget(now_ns, body.left if room is None else min(room, body.left))
        data = body.take(count)
        transfer.moves(len(data), now_ns)
        output: list[Output] = [(number, data)] if data else []
        if transfer.is_struck:
            self._strike(transfer)
        elif not body.left:
            self._finish(transfer, 226, "All is there.")
        return output

    def _go_on(self) -> None:
        transfer = self.transfer
        if transfer is None or (self.number is None and not self._has_ended):
            return
        self._tell(transfer)
        if transfer.began_ns is None and not self._begins(transfer):
            return
        if isinstance(transfer.body, Incoming):
            self._take_in(transfer, transfer.body)
        elif self._has_ended:
            self._fail(426, "The data connection was closed.")

    def _tell(self, transfer: Transfer) -> None:
        if not transfer.is_told:
            transfer.is_told = True
            self._say(150, "Here it comes." if transfer.body.is_out else "Send it.")

    def _begins(self, transfer: Transfer) -> bool:
        """Whether it can begin to move, and does."""
        if self.awaits_tls:
            if self._has_ended:
                self._fail(522, "There was no TLS on the data connection.")
            return False
        if self._is_secure and self._premises.settings.session_reuse:
            self._fail(522, "A data connection has to resume the TLS session.")
            return False
        transfer.begin(self._premises.now_ns)
        return True

    def _take_in(self, transfer: Transfer, body: Incoming) -> None:
        now_ns = self._premises.now_ns
        count = transfer.budget(now_ns, len(self._received))
        has_room = body.put(bytes(self._received[:count]))
        del self._received[:count]
        transfer.moves(count, now_ns)
        if not has_room:
            self._fail(self._premises.settings.full_code, "There is no room for more.")
        elif transfer.is_struck:
            self._strike(transfer)
        elif self._has_ended and not self._received and not transfer.is_stalled:
            if body.finish():
                self._finish(transfer, 226, "It is stored.")
            else:
                self._fail(self._premises.settings.full_code, "There is no room for more.")

    def _strike(self, transfer: Transfer) -> None:
        trouble = transfer.trouble
        assert trouble is not None
        if trouble.silent:
            transfer.is_stalled = True
            self._struck(trouble)
            return
        self._end(Why(trouble.data or "fin"))
        if not trouble.said:
            self._say(426, "The data connection was closed.")
        self._struck(trouble)
        self._over()

    def _fail(self, code: int, text: str) -> None:
        """End the transfer, if there is one; and the connection in any case."""
        if self.transfer is None:
            self.close()
        else:
            self._finish(self.transfer, code, text)

    def _finish(self, transfer: Transfer, code: int, text: str) -> None:
        """It is over. What the client still sends is lost, and it hears of that."""
        self._end(Why.FIN if code < 400 or transfer.body.is_out else Why.RESET)
        self._say(code, text)
        self._over()

    def _over(self) -> None:
        self.transfer = None
        self.close()
        self._done()

    def _end(self, why: Why) -> None:
        if self.number is not None:
            self._premises.endings.append((self.number, why))
            self.number = None
