"""How long the device took no more of a connection: its window was full, and the other side waited.

What a device has received and not made up for by a credit counts against the window
(`quecsim.border.CREDIT_BYTES`); where too little is left for one more segment, it is full. That is
nobody's loss: the bytes wait. But somebody waits for them, and the report says what for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from quecsim.border import CREDIT_BYTES
from quecsim.trace import event as ev

_MOST_LINKS = 1000
_SEGMENT_BYTES = 1360  # less is as good as nothing
_HELD = "the host held the device back"
_FLASH = "the flash was busy"
_LINE = "the serial line takes no more"


@dataclass(slots=True)
class _Window:
    left_bytes: int = CREDIT_BYTES
    full_since_ns: int | None = None
    full_ns: int = 0
    because: str = ""


@dataclass(frozen=True, slots=True)
class Full:
    """A window that was full for `full_ns` in all; `because` says what the first time was about."""

    full_ns: int
    because: str


class Windows:
    """Feed it the events of a run by its `handlers`; `of` tells of a link."""

    def __init__(self) -> None:
        self._windows: dict[int, _Window] = {}
        self._data_of = ""  # the command whose data mode it is
        self._is_held = False
        self._now_ns = 0
        self._flash_until_ns = -1
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.LinkReceived: self._on_received,
            ev.LinkCredit: self._on_credit,
            ev.LinkShut: self._on_over,
            ev.LinkClosed: self._on_over,
            ev.DataBegin: self._on_data_begin,
            ev.DataEnd: self._on_data_end,
            ev.HostReady: self._on_ready,
            ev.FlashBusy: self._on_flash,
        }

    def of(self, link: int) -> Full:
        """As things stand."""
        window = self._windows.get(link)
        if window is None:
            return Full(0, "")
        running_ns = 0
        if window.full_since_ns is not None:
            running_ns = self._now_ns - window.full_since_ns
        return Full(window.full_ns + running_ns, window.because)

    def _on_received(self, event: ev.LinkReceived) -> None:
        self._now_ns = event.at_ns
        window = self._windows.setdefault(event.link, _Window())
        if len(self._windows) > _MOST_LINKS:  # the oldest are over for long
            del self._windows[next(iter(self._windows))]
        window.left_bytes -= event.count
        if window.left_bytes < _SEGMENT_BYTES and window.full_since_ns is None:
            window.full_since_ns = event.at_ns
            window.because = window.because or self._reason(event.at_ns)

    def _on_credit(self, event: ev.LinkCredit) -> None:
        self._now_ns = event.at_ns
        window = self._windows.get(event.link)
        if window is not None:
            window.left_bytes += event.count
            if window.left_bytes >= _SEGMENT_BYTES:
                self._end(window, event.at_ns)

    def _on_over(self, event: ev.LinkShut | ev.LinkClosed) -> None:
        self._now_ns = event.at_ns
        window = self._windows.get(event.link)
        if window is not None:
            self._end(window, event.at_ns)

    @staticmethod
    def _end(window: _Window, at_ns: int) -> None:
        if window.full_since_ns is not None:
            window.full_ns += at_ns - window.full_since_ns
            window.full_since_ns = None

    def _reason(self, at_ns: int) -> str:
        if self._is_held:
            return _HELD
        if at_ns <= self._flash_until_ns:
            return _FLASH
        return f"the data of AT{self._data_of} had the port" if self._data_of else _LINE

    def _on_flash(self, event: ev.FlashBusy) -> None:
        self._flash_until_ns = event.until_ns

    def _on_data_begin(self, event: ev.DataBegin) -> None:
        self._data_of = event.command

    def _on_data_end(self, _event: ev.DataEnd) -> None:
        self._data_of = ""

    def _on_ready(self, event: ev.HostReady) -> None:
        self._is_held = not event.ready
