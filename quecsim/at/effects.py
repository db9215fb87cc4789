"""The closed set of things a command may ask of the device while it runs.

A handler that takes time or data is a generator: it yields one of these and is resumed with the
answer when the model's clock has got there. Nothing here does anything by itself.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeAlias


class Writable(Protocol):
    """A file that takes data."""

    def write(self, data: bytes) -> int:
        """Write all of `data`; returns its length. Raises the storage's error."""


@dataclass(frozen=True, slots=True)
class Info:
    """Send a line of information text. Lines in a row form one block."""

    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Send the final OK now; the command goes on, and what it says from here on is unsolicited."""


@dataclass(frozen=True, slots=True)
class Announce:
    """Send an unsolicited result code now, in the middle of the command.

    `step` and `number` are those of a firmware upgrade, where it tells of one.
    """

    text: str
    step: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Keep the device busy: it does nothing else, and reads nothing. `doing` says in words why."""

    duration_ns: int
    doing: str


@dataclass(frozen=True, slots=True)
class Sleep:
    """Let time pass without keeping the device busy: other jobs go on meanwhile."""

    duration_ns: int
    doing: str


@dataclass(frozen=True, slots=True)
class AwaitNews:
    """Wait for the next news called `name`; answered with it, or None after `timeout_ns`.

    What came before is kept (as far as there is room for it) and answers at once.
    """

    name: str
    doing: str
    timeout_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Spawn:
    """Go on with `steps` in the background, as a job called `name`; False where too many run."""

    steps: "Steps"
    name: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """Ask for data with `> `, where the command does not say CONNECT."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Send the intermediate result CONNECT (`suffix` as in `CONNECT 512`)."""

    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """Send bytes as they are."""

    data: bytes


@dataclass(frozen=True, slots=True)
class AckByte:
    """Send the `A` that acknowledges `received` bytes of the upload so far."""

    received: int


@dataclass(frozen=True, slots=True)
class FlashWork:
    """Run `work` on the file system; the answer comes when the flash has done it."""

    work: Callable[[], Any]
    why: str


@dataclass(frozen=True, slots=True)
class Store:
    """Write `data`, taken from the host before, into `file` called `name`."""

    file: Writable
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unstore:
    """All but `kept` bytes of what this transfer has stored did not survive in the storage."""

    kept: int = 0


@dataclass(frozen=True, slots=True)
class Forward:
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
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class OpenData:
    """From here on the host's bytes are data for `name`, not commands.

    `size` of them, or 0 where something else ends it: silence for `timeout_ns` (None: never),
    `+++` (`can_escape`), the byte `end_byte` (Ctrl-Z, say) or `cancel_byte` (Esc), the host's DTR
    (`ends_on_dtr`). `block_bytes`, with `ack`: what one `A` answers for.
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


@dataclass(frozen=True, slots=True)
class Take:
    """Take exactly `count` bytes of data. Answered with `Taken`.

    `gather_ns`: be content with fewer, once the host has paused for so long behind the first.
    """

    count: int
    gather_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """Data from the host; `end` says why it is fewer bytes than asked, None when it is all."""

    data: bytes
    end: DataEndWhy | None


@dataclass(frozen=True, slots=True)
class Discard:
    """The last bytes that were taken from the host go nowhere; `why` says it in words."""

    data: bytes
    why: str


@dataclass(frozen=True, slots=True)
class CloseData:
    """Data mode is over: the host's bytes are commands again.

    `result` answers the transfer, where the command goes on and its own result does not.
    `checksum` and `file_bytes` are what the summary says, as numbers.
    """

    why: DataEndWhy
    summary: str
    result: str = ""
    checksum: int | None = None
    file_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class FileChange:
    """Put on record that a file was opened, closed or deleted (`what`)."""

    what: str
    name: str
    handle: int = -1


@dataclass(frozen=True, slots=True)
class WasEscaped:
    """Ask whether the host has sent `+++` since `OpenData`; answered with a bool."""


@dataclass(frozen=True, slots=True)
class NoReply:
    """This line ends without a final result."""


@dataclass(frozen=True, slots=True)
class AfterReply:
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
    | Prompt
    | Connect
    | Raw
    | AckByte
    | FlashWork
    | Store
    | Unstore
    | Forward
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
