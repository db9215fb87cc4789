"""What is wrong with bytes that were meant as commands, by the bytes alone.

of_line         a command line that was answered with an error
of_junk         bytes in front of a command line that the device threw away
of_unfinished   a command line whose end has not come
"""

import re
from collections.abc import Collection, Iterator

from quecsim.report.advice.hint import Hint, plural, shown

_BOM = b"\xef\xbb\xbf"
_CR, _LF = b"\r", b"\n"
_END_IN_CR = "end each command with CR (0x0d): write \\r, not \\n"
_ESCAPED = re.compile(rb"\\[rn]|\\x0[dD]|<CR>|\^M")
_QUOTES = (
    "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u2018\u2019\u201a\u201b\u2039\u203a\u2032`\u00b4"
)
_WINDOWS_QUOTES = b"\x91\x92\x93\x94\x84\x82"
_NO_PLUS = re.compile(rb"AT[ =:_-]*([A-Z]{3,})", re.IGNORECASE)
_NO_AT = re.compile(rb"([AT]?)(\+?)([A-Z]{3,16})(?=[=?]|\Z)", re.IGNORECASE)
_MIXED = re.compile(rb"(At|aT)(?=[+&A-Z]|\Z)")
_OWN_WORDS = re.compile(rb"(OK|ERROR|CONNECT|RDY|NO CARRIER|\+CM[ES] ERROR: ?.*|\+Q[A-Z]+: .*)")
_CONTROLS = {0x1A: "SUB (Ctrl-Z, 0x1a)", 0x1B: "ESC (0x1b)", 0x00: "NUL (0x00)"}
_FEWEST_RUBBISH = 3


def of_line(line: bytes, names: Collection[str]) -> Hint | None:
    """What is wrong with the text of command line `line` (from `AT` on, with its CR)."""
    body = line.removesuffix(_CR)
    if _LF in body.strip(_LF):
        return _line_feeds(body)
    if not body.isascii():
        return _no_ascii(body)
    marks = body.count(b'"')
    if marks % 2:
        seen = f"{shown(body)} has {plural(marks, 'quotation mark')}: one is missing"
        return Hint("quotes", seen, 'put the name between two " (0x22)')
    if b"'" in body and b'"' not in body:
        return Hint("quotes", f"{shown(body)} has ' where \" belongs", "use \" (0x22), not '")
    if re.search(rb";\s*AT", body, re.IGNORECASE):
        advice = "on one line the commands behind a semicolon have no AT of their own: AT+A;+B"
        return Hint("second-at", f"{shown(body)} has an AT behind a semicolon", advice)
    if body[2:4].upper() == b"AT":
        advice = f"the AT before it was sent without a line end: {_END_IN_CR}"
        return Hint("no-line-end", f"{shown(body)} has a second AT within", advice)
    if (match := _NO_PLUS.match(body)) and (name := f"+{match[1].decode().upper()}") in names:
        return Hint("no-plus", f"{shown(body)} has no + behind AT", f"write AT{name}")
    return None


def of_unfinished(rest: bytes) -> Hint | None:
    """What is wrong with `rest`, which begins with `AT` and waits for the end of its line."""
    if _CR in rest:
        return None
    if match := _ESCAPED.search(rest):
        seen = f"{shown(rest)} has its line end written out ({match[0].decode()})"
        advice = "send the one byte 0x0d: in a shell printf 'AT\\r' does, and echo does not"
        return Hint("written-out", seen, advice)
    if _LF in rest:
        return _line_feeds(rest)
    return Hint("no-line-end", f"{shown(rest)} waits for its line end", _END_IN_CR)


def of_junk(data: bytes, names: Collection[str]) -> Iterator[Hint]:
    """What `data`, which the device did not take for commands, was meant to be."""
    if b"A\0T\0" in data or b"\0A\0T" in data:
        seen = "the commands are UTF-16: a 0x00 stands between the letters"
        yield Hint("utf-16", seen, "send one byte for each letter (ASCII)")
        return
    if _BOM in data:
        seen = "a byte order mark (ef bb bf) came before the command"
        advice = "save what you send from as UTF-8 without a byte order mark"
        yield Hint("byte-order-mark", seen, advice)
        data = data.replace(_BOM, b"")
    for line in re.split(rb"[\r\n]+", data):
        if line and (hint := _junk_line(line, names)) is not None:
            yield hint


def _junk_line(line: bytes, names: Collection[str]) -> Hint | None:
    """What one line was meant to be."""
    if set(line) <= set(_CONTROLS):
        what = _CONTROLS[line[0]]
        seen = f"{what} came where a command was expected"
        if line[0] == 0:
            advice = "write the length of the text: a C string's NUL is no part of it"
            return Hint("nul", seen, advice)
        return Hint("control", seen, "it ends nothing there: leave it out")
    if _OWN_WORDS.fullmatch(line):
        seen = f"{shown(line)} came back: the device's own words"
        advice = "switch the echo of your port off (stty raw -echo, cfmakeraw), or mend the wiring"
        return Hint("own-words", seen, advice)
    if _MIXED.match(line):
        seen = f"{shown(line)} begins with {line[:2].decode()}"
        return Hint("at-case", seen, "write AT or at: of mixed case the device takes neither")
    if match := _NO_AT.match(line):
        name = f"+{match[3].decode().upper()}"
        if name in names:
            seen = f"{shown(line)} does not begin with AT"
            return Hint("no-at", seen, f"write AT{name}")
    strange = sum(byte >= 0x80 or byte < 0x20 for byte in line)
    if len(line) >= _FEWEST_RUBBISH and strange * 2 > len(line):
        seen = f"{plural(len(line), 'byte')} came that are no text, {line[:8].hex(' ')} ..."
        advice = "same rate and frame on both ends? data before its command, or after a refusal?"
        return Hint("rubbish", seen, advice)
    return None


def _line_feeds(text: bytes) -> Hint:
    """Lines that end in LF: the first says which they are."""
    lines = [line for line in text.split(_LF) if line[:2].upper() == b"AT"]
    first = shown(lines[0]) if lines else shown(text)
    what = "a command line ends" if len(lines) < 2 else f"{len(lines)} command lines end"
    seen = f"{what} in LF alone (0x0a), first {first}: no CR came, so none was carried out"
    return Hint("lf-alone", seen, _END_IN_CR)


def _no_ascii(body: bytes) -> Hint:
    """A letter that no command has: most often quotation marks out of a text editor."""
    place = next(i for i, byte in enumerate(body) if byte >= 0x80)
    try:
        char = body[place:].decode("utf-8")[0]
    except UnicodeDecodeError:
        is_quote = body[place] in _WINDOWS_QUOTES
        seen = f"{shown(body)} has 0x{body[place]:02x} at place {place}"
        return _letter(seen, is_quote=is_quote)
    code = char.encode().hex(" ")
    seen = f"{shown(body)} has {char} (U+{ord(char):04X}, bytes {code}) at place {place}"
    return _letter(seen, is_quote=char in _QUOTES)


def _letter(seen: str, *, is_quote: bool) -> Hint:
    if is_quote:
        advice = 'type plain quotation marks (" is 0x22): an editor has made others of them'
        return Hint("curly-quotes", f'{seen}, where " (0x22) belongs', advice)
    return Hint("no-ascii", f"{seen}: no ASCII", "use ASCII in commands and names")
