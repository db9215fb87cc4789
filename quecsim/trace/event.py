"""What can happen, as records: the one event stream from which every report is computed.

Each event carries `at_ns`, the model time it belongs to (never a clock's reading). `offset` counts
the bytes of the host -> device stream from the start of the run: byte 0 is the first one that the
host ever wrote; a negative offset is a byte that the host never wrote (`insert_bytes`, `break`).
The events that hold an input (`Start`, `HostBytes`, `HostLine`, `HostReady`, `HostRts`,
`HostDiscard`, `FaultInjected`, `Power` with an operator's name) are enough to repeat a run.

The records are msgspec structs tagged by class name, so that the JSONL file needs no code of ours.
"""

from typing import TypeAlias

import msgspec

from quecsim.faults.spec import Fault


class _Event(msgspec.Struct, frozen=True, tag=True, gc=False):
    """Common part: when it happened."""

    at_ns: int


class Start(_Event, frozen=True, tag=True):
    """The run begins: which device, line and seed, and the faults that the scenario asks for."""

    device: str
    seed: int
    port: str
    settings: dict[str, str]
    faults: tuple[Fault, ...] = ()


class HostBytes(_Event, frozen=True, tag=True):
    """Input. The host handed `data` to its UART; the first byte is byte `offset` of the stream."""

    offset: int
    data: bytes


class HostLine(_Event, frozen=True, tag=True):
    """Input. The host's side of the line: its baud rate, frame and flow control."""

    baud: int
    frame: str
    flow: str


class HostReady(_Event, frozen=True, tag=True):
    """Input. The host can (or cannot) take more bytes from the device."""

    ready: bool


class HostRts(_Event, frozen=True, tag=True):
    """Input. The host switched its RTS by hand."""

    on: bool


class HostDiscard(_Event, frozen=True, tag=True):
    """Input. The host threw away what it had written and was not on the wire yet."""


class LineMismatch(_Event, frozen=True, tag=True):
    """The host sends at another baud rate or frame than the device listens with."""

    host: str
    device: str
    garbled: bool


class DeviceLine(_Event, frozen=True, tag=True):
    """The device's own line settings took effect (AT+IPR, AT+ICF, AT+IFC)."""

    baud: int
    frame: str
    ifc: tuple[int, int]


class CommandLine(_Event, frozen=True, tag=True):
    """A whole command line was read: bytes `offset` .. `offset + count - 1` of the stream."""

    offset: int
    count: int
    text: str


class Result(_Event, frozen=True, tag=True):
    """The final result code of the command line before it."""

    text: str
    line: str


class Eaten(_Event, frozen=True, tag=True):
    """Bytes that were no command and no data went away silently, from `at_ns` to `last_ns`."""

    last_ns: int
    offset: int
    count: int
    why: str
    data: bytes


class DataBegin(_Event, frozen=True, tag=True):
    """The device enters data mode. `offset` is the first byte that counts as data."""

    offset: int
    command: str
    name: str
    size: int
    ack: bool
    early: int


class Stored(_Event, frozen=True, tag=True):
    """`count` bytes of data went into file `name` (`total` so far).

    A negative count: the power went, and so many of the bytes before it did not survive.
    """

    name: str
    count: int
    total: int


class Ack(_Event, frozen=True, tag=True):
    """The device sent `A`: `received` bytes of this upload are stored."""

    received: int


class Swallowed(_Event, frozen=True, tag=True):
    """Bytes that look like a command, taken as file data after a pause of `pause_ns`."""

    offset: int
    pause_ns: int
    text: str


class DataEnd(_Event, frozen=True, tag=True):
    """Data mode ends. `why` is size | idle | escape | error | power; `offset` the next byte."""

    offset: int
    why: str
    received: int
    stored: int
    summary: str


class Lost(_Event, frozen=True, tag=True):
    """`count` bytes from `offset` on are gone. `at_ns` .. `last_ns` are the times they arrived.

    `cause` is ring | off | reopen | framing | noise | storage | power. For `ring`: it was full,
    with `ring_bytes` in it, from `full_ns` until `drained_ns`, while the device was `doing`
    something.
    """

    last_ns: int
    offset: int
    count: int
    cause: str
    ring_bytes: int
    full_ns: int
    drained_ns: int
    doing: str
    device_flow: str
    host_flow: str


class RingLevel(_Event, frozen=True, tag=True):
    """The receive ring holds `level` bytes now; between two such events it fills at line speed."""

    level: int


class Rts(_Event, frozen=True, tag=True):
    """The device lets the host send (`go`) or asks it to stop, by RTS/CTS or XON/XOFF."""

    go: bool
    level: int


class HostHeld(_Event, frozen=True, tag=True):
    """The host's transmitter stops (or goes on) because it obeys the device's flow control."""

    held: bool


class FlashBusy(_Event, frozen=True, tag=True):
    """The flash works from `at_ns` to `until_ns`.

    `ops` are [kind, address, size, start, duration], times from `at_ns`.
    """

    until_ns: int
    why: str
    ops: list[tuple[str, int, int, int, int]]


class Stall(_Event, frozen=True, tag=True):
    """A stall that the scenario asked for, at byte `taken` of the data, until `until_ns`."""

    until_ns: int
    taken: int


class Sent(_Event, frozen=True, tag=True):
    """The device put `data` into its transmitter."""

    data: bytes


class SendDropped(_Event, frozen=True, tag=True):
    """`count` bytes from the device never reached the host. `why` is cts | backlog."""

    count: int
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
    """Input. A fault was put into the running device; it is number `index` (from 0) of the run."""

    index: int
    fault: Fault


class FaultFired(_Event, frozen=True, tag=True):
    """Fault number `index` (from 0) of the run happened; `what` it hit, in words."""

    index: int
    kind: str
    what: str


class Noise(_Event, frozen=True, tag=True):
    """`count` bytes reached the device other than the host sent them, from byte `offset` on.

    `what` is altered | inserted; what was inserted stands before byte `offset`, and the bytes carry
    offsets below zero of their own, from `inserted_at` on, wherever the record speaks of them.
    """

    offset: int
    count: int
    what: str
    inserted_at: int = 0


class End(_Event, frozen=True, tag=True):
    """The run ended in good order; `counters` is the ledger of bytes."""

    counters: dict[str, int]


Event: TypeAlias = (
    Start
    | HostBytes
    | HostLine
    | HostReady
    | HostRts
    | HostDiscard
    | LineMismatch
    | DeviceLine
    | CommandLine
    | Result
    | Eaten
    | DataBegin
    | Stored
    | Ack
    | Swallowed
    | DataEnd
    | Lost
    | RingLevel
    | Rts
    | HostHeld
    | FlashBusy
    | Stall
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
