"""Many hosts in one process, each with a connection of its device. A program of its own.

    many_links.py BYTES PORT ...

All of them connect (transparent mode, to an echo); a line of output says so. Behind a line of input
they write at once, with bare reads and writes, and read what comes back: a line of JSON tells.
"""

import json
import os
import select
import sys
from contextlib import ExitStack

from benchmarks.host import BareHost
from benchmarks.sockets import OPEN, TRANSPARENT

_PIECE_BYTES = 4096
_SILENCE_S = 60.0


class Talk:
    """What one host says, and hears."""

    def __init__(self, host: BareHost, data: bytes) -> None:
        self.descriptor = host.descriptor
        self.got = bytearray()
        self._data = memoryview(data)
        self._sent = 0
        for command in (b"ATE0", b"AT+IFC=2,2", b"AT+QIACT=1"):
            host.ask(command)
        host.ask(OPEN % (0, TRANSPARENT), b"CONNECT\r\n")
        os.set_blocking(self.descriptor, False)

    @property
    def events(self) -> int:
        """What it waits for."""
        return select.POLLIN | (select.POLLOUT if self._sent < len(self._data) else 0)

    @property
    def is_over(self) -> bool:
        """All of it is back."""
        return len(self.got) >= len(self._data)

    @property
    def is_same(self) -> bool:
        """And it is what was sent."""
        return self.got == self._data

    def go_on(self, event: int) -> None:
        """As much as the port takes, and has."""
        if event & select.POLLOUT:
            piece = self._data[self._sent : self._sent + _PIECE_BYTES]
            self._sent += os.write(self.descriptor, piece)
        if event & select.POLLIN:
            self.got += os.read(self.descriptor, 65536)


def main() -> None:
    """Each host has bytes of its own."""
    size, ports = int(sys.argv[1]), sys.argv[2:]
    with ExitStack() as stack:
        hosts = [stack.enter_context(BareHost(port)) for port in ports]
        talks = [Talk(host, _content(size, number)) for number, host in enumerate(hosts)]
        print("connected", flush=True)
        sys.stdin.readline()
        _run(talks)
        print(json.dumps([{"is_same": talk.is_same} for talk in talks]), flush=True)


def _content(size: int, number: int) -> bytes:
    pattern = bytes([number % 200]) + bytes(range(256))
    return (pattern * (size // len(pattern) + 1))[:size]


def _run(talks: list[Talk]) -> None:
    poll = select.poll()
    running = {talk.descriptor: talk for talk in talks}
    for talk in talks:
        poll.register(talk.descriptor, talk.events)
    while running:
        ready = poll.poll(_SILENCE_S * 1000)
        if not ready:
            raise RuntimeError("the devices fell silent")
        for descriptor, event in ready:
            talk = running[descriptor]
            if event & (select.POLLHUP | select.POLLERR):
                raise RuntimeError("a device is gone")
            talk.go_on(event)
            poll.modify(descriptor, talk.events)
            if talk.is_over:
                poll.unregister(descriptor)
                del running[descriptor]


if __name__ == "__main__":
    main()
