"""What an MQTT client has received, on its way to the host: told at once, or kept for AT+QMTRECV.

What waits to be told holds back the connection: its bytes are only made up for when they are in the
transmitter. So a slow UART slows the broker, and nothing is lost.
"""

from collections.abc import Callable
from functools import partial

from quecsim.border import CREDIT_BYTES
from quecsim.clients.mqtt_state import MqttSettings
from quecsim.mqtt import Publish
from quecsim.profiles.schema import Mqtt

_URC = "+QMTRECV"
_MOST_HELD_BYTES = 2 * CREDIT_BYTES  # those of a connection that is over may still wait, too
_HEAD_BYTES = 4  # of a PUBLISH, at least


class Inbox:
    """`index` is the client's. `released()` hears that some of what waited has left the device.

    `held_bytes` of messages wait for the transmitter; never more than came, also where another
    connection has begun since.
    """

    def __init__(
        self,
        index: int,
        profile: Mqtt,
        say: Callable[[str, Callable[[], None]], None],
        released: Callable[[], None],
    ) -> None:
        self._index = index
        self._most_bytes = profile.received_bytes
        self._say = say
        self._released = released
        self.slots: list[Publish | None] = [None] * profile.buffers
        self._announced: set[int] = set()  # the slots whose announcement waits
        self.held_bytes = 0
        self.dropped = 0

    def put(self, message: Publish, settings: MqttSettings) -> bool:
        """A message has come; False: there is no room, and it is lost without a word."""
        is_taken = len(message.payload) <= self._most_bytes and (
            self._keep(message) if settings.is_buffered else self._tell(message, settings)
        )
        self.dropped += not is_taken
        return is_taken

    def _tell(self, message: Publish, settings: MqttSettings) -> bool:
        count = _HEAD_BYTES + len(message.topic.encode()) + len(message.payload)
        if self.held_bytes + count > _MOST_HELD_BYTES:
            return False
        self.held_bytes += count
        line = told(message, settings, has_length=settings.has_length)
        self._say(f"{_URC}: {self._index},{line}", partial(self._told, count))
        return True

    def _told(self, count: int) -> None:
        self.held_bytes -= count
        self._released()

    def _keep(self, message: Publish) -> bool:
        """In the first free buffer, which is announced once until the host has heard of it."""
        if None not in self.slots:
            return False
        slot = self.slots.index(None)
        self.slots[slot] = message
        if slot not in self._announced:
            self._announced.add(slot)
            self._say(f"{_URC}: {self._index},{slot}", partial(self._announced.discard, slot))
        return True

    def take(self, slot: int | None, settings: MqttSettings) -> list[str]:
        """The message in that buffer, or all of them, as lines; the buffers are free then."""
        chosen = range(len(self.slots)) if slot is None else (slot,)
        lines = []
        for number in chosen:
            message = self.slots[number]
            if message is not None:
                lines.append(f"{_URC}: {self._index},{told(message, settings, has_length=True)}")
                self.slots[number] = None
        return lines

    def occupied(self) -> str:
        """As AT+QMTRECV? tells it: 1 for each buffer that holds a message."""
        return ",".join(str(int(slot is not None)) for slot in self.slots)

    def clear(self) -> None:
        """A new connection begins with none."""
        self.slots = [None] * len(self.slots)


def told(message: Publish, settings: MqttSettings, *, has_length: bool) -> str:
    """A message as the host gets it: `msgid,"topic"[,length],"payload"`, byte for byte."""
    data = message.payload
    payload = data.hex().upper() if settings.is_hex else data.decode("latin-1")
    payload = f'"{payload}"' if settings.is_quoted else payload
    topic = message.topic.encode().decode("latin-1")
    length = f"{len(message.payload)}," if has_length else ""
    return f'{message.packet_id},"{topic}",{length}{payload}'
