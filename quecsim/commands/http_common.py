"""HTTP commands that both families have, with the same parameters."""

from collections.abc import Callable
from typing import TypeAlias

from quecsim.at.asking import typed
from quecsim.at.context import Context, network
from quecsim.at.effects import Steps
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Command, Integer
from quecsim.clients.http_order import Order
from quecsim.commands.http import client_of
from quecsim.commands.http_read import read_out
from quecsim.commands.http_request import send_typed
from quecsim.units import s

OrderOf: TypeAlias = Callable[[Context, str, str, int], Order]
"""(context, command, method, seconds for the response) -> the request as the settings are now."""

DEFAULT_S = 60
_STOP_S = 10


def seconds(name: str) -> Integer:
    """How long something may take."""
    return Integer(name, 1, 65_535, default=DEFAULT_S, optional=True)


def typed_command(name: str, method: str, source: str, order_of: OrderOf) -> Command:
    """A request with a body that the host types."""
    command = Command(
        name,
        f"Send a {method} request, whose body the host types behind CONNECT",
        source,
        (Integer("data_length", 1, 1_024_000), seconds("input_time"), seconds("rsptime")),
        bad_parameter=Cme.HTTP_PARAMETER,
    )

    command.asks(typed("HTTP body", 0, 1))

    @command.write
    def _send(context: Context, size: int, input_s: int, response_s: int) -> Steps:
        yield from send_typed(context, order_of(context, name, method, response_s), size, input_s)

    return command


def read_command(source: str) -> Command:
    """AT+QHTTPREAD."""
    command = Command(
        "+QHTTPREAD",
        "Read the response",
        source,
        (seconds("wait_time"),),
        bad_parameter=Cme.HTTP_PARAMETER,
    )

    @command.write
    def _read(context: Context, wait_s: int) -> Steps:
        yield from read_out(context, command.name, wait_s)

    @command.execute
    def _read_simply(context: Context) -> Steps:
        yield from read_out(context, command.name, DEFAULT_S)

    return command


def stop_command(source: str) -> Command:
    """AT+QHTTPSTOP."""
    command = Command(
        "+QHTTPSTOP", "Give up the request; OK also where there is none", source, test_text=""
    )

    @command.execute
    def _stop(context: Context) -> Steps:
        client = client_of(context)
        network(context).asked(client, command.name)
        if not (yield from client.stop(s(_STOP_S))):
            raise AtError(Cme.HTTP_BUSY)
        network(context).tell(client, command.name, 0)

    return command
