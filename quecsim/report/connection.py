"""What the network gave the device, as plain records of the report: connections, the files that
they needed, and what the clients of the network told the host.
"""

from enum import StrEnum

import msgspec


class Outcome(StrEnum):
    """What became of a connection: one word each."""

    WAITING = "waiting"  # not known yet
    OPEN = "open"  # it is there
    CLOSED = "closed"  # the device ended it: the host wanted that, or the power went
    ENDED = "ended"  # the other side ended it in good order, and no client made anything of it
    DROPPED = "dropped"  # the other side, or the bearer, ended it after it had been of use
    REFUSED = "refused"  # it came about, and the server behind it did not take the client
    FAILED = "failed"  # it did not come about


class Came(StrEnum):
    """How a file that a connection needed came to be on the device as it was."""

    AS_SENT = "as-sent"  # by an upload, and no byte of it is gone or another one
    DAMAGED = "damaged"  # by an upload that is not intact
    CHANGED = "changed"  # by an upload that is, and something has changed it since
    BEFORE = "before"  # by no upload of this run
    DELETED = "deleted"  # it is not there: deleted
    GONE = "gone"  # it is not there any more, and nobody has deleted it
    REFUSED = "refused"  # it is not there: the device did not take its upload
    OPEN = "open"  # it cannot be read: a handle to it is open
    MISSING = "missing"  # it is not there, and nobody has uploaded it


class UsedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of `bytes` (-1: not there) that a connection needed as its `what`: ca | certificate |
    key.

    `transfer` is the upload of this run that wrote it, 0 for none; the last one before the
    connection counts. `because` says in words, as part of a sentence, why the file is not as it
    should be; empty where it is.
    """

    what: str
    name: str
    bytes: int
    sha256: str
    came: Came
    transfer: int = 0
    because: str = ""


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """A connection that `owner` ("MQTT client 0") asked for. `link` is its number in the record, 0
    where the device could not even ask.

    `over_ns` is when it ended, or did not come about. `level` is TLS's (0 no check, 1 the server,
    2 both; -1: no TLS), `calendar_s` the module's clock at the time, in seconds since 1970. `code`
    is what the host was told of `command`, None before that. `why`, `detail` and `file` are as in
    `LinkFailed` (`quecsim.trace.event`). `sentence` says all of it, down to the byte that was lost;
    it is empty where nothing went wrong. For `full_ns` in all the device took no more of it than it
    had, `full_because` says why at first (`quecsim.report.window`).

    `protocol` as in `LinkAsked`; of questions (dns, ping) only those are listed that had no answer.
    """

    owner: str
    host: str
    port: int
    link: int
    asked_ns: int
    outcome: Outcome
    opened_ns: int | None = None
    over_ns: int | None = None
    protocol: str = "tcp"
    level: int = -1
    version: str = ""
    suite: str = ""
    peer: str = ""
    calendar_s: int = 0
    command: str = ""
    code: int | None = None
    why: str = ""
    detail: str = ""
    file: str = ""
    files: list[UsedFile] = []
    sent_bytes: int = 0
    received_bytes: int = 0
    full_ns: int = 0
    full_because: str = ""
    sentence: str = ""


class ClientTrouble(msgspec.Struct, frozen=True, kw_only=True):
    """`client` told the host of a `command` that it did not go well: `code` is the device's number
    and `meaning` what that says in its manual, as far as it is known here.

    `why` and `detail` as in `Connection`; `sentence` says all of it.
    """

    at_ns: int
    client: str
    command: str
    code: int
    meaning: str
    link: int
    why: str
    detail: str
    sentence: str


class ClientTransfer(msgspec.Struct, frozen=True, kw_only=True):
    """The last request of HTTP, or transfer of FTP, that the host asked `client` for by `command`.

    `over_ns` and `code` are None as long as it has no result; 0 is success. `sentence` says what
    went wrong; it is empty where nothing did, or nobody knows yet.
    """

    client: str
    command: str
    asked_ns: int
    over_ns: int | None = None
    code: int | None = None
    why: str = ""
    sentence: str = ""


class MessageCount(msgspec.Struct, frozen=True, kw_only=True):
    """Messages of `client`: `published` by the host, `received` from the network, and `dropped`
    where the device had no room for another one.
    """

    client: str
    published: int = 0
    received: int = 0
    dropped: int = 0


class NetworkReport(msgspec.Struct, frozen=True, kw_only=True):
    """All of it; the newest connections and the first troubles are listed, the counts say what is
    not. `transfer` is the last one that was asked for.
    """

    connections: list[Connection] = []
    unlisted: int = 0
    troubles: list[ClientTrouble] = []
    troubles_unlisted: int = 0
    messages: list[MessageCount] = []
    transfer: ClientTransfer | None = None

    @property
    def has_any(self) -> bool:
        """There is something to tell."""
        return bool(self.connections or self.troubles or self.messages)

    @property
    def has_failed(self) -> bool:
        """Some connection did not come about."""
        return any(each.outcome is Outcome.FAILED for each in self.connections)

    @property
    def untold(self) -> list[ClientTrouble]:
        """The troubles that are not the result of a connection's own."""
        told = {(each.link, each.command, each.code) for each in self.connections}
        return [each for each in self.troubles if (each.link, each.command, each.code) not in told]
