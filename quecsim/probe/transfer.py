"""What the steps that take times share: uploads, files read back, and waiting without listening."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from quecsim.probe.bench import FILE_COMMAND_S, Bench
from quecsim.probe.finding import NotMeasuredError
from quecsim.probe.sending import UPLOAD, Sending, close, open_own, sending

READ = "+QFREAD"
_CHUNK_BYTES = 256
_LOOK_S = 0.02
_AFTER_S = 0.12  # a module may throw away what comes right behind the data
_DRAIN_S = 120.0


@contextmanager
def upload(
    bench: Bench, size: int, *, timeout_s: int = 5, ack: bool = False, number: int = 0
) -> Iterator[Sending]:
    """A new file of `size` bytes, in place of our own one with that number (`sending`); afterwards
    the module is given time to throw away what may have come behind the data.
    """
    if ack and not bench.has(UPLOAD):
        raise NotMeasuredError(f"the module has no AT{UPLOAD}, and so no ACK mode")
    with sending(bench, size, timeout_s=timeout_s, ack=ack, number=number) as out:
        yield out
        wait(bench, _AFTER_S)


@contextmanager
def reading(bench: Bench, number: int = 0) -> Iterator[int]:
    """The handle of our file with that number, open at its start for reading."""
    bench.require(READ)
    handle = open_own(bench, number, 2)
    yield handle
    close(bench, handle)


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
