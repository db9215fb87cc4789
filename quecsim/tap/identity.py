"""Which device a module says it is, when the host asks it; as far as there is a profile."""

import re
from collections.abc import Iterable

_MOST_LINE_BYTES = 120
_ASKED = re.compile(
    r"AT(?:I\d*|\+C?GM[MR]|\+QGMR|\+QVERSION)[\x00-\x7f]*", re.IGNORECASE
)  # what a model, or a revision, is the answer to
_HEAD = re.compile(r"^(?:revision:|\+[a-z]+:)\s*", re.IGNORECASE)
_MAKER = re.compile(r"^quectel[ _-]", re.IGNORECASE)
_MODEL = re.compile(r"[A-Z]{1,3}[0-9]{2,4}[A-Z0-9]*")  # as modules are called, revisions too


class Identity:
    """Feed it what both sides say; `found` is the device's name as soon as it is known, and
    `model` what the module calls itself where no device is called so.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.found = ""
        self.model = ""
        self._names = {_bare(name): name for name in names}
        self._is_asked = False
        self._said = ""  # the first line of an answer that looks like a model's name
        self._lines = {"host": bytearray(), "device": bytearray()}

    def hear(self, side: str, data: bytes) -> None:
        """One side has said something."""
        line = self._lines[side]
        line += data
        *whole, rest = re.split(rb"[\r\n]+", bytes(line))
        line[:] = rest[-_MOST_LINE_BYTES:]
        for each in whole:
            text = each[:_MOST_LINE_BYTES].decode("latin-1").strip()
            if side == "host" and text:
                self._is_asked, self._said = bool(_ASKED.fullmatch(text)), ""
            elif self._is_asked and text and not self.found:
                self._look_at(text)

    def _look_at(self, text: str) -> None:
        """A line of an answer: the longest name that it begins with is the device's. Where there is
        none by the end of the answer, the only one that begins with what it says.
        """
        said = _MAKER.sub("", _HEAD.sub("", text).strip('"'))
        known = [name for name in self._names if _bare(said).startswith(name)]
        if known:
            self.found = self._names[max(known, key=len)]
        elif text == "OK" and self._said:
            longer = [name for name in self._names if name.startswith(_bare(self._said))]
            if len(longer) == 1:
                self.found = self._names[longer[0]]
            else:
                self.model = self._said
        elif not self._said and _MODEL.fullmatch(said.split("-")[0]):
            self._said = said


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
