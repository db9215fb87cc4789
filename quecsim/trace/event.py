"""What can happen, as records: the one event stream from which every report is computed.

Each event carries `at_ns`, the model time it belongs to (never a clock's reading). `offset` counts
the bytes of the host -> device stream from the start of the run: byte 0 is the first one that the
host ever wrote; a negative offset is a byte that the host never wrote (`insert_bytes`, `break`).
The events that hold an input (`Start`, `HostBytes`, `HostOpened`, `HostClosed`, `HostLine`,
`HostReady`, `HostRts`, `HostDtr`, `HostBreak`, `HostUnread`, `HostFlushed`,
`HostDiscard`, `ClockStopped`, `AdapterErrors`, `NewsCame`, `BleCame`,
`SendDropped` for a backlog, `FaultInjected`, `Operated`, `End`) are enough to repeat a run.

The records are msgspec structs tagged by class name, so that the JSONL file needs no code of ours.
"""

from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta

from quecsim.border.ble import BleNews
from quecsim.border.news import News, Why
from quecsim.profiles.schema import Profile
from quecsim.trace.setup import Observed, Origin

# What a file must keep to, or it is damaged: no run comes near.
_MOST = 1 << 62
Time = Annotated[int, Meta(ge=0, le=_MOST)]
Count = Annotated[int, Meta(ge=0, le=_MOST)]
Level = Annotated[int, Meta(ge=0, le=1 << 30)]  # of a ring, in bytes
Place = Annotated[int, Meta(ge=-_MOST, le=_MOST)]


class _Event(msgspec.Struct, frozen=True, tag=True, gc=False):
    """Common part: when it happened."""

    at_ns: Time


class Start(_Event, frozen=True, tag=True):
    """Input. The run begins, with all that it began with: a record can be run again by itself.

    `faults` are the `[[fault]]` tables that the scenario asks for. `profile` has the values of this
    run, and how each is known; `config` is the rest of the line, the host and the flash, as plain
    data (`quecsim.rig.setup`); `settings` says the most telling of both in words. `is_up`: the
    device had started long before; otherwise it is switched on now. A record by another version,
    whose devices had other values, is read without profile and config. `observed`: it is the record
    of a real device, to which somebody listened.
    """

    device: str
    seed: Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]
    port: str
    settings: dict[str, str]
    faults: tuple[dict[str, Any], ...] = ()
    is_up: bool = True
    profile: Profile | None = None
    config: dict[str, Any] = {}
    origin: Origin = Origin()
    observed: Observed | None = None


class HostBytes(_Event, frozen=True, tag=True, omit_defaults=True):
    """Input. The host handed `data` to its UART; the first byte is byte `offset` of the stream.

    `hidden`: (first, count) of stretches of `data` that are left out, and are `*`.
    """

    offset: Place
    data: bytes
    hidden: tuple[tuple[Count, Count], ...] = ()


class PayloadDigest(_Event, frozen=True, tag=True):
    """The SHA-256 of the last `count` bytes of the host's that are hidden; empty where the bytes
    could be guessed from it. Nothing has happened.
    """

    count: Count
    sha256: str


class HostOpened(_Event, frozen=True, tag=True):
    """Input. A host opened the port; nobody had it open before."""


class HostClosed(_Event, frozen=True, tag=True):
    """Input. The host closed the port, and nobody has it open any more."""


class HostLine(_Event, frozen=True, tag=True):
    """Input. The host's side of the line: its baud rate, frame and flow control. `baud` 0, with an
    empty `frame`: as the device's, whatever becomes of that.
    """

    baud: Count
    frame: str
    flow: str

    @property
    def end(self) -> str:
        """The host's end of the line in words: `115200 8N1`."""
        return f"{self.baud} {self.frame}" if self.frame else "as the device's"


class HostReady(_Event, frozen=True, tag=True):
    """Input. The host can (or cannot) take more bytes from the device."""

    ready: bool


class HostRts(_Event, frozen=True, tag=True):
    """Input. The host switched its RTS by hand."""

    on: bool


class HostBreak(_Event, frozen=True, tag=True):
    """Input. The host holds its line low (a break), or lets it go."""

    on: bool


