"""Packets from a stream of bytes, however it was cut."""

from collections.abc import Iterator

from quecsim.mqtt.decode import decode, kind_of
from quecsim.mqtt.fields import Malformed, TooLarge
from quecsim.mqtt.packets import MQTT_311, Connect, Packet

_MOST_LENGTH_BYTES = 4


class Reader:
    """Reads one direction of one connection.

    `most_bytes` is the largest packet that is taken, whole: what is held between two calls is less.
    `level` is the connection's protocol level: 3 is more patient about flags. A broker's reader
    learns it from the CONNECT.
    """

    def __init__(self, most_bytes: int, level: int = MQTT_311) -> None:
        assert most_bytes >= 2, most_bytes
        self._most_bytes = most_bytes
        self._level = level
        self._held = bytearray()
        self._broken: Malformed | None = None

    @property
    def held_bytes(self) -> int:
        """How much has come of a packet that is not whole yet."""
        return len(self._held)

    def feed(self, data: bytes) -> Iterator[Packet]:
        """The packets that become whole with `data`, one by one, for a loop that takes them all.

        Behind them, `Malformed` where the stream is wrong, at the same byte however it was cut;
        from then on always. `TooLarge` comes as soon as the length is known.
        """
        if self._broken:
            raise self._broken
        self._held += data
        return self._packets()

    def _packets(self) -> Iterator[Packet]:
        try:
            while (packet := self._next()) is not None:
                yield packet
        except Malformed as error:
            self._broken = error
            self._held.clear()
            raise

    def _next(self) -> Packet | None:
        if not self._held:
            return None
        kind_of(self._held[0], self._level)
        head_bytes, body_bytes = self._lengths()
        whole_bytes = head_bytes + body_bytes
        if whole_bytes > self._most_bytes:
            raise TooLarge(whole_bytes, self._most_bytes)
        if not head_bytes or len(self._held) < whole_bytes:
            return None
        body = bytes(self._held[head_bytes:whole_bytes])
        packet = decode(self._held[0], body, self._level)
        del self._held[:whole_bytes]
        if isinstance(packet, Connect):
            self._level = packet.level
        return packet

    def _lengths(self) -> tuple[int, int]:
        """(bytes of the head, bytes of the body); two zeros: more of the length must come."""
        length = 0
        for place, byte in enumerate(self._held[1 : 1 + _MOST_LENGTH_BYTES]):
            length |= (byte & 0x7F) << 7 * place
            if byte < 0x80:
                return 2 + place, length
        if len(self._held) > _MOST_LENGTH_BYTES:
            raise Malformed("a remaining length of more than 4 bytes")
        return 0, 0
