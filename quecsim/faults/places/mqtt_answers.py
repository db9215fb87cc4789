"""MQTT on its way past: a device's CONNECT, and a broker's answers to what it has published."""

from collections.abc import Iterator

from quecsim.mqtt.packets import NUMBERS, PROTOCOL_NAMES, Connect, PubAck, PubRec

_CONNECT = NUMBERS[Connect] << 4
_NAMES = tuple(len(name).to_bytes(2) + name.encode() for name in PROTOCOL_NAMES.values())
_ANSWERS = {NUMBERS[kind] << 4: kind.__name__.upper() for kind in (PubAck, PubRec)}
_ANSWER_BYTES = 4
_HEAD_MOST_BYTES = 5  # the first byte, and four of the length
_FOR_EVER = 1 << 62


def is_connect(data: bytes) -> bool:
    """Whether `data`, which a device sends at once, begins with a CONNECT."""
    if data[:1] != bytes((_CONNECT,)):
        return False
    return any(data[place:].startswith(_NAMES) for place in range(2, 1 + _HEAD_MOST_BYTES))


class AnswerSieve:
    """Finds PUBACK and PUBREC in what a broker says, however it is cut.

    Of an answer that is not whole yet it keeps what has come, at most 3 bytes; everything else goes
    through at once. What is no MQTT goes through, too.
    """

    def __init__(self) -> None:
        self._head = bytearray()  # of the packet that begins
        self._passed = 0  # of that
        self._left = 0  # of the packet that goes through

    @property
    def held_bytes(self) -> int:
        """How many bytes it keeps."""
        return len(self._head) - self._passed

    def feed(self, data: bytes) -> Iterator[tuple[bytes, str]]:
        """(bytes, name of the answer that they are, or empty), in order."""
        place = 0
        while place < len(data):
            if self._left:
                piece = data[place : place + self._left]
                self._left -= len(piece)
                place += len(piece)
                yield piece, ""
                continue
            self._head.append(data[place])
            place += 1
            if not self._may_be_answer():
                yield bytes(self._head[self._passed :]), ""
                self._passed = len(self._head)
                self._end_head()
            elif len(self._head) == _ANSWER_BYTES:
                answer = bytes(self._head)
                self._head.clear()
                yield answer, _ANSWERS[answer[0]]

    def _may_be_answer(self) -> bool:
        head = self._head
        return head[0] in _ANSWERS and (len(head) < 2 or head[1] == _ANSWER_BYTES - 2)

    def _end_head(self) -> None:
        """Where the length is known, the rest of the packet goes through."""
        lengths = self._head[1:]
        if lengths and lengths[-1] < 0x80:
            self._left = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(lengths))
        elif len(self._head) < _HEAD_MOST_BYTES:
            return
        else:
            self._left = _FOR_EVER
        self._head.clear()
        self._passed = 0
