"""Transparent mode over Bluetooth LE, until `+++` or the connection's end.

A central goes on line when it knows all of the other side, a peripheral also before anybody has
connected; told to, it goes back on line with the next connection by itself.
"""

from collections.abc import Generator
from typing import Any

from quecsim.at.context import Context
from quecsim.at.effects import (
    Answer,
    AwaitNews,
    CloseData,
    Connect,
    DataEndWhy,
    Discard,
    Effect,
    Forward,
    NoReply,
    OpenData,
    Raw,
    Spawn,
    Steps,
    Take,
    TakeOver,
)
from quecsim.at.keyed import need
from quecsim.at.results import AtError
from quecsim.at.spec import Command, Integer
from quecsim.clients.ble import Ble
from quecsim.clients.ble_state import Role, State
from quecsim.commands.ble_device import UUID, need_role, uuid_of
from quecsim.commands.wlan import SOURCE
from quecsim.units import ms

_DOWN_BYTES = 1024  # at once to the transmitter
_UP = "Bluetooth LE was waiting for the other side to take more"
_AIR = "Bluetooth LE"
_BACK = "it was in transparent mode again"

QBLETRANMODE = Command(
    "+QBLETRANMODE",
    "Transparent mode, over one characteristic; 1: again with the next connection",
    source=SOURCE,
    params=(UUID, Integer("state", allowed=(0, 1), default=0, optional=True)),
)


@QBLETRANMODE.write
def _go_transparent(context: Context, uuid: str, state: int) -> Steps:
    there = need_role(context, Role.CENTRAL, Role.PERIPHERAL)
    uuid = uuid_of(uuid)
    need(holds=_can_carry(there, uuid))
    end = yield from _stay(there, uuid, returns=state == 1 and there.role is Role.PERIPHERAL)
    if end is DataEndWhy.CARRIER:
        yield NoReply()  # +QBLESTAT says it


def _can_carry(there: Ble, uuid: str) -> bool:
    """The device stands where it may go on line, with a characteristic that takes data."""
    if there.role is Role.CENTRAL:
        found = there.central.find(uuid) if there.is_connected else None
        return found is not None and found.write_command
    found = there.peripheral.find(uuid)
    is_on_air = there.state in (State.ADVERTISING, State.CONNECTED)
    return is_on_air and found is not None and found.notify


def _stay(there: Ble, uuid: str, *, returns: bool) -> Generator[Effect, Any, DataEndWhy]:
    """CONNECT, and data both ways, until the end that is returned. Raises AtError where the device
    does too much already.
    """
    stream = there.stream
    turn, session = stream.begin_turn(), stream.go_on_line(uuid)
    if not (yield Spawn(_down(there, session), "the way down of Bluetooth LE")):
        stream.go_off_line()
        raise AtError
    yield Connect()
    yield OpenData(
        QBLETRANMODE.name,
        stream.name,
        0,
        ack=False,
        timeout_ns=None,
        is_idle_timer=True,
        carrier=stream.name,
    )
    there.air.wake(stream.down_name)  # it may have ended while CONNECT waited for the host
    end = yield from _up(there)
    stream.go_off_line()
    yield CloseData(end, "", result="OK" if end is DataEndWhy.ESCAPE else "")
    if returns and end is DataEndWhy.CARRIER:
        yield Spawn(_wait_for_turn(there, uuid, turn), "the way back to transparent mode")
    return end


def _up(there: Ble) -> Generator[Effect, Any, DataEndWhy]:
    """From the host to the other side: in packets, as far as that takes them."""
    while True:
        yield from _until_room(there)
        gather_ns = ms(there.profile.gather_ms)
        taken = yield Take(there.payload_bytes, gather_ns=gather_ns)
        yield from _send(there, taken.data)
        if taken.end is not None:
            end: DataEndWhy = taken.end
            return end


def _send(there: Ble, data: bytes) -> Steps:
    """In pieces, since another connection may carry less than the one that it was taken for."""
    stream = there.stream
    while data:
        yield from _until_room(there)
        if why := stream.trouble:
            yield Discard(data, why)
            stream.lose(data, why)
            return
        piece, data = data[: there.payload_bytes], data[there.payload_bytes :]
        yield Forward(_AIR, piece)
        stream.send(piece)


def _until_room(there: Ble) -> Steps:
    while not there.stream.goes_on:
        yield AwaitNews(there.stream.name, _UP)


def _down(there: Ble, session: int) -> Steps:
    """From the other side to the host, as far as the line takes it."""
    stream = there.stream
    while stream.session == session:
        data = stream.take_down(_DOWN_BYTES)
        if data:
            yield Raw(data)
        else:
            yield AwaitNews(stream.down_name, "nothing came for the host")


def _wait_for_turn(there: Ble, uuid: str, turn: int) -> Steps:
    """Behind a connection: until the next one, or until the host has decided otherwise."""
    stream = there.stream
    while stream.turn == turn and not there.is_connected:
        yield AwaitNews(stream.turn_name(turn), "nobody had connected yet")
    if stream.turn == turn:
        yield TakeOver(_back_on_line(there, uuid, turn), _BACK, answers=True)


def _back_on_line(there: Ble, uuid: str, turn: int) -> Steps:
    """In place of a command line: as if the host had typed it once more."""
    if there.stream.turn != turn:
        return
    if not there.is_connected:  # it was short
        yield Spawn(_wait_for_turn(there, uuid, turn), "the way back to transparent mode")
        return
    end = yield from _stay(there, uuid, returns=True)
    if end is DataEndWhy.ESCAPE:
        yield Answer()


COMMANDS = (QBLETRANMODE,)
