"""An upload of which the first part is sent with care, and the rest at the full rate of the line:
the rest meets an idle module, and what happens to it shows in its bytes and in its end.
"""

from dataclasses import dataclass, field, replace

from quecsim.probe.bench import FILE_COMMAND_S, Bench
from quecsim.probe.finding import NotMeasuredError
from quecsim.probe.patterns import Gap, gaps, pattern
from quecsim.probe.sending import Ended, Sending
from quecsim.probe.transfer import byte_ns, content, upload, wait

RING = "uart.rx_ring_bytes"
_SMALL_RING_BYTES = 256
_PAUSES_S = (0.12, 0.5, 2.0)
_SETTLE_S = 0.6
_TIMEOUT_MARGIN_S = 2
_ACK_S = 5.0


def known_ring(bench: Bench) -> int:
    """The size of the ring in bytes, as measured. Raises NotMeasuredError where it was not."""
    finding = bench.found.get(RING)
    if finding is None or not isinstance(finding.value, int):
        raise NotMeasuredError("the size of the receive ring is not known")
    return finding.value


@dataclass(frozen=True, slots=True)
class Burst:
    """Of `size` bytes those from `lead` on came at once.

    `delay_ns`: from the end of the last byte to the answer, where all were counted; None otherwise,
    and then the file has `kept` of them, and `gaps` say what is missing (the last one at its end).
    """

    lead: int
    size: int
    delay_ns: int | None
    kept: int = 0
    gaps: tuple[Gap, ...] = ()


