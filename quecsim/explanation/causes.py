"""For each kind of story its likely cause, and what to do: a literal table.

The word is `Story.kind`. Another kind is a row here, and one in docs/EXPLAIN.md.
"""

from typing import NamedTuple


class Cause(NamedTuple):
    """Both without a full stop; `cure` is empty where nothing is wrong."""

    cause: str
    cure: str


_BINARY = "write the file as binary: no println, no text mode, no terminal that translates"
_FLOW = "use ACK mode, RTS/CTS on both ends, or pauses between the writes"
_RING = "nothing held the host back while the module was busy, and its buffer was full"
_EXACT = "announce exactly as many bytes as you write"
_WAIT = "wait for CONNECT before the data, and send the command once"
_ANSWER = "count the bytes, announce exactly those, and wait for the final result before you go on"

CAUSES = {
    "same": Cause("nothing is wrong, as far as size and checksum can tell", ""),
    "empty": Cause("no byte of the file came", "wait for CONNECT, then write; look at the wiring"),
    "line-ends": Cause("a text mode, println or a terminal has changed the line ends", _BINARY),
    "line-ends-cut": Cause(
        "each line grew on the way, so the end of the file did not fit the size announced", _BINARY
    ),
    "last-newline": Cause(
        "your own reading or writing of the file dropped or added its last line end",
        "read and write bytes, not lines (no strip, no getline, no println)",
    ),
    "nul": Cause(
        "the NUL that ends a C string was sent or counted", "write strlen bytes, not sizeof"
    ),
    "control-behind": Cause(
        "a byte that ends a text message was sent: here the count ends the data",
        "send nothing behind the file",
    ),
    "escape-behind": Cause(
        "+++ is for leaving data mode early, and was taken for data",
        "leave +++ out: the count ends the data",
    ),
    "byte-order-mark": Cause(
        "an editor or a decoder added or kept a byte order mark",
        "save the file as UTF-8 without one, and write it as binary",
    ),
    "line-end-first": Cause(
        "the command was ended with more than a CR, and the rest became data",
        "end a command with CR alone, and wait for CONNECT before the data",
    ),
    "extra": Cause("a byte was sent that is not in the file", _EXACT),
    "padding": Cause(
        "the buffer or page that held the file was sent, and not the file's length", _EXACT
    ),
    "armour": Cause("the file was retyped or formatted", "copy the file as it is"),
    "blanks": Cause(
        "the text went through a shell or an editor that changes blanks",
        "quote it, or read the file as binary",
    ),
    "case": Cause("a terminal or a program changed the letters", _BINARY),
    "seven-bit": Cause("one end of the line has 7 bits and parity", "set both ends to 8N1"),
    "control": Cause(
        "a driver or a shell took these bytes for itself (XON/XOFF flow control, quoting)",
        "open the port raw: no XON/XOFF (-ixon -ixoff), and no shell in between",
    ),
    "string-end": Cause(
        "the file was handled as a string, which ends there", "handle it as bytes with a length"
    ),
    "re-encoded": Cause("the file was encoded, or decoded, before it was sent", _BINARY),
    "command-in-front": Cause("the command was sent twice, or before CONNECT had come", _WAIT),
    "next-command": Cause("the size announced was larger than what was sent", _ANSWER),
    "hole-filled": Cause(
        f"bytes were lost ({_RING}); the module waited for the rest and took what came next",
        f"{_FLOW}; and wait for the final result before you go on",
    ),
    "echo": Cause(
        "what was sent came back and was sent again", "switch the echo off (stty raw -echo)"
    ),
    "twice": Cause("a write was repeated after it had been taken", "send each byte once"),
    "lines-twice": Cause("whole lines were sent again", "send each line once"),
    "write-twice": Cause("a write was repeated after it had been taken", "send each byte once"),
    "cut": Cause(
        "the host stopped early, or the module's buffer was full until the last byte had come",
        f"look whether the host wrote all of it; {_FLOW}",
    ),
    "size-declared": Cause("the size announced was too small", _EXACT),
    "head-lost": Cause(
        "data was sent before CONNECT, and not kept", "wait for CONNECT before the data"
    ),
    "both-ends-lost": Cause(
        "data was sent before CONNECT, and the host or the line stopped early",
        "wait for CONNECT before the data, and write all of it",
    ),
    "lines-lost": Cause(
        "whole lines were lost: a program between you and the port, or a full buffer", _FLOW
    ),
    "write-lost": Cause(f"a whole write was lost: {_RING}", _FLOW),
    "block-hole": Cause(f"bytes were lost from the beginning of a block on: {_RING}", _FLOW),
    "hole": Cause(_RING, _FLOW),
    "lines-kept": Cause(
        "something between you and the port drops lines, a console or a slow reader",
        "open the port alone, and write the file as binary",
    ),
    "lines-dropped": Cause(
        "something between you and the port drops lines, a console or a slow reader",
        "open the port alone, and write the file as binary",
    ),
    "chunks-kept": Cause("most writes were lost, in step with something", _FLOW),
    "chunks-dropped": Cause("writes were lost, in step with something", _FLOW),
    "chunk-ends-lost": Cause(f"each write overran the buffer: {_RING}", _FLOW),
    "line-ends-lost": Cause(
        "a buffer for one line is too small, or each line was read with a part cut off",
        "read the file as binary, with a length",
    ),
    "two-lines-lost": Cause(f"two lines were lost: {_RING}", _FLOW),
    "two-chunks-lost": Cause(f"two writes were lost: {_RING}", _FLOW),
    "bit-altered": Cause(
        "noise on the line, or a baud rate that is a little off",
        "check the wiring and the baud rate",
    ),
    "byte-altered": Cause(
        "noise on the line, or one byte of the file differs from what was sent",
        "check the wiring, and that this is the file that was sent",
    ),
    "chunk-replaced": Cause(
        "the host wrote a buffer again before it was filled anew, or filled it too early",
        "do not touch a buffer until it is written",
    ),
    "exchanged": Cause(
        "two writes changed places: two threads write, or a queue is out of order",
        "write from one thread, in order",
    ),
}  # fmt: skip


def cause_of(key: str) -> Cause:
    """The row of a kind; of a kind with more to it (`nul-cut`) that, or the kind's own."""
    return CAUSES.get(key) or CAUSES[key.removesuffix("-cut")]
