"""One client of the control socket: what it has sent, what it has not read yet, what it waits for.

It never holds the device up: little is done for it in one turn, and a client that does not read is
not read from, and gets no more events, until it does. Events that have gone from the log meanwhile
are told as a number.
"""

import contextlib
import select
import socket
import time
from dataclasses import dataclass

import msgspec

from quecsim.errors import QuecsimError
from quecsim.live.control import protocol as say
from quecsim.live.control.answers import Greet, answer, refusal
from quecsim.run.actions import DeviceActions
from quecsim.run.event_search import event_pattern, find_event
from quecsim.trace.event import Event
from quecsim.trace.log import EventLog
from quecsim.trace.pattern import EventPattern

_READ_BYTES = 64 << 10
_UNREAD_BYTES = 256 << 10  # so much waits for a client; with more, it has to read first
_REQUESTS_A_TURN = 8
_EVENTS_A_TURN = 500
_MOST_WAITS = 16


@dataclass(slots=True)
class _Waiting:
    request: say.WaitFor
    pattern: EventPattern
    number: int  # of the next event to look at


@dataclass(slots=True)
class _Stream:
    request: say.Events
    number: int
    end: int | None  # the number to stop before; None: it follows


class Session:
    """A connected client. `serve` it when its socket is ready, or events have come."""

    def __init__(
        self, client: socket.socket, device: DeviceActions, log: EventLog, greet: Greet
    ) -> None:
        self.socket = client
        self.is_over = False
        self._device = device
        self._log = log
        self._greet = greet
        self._input = bytearray()
        self._output = bytearray()
        self._waits: list[_Waiting] = []
        self._stream: _Stream | None = None
        self._has_said_all = False  # it will send no more

    @property
    def wants_read(self) -> bool:
        """It may send more."""
        return not self._has_said_all and not self._is_full and not self._has_line

    @property
    def wants_write(self) -> bool:
        """There is something for it, or there will be, once it reads."""
        return bool(self._output) or self._has_line or self._is_behind

    @property
    def is_waiting(self) -> bool:
        """It is to be told of events."""
        return bool(self._waits) or self._stream is not None

    def serve(self) -> None:
        """Read, answer and write what is possible without waiting."""
        try:
            if self.wants_read:
                self._read()
            self._answer_lines()
            self._tell_events()
            self._write()
        except OSError:  # it is gone
            self.is_over = True
        if self._has_said_all and not self.wants_write:
            self.is_over = True

    def end(self, end_s: float) -> None:
        """The simulator ends: what is to be said is said, if it can be by `end_s`."""
        self._has_said_all = True
        with contextlib.suppress(OSError):
            self._say_rest(end_s)
        for waiting in self._waits:
            failure = say.Failure(
                "ended", f"the simulator ended before there was {waiting.pattern}"
            )
            self._output += say.bad(waiting.request.id, failure)
        with contextlib.suppress(OSError):
            self._write()
        self.socket.close()

    def _say_rest(self, end_s: float) -> None:
        """To a client who is behind, and reads."""
        poll = select.poll()
        poll.register(self.socket, select.POLLOUT)
        while True:
            self._tell_events()
            self._write()
            if not self._output and not self._is_behind:
                return
            left_ms = max(0.0, end_s - time.monotonic()) * 1000
            if not poll.poll(left_ms):
                return

    @property
    def _is_full(self) -> bool:
        return len(self._output) >= _UNREAD_BYTES

    @property
    def _has_line(self) -> bool:
        return b"\n" in self._input

    @property
    def _is_behind(self) -> bool:
        stream = self._stream
        return stream is not None and stream.number < self._log.next_number

    def _read(self) -> None:
        try:
            data = self.socket.recv(_READ_BYTES)
        except BlockingIOError:
            return
        if not data:
            self._has_said_all = True
            data = b"\n" if self._input else b""  # the last line's end may be missing
        self._input += data

    def _write(self) -> None:
        while self._output:
            try:
                sent = self.socket.send(self._output)
            except BlockingIOError:
                return
            del self._output[:sent]

    def _answer_lines(self) -> None:
        for _ in range(_REQUESTS_A_TURN):
            line, newline, rest = self._input.partition(b"\n")
            if len(line) > say.MOST_REQUEST_BYTES:
                self._give_up()
                return
            if not newline or self._is_full:
                return
            self._input = rest
            if line.strip():
                self._answer(bytes(line))

    def _give_up(self) -> None:
        """What comes is no protocol."""
        text = f"a request has at most {say.MOST_REQUEST_BYTES} bytes, and ends with a newline"
        self._output += say.bad(None, say.Failure("bad_request", text))
        self._input.clear()
        self._has_said_all = True

    def _answer(self, line: bytes) -> None:
        try:
            request = say.read_request(line)
            if isinstance(request, say.WaitFor):
                self._begin_wait(request)
            elif isinstance(request, say.Events):
                self._begin_stream(request)
            else:
                self._output += answer(request, self._device, self._greet)
        except say.RequestError as error:
            self._output += say.bad(error.id, error.failure)

    def _begin_wait(self, request: say.WaitFor) -> None:
        if len(self._waits) >= _MOST_WAITS:
            raise say.RequestError(_busy("this connection waits for enough already"), request.id)
        try:
            pattern = event_pattern(request.event, request.fields)
        except QuecsimError as error:
            raise say.RequestError(refusal(error), request.id) from None
        self._waits.append(_Waiting(request, pattern, self._number(request.since)))

    def _begin_stream(self, request: say.Events) -> None:
        if self._stream is not None:
            raise say.RequestError(_busy("this connection has its events already"), request.id)
        end = None if request.follow else self._log.next_number
        self._stream = _Stream(request, self._number(request.since), end)

    def _number(self, since: say.Place) -> int:
        if isinstance(since, int):
            return max(since, 0)
        return self._log.next_number if since == "now" else 0

    def _tell_events(self) -> None:
        """Events that it waits for, and those that it wants to see."""
        for waiting in list(self._waits):
            found = find_event(self._log, waiting.pattern, waiting.number)
            waiting.number = self._log.next_number
            if found is not None:
                self._output += say.good(waiting.request, _numbered(*found))
                self._waits.remove(waiting)
        if self._stream is not None and not self._is_full:
            self._tell_stream(self._stream)

    def _tell_stream(self, stream: _Stream) -> None:
        log, request = self._log, stream.request
        missed = log.first_number - stream.number
        if missed > 0:
            self._output += say.good(request, {"missed": missed}, more=True)
            stream.number = log.first_number
        end = log.next_number if stream.end is None else stream.end
        stop = min(end, stream.number + _EVENTS_A_TURN)
        for number, event in log.since(stream.number):
            if number >= stop or self._is_full:
                break
            self._output += say.good(request, _numbered(number, event), more=True)
            stream.number = number + 1
        if stream.end is not None and stream.number >= stream.end:
            self._output += say.good(request, {"next": stream.number})
            self._stream = None


def _numbered(number: int, event: Event) -> msgspec.Raw:
    """An event as in a trace, with its number before all else."""
    return msgspec.Raw(b'{"event_number":%d,' % number + msgspec.json.encode(event)[1:])


def _busy(text: str) -> say.Failure:
    return say.Failure("busy", text, "open another connection")
