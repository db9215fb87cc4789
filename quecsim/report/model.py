"""The answer, as plain records: what the host sent, what was stored, which bytes are gone and why.

Everything here is JSON-ready (`Report.to_json`). Times are nanoseconds of the model's clock;
`offset` counts the bytes of the host's stream from the start of the run, `at_byte` those of one
upload's payload, both from 0.
"""

from enum import StrEnum

import msgspec

from quecsim.report.air import BleReport
from quecsim.report.connection import NetworkReport


class Verdict(StrEnum):
    """What became of a file: one word each, for report, check, fuzz, sweep and claims alike.

    The report knows what was announced, and takes it for what the file should be; who has the
    file itself compares (`quecsim.judge.file`).
    """

    INTACT = "intact"  # it is there, whole, with the right bytes
    LOST = "lost"  # it lacks bytes that the host sent
    WRONG = "wrong"  # it lacks none, and has other bytes than it should: noise, or a command
    SHORT = "short"  # nothing was lost, but the host did not send the whole file
    SURPLUS = "surplus"  # it is there, and more bytes came than belong to it
    REFUSED = "refused"  # the device answered with an error instead of taking it
    WAITING = "waiting"  # not yet: before CONNECT, in data mode, or still storing
    UNFINISHED = "unfinished"  # it never will be: the power went, or the host was stopped
    BROKEN = "broken"  # its upgrade was torn: the device has no firmware that starts
    NONE = "none"  # nobody has begun to upload it


class Upgrade(StrEnum):
    """How far a firmware upgrade has come."""

    NONE = ""  # no firmware, or its package has not been stored
    WAITS = "waits"  # the package is stored, and a restart comes first
    RUNS = "runs"  # up to END
    ENDED = "ended"  # END was said: the number is in `result`
    STOPPED = "stopped"  # the power went before END, and the device still starts
    BROKEN = "broken"  # the device does not start any more
    RESTORED = "restored"  # it did not, until the firmware was put back


class Loss(msgspec.Struct, frozen=True):
    """A stretch of lost bytes: `count` from `offset`; they arrived from `first_ns` to `last_ns`.

    `cause` is ring | off | reopen | framing | noise | storage | power; `why` says it in words. For
    `ring`: it held `ring_bytes`, all it can, for `full_ns`.
    """

    offset: int
    at_byte: int | None
    count: int
    first_ns: int
    last_ns: int
    cause: str
    ring_bytes: int
    full_ns: int
    why: str


class EarlyBytes(msgspec.Struct, frozen=True):
    """Bytes that came between the command line and CONNECT, by what became of them."""

    taken_as_data: int = 0
    thrown_away: int = 0
    lost: int = 0

    @property
    def count(self) -> int:
        """All of them."""
        return self.taken_as_data + self.thrown_away + self.lost


