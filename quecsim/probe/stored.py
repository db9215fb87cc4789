"""Puts a file of ours on the module without losing a byte of it, whatever its ring and flash."""

from quecsim.probe.bench import FILE_COMMAND_S, Bench
from quecsim.probe.finding import NotMeasuredError
from quecsim.probe.patterns import pattern
from quecsim.probe.reply import has_final
from quecsim.probe.transfer import UPLOAD, drained, upload, wait

BLOCK_BYTES = 1024
_PIECE_BYTES = 128
_PIECE_S = 0.05
_ACK_S = 10.0


def store(bench: Bench, size: int, number: int = 0) -> bytes:
    """Store a new file of `size` bytes: what it holds. Raises NotMeasuredError."""
    data = pattern(size, size)
    has_ack = bench.has(UPLOAD)
    with upload(bench, size, timeout_s=30, ack=has_ack, number=number) as sending:
        sending.begin()
        said = b""
        for start in range(0, size, BLOCK_BYTES):
            said += _send(bench, data[start : start + BLOCK_BYTES])
            acks = (start + BLOCK_BYTES) // BLOCK_BYTES
            if has_ack and start + BLOCK_BYTES < size and said.count(b"A") < acks:
                said += drained(bench, _ACK_S, b"A")
        if not has_final(said):
            said += drained(bench, FILE_COMMAND_S, b"OK\r\n")
    if not said.endswith(b"OK\r\n"):
        raise NotMeasuredError(f"a file of {size} bytes could not be stored")
    return data


def _send(bench: Bench, block: bytes) -> bytes:
    """A block in small pieces; what the module says meanwhile."""
    said = b""
    for start in range(0, len(block), _PIECE_BYTES):
        bench.write(block[start : start + _PIECE_BYTES])
        said += wait(bench, _PIECE_S)
    return said
