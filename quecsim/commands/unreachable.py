"""Commands that need somebody at the other end: as far as a device answers them without a network.

What does not fit is the error that it always is; what fits is refused, since there is no network.
A test form needs none.
"""

from collections.abc import Callable

from quecsim.at.context import Context
from quecsim.at.results import AtError, Cme, Tcpip
from quecsim.at.spec import Command, Param

Source = str | Callable[[Context], str]


def tcpip_command(
    name: str,
    title: str,
    source: Source,
    params: tuple[Param, ...],
    test_text: "str | Callable[[Context], str] | None" = None,
) -> Command:
    """A command of TCP/IP or TLS that is refused: AT+QIGETERROR says that it is not allowed."""
    command = Command(name, title, source, params, test_text=test_text, is_tcpip=True)

    @command.write
    def _refuse(_context: Context, *_values: object) -> None:
        raise AtError(tcpip=Tcpip.NOT_ALLOWED)

    return command


def close_command(name: str, title: str, source: Source, params: tuple[Param, ...]) -> Command:
    """A command that closes a socket: OK, although none is open."""
    command = Command(name, title, source, params, is_tcpip=True)

    @command.write
    def _close(_context: Context, *_values: object) -> None:
        return None

    return command


def refused_command(
    name: str,
    title: str,
    source: Source,
    params: tuple[Param, ...],
    *,
    cme: Cme | None = None,
    bad_parameter: Cme | None = None,
    test_text: str | None = None,
) -> Command:
    """Any other: the error `cme` (None: plain ERROR), with parameters and, where it needs none of
    them, without.
    """
    command = Command(name, title, source, params, bad_parameter, test_text)

    def _refuse(_context: Context, *_values: object) -> None:
        raise AtError(cme)

    if params:
        command.write(_refuse)
    if all(param.optional for param in params):
        command.execute(_refuse)
    return command


def query_of_none(
    name: str, title: str, source: Source, params: tuple[Param, ...], *, is_tcpip: bool = False
) -> Command:
    """A query of what is open, in all its forms: nothing is, so OK alone."""
    command = Command(name, title, source, params, test_text="", is_tcpip=is_tcpip)

    def _nothing(_context: Context, *_values: object) -> None:
        return None

    command.read(_nothing)
    command.execute(_nothing)
    command.write(_nothing)
    return command
