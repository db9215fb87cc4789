"""One upload while its events go by: the notes from which its entry in the report is written."""

from dataclasses import dataclass, field

from quecsim.report.lines import PACKAGE_NAME, PACKAGE_UPLOAD
from quecsim.report.losses import LossList, as_losses
from quecsim.report.model import EarlyBytes, SwallowedCommand, Upgrade, Upload, Verdict
from quecsim.report.verdict import judge
from quecsim.trace.event import DataBegin, DataEnd, Lost, Noise, Swallowed

_MOST_SWALLOWED = 100


@dataclass(slots=True)
class Track:
    """An upload from its command line to the command line after it.

    `claim` is the stream offset right behind the command line: bytes from there on may belong to
    it. `start` is None until CONNECT, `end` until the end of data mode; `is_over` from the answer
    on. `held_ns` is the host's held time: that of the run before, then that of the upload. A
    firmware package goes on as an `upgrade` when it is over, after a restart if `restarts_first`.
    """

    claim: int
    begin_ns: int
    command: str
    name: str
    is_named: bool = True
    restarts_first: bool = False
    upgrade: Upgrade = Upgrade.NONE
    is_unlisted: bool = False  # an upgrade that nobody has put into the report yet
    size: int = 0
    ack: bool = False
    start: int | None = None
    end: int | None = None
    end_ns: int | None = None
    ended: str = ""
    result: str = ""
    is_over: bool = False
    taken_early: int = 0
    thrown_away: int = 0
    eaten: int = 0
    stored: int = 0
    stray: int = 0
    ring_peak_bytes: int = 0
    held_ns: int = 0
    is_astray: bool = False
    losses: LossList = field(default_factory=LossList)
    noise: list[Noise] = field(default_factory=list)
    _last_ack: int = 0
    _swallowed: list[Swallowed] = field(default_factory=list)

    @property
    def is_receiving(self) -> bool:
        """Data mode is on."""
        return self.start is not None and self.end is None

    def owns(self, offset: int) -> bool:
        """Whether byte `offset` of the stream was sent to this upload."""
        if self.end is None:
            return offset >= self.claim and not self.is_over
        return self.claim <= offset < self.end

    def connect(self, event: DataBegin, held_ns: int) -> None:
        """Data mode begins; the host has been held back for `held_ns` of the run so far."""
        self.command, self.is_named = event.command, True
        self.name = PACKAGE_NAME if event.command == PACKAGE_UPLOAD else event.name
        self.size, self.ack = event.size, event.ack
        self.begin_ns, self.start, self.taken_early = event.at_ns, event.offset, event.early
        self.held_ns = held_ns

    def acked(self, received: int) -> None:
        """The device sent an `A`."""
        self._last_ack = received

    def swallow(self, event: Swallowed) -> None:
        """Something like a command became data. A file may begin so, and so may a block of it
        that the host sent after waiting for an `A`; anywhere else the host has gone astray.
        """
        if len(self._swallowed) < _MOST_SWALLOWED:
            self._swallowed.append(event)
        assert self.start is not None
        if event.offset - self.start not in (0, self._last_ack):
            self.is_astray = True

    def disconnect(self, event: DataEnd, held_ns: int) -> list[Lost]:
        """Data mode ends; returns the losses that turn out to lie behind it."""
        self.end, self.end_ns, self.ended = event.offset, event.at_ns, event.why
        self.held_ns = held_ns - self.held_ns
        return self.losses.take_from(event.offset)

    def finish(self, now_ns: int, result: str) -> None:
        """The answer is out; empty where the power went before that."""
        self.is_over, self.result = True, result
        if self.end_ns is None:
            self.end_ns = now_ns
        if not result:
            self.ended = "power"

    def upload(self, sent: int, held_ns: int) -> Upload:
        """The entry as it stands, `sent` bytes into the stream."""
        spans = self.losses.sorted()
        start = self._payload_start(spans)
        end = self._end(sent)
        entry = Upload(
            command=self.command,
            name=self.name,
            size=self.size,
            ack=self.ack,
            begin_ns=self.begin_ns,
            end_ns=self.end_ns,
            start=start,
            end=end,
            sent=end - start,
            stored=self.stored,
            lost=sum(lost.count for lost in spans),
            eaten=self.eaten + self.thrown_away,
            losses=as_losses(spans, start),
            early=self._early(spans),
            swallowed=self._swallowed_lines(start),
            stray=self.stray,
            held_ns=held_ns - self.held_ns if self.is_receiving else self.held_ns,
            ring_peak_bytes=self.ring_peak_bytes,
            ended=self.ended,
            result=self.result,
            verdict=Verdict.WAITING,
            sentence="",
            upgrade=self.upgrade,
            altered=self._noisy("altered", start, end),
            inserted=self._noisy("inserted", start, end),
        )
        return judge(entry, is_over=self.is_over, is_astray=self.is_astray)

    def _payload_start(self, spans: list[Lost]) -> int:
        """Where the host believes the file begins: early bytes that are gone count as well."""
        if self.start is None:
            return self.claim
        has_gone = self.thrown_away or any(lost.offset < self.start for lost in spans)
        return self.claim if has_gone else self.start

    def _noisy(self, what: str, start: int, end: int) -> int:
        """Bytes of the file that noise has changed, or put between others."""
        if self.start is None:
            return 0
        hits = (noise for noise in self.noise if noise.what == what and start <= noise.offset < end)
        return sum(noise.count for noise in hits)

    def _end(self, sent: int) -> int:
        if self.end is not None:
            return self.end
        return self.claim if self.is_over else sent

    def _early(self, spans: list[Lost]) -> EarlyBytes:
        lost = spans
        if self.start is not None:
            lost = [lost for lost in spans if lost.at_ns < self.begin_ns]
        count = sum(lost.count for lost in lost)
        return EarlyBytes(self.taken_early, self.thrown_away, count)

    def _swallowed_lines(self, start: int) -> list[SwallowedCommand]:
        return [
            SwallowedCommand(line.offset, line.offset - start, line.at_ns, line.pause_ns, line.text)
            for line in self._swallowed
        ]
