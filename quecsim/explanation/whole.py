"""The whole file came, in another version: line ends, a byte in front or behind, another form.

Each story is one: nothing is swept. `cut` versions are those that were longer than the size
announced, of which the module took the head.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from quecsim.explanation.base import Base, Mix, Part, size_of
from quecsim.explanation.encodings import forms
from quecsim.explanation.guess import Case, Guess

_MOST_BITS = 16
_ALL_CAME = "all of the file came"


class _Extra(NamedTuple):
    """Bytes in front of the file or behind it."""

    text: bytes
    words: str
    bits: int
    kind: str = "extra"


_NOTHING = _Extra(b"", "", 0, "")
_FRONT = (
    _NOTHING,
    _Extra(b"\xef\xbb\xbf", "a byte order mark (ef bb bf)", 4, "byte-order-mark"),
    _Extra(b"\n", "an LF", 4, "line-end-first"),
    _Extra(b"\r", "a CR", 6, "line-end-first"),
    _Extra(b"\r\n", "a CR LF", 6, "line-end-first"),
    _Extra(b"\0", "a NUL (0x00)", 5, "nul"),
    _Extra(b" ", "a blank", 7),
    _Extra(b"\xff", "a byte 0xff", 8),
    _Extra(b">", "a `>`", 9),
)
_BEHIND = (
    _NOTHING,
    _Extra(b"\0", "a NUL (0x00)", 3, "nul"),
    _Extra(b"\x1a", "a SUB (Ctrl-Z, 0x1a)", 4, "control-behind"),
    _Extra(b"\x1b", "an ESC (0x1b)", 7, "control-behind"),
    _Extra(b"\x04", "an EOT (Ctrl-D, 0x04)", 6, "control-behind"),
    _Extra(b"+++", "a +++", 5, "escape-behind"),
    _Extra(b"\0\0", "two NUL (0x00)", 7, "nul"),
    _Extra(b"\x1a\r", "SUB and CR", 7, "control-behind"),
    _Extra(b"\x1a\n", "SUB and LF", 8, "control-behind"),
    _Extra(b"\x1a\r\n", "SUB and CR LF", 7, "control-behind"),
    _Extra(b"\0\r\n", "NUL and CR LF", 8, "nul"),
    _Extra(b"+++\r", "a +++ and CR", 7, "escape-behind"),
    _Extra(b"+++\r\n", "a +++ and CR LF", 7, "escape-behind"),
    _Extra(b" ", "a blank", 8),
    _Extra(b"\xff", "a byte 0xff", 7),
)
_PADDINGS = (
    (b"\xff", "0xff", 5),
    (b"\0", "0x00", 4),
    (b"\x1a", "0x1a (SUB)", 8),
    (b" ", "a blank", 8),
    (b"\n", "LF", 10),
)
_LEAST_PADDING, _MOST_PADDING = 2, 1 << 20
_BLOCK = 16


class _Tail(NamedTuple):
    """What became of the end of the last line."""

    mix: tuple[Part | bytes, ...]
    words: str
    bits: int


def whole(case: Case, versions: list[Base]) -> Iterator[Guess]:
    """Every story in which all of the file came."""
    for base in versions:
        for tail, front, behind in product(_tails(base), _FRONT, _BEHIND):
            bits = base.bits + tail.bits + front.bits + behind.bits
            if bits > _MOST_BITS:
                continue
            before = (front.text,) if front.text else ()
            after = (behind.text,) if behind.text else ()
            mix: Mix = (*before, *tail.mix, *after)
            kind = _kind(base, tail, front, behind)
            size = size_of(mix)
            if size == case.size:
                yield Guess(kind, mix, _told(base, tail, front, behind), bits)
            elif size > case.size and case.may_be_full and (kind != "same" and not after):
                yield from _cut(case, kind, mix, _told(base, tail, front, behind), bits)
    yield from _padded(case, versions)
    yield from _in_other_form(case)


def _cut(case: Case, kind: str, mix: Mix, words: str, bits: int) -> Iterator[Guess]:
    """The head of `mix`, as much as was announced."""
    over = size_of(mix) - case.size
    last = mix[-1]
    if isinstance(last, bytes) or len(last) <= over or kind == "last-newline":
        return
    head = (*mix[:-1], last.base.part(last.start, last.end - over))
    words = words.replace(_ALL_CAME, "the file was sent", 1)
    text = f"{words}, and the module took the {case.size} bytes announced of {size_of(mix)}"
    yield Guess(kind, head, text, bits + case.full_bits, key=f"{kind}-cut")


def _tails(base: Base) -> Iterator[_Tail]:
    """What programs do to the end of the last line."""
    data = base.data
    yield _Tail((base.part(),), "", 0)
    ends = [end for end in (b"\r\n", b"\n", b"\r") if data.endswith(end)]
    if ends:
        count = len(ends[0])
        yield _Tail((base.part(0, base.size - count),), "the last line end left out", 2)
        if count > 1:
            yield _Tail((base.part(0, base.size - 1),), "the last LF left out", 4)
        if len(data.rstrip(b"\r\n")) < base.size - count:
            kept = len(data.rstrip(b"\r\n"))
            yield _Tail((base.part(0, kept),), "all line ends at the end left out", 6)
    for end, name in ((b"\n", "LF"), (b"\r\n", "CR LF"), (b"\r", "CR")):
        usual = 0 if end == base.end else 3
        yield _Tail((base.part(), end), f"one more {name} at the end", (5 if ends else 4) + usual)


def _kind(base: Base, tail: _Tail, front: _Extra, behind: _Extra) -> str:
    """The word for the whole story: what is most unusual about it."""
    if front.kind or behind.kind:
        return behind.kind or front.kind
    return base.kind or ("last-newline" if tail.words else "same")


def _told(base: Base, tail: _Tail, front: _Extra, behind: _Extra) -> str:
    what = [words for words in (base.words, tail.words) if words]
    if front.words:
        what.append(f"{front.words} in front of it")
    if behind.words:
        what.append(f"{behind.words} behind it")
    if not what:
        return "size and checksum are those of the file"
    return f"{_ALL_CAME}, with {_joined(what)}"


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _padded(case: Case, versions: list[Base]) -> Iterator[Guess]:
    """Filled up with the same byte."""
    for base in versions:
        count = case.size - base.size
        if not _LEAST_PADDING <= count <= _MOST_PADDING:
            continue
        for byte, name, bits in _PADDINGS:
            usual = 0 if case.size % _BLOCK == 0 else 3
            words = f"{count} times {name} came behind the file"
            if base.words:
                words += f", and it came with {base.words}"
            yield Guess("padding", (base.part(), byte * count), words, base.bits + bits + usual)


def _in_other_form(case: Case) -> Iterator[Guess]:
    for kind, words, bits, data in forms(case.data):
        base = Base(data, words, kind=kind, bits=bits, starts=None)
        told = f"the file came in another form: {words}"
        if base.size == case.size:
            yield Guess(kind, (base.part(),), told, bits)
        elif base.size > case.size and case.may_be_full:
            over = f"{told}, and the module took the {case.size} bytes announced of {base.size}"
            yield Guess(kind, (base.part(0, case.size),), over, bits + case.full_bits)
        elif data.endswith(b"\n") and base.size - 1 == case.size:
            without = f"{told}, without its last line end"
            yield Guess(kind, (base.part(0, case.size),), without, bits + 3)
        elif base.size + 1 == case.size and not data.endswith(b"\n"):
            yield Guess(kind, (base.part(), b"\n"), f"{told}, with an LF behind it", bits + 4)
