"""HTTP of both families: a request's connection and head, and how things end.

Which number a failure has is the device's; what fails is the same.
"""

from base64 import b64encode
from collections.abc import Generator
from typing import Any, NamedTuple, TypeAlias, TypeVar

from quecsim.at.activation import ensure, is_up
from quecsim.at.context import Context, network
from quecsim.at.effects import Effect
from quecsim.at.network import Trouble
from quecsim.at.results import AtError, Cme, Cms, Tcpip, error_number
from quecsim.border import Why
from quecsim.clients.http import HttpFault, HttpTrouble, ResponseHead
from quecsim.clients.http_client import HttpClient
from quecsim.clients.http_order import Order
from quecsim.clients.stream import GIVEN_UP, NO_ROOM
from quecsim.clients.url import Url, UrlError, UrlFault, parse_url
from quecsim.commands.tls_wish import tls_wish
from quecsim.profiles.schema import Http

T = TypeVar("T")
Doing: TypeAlias = Generator[Effect, Any, T]

_URL_FAULTS = {
    UrlFault.EMPTY: Cme.HTTP_NO_URL,
    UrlFault.MALFORMED: Cme.HTTP_URL,
    UrlFault.ADDRESS: Cme.HTTP_ADDRESS,
}
_FAULTS = {
    HttpFault.NETWORK: Cme.HTTP_NETWORK,
    HttpFault.CONNECT: Cme.HTTP_CONNECT,
    HttpFault.TLS: Cme.HTTP_CONNECT,
    HttpFault.WRITE: Cme.HTTP_WRITE,
    HttpFault.READ: Cme.HTTP_READ,
    HttpFault.CLOSED: Cme.HTTP_CLOSED,
    HttpFault.TIMEOUT: Cme.HTTP_RESPONSE_TIMEOUT,
    HttpFault.ENCODE: Cme.HTTP_ENCODE,
    HttpFault.MALFORMED: Cme.HTTP_RESPONSE,
    HttpFault.GIVEN_UP: Cme.HTTP_CLOSED,
}


class Failure(NamedTuple):
    """Why something came to nothing: its result code, and what the connection knows of it."""

    cause: Cme | Cms | int
    trouble: Trouble


def http(context: Context) -> Http:
    """What the profile says of it."""
    assert context.profile.http is not None
    return context.profile.http


def client_of(context: Context) -> HttpClient:
    """The device's client, which is there from when it is needed first."""
    client = context.clients.get("HTTP")
    if client is None:
        client = context.clients["HTTP"] = HttpClient(network(context))
    assert isinstance(client, HttpClient)
    return client


def url_of(context: Context, text: str) -> Url | Failure:
    """The parts of a URL, or what is wrong with it."""
    try:
        return parse_url(text, most_bytes=http(context).url_bytes)
    except UrlError as error:
        return Failure(_URL_FAULTS[error.fault], Trouble(Why.RESET, str(error)))


def authorization(url: Url, auth: str) -> tuple[str, ...]:
    """The header for `user:password` of the settings, or of the URL."""
    if not auth and url.user is not None:
        auth = f"{url.user}:{url.password or ''}"
    return (f"Authorization: Basic {b64encode(auth.encode('latin-1')).decode()}",) if auth else ()


def connect(
    context: Context, client: HttpClient, order: Order, until_ns: int
) -> Doing[Failure | None]:
    """Open the connection for a request; why not, otherwise."""
    error = yield from ensure(context, order.context)
    if error is not Tcpip.NONE:
        missing = "Wi-Fi" if context.wlan is not None else f"packet context {order.context}"
        return Failure(Cme.HTTP_NO_CONTEXT, Trouble(Why.UNREACHABLE, f"{missing} is not up"))
    tls = (yield from tls_wish(context, order.tls)) if order.url.is_secure else None
    if client.is_stopped:
        return Failure(Cme.HTTP_CLOSED, GIVEN_UP)
    trouble = yield from client.exchange.connect(
        order.url, tls=tls, context=order.context, until_ns=until_ns
    )
    return failure_of(context, trouble)


def send_head(
    context: Context, client: HttpClient, order: Order, size: int | None, until_ns: int
) -> Doing[Failure | None]:
    """Send the head, for a body of `size` bytes (None: without), and what goes before that."""
    before, behind = order.around
    lines = [f"Host: {order.url.authority}", *order.headers]
    if size is not None:
        lines.append(f"Content-Length: {len(before) + size + len(behind)}")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    trouble = yield from client.exchange.send_head(
        order.method, order.url.path, headers, until_ns=until_ns
    )
    if trouble is None and before and size is not None:
        trouble = yield from client.exchange.send(before, until_ns=until_ns)
    return failure_of(context, trouble)


def failure_of(
    context: Context, answer: HttpTrouble | ResponseHead | bytes | None
) -> Failure | None:
    """What went wrong, if that is what `answer` is."""
    if not isinstance(answer, HttpTrouble):
        return None
    if answer.trouble is NO_ROOM:
        return Failure(Cme.HTTP_CREATE, answer.trouble)
    order = client_of(context).order
    assert order is not None
    if answer.fault is HttpFault.NETWORK and not is_up(context, order.context):
        return Failure(Cme.HTTP_DEACTIVATED, answer.trouble)
    if answer.fault is HttpFault.DNS:
        cause = Cme.HTTP_DNS if http(context).dns_error == "dns" else Cme.HTTP_CONNECT
        return Failure(cause, answer.trouble)
    return Failure(_FAULTS[answer.fault], answer.trouble)


def tell(context: Context, client: HttpClient, command: str, failure: Failure | None) -> int:
    """Put on record how a command ended; returns its number."""
    if failure is None:
        network(context).tell(client, command, 0, client.link)
        return 0
    errors = context.profile.errors
    code = error_number(AtError(failure.cause), errors)
    assert code is not None, failure.cause
    words = errors.words.get(str(code), "")
    network(context).tell(client, command, code, client.link, failure.trouble, words)
    return code
