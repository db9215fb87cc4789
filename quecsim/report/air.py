"""What Bluetooth LE carried, as plain records of the report: connections, data for each
characteristic and direction, and the serial line while it was a connection.

Bytes of data are counted from 0 for each characteristic, direction and connection.
"""

import msgspec


class BleLoss(msgspec.Struct, frozen=True, kw_only=True):
    """`count` bytes from byte `at_byte` on that got no further, from `first_ns` to `last_ns`."""

    at_byte: int
    count: int
    first_ns: int
    last_ns: int
    why: str


class BleTransfer(msgspec.Struct, frozen=True, kw_only=True):
    """The data for one characteristic. `connection` is its number, 0 where there was none.

    `way` is up (from the host) or down (to it). `given` = `arrived` + `lost` + what is on its way,
    in `pieces`. Up, they have arrived when the other side has them; down, when the device has them
    and has not thrown them away. `losses` are the first of the lost stretches, `unlisted` counts
    the bytes of the others. `sentence` says what is lost; it is empty where nothing is.
    """

    connection: int
    uuid: str
    way: str
    given: int = 0
    pieces: int = 0
    arrived: int = 0
    lost: int = 0
    losses: list[BleLoss] = []
    unlisted: int = 0
    sentence: str = ""


class BleSession(msgspec.Struct, frozen=True, kw_only=True):
    """The serial line was a connection (transparent mode), from byte `offset` of the host's stream
    on, for `sent` bytes; `end_ns` is None as long as it is.

    `lost` of them never came into the device (`losses` count from `offset`); `carries_bytes_per_s`
    is the most that the connection takes, None without one.
    """

    connection: int
    begin_ns: int
    offset: int
    end_ns: int | None = None
    sent: int = 0
    lost: int = 0
    losses: list[BleLoss] = []
    unlisted: int = 0
    carries_bytes_per_s: int | None = None
    sentence: str = ""


class BleConnection(msgspec.Struct, frozen=True, kw_only=True):
    """A connection, or one that the host wanted and that did not come about (`joined_ns` is None).

    `number` counts them from 1; `name` is that of a `[[ble_peer]]` of the scenario. `interval`
    (1.25 ms), `latency` (events) and `timeout` (10 ms) are the last that held, and so is `mtu`;
    `first_interval` held at first. `why` is as in `BleWhy`, or `gone` where the device went off the
    air, `given up` where it waited no longer; empty as long as it lasts.
    """

    number: int
    address: str
    name: str = ""
    is_central: bool = False
    asked_ns: int | None = None
    joined_ns: int | None = None
    over_ns: int | None = None
    why: str = ""
    interval: int = 0
    first_interval: int = 0
    latency: int = 0
    timeout: int = 0
    mtu: int = 23
    carries_bytes_per_s: int = 0
    sentence: str = ""

    @property
    def who(self) -> str:
        """The other side: `phone (c0ffee000001)`."""
        return f"{self.name} ({self.address})" if self.name else self.address or "the other side"


class BleReport(msgspec.Struct, frozen=True, kw_only=True):
    """What the device had of Bluetooth LE. Lists are bounded; `unlisted` are older connections."""

    connections: list[BleConnection] = []
    unlisted: int = 0
    transfers: list[BleTransfer] = []
    sessions: list[BleSession] = []

    @property
    def has_any(self) -> bool:
        """There is something to tell."""
        return bool(self.connections or self.transfers or self.sessions)

    @property
    def sentences(self) -> list[str]:
        """What went wrong, one sentence each."""
        told = [each.sentence for each in self.connections]
        told += [each.sentence for each in self.transfers]
        told += [each.sentence for each in self.sessions]
        return [sentence for sentence in told if sentence]

    def has_byte(self, offset: int) -> bool:
        """That byte of the host's stream was for the air, in transparent mode."""
        return any(each.offset <= offset < each.offset + each.sent for each in self.sessions)
