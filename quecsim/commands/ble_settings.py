"""Settings and queries of Bluetooth LE that need no peer: what the device would say on the air.

The manual gives each command a role of the device, peripheral or central, and says that AT+QBLEINIT
comes first. What comes before it, or in the other role, is refused; queries never are.
"""

from quecsim.at.context import Context, wifi, wireless
from quecsim.at.keyed import Values, need
from quecsim.at.spec import Command, Integer, Text
from quecsim.at.stored import stored, stored_command
from quecsim.at.wifi_text import head, said
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
        return
    need(holds=there.role is Role.NONE)  # once
    there.begin(Role(role), readvertises=bool(auto_adv))


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


def _idle(name: str, title: str) -> Command:
    """A query whose answer is always 0 as long as nothing is on the air."""
    command = Command(name, title, source=SOURCE)
    command.read(lambda context: f"{head(wifi(context), name)}0")
    return command


# name and timing

_SLOTS: Values = (160, 160)


def _given_name(context: Context) -> Values:
    return (wireless(context).ble_name,)


def name_of(context: Context) -> str:
    """What AT+QBLENAME says."""
    return str(stored(context, QBLENAME.name, _given_name)[0])


def advertising_slots(context: Context) -> int:
    """How often the device advertises: as often as AT+QBLEADVPARAM allows."""
    return int(stored(context, QBLEADVPARAM.name, _SLOTS)[0])


def _rising(context: Context, values: Values) -> None:
    """The smaller interval comes first."""
    need_role(context, Role.PERIPHERAL)
    need(holds=values == tuple(sorted(values, key=int)))


def _window_fits(context: Context, values: Values) -> None:
    need_role(context, Role.CENTRAL)
    need(holds=int(values[1]) <= int(values[0]))


def _supervised(context: Context, values: Values) -> None:
    """Interval (1.25 ms) times latency is less than the timeout (10 ms).

    The published text of the manual has lost the names of this rule; the Bluetooth specification
    says the same of the three.
    """
    need_role(context, Role.CENTRAL)
    _, interval, timeout, latency = map(int, values)
    need(holds=interval * latency < timeout * 8)


def _is_central(context: Context, _values: Values) -> None:
    need_role(context, Role.CENTRAL)


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
QBLESCANPARAM = stored_command(
    "+QBLESCANPARAM",
    "Scan interval and window, in 0.625 ms",
    SOURCE,
    (Integer("scan_interval", 18, 4096), Integer("scan_window", 17, 4096)),
    (100, 30),
    check=_window_fits,
)
QBLECONNPARAM = stored_command(
    "+QBLECONNPARAM",
    "Connection interval (1.25 ms), supervision timeout (10 ms), latency",
    SOURCE,
    (
        Integer("conn_idx", allowed=(0,)),
        Integer("con_interval", 6, 3200),
        Integer("timeout", 10, 3200),
        Integer("latency", 0, 499),
    ),
    (0, 20, 500, 0),
    check=_supervised,
)
QBLECFGMTU = stored_command(
    "+QBLECFGMTU",
    "Largest transmission unit, in bytes",
    SOURCE,
    (Integer("MTU_value", 64, 512),),
    (64,),
    check=_is_central,
)

COMMANDS = (
    QBLEINIT,
    QBLEADDR,
    QBLENAME,
    QBLEADVPARAM,
    _idle("+QBLESCAN", "Whether the device scans"),
    QBLESCANPARAM,
    QBLECONNPARAM,
    QBLECFGMTU,
    QBLESTAT,
)
