"""The faults that there are: the `[[fault]]` tables of a scenario, and what `Rig.inject` takes.

`Fault` is the union of them, told apart by `kind`. Times are milliseconds (`_ms`) of model time
from the start of the run; bytes, acknowledgements, calls and operations are numbered from 1. A
fault that is injected into a run counts both from that moment: `at_ms = 0` is at once, `at_byte =
1` the next byte. Every fault fires once, unless its text says otherwise.

Which keys go together is in `quecsim.faults.rules`.
"""

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

Number = Annotated[int, Meta(ge=1, le=1 << 30)]
AtMs = Annotated[int, Meta(ge=0, le=86_400_000)]
LastsMs = Annotated[int, Meta(ge=1, le=600_000)]
PerMillion = Annotated[int, Meta(ge=1, le=1_000_000)]
Count = Annotated[int, Meta(ge=1, le=65_536)]
Bit = Annotated[int, Meta(ge=0, le=7)]
ByteValue = Annotated[int, Meta(ge=0, le=255)]
ByteValues = Annotated[tuple[ByteValue, ...], Meta(min_length=1, max_length=256)]
FileBytes = Annotated[int, Meta(ge=0, le=1 << 24)]
FreeBytes = Annotated[int, Meta(ge=0, le=1 << 30)]
CommandName = Annotated[
    str,
    Meta(
        pattern=r"^(?:\+[A-Z0-9]{1,15}|&?[A-Z])(?:\?|=\?)?\Z",
        description="a command without AT, such as +QFUPL",
    ),
]
ErrorText = Annotated[
    str,
    Meta(
        pattern=r"^(?:ERROR|\+CME ERROR: [0-9]{1,5})\Z",
        description='"ERROR" or "+CME ERROR: 409"',
    ),
]
UrcText = Annotated[
    str, Meta(pattern=r"^[ -~]{1,256}\Z", description="1 to 256 printable characters")
]

Direction = Literal["to_device", "to_host"]
UrcMoment = Literal[
    "before_connect", "after_connect", "before_ack", "before_result", "inside_reply"
]
RtsState = Literal["stop", "go"]


class _Fault(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
    tag="",
):
    """Common part of all faults."""

    @property
    def kind(self) -> str:
        """The word that tells it from the others."""
        return str(self.__struct_config__.tag)


# the line


class BitError(_Fault, frozen=True, kw_only=True, tag="bit_error"):
    """Bits flip on the line: in `count` bytes from `at_byte` of the direction's stream on, or in
    `per_million` of all bytes (drawn by the seed; fires again and again).

    `bit` is which one, 0 the lowest; None: drawn by the seed.
    """

    direction: Direction = "to_device"
    at_byte: Number | None = None
    per_million: PerMillion | None = None
    count: Count = 1
    bit: Bit | None = None


class DropBytes(_Fault, frozen=True, kw_only=True, tag="drop_bytes"):
    """The line swallows `count` bytes from `at_byte` on, or `per_million` of all bytes."""

    direction: Direction = "to_device"
    at_byte: Number | None = None
    per_million: PerMillion | None = None
    count: Count = 1


class InsertBytes(_Fault, frozen=True, kw_only=True, tag="insert_bytes"):
    """Bytes that nobody sent arrive right before `at_byte`, or before `per_million` of all bytes.

    They have no place in the host's stream, and are counted apart.
    """

    direction: Direction = "to_device"
    at_byte: Number | None = None
    per_million: PerMillion | None = None
    bytes: ByteValues = (0xFF,)


class Break(_Fault, frozen=True, kw_only=True, tag="break"):
    """The line is low for `break_ms`, from `at_byte` (of the direction's stream) or `at_ms` on.

    The receiver sees one NUL; what is sent meanwhile does not get through.
    """

    direction: Direction = "to_device"
    at_byte: Number | None = None
    at_ms: AtMs | None = None
    break_ms: LastsMs = 10


# replies


class AckLate(_Fault, frozen=True, kw_only=True, tag="ack_late"):
    """The `A` of an upload comes `delay_ms` late: number `ack` of the run, or each `every`-th."""

    ack: Number | None = None
    every: Number | None = None
    delay_ms: LastsMs


