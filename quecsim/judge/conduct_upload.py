"""One upload as its host went about it, and what the host's bytes look like to a reader of them."""

import re
from dataclasses import dataclass

from quecsim.report.taken import TakenCommands
from quecsim.trace.event import DataEnd, TransferAsked
from quecsim.trace.kinds import PACKAGE_NAME, PACKAGE_UPLOAD

_COMMAND = re.compile(rb"[Aa][Tt]")
_BLANK_OR_ESCAPE = b" \t\r\n+"


@dataclass(slots=True)
class HostUpload:
    """From the command line to its answer.

    `claim` is the stream offset right behind the command line (or behind the data of an upload
    before it on the same line); `start` that of the first byte of data, None before CONNECT.
    `allowed_ns` is what the device may take until CONNECT, `timeout_ns` what it may take between
    the last byte and the answer. `answer_ns` is the time of the answer (of END for firmware), None
    before it; then `answer` is its text. `last_data_ns` is when the host wrote the last byte that
    was announced. `block_bytes` is what one `A` answers for.
    """

    transfer: int
    command: str
    name: str
    claim: int
    line_ns: int
    timeout_ns: int
    allowed_ns: int
    restarts_first: bool
    taken: TakenCommands
    start: int | None = None
    begin_ns: int = 0
    size: int = 0
    ack: bool = False
    block_bytes: int = 0
    acked: int = 0
    end_ns: int | None = None
    answer_ns: int | None = None
    answer: str = ""
    sent_at_answer: int = 0
    end: DataEnd | None = None
    last_data_ns: int = 0
    is_cut: bool = False
    is_hasty: bool = False  # it did not wait for an `A`: said once

    @property
    def summary(self) -> str:
        """The device's line about it, empty before or without one."""
        return self.end.summary if self.end is not None else ""

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


def host_upload(event: TransferAsked, claim: int, line: str, allowed_ns: int) -> HostUpload:
    """The upload that `line` (without AT) asks for; its data may begin at `claim` of the stream."""
    is_package = event.command == PACKAGE_UPLOAD
    return HostUpload(
        event.transfer,
        event.command,
        PACKAGE_NAME if is_package else event.name,
        claim,
        event.at_ns,
        event.timeout_ns,
        allowed_ns,
        event.upgrade == "after a restart",
        TakenCommands(line),
    )


def looks_like_command(data: bytes) -> bool:
    """Whether the host begins a command line here."""
    return _COMMAND.match(data.lstrip()) is not None


def looks_like_data(data: bytes) -> bool:
    """Neither blank, nor a command line, nor the escape."""
    text = data.strip(_BLANK_OR_ESCAPE)
    return bool(text) and not looks_like_command(text)