@dataclass(slots=True)
class Bursts:
    """Uploads of that kind to one module. `written_bytes` is what they have stored by now."""

    bench: Bench
    written_bytes: int = 0
    _pause_s: float = _PAUSES_S[0]
    _settle_s: float = _SETTLE_S
    _seed: int = field(default=100)

    @property
    def ring_bytes(self) -> int:
        """What the module surely holds while it does not read."""
        try:
            return known_ring(self.bench)
        except NotMeasuredError:
            return _SMALL_RING_BYTES

    def delay(self, lead: int, size: int) -> int:
        """How long after its last byte the module answers, in ns, where nothing was lost; `size`
        less `lead` must fit into the ring. Raises NotMeasuredError where it goes on losing bytes.
        """
        for pause_s in (each for each in _PAUSES_S if each >= self._pause_s):
            self._pause_s = pause_s  # the pauses between its parts were too short, if it fails
            delay_ns = self.send(lead, size).delay_ns
            if delay_ns is None:
                continue
            if delay_ns / 1e9 * 2 <= self._settle_s:
                return delay_ns
            # What the lead has begun may not have been over yet: wait longer, from now on.
            self._settle_s = delay_ns / 1e9 * 3
            if (again_ns := self.send(lead, size).delay_ns) is not None:
                return again_ns
        raise NotMeasuredError(f"an upload of {size} bytes in small parts, with pauses, lost some")

    def backlog(self, lead: int, size: int) -> int:
        """The same, without what happens now and then: the shorter one of two."""
        return min(self.delay(lead, size), self.delay(lead, size))

    def acks(self, blocks: int, block_bytes: int) -> tuple[int, ...]:
        """An upload in ACK mode whose blocks end after a pause: how long after its last byte the
        `A` of each came, in ns; not of the last one, behind which the upload ends.

        Raises NotMeasuredError where they do not come.
        """
        for pause_s in (each for each in _PAUSES_S if each >= self._pause_s):
            self._pause_s = pause_s
            delays = self._acks(blocks, block_bytes)
            if len(delays) < blocks - 1:
                continue
            if max(delays) / 1e9 * 2 <= self._settle_s:
                return delays
            self._settle_s = max(delays) / 1e9 * 3
            if len(again := self._acks(blocks, block_bytes)) == blocks - 1:
                return again
        raise NotMeasuredError("an upload in ACK mode, in small parts with pauses, lost bytes")

    def _acks(self, blocks: int, block_bytes: int) -> tuple[int, ...]:
        delays: list[int] = []
        size = blocks * block_bytes
        with upload(self.bench, size, timeout_s=self._timeout_s, ack=True) as out:
            out.begin()
            for number in range(blocks):
                block = pattern(block_bytes, number)
                self.gently(block[:-1])
                wait(self.bench, self._settle_s)
                sent_ns = self.bench.write(block[-1:])
                if number == blocks - 1:
                    break
                delay_ns = self._ack(sent_ns)
                if delay_ns is None:
                    break
                delays.append(delay_ns)
            self._end(out, self._timeout_s + FILE_COMMAND_S)
        self.written_bytes += size
        return tuple(delays)

    def acks_at_once(self, blocks: int, block_bytes: int, number: int) -> None:
        """An upload in ACK mode, each block as fast as it goes. Raises NotMeasuredError where an
        `A` does not come.
        """
        size = blocks * block_bytes
        with upload(self.bench, size, timeout_s=self._timeout_s, ack=True, number=number) as out:
            out.begin()
            for block in range(blocks):
                sent_ns = self.bench.write(pattern(block_bytes, block))
                if block < blocks - 1 and self._ack(sent_ns) is None:
                    break
            ended = self._end(out, self._timeout_s + FILE_COMMAND_S)
        if ended is None or ended.count != size:
            raise NotMeasuredError("an upload in ACK mode lost bytes")

    def _ack(self, sent_ns: int) -> int | None:
        """How long after the byte that was sent then an `A` came; None where none did."""
        pieces = self.bench.wire.pieces(self._timeout_s + _ACK_S, _has_ack)
        said = b"".join(data for _, data in pieces)
        if b"A" not in said or b"ERROR" in said:
            return None
        before = said.index(b"A")  # an A on a line of its own
        return pieces[-1][0] - sent_ns - round((2 + before) * byte_ns(self.bench))

    def _end(self, out: Sending, seconds: float) -> Ended | None:
        """How it ended; None where that is not known, and the module is at its command line."""
        try:
            return out.end(seconds)
        except NotMeasuredError:
            if not self.bench.recover():
                raise
            return None

    def send(self, lead: int, size: int) -> Burst:
        """One upload. Raises NotMeasuredError where the module does not begin it."""
        bench, byte = self.bench, byte_ns(self.bench)
        self._seed += 1
        data = pattern(size, self._seed)
        timeout_s = self._timeout_s
        with upload(bench, size, timeout_s=timeout_s) as out:
            out.begin()
            self.gently(data[:lead])
            if lead:
                wait(bench, self._settle_s)
            sent_ns = bench.write(data[lead:])
            line_s = (size - lead) * byte / 1e9
            ended = self._end(out, line_s + timeout_s + FILE_COMMAND_S)
        self.written_bytes += size
        made = Burst(lead, size, None)
        if ended is not None and ended.count == size and ended.reply.ok:
            delay_ns = ended.reply.first_ns - sent_ns - round((size - lead + 1) * byte)
            return replace(made, delay_ns=delay_ns)
        found = gaps(data, stored := content(bench, size))
        kept = len(stored)
        lost = size - kept - sum(gap.lost for gap in found)
        end = [Gap(kept, size - lost, lost)] if lost > 0 else []
        return replace(made, kept=kept, gaps=(*found, *end))

    @property
    def _timeout_s(self) -> int:
        return _TIMEOUT_MARGIN_S + round(max(self._pause_s, self._settle_s))

    def gently(self, data: bytes) -> None:
        """In parts that the ring holds, with pauses, so that nothing is lost."""
        part = self.ring_bytes
        for start in range(0, len(data), part):
            piece = data[start : start + part]
            self.bench.write(piece)
            wait(self.bench, self._pause_s + len(piece) * byte_ns(self.bench) / 1e9)


def _has_ack(raw: bytes) -> bool:
    return b"A" in raw or b"ERROR" in raw