class HostUnread(_Event, frozen=True, tag=True):
    """Input. As the host wrote, or left, `count` bytes that had reached it were unread: it had read
    the device's stream up to byte `read`. It stands until the next such event; at first, and with
    `count` 0, the host had read everything.
    """

    count: int
    read: int


class HostFlushed(_Event, frozen=True, tag=True):
    """Input. The host threw away `count` bytes that had come for it, unread: it had read the
    device's stream up to byte `read`. Known in virtual time and over RFC 2217: no pty tells of it.
    """

    count: int
    read: int


class HostDiscard(_Event, frozen=True, tag=True):
    """Input. The host threw away what it had written and was not on the wire yet."""


class ClockStopped(_Event, frozen=True, tag=True):
    """Input. The model's clock stood still for `real_ns` of the wall's: the simulator had no
    processor. The host's clock went on, and what it wrote meanwhile waited for the model.
    """

    real_ns: Time


class AdapterErrors(_Event, frozen=True, tag=True):
    """Input. The real UART at the device's end of a line to a board has counted errors since the
    last such event: `overruns`, of each of which the board's bytes are lost, one or more, before
    the device could have had them; `framing` and `parity` errors; and `damaged` bytes that came
    with such an error and were not passed on.
    """

    overruns: Count
    framing: Count
    parity: Count
    damaged: Count


class Operated(_Event, frozen=True, tag=True, omit_defaults=True):
    """Input. Somebody who is not the host did something to the device, and what came of it follows.

    `did` is power_on | cut_power | restore_firmware | lose_bearer | lose_registration |
    find_network | deauthenticate | client_comes | client_goes | provision | wake. `context` is the
    packet context of lose_bearer; 0: all that are used. `values` are what else was given: the
    client's address, and the access point's name and key.
    """

    did: str
    context: Count = 0
    values: tuple[str, ...] = ()


class NewsCame(_Event, frozen=True, tag=True):
    """Input. The network has something to tell; it reaches the device when the link lets it."""

    news: News


class LinkAsked(_Event, frozen=True, tag=True, omit_defaults=True):
    """A wish: `owner` ("MQTT client 0", say) wants a connection, by the number `link` from now on.

    `protocol` is tcp or udp; `tcp listener` and `udp service`, where the device is to be called at
    `port`; `incoming`, a call of a listener's that is taken up; `dns` or `ping`, a question.
    `level` is TLS's (0 no check, 1 the server, 2 both), -1 without TLS; `files` are those it needs,
    as (what for, name, bytes, SHA-256), with bytes -1 for a file that is not there. Content is
    never on record.
    """

    link: Count
    owner: str
    host: str
    port: Count
    protocol: str
    level: int = -1
    files: tuple[tuple[str, str, int, str], ...] = ()
    calendar_s: int = 0


class LinkTlsAsked(_Event, frozen=True, tag=True, omit_defaults=True):
    """A wish: TLS on a link that is open without it. The fields are those of `LinkAsked`."""

    link: Count
    host: str
    level: int
    files: tuple[tuple[str, str, int, str], ...] = ()
    calendar_s: int = 0


class LinkSecured(_Event, frozen=True, tag=True):
    """TLS has begun on a link that was open without it."""

    link: Count
    version: str
    suite: str


class LinkIncoming(_Event, frozen=True, tag=True):
    """Somebody calls a listening link: its call number `caller`, from `address` and `port`."""

    link: Count
    caller: Count
    address: str
    port: Count


class LinkRefused(_Event, frozen=True, tag=True):
    """A wish: the device does not take up call `caller` of a listening link."""

    link: Count
    caller: Count


class LinkAnswered(_Event, frozen=True, tag=True):
    """A question has an answer: the addresses of a name, or the one that sent an echo back."""

    link: Count
    owner: str
    addresses: tuple[str, ...]


class LinkTaken(_Event, frozen=True, tag=True):
    """The device knows that the other side has taken `count` bytes more."""

    link: Count
    count: Count


class LinkSent(_Event, frozen=True, tag=True):
    """A wish: the device sends `count` bytes. Their SHA-256 stands for them."""

    link: Count
    count: Count
    sha256: str


