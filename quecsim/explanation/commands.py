"""Commands that may have become part of the file: those known to have been sent, or the usual ones.

uploads(case)       texts of the command that began the upload, with their line ends
followers(case)     what may have come behind the file: commands, as far as they go
"""

from collections.abc import Iterator, Sequence
from itertools import product

from quecsim.explanation.guess import Case

_ENDS = ((b"\r\n", 0), (b"\r", 0), (b"\n", 4))
_USUAL_NAMES = (
    "cacert.pem", "ca.pem", "clientcert.pem", "client.pem", "clientkey.pem", "key.pem",
    "cert.pem", "user_key.pem", "test.txt",
)  # fmt: skip
# Seconds, as hosts give them; None: left out.
_TIMEOUTS = (None, 5, 10, 20, 30, 60, 100, 120, 300, 15, 40, 50, 80, 90, 180, 200, 600, 1000)
_USUAL_TIMEOUTS = (None, 5, 10, 30, 60, 100)
_KNOWN_BITS, _UPLOAD_BITS, _FOLLOWER_BITS = 2, 11, 9
_MOST_REPEATED = 10
_MOST_FOLLOWING_BYTES = 200
_MOST_KNOWN = 200


def uploads(case: Case) -> Iterator[tuple[bytes, int]]:
    """(command line with its end, bits) of commands that may have begun the upload, once each."""
    known = [line for line in case.commands[:_MOST_KNOWN] if _begins_upload(line)]
    if known:
        for line in dict.fromkeys(known):
            yield from ((text, _KNOWN_BITS + bits) for text, bits in _with_ends(line))
        return
    sizes = dict.fromkeys((case.declared, case.size, len(case.data)))
    for name, size, timeout in product(_names(case.name), sizes, _TIMEOUTS):
        if size is None:
            continue
        bits = (
            _UPLOAD_BITS
            + (4 if case.commands else 0)
            + (0 if ":" in name and name[:4] != "RAM:" else 2)
        )
        bits += 0 if timeout in _USUAL_TIMEOUTS else 2
        for ack, ack_bits in (("", 0), (",1", 1), (",0", 2)) if timeout is not None else (("", 0),):
            waits = "" if timeout is None else f",{timeout}"
            text = f'AT+QFUPL="{name}",{size}{waits}{ack}'.encode()
            yield from ((line, bits + ack_bits + more) for line, more in _with_ends(text))


def followers(case: Case) -> list[tuple[bytes, int]]:
    """(text, bits) of what may have come behind the file; a text may be cut off anywhere."""
    found: dict[bytes, int] = {}
    if case.commands:
        known = list(dict.fromkeys(case.commands[-_MOST_KNOWN:]))
        for at in range(len(known)):
            for end, bits in _ENDS:
                text = b"".join(line if line[-1:] in b"\r\n" else line + end for line in known[at:])
                found.setdefault(
                    text[:_MOST_FOLLOWING_BYTES],
                    min(_KNOWN_BITS + bits + len(known).bit_length(), _FOLLOWER_BITS - 1),
                )
    for text, bits in _guessed(case.name):
        found.setdefault(text, bits + (3 if case.commands else 0))
    return list(found.items())


def _guessed(name: str) -> Iterator[tuple[bytes, int]]:
    """The usual ones, each again and again as a host repeats it that gets no answer."""
    for end, end_bits in _ENDS:
        for line, bits in _usual(name):
            text = line.encode() + end
            count = _MOST_REPEATED if len(text) < _SHORT_BYTES else 2
            yield text * count, _FOLLOWER_BITS + bits + end_bits


_SHORT_BYTES = 8


def _usual(name: str) -> Iterator[tuple[str, int]]:
    yield from (("AT", 0), ("ATE0", 3), ("ATI", 3), ("+++", 3), ("AT+CSQ", 2), ("AT+CPIN?", 3))
    yield from (("AT+QFLST", 2), ('AT+QFLST="*"', 1), ("AT+QFLDS", 4), ('AT+QFLDS="UFS"', 3))
    yield from (("AT+QFCLOSE=1", 3), ("AT+QFCLOSE=0", 4), ("AT+QFCLOSE=1027", 4))
    yield from (("AT+CREG?", 3), ("AT+CGATT?", 4), ("AT+CGREG?", 4), ("AT+CEREG?", 4))
    yield from (("AT+QIACT=1", 3), ("AT+QIACT?", 4), ("AT+CMEE=1", 4), ("AT+CMEE=2", 4))
    yield from (('AT+QSSLCFG="sslversion",', 3), ("AT+QMTCFG=", 4), ("AT+QMTOPEN=", 4))
    for one in _names(name)[:2]:
        yield from ((f'AT+QFLST="{one}"', 1), (f'AT+QFDWL="{one}"', 1), (f'AT+QFDEL="{one}"', 2))
        yield from ((f'AT+QFUPL="{one}"', 3), (f'AT+QFOPEN="{one}"', 3))
        yield f'AT+QSSLCFG="cacert",2,"{one}"', 3
        yield f'AT+QSECREAD="{one}"', 4


def _names(name: str) -> Sequence[str]:
    """The names that the file may have on the module."""
    if not name:
        return [f"UFS:{each}" for each in _USUAL_NAMES] + list(_USUAL_NAMES)
    bare = name.partition(":")[2] or name
    return list(dict.fromkeys((name if ":" in name else f"UFS:{name}", bare, f"RAM:{bare}")))


def _with_ends(line: bytes) -> Iterator[tuple[bytes, int]]:
    """A line as it is if it has an end, and else with each."""
    if line[-1:] in (b"\r", b"\n"):
        yield line, 0
        return
    yield from ((line + end, bits) for end, bits in _ENDS)


def _begins_upload(line: bytes) -> bool:
    return (
        line.lstrip()[:11]
        .upper()
        .startswith((b"AT+QFUPL", b"AT+QSECWRI", b"AT+QFWRITE", b"AT+QSSLCERT"))
    )
