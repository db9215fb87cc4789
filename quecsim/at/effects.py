"""The closed set of things a command may ask of the device while it runs.

A handler that takes time or data is a generator: it yields one of these and is resumed with the
answer when the model's clock has got there. Nothing here does anything by itself.
"""

from collections.abc import Callable, Generator
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

import msgspec


class Writable(Protocol):
    """A file that takes data."""

    def write(self, data: bytes) -> int:
        """Write all of `data`; returns its length. Raises the storage's error."""


class Info(msgspec.Struct, frozen=True):
    """Send a line of information text. Lines in a row form one block."""

    text: str


class Answer(msgspec.Struct, frozen=True):
    """Send the final OK now; the command goes on, and what it says from here on is unsolicited."""


class Announce(msgspec.Struct, frozen=True):
    """Send an unsolicited result code now, in the middle of the command.

    `step` and `number` are those of a firmware upgrade, where it tells of one; without `text` that
    is on record alone.
    """

    text: str
    step: str = ""
    number: int | None = None


class Pause(msgspec.Struct, frozen=True):
    """Keep the device busy: it does nothing else, and reads nothing. `doing` says in words why."""

    duration_ns: int
    doing: str


class Sleep(msgspec.Struct, frozen=True):
    """Let time pass without keeping the device busy: other jobs go on meanwhile."""

    duration_ns: int
    doing: str


class AwaitNews(msgspec.Struct, frozen=True):
    """Wait for the next news called `name`; answered with it, or None after `timeout_ns`.

    What came before is kept (as far as there is room for it) and answers at once.
    """

    name: str
    doing: str
    timeout_ns: int | None = None


class Spawn(msgspec.Struct, frozen=True):
    """Go on with `steps` in the background, as a job called `name`; False where too many run."""

    steps: "Steps"
    name: str


class TakeOver(msgspec.Struct, frozen=True):
    """From the background: `steps` go on in place of a command line, as soon as none runs and all
    that was announced is out. The device reads no commands until they end. `name` says in words
    what they are. `answers`: they may end with a final OK (`Answer`).
    """

    steps: "Steps"
    name: str
    answers: bool = False


class Prompt(msgspec.Struct, frozen=True):
    """Ask for data with `> ` or `>`, where the command does not say CONNECT."""


class Connect(msgspec.Struct, frozen=True):
    """Send the intermediate result CONNECT (`suffix` as in `CONNECT 512`)."""

    suffix: str = ""


class Raw(msgspec.Struct, frozen=True):
    """Send bytes as they are."""

    data: bytes


class AckByte(msgspec.Struct, frozen=True):
    """Send the `A` that acknowledges `received` bytes of the upload so far."""

    received: int


class FlashWork(msgspec.Struct, frozen=True):
    """Run `work` on the file system; the answer comes when the flash has done it."""

    work: Callable[[], Any]
    why: str


class Store(msgspec.Struct, frozen=True):
    """Write `data`, taken from the host before, into `file` called `name`."""

    file: Writable
    name: str
    data: bytes


class Dispatch(msgspec.Struct, frozen=True):
    """A short message has left the device; see `quecsim.trace.event.MessageSent`."""

    reference: int
    to: str
    body: str
    is_pdu: bool


class Unstore(msgspec.Struct, frozen=True):
    """All but `kept` bytes of what this transfer has stored did not survive in the storage."""

    kept: int = 0


class Forward(msgspec.Struct, frozen=True):
    """Pass `data`, taken from the host before, on to `to`: it leaves the device that way."""

    to: str
    data: bytes


class DataEndWhy(StrEnum):
    """Why data mode ends."""

    SIZE = "size"
    IDLE = "idle"
    ESCAPE = "escape"
    TERMINATOR = "terminator"
    CANCEL = "cancel"
    DTR = "dtr"
    CARRIER = "carrier"
    ERROR = "error"


class OpenData(msgspec.Struct, frozen=True):
    """From here on the host's bytes are data for `name`, not commands.

    `size` of them, or 0 where something else ends it: silence for `timeout_ns` (None: never),
    `+++` (`can_escape`), the byte `end_byte` (Ctrl-Z, say) or `cancel_byte` (Esc), the host's DTR
    (`ends_on_dtr`), the end of a connection (`carrier`: see `Network.hang_up`). `block_bytes`, with
    `ack`: what one `A` answers for. `echoes`: the host sees what it types, as long as ATE1 holds.
    `is_prompted`: it stands behind `> `, and is no data mode that would make a firmware forget what
    it has to say.
    """

    command: str
    name: str
    size: int
    ack: bool
    timeout_ns: int | None
    is_idle_timer: bool
    can_escape: bool = True
    block_bytes: int = 0
    end_byte: int | None = None
    cancel_byte: int | None = None
    ends_on_dtr: bool = False
    carrier: str = ""
    echoes: bool = False
    is_prompted: bool = False


class Take(msgspec.Struct, frozen=True):
    """Take exactly `count` bytes of data. Answered with `Taken`.

    `gather_ns`: be content with fewer, once the host has paused for so long behind the first.
    """

    count: int
    gather_ns: int | None = None


class Taken(msgspec.Struct, frozen=True):
    """Data from the host; `end` says why it is fewer bytes than asked, None when it is all."""

    data: bytes
    end: DataEndWhy | None


class Discard(msgspec.Struct, frozen=True):
    """The last bytes that were taken from the host go nowhere; `why` says it in words."""

    data: bytes
    why: str


class CloseData(msgspec.Struct, frozen=True):
    """Data mode is over: the host's bytes are commands again.

    `result` answers the transfer, where the command goes on and its own result does not.
    `checksum` and `file_bytes` are what the summary says, as numbers.
    """

    why: DataEndWhy
    summary: str
    result: str = ""
    checksum: int | None = None
    file_bytes: int | None = None


class FileChange(msgspec.Struct, frozen=True):
    """Put on record that a file was opened, closed or deleted (`what`)."""

    what: str
    name: str
    handle: int = -1


class WasEscaped(msgspec.Struct, frozen=True):
    """Ask whether the host has sent `+++` since `OpenData`; answered with a bool."""


class NoReply(msgspec.Struct, frozen=True):
    """This line ends without a final result."""


class AfterReply(msgspec.Struct, frozen=True):
    """Do `action` when the final result of this line has left the UART."""

    action: Callable[[int], None]


Effect: TypeAlias = (
    Info
    | Answer
    | Announce
    | Pause
    | Sleep
    | AwaitNews
    | Spawn
    | TakeOver
    | Prompt
    | Connect
    | Raw
    | AckByte
    | FlashWork
    | Store
    | Unstore
    | Forward
    | Dispatch
    | OpenData
    | Take
    | Discard
    | CloseData
    | FileChange
    | WasEscaped
    | NoReply
    | AfterReply
)
Steps: TypeAlias = Generator[Effect, Any, None]
