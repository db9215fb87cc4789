"""What a module said, as it stands in a log.

read_told(text)         `389,41e`, `+QFUPL: 389,041E`, `+QFLST: "UFS:ca.pem",389`, `+QFWRITE: 9,9`
read_name(text)         the name in such a line, if it has one
"""

import re

from quecsim.errors import QuecsimError
from quecsim.explanation.model import Told

_PAIR = re.compile(r"(\d{1,10})\s*,\s*(?:0x)?([0-9A-Fa-f]{1,4})")
_SUMMARY = re.compile(r"\+(QFUPL|QFDWL|QSECWRITE)\s*:\s*(\d{1,10})\s*,\s*([0-9A-Fa-f]{1,4})", re.I)
_LISTED = re.compile(r'\+QFLST\s*:\s*"([^"]*)"\s*,\s*(\d{1,10})', re.I)
_WRITTEN = re.compile(r"\+QFWRITE\s*:\s*(\d{1,10})\s*,\s*(\d{1,10})", re.I)
_HINT = "give <size>,<checksum> as the module said it: 389,41e; the checksum is hexadecimal"


def read_told(text: str) -> Told:
    """The size, and the checksum if there is one, that a line says.

    Raises QuecsimError for another line.
    """
    line = text.strip()
    if match := _SUMMARY.search(line):
        return Told(int(match[2]), int(match[3], 16))
    if match := _LISTED.search(line):
        return Told(int(match[2]))
    if match := _WRITTEN.search(line):
        return Told(int(match[2]))
    if match := _PAIR.fullmatch(line):
        return Told(int(match[1]), int(match[2], 16))
    raise QuecsimError(f"{text!r} is no size and checksum", hint=_HINT)


def read_name(text: str) -> str:
    """The name of the file in a line of a listing; empty for another line."""
    match = _LISTED.search(text)
    return match[1] if match else ""
