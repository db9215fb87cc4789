"""A listener's record cut into exchanges: a command line, and all that the device says to it.

What stands between lines is told apart: unsolicited texts, and bytes that belong to nothing. An
exchange is known by the place where its line ends in the host's stream of the record (`key`), also
when the line was said again to another device.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from quecsim.observed.session import GIVEN_UP_NS
from quecsim.trace import event as ev
from quecsim.trace.event import Event

Cue: TypeAlias = tuple[str, int | str, int]
"""Something that a host can wait for: what it is, of which exchange (or its text), and which one
of several.
"""

_BEFORE_BYTES = 256
_LINE_ENDS = b"\r\n"
_OPENED = re.compile(rb"\+QFOPEN: ?(\d{1,10})\b")


@dataclass(slots=True)
class Exchange:
    """`line` is the command line as the host sent it, with its CR, `before` what it had sent right
    before it; `calls` are its commands with
    their forms. `pieces` are what the device said to it, with the times. `result` is the final
    one, `begun` and `summary` are of the data that it took, and so are
    `acks`: from the host's last bytes before each `A` to that. `is_unheard`: nobody knows it.

    `asked_ns` is when the line was over, `sent_ns` when the host sent the last bytes before the
    final result.
    """

    key: int
    line: bytes
    asked_ns: int
    before: bytes = b""
    calls: list[tuple[str, str]] = field(default_factory=list)
    pieces: list[tuple[int, bytes]] = field(default_factory=list)
    result: ev.Result | None = None
    begun: ev.DataBegin | None = None
    summary: ev.DataEnd | None = None
    acks: list[int] = field(default_factory=list)
    is_unheard: bool = False
    sent_ns: int = 0

    @property
    def said(self) -> bytes:
        """All that the device said, the echo too."""
        return b"".join(data for _, data in self.pieces)

    @property
    def stray(self) -> bytes:
        """The echo of what the host had sent before the line, and what was no command."""
        found = self.said[: max(0, self.said.find(self.line))]
        return found if self.before.endswith(found) else b""

    @property
    def echo(self) -> bytes:
        """The line as it came back, with an LF that came back with it; empty: it did not."""
        said, line = self.said[len(self.stray) :], self.line
        if said.startswith(line):
            has_lf = said[len(line) :].startswith((b"\n\r\n", b"\nA"))
            return said[: len(line) + has_lf]
        return b""

    @property
    def reply(self) -> bytes:
        """What the device said, without the echo."""
        return self.said[len(self.stray) + len(self.echo) :]

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the reply, without empty ones and without the final result."""
        told = (line.strip() for line in self.reply.decode("latin-1").splitlines())
        final = self.result.text if self.result is not None else ""
        return tuple(line for line in told if line and line != final)

    @property
    def text(self) -> str:
        """The line as people write it."""
        return self.line.decode("latin-1").rstrip("\r\n")

    @property
    def names(self) -> tuple[str, ...]:
        """Its commands: `+QFUPL`."""
        return tuple(name for name, _ in self.calls)

    @property
    def handle(self) -> int:
        """The number of the file that it has opened, -1 for none."""
        match = _OPENED.search(self.reply)
        return int(match[1]) if match else -1

    @property
    def reply_ns(self) -> int | None:
        """From the line to the first word that is no echo."""
        left = len(self.stray) + len(self.echo)
        for at_ns, data in self.pieces:
            if len(data) > left and data[left:].strip(_LINE_ENDS):
                return at_ns - self.asked_ns
            left = max(0, left - len(data))
        return None

    @property
    def end_ns(self) -> int | None:
        """From the host's last bytes, where it sent data, to the final result."""
        if self.result is None or self.begun is None or self.sent_ns <= self.asked_ns:
            return None
        return self.result.at_ns - self.sent_ns