class LinkCredit(_Event, frozen=True, tag=True):
    """A wish: the device takes `count` bytes more."""

    link: Count
    count: Count


class LinkShut(_Event, frozen=True, tag=True):
    """A wish: the device ends the connection, or breaks it off (`is_abort`)."""

    link: Count
    is_abort: bool


class LinkOpened(_Event, frozen=True, tag=True, omit_defaults=True):
    """The connection has come about, and the device knows. `version` and `suite` are TLS's."""

    link: Count
    owner: str
    host: str
    port: Count
    peer: str = ""
    version: str = ""
    suite: str = ""


class LinkFailed(_Event, frozen=True, tag=True, omit_defaults=True):
    """It has not: `why` in one of a closed set of words, `detail` for people, and the `file` of
    the device's that is at fault, where one is.
    """

    link: Count
    owner: str
    host: str
    port: Count
    why: Why
    detail: str = ""
    file: str = ""


class LinkReceived(_Event, frozen=True, tag=True):
    """`count` bytes have reached the device."""

    link: Count
    count: Count


class LinkClosed(_Event, frozen=True, tag=True, omit_defaults=True):
    """The other side is gone, or the bearer: `why` is fin, reset, timeout or unreachable, or what
    became of TLS on a link that was open without it; `file` as in `LinkFailed`.
    """

    link: Count
    owner: str
    why: Why
    detail: str = ""
    file: str = ""


class ClientAsked(_Event, frozen=True, tag=True, omit_defaults=True):
    """The command line that runs asks `client` for `command`. Where that `is_accepted`, a
    `ClientResult` will follow, unless the host takes it back; otherwise the client is not in a
    state for it.

    `host` and `port` are those of a connection that is asked for.
    """

    client: str
    command: str
    is_accepted: bool = True
    host: str = ""
    port: int = 0


class ClientResult(_Event, frozen=True, tag=True, omit_defaults=True):
    """What a `client` of the network ("MQTT client 0") told the host of `command` ("+QMTOPEN").

    `code` is the device's own number, 0 where all is well; `why`, `detail` and `file` as in
    `LinkFailed`, empty where all is well, or nobody knows. `words` are what the device's table says
    of the number, where it has one.
    """

    client: str
    command: str
    code: int
    link: int = 0
    why: str = ""
    detail: str = ""
    file: str = ""
    words: str = ""


class ClientMessage(_Event, frozen=True, tag=True, omit_defaults=True):
    """A message of `client`'s with a payload of `count` bytes: `way` is out (given to the network)
    or in (from there). `is_dropped`: there was no room for it, and the host is not told.
    """

    client: str
    link: int
    way: str
    count: Count
    is_dropped: bool = False


class ClientFetched(_Event, frozen=True, tag=True):
    """The host was given `count` bytes of what had waited for it at `client`, since it asked, or
    wanted them handed over.
    """

    client: str
    count: Count


class BleCame(_Event, frozen=True, tag=True):
    """Input. Somebody on the air says something; the device hears it when the radio lets it."""

    news: BleNews


class BleAsked(_Event, frozen=True, tag=True, omit_defaults=True):
    """The device wants something of Bluetooth LE: `what` is advertise | stop advertising | scan |
    stop scan | join | give up | leave | vanish | ask mtu | ask parameters | discover | read | write
    | subscribe | notify | hold, with the rest in `words` (`interval=20 latency=0 timeout=500`).

    Of data: `count` bytes with the SHA-256 `digest`, from byte `offset` of all that the host had
    for the other side.
    """

    what: str
    uuid: str = ""
    offset: Count = 0
    count: Count = 0
    digest: str = ""
    words: str = ""


class BleGone(_Event, frozen=True, tag=True):
    """`count` bytes of the host's for the other side, from byte `offset` on, have got there."""

    offset: Count
    count: Count


class BleHeard(_Event, frozen=True, tag=True, omit_defaults=True):
    """The device has heard from the air: `what` is heard | joined | not joined | left | mtu is |
    parameters are | discovered | value | written | refused | came | subscribed, with the rest of it
    in `words`. Of data: `count` bytes, from byte `offset` of all that others have sent.
    """

    what: str
    uuid: str = ""
    offset: Count = 0
    count: Count = 0
    words: str = ""


