"""One upload as its host went about it, and what the command itself allows: times, `+++`, ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quecsim.at.grammar import Call, parse_body
from quecsim.at.results import AtError
from quecsim.report.lines import PACKAGE_UPLOAD, UPLOADS, restarts_first
from quecsim.units import s

COMMAND_NS = s(5)
"""How long a file command may take (FCM242D&FGM842D AT Commands Manual), an upload if not told."""
_PACKAGE_IDLE_NS = s(30)
_EXISTS = re.compile(r"\+CME ERROR: (407|4012)")
_COMMAND = re.compile(rb"[Aa][Tt]")
_BLANK_OR_ESCAPE = b" \t\r\n+"


@dataclass(slots=True)
class HostUpload:
    """From the command line to its answer.

    `claim` is the stream offset right behind the command line; `start` that of the first byte of
    data, None before CONNECT. `timeout_ns` is what the command allows between the last byte and the
    answer. `answer_ns` is the time of the answer (of END for firmware), None before it; then
    `answer` is its text. `last_data_ns` is when the host wrote the last byte that was announced.
    """

    command: str
    name: str
    claim: int
    line_ns: int
    timeout_ns: int
    restarts_first: bool
    start: int | None = None
    begin_ns: int = 0
    size: int = 0
    ack: bool = False
    acked: int = 0
    end_ns: int | None = None
    answer_ns: int | None = None
    answer: str = ""
    sent_at_answer: int = 0
    summary: str = ""
    last_data_ns: int = 0
    is_cut: bool = False
    is_hasty: bool = False  # it did not wait for an `A`: said once
    blank_strays: int = 0

    @property
    def data_end(self) -> int:
        """The stream offset behind the last byte that was announced."""
        assert self.start is not None
        return self.start + self.size

    @property
    def is_taking(self) -> bool:
        """Data mode is on."""
        return self.start is not None and self.end_ns is None

    @property
    def is_open(self) -> bool:
        """The answer has not come, and still can."""
        return self.answer_ns is None and not self.is_cut

    @property
    def is_refused(self) -> bool:
        """The device answered with an error instead of CONNECT."""
        return self.start is None and self.answer not in ("", "OK")

    @property
    def is_package(self) -> bool:
        """A firmware package, which has another protocol."""
        return self.command == PACKAGE_UPLOAD


def allowed_ns(line: str) -> int:
    """The time-out that an upload's command line gives, in ns."""
    for call in _calls(line):
        if call.name == PACKAGE_UPLOAD:
            return _PACKAGE_IDLE_NS
        if call.name in UPLOADS and len(call.arguments) > 2:
            timeout = call.arguments[2]
            if timeout is not None and timeout.text.isdecimal():
                return s(int(timeout.text))
    return COMMAND_NS


def host_upload(command: str, name: str, claim: int, line_ns: int, line: str) -> HostUpload:
    """An upload whose command `line` ended at `claim` of the stream."""
    return HostUpload(command, name, claim, line_ns, allowed_ns(line), restarts_first(line))


def is_about_files(line: str) -> bool:
    """Whether the command works on the storage, and so may take long."""
    text = line.upper().replace(" ", "")
    return "+QF" in text or "+QSEC" in text


def writes_files(line: str) -> bool:
    """Whether the command is part of writing a file: its error must not be passed over."""
    return any(call.name in (*UPLOADS, "+QFOPEN", "+QFCLOSE") for call in _calls(line))


def looks_like_command(data: bytes) -> bool:
    """Whether the host begins a command line here."""
    return _COMMAND.match(data.lstrip()) is not None


def looks_like_data(data: bytes) -> bool:
    """Neither blank, nor a command line, nor the escape."""
    text = data.strip(_BLANK_OR_ESCAPE)
    return bool(text) and not looks_like_command(text)


def says_it_exists(result: str) -> bool:
    """Whether the device refuses because there is such a file already (407; 4012 of the M95)."""
    return _EXISTS.fullmatch(result) is not None


def _calls(line: str) -> Iterator[Call]:
    try:
        yield from parse_body(line)
    except AtError:
        return
