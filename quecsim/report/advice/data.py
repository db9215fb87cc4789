"""Why data does not fit the size that was announced, by its bytes alone.

of_surplus      more came than was announced
of_shortage     less came
of_tail         later commands made up for what was missing
"""

import re

from quecsim.report.advice.hint import Hint

_BLANK = b" \r\n\t"
_TEXT = re.compile(rb"[\t\n\r\x20-\x7e]*")
_ENDS = {
    0x1A: ("SUB (Ctrl-Z, 0x1a)", "Ctrl-Z ends a text message; here the count ends the data"),
    0x1B: ("ESC (0x1b)", "the count ends the data: send nothing behind it"),
    0x04: ("EOT (Ctrl-D, 0x04)", "the count ends the data: send nothing behind it"),
}
_BUFFER_BYTES = 256
_LEAST_REPEATED = 16
_COUNT_BYTES = "announce exactly as many bytes as you write"


def of_surplus(data: bytes, behind: bytes, size: int) -> Hint:
    """`data` has the announced `size`; `behind` is what came after it."""
    if (hint := of_println(data, behind)) is not None:
        return hint
    solid = behind.strip(_BLANK)
    if solid and len(set(solid)) == 1 and (hint := _padding(solid)) is not None:
        return hint
    if solid == b"+++":
        advice = "the count ends the data: +++ is for leaving before that"
        return Hint("escape-behind", "+++ came behind the data", advice, "it is +++")
    head = data[: min(len(data), len(behind), 64)]
    if len(head) >= _LEAST_REPEATED and behind.startswith(head):
        advice = "send the data once: wait for the final result, and do not write it again"
        return Hint("sent-twice", "the file came a second time", advice, "the file was sent twice")
    if (more := _wide_chars(data + behind, size)) is not None:
        return more
    seen = f"the size {size} is smaller than what was sent"
    return Hint("size-too-small", seen, _COUNT_BYTES)


def of_println(data: bytes, behind: bytes) -> Hint | None:
    """Whether a CR before each LF is what came too many."""
    pairs = (data + behind).count(b"\r\n")
    if b"\r\n" not in data or abs(pairs - len(behind)) > 1:
        return None
    seen = "its lines came with CR LF, and the size counts LF alone"
    advice = "write the file as binary: no println, no text mode, no terminal that translates"
    return Hint("cr-lf-sent", seen, advice, seen)


def of_head(data: bytes, early: int) -> Hint | None:
    """Whether the NUL of a command's C string is the first byte of the data."""
    if not early or not data.startswith(b"\0") or data.startswith(b"\0\0"):
        return None
    seen = "the first byte of the file is a NUL (0x00) that came behind the command"
    return Hint("nul-first", seen, "write strlen bytes of the command, not sizeof", seen)


def of_shortage(data: bytes, size: int, line: str) -> Hint:
    """Less `data` came than the `size` that command `line` announced."""
    missing = size - len(data)
    if "," not in line:
        seen = f"the command names no size, which means {size} bytes here"
        return Hint("no-size", seen, "give the number of bytes: AT+QFUPL=<name>,<size>", seen)
    if (hint := _too_large(data, missing)) is not None:
        return hint._replace(words=f"the size is {missing} too large: {hint.words}")
    if size % _BUFFER_BYTES == 0 and missing > 1:
        seen = f"the size {size} looks like that of a buffer"
        advice = "announce the length of the file (strlen, stat), not of the buffer (sizeof)"
        return Hint("buffer-size", seen, advice, seen)
    return Hint("size-too-large", f"the size {size} is {missing} larger than what was sent",
                _COUNT_BYTES)  # fmt: skip


def of_tail(data: bytes, count: int) -> Hint:
    """`data` was the file, and `count` bytes of later commands completed it."""
    hint = _too_large(data, count)
    if hint is not None:
        return hint
    seen = f"the size is {count} larger than the file, and commands became part of it"
    return Hint("size-too-large", seen, f"{_COUNT_BYTES}, and wait for the final result")


def _too_large(data: bytes, missing: int) -> Hint | None:
    """Well known ways to announce a few bytes too many."""
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    if missing > 1 and b"\r\n" not in data and missing in (lines, data.count(b"\n")):
        seen = f"{missing} bytes too many are one for each line: CR LF was counted, and LF sent"
        advice = "read the file as binary, and announce the bytes that you write"
        words = f"one for each of its {missing} lines: CR LF was counted, and LF sent"
        return Hint("cr-lf-counted", seen, advice, words)
    if missing != 1 or not data:
        return None
    if data.endswith(b"\n") or b"\n" not in data or not _TEXT.fullmatch(data):
        seen = "one byte too many was announced, as when the NUL of a C string is counted"
        return Hint(
            "nul-counted", seen, "strlen, not sizeof", "as when a C string's NUL is counted"
        )
    seen = "one byte is missing, and the file ends without a line end"
    advice = "your own reading of the file dropped its last newline (strip, getline): read bytes"
    return Hint("last-newline", seen, advice, "the last line end was dropped, or a NUL counted")


def _padding(solid: bytes) -> Hint | None:
    """The same byte again and again, or once."""
    byte, count = solid[0], len(solid)
    if byte in _ENDS:
        name, advice = _ENDS[byte]
        return Hint("control-behind", f"{name} came behind the file", advice, f"it is {name}")
    if byte == 0x00:
        if count == 1:
            seen, words = "a NUL (0x00) came behind the file", "it is a NUL (0x00)"
            return Hint("nul-behind", seen, "write strlen bytes, not sizeof: no NUL", words)
        words = f"they are {count} times 0x00"
        advice = "write the length of the file, not of the buffer that holds it"
        return Hint("padding-behind", f"{count} times 0x00 came behind the file", advice, words)
    if byte == 0xFF:
        what = "0xff" if count == 1 else f"{count} times 0xff"
        words = f"{'it is' if count == 1 else 'they are'} {what}, as of erased flash"
        advice = "write the length of the file, not of the flash page that holds it"
        return Hint("padding-behind", f"{what} came behind the file", advice, words)
    return None


def _wide_chars(text: bytes, size: int) -> Hint | None:
    """Characters were counted where bytes should have been."""
    try:
        chars = len(text.rstrip(_BLANK).decode("utf-8"))
        exact = len(text.decode("utf-8"))
    except UnicodeDecodeError:
        return None
    if text.isascii() or size not in (chars, exact):
        return None
    seen = f"the size {size} counts characters, and some have more than one byte"
    return Hint("chars-counted", seen, "count the bytes after encoding", seen)