class BleLost(_Event, frozen=True, tag=True):
    """`count` bytes for `uuid`, from byte `offset` of their direction on, get no further: `way` is
    up (from the host) or down (to it), `why` says it in words.
    """

    way: str
    uuid: str
    offset: Count
    count: Count
    why: str


class LineMismatch(_Event, frozen=True, tag=True):
    """The two ends are set differently while bytes are on the line.

    `host` and `device` are the ends' rates and frames, `sender` (host | device) says whose bytes.
    """

    host: str
    device: str
    garbled: bool
    sender: str = "host"


class DeviceLine(_Event, frozen=True, tag=True):
    """The device's own line settings took effect (AT+IPR, AT+ICF, AT+IFC)."""

    baud: Count
    frame: str
    ifc: tuple[int, int]


class CommandLine(_Event, frozen=True, tag=True):
    """A whole command line was read: bytes `offset` .. `offset + count - 1` of the stream.

    `number` counts the command lines of the run from 1; what follows from one names it.
    """

    offset: Place
    count: Count
    text: str
    number: Count = 0


class Called(_Event, frozen=True, tag=True):
    """A command of line `number` begins, as the device understands it.

    `form` is test | read | write | execute | malformed (a name, and no parameters that make sense
    behind it) | written (by `canned`). `is_known`: the device has such a command. `role` says what
    it has to do with files: writing (a step in writing one) | storage (it works on the storage) |
    empty. With a role, `allowed_ns` is how long its answer may take (that of a transfer:
    `TransferAsked.timeout_ns`). `canned`: the answer is not the model's; this is the command of the
    `[[reply]]` that gives it, or says that it is the policy for unknown commands.
    """

    number: Count
    name: str
    form: str
    is_known: bool
    role: str = ""
    allowed_ns: Time = 0
    canned: str = ""


class Result(_Event, frozen=True, tag=True):
    """The final result code of command line `number`, whose text was `line`.

    `error` is the number of the error, as +CMEE=1 would have it, whatever +CMEE is; None for OK and
    for a plain ERROR. `cause` names it independently of the device's numbers (`file_exists`).
    """

    text: str
    line: str
    number: Count = 0
    error: Place | None = None
    cause: str = ""


class FileChanged(_Event, frozen=True, tag=True):
    """Command line `number` has opened, closed or deleted the file `name` (its label).

    `what` is opened | closed | deleted; `handle` is that of AT+QFOPEN, -1 without one.
    """

    number: Count
    what: str
    name: str
    handle: Place = -1


class TransferAsked(_Event, frozen=True, tag=True):
    """Command line `number` asks for transfer `transfer` (from 1) of data from or to the host.

    `way` is in (host to device) | out. `name` is the label of the file, empty where the command
    does not say it in a form that the device understands; `size` 0 likewise. `timeout_ns`: how long
    the device waits for data. `upgrade`, for firmware: at once | after a restart.
    """

    transfer: Count
    number: Count
    command: str
    way: str
    name: str
    size: Count
    timeout_ns: Time
    upgrade: str = ""


class TransferEnd(_Event, frozen=True, tag=True):
    """Transfer `transfer` is over: answered with `result`, or without an answer (empty).

    `error` and `cause` are those of the answer, as in `Result`.
    """

    transfer: Count
    result: str
    error: Place | None = None
    cause: str = ""


class UpgradeStep(_Event, frozen=True, tag=True):
    """A firmware upgrade has come to a step, whether or not the host is told.

    `step` is as in +QIND: FILESTART | DOWNLOADING | FILEEND | START | UPDATING | END | ...;
    `number` what stands behind it there.
    """

    step: str
    number: Place | None = None


class Eaten(_Event, frozen=True, tag=True):
    """Bytes that were no command and no data went away silently, from `at_ns` to `last_ns`.

    `transfer` is that which was asked for and not over, 0 without one.
    """

    last_ns: Time
    offset: Place
    count: Count
    why: str
    data: bytes
    transfer: Count = 0


