"""One upload while its events go by: the notes from which its entry in the report is written."""

from collections import deque
from dataclasses import dataclass, field

from quecsim.report.advice.hint import Hint
from quecsim.report.losses import LossList, as_losses
from quecsim.report.model import Advice, EarlyBytes, SwallowedCommand, Upgrade, Upload, Verdict
from quecsim.report.taken import TakenCommands
from quecsim.report.verdict import judge
from quecsim.trace.event import (
    DataBegin,
    DataEnd,
    Lost,
    Noise,
    Swallowed,
    TransferEnd,
    Unseen,
)
from quecsim.trace.kinds import PACKAGE_NAME, PACKAGE_UPLOAD

_MOST_NOISES = 1000
# What an entry takes over as it is.
_SAME = (
    "ack", "begin_ns", "cause", "checksum", "command", "end_ns", "ended", "error", "file_bytes",
    "name", "result", "ring_peak_bytes", "size", "stored", "stray", "summary", "surplus",
    "transfer", "upgrade", "write", "unseen", "is_altered", "is_untold", "is_unheard",
)  # fmt: skip


@dataclass(slots=True)
class Track:
    """Transfer `transfer`, from the call that asks for it to the command line after it.

    `claim` is the stream offset from which bytes may belong to it: right behind the command line,
    or behind the data of the transfer before it on the same line, which is `line`. `start` is None
    until CONNECT, `end` until the end of data mode; `is_over` from the answer on. `held_ns` is the
    host's held time: that of the run before, then that of the upload. A firmware package goes on as
    an `upgrade` when it is over, after a restart if `restarts_first`.
    """

    transfer: int
    claim: int
    begin_ns: int
    command: str
    name: str
    size: int = 0
    line: str = ""
    restarts_first: bool = False
    upgrade: Upgrade = Upgrade.NONE
    is_unlisted: bool = False  # an upgrade that nobody has put into the report yet
    write: int = 0
    ack: bool = False
    start: int | None = None
    end: int | None = None
    end_ns: int | None = None
    ended: str = ""
    result: str = ""
    error: int | None = None
    cause: str = ""
    file_bytes: int | None = None
    checksum: int | None = None
    summary: str = ""
    is_over: bool = False
    taken_early: int = 0
    thrown_away: int = 0
    eaten: int = 0
    stored: int = 0
    stray: int = 0
    surplus: int = 0
    reach: int = 0  # behind the last byte that is astray
    cause_hint: Hint | None = None  # as it was when nothing more could be astray
    is_explained: bool = False
    is_behind_loss: bool = False  # what an upload before it on the line lost is made up for here
    advice: list[Advice] = field(default_factory=list)  # about its content
    ring_peak_bytes: int = 0
    held_ns: int = 0
    losses: LossList = field(default_factory=LossList)
    taken: TakenCommands = field(init=False)
    unseen: int = 0
    is_altered: bool = False
    is_untold: bool = False
    is_unheard: bool = False
    _noise: dict[str, int] = field(default_factory=lambda: {"altered": 0, "inserted": 0})
    _newest_noise: deque[Noise] = field(default_factory=lambda: deque(maxlen=_MOST_NOISES))
    _last_ack: int = 0

    def __post_init__(self) -> None:
        self.taken = TakenCommands(self.line)
        if self.command == PACKAGE_UPLOAD:
            self.name = PACKAGE_NAME

    @property
    def is_named(self) -> bool:
        """The file is known."""
        return bool(self.name)

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
        if self.command != PACKAGE_UPLOAD:
            self.name = event.name
        self.size, self.ack = event.size, event.ack
        self.begin_ns, self.start, self.taken_early = event.at_ns, event.offset, event.early
        self.held_ns = held_ns

    def acked(self, received: int) -> None:
        """The device sent an `A`."""
        self._last_ack = received

    def swallow(self, event: Swallowed) -> None:
        """Something like a command became data."""
        assert self.start is not None
        self.taken.take(event, self.start, self._last_ack)

    def disturb(self, event: Noise) -> None:
        """Noise on the line struck a byte of it, or between two."""
        self._noise[event.what] += event.count
        self._newest_noise.append(event)

    def note_unseen(self, event: Unseen) -> None:
        """A real device has told what came, and that is not what was sent."""
        self.unseen += event.count
        self.is_untold, self.is_unheard = event.is_untold, event.is_unheard
        self.is_altered = not (event.count or event.is_untold or event.is_unheard)

    def disconnect(self, event: DataEnd, held_ns: int, sent: int) -> list[Lost]:
        """Data mode ends; returns the losses that turn out to lie behind it."""
        self.end, self.end_ns, self.ended = event.offset, event.at_ns, event.why
        self.file_bytes, self.checksum = event.file_bytes, event.checksum
        self.summary = event.summary
        self.held_ns = held_ns - self.held_ns
        self.taken.end(event, sent)
        for noise in self._newest_noise:
            if noise.offset >= event.offset:
                self._noise[noise.what] -= noise.count
        self._newest_noise.clear()
        return self.losses.take_from(event.offset)

    def finish(self, event: TransferEnd) -> None:
        """The answer is out; an empty one where the power went before that."""
        self.error, self.cause = event.error, event.cause
        self.conclude(event.at_ns, event.result)

    def conclude(self, now_ns: int, result: str) -> None:
        """It ended with `result`."""
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
        noise = self._noise if self.start is not None else {}
        entry = Upload(
            **{name: getattr(self, name) for name in _SAME},
            start=start,
            end=end,
            sent=end - start,
            lost=self.losses.count + self.unseen,
            eaten=self.eaten + self.thrown_away,
            losses=as_losses(spans, start),
            unlisted_places=self.losses.unlisted_places,
            early=self._early(spans),
            swallowed=self._swallowed_lines(start),
            held_ns=held_ns - self.held_ns if self.is_receiving else self.held_ns,
            verdict=Verdict.WAITING,
            sentence="",
            altered=noise.get("altered", 0),
            inserted=noise.get("inserted", 0),
            mistake=self._mistake(),
        )
        return judge(entry, is_over=self.is_over, is_open=self.start is not None)

    def _payload_start(self, spans: list[Lost]) -> int:
        """Where the host believes the file begins: early bytes that are gone count as well."""
        if self.start is None:
            return self.claim
        has_gone = self.thrown_away or any(lost.offset < self.start for lost in spans)
        return self.claim if has_gone else self.start

    def _end(self, sent: int) -> int:
        if self.end is not None:
            return self.end
        return self.claim if self.is_over else max(sent, self.claim)

    def _early(self, spans: list[Lost]) -> EarlyBytes:
        lost = spans
        if self.start is not None:
            lost = [lost for lost in spans if lost.at_ns < self.begin_ns]
        count = sum(lost.count for lost in lost)
        return EarlyBytes(self.taken_early, self.thrown_away, count)

    def _swallowed_lines(self, start: int) -> list[SwallowedCommand]:
        sure = self.taken.sure()
        return [
            SwallowedCommand(
                each.offset, each.offset - start, each.at_ns, each.pause_ns, each.text, each in sure
            )
            for each in (line.event for line in self.taken.lines)
        ]

    def _mistake(self) -> str:
        """What a command among the data did to the file, in words."""
        if self.start is None or not self.taken.lines:
            return ""
        if (head := self.taken.head(self.start)) is not None:
            text, is_own = head
            own = "the file begins with your own upload command: it was sent twice"
            return own if is_own else f"the file begins with your command {text!r}"
        if (tail := self.taken.tail(self.size)) is not None:
            count, lines = tail
            last = "byte is" if count == 1 else f"{count} bytes are"
            what = "your next commands" if len(lines) > 1 else "your next command"
            if len(lines) == 1 and lines[0].is_cut:
                what = f"the beginning of {what}"
            return f"the last {last} {what} ({lines[0].text!r}): the size is {count} too large"
        sure = self.taken.sure()
        return f"{sure[0].text!r} became file data" if sure else ""
