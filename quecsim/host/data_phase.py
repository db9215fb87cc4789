"""The host in data mode: the payload out in writes, the device's `A`s in.

    DataPhase(client, plan, result, progress).send()        all of it
    DataPhase(client, plan, result, progress).send(0, 999)  a part

The `A` of ACK mode is a bare byte, one for each block received (`ack_blocks`), whatever the sizes
of our writes. The command's summary or a final result means that the device has left data mode;
that line stays unread: it is the business of whoever reads the summary. Any other line is news.
"""

from collections.abc import Callable, Iterator

from quecsim.host.ack_blocks import AckBlocks
from quecsim.host.at_client import AtClient, Patience, is_connect, is_final
from quecsim.host.plan import Mistake, UploadPlan, UploadResult
from quecsim.host.port import line_seconds

Progress = Callable[[int, int], None]
"""Called with (bytes sent, bytes in all) after each write."""

SPARE_S = 3.0
BACKLOG_BYTES = 65_536
"""The most that may lie between our write and the device: what a pty and its reader hold."""


def pieces(total: int, chunk: int, block: int) -> Iterator[tuple[int, int]]:
    """(start, end) of each write: `chunk` bytes at most, and none across a multiple of `block`.

    `block` 0 means no such limit. All sizes in bytes.
    """
    start = 0
    while start < total:
        end = min(start + chunk, total)
        if block:
            end = min(end, start - start % block + block)
        yield start, end
        start = end


def answer_s(plan: UploadPlan, baud: int, count_bytes: int) -> float:
    """How long to wait for what the device says about `count_bytes` just written, in seconds.

    Their own time on the wire, the time-out after which the device gives up, and some to spare: so
    that a device that misses bytes has told us so before we stop listening.
    """
    return line_seconds(min(count_bytes, BACKLOG_BYTES), baud) + plan.idle_s + SPARE_S


class DataPhase:
    """One payload on its way; counts what it did in `result`."""

    def __init__(
        self, client: AtClient, plan: UploadPlan, result: UploadResult, progress: Progress
    ) -> None:
        self.client = client
        self.plan = plan
        self.result = result
        self.progress = progress
        self.payload = plan.payload()
        self._blocks = AckBlocks(plan.ack_block_bytes)
        self._summary = plan.via.command.removeprefix("AT") + ":"
        # A host that sends the wrong bytes, or sends them too early, does not look up either.
        self.attentive = len(self.payload) == plan.declared and not plan.mistakes & {
            Mistake.NO_WAIT_CONNECT,
            Mistake.IGNORE_ACK,
        }

    def send(self, start: int = 0, end: int | None = None) -> None:
        """Write payload[start:end], piece by piece; stop early when the device has had enough."""
        total, part = len(self.payload), self.payload[start:end]
        block = self._blocks.step_bytes if self.plan.waits_for_ack else 0
        for first, last in pieces(len(part), self.plan.chunk_bytes, block):
            if first and not self._may_go_on(start + first):
                why = self.why_stopped(start + first)
                self.result.problems.append(
                    f"sent {start + first} of {total} bytes, then stopped: {why}"
                )
                return
            self.client.write(part[first:last])
            self.result.sent_bytes = start + last
            self.progress(start + last, total)

    def _may_go_on(self, sent: int) -> bool:
        """Pause and wait as planned after `sent` bytes; whether the next write may follow."""
        if self.plan.gap_ms:
            self.client.sleep(self.plan.gap_ms / 1000)
        if self.plan.waits_for_ack and sent % self._blocks.step_bytes == 0:
            return self._await_acks(sent)
        self.client.receive_waiting()
        return not (self.has_ended() and self.attentive)

    def _await_acks(self, sent: int) -> bool:
        """Wait until all whole blocks of `sent` bytes have their `A`; False when it will not come.

        While the block's size is being learned the device must not give up meanwhile.
        """
        blocks, result, baud = self._blocks, self.result, self.client.port.baudrate
        is_learning = blocks.is_learning(result.acks, sent)
        if is_learning:
            wait_s = line_seconds(min(sent, BACKLOG_BYTES), baud) + self.plan.idle_s / 2
        else:
            wait_s = answer_s(self.plan, baud, sent)
        patience = Patience(wait_s)
        while not self.has_ended():
            blocks.came(result.acks, sent)
            if result.acks >= blocks.wanted(sent):
                return True
            if patience.over:
                if is_learning:
                    blocks.none_came(sent)
                return is_learning
            self.client.receive(patience)
        return result.acks >= blocks.wanted(sent)

    def has_ended(self) -> bool:
        """Whether the device has left data mode: its summary or result is there, and stays unread.

        Counts the `A`s that have come, and passes over news (unsolicited result codes).
        """
        received = self.client.received
        while received:
            opening = len(received) - len(received.lstrip(b"\r\n"))
            if not opening and received.startswith(b"A"):  # a line would have CR LF before it
                self.result.acks += 1
                del received[:1]
                continue
            end = received.find(b"\n", opening)
            if end < 0:
                return False
            line = received[opening:end].strip().decode("ascii", "replace")
            if not is_connect(line) and (is_final(line) or line.startswith(self._summary)):
                return True
            self._pass_over(line)
            del received[: end + 1]
        return False

    def _pass_over(self, line: str) -> None:
        """A line that does not end data mode."""
        if is_connect(line):  # late, for a host that did not wait for it
            self.result.connected = True
        elif set(line) == {"A"}:
            self.result.acks += len(line)

    def why_stopped(self, sent: int) -> str:
        """Why no further byte was written."""
        if self.client.received:
            return "the module left data mode"
        return f"no `A` came for the block that ends at byte {sent}"
