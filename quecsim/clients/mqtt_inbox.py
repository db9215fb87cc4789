"""What an MQTT client has received, on its way to the host: told at once, or kept for AT+QMTRECV.

What waits to be told holds back the connection: its bytes are only made up for when they are in the
transmitter. So a slow UART slows the broker, and nothing is lost.
"""

from collections.abc import Callable

from quecsim.clients.mqtt_state import MqttSettings
from quecsim.mqtt import Publish

_URC = "+QMTRECV"


class Inbox:
    """`index` is the client's; `release(count)` hears of bytes that have left the device."""

    def __init__(
        self,
        index: int,
        buffers: int,
        say: Callable[[str, Callable[[], None]], None],
        release: Callable[[int], None],
    ) -> None:
        self._index = index
        self._say = say
        self._release = release
        self.slots: list[Publish | None] = [None] * buffers
        self.dropped = 0

    def put(self, message: Publish, settings: MqttSettings) -> int:
        """A message has come; returns how many bytes of it wait for the transmitter."""
        if settings.is_buffered:
            self._keep(message)
            return 0
        count = len(message.topic) + len(message.payload)
        line = told(message, has_length=settings.has_length, is_hex=settings.is_hex)
        self._say(f"{_URC}: {self._index},{line}", lambda: self._release(count))
        return count

    def _keep(self, message: Publish) -> None:
        """In the first free buffer; where there is none, the message is lost, without a word."""
        if None not in self.slots:
            self.dropped += 1
            return
        slot = self.slots.index(None)
        self.slots[slot] = message
        self._say(f"{_URC}: {self._index},{slot}", _nothing)

    def take(self, slot: int | None, *, is_hex: bool) -> list[str]:
        """The message in that buffer, or all of them, as lines; the buffers are free then."""
        chosen = range(len(self.slots)) if slot is None else (slot,)
        lines = []
        for number in chosen:
            message = self.slots[number]
            if message is not None:
                lines.append(
                    f"{_URC}: {self._index},{told(message, has_length=True, is_hex=is_hex)}"
                )
                self.slots[number] = None
        return lines

    def occupied(self) -> str:
        """As AT+QMTRECV? tells it: 1 for each buffer that holds a message."""
        return ",".join(str(int(slot is not None)) for slot in self.slots)

    def clear(self) -> None:
        """A new connection begins with none."""
        self.slots = [None] * len(self.slots)


def told(message: Publish, *, has_length: bool, is_hex: bool) -> str:
    """A message as the host gets it: `msgid,"topic"[,length],"payload"`, byte for byte."""
    payload = message.payload.hex().upper() if is_hex else message.payload.decode("latin-1")
    topic = message.topic.encode().decode("latin-1")
    length = f"{len(message.payload)}," if has_length else ""
    return f'{message.packet_id},"{topic}",{length}"{payload}"'


def _nothing() -> None:
    return None
