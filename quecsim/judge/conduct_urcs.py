"""The host and what it is told unasked: does it throw that away unread, or leave it where it is?
And what does it send behind the data that it was asked for?

What a host throws away is known in virtual time only (`HostFlushed`). Places are counted in bytes
of the device's own stream, which the events `Sent` are together.
"""

import re
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from quecsim.judge.conduct_rules import Breach, breach
from quecsim.report.codes import LOSSES, said_as
from quecsim.report.verdict import bytes_text
from quecsim.trace import event as ev
from quecsim.trace.eaten import EatenWhy
from quecsim.trace.kinds import PROTOCOL_DOWNLOAD, UPLOADS
from quecsim.units import S

_MOST_BREACHES = 100
_MOST_TOLD = 256
_MOST_RESULTS = 256
_MOST_SOCKETS = 64
_PATIENCE_NS = S  # nobody has to read what comes as he leaves
_WAITS = re.compile(r'(\+QIURC|\+QSSLURC): "recv",(\d+)(?:,\d+)?')
_OWNERS = {"+QIURC": "socket", "+QSSLURC": "TLS socket"}
_NEWS = (*LOSSES, "+QMTRECV")  # what comes unasked, and only once
_SURPLUS = (EatenWhy.SURPLUS, EatenWhy.NO_COMMAND)
_ENDERS = b" \t\r\n\x1a\xff\x00"  # what hosts put behind their data, and devices pass over
_OTHERS = (*UPLOADS, PROTOCOL_DOWNLOAD)  # other rules look after these


class _Told(NamedTuple):
    """A result code, and where in the device's stream it begins."""

    place: int
    text: str


class UrcWatch:
    """Feed it the events of a run by its `handlers`."""

    def __init__(self) -> None:
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.Sent: self._on_sent,
            ev.Urc: self._on_urc,
            ev.ClientResult: self._on_result,
            ev.HostFlushed: self._on_flushed,
            ev.ClientFetched: self._on_fetched,
            ev.Power: self._on_power,
            ev.DataBegin: self._on_data_begin,
            ev.DataEnd: self._on_data_end,
            ev.CommandLine: self._on_command_line,
            ev.Eaten: self._on_eaten,
        }
        self._found: list[Breach] = []
        self._said = 0
        self._told: deque[_Told] = deque(maxlen=_MOST_TOLD)
        self._awaited: deque[str] = deque(maxlen=_MOST_RESULTS)  # commands whose result is due
        self._waiting: dict[str, int] = {}  # since when the host knows, by socket
        self._data: ev.DataBegin | None = None
        self._ended: tuple[str, int] | None = None  # the command, and the byte behind its data

    def breaches(self) -> list[Breach]:
        """What was broken, in order of time."""
        return list(self._found)

    def _add(self, rule: str, at_ns: int, text: str, offset: int | None = None) -> None:
        if len(self._found) < _MOST_BREACHES:
            self._found.append(breach(rule, at_ns, text, offset=offset))

    # what the host is told

    def _on_sent(self, event: ev.Sent) -> None:
        self._said += len(event.data)

    def _on_result(self, event: ev.ClientResult) -> None:
        self._awaited.append(said_as(event.command))

    def _on_urc(self, event: ev.Urc) -> None:
        command = event.text.partition(":")[0]
        is_awaited = command in self._awaited
        if is_awaited:
            self._awaited.remove(command)
        if is_awaited or command in _NEWS:
            self._told.append(_Told(self._said - len(event.text) - 2, event.text))

        if waits := _WAITS.fullmatch(event.text):
            name = f"{_OWNERS[waits[1]]} {waits[2]}"
            if len(self._waiting) < _MOST_SOCKETS:
                self._waiting.setdefault(name, event.at_ns)

    def _on_fetched(self, event: ev.ClientFetched) -> None:
        self._waiting.pop(event.client, None)

    def _on_power(self, event: ev.Power) -> None:
        if event.state in ("off", "booting"):
            self._waiting.clear()

    def unread(self, left_ns: int) -> list[Breach]:
        """What a host that ended at `left_ns`, and says that all went well, has left unread."""
        return [
            breach(
                "unread-data", told_ns, f"{name} had something for the host, which never read it"
            )
            for name, told_ns in self._waiting.items()
            if told_ns + _PATIENCE_NS <= left_ns
        ]

    def _on_flushed(self, event: ev.HostFlushed) -> None:
        for told in self._told:
            if event.read <= told.place < event.read + event.count:
                head = told.text.splitlines()[0][:80]
                what = f"the host threw away {bytes_text(event.count)} unread, {head!r} among them"
                self._add("flushed-result", event.at_ns, what)
                break
        while self._told and self._told[0].place < event.read + event.count:
            self._told.popleft()

    # what the host sends behind what it was asked for

    def _on_data_begin(self, event: ev.DataBegin) -> None:
        self._data, self._ended = event, None

    def _on_data_end(self, event: ev.DataEnd) -> None:
        begun, self._data = self._data, None
        if begun is not None and begun.command not in _OTHERS and event.why in ("size",):
            self._ended = begun.command, event.offset

    def _on_command_line(self, _event: ev.CommandLine) -> None:
        self._ended = None

    def _on_eaten(self, event: ev.Eaten) -> None:
        if self._ended is None or event.why not in _SURPLUS or event.offset < self._ended[1]:
            return
        command, _ = self._ended
        if event.data.strip(_ENDERS):
            what = f"{bytes_text(len(event.data))} more came than AT{command} had asked for"
            self._add("more-than-asked", event.at_ns, what, event.offset)
            self._ended = None
