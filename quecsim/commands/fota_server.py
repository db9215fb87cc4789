"""+QFOTADL from a server: the package comes over the network, while the device goes on with others.

    OK, FTPSTART or HTTPSTART, DOWNLOADING.., FTPEND or HTTPEND with a number, and where that is 0
    the upgrade: at once, or after a restart

The download is a job in the background; each block that has come is stored before the next one is
read, and the flash keeps the device busy with that: a host without flow control can lose bytes of
something else over it. For the upgrade the device is alone again.
"""

from collections.abc import Generator
from typing import Any

from quecsim.at.activation import ensure
from quecsim.at.context import Context, fota, network
from quecsim.at.effects import Effect, Sleep, Spawn, Steps, TakeOver
from quecsim.at.network import Network
from quecsim.at.results import AtError, Tcpip
from quecsim.border import TlsWish
from quecsim.clients.ftp import FtpClient, FtpError, FtpSettings, FtpWhy
from quecsim.clients.http import HttpExchange, HttpTrouble
from quecsim.clients.stream import Stream
from quecsim.clients.url import Url, UrlError
from quecsim.commands.config import FOTA_CID, FOTA_PATH, QCFG
from quecsim.commands.fota_error import (
    DownloadError,
    bad_url,
    ftp_failed,
    http_failed,
    no_network,
    no_package,
    not_stored,
)
from quecsim.commands.fota_package import Package
from quecsim.commands.fota_upgrade import announce, upgrade, upgrade_later
from quecsim.commands.fota_url import FTP, HTTP, Scheme, scheme_of, url_of
from quecsim.commands.http import http
from quecsim.flash.ufs import UfsError
from quecsim.units import ms, s

_COMMAND = "+QFOTADL"
_NAME = "firmware download"
_OK_STATUS = 200


class Download(Stream):
    """The one download that a device may have under way. FTP has connections of its own."""

    def __init__(self, its_network: Network) -> None:
        super().__init__(_NAME, its_network)
        self.is_running = False
        self.session = FtpClient(_NAME, its_network)
        self.last_link = 0


def refuse_another(context: Context) -> None:
    """Raises AtError while a download is under way, or what comes behind it."""
    known = context.clients.get(_NAME)
    if isinstance(known, Download) and known.is_running:
        network(context).asked(known, _COMMAND, is_accepted=False)
        raise AtError


def download(
    context: Context, address: str, *, reboots: bool, download_urcs: int, update_urcs: int
) -> Steps:
    """Begin it. Raises AtError for an address that is not well-formed."""
    scheme = scheme_of(address)
    own = context.clients.get(_NAME)
    if own is None:
        own = context.clients[_NAME] = Download(network(context))
    assert isinstance(own, Download)
    where = ("", 0)
    try:
        url = url_of(address, scheme)
        where = (url.host, url.port)
    except UrlError:
        pass  # the host hears of it later
    network(context).asked(own, _COMMAND, where)
    upgrade_steps = upgrade_later if reboots else upgrade
    steps = _downloading(
        context, own, scheme, address, Package(context, download_urcs),
        upgrade_steps(context, update_urcs),
    )  # fmt: skip
    if not (yield Spawn(steps, _NAME)):
        raise AtError
    own.is_running = True


def _downloading(
    context: Context, own: Download, scheme: Scheme, address: str, package: Package, behind: Steps
) -> Steps:
    """In the background: from START to END, and then the upgrade, which is `behind` it."""
    yield Sleep(ms(fota(context).start_ms), "it was getting ready for the download")
    yield announce(f"{scheme.word}START")
    error = None
    try:
        yield from _fetch(context, own, scheme, address, package)
    except DownloadError as failed:
        error = failed
    except UfsError as failed:
        error = not_stored(context, scheme, failed)
    own.close()
    own.session.drop()
    number = 0 if error is None else error.number
    words = context.profile.errors.words.get(str(number), "") if number else ""
    trouble = None if error is None else error.trouble
    network(context).tell(own, _COMMAND, number, own.last_link, trouble, words)
    if error is not None:
        yield from package.give_up()
    yield announce(fota(context).http_end if scheme is HTTP else "FTPEND", number)
    if error is None:
        yield TakeOver(behind, "it was upgrading its firmware")
    else:
        behind.close()
        own.is_running = False


