"""What went wrong with a download by AT+QFOTADL, in the numbers of FTPEND and HTTPEND.

FTP's are those of the FTP commands (`ftp.results`, `ftp.replies`), HTTP's those of the HTTP
commands (`errors.numbers`): tables 2 and 3 of the EC200x&EG912Y Series FOTA Application Note V1.1.
"""

from quecsim.at.context import Context
from quecsim.at.network import Trouble
from quecsim.at.results import AtError, Cme, error_number
from quecsim.border import Why
from quecsim.clients.ftp import FtpError
from quecsim.clients.http import HttpFault, HttpTrouble
from quecsim.clients.stream import NO_ROOM
from quecsim.clients.url import UrlError, UrlFault
from quecsim.commands.fota_url import FTP, Scheme
from quecsim.commands.ftp_codes import LocalError, code_of
from quecsim.flash.ufs import UfsError, UfsFault
from quecsim.profiles.schema import FtpWord

_HTTP = {
    HttpFault.DNS: Cme.HTTP_DNS,
    HttpFault.NETWORK: Cme.HTTP_NETWORK,
    HttpFault.CONNECT: Cme.HTTP_CONNECT,
    HttpFault.TLS: Cme.HTTP_CONNECT,
    HttpFault.WRITE: Cme.HTTP_WRITE,
    HttpFault.READ: Cme.HTTP_READ,
    HttpFault.CLOSED: Cme.HTTP_CLOSED,
    HttpFault.TIMEOUT: Cme.HTTP_RESPONSE_TIMEOUT,
    HttpFault.ENCODE: Cme.HTTP_ENCODE,
    HttpFault.MALFORMED: Cme.HTTP_DECODE,
    HttpFault.GIVEN_UP: Cme.HTTP_UNKNOWN,
}
_URLS = {
    UrlFault.EMPTY: Cme.HTTP_NO_URL,
    UrlFault.MALFORMED: Cme.HTTP_URL,
    UrlFault.ADDRESS: Cme.HTTP_ADDRESS,
}


class DownloadError(Exception):
    """`number` is what the host is told; `trouble` what the network has to do with it, None where
    it has nothing to do with it.
    """

    def __init__(self, number: int, trouble: Trouble | None = None) -> None:
        super().__init__(number)
        self.number = number
        self.trouble = trouble


def no_network(context: Context, scheme: Scheme) -> DownloadError:
    """The packet context is not up, and does not come up."""
    trouble = Trouble(Why.UNREACHABLE, "there is no packet context")
    return _local(context, scheme, "network", Cme.HTTP_NETWORK, trouble)


def bad_url(context: Context, scheme: Scheme, error: UrlError) -> DownloadError:
    """There is no such address."""
    return _local(context, scheme, "parameter", _URLS[error.fault])


def not_stored(context: Context, scheme: Scheme, error: UfsError) -> DownloadError:
    """The flash does not take the package."""
    is_full = error.kind is UfsFault.NO_SPACE
    word: FtpWord = "no_room" if is_full else "file"
    cause = Cme.HTTP_MEMORY if is_full else Cme.HTTP_UNKNOWN
    return _local(context, scheme, word, cause)


def ftp_failed(context: Context, error: FtpError) -> DownloadError:
    """The server, or the way to it."""
    return DownloadError(code_of(context, error), error.trouble)


def http_failed(
    context: Context, failed: HttpTrouble, *, is_open: bool = True, in_body: bool = False
) -> DownloadError:
    """The same. `is_open`: there was a connection; `in_body`: the response had begun."""
    cause = _HTTP[failed.fault]
    if failed.trouble is NO_ROOM:
        cause = Cme.HTTP_CREATE
    if not is_open and failed.fault is HttpFault.TIMEOUT:
        cause = Cme.HTTP_CONNECT
    if in_body and failed.fault is HttpFault.NETWORK:
        cause = Cme.HTTP_DEACTIVATED
    if in_body and failed.fault is HttpFault.TIMEOUT:
        cause = Cme.HTTP_READ_TIMEOUT
    return DownloadError(_number(context, cause), failed.trouble)


def no_package(context: Context, status: int, reason: str) -> DownloadError:
    """The server answers, and not with a package."""
    detail = f"the server answered {status} {reason}".rstrip()
    return DownloadError(_number(context, Cme.HTTP_RESPONSE), Trouble(Why.REFUSED, detail))


def _local(
    context: Context,
    scheme: Scheme,
    word: FtpWord,
    cause: Cme,
    trouble: Trouble | None = None,
) -> DownloadError:
    number = code_of(context, LocalError(word)) if scheme is FTP else _number(context, cause)
    return DownloadError(number, trouble)


def _number(context: Context, cause: Cme) -> int:
    number = error_number(AtError(cause), context.profile.errors)
    assert number is not None, cause
    return number
