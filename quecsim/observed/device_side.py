"""What a real device says: each of its words once on record, whole where nothing comes between."""

from collections.abc import Iterator

from quecsim.observed.ledger import Ledger
from quecsim.observed.words import DeviceReader, Kind, Word
from quecsim.trace.event import Sent


class DeviceSide:
    """Puts `Sent` on record for each word, and the empty lines before it with it."""

    def __init__(self, ledger: Ledger) -> None:
        self.reader = DeviceReader()
        self._ledger = ledger
        self._untold = bytearray()  # heard, and not on record
        self._since_ns = 0  # when the first of them was
        self._due = 0  # bytes of whole words that were not on record when the last was told
        self._ahead = 0  # bytes on record that belong to no whole word yet

    def read(self, now_ns: int, data: bytes) -> Iterator[Word]:
        """The words that `data` completes, each when it is on record; no empty lines."""
        if not self._untold:
            self._since_ns = now_ns
        self._untold += data
        yield from self._told(now_ns, self.reader.feed(data))

    def settle(self, now_ns: int) -> Iterator[Word]:
        """The host speaks: what may be the end of data to it is that. Call `flush` before."""
        yield from self._told(now_ns, self.reader.settle())

    def give_up(self) -> None:
        """Nobody waits for data any more. Call `flush` before."""
        self._ahead -= self.reader.give_up()

    def _told(self, now_ns: int, words: Iterator[Word]) -> Iterator[Word]:
        for word in words:
            self._due += len(word.data)
            if word.kind is Kind.BLANK:
                continue
            self._tell(max(0, self._due - self._ahead))
            self._ahead = max(0, self._ahead - self._due)
            self._due, self._since_ns = 0, now_ns
            yield word

    def flush(self) -> None:
        """Something else happens: what has no end yet is on record before that."""
        self._ahead += len(self._untold)
        self._tell(len(self._untold))

    def _tell(self, count: int) -> None:
        if count:
            self._ledger.add(Sent(self._since_ns, bytes(self._untold[:count])))
            del self._untold[:count]
