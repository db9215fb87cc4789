"""One connection to a broker: what has come of it, what is to go out, when it is over."""

from quecsim.mqtt import Packet, Reader, Will, encode
from quecsim.mqtt.packets import MQTT_311
from quecsim.peers.mqtt_session import Session


class Connection:
    """Bytes both ways, and who is behind them once a CONNECT has come.

    `packet_bytes` is the largest packet that is taken. Where `unsent_bytes` wait, nothing more is
    sent than answers, and where twice as many wait, not even those.
    """

    def __init__(self, number: int, packet_bytes: int, unsent_bytes: int) -> None:
        self.number = number
        self.reader = Reader(packet_bytes)
        self.level = MQTT_311
        self.session: Session | None = None
        self.will: Will | None = None
        self.is_over = False
        self.heard_ns = 0
        self.patience_ns: int | None = None
        self._enough_bytes = unsent_bytes
        self._unsent = bytearray()

    @property
    def deadline_ns(self) -> int | None:
        """When it has been silent for too long; None: it may be for ever."""
        if self.is_over or self.patience_ns is None:
            return None
        return self.heard_ns + self.patience_ns

    @property
    def unsent_bytes(self) -> int:
        """How much waits to be taken."""
        return len(self._unsent)

    def answer(self, packet: Packet) -> bool:
        """Send an answer; False: the client reads none of them, and is to be cut off."""
        if len(self._unsent) >= 2 * self._enough_bytes:
            return False
        self._unsent += encode(packet)
        return True

    def send(self, packet: Packet) -> bool:
        """Send what may be lost; False: it is, since the client does not read fast enough."""
        if len(self._unsent) >= self._enough_bytes:
            return False
        self._unsent += encode(packet)
        return True

    def cut(self) -> None:
        """Nothing more goes out, not even what waits."""
        self._unsent.clear()

    def go_on(self) -> None:
        """Send what the session has, as far as there is room."""
        while self.session and not self.is_over and len(self._unsent) < self._enough_bytes:
            packet = self.session.next_packet()
            if packet is None:
                return
            self._unsent += encode(packet)

    def take(self, most_bytes: int | None) -> bytes:
        """The next bytes for the client, at most so many; None: all that there are."""
        taken = bytearray()
        while self._unsent and (most_bytes is None or len(taken) < most_bytes):
            count = len(self._unsent) if most_bytes is None else most_bytes - len(taken)
            taken += self._unsent[:count]
            del self._unsent[:count]
            self.go_on()
        return bytes(taken)
