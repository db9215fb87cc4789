"""Transparent mode over Bluetooth LE: the serial line is the connection.

What the host writes goes to one characteristic, in packets; whatever the other side sends goes to
the host as it is. Two jobs do it (`quecsim.commands.ble_transparent`), one for each way.
"""

from collections import deque
from typing import TYPE_CHECKING

from quecsim.border.ble import Hold
from quecsim.clients.ble_peripheral import UNHEARD

if TYPE_CHECKING:
    from quecsim.clients.ble import Ble

GONE = "their connection was gone"
NOBODY = "nobody had connected yet"


class BleStream:
    """On line while `session` is not 0; each session has a number of its own. `turn` is another
    number whenever the host decides anew whether to go on line.
    """

    name = "Bluetooth LE data"

    def __init__(self, ble: "Ble") -> None:
        self.session = 0
        self.turn = 0
        self.uuid = ""
        self._ble = ble
        self._sessions = 0
        self._is_over = False  # its connection is, and the session as soon as the host has read it
        self._inbox: deque[tuple[str, bytes, int]] = deque()  # with their offsets
        self._inbox_bytes = 0
        self._is_held = False

    @property
    def down_name(self) -> str:
        """By that name the job hears of what has come for the host."""
        return f"{self.name}, down"

    def turn_name(self, turn: int) -> str:
        """By that name the job of a turn hears of a connection to go back on line with."""
        return f"{self.name}, turn {turn}"

    # sessions

    def begin_turn(self) -> int:
        """The host has decided anew; returns the number of that."""
        before = self.turn
        self.turn += 1
        self._ble.air.wake(self.turn_name(before))
        return self.turn

    def forget(self) -> None:
        """Bluetooth LE is switched off: it goes back on line no more."""
        self.begin_turn()

    def go_on_line(self, uuid: str) -> int:
        """The serial line is the connection from now on; returns the number of the session."""
        self._sessions += 1
        self.session, self.uuid, self._is_over = self._sessions, uuid, False
        return self.session

    def go_off_line(self) -> None:
        """The serial line is one for commands. What the host has not read it hears of as such."""
        self.session = 0
        while self._inbox:
            self._ble.voice.received(*self._inbox.popleft())
        self._inbox_bytes = 0
        self._hold(is_on=False)
        self._ble.air.wake(self.down_name)

    # up

    @property
    def goes_on(self) -> bool:
        """The next piece may be sent, or is lost anyway."""
        return self._ble.has_room or not self._ble.is_connected or self._is_over

    @property
    def trouble(self) -> str:
        """Why what is sent now would get nowhere, in words; empty: all is well."""
        ble = self._ble
        if self._is_over:
            return GONE
        if not ble.is_connected:
            return NOBODY
        return "" if ble.is_central or ble.peripheral.hears(self.uuid) else UNHEARD

    def send(self, piece: bytes) -> None:
        """Send a piece, of the payload's size at most."""
        if self._ble.is_central:
            self._ble.central.write(self.uuid, piece, is_request=False)
        else:
            self._ble.peripheral.notify(self.uuid, piece)

    def lose(self, data: bytes, why: str) -> None:
        """Put on record that data from the host goes nowhere."""
        self._ble.air.drop_up(self.uuid, data, why)

    # down

    def takes(self, uuid: str, data: bytes) -> bool:
        """Data has come; False where the host is to have it by +QBLERECV."""
        if not self.session or self._is_over:
            return False
        if data:  # of none the host sees nothing
            self._inbox.append((uuid, data, self._ble.air.heard_offset))
            self._inbox_bytes += len(data)
        if self._inbox_bytes >= self._ble.profile.host_bytes:
            self._hold(is_on=True)
        self._ble.air.wake(self.down_name)
        return True

    def take_down(self, most: int) -> bytes:
        """What goes to the host next. When there is no more of a connection that is gone, its
        session is over.
        """
        taken = bytearray()
        while self._inbox and len(taken) < most:
            uuid, data, offset = self._inbox.popleft()
            piece, rest = data[: most - len(taken)], data[most - len(taken) :]
            taken += piece
            if rest:
                self._inbox.appendleft((uuid, rest, offset + len(piece)))
        self._inbox_bytes -= len(taken)
        if self._inbox_bytes * 2 <= self._ble.profile.host_bytes:
            self._hold(is_on=False)
        if not taken and self._is_over:
            self._ble.air.hang_up(self.name)
        return bytes(taken)

    # what the connection tells

    def joined(self) -> None:
        """There is one."""
        self._ble.air.wake(self.turn_name(self.turn))

    def over(self) -> None:
        """It is gone."""
        self._is_held = False  # nobody is there to be held
        if self.session:
            self._is_over = True
            self._ble.air.wake(self.down_name)
            self.wake()

    def wake(self) -> None:
        """There is room for more on the air."""
        if self.session:
            self._ble.air.wake(self.name)

    def _hold(self, *, is_on: bool) -> None:
        if self._is_held != is_on:
            self._is_held = is_on
            self._ble.air.want(Hold(is_on))
