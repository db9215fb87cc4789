"""What the device had said, and the host had not read when it went on, or when it left.

The record says at a host's write how far it had read by then, where that was not all that had come
(`HostUnread`). Places are counted in bytes of the device's own stream, which the events `Sent` are
together. Of an answer the host has read something, or it has read nothing: only that is a breach.
"""

from collections import deque
from collections.abc import Callable
from typing import Any

from quecsim.judge.conduct_line import LineWatch
from quecsim.judge.conduct_rules import Breach, breach
from quecsim.judge.conduct_upload import looks_like_command
from quecsim.trace import event as ev

_MOST_BREACHES = 100
_MOST_ACKS = 64


class ReadWatch:
    """Follows one upload after the other; `line` knows whether the port loses anything."""

    def __init__(self, line: LineWatch) -> None:
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.HostUnread: self._on_unread,
            ev.HostBytes: self._on_host_bytes,
            ev.HostClosed: self._on_host_closed,
            ev.Sent: self._on_sent,
            ev.Urc: self._on_urc,
            ev.DataBegin: self._on_data_begin,
            ev.Ack: self._on_ack,
            ev.DataEnd: self._on_data_end,
            ev.Power: self._on_power,
        }
        self._line = line
        self._found: list[Breach] = []
        self._read: int | None = None  # None: all that had come
        self._unread_ns = -1
        self._closed_ns = -2
        self._said = 0  # bytes so far
        self._last = 0  # where the words of the last text begin that is no unsolicited one
        self._before = 0  # the same of the text before
        self._upload: ev.DataBegin | None = None  # in data mode, or its answer is to be read
        self._connect = 0
        self._acks: deque[tuple[int, int]] = deque(maxlen=_MOST_ACKS)  # bytes, where its `A` is
        self._has_ended = False
        self._answer: int | None = None  # where the answer begins
        self._told: set[str] = set()  # of this upload

    def breaches(self, end_ns: int) -> list[Breach]:
        """What was broken by whoever left at `end_ns`, in order of time."""
        upload, answer = self._upload, self._answer
        if upload is None or answer is None or not self._has_ended:
            return list(self._found)
        is_known = self._unread_ns in (end_ns, self._closed_ns)  # it may have read since
        if not is_known or not self._is_unread(answer) or "answer" in self._told:
            return list(self._found)
        what = f"the host left, and had read nothing of the answer about {upload.name}"
        return [*self._found, breach("unread-answer", end_ns, what)]

    def _is_unread(self, place: int) -> bool:
        return self._read is not None and self._read <= place

    def _on_unread(self, event: ev.HostUnread) -> None:
        self._read = event.read if event.count else None
        self._unread_ns = event.at_ns

    def _on_host_closed(self, event: ev.HostClosed) -> None:
        self._closed_ns = event.at_ns

    def _on_host_bytes(self, event: ev.HostBytes) -> None:
        upload = self._upload
        if upload is None or self._read is None:
            return
        if self._has_ended:
            self._check_answer(upload, event)
        elif self._is_unread(self._connect) and event.offset >= upload.offset:
            self._tell("CONNECT", event, upload, "file data came, and CONNECT was still unread")
        elif upload.ack and not self._line.is_lossless:
            self._check_ack(upload, event)

    def _check_ack(self, upload: ev.DataBegin, event: ev.HostBytes) -> None:
        ahead = event.offset + len(event.data) - upload.offset
        for received, place in reversed(self._acks):
            if received < ahead and self._is_unread(place):
                what = f"more bytes came, and the A for the first {received} was still unread"
                self._tell("A", event, upload, what)
            if received < ahead:
                return

    def _check_answer(self, upload: ev.DataBegin, event: ev.HostBytes) -> None:
        answer = self._answer
        if answer is not None and self._is_unread(answer) and looks_like_command(event.data):
            what = f"the next command came, and the answer about {upload.name} was still unread"
            self._tell("answer", event, upload, what)

    def _tell(self, what: str, event: ev.HostBytes, upload: ev.DataBegin, text: str) -> None:
        if what in self._told or len(self._found) >= _MOST_BREACHES:
            return
        self._told.add(what)
        at_byte = max(0, event.offset - upload.offset) if what != "answer" else None
        self._found.append(
            breach("unread-answer", event.at_ns, text, at_byte=at_byte, offset=event.offset)
        )

    def _on_sent(self, event: ev.Sent) -> None:
        self._before = self._last
        self._last = self._said + len(event.data) - len(event.data.lstrip(b"\r\n"))
        self._said += len(event.data)
        if self._has_ended and self._answer is None:
            self._answer = self._last

    def _on_urc(self, _event: ev.Urc) -> None:
        """The last text was one: it may come between CONNECT and the data, and need not be read."""
        self._last = self._before

    def _on_data_begin(self, event: ev.DataBegin) -> None:
        self._upload, self._connect = event, self._last
        self._has_ended, self._answer = False, None
        self._acks.clear()
        self._told.clear()

    def _on_ack(self, event: ev.Ack) -> None:
        self._acks.append((event.received, self._last))

    def _on_data_end(self, _event: ev.DataEnd) -> None:
        self._has_ended, self._answer = True, None

    def _on_power(self, event: ev.Power) -> None:
        if event.state in ("off", "booting"):
            self._upload = None
