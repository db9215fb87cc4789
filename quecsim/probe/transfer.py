"""Files of our own on the module, with the bytes and their times in our hands: by AT+QFUPL, or by
handle where there is no such command.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from quecsim.probe.bench import FILE_COMMAND_S, Bench
from quecsim.probe.finding import NotMeasuredError
from quecsim.probe.reply import Reply, has_final, read_reply

UPLOAD, OPEN, READ, WRITE, CLOSE = "+QFUPL", "+QFOPEN", "+QFREAD", "+QFWRITE", "+QFCLOSE"
_CHUNK_BYTES = 256
_LOOK_S = 0.02
_AFTER_S = 0.12  # a module may throw away what comes right behind the data
_DRAIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Done:
    """How the module ended an upload: its reply, and when the first byte of that had come."""

    reply: Reply
    first_ns: int

    @property
    def counted(self) -> int | None:
        """How many bytes the module says it has taken; None where it does not say."""
        for line in self.reply.lines:
            head, _, rest = line.partition(":")
            if head in (UPLOAD, WRITE):
                count = rest.split(",")[0].strip()
                return int(count) if count.isdecimal() else None
        return None


class Upload:
    """A file of ours that is about to be sent: `text` begins its data mode."""

    def __init__(self, bench: Bench, text: str, handle: str = "") -> None:
        self.text = text
        self._bench = bench
        self._handle = handle

    def begin(self, seconds: float = FILE_COMMAND_S) -> Reply:
        """Ask for it, up to CONNECT. Raises NotMeasuredError where none comes."""
        reply = self._bench.command(self.text, seconds)
        if not reply.connected:
            raise NotMeasuredError(f"no CONNECT to {self.text}: {reply.final or 'no answer'}")
        return reply

    def done(self, seconds: float) -> Done:
        """Read up to the final result."""
        pieces = self._bench.wire.pieces(seconds, has_final)
        now_ns = self._bench.now_ns()
        first_ns = pieces[0][0] if pieces else now_ns
        return Done(read_reply(self.text, now_ns, pieces), first_ns)

    def close(self) -> None:
        """Give the handle back, where there is one."""
        if self._handle:
            self._bench.command(f"AT{CLOSE}={self._handle}", FILE_COMMAND_S)
            self._handle = ""


def can_upload(bench: Bench) -> bool:
    """Whether the module takes a file at all."""
    return bench.has(UPLOAD) or bench.has(WRITE)


@contextmanager
def upload(
    bench: Bench, size: int, *, timeout_s: int = 5, ack: bool = False, number: int = 0
) -> Iterator[Upload]:
    """A new file of `size` bytes, in place of our own one with that number.

    The handle is closed in the end. Raises NotMeasuredError where the module takes no files, or
    none in ACK mode.
    """
    name = bench.own_name(number)
    bench.delete_own(number)
    if bench.has(UPLOAD):
        mode = ",1" if ack else ""
        sending = Upload(bench, f'AT{UPLOAD}="{name}",{size},{timeout_s}{mode}')
    elif ack:
        raise NotMeasuredError(f"the module has no AT{UPLOAD}, and so no ACK mode")
    else:
        handle = _opened(bench, name, 1)
        sending = Upload(bench, f"AT{WRITE}={handle},{size},{timeout_s}", handle)
    try:
        yield sending
    finally:
        wait(bench, _AFTER_S)
        sending.close()


@contextmanager
def reading(bench: Bench, number: int = 0) -> Iterator[str]:
    """The handle of our file with that number, open at its start for reading."""
    handle = _opened(bench, bench.own_name(number), 2)
    try:
        yield handle
    finally:
        bench.command(f"AT{CLOSE}={handle}", FILE_COMMAND_S)


def _opened(bench: Bench, name: str, mode: int) -> str:
    bench.require(OPEN)
    reply = bench.command(f'AT{OPEN}="{name}",{mode}', FILE_COMMAND_S)
    handles = reply.info(f"{OPEN}:")
    if not reply.ok or not handles:
        raise NotMeasuredError(f"AT{OPEN} gave no handle: {reply.final or 'no answer'}")
    return handles[0]


def content(bench: Bench, most: int, number: int = 0) -> bytes:
    """What our file with that number holds, up to `most` bytes; b"" where it is not there."""
    try:
        with reading(bench, number) as handle:
            bench.wire.waiting()
            bench.write(f"AT{READ}={handle},{most}\r".encode())
            raw = drained(bench, FILE_COMMAND_S, b"\r\nOK\r\n")
    except NotMeasuredError:
        return b""
    return data_of(raw)


def data_of(raw: bytes) -> bytes:
    """The data in the answer to AT+QFREAD: as many bytes as its CONNECT says."""
    _, connect, rest = raw.partition(b"CONNECT ")
    count, _, data = rest.partition(b"\r\n")
    return data[: int(count)] if connect and count.isdigit() else b""


def byte_ns(bench: Bench) -> float:
    """How long a byte takes on the line, in ns, as the port is set."""
    port = bench.wire.port
    bits = 1 + getattr(port, "bytesize", 8) + getattr(port, "stopbits", 1)
    bits += getattr(port, "parity", "N") != "N"
    return bits * 1e9 / port.baudrate


def send_listening(bench: Bench, data: bytes, quiet_s: float) -> bytes:
    """Write `data` and read all the while, then go on until nothing has come for `quiet_s`."""
    said = bytearray()
    for start in range(0, len(data), _CHUNK_BYTES):
        bench.write(data[start : start + _CHUNK_BYTES])
        said += bench.wire.waiting()
    return bytes(said) + drained(bench, quiet_s)


def drained(bench: Bench, quiet_s: float, until: bytes = b"", most_s: float = _DRAIN_S) -> bytes:
    """All that comes until nothing has for `quiet_s`, or it ends with `until`; looks only now and
    then, so that there are no times in it.
    """
    said = bytearray()
    end_ns = bench.now_ns() + round(most_s * 1e9)
    quiet_ns = bench.now_ns() + round(quiet_s * 1e9)
    while bench.now_ns() < min(quiet_ns, end_ns):
        time.sleep(_LOOK_S)
        if more := bench.wire.waiting():
            said += more
            quiet_ns = bench.now_ns() + round(quiet_s * 1e9)
        if until and said.endswith(until):
            break
    return bytes(said)


def wait(bench: Bench, seconds: float) -> bytes:
    """Say nothing for `seconds`; what has come by then."""
    time.sleep(seconds)
    return bench.wire.waiting()
