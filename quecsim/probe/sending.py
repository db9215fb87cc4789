"""Files of ours that are sent to the module, byte by byte where a step wants that: by AT+QFUPL, or
by handle with AT+QFWRITE.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from quecsim.probe.bench import FILE_COMMAND_S, Bench
from quecsim.probe.finding import NotMeasuredError
from quecsim.probe.reply import Reply, has_final, read_reply

UPLOAD, OPEN, WRITE, CLOSE = "+QFUPL", "+QFOPEN", "+QFWRITE", "+QFCLOSE"
_CONNECT = re.compile(rb"(?:^|\n)CONNECT[^\n]*\n")
_MARGIN_S = 2.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How data mode has ended: the reply behind the data, and the numbers of its summary: the count
    of bytes, and the checksum (AT+QFUPL) or the file's size (AT+QFWRITE); None without a summary.
    """

    reply: Reply
    count: int | None
    other: str

    @property
    def style(self) -> str:
        """A time-out's reply as `files.upload_timeout` calls it; "" for any other."""
        if self.reply.ok:
            return "summary_ok" if self.count is not None else ""
        return "cme421" if self.count is None else "summary_then_421"


class Sending:
    """Data of `size` bytes for a file of ours, which `text` asks for."""

    def __init__(self, bench: Bench, command: str, text: str, size: int, timeout_s: float) -> None:
        self.text = text
        self._size = size
        self._sent = 0
        self._bench = bench
        self._command = command
        self._timeout_s = timeout_s
        self._said = b""  # what came behind CONNECT

    def begin(self, early: bytes = b"") -> Reply:
        """Ask for it, with `early` bytes right behind; up to CONNECT, or to another final result.

        Raises NotMeasuredError where no CONNECT comes.
        """
        bench = self._bench
        if bench.was_in_data:
            bench.pause(bench.after_data_s)
        bench.wire.waiting()
        bench.data_s = self._timeout_s
        bench.was_in_data = True
        sent_ns = bench.write(self.text.encode() + b"\r" + early)
        self._sent = len(early)
        pieces = bench.wire.pieces(FILE_COMMAND_S, has_final)
        reply = read_reply(self.text, sent_ns, pieces)
        if not reply.connected:
            raise NotMeasuredError(f"no CONNECT to {self.text}: {reply.final or 'no answer'}")
        found = _CONNECT.search(reply.raw)
        self._said = reply.raw[found.end() :] if found else b""
        return reply

    def send(self, data: bytes) -> None:
        """Send data, and wait until it is on the line."""
        self._bench.write(data, drain=True)
        self._sent += len(data)

    def fill(self) -> None:
        """Send what is missing of the size."""
        self.send(b"\n" * max(0, self._size - self._sent))

    def hears(self, seconds: float) -> bytes:
        """What the module has said since CONNECT, `seconds` from now."""
        self._said += self._bench.read(seconds)
        return self._said

    def has_ended(self, seconds: float) -> bool:
        """Whether the module has said a final result, `seconds` from now."""
        return has_final(self.hears(seconds))

    def end(self, seconds: float | None = None) -> Ended:
        """Up to the final result: by default, for as long as the time-out, and some more.

        Raises NotMeasuredError where none comes: data mode may still be on.
        """
        bench = self._bench
        wait_s = self._timeout_s + _MARGIN_S + FILE_COMMAND_S if seconds is None else seconds
        now_ns = bench.now_ns()
        said = self._said
        pieces = [(now_ns, said)] if said else []
        if not has_final(said):
            pieces += bench.wire.pieces(wait_s, lambda raw: has_final(said + raw))
        reply = read_reply("", now_ns, pieces)
        self._said = reply.raw
        if not reply.final:
            raise NotMeasuredError(f"data mode of {self.text} did not end")
        bench.data_s = 0.0
        return self._ended(reply)

    def _ended(self, reply: Reply) -> Ended:
        for info in reply.info(f"{self._command}:"):
            count, _, other = info.partition(",")
            if count.strip().isdecimal():
                return Ended(reply, int(count), other.strip())
        return Ended(reply, None, "")


@contextmanager
def sending(
    bench: Bench, size: int, *, timeout_s: int = 1, ack: bool = False, number: int = 0, by: str = ""
) -> Iterator[Sending]:
    """A new file of ours with that number; `by` which command, or else by what the module has.

    Raises NotMeasuredError where it has none.
    """
    command = by or (UPLOAD if bench.has(UPLOAD) else WRITE)
    bench.require(command)
    name = bench.own_name(number)
    bench.delete_own(number)
    if command == UPLOAD:
        mode = ",1" if ack else ""
        yield Sending(
            bench, command, f'AT{UPLOAD}="{name}",{size},{timeout_s}{mode}', size, timeout_s
        )
        return
    handle = open_own(bench, number, 1)
    yield Sending(bench, command, f"AT{WRITE}={handle},{size},{timeout_s}", size, timeout_s)
    close(bench, handle)


def open_own(bench: Bench, number: int, mode: int) -> int:
    """The handle of our file with that number. Raises NotMeasuredError where it gives none."""
    bench.require(OPEN)
    reply = bench.command(f'AT{OPEN}="{bench.own_name(number)}",{mode}', FILE_COMMAND_S)
    handle = handle_in(reply)
    if handle is None:
        raise NotMeasuredError(f"AT{OPEN} gave no handle: {reply.final or 'no answer'}")
    return handle


def handle_in(reply: Reply) -> int | None:
    """The handle that the answer to AT+QFOPEN tells."""
    told = [info for info in reply.info(f"{OPEN}:") if info.isdecimal()]
    return int(told[0]) if reply.ok and told else None


def close(bench: Bench, handle: int) -> None:
    """Give a handle back."""
    bench.command(f"AT{CLOSE}={handle}", FILE_COMMAND_S)


def stored(bench: Bench, data: bytes, number: int = 0) -> None:
    """A file of ours with that content is on the module. Raises NotMeasuredError."""
    with sending(bench, len(data), timeout_s=2, number=number) as out:
        out.begin()
        out.send(data)
        ended = out.end()
        if not ended.reply.ok:
            raise NotMeasuredError(f"{out.text} of {len(data)} bytes: {ended.reply.final}")
