"""Data on its way from the host to a real device: what was asked for, and what has been sent."""

from dataclasses import dataclass, field

from quecsim.device.datamode import CommandSpotter
from quecsim.observed.account import Account, Said, account
from quecsim.trace.event import Swallowed
from quecsim.trace.kinds import PACKAGE_UPLOAD
from quecsim.trace.recorder import Recorder
from quecsim.uart.rate import UnlimitedRate
from quecsim.uart.run import ByteRun
from quecsim.units import ms

_NO_TIME = UnlimitedRate()
_MOST_BYTES = 64 << 20
_LATE_NS = ms(500)
"""A device that had all the data would have said so within this time, nearly always."""


@dataclass(slots=True)
class Incoming:
    """Transfer `transfer`: data from byte `claim` of the stream on, `early` of it before CONNECT.

    `is_open`: data mode has begun, and has not ended. `to` is empty for a file, else where the data
    goes from the device: that ends with the byte that completes it, or with one of the `end_bytes`;
    a file ends with what the device says.
    """

    transfer: int
    command: str
    name: str
    size: int
    claim: int
    ack: bool = False
    to: str = ""
    end_bytes: bytes = b""
    is_open: bool = False
    early: int = 0
    acked: int = 0
    passed: int = 0  # of what goes on from the device, which is not kept
    tail: bytes = b""  # the last of that
    data: bytearray = field(default_factory=bytearray)
    _late: int = 0
    _last_ns: int = 0
    _record: Recorder = field(default_factory=Recorder)
    _spotter: CommandSpotter = field(init=False)

    def __post_init__(self) -> None:
        self._spotter = CommandSpotter(self._record, self.transfer)

    @property
    def is_online(self) -> bool:
        """The port is a connection's: only the device says where that ends."""
        return self.is_open and bool(self.to) and not self.size and not self.end_bytes

    @property
    def is_whole(self) -> bool:
        """All of the data is known; not of something enormous."""
        return len(self.data) < _MOST_BYTES

    def take(self, at_ns: int, data: bytes) -> None:
        """The host has sent more of it, or something else."""
        pause_ns = at_ns - self._last_ns if self.data else 0
        if len(self.data) >= self.size and pause_ns >= _LATE_NS:
            self._late += len(data)
        offset = self.claim + len(self.data)
        self._spotter.see(ByteRun(at_ns, 0, _NO_TIME, data, offset), pause_ns)
        self._last_ns = at_ns
        room = _MOST_BYTES - len(self.data)
        self.data += data[:room]

    def account(self, said: Said) -> Account:
        """What became of it, as the device says."""
        late = 0 if self.command == PACKAGE_UPLOAD else self._late  # it may think for long
        return account(bytes(self.data), self.size, said, early=self.early, late=late)

    def swallowed(self, at_ns: int, begin: int, end: int) -> list[Swallowed]:
        """What looks like commands among the data, bytes `begin` to `end` of the stream."""
        self._spotter.end(at_ns)
        found = [event for event in self._record.take() if isinstance(event, Swallowed)]
        return [event for event in found if begin <= event.offset < end]
