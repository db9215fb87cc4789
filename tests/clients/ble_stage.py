"""The Bluetooth LE of a device whose air is a list of what it wanted, and of what it said."""

from collections.abc import Callable

import msgspec

from quecsim.at.ble import BleClient
from quecsim.border.ble import BleNews, BleWish, Joined, Parameters
from quecsim.clients.ble import Ble
from quecsim.clients.ble_state import Role
from quecsim.profiles.loader import load_profile

DEVICE = load_profile("fcm242d")


class BleStage:
    """`wanted` and `said`, in order. What is said with a notice waits for `speak`."""

    def __init__(self, role: Role, **changed: object) -> None:
        self.now_ns = 0
        self.wanted: list[BleWish] = []
        self.said: list[str] = []
        self.notices: list[Callable[[], None]] = []
        self.dropped: list[tuple[str, str, bytes]] = []
        assert DEVICE.ble is not None
        assert DEVICE.wifi is not None
        self.ble = Ble(self, msgspec.structs.replace(DEVICE.ble, **changed), DEVICE.wifi)
        self.ble.begin(role, readvertises=True)

    def tell(self, *news: BleNews) -> None:
        for each in news:
            self.ble.told(each)

    def connect(self) -> None:
        """The device has asked for a connection, and there is one."""
        self.ble.central.join("0" * 12, Parameters(), 10**9, 64, is_random=False)
        self.tell(Joined("0" * 12, is_central=True))

    def pass_time(self, until_ns: int) -> None:
        """What is due by then."""
        while (due_ns := self.ble.deadline_ns()) is not None and due_ns <= until_ns:
            self.now_ns = due_ns
            self.ble.on_time()
        self.now_ns = until_ns

    def speak(self) -> None:
        """The host has read everything."""
        while self.notices:
            self.notices.pop(0)()

    def take(self) -> tuple[list[BleWish], list[str]]:
        """What was wanted and said since the last call."""
        taken, self.wanted, self.said = (self.wanted, self.said), [], []
        return taken

    # quecsim.at.ble.Air

    def attend(self, client: BleClient) -> None:
        assert client is self.ble

    def want(self, wish: BleWish) -> None:
        self.wanted.append(wish)

    @property
    def heard_offset(self) -> int:
        return 0

    def drop_up(self, uuid: str, data: bytes, why: str) -> None:
        assert why
        self.dropped.append(("up", uuid, data))

    def drop_down(self, uuid: str, data: bytes, why: str, offset: int) -> None:
        assert why
        assert offset >= 0
        self.dropped.append(("down", uuid, data))

    def waiting(self) -> int:
        return 0

    def say(self, text: str, sent: Callable[[], None] | None = None) -> None:
        self.said.append(text)
        if sent is not None:
            self.notices.append(sent)

    def wake(self, name: str) -> None:
        """No job waits here."""

    def hang_up(self, name: str) -> None:
        raise AssertionError
