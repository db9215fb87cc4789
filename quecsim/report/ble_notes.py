"""One connection of Bluetooth LE, and one characteristic's data, while their events go by."""

from dataclasses import dataclass, field

from quecsim.border.ble import INTERVAL_NS, SMALLEST_MTU, Parameters
from quecsim.link.ble_pace import BlePace
from quecsim.report.air import BleConnection, BleLoss, BleTransfer
from quecsim.report.ble_answer import connection_sentence, transfer_sentence
from quecsim.trace.ble_words import number_of
from quecsim.trace.event import BleLost

_MOST_LOSSES = 100
_LEAST_INTERVAL, _MOST_INTERVAL = 6, 3200


@dataclass(slots=True, eq=False)
class ConnectionNotes:
    """See `BleConnection`."""

    address: str
    is_central: bool
    asked_ns: int | None = None
    number: int = 0
    joined_ns: int | None = None
    over_ns: int | None = None
    why: str = ""
    interval: int = 0
    first_interval: int = 0
    latency: int = 0
    timeout: int = 0
    mtu: int = SMALLEST_MTU
    name: str = ""

    def note_parameters(self, words: dict[str, str]) -> None:
        """Its parameters are others."""
        self.interval = number_of(words, "interval") or 0
        self.first_interval = self.first_interval or self.interval
        self.latency = number_of(words, "latency") or 0
        self.timeout = number_of(words, "timeout") or 0

    def end(self, at_ns: int, why: str) -> None:
        """It is over, or does not come about."""
        self.over_ns, self.why = at_ns, why

    def carries_bytes_per_s(self, pace: BlePace) -> int:
        """The most that it takes each way; 0 without parameters that can be."""
        if not _LEAST_INTERVAL <= self.interval <= _MOST_INTERVAL or self.mtu < SMALLEST_MTU:
            return 0
        return pace.bytes_per_s(Parameters(self.interval), self.mtu)

    @property
    def interval_ns(self) -> int:
        """From one connection event to the next."""
        return self.interval * INTERVAL_NS

    def told(self, pace: BlePace, now_ns: int) -> BleConnection:
        """The entry of the report."""
        names = (name for name in ConnectionNotes.__slots__)
        values = {name: getattr(self, name) for name in names}
        values["carries_bytes_per_s"] = self.carries_bytes_per_s(pace)
        return connection_sentence(BleConnection(**values), now_ns)


@dataclass(slots=True, eq=False)
class TransferNotes:
    """See `BleTransfer`. `heard_offset`: the piece that the device has heard last."""

    connection: int
    uuid: str
    way: str
    given: int = 0
    pieces: int = 0
    arrived: int = 0
    lost: int = 0
    losses: list[BleLoss] = field(default_factory=list)
    unlisted: int = 0
    heard_offset: int = -1

    def has_heard(self, offset: int) -> bool:
        """The device has: they are heard in order."""
        return self.way == "down" and offset <= self.heard_offset

    def lose(self, at_byte: int, event: BleLost) -> None:
        """A piece gets no further."""
        self.lost += event.count
        last = self.losses[-1] if self.losses else None
        if last is not None and (last.at_byte + last.count, last.why) == (at_byte, event.why):
            self.losses[-1] = BleLoss(
                at_byte=last.at_byte,
                count=last.count + event.count,
                first_ns=last.first_ns,
                last_ns=event.at_ns,
                why=last.why,
            )
        elif len(self.losses) < _MOST_LOSSES:
            self.losses.append(
                BleLoss(
                    at_byte=at_byte,
                    count=event.count,
                    first_ns=event.at_ns,
                    last_ns=event.at_ns,
                    why=event.why,
                )
            )
        else:
            self.unlisted += event.count

    def told(self) -> BleTransfer:
        """The entry of the report."""
        names = (name for name in TransferNotes.__slots__ if name != "heard_offset")
        values = {name: getattr(self, name) for name in names}
        return transfer_sentence(BleTransfer(**values | {"losses": list(self.losses)}))
