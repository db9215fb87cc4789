"""What can go wrong with an FTP server, told apart as far as the numbers of any device need it."""

from enum import StrEnum

from quecsim.at.network import Trouble
from quecsim.border import Why
from quecsim.clients.ftp_replies import Reply
from quecsim.clients.url import is_address


class FtpWhy(StrEnum):
    """A closed set."""

    DNS = "dns"  # the server's name does not resolve
    NETWORK = "network"  # no control connection came about, or no TLS on it
    CONTROL = "control"  # the server has closed the control connection, or broken it off
    DATA_OPEN = "data_open"  # no data connection came about, or no TLS on it
    DATA = "data"  # the server has broken the data connection off
    BEARER = "bearer"  # the packet context is gone
    TIMEOUT = "timeout"  # no answer in time, or no data
    REPLY = "reply"  # the server's answer is no: see the code
    GARBAGE = "garbage"  # the server's answer is none, or makes no sense
    PARAMETER = "parameter"  # no command could hold that


class FtpError(Exception):
    """`reply` is the server's code, where that is known; `trouble` what is known besides."""

    def __init__(
        self, why: FtpWhy, reply: int = 0, trouble: Trouble | None = None, text: str = ""
    ) -> None:
        super().__init__(f"{why}: {reply} {text}".rstrip())
        self.why = why
        self.reply = reply
        self.trouble = trouble or Trouble(_TROUBLES.get(why, Why.RESET), self._words(text))

    def _words(self, text: str) -> str:
        if self.why is FtpWhy.REPLY:
            return f"the server said {self.reply} {text}".rstrip()
        return _WORDS.get(self.why, "")


_OPENINGS = {Why.DNS: FtpWhy.DNS, Why.TIMEOUT: FtpWhy.TIMEOUT}
_TROUBLES = {FtpWhy.REPLY: Why.REFUSED, FtpWhy.TIMEOUT: Why.TIMEOUT}
_WORDS = {
    FtpWhy.TIMEOUT: "the server did not answer in time",
    FtpWhy.GARBAGE: "the server's answer makes no sense",
    FtpWhy.PARAMETER: "no FTP command can hold that",
}


def refused(reply: Reply) -> FtpError:
    """The server's answer is no."""
    return FtpError(FtpWhy.REPLY, reply.code, text=reply.text)


def not_opened(trouble: Trouble, host: str) -> FtpError:
    """The control connection to `host` did not come about."""
    why = _OPENINGS.get(trouble.why, FtpWhy.NETWORK)
    if trouble.why is Why.NOT_ALLOWED and not is_address(host):
        why = FtpWhy.DNS  # that is how the device sees it
    return FtpError(why, trouble=trouble)


def ended(trouble: Trouble, why: FtpWhy = FtpWhy.CONTROL) -> FtpError:
    """A connection was there, and is not any more."""
    if trouble.why is Why.UNREACHABLE:
        why = FtpWhy.BEARER
    return FtpError(why, trouble=trouble)
