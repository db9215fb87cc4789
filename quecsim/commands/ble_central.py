"""A central of Bluetooth LE: it scans and connects. What it does with the characteristics that it
finds is in `quecsim.commands.ble_values`.
"""

from quecsim.at.context import Context, bluetooth, wifi
from quecsim.at.keyed import Values, need
from quecsim.at.spec import Command, Integer, Text
from quecsim.at.stored import stored, stored_command
from quecsim.at.wifi_text import head
from quecsim.border.ble import SLOT_NS, Parameters
from quecsim.clients.ble_central import ScanMode
from quecsim.clients.ble_state import Role
from quecsim.commands.ble_device import CONNECTION, ble, is_hex, need_role
from quecsim.commands.wlan import SOURCE
from quecsim.units import ms

_ADDRESS_DIGITS = 12


# those who advertise


def _window_fits(context: Context, values: Values) -> None:
    need_role(context, Role.CENTRAL)
    need(holds=int(values[1]) <= int(values[0]))


QBLESCANPARAM = stored_command(
    "+QBLESCANPARAM",
    "Scan interval and window, in 0.625 ms; they hold from the next scan on",
    SOURCE,
    (Integer("scan_interval", 18, 4096), Integer("scan_window", 17, 4096)),
    (100, 30),
    check=_window_fits,
)
QBLESCAN = Command(
    "+QBLESCAN",
    "Scan: 0 stop, 1 names, 2 and 3 with advertising data; 3 only of those that take connections",
    source=SOURCE,
    params=(
        Integer("scan", allowed=(0, 1, 2, 3)),
        Integer("timeout", 100, 10_000, optional=True, note="ms; mode 2 needs it"),
    ),
)


@QBLESCAN.read
def _is_scanning(context: Context) -> str:
    return f"{head(wifi(context), QBLESCAN.name)}{int(ble(context).central.is_scanning)}"


@QBLESCAN.write
def _scan(context: Context, mode: int, timeout_ms: int | None) -> None:
    central = need_role(context, Role.CENTRAL).central
    if mode == 0:
        central.stop_scan()
        return
    need(holds=timeout_ms is not None or mode != ScanMode.DATA)
    interval, window = map(int, stored(context, QBLESCANPARAM.name, (100, 30)))
    duration_ns = None if timeout_ms is None else ms(timeout_ms)
    central.scan(ScanMode(mode), interval * SLOT_NS, window * SLOT_NS, duration_ns)


# a connection


QBLECONNPARAM = Command(
    "+QBLECONNPARAM",
    "Connection interval (1.25 ms), supervision timeout (10 ms), latency",
    source=SOURCE,
    params=(
        CONNECTION,
        Integer("con_interval", 6, 3200),
        Integer("timeout", 10, 3200),
        Integer("latency", high=499),
    ),
    is_setting=True,
)


@QBLECONNPARAM.read
def _get_parameters(context: Context) -> str:
    now = _parameters(context)
    values = f"0,{now.interval},{now.timeout},{now.latency}"
    return f"{head(wifi(context), QBLECONNPARAM.name)}{values}"


@QBLECONNPARAM.write
def _set_parameters(
    context: Context, number: int, interval: int, timeout: int, latency: int
) -> None:
    """The other side may leave out `latency` events, and one more may get lost: the Bluetooth
    specification wants twice that time to be less than the timeout. The manual's text has lost the
    names of its rule.
    """
    there = need_role(context, Role.CENTRAL)
    need(holds=(1 + latency) * interval < timeout * 4)
    context.settings.config[QBLECONNPARAM.name] = (number, interval, timeout, latency)
    if there.is_connected:
        there.central.set_parameters(_wanted_parameters(context))


def _parameters(context: Context) -> Parameters:
    """Those of the connection, or of the next one."""
    there = ble(context)
    return there.parameters if there.is_connected else _wanted_parameters(context)


def _wanted_parameters(context: Context) -> Parameters:
    values = stored(context, QBLECONNPARAM.name, (0, 20, 500, 0))
    _, interval, timeout, latency = map(int, values)
    return Parameters(interval, latency, timeout)


QBLECFGMTU = Command(
    "+QBLECFGMTU",
    "Largest transmission unit, in bytes; once in a connection",
    source=SOURCE,
    params=(Integer("MTU_value", 64, 512),),
    is_setting=True,
)


@QBLECFGMTU.read
def _get_mtu(context: Context) -> str:
    return f"{head(wifi(context), QBLECFGMTU.name)}{_wanted_mtu(context)}"


@QBLECFGMTU.write
def _set_mtu(context: Context, mtu: int) -> None:
    there = need_role(context, Role.CENTRAL)
    need(holds=not there.is_connected or there.central.set_mtu(mtu))
    context.settings.config[QBLECFGMTU.name] = (mtu,)


def _wanted_mtu(context: Context) -> int:
    return int(stored(context, QBLECFGMTU.name, (64,))[0])


QBLECONN = Command(
    "+QBLECONN",
    "Connect to a device: type of its address (0 public, 1 random), address, patience in ms",
    source=SOURCE,
    params=(
        Integer("addr_type", allowed=(0, 1)),
        Text("peer_addr", max_bytes=_ADDRESS_DIGITS),
        Integer("timeout", 1000, 60_000, optional=True),
    ),
)


@QBLECONN.write
def _connect(context: Context, kind: int, address: str, timeout_ms: int | None) -> None:
    there = need_role(context, Role.CENTRAL)
    need(holds=is_hex(address) and len(address) == _ADDRESS_DIGITS)
    need(holds=not there.is_connected and not there.central.is_joining)
    there.central.join(
        address.lower(),
        _wanted_parameters(context),
        ms(bluetooth(context).join_ms if timeout_ms is None else timeout_ms),
        _wanted_mtu(context),
        is_random=bool(kind),
    )


COMMANDS = (QBLESCAN, QBLESCANPARAM, QBLECONN, QBLECONNPARAM, QBLECFGMTU)
