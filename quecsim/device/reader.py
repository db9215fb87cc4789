"""Reads command lines off the line or the ring: editing, echo, the LF after a CR, surplus bytes.

A device that does not know the host's baud rate yet finds it first (`quecsim.device.autobaud`).
"""

from quecsim.at.lexer import EditState, Ignored, InputLine, LineEditor
from quecsim.device.autobaud import RateFinder
from quecsim.device.responder import Responder
from quecsim.device.shared import Shared, Timer
from quecsim.trace.eaten import EatenWhy
from quecsim.trace.event import CommandLine
from quecsim.uart.run import ByteRun
from quecsim.uart.spans import Spans
from quecsim.units import ms


class CommandReader:
    """`line` is the command line that was read last; `line_end` its end in the host's stream."""

    def __init__(self, shared: Shared, responder: Responder) -> None:
        self.line: InputLine | None = None
        self.line_end = -1
        self.count = 0  # command lines so far: the number of the last one
        self._prefix_ns = 0
        self._spans = Spans()  # of the line in progress
        self._shared = shared
        self._responder = responder
        self._editor = LineEditor(shared.profile.at.line_bytes)
        self._finder = RateFinder(shared)

    @property
    def pending(self) -> int:
        """Bytes of a line that is not complete yet."""
        return self._editor.pending

    def read(self, run: ByteRun, taken_ns: int | None) -> int:
        """Take bytes up to the end of a command line; returns how many. See `line`."""
        if not self._shared.line_baud:
            count = self._finder.read(run, taken_ns)
            if run.data[:count].endswith(b"\r"):
                self.line_end = run.offset + count
            return count
        shared, editor, settings = self._shared, self._editor, self._shared.settings
        count, line, held_ns = 0, None, self._prefix_ns
        while count < len(run.data) and line is None:
            if (line := self._whole_line(run, count, taken_ns)) is not None:
                count += line.count
                continue
            if taken := self._collect(run, count, taken_ns):
                count += taken
                self._flush_long_echo(run, taken_ns, held_ns)
                continue
            byte, at_ns = run.data[count], shared.taken_at(run, count, taken_ns)
            if settings.echo:
                self._responder.echo(at_ns, byte)
            line = editor.feed(byte, run.offset + count, settings.s3, settings.s5)
            if editor.pending == 1:
                self._spans.take()
            if editor.pending and editor.state is not EditState.OVERFLOW:
                self._spans.add(run.offset + count, 1)
            count += 1
            self._flush_long_echo(run, taken_ns, held_ns)
        self._eat_ignored(run, taken_ns, held_ns)
        if editor.pending == 1:
            self._prefix_ns = shared.now_ns  # the `A` that ends this run
        if line is not None:
            self._complete(line, run.offset + count)
        return count

    def read_line_feed(self, run: ByteRun, taken_ns: int | None) -> int:
        """Take the LF that follows the line's CR; 0 where something else does."""
        shared = self._shared
        at_ns = shared.taken_at(run, 0, taken_ns)
        if run.data[0] != shared.settings.s4:
            return 0
        shared.eat(run.offset, run.data[:1], EatenWhy.LF_AFTER_CR)
        if shared.settings.echo and shared.profile.at.echo_lf:
            self._responder.echo(at_ns, run.data[0])
        return 1

    def drop_line_feed(self) -> None:
        """Data mode begins: an LF in the ring right behind the command's CR is part of the line."""
        ring = self._shared.receiver.ring
        first = ring.peek()
        if first is None or first.offset != self.line_end:
            return
        if first.data[0] == self._shared.settings.s4:
            self._shared.eat(self.line_end, ring.pop(1).data, EatenWhy.LF_AFTER_CR)
            self._shared.receiver.drained(self._shared.now_ns)

    def skip(self, run: ByteRun, taken_ns: int | None) -> int:
        """Throw bytes away until the host pauses."""
        shared = self._shared
        first_ns = run.edge_ns(0) if taken_ns is None else taken_ns
        shared.taken_at(run, len(run.data) - 1, taken_ns)
        shared.eat(run.offset, run.data, EatenWhy.SURPLUS, (first_ns, shared.now_ns))
        shared.set_timer(Timer.LINE, ms(shared.profile.files.surplus_discard_ms))
        return len(run.data)

    def reset(self) -> list[tuple[int, int]]:
        """Forget the line in progress; returns where it was in the host's stream."""
        self.line = None
        spans = self._spans.take() if self._editor.pending else []
        self._editor.reset()
        self._finder.reset()
        return spans

    def _whole_line(self, run: ByteRun, start: int, taken_ns: int | None) -> InputLine | None:
        """Take and echo a line that is all there at once; None where it is not so simple."""
        shared, settings = self._shared, self._shared.settings
        if settings.echo:
            is_late = taken_ns is None and run.edge_ns(start) < shared.now_ns
            if is_late or len(run.data) - start >= self._responder.echo_room:
                return None
        line = self._editor.whole_line(
            run.data, start, run.offset + start, settings.s3, settings.s5
        )
        if line is not None:
            if settings.echo:
                self._responder.echo_run(run.part(start, line.count), taken_ns)
            shared.taken_at(run, start + line.count - 1, taken_ns)
            self._spans.take()
        return line

    def _collect(self, run: ByteRun, start: int, taken_ns: int | None) -> int:
        """Take and echo bytes that only make the line longer, all at once; how many (or 0)."""
        shared, responder, settings = self._shared, self._responder, self._shared.settings
        data = run.data
        if settings.echo:
            if taken_ns is None and run.edge_ns(start) < shared.now_ns:
                return 0
            data = data[: start + responder.echo_room]
        count = self._editor.collect(data, start, settings.s3)
        if count:
            if settings.echo:
                responder.echo_run(run.part(start, count), taken_ns)
            self._spans.add(run.offset + start, count)
            shared.taken_at(run, start + count - 1, taken_ns)
        return count

    def _flush_long_echo(self, run: ByteRun, taken_ns: int | None, held_ns: int) -> None:
        if self._responder.has_long_echo:
            self._eat_ignored(run, taken_ns, held_ns)
            self._responder.flush_echo()

    def _eat_ignored(self, run: ByteRun, taken_ns: int | None, held_ns: int) -> None:
        """Put on record what the editor has thrown away; always before the echo of it."""
        for junk in self._editor.ignored():
            for offset, data, why in self._reasons(junk):
                first_ns = _read_at(offset, run, taken_ns, held_ns)
                last_ns = _read_at(offset + len(data) - 1, run, taken_ns, held_ns)
                self._shared.eat(offset, data, why, (first_ns, last_ns))

    def _reasons(self, junk: Ignored) -> list[tuple[int, bytes, EatenWhy]]:
        """Why it was thrown away. An LF right behind a line's CR is part of it, however late it
        comes, and also for a device that does not wait for one.
        """
        offset, data = junk.offset, junk.data
        if junk.is_excess:
            return [(offset, data, EatenWhy.BEYOND_LINE)]
        if offset != self.line_end or data[0] != self._shared.settings.s4:
            return [(offset, data, EatenWhy.NO_COMMAND)]
        line_feed = (offset, data[:1], EatenWhy.LF_AFTER_CR)
        rest = (offset + 1, data[1:], EatenWhy.NO_COMMAND)
        return [line_feed, rest] if rest[1] else [line_feed]

    def _complete(self, line: InputLine, end: int) -> None:
        shared = self._shared
        self.line, self.line_end = line, end
        shared.ledger.eaten += line.count
        self._responder.flush_echo()
        self.count += 1
        shared.record.add(
            CommandLine(shared.now_ns, line.offset, line.count, line.text, self.count)
        )


def _read_at(offset: int, run: ByteRun, taken_ns: int | None, held_ns: int) -> int:
    """When byte `offset` was read: in this run, or at `held_ns`, as an `A` that came before it."""
    if not run.offset <= offset < run.offset + len(run.data):
        return held_ns
    return run.edge_ns(offset - run.offset) if taken_ns is None else taken_ns
