"""Many hosts in one process, each at a port of its own. A program of its own.

    many_hosts.py BYTES PORT ...

All of them wait for CONNECT, and then upload at once, with bare reads and writes. One line of JSON
comes out: for each port the seconds from the first byte of its file to the last of the final OK,
the length of that reply, and the checksum of the file.
"""

import hashlib
import json
import os
import select
import sys
import time
from contextlib import ExitStack
from typing import Any

from benchmarks.host import BareHost

NAME = "bench.bin"
_WRITE_BYTES = 4096
_SILENCE_S = 60.0


class Upload:
    """One upload, which goes on whenever its port is ready."""

    def __init__(self, host: BareHost, data: bytes) -> None:
        self.descriptor = host.descriptor
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.reply = b""
        self.seconds = 0.0
        self._data = memoryview(data)
        self._sent = 0
        host.ask(b"ATE0")
        host.ask(b'AT+QFUPL="%s",%d,60' % (NAME.encode(), len(data)), b"CONNECT\r\n")
        os.set_blocking(self.descriptor, False)

    @property
    def events(self) -> int:
        """What it waits for."""
        return select.POLLIN | (select.POLLOUT if self._sent < len(self._data) else 0)

    def begin(self) -> None:
        """The first bytes go out."""
        self._begin_ns = time.perf_counter_ns()
        self.write()

    def write(self) -> None:
        """As much as the port takes."""
        piece = self._data[self._sent : self._sent + _WRITE_BYTES]
        self._sent += os.write(self.descriptor, piece)

    def read(self) -> bool:
        """What the device says; True when that was the end."""
        self.reply += os.read(self.descriptor, 4096)
        self.seconds = (time.perf_counter_ns() - self._begin_ns) / 1e9
        if b"ERROR" in self.reply:
            raise RuntimeError(f"the device says {self.reply!r}")
        return self.reply.endswith(b"OK\r\n")

    def told(self) -> dict[str, Any]:
        """For the one who started us."""
        return {"seconds": self.seconds, "reply": len(self.reply), "sha256": self.sha256}


def main() -> None:
    """Each host has bytes of its own."""
    size, ports = int(sys.argv[1]), sys.argv[2:]
    with ExitStack() as stack:
        hosts = [stack.enter_context(BareHost(port)) for port in ports]
        uploads = [Upload(host, _content(size, number)) for number, host in enumerate(hosts)]
        _run(uploads)
        print(json.dumps([upload.told() for upload in uploads]), flush=True)


def _content(size: int, number: int) -> bytes:
    pattern = number.to_bytes(2, "big") + bytes(range(256))
    return (pattern * (size // len(pattern) + 1))[:size]


def _run(uploads: list[Upload]) -> None:
    poll = select.poll()
    running = {upload.descriptor: upload for upload in uploads}
    for upload in uploads:
        upload.begin()
        poll.register(upload.descriptor, upload.events)
    while running:
        ready = poll.poll(_SILENCE_S * 1000)
        if not ready:
            raise RuntimeError("the devices fell silent")
        for descriptor, event in ready:
            upload = running[descriptor]
            if event & (select.POLLHUP | select.POLLERR):
                raise RuntimeError("a device is gone")
            if event & select.POLLOUT:
                upload.write()
                poll.modify(descriptor, upload.events)
            if event & select.POLLIN and upload.read():
                poll.unregister(descriptor)
                del running[descriptor]


if __name__ == "__main__":
    main()