class Reading:
    """Feed it the events of a listener; `place` says where in the record's stream of the host byte
    `offset` of this one's stands.
    """

    def __init__(self, place: Callable[[int], int] = lambda offset: offset) -> None:
        self.exchanges: dict[int, Exchange] = {}
        self.urcs: list[tuple[int, str]] = []
        self.came: dict[Cue, int] = {}
        self.last_cue: Cue | None = None
        self.host = bytearray()
        self._place = place
        self._by_number: dict[int, Exchange] = {}
        self._by_transfer: dict[int, Exchange] = {}
        self._waiting: deque[Exchange] = deque()
        self._said: list[tuple[int, bytes]] = []  # and it is not known yet in what exchange
        self._before: list[tuple[int, bytes]] = []  # where the last word went
        self._is_cut = False  # that has its CR, and may have its LF behind it
        self._asked_ns = self._heard_ns = 0
        self._host_ns = 0
        self._counts: Counter[str] = Counter()

    def feed(self, events: Iterable[Event]) -> None:
        """These came."""
        for event in events:
            read = _READ.get(type(event))
            if read is not None:
                read(self, event)

    def end(self) -> None:
        """No more events come."""
        self._settle()

    def up_to(self, key: int, at_ns: int) -> "Reading":
        """What was read before a time, and of exchanges up to `key`: for looking only."""
        part = Reading()
        part.exchanges = {one.key: one for one in self.exchanges.values() if one.key <= key}
        part.urcs = [(when_ns, text) for when_ns, text in self.urcs if when_ns < at_ns]
        part.came = dict(self.came)
        return part

    @property
    def open_transfer(self) -> int:
        """The key of the exchange whose data the device takes now, -1 for none."""
        for exchange in self._by_transfer.values():
            if exchange.begun is not None and exchange.summary is None and not exchange.result:
                return exchange.key
        return -1

    def _settle(self) -> None:
        """What was said belongs to the line that waits longest."""
        if self._waiting:
            self._waiting[0].pieces += self._said
        self._said.clear()

    def _cue(self, at_ns: int, kind: str, of: int | str, which: int = 0) -> None:
        cue = kind, of, which
        self.came.setdefault(cue, at_ns)
        self.last_cue = cue

    # the host

    def _host_bytes(self, event: ev.HostBytes) -> None:
        self.host += event.data
        self._host_ns = event.at_ns

    def _line(self, event: ev.CommandLine) -> None:
        line = bytes(self.host[event.offset : event.offset + event.count])
        before = bytes(self.host[max(0, event.offset - _BEFORE_BYTES) : event.offset])
        exchange = Exchange(self._place(event.offset + event.count), line, event.at_ns, before)
        if self._waiting and event.at_ns - max(self._asked_ns, self._heard_ns) >= GIVEN_UP_NS:
            self._settle()
            self._waiting.clear()
        elif not self._waiting:  # an echo that came while the line was not whole yet
            early = b"".join(data for _, data in self._said)
            if early and line.startswith(early):
                exchange.pieces += self._said
            self._said.clear()
        self._asked_ns = event.at_ns
        self.exchanges[exchange.key] = self._by_number[event.number] = exchange
        self._waiting.append(exchange)

    def _called(self, event: ev.Called) -> None:
        if (exchange := self._by_number.get(event.number)) is not None:
            exchange.calls.append((event.name, event.form))

    def _asked(self, event: ev.TransferAsked) -> None:
        if (exchange := self._by_number.get(event.number)) is not None:
            self._by_transfer[event.transfer] = exchange

    # the device

    def _sent(self, event: ev.Sent) -> None:
        self._heard_ns, data = event.at_ns, event.data
        if self._is_cut and not self._said and data.startswith(b"\n"):
            self._before.append((event.at_ns, b"\n"))
            data = data[1:]
        self._is_cut = event.data.endswith(b"\r")
        if data:
            self._said.append((event.at_ns, data))

    def _urc(self, event: ev.Urc) -> None:
        if self._said:
            self._before = [self._said.pop()]  # the last word was no answer
        self.urcs.append((event.at_ns, event.text))
        name = event.text.partition(":")[0]
        self._counts[name] += 1
        self._cue(event.at_ns, "urc", name, self._counts[name])

    def _begun(self, event: ev.DataBegin) -> None:
        if (exchange := self._by_transfer.get(event.transfer)) is not None:
            exchange.begun = event
            self._cue(event.at_ns, "data", exchange.key)

    def _acked(self, event: ev.Ack) -> None:
        if (exchange := self._by_transfer.get(event.transfer)) is not None:
            exchange.acks.append(event.at_ns - self._host_ns)
            self._cue(event.at_ns, "ack", exchange.key, len(exchange.acks))

    def _ended(self, event: ev.DataEnd) -> None:
        if (exchange := self._by_transfer.get(event.transfer)) is not None:
            exchange.summary = event
            if event.summary:
                self._cue(event.at_ns, "summary", exchange.key)

    def _unseen(self, event: ev.Unseen) -> None:
        if (exchange := self._by_transfer.get(event.transfer)) is not None:
            exchange.is_unheard = event.is_unheard

    def _result(self, event: ev.Result) -> None:
        exchange = self._by_number.get(event.number)
        if exchange is None:
            return
        exchange.result, exchange.sent_ns = event, self._host_ns
        exchange.pieces += self._said
        self._said.clear()
        self._before = exchange.pieces
        while self._waiting and self._waiting[0] is not exchange:
            self._waiting.popleft()
        if self._waiting:
            self._waiting.popleft()
        self._cue(event.at_ns, "result", exchange.key)

    def _power(self, event: ev.Power) -> None:
        if event.state == "on":
            self._settle_restart()
            self._counts["start"] += 1
            self._cue(event.at_ns, "start", "", self._counts["start"])

    def _settle_restart(self) -> None:
        """Whatever ran is over; the text that tells of it comes as an unsolicited one."""
        told = self._said.pop() if self._said else None
        self._settle()
        self._waiting.clear()
        if told is not None:
            self._said.append(told)


_READ: dict[type[Any], Callable[[Reading, Any], None]] = {
    ev.HostBytes: Reading._host_bytes,
    ev.CommandLine: Reading._line,
    ev.Called: Reading._called,
    ev.TransferAsked: Reading._asked,
    ev.Sent: Reading._sent,
    ev.Urc: Reading._urc,
    ev.DataBegin: Reading._begun,
    ev.Ack: Reading._acked,
    ev.DataEnd: Reading._ended,
    ev.Unseen: Reading._unseen,
    ev.Result: Reading._result,
    ev.Power: Reading._power,
}
