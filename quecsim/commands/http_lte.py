"""HTTP requests of the LTE modules: the URL has a command of its own, and bodies may be files."""

from quecsim.at.asking import text_at, typed
from quecsim.at.context import Context
from quecsim.at.effects import (
    CloseData,
    Connect,
    DataEndWhy,
    Discard,
    Forward,
    OpenData,
    Steps,
    Take,
)
from quecsim.at.grammar import Call
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Ask, Command, Integer, Text
from quecsim.at.storage import place_of
from quecsim.commands.http import client_of, http
from quecsim.commands.http_common import (
    DEFAULT_S,
    read_command,
    seconds,
    stop_command,
    typed_command,
)
from quecsim.commands.http_lte_settings import is_own_request, order_of
from quecsim.commands.http_read import store
from quecsim.commands.http_request import get, send_files, send_typed
from quecsim.units import s

_CAPTURED = "a capture of a BG770A"
_LOGS = "logs of an EG800K"
_MOST_BYTES = (1 << 31) - 1


def _most_url(context: Context) -> int:
    return http(context).url_bytes


_FILE = Text("file_name")

QHTTPURL = Command(
    "+QHTTPURL",
    "The URL of the next requests, behind CONNECT",
    _CAPTURED,
    (Integer("URL_length", 1, _most_url), seconds("timeout")),
    bad_parameter=Cme.HTTP_PARAMETER,
)


QHTTPURL.asks(typed("URL", 0, 1))


@QHTTPURL.write
def _set_url(context: Context, size: int, timeout_s: int) -> Steps:
    yield Connect()
    yield OpenData(
        QHTTPURL.name,
        "URL",
        size,
        ack=False,
        timeout_ns=s(timeout_s),
        is_idle_timer=False,
        can_escape=False,
    )
    taken = yield Take(size)
    if taken.end is not None:
        yield Discard(taken.data, "the URL was not whole in time")
        yield CloseData(taken.end, "")
        raise AtError(Cme.HTTP_INPUT_TIMEOUT)
    yield Forward("the HTTP client", taken.data)
    yield CloseData(DataEndWhy.SIZE, "")
    client_of(context).url = taken.data.decode("latin-1")


@QHTTPURL.read
def _get_url(context: Context) -> str | None:
    url = client_of(context).url
    return f"{QHTTPURL.name}: {url}" if url else None


QHTTPGET = Command(
    "+QHTTPGET",
    "Send a GET request; with a length, one whose head the host writes behind CONNECT",
    f"{_CAPTURED}; what it says as in {_LOGS}",
    (
        seconds("rsptime"),
        Integer("data_length", 1, 2048, optional=True),
        seconds("input_time"),
    ),
    bad_parameter=Cme.HTTP_PARAMETER,
)


def _get(context: Context, response_s: int, size: int | None, input_s: int) -> Steps:
    if is_own_request(context) != (size is not None):
        raise AtError(Cme.HTTP_PARAMETER)
    order = order_of(context, QHTTPGET.name, "GET", response_s)
    if size is None:
        yield from get(context, order)
    else:
        yield from send_typed(context, order, size, input_s)


@QHTTPGET.asks
def _asking(context: Context, call: Call) -> Ask | None:
    return typed("HTTP head", 1, 2)(context, call) if text_at(call, 1) else None


QHTTPGET.write(_get)


@QHTTPGET.execute
def _get_simply(context: Context) -> Steps:
    yield from _get(context, DEFAULT_S, None, DEFAULT_S)


QHTTPGETEX = Command(
    "+QHTTPGETEX",
    "Send a GET request for a part; its result code is that of AT+QHTTPGET",
    f"{_LOGS}; host programs",
    (
        Integer("rsptime", 1, 65_535),
        Integer("start_position", 0, _MOST_BYTES),
        Integer("read_len", 1, _MOST_BYTES),
    ),
    bad_parameter=Cme.HTTP_PARAMETER,
)


@QHTTPGETEX.write
def _get_part(context: Context, response_s: int, start: int, size: int) -> Steps:
    if is_own_request(context):
        raise AtError(Cme.HTTP_PARAMETER)
    part = (f"Range: bytes={start}-{start + size - 1}",)
    order = order_of(context, QHTTPGETEX.name, "GET", response_s, said=QHTTPGET.name, headers=part)
    yield from get(context, order)


def _filed(name: str, method: str, source: str) -> Command:
    """A request with a body that is a file. `post_mode` 0: this file; 1: keep its name, and send
    nothing yet; 2: the one whose name was kept, and this one behind it.
    """
    command = Command(
        name,
        f"Send a {method} request, whose body is a file",
        source,
        (_FILE, seconds("rsptime"), Integer("post_mode", high=2, default=0, optional=True)),
        bad_parameter=Cme.HTTP_PARAMETER,
    )

    @command.write
    def _send(context: Context, file: str, response_s: int, mode: int) -> Steps:
        client = client_of(context)
        names = [client.file, file] if mode == 2 else [file]
        if not all(names):
            raise AtError(Cme.HTTP_PARAMETER)
        places = [place_of(context, each) for each in names]
        if mode == 1:
            client.file = file
            return
        order = order_of(context, name, method, response_s)
        yield from send_files(context, order, places)

    return command


_NEWER = "published lists of the commands of newer firmware"
QHTTPPOST = typed_command(
    "+QHTTPPOST", "POST", f"{_CAPTURED}; what it says as in {_LOGS}", order_of
)
QHTTPPUT = typed_command("+QHTTPPUT", "PUT", f"{_NEWER}; as AT+QHTTPPOST", order_of)
QHTTPPOSTFILE = _filed("+QHTTPPOSTFILE", "POST", "host programs for EC2x modules")
QHTTPPUTFILE = _filed("+QHTTPPUTFILE", "PUT", f"{_NEWER}; as AT+QHTTPPOSTFILE")

QHTTPREADFILE = Command(
    "+QHTTPREADFILE",
    "Put the response into a file",
    "host programs; the error without a response as for AT+QHTTPREAD",
    (_FILE, seconds("wait_time")),
    bad_parameter=Cme.HTTP_PARAMETER,
)


@QHTTPREADFILE.write
def _store(context: Context, file: str, wait_s: int) -> Steps:
    yield from store(context, QHTTPREADFILE.name, place_of(context, file), wait_s)


COMMANDS = (
    QHTTPURL,
    QHTTPGET,
    QHTTPGETEX,
    QHTTPPOST,
    QHTTPPOSTFILE,
    QHTTPPUT,
    QHTTPPUTFILE,
    read_command(f"{_CAPTURED}; what it says, and the error without a response, as in {_LOGS}"),
    QHTTPREADFILE,
    stop_command("hosts send it first of all"),
)
