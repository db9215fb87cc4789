"""What the AT engine and the FILE commands answer, as simply as it can be said.

A dict of files, a dict of handles, three settings. Each method returns the bytes that the device
sends for one command line, the echo of the line among them.
"""

from dataclasses import dataclass, field, replace

BLOCK = 1024
BOOT = ("RDY", "+CPIN: READY", "+QUSIM: 1", "+QIND: SMS DONE", "+QIND: PB DONE")


def checksum(data: bytes) -> str:
    """XOR of big-endian words; an odd last byte is a high byte."""
    total = 0
    for index, byte in enumerate(data):
        total ^= byte if index % 2 else byte << 8
    return f"{total:x}"


@dataclass
class Settings:
    echo: bool = True
    verbose: bool = True
    cmee: int = 1


@dataclass
class Handle:
    name: str
    mode: int
    position: int = 0


@dataclass
class Model:
    files: dict[str, bytearray] = field(default_factory=dict)
    handles: dict[int, Handle] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    kept: Settings = field(default_factory=Settings)

    # framing

    def echo(self, typed: bytes) -> bytes:
        return typed if self.settings.echo else b""

    def lines(self, *lines: str) -> bytes:
        opening = b"\r\n" if self.settings.verbose and lines else b""
        return opening + b"".join(line.encode() + b"\r\n" for line in lines)

    def ok(self) -> bytes:
        return b"\r\nOK\r\n" if self.settings.verbose else b"0\r"

    def connect(self, count: int | None = None) -> bytes:
        if not self.settings.verbose:
            return b"1\r"
        return b"\r\nCONNECT\r\n" if count is None else b"\r\nCONNECT %d\r\n" % count

    def error(self, number: int | None) -> bytes:
        if number is None or self.settings.cmee == 0:
            return b"\r\nERROR\r\n" if self.settings.verbose else b"4\r"
        return self.lines(
            f"+CME ERROR: {number}"
        )  # those of files are numbers under AT+CMEE=2, too

    def urcs(self, *texts: str) -> bytes:
        return b"".join(self.lines(text) for text in texts)

    # names

    def is_open(self, name: str) -> bool:
        return any(handle.name == name for handle in self.handles.values())

    def listing(self) -> list[tuple[str, int]]:
        return [(name, len(data)) for name, data in self.files.items()]  # as they were made

    # the FILE commands, without the echo

    def upload(self, name: str, size: int, data: bytes, *, ack: bool) -> bytes:
        if name in self.files:
            return self.error(407)
        taken = data[:size]
        self.files[name] = bytearray(taken)
        acks = b"A" * (len(taken) // BLOCK) if ack else b""
        summary = self.lines(f"+QFUPL: {len(taken)},{checksum(taken)}")
        if len(taken) < size:
            return self.connect() + acks + summary + self.error(421)
        return self.connect() + acks + summary + self.ok() + self.echo(data[size:])

    def too_large(self, name: str) -> bytes:
        return self.error(407 if name in self.files else 423)

    def download(self, name: str) -> bytes:
        if self.is_open(name):
            return self.error(426)
        if name not in self.files:
            return self.error(405)
        data = bytes(self.files[name])
        return (
            self.connect() + data + self.lines(f"+QFDWL: {len(data)},{checksum(data)}") + self.ok()
        )

    def list_all(self) -> bytes:
        return self.lines(*(f'+QFLST: "UFS:{n}",{size}' for n, size in self.listing())) + self.ok()

    def list_one(self, name: str) -> bytes:
        if name not in self.files:
            return self.error(417)
        return self.lines(f'+QFLST: "UFS:{name}",{len(self.files[name])}') + self.ok()

    def usage(self) -> bytes:
        sizes = [size for _, size in self.listing()]
        return self.lines(f"+QFLDS: {sum(sizes)},{len(sizes)}") + self.ok()

    def delete(self, name: str) -> bytes:
        if self.is_open(name):
            return self.error(418)
        if name not in self.files:
            return self.error(418)
        del self.files[name]
        return self.ok()

    def delete_all(self) -> bytes:
        if self.handles:
            return self.error(418)
        self.files.clear()
        return self.ok()

    def open(self, name: str, mode: int) -> bytes:
        if self.is_open(name):
            return self.error(426)
        if len(self.handles) == 10:
            return self.error(413)
        if mode == 2 and name not in self.files:
            return self.error(405)
        if mode == 1 or name not in self.files:
            self.files[name] = bytearray()
        number = min(n for n in range(1027, 1037) if n not in self.handles)
        self.handles[number] = Handle(name, mode)
        return self.lines(f"+QFOPEN: {number}") + self.ok()

    def opened(self) -> bytes:
        entries = sorted(self.handles.items())
        return (
            self.lines(*(f'+QFOPEN: "UFS:{h.name}",{n},{h.mode}' for n, h in entries)) + self.ok()
        )

    def read(self, number: int, length: int | None) -> bytes:
        if number not in self.handles:
            return self.error(416)
        handle = self.handles[number]
        end = None if length is None else handle.position + length
        data = bytes(self.files[handle.name][handle.position : end])
        if not data:
            return self.error(402)
        handle.position += len(data)
        return self.connect(len(data)) + data + self.ok()

    def write(self, number: int, length: int, data: bytes) -> bytes:
        if number not in self.handles:
            return self.error(416)
        handle = self.handles[number]
        if handle.mode == 2:
            return self.error(414)
        taken, content = data[:length], self.files[handle.name]
        content[handle.position : handle.position + len(taken)] = taken
        handle.position += len(taken)
        reply = self.connect() + self.lines(f"+QFWRITE: {len(taken)},{len(content)}")
        if len(taken) < length:
            return reply + self.error(421)
        return reply + self.ok() + self.echo(data[length:])

    def seek(self, number: int, offset: int, origin: int) -> bytes:
        if number not in self.handles:
            return self.error(416)
        handle = self.handles[number]
        size = len(self.files[handle.name])
        target = {0: offset, 1: handle.position + offset, 2: size - offset}[origin]
        if not 0 <= target <= size:
            return self.error(401)
        handle.position = target
        return self.ok()

    def position(self, number: int) -> bytes:
        if number not in self.handles:
            return self.error(416)
        return self.lines(f"+QFPOSITION: {self.handles[number].position}") + self.ok()

    def cut_off(self, number: int) -> bytes:
        if number not in self.handles:
            return self.error(416)
        handle = self.handles[number]
        if handle.mode == 2:
            return self.error(414)
        del self.files[handle.name][handle.position :]
        return self.ok()

    def close(self, number: int) -> bytes:
        if number not in self.handles:
            return self.error(416)
        del self.handles[number]
        return self.ok()

    # settings and power

    def keep(self) -> bytes:
        self.kept = replace(self.settings)
        return self.ok()

    def restore(self, settings: Settings) -> bytes:
        self.settings = replace(settings)
        return self.ok()

    def restart(self) -> bytes:
        self.handles.clear()
        reply = self.ok()
        self.settings = replace(self.kept)
        return reply + self.urcs(*BOOT)
