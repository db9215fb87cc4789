"""Sending over a socket, behind the prompt: up to Ctrl-Z, or so many bytes."""

from collections.abc import Generator
from typing import Any

from quecsim.at.context import Context
from quecsim.at.effects import (
    CloseData,
    DataEndWhy,
    Discard,
    Effect,
    Forward,
    Info,
    OpenData,
    Prompt,
    Raw,
    Steps,
)
from quecsim.at.results import AtError, OtherWordsError, ResultCode, Tcpip
from quecsim.at.spec import Command
from quecsim.clients.socket import Socket
from quecsim.clients.socket_inbox import Source
from quecsim.clients.socket_state import State
from quecsim.commands.socket_config import socket_value
from quecsim.commands.socket_table import sockets
from quecsim.commands.typed import gathered
from quecsim.units import s

MOST_BYTES = 1460
_CTRL_Z, _ESC = 0x1A, 0x1B
_SURPLUS = "beyond the longest data of one command"
_WHY_NOT = {
    DataEndWhy.CANCEL: "the data were taken back",
    DataEndWhy.IDLE: "the data were not finished in time",
}


def send_typed(
    context: Context, command: Command, socket: Socket, size: int | None, to: Source | None
) -> Steps:
    """Ask for `size` bytes (None: up to Ctrl-Z) and send them. Raises AtError for all that is not
    SEND OK, and for that with other words: it is the command's result.
    """
    data, why = yield from _typed(context, command, socket, size)
    if why in _WHY_NOT:
        yield Discard(data, _WHY_NOT[why])
        yield CloseData(why, "")
        raise _not_sent(context, why)
    plain = _from_hex(data) if socket_value(context, "dataformat") else data
    trouble = _trouble(socket, plain)
    if trouble is Tcpip.NONE:
        yield Forward(f"the connection of {socket.name}", data)
    else:
        yield Discard(data, "there was no room for them, or no connection")
    yield CloseData(why, "")
    yield from send(context, command, socket, plain, to)


def send(
    context: Context, command: Command, socket: Socket, data: bytes | None, to: Source | None
) -> Steps:
    """Send `data` (None: it is not what was asked for). Raises as `send_typed` does."""
    trouble = _trouble(socket, data)
    if trouble in (Tcpip.INVALID_PARAMETERS, Tcpip.CLOSED):
        raise AtError(tcpip=trouble)
    is_sent = trouble is Tcpip.NONE
    if is_sent:
        assert data is not None
        socket.send(data, to)
    else:
        socket.tell_full(command.name)
    if socket_value(context, "sendinfo"):
        yield Info(f"{command.name}: {socket.number},{int(not is_sent)},{socket.room_bytes}")
        return
    words = "SEND OK" if is_sent else "SEND FAIL"
    raise OtherWordsError(words, Tcpip.NONE if is_sent else Tcpip.WRITE_FAILED)


def _typed(
    context: Context, command: Command, socket: Socket, size: int | None
) -> Generator[Effect, Any, tuple[bytes, DataEndWhy]]:
    """What the host types behind the prompt, and how it ended."""
    timeout_s = socket_value(context, "qisend/timeout")
    yield Prompt()
    if socket_value(context, "formatcfg"):
        yield Raw(b"\r\n")
    yield OpenData(
        command.name,
        f"data for {socket.name}",
        size or 0,
        ack=False,
        timeout_ns=s(timeout_s) if timeout_s else None,
        is_idle_timer=True,
        can_escape=False,
        end_byte=None if size else _CTRL_Z,
        cancel_byte=None if size else _ESC,
        echoes=_echoes(context),
        is_prompted=True,
    )
    return (yield from gathered(size, MOST_BYTES, _SURPLUS))


def _echoes(context: Context) -> bool:
    """AT+QISDE, where the device has it."""
    is_wanted = context.settings.config.get("+QISDE", (1,))[0]
    return sockets(context).echoes_data and is_wanted == 1


def _trouble(socket: Socket, data: bytes | None) -> Tcpip:
    """Why the data cannot go out now."""
    if data is None:
        return Tcpip.INVALID_PARAMETERS
    if socket.state is not State.CONNECTED:
        return Tcpip.CLOSED
    return Tcpip.NONE if len(data) <= socket.room_bytes else Tcpip.WRITE_FAILED


def _not_sent(context: Context, why: DataEndWhy) -> AtError:
    if why is DataEndWhy.IDLE:
        return AtError(tcpip=Tcpip.TIMEOUT)
    is_ok = sockets(context).cancel == "ok"
    return AtError(code=ResultCode.OK if is_ok else ResultCode.ERROR, tcpip=Tcpip.CANCELLED)


def _from_hex(data: bytes) -> bytes | None:
    """Pairs of digits, under AT+QICFG="dataformat",1; None for anything else."""
    return hex_bytes(data.decode("latin-1"))


def hex_bytes(text: str) -> bytes | None:
    """Pairs of digits; None for anything else."""
    try:
        return bytes.fromhex(text) if text.isascii() and text.isalnum() else None
    except ValueError:
        return None