class SwallowedCommand(msgspec.Struct, frozen=True):
    """A line like a command that became file data, after `pause_ns` of silence.

    `is_command`: it was one for certain, and no part of the file (`quecsim.report.taken`).
    """

    offset: int
    at_byte: int
    at_ns: int
    pause_ns: int
    text: str
    is_command: bool = False


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """One upload: what the host announced, what it sent, what is in the file.

    `start` .. `end` (`end` not included) is its window of the host's stream, `sent` the window's
    length; as long as the device takes data the window reaches to the last byte the host wrote.
    Once it is closed: sent = stored + lost + eaten. `eaten` bytes are no data: `+++`, XON, XOFF,
    early bytes that were thrown away. `stray` bytes came after the end and before the next
    command, and met the command line; `surplus` of them are not blank. `ended` is size | idle |
    escape | error | power, or empty. `losses` are the first of the lost
    stretches, `unlisted_places` says how many more there are.
    `held_ns` is how long flow control held the host back meanwhile: late, but not lost. An upgrade
    that was begun in another run, and goes on in this one, has no bytes here. Noise on the line has
    `altered` bytes of the window, and `inserted` others, which count as stored where they were.

    `transfer` is its number in the record. `write` counts the writes by handle into one file since
    that was opened, from 1 (0 for a whole file in one go), and `file_bytes` is what the file had
    after it, None where the device does not say. `error` is the number of the answer's error and
    `cause` its name (as in `Result`); `mistake` says in words what the host did to the file.
    `summary` is the device's line about it, and `checksum` what that says, if it does.

    Of a real device, to which somebody has listened: `unseen` of the lost bytes have no place that
    anybody saw; `is_altered`: all came, and the checksum is that of others; `is_untold`: the device
    has not said how many came, so that `stored` and `lost` say nothing; `is_unheard`: what the host
    sent was not heard as it was, so that only the device's count is known.
    """

    command: str
    name: str
    size: int
    ack: bool
    begin_ns: int
    end_ns: int | None
    start: int
    end: int
    sent: int
    stored: int
    lost: int
    eaten: int
    losses: list[Loss]
    unlisted_places: int = 0
    early: EarlyBytes
    swallowed: list[SwallowedCommand]
    stray: int
    held_ns: int
    ring_peak_bytes: int
    ended: str
    result: str
    verdict: Verdict
    sentence: str
    upgrade: Upgrade = Upgrade.NONE
    altered: int = 0
    inserted: int = 0
    surplus: int = 0
    transfer: int = 0
    write: int = 0
    file_bytes: int | None = None
    error: int | None = None
    cause: str = ""
    mistake: str = ""
    summary: str = ""
    checksum: int | None = None
    unseen: int = 0
    is_altered: bool = False
    is_untold: bool = False
    is_unheard: bool = False


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen in the host's bytes, and what to do about it; `kind` is a word for the case
    (docs/REPORT.md lists them).

    `at_ns` and `offset` (in the host's stream) are those of the first time, `count` says how often.
    `name` is the file that it is about, if it is about one. `is_note`: nothing need be done.
    """

    kind: str
    seen: str
    advice: str
    at_ns: int
    offset: int | None = None
    count: int = 1
    name: str = ""
    is_note: bool = False


class EatenPlace(msgspec.Struct, frozen=True):
    """A stretch of bytes that the command line read without a word, the last one at `at_ns`."""

    at_ns: int
    offset: int
    count: int
    why: str


class Mismatch(msgspec.Struct, frozen=True):
    """The two ends of the line were set differently; `sender` (host | device): whose bytes came."""

    at_ns: int
    host: str
    device: str
    garbled: bool
    sender: str = "host"


class DroppedUrc(msgspec.Struct, frozen=True):
    """An unsolicited result code that was never sent."""

    at_ns: int
    text: str
    why: str


class FlashUse(msgspec.Struct, frozen=True):
    """What the flash did while the device ran, and what the scenario's stalls added."""

    erases: int = 0
    programs: int = 0
    busy_ns: int = 0
    longest_ns: int = 0
    stalls: int = 0
    stall_ns: int = 0


class Counters(msgspec.Struct, frozen=True):
    """Where the host's bytes are, counted from the events.

    `in_flight`: on the line, in the ring, in a command line or on the way into a file. `inserted`
    bytes came from noise, `forwarded` ones left the device again:
    sent + inserted = stored + forwarded + lost + eaten + in_flight. `holds` is False
    where the events contradict themselves or the device's own ledger.
    """

    sent: int
    stored: int
    lost: int
    eaten: int
    in_flight: int
    lost_by_cause: dict[str, int]
    holds: bool
    inserted: int = 0
    forwarded: int = 0


class FaultCount(msgspec.Struct, frozen=True):
    """A fault that was asked for: number `index` of the run, what it is to do, how often it has.

    `first_ns` is when it fired first, None if it never has; `first` what it hit then, in words.
    """

    index: int
    kind: str
    text: str
    fired: int
    first_ns: int | None
    first: str = ""


class CannedUse(msgspec.Struct, frozen=True):
    """A command that the model did not answer: a `[[reply]]` for `command` did, `count` times.

    `name` is what was called (empty: many), `source` where the reply is from, `first_ns` when it
    was used first.
    """

    command: str
    name: str
    source: str
    count: int
    first_ns: int


class Message(msgspec.Struct, frozen=True):
    """A short message that the device has sent. See `quecsim.trace.event.MessageSent`."""

    at_ns: int
    reference: int
    to: str
    body: str
    is_pdu: bool


class RealLine(msgspec.Struct, frozen=True):
    """A board's real line, by its adapter (docs/REAL_UART.md).

    `overruns`: so often the adapter lost bytes of the board's, one or more each time, which are in
    no other count; `framing` and `parity` errors, and `damaged` bytes that were thrown away.
    `stops`: so often the device took RTS away; `most_after` is how many bytes came after that at
    the most, `least_room` for how many there was room at the least, `lost_after` how many of them
    were lost.
    """

    overruns: int = 0
    framing: int = 0
    parity: int = 0
    damaged: int = 0
    stops: int = 0
    most_after: int = 0
    least_room: int = 0
    lost_after: int = 0


class ReportOrigin(msgspec.Struct, frozen=True):
    """What was run: the device's `title`, its end of the `line` at the start, the scenario's name,
    quecsim's `version`, the wall's `date` and the host program's `command`, where they are known.
    `heard_from`: it was a real device, and this is where somebody listened to it; `lacks` is what
    that could not give (`quecsim.trace.setup.Lack`).
    """

    title: str = ""
    line: str = ""
    scenario: str = ""
    version: str = ""
    date: str = ""
    command: list[str] = []
    heard_from: str = ""
    lacks: list[str] = []


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to the bytes.

    Lists are bounded; `uploads_unlisted` older uploads and the counts say what is not listed.
    `unsent` are bytes from the device that never reached the host, by cause (cts | backlog |
    framing | power | noise). `is_ended` tells a finished record from one that was cut short.
    `protocol_bytes` of the eaten bytes went to protocol download, `mistaken_bytes` were no command
    and read as one, and `never_sent_bytes` the host threw away before they were on the wire.
    `is_dead`: the device has no firmware that starts. `stopped_ns`: so long, by the wall's clock,
    the simulator had no processor, and the model stood. `advice` is what the host's bytes show, and
    what to do about it. `unfinished_bytes` of those in flight are a command line without its end.
    `messages` are the first of the `messages_sent` short messages. `network` is what the device
    had of the network behind it, `ble` of Bluetooth LE. `real_line` is None where no board's line
    was one of wires.
    """

    device: str
    port: str
    seed: int
    settings: dict[str, str]
    at_ns: int
    is_ended: bool
    uploads: list[Upload]
    uploads_unlisted: int
    fell_short: bool
    lost_outside: int
    losses_outside: list[Loss]
    unlisted_places_outside: int = 0
    eaten: list[EatenPlace]
    protocol_bytes: int
    mistaken_bytes: int
    is_dead: bool
    mismatches: list[Mismatch]
    urcs_dropped: int
    dropped_urcs: list[DroppedUrc]
    unsent: dict[str, int]
    held_ns: int
    flash: FlashUse
    counters: Counters
    assumed: list[str]
    faults: list[FaultCount] = []
    canned: list[CannedUse] = []
    stopped_ns: int = 0
    never_sent_bytes: int = 0
    origin: ReportOrigin = ReportOrigin()
    advice: list[Advice] = []
    unfinished_bytes: int = 0
    messages: list[Message] = []
    messages_sent: int = 0
    network: NetworkReport = NetworkReport()
    ble: BleReport = BleReport()
    real_line: RealLine | None = None

    def to_json(self) -> str:
        """The report as indented JSON text."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2).decode()
