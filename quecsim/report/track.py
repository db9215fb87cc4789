"""One upload while its events go by: the notes from which its entry in the report is written."""

from dataclasses import dataclass, field

from quecsim.report.losses import LossList, as_losses
from quecsim.report.model import EarlyBytes, SwallowedCommand, Upload
from quecsim.report.verdict import judge
from quecsim.trace.event import Lost, Swallowed

MOST_SWALLOWED = 100


@dataclass(slots=True, kw_only=True)
class Track:
    """An upload from its command line to the command line after it.

    `claim` is the stream offset right behind the command line: from there on bytes may belong to
    it. `start` is None until CONNECT, `end` until the end of data mode, `result` until the answer.
    """

    line: str
    claim: int
    begin_ns: int
    command: str = ""
    name: str = ""
    size: int = 0
    ack: bool = False
    is_named: bool = True
    start: int | None = None
    end: int | None = None
    end_ns: int | None = None
    ended: str = ""
    result: str = ""
    connected_ns: int | None = None
    taken_early: int = 0
    thrown_away: int = 0
    eaten: int = 0
    stored: int = 0
    stray: int = 0
    ring_peak_bytes: int = 0
    held_from_ns: int = 0
    held_ns: int | None = None
    acked: set[int] = field(default_factory=set)
    swallowed: list[Swallowed] = field(default_factory=list)
    losses: LossList = field(default_factory=LossList)

    @property
    def is_receiving(self) -> bool:
        """Data mode is on."""
        return self.start is not None and self.end is None

    def owns(self, offset: int) -> bool:
        """Whether byte `offset` of the stream was sent to this upload."""
        is_over = self.end is None and self.result
        return offset >= self.claim and not is_over and (self.end is None or offset < self.end)

    def upload(self, sent: int, now_held_ns: int, open_loss: Lost | None) -> Upload:
        """The entry as it stands, `sent` bytes into the stream.

        `now_held_ns` is how long the host was held back since the run began.
        """
        spans = self.losses.sorted()
        if open_loss is not None and self.owns(open_loss.offset):
            spans.append(open_loss)
        payload_start = self._payload_start(spans)
        end = self._end(sent)
        held_ns = now_held_ns - self.held_from_ns if self.held_ns is None else self.held_ns
        entry = Upload(
            command=self.command,
            name=self.name,
            size=self.size,
            ack=self.ack,
            begin_ns=self.begin_ns,
            end_ns=self.end_ns,
            start=payload_start,
            end=max(end, payload_start),
            sent=max(0, end - payload_start),
            stored=self.stored,
            lost=sum(lost.count for lost in spans),
            eaten=self.eaten + self.thrown_away,
            losses=as_losses(spans, payload_start),
            early=self._early(spans),
            swallowed=self._swallowed(payload_start),
            stray=self.stray,
            held_ns=held_ns,
            ring_peak_bytes=self.ring_peak_bytes,
            ended=self.ended,
            result=self.result,
            verdict=judge.pending,
            sentence="",
        )
        return judge(entry, strays_in=self._is_swallowing())

    def _payload_start(self, spans: list[Lost]) -> int:
        """Where the host believes the file begins: early bytes that are gone count as well."""
        if self.start is None:
            return self.claim
        has_gone = self.thrown_away or any(lost.offset < self.start for lost in spans)
        return self.claim if has_gone else self.start

    def _end(self, sent: int) -> int:
        if self.end is not None:
            return self.end
        return self.claim if self.result else sent
