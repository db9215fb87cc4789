"""The connections of a run, and what their clients told the host, followed through the events."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from quecsim.border import Why
from quecsim.report.answer import answered, trouble_sentence
from quecsim.report.codes import (
    DOWNLOADS,
    ENDINGS,
    INTRODUCTIONS,
    OPENINGS,
    TRANSFERS,
    is_harmless,
    meaning,
)
from quecsim.report.connection import (
    ClientTransfer,
    ClientTrouble,
    Connection,
    MessageCount,
    NetworkReport,
    Outcome,
)
from quecsim.report.file_sources import FileSources, Source
from quecsim.report.model import Upload
from quecsim.report.track import Track
from quecsim.report.window import Windows
from quecsim.trace import event as ev

MOST_CONNECTIONS = 1000
_MOST_TROUBLES = 1000
_MOST_CLIENTS = 100
_BOUND = (Outcome.WAITING, Outcome.OPEN)
_MAY_DROP = (Outcome.CLOSED, Outcome.ENDED)  # where its client was not done with it
_QUESTIONS = ("dns", "ping")
_MOST_QUESTIONS = 32


@dataclass(slots=True)
class _Notes:
    """One connection while its events go by."""

    owner: str
    link: int
    asked_ns: int
    host: str = ""
    port: int = 0
    protocol: str = "tcp"
    level: int = -1
    calendar_s: int = 0
    files: tuple[tuple[str, str, int, str], ...] = ()
    sources: tuple[Source, ...] = ()
    outcome: Outcome = Outcome.WAITING
    opened_ns: int | None = None
    over_ns: int | None = None
    version: str = ""
    suite: str = ""
    peer: str = ""
    command: str = ""
    code: int | None = None
    why: str = ""
    detail: str = ""
    file: str = ""
    sent_bytes: int = 0
    received_bytes: int = 0

    def end(self, at_ns: int, outcome: Outcome, why: str, detail: str, file: str = "") -> None:
        """It is over, or is of no use."""
        self.outcome, self.over_ns = outcome, at_ns
        self.why, self.detail, self.file = str(why), detail, file

    def connection(self) -> Connection:
        """The entry, still without its files and its sentence."""
        names = (name for name in _Notes.__slots__ if name not in ("files", "sources"))
        return Connection(**{name: getattr(self, name) for name in names})


@dataclass(slots=True)
class _Messages:
    published: int = 0
    received: int = 0
    dropped: int = 0


@dataclass(slots=True)
class _Counts:
    connections: int = 0
    troubles: int = 0
    messages: dict[str, _Messages] = field(default_factory=dict)


class Network:
    """Feed it the events of a run by its `handlers`; `sources` knows who wrote which file."""

    def __init__(self, sources: FileSources) -> None:
        self._sources = sources
        self._listed: deque[_Notes] = deque(maxlen=MOST_CONNECTIONS)
        self._links: dict[int, _Notes] = {}  # the newest, by number
        self._questions: dict[int, ev.LinkAsked] = {}  # that have no answer yet
        self.windows = Windows()
        self._wanted: dict[str, ev.ClientAsked] = {}  # a connection, last, by client
        self._troubles: list[ClientTrouble] = []
        self._transfer: ClientTransfer | None = None
        self._counts = _Counts()
        self.handlers: dict[type, Callable[[Any], None]] = {
            ev.LinkAsked: self._on_asked,
            ev.LinkOpened: self._on_opened,
            ev.LinkFailed: self._on_failed,
            ev.LinkSent: self._on_sent,
            ev.LinkReceived: self._on_received,
            ev.LinkAnswered: self._on_answered,
            ev.LinkTlsAsked: self._on_tls_asked,
            ev.LinkSecured: self._on_secured,
            ev.LinkShut: self._on_shut,
            ev.LinkClosed: self._on_closed,
            ev.ClientAsked: self._on_client_asked,
            ev.ClientResult: self._on_result,
            ev.ClientMessage: self._on_message,
        }

    def report(self, told: Callable[[Track], Upload]) -> NetworkReport:
        """As things stand; `told` makes a track's entry for the report."""
        entries: dict[int, Upload] = {}

        def told_once(track: Track) -> Upload:
            if track.transfer not in entries:
                entries[track.transfer] = told(track)
            return entries[track.transfer]

        return NetworkReport(
            connections=[
                answered(self._told(notes), notes.files, notes.sources, told_once)
                for notes in self._listed
            ],
            unlisted=self._counts.connections - len(self._listed),
            troubles=list(self._troubles),
            troubles_unlisted=self._counts.troubles - len(self._troubles),
            messages=[
                MessageCount(
                    client=client,
                    published=count.published,
                    received=count.received,
                    dropped=count.dropped,
                )
                for client, count in self._counts.messages.items()
            ],
            transfer=self._transfer,
        )

    def _told(self, notes: _Notes) -> Connection:
        full = self.windows.of(notes.link)
        return replace(notes.connection(), full_ns=full.full_ns, full_because=full.because)

    # links

    def _on_asked(self, event: ev.LinkAsked) -> None:
        if event.protocol in _QUESTIONS:
            self._questions[event.link] = event
            if len(self._questions) > _MOST_QUESTIONS:
                del self._questions[next(iter(self._questions))]
            return
        self._begin(
            _Notes(
                event.owner,
                event.link,
                event.at_ns,
                event.host,
                event.port,
                event.protocol,
                event.level,
                event.calendar_s,
                event.files,
                tuple(self._sources.of(name) for _, name, _, _ in event.files),
            )
        )

    def _begin(self, notes: _Notes) -> None:
        self._listed.append(notes)
        self._counts.connections += 1
        if notes.link:
            self._links[notes.link] = notes
            if len(self._links) > MOST_CONNECTIONS:  # no device has so many: a record cut apart
                del self._links[next(iter(self._links))]

    def _on_opened(self, event: ev.LinkOpened) -> None:
        if (notes := self._links.get(event.link)) is not None:
            notes.outcome, notes.opened_ns = Outcome.OPEN, event.at_ns
            notes.version, notes.suite, notes.peer = event.version, event.suite, event.peer

    def _on_answered(self, event: ev.LinkAnswered) -> None:
        self._questions.pop(event.link, None)

    def _on_failed(self, event: ev.LinkFailed) -> None:
        if (asked := self._questions.pop(event.link, None)) is not None:
            where = (asked.owner, asked.link, asked.at_ns, asked.host, asked.port, asked.protocol)
            self._begin(_Notes(*where))
        if (notes := self._links.get(event.link)) is not None:
            notes.end(event.at_ns, Outcome.FAILED, event.why, event.detail, event.file)

    def _on_sent(self, event: ev.LinkSent) -> None:
        if (notes := self._links.get(event.link)) is not None:
            notes.sent_bytes += event.count

    def _on_received(self, event: ev.LinkReceived) -> None:
        if (notes := self._links.get(event.link)) is not None:
            notes.received_bytes += event.count

    def _on_tls_asked(self, event: ev.LinkTlsAsked) -> None:
        if (notes := self._links.get(event.link)) is not None:
            notes.level, notes.files, notes.calendar_s = event.level, event.files, event.calendar_s
            notes.sources = tuple(self._sources.of(name) for _, name, _, _ in event.files)

    def _on_secured(self, event: ev.LinkSecured) -> None:
        if (notes := self._links.get(event.link)) is not None:
            notes.version, notes.suite = event.version, event.suite

    def _on_shut(self, event: ev.LinkShut) -> None:
        notes = self._links.get(event.link)
        if notes is not None and notes.outcome in _BOUND:
            notes.outcome, notes.over_ns = Outcome.CLOSED, event.at_ns

    def _on_closed(self, event: ev.LinkClosed) -> None:
        notes = self._links.get(event.link)
        if notes is not None and notes.outcome is not Outcome.REFUSED:
            outcome = Outcome.ENDED if event.why is Why.FIN else Outcome.DROPPED
            if event.why.startswith("tls:"):
                outcome = Outcome.FAILED
            notes.end(event.at_ns, outcome, event.why, event.detail, event.file)

    # what the host is told

    def _on_client_asked(self, event: ev.ClientAsked) -> None:
        self._note_transfer(event)
        if event.host and event.is_accepted:
            known = event.client in self._wanted or len(self._wanted) < _MOST_CLIENTS
            if known:
                self._wanted[event.client] = event

    def _note_transfer(self, event: ev.ClientAsked) -> None:
        if event.is_accepted and event.command in TRANSFERS:
            self._transfer = ClientTransfer(
                client=event.client, command=event.command, asked_ns=event.at_ns
            )
            return
        given_up = self._transfer
        if given_up is None or given_up.code is not None or event.command not in ENDINGS:
            return
        if event.is_accepted and given_up.client == event.client:
            self._transfer = None  # the host does not want it any more

    def _end_transfer(self, event: ev.ClientResult, notes: _Notes | None) -> None:
        asked = self._transfer
        if asked is None or (asked.client, asked.command) != (event.client, event.command):
            return
        if asked.code is not None:
            return
        sentence = self._trouble(event, notes).sentence if event.code else ""
        self._transfer = replace(
            asked, over_ns=event.at_ns, code=event.code, why=event.why, sentence=sentence
        )

    def _on_result(self, event: ev.ClientResult) -> None:
        notes = self._links.get(event.link)
        if event.code and event.why and notes is None and not event.link:
            wanted = self._wanted.get(event.client, ev.ClientAsked(event.at_ns, event.client, ""))
            notes = _Notes(event.client, 0, wanted.at_ns, wanted.host, wanted.port)
            self._begin(notes)
        if notes is not None:
            self._note_result(notes, event)
        self._end_transfer(event, notes)
        if event.code and not is_harmless(event.command, event.code, event.why):
            self._add_trouble(event, notes)

    def _note_result(self, notes: _Notes, event: ev.ClientResult) -> None:
        """The connection's own fate is told first; what follows is about its use."""
        is_first = notes.code is None
        is_introduction = event.command in INTRODUCTIONS
        if is_first or (is_introduction and notes.outcome is not Outcome.FAILED):
            notes.command, notes.code = event.command, event.code
        if not event.code:
            if is_introduction and notes.outcome is Outcome.REFUSED:  # at last it was taken
                notes.outcome, notes.over_ns, notes.why, notes.detail = Outcome.OPEN, None, "", ""
            return
        if is_first and notes.opened_ns is None:
            notes.end(event.at_ns, Outcome.FAILED, event.why, event.detail, event.file)
        elif notes.outcome is not Outcome.FAILED and (is_introduction or _is_refusal(event)):
            notes.end(event.at_ns, Outcome.REFUSED, event.why, event.detail)
        elif is_harmless(event.command, event.code, event.why):
            return
        elif event.why == Why.REFUSED and notes.opened_ns is not None:
            return  # the server's answer is no, and the connection was well
        elif notes.outcome in _MAY_DROP and event.why:  # the client itself broke it off
            notes.end(event.at_ns, Outcome.DROPPED, event.why, event.detail)

    def _add_trouble(self, event: ev.ClientResult, notes: _Notes | None) -> None:
        self._counts.troubles += 1
        if len(self._troubles) < _MOST_TROUBLES:
            self._troubles.append(self._trouble(event, notes))

    def _trouble(self, event: ev.ClientResult, notes: _Notes | None) -> ClientTrouble:
        trouble = ClientTrouble(
            at_ns=event.at_ns,
            client=event.client,
            command=event.command,
            code=event.code,
            meaning=event.words or meaning(event.command, event.code, event.why),
            link=event.link,
            why=event.why,
            detail=event.detail,
            sentence="",
        )
        port = f":{notes.port}" if notes is not None and notes.port else ""
        where = f"{notes.host}{port}" if notes is not None and notes.host else ""
        return trouble_sentence(trouble, where)

    def _on_message(self, event: ev.ClientMessage) -> None:
        messages = self._counts.messages
        if event.client not in messages and len(messages) >= _MOST_CLIENTS:
            return
        count = messages.setdefault(event.client, _Messages())
        if event.is_dropped:
            count.dropped += 1
        elif event.way == "out":
            count.published += 1
        else:
            count.received += 1


def _is_refusal(event: ev.ClientResult) -> bool:
    """An opening by which the client also introduces itself, and the server does not take it; or
    all that the connection is for, and the server does not give it.
    """
    return event.command in (*OPENINGS, *DOWNLOADS) and event.why == Why.REFUSED
