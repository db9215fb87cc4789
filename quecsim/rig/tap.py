"""What somebody who has clamped a probe to a device's wires hears: every byte of both directions
with its time, and what reaches the network behind it.

A record does not hold these times: they follow from it. Whoever wants them runs the record again
with a tap (`quecsim.run.recorded`). A tap changes nothing.
"""

from dataclasses import dataclass, field

from quecsim.border import News, Wish
from quecsim.uart.run import ByteRun


class Trains:
    """Bytes of one direction, in the order of their times, as trains that are as long as they go
    on without a gap.
    """

    def __init__(self) -> None:
        self._first: list[ByteRun] = []
        self._pieces: list[list[bytes]] = []
        self._last: ByteRun | None = None

    def add(self, run: ByteRun) -> None:
        """It has passed."""
        if self._last is not None and self._last.goes_on(run):
            self._pieces[-1].append(run.data)
        else:
            self._first.append(run)
            self._pieces.append([run.data])
        self._last = run

    def runs(self) -> list[ByteRun]:
        """All that has passed."""
        return [
            first.with_data(b"".join(pieces))
            for first, pieces in zip(self._first, self._pieces, strict=True)
        ]


@dataclass(slots=True)
class Tap:
    """`to_device` are the bytes as the host's UART sends them, before noise; `to_host` those of
    the device's, XON and XOFF among them. `wishes` are those that reached the far end of the
    network, with their times; its news are on record. `crossed` are the wishes as they leave the
    device, and the news as they reach it, in order.
    """

    to_device: Trains = field(default_factory=Trains)
    to_host: Trains = field(default_factory=Trains)
    wishes: list[tuple[int, Wish]] = field(default_factory=list)
    crossed: list[tuple[int, Wish | News]] = field(default_factory=list)

    def wished(self, now_ns: int, wish: Wish) -> None:
        """A wish has reached the far end."""
        self.wishes.append((now_ns, wish))

    def crosses(self, now_ns: int, what: Wish | News) -> None:
        """A wish leaves the device, or news reach it."""
        self.crossed.append((now_ns, what))
