"""A central of Bluetooth LE and the characteristics of the other side: it reads and writes them.

What needs a connection, or "DOWN", is ERROR before that is there; so is a characteristic that the
other side does not have, or that cannot do what is asked of it. Newer devices number their one
connection (FCM242D), an FC41D does not.
"""

from quecsim.at.context import Context
from quecsim.at.keyed import need
from quecsim.at.spec import Command, Integer, Param
from quecsim.border.ble import Characteristic
from quecsim.clients.ble import Ble
from quecsim.clients.ble_state import Role
from quecsim.commands.ble_device import (
    CONNECTION,
    FIRST_OF_DATA,
    REST_OF_DATA,
    UUID,
    data_of,
    need_role,
    uuid_of,
)
from quecsim.commands.wlan import SOURCE

_INDEX = (CONNECTION,)
_NO_INDEX: tuple[Integer, ...] = ()


def _found(context: Context, uuid: str) -> tuple[Ble, Characteristic]:
    there = need_role(context, Role.CENTRAL)
    found = there.central.find(uuid_of(uuid))
    need(holds=found is not None)
    assert found is not None
    return there, found


def _notifications(lead: tuple[Integer, ...]) -> Command:
    command = Command(
        "+QBLEGATTCNTFCFG",
        "Notifications of a characteristic: 0 off, 1 on",
        source=SOURCE,
        params=(*lead, UUID, Integer("enable", allowed=(0, 1))),
    )

    @command.write
    def _subscribe(context: Context, *given: str | int) -> None:
        uuid, enable = given[len(lead) :]
        there, found = _found(context, str(uuid))
        need(holds=found.notify)
        there.central.subscribe(found.uuid, is_on=bool(enable))

    return command


def _reading(lead: tuple[Integer, ...]) -> Command:
    command = Command(
        "+QBLEGATTCRD",
        "Read a characteristic; its value follows behind OK",
        source=SOURCE,
        params=(*lead, UUID),
    )

    @command.write
    def _read(context: Context, *given: str) -> None:
        there, found = _found(context, given[-1])
        need(holds=found.read and there.central.read(found.uuid))

    return command


def _writing(name: str, title: str, lead: tuple[Integer, ...], kinds: tuple[bool, ...]) -> Command:
    """`kinds`: as a request, or not; the first that the characteristic knows."""
    params: tuple[Param, ...] = (*lead, UUID, FIRST_OF_DATA, REST_OF_DATA)
    command = Command(name, title, source=SOURCE, params=params)

    @command.write
    def _write(context: Context, *given: str) -> None:
        uuid, first, rest = given[len(lead) :]
        there, found = _found(context, uuid)
        known = [kind for kind in kinds if (found.write if kind else found.write_command)]
        data = data_of(context, first, rest)
        need(holds=bool(known) and len(data) <= there.payload_bytes and there.has_room)
        there.central.write(found.uuid, data, is_request=known[0])

    return command


COMMANDS = (
    _notifications(_INDEX),
    _reading(_INDEX),
    _writing("+QBLEGATTCWRCMD", "Write a characteristic, without an answer", _INDEX, (False,)),
    _writing("+QBLEGATTCWRREQ", "Write a characteristic, with an answer", _INDEX, (True,)),
)
BARE = (
    _notifications(_NO_INDEX),
    _reading(_NO_INDEX),
    _writing("+QBLEGATTCWR", "Write a characteristic", _NO_INDEX, (False, True)),
)
