"""A host that reads what the device says, byte by byte, and goes on the moment it has seen it."""

from collections.abc import Iterable

from quecsim.rig import Rig
from quecsim.units import s

PATIENCE_NS = s(60)


class Host:
    """Talks to a rig in virtual time. `received` is what it has not used yet."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.now_ns = 0
        self.received = bytearray()
        rig.start()

    def send(self, data: bytes, pieces: Iterable[int] = ()) -> None:
        """Write `data` now, in pieces of the given sizes."""
        self.go_to(self.now_ns)
        for size in pieces:
            if data:
                self.rig.host_write(self.now_ns, data[:size])
                data = data[size:]
        if data:
            self.rig.host_write(self.now_ns, data)

    def wait_for(self, text: bytes, within_ns: int = PATIENCE_NS) -> bytes:
        """Read up to the end of `text`; returns all of it. Time stops at the byte that ends it."""
        limit_ns = self.now_ns + within_ns
        while text not in self.received:
            self.now_ns = self.rig.run_to_output(limit_ns)
            self._take()
            assert self.now_ns < limit_ns or text in self.received, (text, bytes(self.received))
        end = self.received.index(text) + len(text)
        before = bytes(self.received[:end])
        del self.received[:end]
        return before

    def go_to(self, now_ns: int) -> None:
        self.now_ns = now_ns
        self.rig.advance(now_ns)
        self._take()

    def pause(self, duration_ns: int) -> bytes:
        """Let time pass; returns all that has come and was not used."""
        self.go_to(self.now_ns + duration_ns)
        heard = bytes(self.received)
        self.received.clear()
        return heard

    def ask(self, command: bytes, within_ns: int = PATIENCE_NS) -> bytes:
        """A command line and all of the reply, up to its final result code."""
        self.pause(0)
        self.send(command + b"\r")
        heard = bytearray()
        while not heard.endswith((b"\r\nOK\r\n", b"\r\nERROR\r\n")) and b"+CME ERROR" not in heard:
            heard += self.wait_for(b"\r\n", within_ns)
        return bytes(heard)

    def _take(self) -> None:
        for run in self.rig.take_output():
            self.received += run.data
