"""What went wrong with FTP, in the device's own numbers (`ftp.results`, `ftp.replies`)."""

from typing import TypeAlias

from quecsim.at.context import Context, ftp
from quecsim.at.network import Trouble
from quecsim.border import Why
from quecsim.clients.ftp import FtpError, FtpWhy
from quecsim.flash.ufs import UfsError, UfsFault
from quecsim.profiles.schema import FtpWord

_WORDS: dict[FtpWhy, FtpWord] = {
    FtpWhy.DNS: "dns",
    FtpWhy.NETWORK: "network",
    FtpWhy.CONTROL: "control",
    FtpWhy.DATA_OPEN: "data_open",
    FtpWhy.DATA: "data",
    FtpWhy.BEARER: "bearer",
    FtpWhy.TIMEOUT: "timeout",
    FtpWhy.PARAMETER: "parameter",
}
_FAULTS: dict[UfsFault, FtpWord] = {
    UfsFault.NOT_FOUND: "no_file",
    UfsFault.NO_SPACE: "no_room",
    UfsFault.BAD_NAME: "parameter",
    UfsFault.INVALID: "position",
}


class LocalError(Exception):
    """Something went wrong on this side: `word` says what, `detail` in words."""

    def __init__(self, word: FtpWord, detail: str = "") -> None:
        super().__init__(f"{word} {detail}".rstrip())
        self.word = word
        self.detail = detail


FtpFailure: TypeAlias = FtpError | LocalError


def storage_failure(error: UfsError) -> LocalError:
    """The storage does not take it, or give it."""
    return LocalError(_FAULTS.get(error.kind, "file"), str(error))


def code_of(context: Context, failure: FtpFailure) -> int:
    """The device's number."""
    if isinstance(failure, LocalError):
        return ftp(context).results[failure.word]
    if failure.why is FtpWhy.REPLY:
        own = ftp(context).replies.get(str(failure.reply))
        return ftp(context).results["unknown"] if own is None else own
    return ftp(context).results[_WORDS.get(failure.why, "unknown")]


def reply_of(failure: FtpFailure) -> int:
    """The server's own code, where it has said no; otherwise 0."""
    return failure.reply if isinstance(failure, FtpError) else 0


def trouble_of(failure: FtpFailure) -> Trouble | None:
    """What the network has to do with it; None: nothing."""
    if isinstance(failure, FtpError):
        return failure.trouble
    return Trouble(Why.UNREACHABLE, failure.detail) if failure.word == "network" else None


def words_of(context: Context, failure: FtpFailure) -> str:
    """What the device's table says of it, where it has words, and what is known besides of
    something on this side.
    """
    words = context.profile.errors.words.get(str(code_of(context, failure)), "")
    detail = failure.detail if isinstance(failure, LocalError) else ""
    return ": ".join(filter(None, (words, detail)))