class DataBegin(_Event, frozen=True, tag=True):
    """The device enters data mode. `offset` is the first byte that counts as data.

    `block_bytes`, with `ack`: what one `A` answers for.
    """

    offset: Place
    command: str
    name: str
    size: Count
    ack: bool
    early: Count
    transfer: Count = 0
    block_bytes: Count = 0


class Stored(_Event, frozen=True, tag=True):
    """`count` bytes of data went into file `name` (`total` so far).

    A negative count: the power went, and so many of the bytes before it did not survive.
    """

    name: str
    count: Place
    total: Count
    transfer: Count = 0


class Forwarded(_Event, frozen=True, tag=True):
    """`count` bytes of data left the device again, to `to` (`total` so far in this transfer)."""

    to: str
    count: Count
    total: Count
    transfer: Count = 0


class MessageSent(_Event, frozen=True, tag=True):
    """A short message has left the device (AT+CMGS). `reference` is the number in the answer.

    `body` is what the host typed: the PDU in hexadecimal where `is_pdu`, which also says to whom
    (`to` is empty then), else the text.
    """

    reference: int
    to: str
    body: str
    is_pdu: bool


class JobBegin(_Event, frozen=True, tag=True):
    """A background job begins, number `job` of the run (from 1): `name` says what it does."""

    job: Count
    name: str


class JobEnd(_Event, frozen=True, tag=True):
    """A background job is over. `why` is done | failed | power."""

    job: Count
    why: str


class HostDtr(_Event, frozen=True, tag=True):
    """Input. The host switched its DTR."""

    on: bool


class Ack(_Event, frozen=True, tag=True):
    """The device sent `A`: `received` bytes of this upload are stored."""

    received: Count
    transfer: Count = 0


class Swallowed(_Event, frozen=True, tag=True):
    """Bytes that look like a command, taken as file data after a pause of `pause_ns`, or as the
    first of the data. `is_cut`: the data ended in the middle of that line.
    """

    offset: Place
    pause_ns: Time
    text: str
    transfer: Count = 0
    is_cut: bool = False


class DataEnd(_Event, frozen=True, tag=True):
    """Data mode ends; `offset` is the next byte.

    `why` is size | idle | escape | terminator | cancel | dtr | error | power. `summary` is the
    device's line about it. What that says, as numbers, None where it does not: `checksum` of what
    was received, `file_bytes` that the file has now.
    """

    offset: Place
    why: str
    received: Count
    stored: Count
    summary: str
    transfer: Count = 0
    checksum: Place | None = None
    file_bytes: Place | None = None


class Lost(_Event, frozen=True, tag=True):
    """`count` bytes from `offset` on are gone. `at_ns` .. `last_ns` are the times they arrived.

    `cause` is ring | off | reopen | framing | noise | storage | power. For `ring`: it was full,
    with `ring_bytes` in it, from `full_ns` until `drained_ns`, while the device was `doing`
    something. `transfer` is that which was asked for and not over when the first of them went, or
    when it was known that the last had gone; 0 without one.
    """

    last_ns: Time
    offset: Place
    count: Count
    cause: str
    ring_bytes: Level
    full_ns: Time
    drained_ns: Time
    doing: str
    device_flow: str
    host_flow: str
    transfer: Count = 0


class Unseen(_Event, frozen=True, tag=True):
    """What a real device says of transfer `transfer` is not what the host sent, and nobody saw why.

    `count` bytes never arrived: they are among the `span` bytes from `offset` on. With `count` 0 as
    many arrived as were sent, and others: the device's checksum is that of other bytes.
    `is_untold`: the device has not said how many arrived, and none of them counts as lost.
    `is_unheard`: it has, and nobody heard what the host sent as it was, to compare.
    """

    offset: Place
    span: Count
    count: Count
    transfer: Count = 0
    is_untold: bool = False
    is_unheard: bool = False


class RingLevel(_Event, frozen=True, tag=True):
    """The receive ring holds `level` bytes now; between two such events it fills at line speed."""

    level: Level


class Rts(_Event, frozen=True, tag=True):
    """The device lets the host send (`on`) or asks it to stop, by RTS/CTS or XON/XOFF."""

    on: bool
    level: Level


class HostHeld(_Event, frozen=True, tag=True):
    """The host's transmitter stops (or goes on) because it obeys the device's flow control."""

    held: bool


