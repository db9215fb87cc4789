"""Which module it is, as it says itself: the answer to ATI, AT+CGMM or AT+GMM in a capture."""

import re
from collections.abc import Iterable

from quecsim.observed.heard import Side

_LINE_BYTES = 128
_ASKED = re.compile(r"AT(?:I|\+CGMM|\+GMM|\+CGMR|\+GMR|\+QGMR)\d*\Z", re.IGNORECASE)
_OVER = re.compile(r"(?:OK|ERROR|\+CME ERROR:.*)\Z")
_NAME = re.compile(r"([A-Z]{2,4}\d{2,4}[A-Z]{0,2}(?:-[A-Z]{1,3})?)")


class ModelWatch:
    """`model` is the one of `models` (the names that profiles know) that the device has given;
    `told` is what it said in any case, `revision` its firmware's, empty where it said nothing.
    """

    def __init__(self, models: Iterable[str]) -> None:
        self.model = self.told = ""
        self._models = sorted(models, key=len, reverse=True)
        self._lines = {"host": bytearray(), "device": bytearray()}
        self._is_asked = False

    def hear(self, side: Side, data: bytes) -> None:
        """One side has said more."""
        line = self._lines[side]
        line += data[: _LINE_BYTES * 8]
        if b"\r" in data or b"\n" in data:
            *lines, rest = re.split(rb"[\r\n]", line)
            line[:] = rest
            for each in lines:
                self._end_line(side, each.decode(errors="replace").strip())
        del line[_LINE_BYTES:]

    def _end_line(self, side: Side, text: str) -> None:
        if not text:
            return
        if _ASKED.match(text):
            self._is_asked = True
        elif side == "host" or _OVER.match(text):
            self._is_asked = False
        elif self._is_asked and not self.model:
            self._look_at(text)

    def _look_at(self, text: str) -> None:
        """A line of the answer."""
        bare = text.removeprefix("Revision:").strip().removeprefix("Quectel_")
        known = next(
            (model for model in self._models if bare.upper().startswith(model.upper())), ""
        )
        if known:
            self.model = self.told = known
        elif not self.told and (match := _NAME.match(bare)):
            self.told = match[1]
