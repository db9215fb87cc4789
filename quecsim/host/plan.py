"""What is to be uploaded and how, and what came of it: the two records of an upload.

UploadPlan      name, bytes, ways and mistakes; knows its QFUPL command and its payload
Mistake         the classic mistakes of host programs
UploadResult    what the host did and what the device said; ends with a list of problems
"""

from dataclasses import dataclass, field
from enum import Enum, auto

from quecsim.checksum import checksum, checksum_text
from quecsim.errors import QuecsimError

ACK_BLOCK_BYTES = 1024
MAX_TIMEOUT_S = 65_535


class Mistake(Enum):
    """What host programs get wrong. A wrong size is `UploadPlan.declared_bytes`."""

    NO_WAIT_CONNECT = auto()
    """Data right behind the command: what comes before CONNECT is not file data."""
    IGNORE_ACK = auto()
    """ACK mode, and streaming on without waiting for the `A` of each block."""
    PRINTLN = auto()
    """Text out line by line, each with CR LF, under the size of the file as it is."""
    NO_DELETE = auto()
    """No AT+QFDEL first: a file of that name makes the device refuse the upload."""
    NO_VERIFY = auto()
    """Done once the last byte is written: the summary is not waited for, nothing compared."""


@dataclass(frozen=True, slots=True)
class UploadPlan:
    """An upload: `data` (at least 1 byte) to the file `name`; the defaults are the correct way.

    `chunk_bytes` (1..) is the size of one write, `gap_ms` (0..) the pause between two. `timeout_s`
    (1..65535) is QFUPL's own: after that much silence the device gives up. `declared_bytes` (1..)
    is the size told to the device, None for the true one. `keep` leaves an existing file alone.
    Raises QuecsimError for a value that cannot be sent.
    """

    name: str
    data: bytes
    ack: bool = False
    rtscts: bool = False
    keep: bool = False
    chunk_bytes: int = ACK_BLOCK_BYTES
    gap_ms: int = 0
    timeout_s: int = 5
    declared_bytes: int | None = None
    mistakes: frozenset[Mistake] = frozenset()

    def __post_init__(self) -> None:
        if not self.name or any(char == '"' or not char.isprintable() for char in self.name):
            hint = "give --name without quotation marks and control characters"
            raise QuecsimError(f"{self.name!r} cannot be sent as a file name", hint=hint)
        _need(len(self.data) > 0, "the file is empty", "QFUPL takes sizes from 1 byte on")
        _need(self.chunk_bytes > 0, "a chunk has at least 1 byte", "give --chunk 1 or more")
        _need(self.gap_ms >= 0, "a gap cannot be negative", "give --gap 0 or more")
        _need(self.declared > 0, "a size is at least 1 byte", "give --size 1 or more")
        timeout_fits = 1 <= self.timeout_s <= MAX_TIMEOUT_S
        _need(timeout_fits, f"no time-out of {self.timeout_s} s", f"QFUPL takes 1-{MAX_TIMEOUT_S}")

    @property
    def declared(self) -> int:
        """The size in the QFUPL command, in bytes."""
        return len(self.data) if self.declared_bytes is None else self.declared_bytes

    @property
    def ack_mode(self) -> bool:
        """Whether the device is asked for an `A` after each block."""
        return self.ack or Mistake.IGNORE_ACK in self.mistakes

    @property
    def waits_for_ack(self) -> bool:
        """Whether the host waits for each `A`."""
        return self.ack and Mistake.IGNORE_ACK not in self.mistakes

    @property
    def command(self) -> str:
        """The QFUPL command, without its CR."""
        ack = ",1" if self.ack_mode else ""
        return f'AT+QFUPL="{self.name}",{self.declared},{self.timeout_s}{ack}'

    def payload(self) -> bytes:
        """The bytes that the host will write: `data`, unless it prints lines."""
        return println(self.data) if Mistake.PRINTLN in self.mistakes else self.data


def println(data: bytes) -> bytes:
    """`data` as a sketch prints it: cut at each LF, every line written with CR LF behind it."""
    lines = data.removesuffix(b"\n").split(b"\n")
    return b"".join(line + b"\r\n" for line in lines)


def _need(holds: bool, message: str, hint: str) -> None:
    """The user's mistake `message` unless `holds`."""
    if not holds:
        raise QuecsimError(message, hint=hint)


@dataclass(slots=True)
class UploadResult:
    """What is known of an upload so far. Sizes in bytes; None for what the device never said.

    `sent_bytes` counts whole writes. `problems` are sentences for people; none means all is well,
    but only `verified` says that size and checksum were compared.
    """

    name: str
    file_bytes: int
    file_checksum: str
    declared_bytes: int
    connected: bool = False
    sent_bytes: int = 0
    acks: int = 0
    reported_bytes: int | None = None
    reported_checksum: str | None = None
    listed_bytes: int | None = None
    replaced: bool = False
    verified: bool = False
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, plan: UploadPlan) -> "UploadResult":
        """The result of `plan` before anything was done."""
        return cls(plan.name, len(plan.data), checksum_text(checksum(plan.data)), plan.declared)

    @property
    def ok(self) -> bool:
        """Whether nothing went wrong that the host could see."""
        return not self.problems
