"""+QWLANOTA: a firmware package from an HTTP server, and the restart with it.

    OK, START_DOWNLOAD, DOWNLOADING, DOWNLOAD_SUCCEED or DOWNLOAD_FAILED, and after a success the
    restart, in which the new firmware is put in place

The download is a job in the background, as that of AT+QFOTADL (`fota_server`): each block is stored
before the next one is read. A package that is damaged, or for another firmware, is a failure.
"""

from contextlib import suppress

from quecsim.at.activation import ensure
from quecsim.at.context import Context, fota, network, wifi
from quecsim.at.effects import Announce, Sleep, Spawn, Steps, TakeOver
from quecsim.at.network import Network, Trouble
from quecsim.at.results import AtError, Tcpip
from quecsim.at.spec import Command, Text
from quecsim.at.wifi_text import said
from quecsim.border import TlsWish, Why
from quecsim.clients.http import HttpExchange, HttpTrouble, ResponseHead
from quecsim.clients.stream import Stream
from quecsim.clients.url import Url, UrlError, parse_url
from quecsim.commands.fota_package import Package, crossed
from quecsim.commands.fota_upgrade import checked_package, upgrade_later
from quecsim.commands.http import http
from quecsim.commands.wlan import SOURCE
from quecsim.flash.ufs import UfsError
from quecsim.units import ms, s

_NAME = "firmware download"
_OK_STATUS = 200
_FAILED = 1  # in the record; the host hears no number
_NOT_STORED = "the flash has no room for the package"
_DAMAGED = "the package is damaged, or none"
_ANOTHER = "the package is for another firmware"

QWLANOTA = Command(
    "+QWLANOTA",
    "Upgrade the firmware from an HTTP server",
    source=f"{SOURCE}; when it restarts is not in it",
    params=(Text("URL"),),
)


class OtaDownload(Stream):
    """The one download that the device may have under way."""

    def __init__(self, its_network: Network) -> None:
        super().__init__(_NAME, its_network)
        self.is_running = False


class _FailedError(Exception):
    """The download has come to nothing: by `trouble` with the network, or for what `words` say."""

    def __init__(self, trouble: Trouble | None = None, words: str = "") -> None:
        super().__init__(words)
        self.trouble = trouble
        self.words = words


@QWLANOTA.write
def _upgrade(context: Context, address: str) -> Steps:
    try:
        url = parse_url(address, fota(context).ota_schemes)
    except UrlError:
        raise AtError from None
    own = context.clients.get(_NAME)
    if own is None:
        own = context.clients[_NAME] = OtaDownload(network(context))
    assert isinstance(own, OtaDownload)
    is_online = (yield from ensure(context, 0)) is Tcpip.NONE
    is_taken = not own.is_running and (is_online or fota(context).ota_offline == "failed")
    network(context).asked(own, QWLANOTA.name, (url.host, url.port), is_accepted=is_taken)
    if not is_taken or not (yield Spawn(_downloading(context, own, url), _NAME)):
        raise AtError
    own.is_running = True


def _told(context: Context, event: str) -> Announce:
    return Announce(said(wifi(context), "+QOTASTAT", event))


def _downloading(context: Context, own: OtaDownload, url: Url) -> Steps:
    """In the background: from START_DOWNLOAD to the end, and then the upgrade."""
    package = Package(context, 0)
    failed: _FailedError | None = None
    yield Sleep(ms(fota(context).start_ms), "it was getting ready for the download")
    yield _told(context, "START_DOWNLOAD")
    try:
        yield from _fetch(context, own, url, package)
        yield from _checked(context)
    except _FailedError as error:
        failed = error
    except UfsError:
        failed = _FailedError(words=_NOT_STORED)
    own.close()
    if failed is None:
        network(context).tell(own, QWLANOTA.name, 0, own.link)
        yield _told(context, "DOWNLOAD_SUCCEED")
        yield TakeOver(upgrade_later(context, 0), "it was upgrading its firmware")
        return
    network(context).tell(own, QWLANOTA.name, _FAILED, own.link, failed.trouble, failed.words)
    with suppress(UfsError):
        yield from package.give_up()
    yield _told(context, "DOWNLOAD_FAILED")
    own.is_running = False


def _fetch(context: Context, own: OtaDownload, url: Url, package: Package) -> Steps:
    """The package, from the server into the flash. Raises _FailedError, UfsError."""
    wait_ns = s(fota(context).wait_s)
    if (yield from ensure(context, 0)) is not Tcpip.NONE:
        raise _FailedError(Trouble(Why.UNREACHABLE, "there is no Wi-Fi"))
    exchange = HttpExchange(own)
    own_lines = (line.partition(": ") for line in http(context).headers)
    headers = [("Host", url.authority), *((name, value) for name, _, value in own_lines)]
    # The manual knows of no certificates for it: the server is not checked.
    tls = TlsWish(sni=True) if url.is_secure else None
    until_ns = network(context).now_ns + wait_ns
    head = yield from exchange.request("GET", url, headers=headers, tls=tls, until_ns=until_ns)
    if isinstance(head, HttpTrouble):
        raise _FailedError(head.trouble)
    if head.status != _OK_STATUS:
        detail = f"the server answered {head.status} {head.reason}".rstrip()
        raise _FailedError(Trouble(Why.REFUSED, detail))
    yield from _stored(context, exchange, head, package, wait_ns)


def _stored(
    context: Context, exchange: HttpExchange, head: ResponseHead, package: Package, wait_ns: int
) -> Steps:
    """The body, block by block."""
    block_bytes, times = context.profile.files.data_buffer_bytes, fota(context).ota_progress
    received = 0
    yield from package.begin(head.length)
    while data := (yield from exchange.read_body(block_bytes, timeout_ns=wait_ns)):
        if isinstance(data, HttpTrouble):
            raise _FailedError(data.trouble)
        if not received and times:
            yield _told(context, "DOWNLOADING")
        yield from package.put(data)
        before, received = received, received + len(data)
        if head.length:
            for ordinal in crossed(before, received, head.length, times):
                if ordinal < times:
                    yield _told(context, "DOWNLOADING")
    yield from package.end()


def _checked(context: Context) -> Steps:
    """Whether it is a package for this firmware. Raises _FailedError."""
    manifest = yield from checked_package(context)
    if manifest is None:
        raise _FailedError(words=_DAMAGED)
    if manifest.source not in (None, context.revision):
        raise _FailedError(words=_ANOTHER)


COMMANDS = (QWLANOTA,)
