"""What differs between any two modules, or from one minute to the next: it is left out of the
comparison, and told.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

_ALL = rb"(?<=: ).+"


@dataclass(frozen=True, slots=True)
class Mask:
    """In replies to these commands, whatever `pattern` finds is `words`."""

    words: str
    commands: frozenset[str]
    pattern: re.Pattern[bytes]


def _mask(words: str, commands: str, pattern: bytes) -> Mask:
    return Mask(words, frozenset(commands.split()), re.compile(pattern))


MASKS: tuple[Mask, ...] = (
    _mask("clock", "+CCLK +QLTS +QNTP +QLTTIME", rb"\d+/\d+/\d+,\d+:\d+:\d+(?:[+-]\d+)?(?:,\d)?"),
    _mask("IMEI", "+CGSN +GSN +EGMR +QGSN", rb"(?<![0-9])\d{14,17}(?![0-9])"),
    _mask("IMSI", "+CIMI +QCIMI", rb"(?<![0-9])\d{14,15}(?![0-9])"),
    _mask("SIM card number", "+QCCID +CCID +ICCID +QSIMSTAT", rb"(?<![0-9])[0-9]{17,20}F?"),
    _mask("own telephone number", "+CNUM +CSCA", rb'"[+0-9]*"'),
    _mask("MAC address", "+QGETMAC +QWLANMAC +QSTAMAC", rb"(?i)(?:[0-9a-f]{2}[:-]?){6}"),
    _mask("signal", "+CSQ +QCSQ +CESQ +QNWINFO +QENG +QRSRP +QRSRQ +QSINR", _ALL),
    _mask("network", "+COPS +QSPN +CREG +CGREG +CEREG +QCELL +QGETWIFISTATE +QWSCAN", _ALL),
    _mask("address", "+CGPADDR +QIACT +QILOCIP +QGETIP +QIDNSCFG +CGDCONT", rb"\d+(?:\.\d+){3,}"),
    _mask("supply and temperature", "+CBC +QTEMP +QADC", _ALL),
    _mask("free space", "+QFLDS", rb"(?<=[ ,])\d+"),
    _mask("free space", "+QFUPL", rb"(?<=>\[,\(1-)\d+"),
)  # fmt: skip


_CHECKSUM = re.compile(rb"(?<=\+QFUPL: )(\d+),[0-9A-Fa-f]+|(?<=\+QSECWRITE: )(\d+),[0-9A-Fa-f]+")
_NEEDS_SERVER = re.compile(
    r"\+(?:QMT(?!CFG)|QHTTP(?!CFG)|QFTP(?!CFG)|QI(?:OPEN|SEND|SENDEX|RD|CLOSE|STATE|SWTMD)\b"
    r"|QSSL(?:OPEN|SEND|RECV|CLOSE|STATE)\b|QPING|QNTP|QIDNSGIP|QSMTP|QFOTADL|QOTA)"
)


def needs_server(calls: Iterable[tuple[str, str]]) -> bool:
    """What these commands say depends on somebody whom the simulated device has not."""
    return any(
        form in ("write", "execute") and _NEEDS_SERVER.match(name) is not None
        for name, form in calls
    )


def gives_data(commands: Collection[str]) -> bool:
    """What these commands say is what is in a file."""
    return not {"+QFDWL", "+QFREAD", "+QSECREAD"}.isdisjoint(commands)


def without_checksum(reply: bytes) -> bytes:
    """The reply to an upload of data that nobody knows."""
    return _CHECKSUM.sub(lambda match: (match[1] or match[2]) + b",<checksum>", reply)


def masked(reply: bytes, commands: tuple[str, ...]) -> tuple[bytes, set[str]]:
    """The reply to these commands without what differs by itself, and what that was."""
    found: set[str] = set()
    for mask in MASKS:
        if mask.commands.isdisjoint(commands):
            continue
        reply, count = mask.pattern.subn(f"<{mask.words}>".encode(), reply)
        if count:
            found.add(mask.words)
    return reply, found