class FlashBusy(_Event, frozen=True, tag=True):
    """The flash works from `at_ns` to `until_ns`.

    `ops` are [kind, address, size, start, duration], times from `at_ns`.
    """

    until_ns: Time
    why: str
    ops: list[tuple[str, Count, Count, Time, Time]]


class Stalled(_Event, frozen=True, tag=True):
    """A stall that the scenario or a fault asked for, at byte `taken` of the data, until
    `until_ns`.
    """

    until_ns: Time
    taken: Count


class Sent(_Event, frozen=True, tag=True):
    """The device put `data` into its transmitter."""

    data: bytes


class SendDropped(_Event, frozen=True, tag=True):
    """`count` bytes from the device never reached the host. `why` is cts | backlog | noise |
    framing (a wrong rate left it without a stop bit).

    `backlog` is an input: the host did not read what was there for it.
    """

    count: Count
    why: str


class Urc(_Event, frozen=True, tag=True):
    """An unsolicited result code was sent."""

    text: str


class UrcDropped(_Event, frozen=True, tag=True):
    """An unsolicited result code was thrown away: queue full, or cleared by data mode."""

    text: str
    why: str


class Power(_Event, frozen=True, tag=True):
    """The power state changed: off | booting | on | stopping | dead, and what made it change.

    `why` is `power cut` or `power on` where somebody did it, and `power lost`, `power back` or
    `reset` where a fault did. `firmware`, with the power off and at a reset: what the next start
    will find, whole | upgrade waits | broken. Empty otherwise, for devices without upgrades, and in
    records of older versions.
    """

    state: str
    why: str
    firmware: str = ""


class FaultInjected(_Event, frozen=True, tag=True):
    """Input. A fault, as the table that asks for it, was put into the running device; it is number
    `index` (from 0) of the run.
    """

    index: Count
    fault: dict[str, Any]


class FaultFired(_Event, frozen=True, tag=True):
    """Fault number `index` (from 0) of the run took effect; `what` it hit, in words."""

    index: Count
    kind: str
    what: str


class Noise(_Event, frozen=True, tag=True):
    """`count` bytes reached the device other than the host sent them, from byte `offset` on.

    `what` is altered | inserted; what was inserted stands before byte `offset`, and the bytes carry
    offsets below zero of their own, from `inserted_at` on, wherever the record speaks of them.
    """

    offset: Place
    count: Count
    what: str
    inserted_at: Place = 0


class End(_Event, frozen=True, tag=True):
    """The run ended in good order; `counters` is the ledger of bytes."""

    counters: dict[str, Place]


Event: TypeAlias = (
    Start
    | HostBytes
    | PayloadDigest
    | HostOpened
    | HostClosed
    | HostLine
    | HostBreak
    | HostReady
    | HostRts
    | HostUnread
    | HostFlushed
    | HostDiscard
    | ClockStopped
    | AdapterErrors
    | Operated
    | NewsCame
    | LinkAsked
    | LinkTlsAsked
    | LinkSecured
    | LinkIncoming
    | LinkRefused
    | LinkAnswered
    | LinkTaken
    | LinkSent
    | LinkCredit
    | LinkShut
    | LinkOpened
    | LinkFailed
    | LinkReceived
    | LinkClosed
    | ClientAsked
    | ClientResult
    | ClientMessage
    | ClientFetched
    | BleCame
    | BleAsked
    | BleGone
    | BleHeard
    | BleLost
    | LineMismatch
    | DeviceLine
    | CommandLine
    | Called
    | Result
    | FileChanged
    | TransferAsked
    | TransferEnd
    | UpgradeStep
    | Eaten
    | DataBegin
    | Stored
    | Forwarded
    | MessageSent
    | JobBegin
    | JobEnd
    | HostDtr
    | Ack
    | Swallowed
    | DataEnd
    | Lost
    | Unseen
    | RingLevel
    | Rts
    | HostHeld
    | FlashBusy
    | Stalled
    | Sent
    | SendDropped
    | Urc
    | UrcDropped
    | Power
    | FaultInjected
    | FaultFired
    | Noise
    | End
)
