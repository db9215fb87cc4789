"""HTTP requests of the Wi-Fi modules, for the URL of AT+QHTTPCFG."""

from quecsim.at.context import Context
from quecsim.at.effects import Steps
from quecsim.at.results import Cme
from quecsim.at.spec import Command
from quecsim.commands.http_common import (
    DEFAULT_S,
    read_command,
    seconds,
    stop_command,
    typed_command,
)
from quecsim.commands.http_request import get
from quecsim.commands.http_settings import order_of
from quecsim.commands.wlan import SOURCE

QHTTPGET = Command(
    "+QHTTPGET",
    "Send a GET request",
    SOURCE,
    (seconds("rsptime"),),
    bad_parameter=Cme.HTTP_PARAMETER,
)


@QHTTPGET.write
def _get(context: Context, response_s: int) -> Steps:
    yield from get(context, order_of(context, QHTTPGET.name, "GET", response_s))


@QHTTPGET.execute
def _get_simply(context: Context) -> Steps:
    yield from get(context, order_of(context, QHTTPGET.name, "GET", DEFAULT_S))


COMMANDS = (
    QHTTPGET,
    typed_command("+QHTTPPOST", "POST", SOURCE, order_of),
    typed_command("+QHTTPPUT", "PUT", SOURCE, order_of),
    read_command(f"{SOURCE}; the error without a response as measured on an EG800K"),
    stop_command(SOURCE),
)
