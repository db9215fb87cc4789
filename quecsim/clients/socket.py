"""A socket of a device: one connection, or one place to be called at, from AT+QIOPEN to AT+QICLOSE.

Commands call it, its link tells it, and the host hears of it by unsolicited result codes, or over
the serial line itself where that is the connection (transparent mode).
"""

from collections.abc import Callable
from functools import partial

from quecsim.at.network import Network, Trouble
from quecsim.at.results import Tcpip
from quecsim.border import Data, Incoming, Opened, TlsWish, Why
from quecsim.clients.socket_calls import PendingCalls
from quecsim.clients.socket_inbox import SocketInbox, Source
from quecsim.clients.socket_state import (
    HAS_DATAGRAMS,
    IS_CALLED,
    TRANSITIONS,
    Kind,
    Mode,
    Plan,
    Service,
    SocketSettings,
    State,
    Step,
)
from quecsim.clients.socket_voice import SocketVoice, cause_of
from quecsim.clients.stream import NO_ROOM, TOO_LATE
from quecsim.profiles.schema import Errors, Sockets
from quecsim.units import S

_NO_PLAN = Plan(Service.TCP, "", 0)
_DATAGRAM_BYTES = 1 << 16


class Socket:
    """Socket `number` of a `kind`. `settings()` gives what AT+QICFG says at the moment,
    `vacant(server)` a free socket for a call of a listener.

    `attempt` is how often it was opened; `trouble` says why it is over, or did not come about.
    `sent_bytes` and `acknowledged_bytes` count what has gone out, `inbox` has what came in. A
    transparent socket is on line while `session` is not 0; each session has a number of its own.
    """

    def __init__(
        self,
        kind: Kind,
        number: int,
        network: Network,
        profile: Sockets,
        errors: Errors,
        settings: Callable[[], SocketSettings],
        vacant: "Callable[[Socket], Socket | None]",
    ) -> None:
        self.name = f"{kind.words} {number}"
        self.kind, self.number = kind, number
        self.state = State.INITIAL
        self.plan = _NO_PLAN
        self.mode = Mode.BUFFER
        self.attempt = 0
        self.trouble: Trouble | None = None
        self.address, self.local_port = "", 0
        self.inbox = SocketInbox(has_datagrams=False)
        self.sent_bytes = self.acknowledged_bytes = 0
        self.session = 0
        self._sessions = 0
        self._network = network
        self._profile = profile
        self._voice = SocketVoice(self, kind, number, network, errors)
        self.pending = PendingCalls(network, self._voice)
        self._settings = settings
        self._vacant = vacant
        self._link = 0
        self._due_ns: int | None = None
        self._has_told = False  # that there is something to fetch

    # what commands ask for: opening

    def begin_open(self, plan: Plan) -> int:
        """The host wants it; returns the number of this attempt."""
        self._move(Step.OPEN)
        self._begin(plan)
        return self.attempt

    def open(self, attempt: int, tls: TlsWish | None) -> None:
        """Everything for the connection is at hand; unless somebody has closed it meanwhile."""
        if not self.is_opening(attempt):
            return
        if not self._network.has_room:
            self.failed(0, NO_ROOM)
            return
        plan = self.plan
        handshake_ns = 0 if tls is None else tls.negotiate_ns
        timeout_s = plan.timeout_s or self._profile.open_s
        self._due_ns = self._network.now_ns + timeout_s * S + handshake_ns
        protocol = "udp" if plan.service in HAS_DATAGRAMS else "tcp"
        if plan.service in IS_CALLED:
            self._link = self._network.listen(
                self, plan.local_port, protocol, self._called, plan.context
            )
            return
        taken = None if plan.service in HAS_DATAGRAMS else self._taken
        self._link = self._network.open(
            self, plan.host, plan.port, protocol, tls, plan.context, taken
        )

    def is_opening(self, attempt: int) -> bool:
        """Whether that attempt still goes on."""
        return self.state is State.OPENING and self.attempt == attempt

    def give_up(self, attempt: int, trouble: Trouble) -> None:
        """That attempt ends before there is a link."""
        if self.is_opening(attempt):
            self.failed(0, trouble)

    def refuse(self, cause: Tcpip) -> None:
        """The host cannot have it, and hears so later."""
        self._voice.result(cause)

    def cause(self) -> Tcpip:
        """The result of TCP/IP that its trouble is."""
        assert self.trouble is not None
        return cause_of(self.trouble, self.plan.host, self._profile)

    # what commands ask for: the connection

    @property
    def has_datagrams(self) -> bool:
        """It sends and receives datagrams."""
        return self.plan.service in HAS_DATAGRAMS

    @property
    def room_bytes(self) -> int:
        """How much may be sent now."""
        if self.has_datagrams:
            return _DATAGRAM_BYTES
        waiting = self.sent_bytes - self.acknowledged_bytes
        return max(0, min(self._profile.send_bytes - waiting, self._network.room(self._link)))

    def send(self, data: bytes, to: Source | None = None) -> None:
        """Send `data`, no more than there is room for; a UDP service sends it `to` somebody."""
        assert self.state is State.CONNECTED
        assert len(data) <= self.room_bytes
        self.sent_bytes += len(data)
        if self.has_datagrams:  # nobody acknowledges them
            self.acknowledged_bytes += len(data)
        self._network.send(self._link, data, to)

    def tell_full(self, command: str) -> None:
        """Put on record that there was no room for what the host wanted to send."""
        self._voice.tell(command, Tcpip.WRITE_FAILED, self._link)

    def fetch(self, most: int) -> tuple[bytes, Source | None]:
        """What the host reads (AT+QIRD)."""
        data, source = self._take(most)
        if data:
            self._network.fetched(self, len(data))
        is_over = not data if self._profile.tells_again == "read_zero" else not self.inbox.has_any
        if is_over:
            self._has_told = False
        return data, source

    def switch(self, mode: Mode) -> None:
        """Hand over in another way from now on (AT+QISWTMD)."""
        self.mode = mode
        if self._has_told and self.inbox.unread:
            self._network.fetched(self, self.inbox.unread)
        self._has_told = False
        if self.inbox.has_any:
            self._hand_over()

    def close(self) -> bool:
        """The host wants no more of it; True where the other side has to know that first.

        Then it is free when it does, or with `abort`.
        """
        if self.state is State.CONNECTED and not self.has_datagrams:
            self._move(Step.LEAVE)
            self._network.leave(self._link, self._left)
            self._end_session()
            return True
        if self.state is State.CLOSING and self._link:
            return True
        self.abort()
        return False

    def abort(self) -> None:
        """It is free, at once."""
        if self.state is not State.INITIAL:
            is_abort = self.plan.service not in IS_CALLED and not self.has_datagrams
            self._network.shut(self._link, is_abort=is_abort)
            self._free()

    # transparent mode

    def go_on_line(self) -> int:
        """The serial line is the connection from now on; returns the number of the session."""
        assert self.mode is Mode.TRANSPARENT
        self._sessions += 1
        self.session = self._sessions
        return self.session

    def go_off_line(self) -> None:
        """The serial line is one for commands."""
        self._end_session()
        if self.state is State.CLOSING and self._settings().frees_itself:
            self._free()

    @property
    def down_name(self) -> str:
        """By that name the job hears of what has come for a session."""
        return f"{self.name}, down"

    def take_down(self, most: int) -> bytes:
        """What goes to the host next. When there is no more of a connection that is gone, its
        session is over.
        """
        data, _ = self.inbox.take(most)
        if not data and self.state is not State.CONNECTED:
            self._network.hang_up(self.name)
        return data

    def has_gone_down(self, count: int) -> None:
        """So many bytes are in the transmitter."""
        self._network.credit(self._link, count)

    # calls

    def vacant(self) -> "Socket | None":
        """A free socket that can take up a call of this one."""
        return self._vacant(self)

    def answer(self, socket: "Socket") -> Incoming:
        """`socket` takes up the call that waits longest."""
        call = self.pending.take()
        socket._take_up(self, call)
        return call

    def turn_away(self) -> None:
        """The call that waits longest is not taken up."""
        self._network.refuse(self._link, self.pending.take().caller)

    def _take_up(self, server: "Socket", call: Incoming) -> None:
        self._move(Step.CALLED)
        plan = Plan(
            Service.INCOMING,
            call.address,
            call.port,
            server.local_port,
            server.mode,
            server.plan.context,
            server=server.number,
        )
        self._begin(plan)
        self.address, self.local_port = call.address, server.local_port
        self._link = self._network.accept(self, server._link, call.caller, self._taken)

    def _called(self, news: Incoming | Data) -> None:
        if isinstance(news, Data):
            self._receive(news.data, news.source)
            return
        if not self._settings().accepts:
            self.pending.keep(self._link, news)
            return
        vacant = self.vacant() if self._network.has_room else None
        if vacant is None:
            self.pending.refuse_full(self._link, news)
            return
        vacant._take_up(self, news)
        self._voice.incoming(vacant.number, news)

    # what the link tells (quecsim.at.network.Client)

    def opened(self, link: int, opened: Opened) -> None:  # noqa: ARG002 - its own link alone
        """The connection has come about, or the device can be called."""
        is_listener = self.plan.service is Service.LISTENER
        self._move(Step.LISTENS if is_listener else Step.OPENED)
        self._due_ns = None
        self.address = opened.peer or self.plan.host
        self.local_port = self.plan.local_port or opened.port
        self._told_of_opening(Tcpip.NONE, self._link, None)

    def failed(self, link: int, trouble: Trouble) -> None:
        """It has not."""
        self._move(Step.FAILED)
        self.trouble = trouble
        self._told_of_opening(self.cause(), link, trouble)
        self._forget()

    def received(self, link: int, data: bytes) -> None:  # noqa: ARG002
        """Bytes, or a datagram, from the other side."""
        self._receive(data, None)

    def closed(self, link: int, trouble: Trouble) -> None:
        """The other side is gone, or what the connection ran over. What has come can be read."""
        self._move(Step.LOST)
        self.trouble, self._link = trouble, 0
        self.pending.clear()
        is_silent = trouble.why is Why.UNREACHABLE and not self._profile.tells_context_lost
        self._voice.closed(link, trouble, is_said=not (is_silent or self.session))
        self._wake()
        if self.session:
            self._wake_down()  # the host has NO CARRIER, behind all that has come
        elif self._settings().frees_itself:
            self._free()

    def deadline_ns(self) -> int | None:
        """When nobody will have answered."""
        return self._due_ns

    def on_time(self) -> None:
        """Nobody has."""
        link = self._link
        self._network.shut(link, is_abort=True)
        self.failed(link, TOO_LATE)

    def _taken(self, count: int) -> None:
        self.acknowledged_bytes += count
        self._wake()

    # inside

    def _begin(self, plan: Plan) -> None:
        self.attempt += 1
        self.plan, self.mode, self.trouble = plan, plan.mode, None
        self.address, self.local_port = plan.host, plan.local_port
        self.inbox = SocketInbox(has_datagrams=self.has_datagrams)
        self.sent_bytes = self.acknowledged_bytes = 0
        self._has_told = False

    def _receive(self, data: bytes, source: Source | None) -> None:
        self.inbox.put(data, source)
        self._hand_over()

    def _hand_over(self) -> None:
        if self.mode is Mode.TRANSPARENT:
            self._wake_down()
        elif self.mode is Mode.PUSH:
            while self.inbox.has_any:
                self._push()
        elif not self._has_told:
            self._has_told = True
            self._voice.received(self.inbox.unread if self._settings().tells_length else None)

    def _push(self) -> None:
        data, source = self.inbox.take(self._profile.push_bytes)
        made_up_for = partial(self._network.credit, self._link, len(data))
        self._voice.pushed(data, source, self._settings(), made_up_for)

    def _take(self, most: int) -> tuple[bytes, Source | None]:
        data, source = self.inbox.take(most)
        self._network.credit(self._link, len(data))
        return data, source

    def _told_of_opening(self, cause: Tcpip, link: int, trouble: Trouble | None) -> None:
        is_waited_for = self.mode is Mode.TRANSPARENT
        self._voice.result(cause, link, trouble, is_said=not is_waited_for)
        if is_waited_for:
            self._wake()

    def _left(self) -> None:
        self._free()
        if self._settings().is_late and self._profile.tells_late_close:
            self._voice.ended()

    def _free(self) -> None:
        """Nothing is left of it."""
        if self.state is not State.INITIAL:
            self._move(Step.FREED)
        self._forget()
        self._wake()

    def _forget(self) -> None:
        self._end_session()
        self.mode, self._link, self._due_ns = Mode.BUFFER, 0, None
        self.attempt += 1
        self.pending.clear()

    def _end_session(self) -> None:
        if self.session:
            self.session = 0
            self._wake_down()

    def _move(self, step: Step) -> None:
        self.state = TRANSITIONS[self.state, step]

    def _wake(self) -> None:
        self._network.wake(self.name)

    def _wake_down(self) -> None:
        self._network.wake(self.down_name)