class AckLost(_Fault, frozen=True, kw_only=True, tag="ack_lost"):
    """The `A` number `ack` of the run is never sent."""

    ack: Number = 1


class ConnectLate(_Fault, frozen=True, kw_only=True, tag="connect_late"):
    """CONNECT number `connect` of the run comes `delay_ms` late."""

    connect: Number = 1
    delay_ms: LastsMs


class ErrorReply(_Fault, frozen=True, kw_only=True, tag="error_reply"):
    """A command answers with an error and does nothing: its calls `call` .. `call + times - 1`.

    `command` is how it is set or executed ("+QFUPL"); with `?` or `=?` at its end, how it is read
    or tested. AT+CMEE decides in which form the host gets to see the error, as with any other.
    """

    command: CommandName
    reply: ErrorText = "ERROR"
    call: Number = 1
    times: Count = 1


class SplitReply(_Fault, frozen=True, kw_only=True, tag="split_reply"):
    """A reply leaves in pieces of `piece_bytes` with `pause_ms` of silence between them.

    Number `reply` of the run, or each `every`-th. A reply is what the device says by itself: a
    line of text, CONNECT, `A`, a final result, a URC; echo and file data are none.
    """

    reply: Number | None = None
    every: Number | None = None
    piece_bytes: Annotated[int, Meta(ge=1, le=256)] = 1
    pause_ms: LastsMs


class UrcFault(_Fault, frozen=True, kw_only=True, tag="urc"):
    """An unsolicited result code comes at an awkward `moment` (the `nth` such of the run), at
    `at_ms`, or at byte `at_byte` of an upload's data.
    """

    text: UrcText = "+CREG: 1"
    moment: UrcMoment | None = None
    nth: Number = 1
    at_ms: AtMs | None = None
    at_byte: Number | None = None


# the device


class PowerCutFault(_Fault, frozen=True, kw_only=True, tag="power_cut"):
    """Power goes: at byte `at_byte` of an upload's data as taken from the ring, at `at_ms`, or in
    the middle of program or erase number `at_flash_op` of the run.

    It comes back `off_ms` later; None: it stays away.
    """

    at_byte: Number | None = None
    at_ms: AtMs | None = None
    at_flash_op: Number | None = None
    off_ms: LastsMs | None = None


class ResetFault(_Fault, frozen=True, kw_only=True, tag="reset"):
    """The device starts anew by itself, as after a watchdog: at byte `at_byte` of an upload's data
    or at `at_ms`. Like a power cut it tears what the flash was doing.
    """

    at_byte: Number | None = None
    at_ms: AtMs | None = None


class DiskFull(_Fault, frozen=True, kw_only=True, tag="disk_full"):
    """Other files leave about `free_bytes` of the flash's storage, from the start on."""

    free_bytes: FreeBytes = 0


class ExistingFile(_Fault, frozen=True, kw_only=True, tag="existing_file"):
    """A file is there from the start: `text`, or `bytes_count` bytes of 0xFF.

    It counts as fired when a command meets it as a file that is already there.
    """

    name: str
    text: str | None = None
    bytes_count: FileBytes | None = None


class EchoOn(_Fault, frozen=True, kw_only=True, tag="echo_on"):
    """ATE0 says OK, and the echo stays on. Fires at each ATE0."""


class RtsStuck(_Fault, frozen=True, kw_only=True, tag="rts_stuck"):
    """The device's RTS line stays at `state` from `from_ms` on, for `for_ms`; None: for good.

    It counts as fired when the device asks for the other state, or the host has to wait for it.
    """

    state: RtsState
    from_ms: AtMs = 0
    for_ms: LastsMs | None = None


Fault: TypeAlias = (
    BitError
    | DropBytes
    | InsertBytes
    | Break
    | AckLate
    | AckLost
    | ConnectLate
    | ErrorReply
    | SplitReply
    | UrcFault
    | PowerCutFault
    | ResetFault
    | DiskFull
    | ExistingFile
    | EchoOn
    | RtsStuck
)
LineFault: TypeAlias = BitError | DropBytes | InsertBytes | Break
