"""The host and the clients of the network: does it wait for prompts and results, and heed them?

A command counts from when the last byte of its line was written. A result is known to the host
100 ms after its unsolicited result code was sent; one that was dropped on the way is never known.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from quecsim.flash.labels import label_of
from quecsim.judge.conduct_end import after
from quecsim.judge.conduct_rules import Breach, breach
from quecsim.report.codes import (
    ENDINGS,
    INTRODUCTIONS,
    LOSSES,
    OPENINGS,
    REQUESTS,
    meaning,
    said_as,
)
from quecsim.report.verdict import bytes_text
from quecsim.trace import event as ev
from quecsim.trace.kinds import PROTOCOL_DOWNLOAD, UPLOADS
from quecsim.units import ms

_MOST_BREACHES = 100
_MOST_CLIENTS = 100
_MOST_WRITES = 64
_MOST_RESULTS = 256
_MOST_NAMES = 1000
_HEAD_BYTES = 2048
_BLANK = b" \t\r\n"
_REACTION_NS = ms(100)  # what comes sooner may have been written before the result was read
_AWAITED = (*OPENINGS, *INTRODUCTIONS, *REQUESTS)
_OF_SOCKETS = ("+QIURC", "+QSSLURC")  # which have more to tell
_BEGINNINGS = tuple(each for each in _AWAITED if not each.startswith("+QHTTPREAD"))
_OTHERS_PROTOCOL = (*UPLOADS, PROTOCOL_DOWNLOAD)  # other rules look after these


class _Write(NamedTuple):
    """The beginning of what the host wrote at once; `end` is the offset behind all of it."""

    at_ns: int
    offset: int
    end: int
    head: bytes

    def solid_from(self, offset: int) -> bool:
        """Something that is not blank was written from `offset` on."""
        return bool(self.head[max(0, offset - self.offset) :].strip(_BLANK))

    def is_command_from(self, offset: int) -> bool:
        """What was written from `offset` on begins as commands do."""
        text = self.head[max(0, offset - self.offset) :].lstrip(_BLANK)
        return text[:2].upper() in (b"AT", b"A/", b"A")


@dataclass(slots=True)
class _Client:
    """What the host waits for, and what came of that."""

    pending: ev.ClientAsked | None = None  # an opening or an introduction, without its result
    asked_ns: int = 0
    is_hurried: bool = False  # said once for each
    result_ns: int = -1  # when the last of those came to its result
    bad: ev.ClientResult | None = None  # that result, if there is no going on with it
    told_ns: int | None = None  # when the host was told of that
    is_ignored: bool = False  # said once for each


class NetworkWatch:
    """Feed it the events of a run by its `handlers`.

    `written_ns` is when the command line that runs was whole, None where that is not known, and
    `line_offset` where it begins in the host's stream.
    """

    def __init__(self) -> None:
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.HostBytes: self._on_host_bytes,
            ev.HostDiscard: self._on_host_discard,
            ev.CommandLine: self._on_command_line,
            ev.TransferAsked: self._on_transfer_asked,
            ev.TransferEnd: self._on_transfer_end,
            ev.DataBegin: self._on_data_begin,
            ev.DataEnd: self._on_data_end,
            ev.FileChanged: self._on_file_changed,
            ev.ClientAsked: self._on_asked,
            ev.ClientResult: self._on_result,
            ev.Result: self._on_reply,
            ev.Urc: self._on_urc,
            ev.UrcDropped: self._on_urc,
            ev.LinkAsked: self._on_link_asked,
            ev.Power: self._on_power,
        }
        self._found: list[Breach] = []
        self._clients: dict[str, _Client] = {}
        self._results: deque[ev.ClientResult] = deque(maxlen=_MOST_RESULTS)  # not said yet
        self._writes: deque[_Write] = deque(maxlen=_MOST_WRITES)
        self._sent = 0
        self._line_end = 0
        self.line_offset: int | None = None
        self.written_ns: int | None = None  # when the line that runs was whole, if that is known
        self._transfer: ev.TransferAsked | None = None
        self._there: set[str] = set()  # files whose upload was answered OK

    def breaches(self) -> list[Breach]:
        """What was broken, in order of time."""
        return list(self._found)

    def _add(self, rule: str, at_ns: int, text: str, offset: int | None = None) -> None:
        if len(self._found) < _MOST_BREACHES:
            self._found.append(breach(rule, at_ns, text, offset=offset))

    # what the host writes, and which line runs

    def _on_host_bytes(self, event: ev.HostBytes) -> None:
        self._sent = event.offset + len(event.data)
        self._writes.append(_Write(event.at_ns, event.offset, self._sent, event.data[:_HEAD_BYTES]))

    def _on_host_discard(self, _event: ev.HostDiscard) -> None:
        self._writes.clear()

    def _on_command_line(self, event: ev.CommandLine) -> None:
        self.written_ns = self.line_offset = None
        if event.offset < 0:  # noise began it: whose it is, nobody knows
            return
        self.line_offset, self._line_end = event.offset, event.offset + event.count
        while self._writes and self._writes[0].end < self._line_end:
            self._writes.popleft()
        if self._writes and self._writes[0].offset < self._line_end:
            self.written_ns = self._writes[0].at_ns

    # prompts

    def _on_transfer_asked(self, event: ev.TransferAsked) -> None:
        self._transfer = event

    def _on_data_begin(self, event: ev.DataBegin) -> None:
        asked = self._transfer
        if asked is None or asked.transfer != event.transfer or asked.way != "in":
            return
        if asked.command not in UPLOADS:
            self._transfer = None  # it was not refused
        self._check_prompt(asked)

    def _check_prompt(self, asked: ev.TransferAsked, *, is_refused: bool = False) -> None:
        """What has come behind the command by now came too early. Where there never is a prompt,
        it may be the next command.
        """
        if asked.command in _OTHERS_PROTOCOL:
            return
        early = next((each for each in self._writes if each.solid_from(self._line_end)), None)
        if early is None or (is_refused and early.is_command_from(self._line_end)):
            return
        offset = max(early.offset, self._line_end)
        what = f"{bytes_text(self._sent - offset)} came behind AT{asked.command}"
        self._add("data-before-prompt", early.at_ns, f"{what}, before its prompt", offset)

    def _on_data_end(self, event: ev.DataEnd) -> None:
        self._line_end = max(self._line_end, event.offset)

    # files

    def _on_transfer_end(self, event: ev.TransferEnd) -> None:
        asked = self._transfer
        if asked is None or asked.transfer != event.transfer:
            return
        if asked.command not in UPLOADS:
            is_refused = asked.way == "in" and event.result not in ("", "OK")
            if is_refused:
                self._check_prompt(asked, is_refused=True)
            return
        if event.result == "OK" and len(self._there) < _MOST_NAMES:
            self._there.add(asked.name)

    def _on_file_changed(self, event: ev.FileChanged) -> None:
        if event.what == "deleted":
            self._there.discard(event.name)

    def _on_link_asked(self, event: ev.LinkAsked) -> None:
        for what, name, count, _ in event.files:
            if count < 0 and label_of(name) not in self._there:
                text = f"{event.owner} opened its connection, and {name} ({what}) was not there"
                self._add("missing-certificate", event.at_ns, text)

    # clients

    def _client(self, name: str) -> _Client:
        if name in self._clients or len(self._clients) < _MOST_CLIENTS:
            return self._clients.setdefault(name, _Client())
        return _Client()

    def _on_asked(self, event: ev.ClientAsked) -> None:
        client = self._client(event.client)
        if event.command not in ENDINGS:
            self._check_wait(client, event)
            self._check_heed(client, event)
        if event.is_accepted and event.command in (*_AWAITED, *ENDINGS):
            is_awaited = event.command in _AWAITED
            fresh = _Client(event if is_awaited else None, event.at_ns)
            if event.client in self._clients:
                self._clients[event.client] = fresh

    def _check_wait(self, client: _Client, event: ev.ClientAsked) -> None:
        """The client's result had not come when the host wrote its next command."""
        written_ns = event.at_ns if self.written_ns is None else self.written_ns
        if client.is_hurried or (client.pending is None and written_ns >= client.result_ns):
            return
        client.is_hurried = True
        command = client.pending.command if client.pending is not None else "the one before"
        waited_ns = max(0, written_ns - client.asked_ns)
        what = f"AT{event.command} of {event.client} came {after(waited_ns)} {_at(command)}"
        self._add("no-wait-for-result", written_ns, f"{what}, before its result", self.line_offset)

    def _check_heed(self, client: _Client, event: ev.ClientAsked) -> None:
        """The host had been told that there is no connection, and goes on as if there were."""
        bad, told_ns, written_ns = client.bad, client.told_ns, self.written_ns
        if bad is None or told_ns is None or written_ns is None or event.is_accepted:
            return
        may_try_again = OPENINGS if bad.command in OPENINGS else _BEGINNINGS
        if (
            written_ns <= told_ns + _REACTION_NS
            or event.command in may_try_again
            or client.is_ignored
        ):
            return
        client.is_ignored = True
        words = bad.detail or meaning(bad.command, bad.code, bad.why)
        said = f"{bad.command} had said {bad.code}" + (f" ({words})" if words else "")
        what = f"AT{event.command} of {event.client} came, though {said}"
        self._add("no-connection", written_ns, what, self.line_offset)

    def _on_result(self, event: ev.ClientResult) -> None:
        if event.command in LOSSES and event.code:
            self._results.append(event)
            self._client(event.client).bad = event
            return
        if event.command not in _AWAITED:
            return
        self._results.append(event)
        client = self._client(event.client)
        pending = client.pending
        is_other = not (event.link or event.why)  # of a call that was not accepted
        if pending is None or pending.command != event.command or is_other:
            return
        client.pending, client.result_ns = None, event.at_ns
        client.bad = event if event.code else None

    def _on_reply(self, event: ev.Result) -> None:
        """A request that fails at once is told by an error instead of OK."""
        for result in self._results:
            if event.error is not None and event.line.upper().startswith(f"{result.command}="):
                self._results.remove(result)
                client = self._client(result.client)
                if client.bad is result:
                    client.told_ns = event.at_ns
                return

    def _on_urc(self, event: ev.Urc | ev.UrcDropped) -> None:
        """Results are said in their order: this is the first one that begins so."""
        for result in self._results:
            if _says(event.text, result):
                self._results.remove(result)
                client = self._client(result.client)
                if client.bad is result and isinstance(event, ev.Urc):
                    client.told_ns = event.at_ns
                return

    def _on_power(self, event: ev.Power) -> None:
        if event.state in ("off", "booting"):
            self._clients.clear()
            self._results.clear()
            self._writes.clear()


def _says(text: str, result: ev.ClientResult) -> bool:
    """Whether that unsolicited result code tells of it."""
    if result.command in _OF_SOCKETS:
        return text == f'{result.command}: "closed",{result.client.rpartition(" ")[2]}'
    return text.startswith(f"{said_as(result.command)}:")


def _at(command: str) -> str:
    return f"AT{command}" if command.startswith("+") else command
