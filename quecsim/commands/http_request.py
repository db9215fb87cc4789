"""Requests: from the command to the result code that tells what has come of it."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from quecsim.at.activation import ensure
from quecsim.at.context import Context, network
from quecsim.at.effects import (
    CloseData,
    Connect,
    DataEndWhy,
    Discard,
    FlashWork,
    Forward,
    NoReply,
    OpenData,
    Spawn,
    Steps,
    Take,
)
from quecsim.at.network import Trouble
from quecsim.at.results import AtError, Cme, Tcpip
from quecsim.at.storage import Place, at_error
from quecsim.border import Why
from quecsim.clients.http import ResponseHead
from quecsim.clients.http_client import HttpClient, HttpEvent
from quecsim.clients.http_order import Order
from quecsim.commands.http import (
    Doing,
    Failure,
    client_of,
    connect,
    failure_of,
    http,
    send_head,
    tell,
    url_of,
)
from quecsim.commands.http_read import put_out
from quecsim.flash.disk import DiskFile
from quecsim.flash.ufs import UfsError
from quecsim.units import s

_REDIRECTS = (301, 302, 303, 307, 308)
_PIECE_BYTES = 1024
_TO = "the HTTP server"
_GONE = "the connection was gone"
_READ_ONLY = 2
_TOO_LATE = Failure(Cme.HTTP_INPUT_TIMEOUT, Trouble(Why.TIMEOUT, "the host sent less than it said"))
_TOO_MUCH = Failure(Cme.HTTP_MEMORY, Trouble(Why.UNREACHABLE, "the device does too much at once"))


def get(context: Context, order: Order) -> Steps:
    """A request without a body."""
    client = _begin(context, order)
    if http(context).get_failure == "cme":
        failure = yield from connect(context, client, order, _connect_until_ns(context))
    else:
        failure = yield from _without_wifi(context, order)
    if failure is not None:
        _refuse(context, client, order, failure)
    is_connected = http(context).get_failure == "cme"
    steps = _asking(context, client, order, is_connected=is_connected)
    yield from _spawn(context, client, order, steps)


def send_typed(context: Context, order: Order, size: int, input_s: int) -> Steps:
    """A request with `size` bytes that the host types behind CONNECT: its body, or all of it."""
    client = _begin(context, order)
    until_ns = _connect_until_ns(context)
    failure = yield from connect(context, client, order, until_ns)
    if failure is None and not order.is_own:
        failure = yield from send_head(context, client, order, size, until_ns)
    if failure is not None:
        _refuse(context, client, order, failure)
    yield Connect()
    failure = yield from _typed(context, client, order, size, input_s)
    if failure is _TOO_LATE:
        yield NoReply()
    if failure is not None:
        _say_failure(context, client, order, failure)
        return
    yield from _spawn(context, client, order, _answering(context, client, order))


def send_files(context: Context, order: Order, places: Iterable[Place]) -> Steps:
    """A request with a body, or all of it, that files hold, one behind the other."""
    client = _begin(context, order)
    try:
        files = yield FlashWork(lambda: _open(places), "opened what to send")
    except UfsError as error:
        _refuse(context, client, order, _storage_failure(error))
        return
    try:
        size = sum(file.size() for file in files)
        until_ns = _connect_until_ns(context)
        failure = yield from connect(context, client, order, until_ns)
        if failure is None and not order.is_own:
            failure = yield from send_head(context, client, order, size, until_ns)
        if failure is not None:
            _refuse(context, client, order, failure)
        yield from _spawn(context, client, order, _sending(context, client, order, files))
    except AtError:
        _close(files)
        raise


def _open(places: Iterable[Place]) -> list[DiskFile]:
    """All of them or none; one that is named twice is open once."""
    files: dict[str, DiskFile] = {}
    try:
        return [
            files.get(place.label) or files.setdefault(place.label, _opened(place))
            for place in places
        ]
    except UfsError:
        _close(files.values())
        raise


def _read(file: DiskFile, at_byte: int) -> bytes:
    if not at_byte:
        file.seek(0)  # it may have been sent already
    return file.read(_PIECE_BYTES)


def _opened(place: Place) -> DiskFile:
    return place.disk.open(place.name, _READ_ONLY)


def _close(files: Iterable[DiskFile]) -> None:
    for file in dict.fromkeys(files):
        file.close()


# before the OK


def _begin(context: Context, order: Order) -> HttpClient:
    """The client at a new request. Raises AtError where it is at another one."""
    client = client_of(context)
    where = (order.url.host, order.url.port)
    network(context).asked(client, order.command, where, is_accepted=client.is_free)
    if not client.is_free:
        raise AtError(Cme.HTTP_BUSY)
    client.begin(order)
    return client


def _connect_until_ns(context: Context) -> int:
    return network(context).now_ns + s(http(context).connect_s)


def _without_wifi(context: Context, order: Order) -> Doing[Failure | None]:
    """Over Wi-Fi it is known at once that there is no network."""
    if context.wlan is not None and (yield from ensure(context, order.context)) is not Tcpip.NONE:
        return Failure(Cme.HTTP_NO_CONTEXT, Trouble(Why.UNREACHABLE, "Wi-Fi is not up"))
    return None


def _refuse(context: Context, client: HttpClient, order: Order, failure: Failure) -> None:
    """Raises AtError, with the number that the host is told."""
    client.is_stopped = True  # there is no session that the host could hear the end of
    client.over()
    tell(context, client, order.command, failure)
    raise AtError(failure.cause)


def _spawn(context: Context, client: HttpClient, order: Order, steps: Steps) -> Steps:
    """The OK comes, and `steps` go on."""
    if not (yield Spawn(steps, f"HTTP, AT{order.command}")):
        _refuse(context, client, order, _TOO_MUCH)


def _typed(
    context: Context, client: HttpClient, order: Order, size: int, input_s: int
) -> Doing[Failure | None]:
    """What the host types goes to the server; what that does not take any more, nowhere."""
    yield OpenData(
        order.command,
        "HTTP body",
        size,
        ack=False,
        timeout_ns=s(input_s),
        is_idle_timer=False,
        can_escape=False,
    )
    until_ns = network(context).now_ns + s(input_s) + s(order.response_s)
    taken_bytes, failure, end = 0, None, None
    while taken_bytes < size and end is None:
        taken = yield Take(min(_PIECE_BYTES, size - taken_bytes))
        end = taken.end
        if not taken.data:
            continue
        if failure is None:
            yield Forward(_TO, taken.data)
            is_first = order.is_own and not taken_bytes
            failure = yield from _send(context, client, taken.data, until_ns, is_first=is_first)
        else:
            yield Discard(taken.data, _GONE)
        taken_bytes += len(taken.data)
    is_whole = taken_bytes == size
    yield CloseData(DataEndWhy.SIZE if is_whole else end or DataEndWhy.ERROR, "")
    if not is_whole:
        return _TOO_LATE
    if failure is None:
        failure = yield from _send(context, client, order.around[1], until_ns)
    return failure


def _send(
    context: Context, client: HttpClient, data: bytes, until_ns: int, *, is_first: bool = False
) -> Doing[Failure | None]:
    send = client.exchange.send_own if is_first else client.exchange.send
    trouble = yield from send(data, until_ns=until_ns)
    return failure_of(context, trouble)


# behind the OK


def _asking(context: Context, client: HttpClient, order: Order, *, is_connected: bool) -> Steps:
    until_ns = network(context).now_ns + s(order.response_s)
    failure = None
    if not is_connected:
        failure = yield from connect(context, client, order, until_ns)
    if failure is None:
        failure = yield from send_head(context, client, order, None, until_ns)
    yield from _answering(context, client, order, failure, until_ns)


def _sending(context: Context, client: HttpClient, order: Order, files: list[DiskFile]) -> Steps:
    until_ns = network(context).now_ns + s(order.response_s)
    failure: Failure | None = None
    is_first = order.is_own
    for file in files:
        begun_bytes = 0
        while failure is None:
            try:
                data = yield FlashWork(partial(_read, file, begun_bytes), "read the body")
            except UfsError as error:
                failure = _storage_failure(error)
                break
            if not data:
                break
            failure = yield from _send(context, client, data, until_ns, is_first=is_first)
            begun_bytes, is_first = begun_bytes + len(data), False
    _close(files)
    yield from _answering(context, client, order, failure, until_ns)


def _storage_failure(error: UfsError) -> Failure:
    return Failure(at_error(error).cme or Cme.READ_FAILED, Trouble(Why.RESET, str(error)))


def _answering(
    context: Context,
    client: HttpClient,
    order: Order,
    failure: Failure | None = None,
    until_ns: int | None = None,
) -> Steps:
    """Wait for the response, unless something has failed already, and say what came of it."""
    if until_ns is None:
        until_ns = network(context).now_ns + s(order.response_s)
    if failure is None:
        answer = yield from _response(context, client, order, until_ns)
        failure = answer if isinstance(answer, Failure) else None
    if client.is_stopped:
        client.over()
        return
    if failure is not None:
        _say_failure(context, client, order, failure)
        return
    assert isinstance(answer, ResponseHead)
    tell(context, client, order.command, None)
    length = "" if answer.length is None else f",{answer.length}"
    client.say(f"{order.said}: 0,{answer.status}{length}")
    client.move(HttpEvent.ANSWERED)
    if order.is_auto:
        yield from put_out(context, client)


def _say_failure(context: Context, client: HttpClient, order: Order, failure: Failure) -> None:
    code = tell(context, client, order.command, failure)
    client.say(f"{order.said}: {code}")
    client.over()


def _response(
    context: Context, client: HttpClient, order: Order, until_ns: int
) -> Doing[ResponseHead | Failure]:
    """The head of the response; that of another server, where the device follows there."""
    followed = 0
    while True:
        answer = yield from client.exchange.response(until_ns=until_ns)
        if not isinstance(answer, ResponseHead):
            failure = failure_of(context, answer)
            assert failure is not None
            return failure
        location = answer.header("location") if answer.status in _REDIRECTS else None
        may_follow = order.method == "GET" and not order.is_own
        if location is None or not may_follow or followed >= http(context).redirects:
            return answer
        followed += 1
        url = url_of(context, location)  # a relative one is none (measured on an EG800K)
        if isinstance(url, Failure):
            return url
        order = replace(order, url=url)
        client.close()
        failure = yield from connect(context, client, order, until_ns)
        if failure is None:
            failure = yield from send_head(context, client, order, None, until_ns)
        if failure is not None:
            return failure
