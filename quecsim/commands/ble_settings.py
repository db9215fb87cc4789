"""Settings and queries of Bluetooth LE that need no peer: what the device would say on the air.

The manual gives each command a role of the device, peripheral or central, and says that AT+QBLEINIT
comes first. What comes before it, or in the other role, is refused; queries never are.
"""

from quecsim.at.context import Context, wifi, wireless, wlan
from quecsim.at.keyed import Values, need
from quecsim.at.spec import Command, Integer, Text
from quecsim.at.stored import stored, stored_command
from quecsim.at.wifi_text import head, said
from quecsim.border.ble import SLOT_NS
from quecsim.clients.ble_state import Role
from quecsim.commands.ble_device import ble, need_on, need_role
from quecsim.commands.wlan import SOURCE

_AUTO_ADVERTISE = 1

QBLEINIT = Command(
    "+QBLEINIT",
    "Role: 0 none, 1 central, 2 peripheral, 3 peripheral for configuring Wi-Fi",
    source=SOURCE,
    params=(
        Integer("role", allowed=(0, 1, 2, 3)),
        Integer("auto_adv", allowed=(0, 1), default=_AUTO_ADVERTISE, optional=True),
    ),
)


@QBLEINIT.write
def _initialize(context: Context, role: int, auto_adv: int) -> None:
    there = ble(context)
    if role == Role.NONE:
        there.end()
    else:
        need(holds=there.role is Role.NONE)  # once
        there.begin(Role(role), readvertises=bool(auto_adv))
    if role == Role.WIFI:
        advertise(context)
    wlan(context).listen("ble", is_on=role == Role.WIFI)


@QBLEINIT.read
def _get_role(context: Context) -> str:
    return f"{head(wifi(context), QBLEINIT.name)}{ble(context).role}"


QBLEADDR = Command("+QBLEADDR", "Address of Bluetooth LE", source=SOURCE)


@QBLEADDR.read
def _address(context: Context) -> str:
    return said(wifi(context), QBLEADDR.name, wireless(context).ble_address)


QBLESTAT = Command("+QBLESTAT", "State of Bluetooth LE", source=SOURCE)


@QBLESTAT.execute
def _state(context: Context) -> str:
    return said(wifi(context), QBLESTAT.name, ble(context).state)


# name and timing

_SLOTS: Values = (160, 160)


def _given_name(context: Context) -> Values:
    return (wireless(context).ble_name,)


def _name(context: Context) -> str:
    """What AT+QBLENAME says."""
    return str(stored(context, QBLENAME.name, _given_name)[0])


def _advertising_slots(context: Context) -> int:
    """How often the device advertises: as often as AT+QBLEADVPARAM allows."""
    return int(stored(context, QBLEADVPARAM.name, _SLOTS)[0])


def advertise(context: Context) -> None:
    """Be found by others, from now on."""
    interval_ns = _advertising_slots(context) * SLOT_NS
    address = wireless(context).ble_address
    ble(context).peripheral.advertise(_name(context), address, interval_ns)


def _rising(context: Context, values: Values) -> None:
    """The smaller interval comes first."""
    need_role(context, Role.PERIPHERAL)
    need(holds=values == tuple(sorted(values, key=int)))


def _is_on(context: Context, _values: Values) -> None:
    need_on(context)


QBLENAME = stored_command(
    "+QBLENAME",
    "Name of the device over Bluetooth LE",
    SOURCE,
    (Text("BLE_name", max_bytes=25),),
    _given_name,
    check=_is_on,
)
QBLEADVPARAM = stored_command(
    "+QBLEADVPARAM",
    "Advertising intervals, in 0.625 ms",
    SOURCE,
    (Integer("adv_int_min", 32, 16_384), Integer("adv_int_max", 32, 16_384)),
    _SLOTS,
    check=_rising,
)

COMMANDS = (
    QBLEINIT,
    QBLEADDR,
    QBLENAME,
    QBLEADVPARAM,
    QBLESTAT,
)
