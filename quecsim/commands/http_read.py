"""The response goes to the host, when it asks for it or by itself, or into a file."""

from collections.abc import Callable
from functools import partial

from quecsim.at.context import Context, network
from quecsim.at.effects import Connect, FlashWork, Raw, Spawn, Steps
from quecsim.at.network import Trouble
from quecsim.at.results import AtError, Cme
from quecsim.at.storage import Place, at_error
from quecsim.border import Why
from quecsim.clients.http import HttpFault, HttpTrouble
from quecsim.clients.http_client import HttpClient, HttpEvent, HttpState
from quecsim.commands.http import Doing, Failure, client_of, failure_of, http, tell
from quecsim.flash.disk import DiskFile
from quecsim.flash.ufs import UfsError
from quecsim.units import s

_READ_FAULTS = {
    HttpFault.TIMEOUT: Cme.HTTP_READ_TIMEOUT,
    HttpFault.MALFORMED: Cme.HTTP_DECODE,
}


def read_out(context: Context, command: str, wait_s: int) -> Steps:
    """AT+QHTTPREAD: the response behind CONNECT, as fast as the host takes it."""
    client = _reader(context, command)
    yield Connect()
    failure: Failure | None = None
    pieces = _Pieces(context, client, wait_s)
    while (piece := (yield from pieces.next())) and not isinstance(piece, Failure):
        yield Raw(piece)
    if isinstance(piece, Failure):
        failure = piece
    code = tell(context, client, command, failure)
    client.say(f"{command}: {code}")
    client.over()


def store(context: Context, command: str, place: Place, wait_s: int) -> Steps:
    """AT+QHTTPREADFILE: the response goes into a file, in the background."""
    if client_of(context).state is not HttpState.READY:
        raise AtError(Cme.HTTP_NO_REQUEST)
    file = yield FlashWork(lambda: _create(context, place), f"created {place.label}")
    client = _reader(context, command)
    steps = _storing(context, client, command, place, file, wait_s)
    if not (yield Spawn(steps, f"HTTP, AT{command}")):
        client.over()
        yield from _closed(file.close, place)
        raise AtError(Cme.HTTP_MEMORY)


def put_out(context: Context, client: HttpClient) -> Steps:
    """AT+QHTTPCFG="rspout/auto",1: the response comes by itself, piece by piece."""
    assert client.order is not None
    client.move(HttpEvent.READ)
    pieces = _Pieces(context, client, client.order.response_s)
    while (piece := (yield from pieces.next())) and not isinstance(piece, Failure):
        text = f'+QHTTPURC: "recv",{len(piece)}\r\n{piece.decode("latin-1")}'
        yield from client.said(text, doing="a part of the response was waiting for the host")
        if client.is_stopped:
            break
    if isinstance(piece, Failure) and not client.is_stopped:
        tell(context, client, "+QHTTPURC", piece)
    client.over()


def _reader(context: Context, command: str) -> HttpClient:
    """The client, whose response is read from now on. Raises AtError where there is none."""
    client = client_of(context)
    is_ready = client.state is HttpState.READY
    network(context).asked(client, command, is_accepted=is_ready)
    if not is_ready:
        raise AtError(Cme.HTTP_NO_REQUEST)
    client.move(HttpEvent.READ)
    return client


class _Pieces:
    """What is given out of a response: its head, where that is wanted, and its body."""

    def __init__(self, context: Context, client: HttpClient, wait_s: int) -> None:
        assert client.order is not None
        assert client.exchange.head is not None
        self._context = context
        self._client = client
        self._most = http(context).output_bytes
        self._wait_ns = s(wait_s)
        self._head = client.exchange.head.raw if client.order.has_head else b""

    def next(self) -> Doing[bytes | Failure]:
        """The next piece, b"" behind the last one, or why there is none."""
        if self._head:
            piece, self._head = self._head[: self._most], self._head[self._most :]
            return piece
        answer = yield from self._client.exchange.read_body(self._most, timeout_ns=self._wait_ns)
        if not isinstance(answer, HttpTrouble):
            return answer
        if answer.fault in _READ_FAULTS:
            return Failure(_READ_FAULTS[answer.fault], answer.trouble)
        failure = failure_of(self._context, answer)
        assert failure is not None
        return failure


def _create(context: Context, place: Place) -> DiskFile:
    """The empty file; one that is there, and not open, is replaced."""
    if place.disk.stat(place.name) is not None:
        if context.handles.is_open(place.label):
            raise AtError(Cme.ALREADY_OPEN)
        place.disk.delete(place.name)
    return place.disk.create(place.name)


def _storing(
    context: Context,
    client: HttpClient,
    command: str,
    place: Place,
    file: DiskFile,
    wait_s: int,
) -> Steps:
    pieces = _Pieces(context, client, wait_s)
    failure: Failure | None = None
    try:
        while (piece := (yield from pieces.next())) and not isinstance(piece, Failure):
            yield FlashWork(
                partial(file.write, piece), f"stored {place.label} from the HTTP server"
            )
        failure = piece if isinstance(piece, Failure) else None
    except UfsError as error:
        failure = _storage_failure(error)
    failure = (yield from _closed(file.close, place)) or failure
    if not client.is_stopped:
        code = tell(context, client, command, failure)
        client.say(f"{command}: {code}")
    client.over()


def _closed(close: Callable[[], None], place: Place) -> Doing[Failure | None]:
    try:
        yield FlashWork(close, f"closed {place.label}")
    except UfsError as error:
        return _storage_failure(error)
    return None


def _storage_failure(error: UfsError) -> Failure:
    return Failure(at_error(error).cme or Cme.WRITE_FAILED, Trouble(Why.RESET, str(error)))
