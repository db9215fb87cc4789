"""A device on the bench whose Bluetooth LE the test hears and answers by itself."""

from typing import Any

from quecsim.border.ble import (
    BleNews,
    BleWhy,
    BleWish,
    Came,
    Joined,
    Left,
    MtuIs,
    Notify,
    Parameters,
    Subscribed,
    Write,
)
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.trace.event import BleAsked, BleLost
from quecsim.units import MS
from tests.device.bench import OK, Bench

PHONE = "112233445566"
FAST = Parameters(interval=6)


class Ear:
    """Who hears what the device wants, and says nothing by himself."""

    def __init__(self) -> None:
        self.heard: list[BleWish] = []
        self.taken = 0  # how often what others said was

    def handle_wish(self, now_ns: int, wish: BleWish) -> None:
        del now_ns
        self.heard.append(wish)

    def handle_taken(self, now_ns: int) -> None:
        del now_ns
        self.taken += 1

    def deadline_ns(self) -> int | None:
        return None

    def take_news(self, now_ns: int) -> list[BleNews]:
        raise AssertionError(now_ns)


class BleBench(Bench):
    """It does not echo. `ear` is the other side."""

    def __init__(self, device: Profile | None = None, **config: Any) -> None:
        self.ear = Ear()
        super().__init__(device or load_profile("fcm242d"), ble_peer=self.ear, **config)
        self.ask("AT+QECHO=0")

    def does(self, *lines: str) -> "BleBench":
        for line in lines:
            assert self.ask(line) == OK, line
        return self

    def advertising(self, init: str = "2,1") -> "BleBench":
        """As the manual's example has it."""
        return self.does(
            f"AT+QBLEINIT={init}",
            'AT+QBLEGATTSSRV="FFF1"',
            'AT+QBLEGATTSCHAR="FFF2"',
            "AT+QBLEGATTSSRVDONE",
            "AT+QBLEADVSTART",
        )

    def connected(self, mtu: int = 23, *, hears: bool = True) -> "BleBench":
        """A phone has connected, with notifications of fff2 switched on."""
        self.hear(Joined(PHONE, parameters=FAST))
        assert self.rest() == b'\r\n+QBLESTAT: "CONNECTED"\r\n'
        self.exchange(mtu, hears=hears)
        self.rest()
        return self

    def exchange(self, mtu: int = 23, *, hears: bool = True) -> None:
        if mtu != 23:
            self.hear(MtuIs(mtu))
        if hears:
            self.hear(Subscribed("fff2", is_on=True))

    def hear(self, *news: BleNews) -> "BleBench":
        """Somebody says so, now."""
        for each in news:
            self.rig.advance(self.now_ns)
            self.rig.hear_ble(self.now_ns, each)
        return self

    def joins(self) -> "BleBench":
        """The device has asked for a connection, and has it."""
        self.send(f"AT+QBLECONN=0,{PHONE}\r".encode())
        self.until(OK)
        self.run_for(10 * MS)  # it is on the air
        self.hear(Joined(PHONE, is_central=True, parameters=FAST))
        assert self.rest() == b'\r\n+QBLESTAT: "CONNECTED"\r\n'
        return self

    def says(self, data: bytes, uuid: str = "fff2") -> "BleBench":
        return self.hear(Came(uuid, data))

    def leaves(self) -> "BleBench":
        return self.hear(Left(BleWhy.PEER))

    def goes_on_line(self, tail: str = "") -> "BleBench":
        assert self.ask(f'AT+QBLETRANMODE="FFF2"{tail}') == b"\r\nCONNECT\r\n"
        return self

    def escapes(self) -> bytes:
        """What comes back for the pluses."""
        self.run_for(1000 * MS)
        self.send(b"+++")
        return self.rest()

    def wanted(self) -> list[str]:
        """What the device wanted on the air, in words."""
        return [event.what for event in self.events(BleAsked)]

    def arrived(self) -> bytes:
        """The data that the other side has."""
        return b"".join(wish.data for wish in self.ear.heard if isinstance(wish, Notify | Write))

    def pieces(self) -> list[int]:
        """How long the pieces of data were that it sent."""
        return [event.count for event in self.events(BleAsked) if event.count]

    def dropped(self) -> list[tuple[str, int, str]]:
        """Data that got nowhere: which way it was on, how much, and why."""
        return [(event.way, event.count, event.why) for event in self.events(BleLost)]
