"""One connection to an HTTP server: requests are read by h11, answers go out in their time."""

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum, auto
from typing import Any

import h11

from quecsim.border import Why
from quecsim.peers.http_answer import Answer, Request
from quecsim.peers.http_settings import HttpSettings
from quecsim.peers.http_site import Site
from quecsim.peers.http_view import MOST_BODY_BYTES, WebRequest
from quecsim.units import S, ms

_FED_BYTES = 4096  # h11 gets no more at once
_STEPS_PER_S = 20  # of a body that takes its time


class State(Enum):
    """What it is at."""

    READING = auto()  # a request, or waiting for one
    WAITING = auto()  # until `since_ns`: the answer is late
    ANSWERING = auto()
    ENDED = auto()  # nothing more is said


class HttpConnection:
    """It asks `site` for its answers. Times as in `quecsim.peers.service.Service`."""

    def __init__(self, now_ns: int, number: int, settings: HttpSettings, site: Site) -> None:
        self._number = number
        self._settings = settings
        self._site = site
        self._came = bytearray()  # h11 has not got it yet
        self._head = bytearray()  # it goes out before anything of the body
        self._ends = Why.FIN
        self._since_ns = now_ns
        self._begin_request(now_ns)

    def _begin_request(self, now_ns: int) -> None:
        self._state = State.READING
        self._since_ns = now_ns
        self._reader = h11.Connection(h11.SERVER, self._settings.head_bytes)
        self._fed_bytes = self._read_bytes = 0  # to h11, and what of it was in its events
        self._request: Request | None = None
        self._body = bytearray()
        self._body_bytes = 0
        self._answer: Answer | None = None

    # what happens to it

    def break_off(self) -> None:
        """It ends with a reset, and nothing more is said."""
        self._state, self._ends = State.ENDED, Why.RESET
        self._head.clear()
        self._came.clear()

    def receive(self, now_ns: int, data: bytes) -> None:
        """Bytes have come."""
        if self._state is State.ENDED or (self._answer is not None and self._answer.ends):
            return
        self._came += data
        if self._state is State.READING:
            self._since_ns = now_ns
            self._read(now_ns)
        if len(self._came) > self._settings.unread_bytes:
            self.break_off()

    @property
    def unread_bytes(self) -> int:
        """Those that wait until an answer is over."""
        return len(self._came)

    def due_ns(self) -> int | None:
        """When it does something by itself."""
        if self._state is State.READING:
            return self._since_ns + ms(self._settings.idle_ms)
        if self._state is State.WAITING:
            return self._since_ns
        if self._state is State.ENDED or self._given_bytes < self._released_bytes:
            return None
        assert self._answer is not None
        rate = self._answer.bytes_per_s
        if rate is None:
            return None
        next_bytes = self._released_bytes + _grain_bytes(rate)
        return self._since_ns - (-next_bytes * S // rate)

    def happen(self, now_ns: int) -> None:
        """What is due."""
        due_ns = self.due_ns()
        if due_ns is None or due_ns > now_ns:
            return
        if self._state is State.WAITING:
            self._begin_answer(now_ns)
        elif self._state is State.ANSWERING:
            self._release(now_ns)
        elif self._request is not None or self._reader.trailing_data[0]:
            self._say(now_ns, self._site.error(now_ns, 408))
        else:
            self._state = State.ENDED

    # requests

    def _read(self, now_ns: int) -> None:
        """Requests out of what has come, until one is to be answered."""
        while self._state is State.READING:
            try:
                event = self._reader.next_event()
            except h11.RemoteProtocolError as error:
                status = 431 if self._has_too_much_beside(None) else error.error_status_hint
                self._say(now_ns, self._site.error(now_ns, status))
                return
            if event is h11.NEED_DATA:
                if not self._came:
                    return
                self._feed()
            elif self._has_too_much_beside(event):
                self._say(now_ns, self._site.error(now_ns, 431))
            elif isinstance(event, h11.Request):
                self._on_request(now_ns, event)
            elif isinstance(event, h11.Data):
                self._on_data(now_ns, bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                self._on_end(now_ns)

    def _feed(self) -> None:
        # Of a request, the first byte alone: h11 objects to one that none can begin with at once
        # or with the whole head, as it comes, and a head that is too long is told as such.
        is_first = self._reader.their_state is h11.IDLE and not self._reader.trailing_data[0]
        data = bytes(self._came[: 1 if is_first else _FED_BYTES])
        del self._came[: len(data)]
        self._fed_bytes += len(data)
        self._reader.receive_data(data)

    def _has_too_much_beside(self, event: Any) -> bool:
        """What h11 has read for an event is longer than a head may be, beside the data in it.

        h11 itself sees that only where it comes in pieces. None: for what it could not read.
        """
        read_bytes = self._fed_bytes - len(self._reader.trailing_data[0])
        beside_bytes = read_bytes - self._read_bytes
        if isinstance(event, h11.Data):
            beside_bytes -= len(event.data)
        self._read_bytes = read_bytes
        return beside_bytes > self._settings.head_bytes

    def _on_request(self, now_ns: int, event: h11.Request) -> None:
        headers = tuple((name.decode(), value.decode("latin-1")) for name, value in event.headers)
        is_1_1 = event.http_version >= b"1.1"
        method, target = event.method.decode(), _path(event.target.decode("latin-1"))
        tokens = ",".join(value.lower() for name, value in headers if name == "connection")
        is_last = not is_1_1 or "close" in (token.strip() for token in tokens.split(","))
        request = self._request = Request(method, target, headers, is_1_1, b"", is_last)
        length = request.header("content-length")
        if length is not None and int(length) > self._settings.body_bytes:
            self._say(now_ns, self._site.error(now_ns, 413, request, is_last=True))
        elif self._reader.they_are_waiting_for_100_continue:
            objection = self._site.objection(now_ns, request)
            if objection is not None:
                self._say(now_ns, objection)
            else:
                self._head += b"HTTP/1.1 100 Continue\r\n\r\n"

    def _on_data(self, now_ns: int, data: bytes) -> None:
        assert self._request is not None
        self._body_bytes += len(data)
        if self._body_bytes > self._settings.body_bytes:
            self._say(now_ns, self._site.error(now_ns, 413, self._request, is_last=True))
        elif self._site.keeps_body(self._request):
            self._body += data
        else:
            self._body += data[: MOST_BODY_BYTES - len(self._body)]

    def _on_end(self, now_ns: int) -> None:
        asked = self._request
        assert asked is not None
        self._came[:0] = self._reader.trailing_data[0]
        request = replace(asked, body=bytes(self._body))
        self._say(now_ns, self._site.answer(now_ns, request))

    # answers

    def _say(self, now_ns: int, answer: Answer) -> None:
        self._answer = answer
        self._note(now_ns, answer)
        self._body.clear()
        self._since_ns = now_ns + answer.delay_ns
        if answer.ends:
            self._came.clear()
        if answer.delay_ns:
            self._state = State.WAITING
        else:
            self._begin_answer(now_ns)

    def _note(self, now_ns: int, answer: Answer) -> None:
        asked = self._request
        self._site.requests.append(
            WebRequest(
                at_ns=now_ns,
                status=answer.status,
                connection=self._number,
                method="" if asked is None else asked.method,
                target="" if asked is None else asked.target,
                headers=() if asked is None else tuple(asked.headers),
                body=bytes(self._body[:MOST_BODY_BYTES]),
                body_bytes=self._body_bytes,
            )
        )

    def _begin_answer(self, now_ns: int) -> None:
        assert self._answer is not None
        self._state = State.ANSWERING
        self._since_ns = now_ns
        self._head += self._answer.head
        self._pieces: Iterator[bytes] | None = self._answer.body
        self._pulled = bytearray()
        self._given_bytes = self._released_bytes = 0  # of a body that takes its time

    def _release(self, now_ns: int) -> None:
        """So much of the body may have gone out by now, counted from its beginning."""
        assert self._answer is not None
        rate = self._answer.bytes_per_s
        if rate is not None:
            grain_bytes = _grain_bytes(rate)
            steps = (now_ns - self._since_ns) * rate // (grain_bytes * S)
            self._released_bytes = steps * grain_bytes

    def take(self, now_ns: int, room: int) -> list[bytes | Why]:
        """What goes to the client: no more bytes than `room`, and behind all of it how it ends."""
        output: list[bytes | Why] = []
        while True:
            data = bytes(self._head[:room])
            del self._head[: len(data)]
            if self._state is State.ANSWERING and not self._head:
                data += self._take_body(now_ns, room - len(data))
            if data:
                output.append(data)
                room -= len(data)
            if self._state is State.ENDED and not self._head:
                return [*output, self._ends]
            if self._state is not State.ANSWERING or self._head or self._has_more():
                return output
            self._finish(now_ns)

    def _take_body(self, now_ns: int, room: int) -> bytes:
        assert self._answer is not None
        self._release(now_ns)
        if self._answer.bytes_per_s is not None:
            room = min(room, self._released_bytes - self._given_bytes)
        while self._pieces is not None and len(self._pulled) <= room:
            piece = next(self._pieces, None)
            if piece is None:
                self._pieces = None
            else:
                self._pulled += piece
        data = bytes(self._pulled[:room])
        del self._pulled[: len(data)]
        self._given_bytes += len(data)
        return data

    def _has_more(self) -> bool:
        return self._pieces is not None or bool(self._pulled)

    def _finish(self, now_ns: int) -> None:
        """All of the answer is out: the end, or the next request, which may have come already."""
        assert self._answer is not None
        if self._answer.ends is not None:
            self._state, self._ends = State.ENDED, self._answer.ends
            return
        self._begin_request(now_ns)
        self._read(now_ns)


def _grain_bytes(rate: int) -> int:
    """How much of a body goes out at once, at `rate` bytes a second."""
    return max(1, rate // _STEPS_PER_S)


def _path(target: str) -> str:
    """The target without scheme and host, if it has them."""
    if target.startswith("/") or "://" not in target:
        return target
    path = target.partition("://")[2].partition("/")[2]
    return f"/{path}"