def _fetch(
    context: Context, own: Download, scheme: Scheme, address: str, package: Package
) -> Steps:
    """The package, from the server into the flash. Raises DownloadError, UfsError."""
    own.last_link = 0
    if not _has_path(context):
        raise DownloadError(fota(context).path_error)
    try:
        url = url_of(address, scheme)
    except UrlError as error:
        raise bad_url(context, scheme, error) from None
    cid = _context_number(context)
    given_up_ns = network(context).now_ns + ms(fota(context).network_ms)
    if (yield from ensure(context, cid)) is not Tcpip.NONE:
        left_ns = max(0, given_up_ns - network(context).now_ns)
        yield Sleep(left_ns, "it was looking for the network")
        raise no_network(context, scheme)
    yield from (_by_ftp if scheme is FTP else _by_http)(context, own, url, cid, package)
    yield from package.end()


def _by_ftp(context: Context, own: Download, url: Url, cid: int, package: Package) -> Steps:
    wait_ns = s(fota(context).wait_s)
    session, name = own.session, url.path.removeprefix("/")
    settings = FtpSettings(context=cid, connect_ns=wait_ns, answer_ns=wait_ns)
    try:
        with session.use():
            try:
                yield from session.open(url.host, url.port, settings)
                yield from session.log_in(url.user or "", url.password or "")
                yield from session.set_type(is_binary=True)
                total = yield from _size(session, name)
                yield from session.begin("RETR", name)
                yield from package.begin(total)
                while data := (yield from session.read(_block_bytes(context))):
                    yield from package.put(data)
                yield from session.finish()
                yield from session.quit()
            finally:
                own.last_link = session.link
    except FtpError as error:
        raise ftp_failed(context, error) from None


def _size(session: FtpClient, name: str) -> Generator[Effect, Any, int | None]:
    """How long the file is, where the server says so; what is wrong with it, RETR hears as well."""
    try:
        return (yield from session.size(name))
    except FtpError as error:
        if not session.is_open or error.why not in (FtpWhy.REPLY, FtpWhy.GARBAGE):
            raise
        return None


def _by_http(context: Context, own: Download, url: Url, cid: int, package: Package) -> Steps:
    wait_ns = s(fota(context).wait_s)
    exchange = HttpExchange(own)
    own_lines = (line.partition(": ") for line in http(context).headers)
    headers = [("Host", url.authority), *((name, value) for name, _, value in own_lines)]
    # The documents know of no certificates for it: the server is not checked.
    tls = TlsWish(sni=True) if url.is_secure else None
    until_ns = network(context).now_ns + wait_ns
    head = yield from exchange.request(
        "GET", url, headers=headers, tls=tls, context=cid, until_ns=until_ns
    )
    own.last_link = own.link
    if isinstance(head, HttpTrouble):
        raise http_failed(context, head, is_open=own.opened_as is not None)
    if head.status != _OK_STATUS:
        raise no_package(context, head.status, head.reason)
    yield from package.begin(head.length)
    while data := (yield from exchange.read_body(_block_bytes(context), timeout_ns=wait_ns)):
        if isinstance(data, HttpTrouble):
            raise http_failed(context, data, in_body=True)
        yield from package.put(data)


def _block_bytes(context: Context) -> int:
    return context.profile.files.data_buffer_bytes


def _context_number(context: Context) -> int:
    """AT+QCFG="fota/cid"."""
    number = FOTA_CID.values(context, QCFG.name)[0]
    assert isinstance(number, int)
    return number


def _has_path(context: Context) -> bool:
    """AT+QCFG="fota/path" names a storage, where the device has that."""
    if not any(key is FOTA_PATH.key for key in QCFG.known_keys(context)):
        return True
    storage, colon, _ = str(FOTA_PATH.values(context, QCFG.name)[0]).partition(":")
    return bool(colon) and storage.upper() in context.profile.files.storages
