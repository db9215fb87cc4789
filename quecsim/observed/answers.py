"""What the lines of a real device mean, by their form alone."""

import re
from collections.abc import Collection

from quecsim.profiles.schema import Errors

FINAL = re.compile(
    r"OK|ERROR|\+CM[ES] ERROR: ?.+|NO CARRIER|BUSY|NO ANSWER|NO DIALTONE|SEND OK|SEND FAIL"
)
CONNECT = re.compile(r"CONNECT(?: (\d{1,10}))?", re.IGNORECASE)
SUMMARY = re.compile(r"(\+QFUPL|\+QSECWRITE|\+QFWRITE): ?(\d{1,10}),([0-9A-Fa-f]{1,10})")
OPENED = re.compile(r"\+QFOPEN: ?(\d{1,10})")
FOTA = re.compile(r'\+QIND: ?"FOTA","([A-Z]+)"(?:,(\d{1,10}))?', re.IGNORECASE)
STARTED = re.compile(r"RDY|ready|APP RDY")
_FROM = r'(?:,"[^"]*",\d+)?'  # whom a datagram is from
RAW_FOLLOWS = re.compile(
    rf'(?:\+QIRD|\+QSSLRECV): ?(\d{{1,5}}){_FROM}|\+QIURC: ?"recv",\d+,(\d{{1,5}}){_FROM}'
)
_NUMBERED = re.compile(r"\+CM([ES]) ERROR: ?(.+)")
_PREFIX = re.compile(r"(\+[A-Z0-9]+):")

TERSE_DOWNLOAD_END = re.compile(rb"\+QFDWL: ?(\d{1,10}),[0-9A-Fa-f]{1,8}\r\n")
DOWNLOAD_END = re.compile(rb"\r\n" + TERSE_DOWNLOAD_END.pattern)
"""The bytes before it are as many as it says; else it is one of the file's own lines."""
OUTPUT_END = re.compile(rb"\r\n(?:OK|ERROR|\+CME ERROR: ?\d+)\r\n")
TERSE_END = re.compile(rb"[04]\r")

ONLINE = ("D", "O", "+QIOPEN", "+QSSLOPEN", "+QISWTMD")
"""Commands after whose CONNECT the port is the connection's, until that ends."""
ENDS_ONLINE = re.compile(r"NO CARRIER|RDY|APP RDY")
"""What the device itself says while the port is a connection's; `OK` after the host's `+++`."""

TERSE = {
    "0": "OK",
    "1": "CONNECT",
    "3": "NO CARRIER",
    "4": "ERROR",
    "6": "NO DIALTONE",
    "7": "BUSY",
    "8": "NO ANSWER",
}
"""The result codes of ATV0 (V.250 table 1)."""


def is_number(text: str) -> bool:
    """One that a device can mean: what claims to be one is not always."""
    return re.fullmatch(r"[0-9]{1,10}", text) is not None


def error_of(text: str, errors: Errors) -> tuple[int | None, str]:
    """(number, cause) of a final result, as in `quecsim.trace.event.Result`."""
    match = _NUMBERED.fullmatch(text)
    if match is None:
        return None, ""
    kind, detail = match.groups()
    number = int(detail) if is_number(detail) else _number_of(detail, errors)
    if kind == "S" or number is None:
        return number, "other"
    causes = [cause for cause, said in errors.numbers.items() if said == number]
    return number, causes[0] if causes else "other"


def _number_of(words: str, errors: Errors) -> int | None:
    """The number for the words of +CMEE=2."""
    known = (int(n) for n, said in errors.words.items() if said.casefold() == words.casefold())
    return next(known, None)


def ends_of(command: str, *, is_terse: bool) -> re.Pattern[bytes]:
    """What ends the data of a command that has not said how much it is; `is_terse`: ATV0."""
    if command == "+QFDWL":
        return TERSE_DOWNLOAD_END if is_terse else DOWNLOAD_END
    return TERSE_END if is_terse else OUTPUT_END


def is_unasked(text: str, commands: Collection[str]) -> bool:
    """An unsolicited result code, while a line with `commands` runs; none: no line does. What a
    command says begins with its own name, or with none.
    """
    match = _PREFIX.match(text)
    return not commands or (match is not None and match[1] not in commands)
