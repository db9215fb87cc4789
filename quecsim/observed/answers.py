"""What the lines of a real device mean, by their form alone."""

import re
from collections.abc import Collection

from quecsim.profiles.schema import Errors

FINAL = re.compile(
    r"OK|ERROR|\+CM[ES] ERROR: ?.+|NO CARRIER|BUSY|NO ANSWER|NO DIALTONE|SEND OK|SEND FAIL"
)
CONNECT = re.compile(r"CONNECT(?: (\d+))?", re.IGNORECASE)
SUMMARY = re.compile(r"(\+QFUPL|\+QSECWRITE|\+QFWRITE): ?(\d+),([0-9A-Fa-f]+)")
OPENED = re.compile(r"\+QFOPEN: ?(\d+)")
FOTA = re.compile(r'\+QIND: ?"FOTA","([A-Z]+)"(?:,(\d+))?', re.IGNORECASE)
STARTED = re.compile(r"RDY|ready|APP RDY")
RAW_FOLLOWS = re.compile(r'(?:\+QIRD|\+QSSLRECV): ?(\d+)|\+QIURC: ?"recv",\d+,(\d+)')
_NUMBERED = re.compile(r"\+CM([ES]) ERROR: ?(.+)")
_PREFIX = re.compile(r"(\+[A-Z0-9]+):")

DOWNLOAD_END = re.compile(rb"\r\n\+QFDWL: ?\d+,[0-9A-Fa-f]+\r\n")
OUTPUT_END = re.compile(rb"\r\n(?:OK|ERROR|\+CME ERROR: ?\d+)\r\n")

ONLINE = ("D", "O", "+QIOPEN", "+QSSLOPEN", "+QISWTMD")
"""Commands after whose CONNECT the port is the connection's, until that ends."""


def error_of(text: str, errors: Errors) -> tuple[int | None, str]:
    """(number, cause) of a final result, as in `quecsim.trace.event.Result`."""
    match = _NUMBERED.fullmatch(text)
    if match is None:
        return None, ""
    kind, detail = match.groups()
    number = int(detail) if detail.isdigit() else _number_of(detail, errors)
    if kind == "S" or number is None:
        return number, "other"
    causes = [cause for cause, said in errors.numbers.items() if said == number]
    return number, causes[0] if causes else "other"


def _number_of(words: str, errors: Errors) -> int | None:
    """The number for the words of +CMEE=2."""
    known = (int(n) for n, said in errors.words.items() if said.casefold() == words.casefold())
    return next(known, None)


def is_unasked(text: str, commands: Collection[str]) -> bool:
    """An unsolicited result code, while a line with `commands` runs; none: no line does. What a
    command says begins with its own name, or with none.
    """
    match = _PREFIX.match(text)
    return not commands or (match is not None and match[1] not in commands)
