"""A first look through a capture: who says anything, how fast, and which module it is."""

from collections.abc import Iterable, Iterator

from quecsim.captures.line_rate import LineRate
from quecsim.captures.model import ModelWatch
from quecsim.captures.opened import Told
from quecsim.captures.spoken import Voice
from quecsim.observed.heard import Heard
from quecsim.trace.event import HostLine

_ENOUGH_BYTES = 1 << 20


class Survey:
    """`voices` by side, `rates` likewise, and what the device says it is."""

    def __init__(self, models: Iterable[str]) -> None:
        self.voices = {"host": Voice(), "device": Voice()}
        self.rates = {"host": LineRate(), "device": LineRate()}
        self.watch = ModelWatch(models)
        self.line: HostLine | None = None

    def look(self, told: Iterator[Told]) -> None:
        """Through all of it, or until nothing more is to be expected."""
        for each in told:
            if isinstance(each, Heard):
                self.voices[each.side].hear(each.at_ns, each.data)
                self.rates[each.side].hear(each.at_ns, len(each.data))
                self.watch.hear(each.side, each.data)
                if b"\n" in each.data and self._is_enough():
                    break
            elif isinstance(each, HostLine) and self.line is None:
                self.line = each

    def rate(self) -> tuple[int, str]:
        """The line's rate and frame, as the host has set them, or as the times of the bytes tell:
        0 and empty where they do not.
        """
        if self.line is not None:
            return self.line.baud, self.line.frame
        for side in ("device", "host"):
            baud, frame = self.rates[side].found()
            if baud:
                return baud, frame
        return 0, ""

    def _is_enough(self) -> bool:
        both = all(voice.bytes for voice in self.voices.values())
        heard = sum(voice.bytes for voice in self.voices.values())
        return both and heard >= _ENOUGH_BYTES
