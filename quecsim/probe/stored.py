"""Puts a file of ours on the module without losing a byte of it, whatever its ring and flash."""

from quecsim.probe.bench import FILE_COMMAND_S, Bench
from quecsim.probe.finding import NotMeasuredError
from quecsim.probe.patterns import pattern
from quecsim.probe.reply import has_final
from quecsim.probe.sending import UPLOAD
from quecsim.probe.transfer import byte_ns, drained, upload, wait

BLOCK_BYTES = 1024
_PIECE_BYTES = 128
_PIECES_S = (0.05, 0.3, 1.0)
_ACK_S = 10.0
_TIMEOUT_S = 8


def store(bench: Bench, size: int, number: int = 0) -> bytes:
    """Store a new file of `size` bytes: what it holds. Raises NotMeasuredError."""
    data = pattern(size, size)
    if any(_is_stored(bench, data, number, piece_s) for piece_s in _PIECES_S):
        return data
    raise NotMeasuredError(f"a file of {size} bytes could not be stored")


def _is_stored(bench: Bench, data: bytes, number: int, piece_s: float) -> bool:
    """Store it in small pieces with a pause behind each; whether that was slow enough."""
    size, has_ack = len(data), bench.has(UPLOAD)
    with upload(bench, size, timeout_s=_TIMEOUT_S, ack=has_ack, number=number) as out:
        out.begin()
        said = b""
        for start in range(0, size, BLOCK_BYTES):
            said += _send(bench, data[start : start + BLOCK_BYTES], piece_s)
            acks = (start + BLOCK_BYTES) // BLOCK_BYTES
            if has_ack and start + BLOCK_BYTES < size and said.count(b"A") < acks:
                said += drained(bench, _ACK_S, b"A")
            if has_final(said):
                break  # some were lost, and the module has waited for them long enough
        if not has_final(said):
            said += drained(bench, FILE_COMMAND_S, b"OK\r\n")
    if has_final(said):
        bench.data_s = 0.0
    # +QFUPL: <size>,<checksum>, +QFWRITE: <written>,<size>; and OK also behind a time-out, for some
    return said.endswith(b"OK\r\n") and b": %d," % size in said


def _send(bench: Bench, block: bytes, piece_s: float) -> bytes:
    """A block in small pieces; what the module says meanwhile."""
    said = b""
    for start in range(0, len(block), _PIECE_BYTES):
        piece = block[start : start + _PIECE_BYTES]
        bench.write(piece)
        said += wait(bench, piece_s + len(piece) * byte_ns(bench) / 1e9)
    return said
