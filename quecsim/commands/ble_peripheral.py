"""A peripheral of Bluetooth LE: its services, advertising, and notifications."""

from quecsim.at.context import Context, bluetooth, wifi
from quecsim.at.keyed import need
from quecsim.at.spec import Command, Integer, Text
from quecsim.at.wifi_text import head
from quecsim.clients.ble import Ble
from quecsim.clients.ble_peripheral import ATT_CFG
from quecsim.clients.ble_state import Role, State
from quecsim.commands.ble_device import (
    CONNECTION,
    FIRST_OF_DATA,
    REST_OF_DATA,
    UUID,
    ble,
    data_of,
    is_hex,
    need_connection,
    need_role,
    uuid_of,
)
from quecsim.commands.ble_settings import advertise
from quecsim.commands.wlan import SOURCE

_DONE = "+QBLEGATTSSRVDONE"
_MOST_ADVERTISED_DIGITS = 62  # of 31 bytes


def _peripheral(context: Context) -> Ble:
    return need_role(context, Role.PERIPHERAL)


# services

QBLEGATTSSRV = Command("+QBLEGATTSSRV", "Add a service", source=SOURCE, params=(UUID,))


@QBLEGATTSSRV.write
def _add_service(context: Context, uuid: str) -> None:
    need(holds=_peripheral(context).peripheral.add_service(uuid_of(uuid)))


QBLEGATTSCHAR = Command(
    "+QBLEGATTSCHAR",
    "Add a characteristic; its properties in hexadecimal, 00-FF",
    source=SOURCE,
    params=(UUID, Text("att_cfg", max_bytes=2, optional=True)),
)


@QBLEGATTSCHAR.write
def _add_characteristic(context: Context, uuid: str, att_cfg: str | None) -> None:
    there = _peripheral(context).peripheral
    need(holds=att_cfg is None or is_hex(att_cfg))
    properties = ATT_CFG if att_cfg is None else int(att_cfg, 16)
    need(holds=there.add_characteristic(uuid_of(uuid), properties))
    if all(command.name != _DONE for command in context.commands):
        there.finish_services()


QBLEGATTSSRVDONE = Command(_DONE, "All services are told", source=SOURCE)


@QBLEGATTSSRVDONE.execute
def _services_done(context: Context) -> None:
    need(holds=_peripheral(context).peripheral.finish_services())


# advertising

QBLEADVDATA = Command(
    "+QBLEADVDATA",
    "Advertising data: AD structures in hexadecimal, each with its length in front",
    source=SOURCE,
    params=(Text("adv_data", max_bytes=_MOST_ADVERTISED_DIGITS),),
)


@QBLEADVDATA.write
def _advertise(context: Context, adv_data: str) -> None:
    there = _peripheral(context)
    need(holds=is_hex(adv_data) and len(adv_data) % 2 == 0)
    data = rest = bytes.fromhex(adv_data)
    while rest:
        length, rest = rest[0], rest[1:]
        need(holds=1 <= length <= len(rest))
        rest = rest[length:]
    there.peripheral.say(data)


QBLEADVSTART = Command("+QBLEADVSTART", "Advertise; whether the device does", source=SOURCE)


@QBLEADVSTART.read
def _is_advertising(context: Context) -> str:
    is_on = ble(context).state is State.ADVERTISING
    return f"{head(wifi(context), QBLEADVSTART.name)}{int(is_on)}"


@QBLEADVSTART.execute
def _start(context: Context) -> None:
    there = _peripheral(context)
    is_complete = bool(there.peripheral.services)
    need(holds=not there.is_connected)
    need(holds=is_complete or bluetooth(context).unordered == "ok")
    advertise(context)


QBLEADVSTOP = Command("+QBLEADVSTOP", "Advertise no more", source=SOURCE)


@QBLEADVSTOP.execute
def _stop(context: Context) -> None:
    _peripheral(context).peripheral.stop()


# data


def _notifying(*lead: Integer) -> Command:
    """`lead`: the number of the connection, where the device has one."""
    command = Command(
        "+QBLEGATTSNTFY",
        "Notify the other side: text, or hexadecimal data with their length in front",
        source=SOURCE,
        params=(*lead, UUID, FIRST_OF_DATA, REST_OF_DATA),
    )

    @command.write
    def _notify(context: Context, *given: str) -> None:
        uuid, first, rest = given[len(lead) :]
        there = need_connection(context, Role.PERIPHERAL)
        data = data_of(context, first, rest)
        found = there.peripheral.find(uuid_of(uuid))
        need(holds=found is not None and found.notify and len(data) <= there.payload_bytes)
        need(holds=there.has_room)  # refused, so nothing of it is lost
        there.peripheral.notify(uuid.lower(), data)

    return command


QBLEDISCONN = Command(
    "+QBLEDISCONN",
    "End the connection",
    source=SOURCE,
    params=(CONNECTION,),
)


@QBLEDISCONN.write
def _disconnect_it(context: Context, _connection: int) -> None:
    need_connection(context).leave()


@QBLEDISCONN.execute
def _disconnect(context: Context) -> None:
    need_connection(context).leave()


_OF_ALL = (
    QBLEADVDATA,
    QBLEGATTSSRV,
    QBLEGATTSCHAR,
    QBLEGATTSSRVDONE,
    QBLEADVSTART,
    QBLEADVSTOP,
    QBLEDISCONN,
)
COMMANDS = (*_OF_ALL, _notifying(CONNECTION))
BARE = (*_OF_ALL, _notifying())
