"""Settings and queries of Bluetooth LE that need no peer: what the device would say on the air.

The manual gives each command a role of the device, peripheral or central. It does not say that the
other role refuses it, and shows no such refusal: here a setting of either is kept in any.
"""

from quecsim.at.context import Context, wifi, wireless
from quecsim.at.keyed import Values, need
from quecsim.at.spec import Command, Integer, Text
from quecsim.at.stored import stored, stored_command
from quecsim.at.wifi_text import head, said
from quecsim.commands.wlan import SOURCE

_NO_ROLE, _AUTO_ADVERTISE = 0, 1
_MOST_UUIDS = 3  # services, and characteristics of one service
_HEX = frozenset("0123456789abcdefABCDEF")

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
    context.settings.config[QBLEINIT.name] = (role, auto_adv)


@QBLEINIT.read
def _get_role(context: Context) -> str:
    return f"+QBLEINIT: {_role(context)}"


def _role(context: Context) -> int:
    role = stored(context, QBLEINIT.name, (_NO_ROLE, _AUTO_ADVERTISE))[0]
    assert isinstance(role, int)
    return role


QBLEADDR = Command("+QBLEADDR", "Address of Bluetooth LE", source=SOURCE)


@QBLEADDR.read
def _address(context: Context) -> str:
    return said(wifi(context), QBLEADDR.name, wireless(context).ble_address)


QBLESTAT = Command("+QBLESTAT", "State of Bluetooth LE", source=SOURCE)


@QBLESTAT.execute
def _state(context: Context) -> str:
    return said(wifi(context), QBLESTAT.name, "INIT" if _role(context) else "NOINIT")


def _idle(name: str, title: str) -> Command:
    """A query whose answer is always 0 as long as nothing is on the air."""
    command = Command(name, title, source=SOURCE)
    command.read(lambda context: f"{head(wifi(context), name)}0")
    return command


# what a peripheral says of itself

QBLEADVDATA = Command(
    "+QBLEADVDATA",
    "Advertising data: AD structures in hexadecimal, each with its length in front",
    source=SOURCE,
    params=(Text("adv_data", max_bytes=62),),
)


@QBLEADVDATA.write
def _advertise(context: Context, adv_data: str) -> None:
    need(holds=_is_hex(adv_data) and len(adv_data) % 2 == 0)
    rest = bytes.fromhex(adv_data)
    while rest:
        length, rest = rest[0], rest[1:]
        need(holds=1 <= length <= len(rest))
        rest = rest[length:]
    context.settings.config[QBLEADVDATA.name] = (adv_data,)


def _is_hex(text: str) -> bool:
    return bool(text) and set(text) <= _HEX


def _uuids(name: str, title: str, *more: Integer | Text) -> Command:
    """AT+QBLEGATTSSRV and AT+QBLEGATTSCHAR: the UUIDs are told one by one, three at most."""
    return Command(name, title, source=SOURCE, params=(Text("UUID", max_bytes=32), *more))


def _add_uuid(context: Context, name: str, uuid: str) -> None:
    before = stored(context, name, ())
    need(holds=_is_hex(uuid) and len(uuid) in (4, 32) and len(before) < _MOST_UUIDS)
    context.settings.config[name] = (*before, uuid.lower())


QBLEGATTSSRV = _uuids("+QBLEGATTSSRV", "Add a service")


@QBLEGATTSSRV.write
def _add_service(context: Context, uuid: str) -> None:
    _add_uuid(context, QBLEGATTSSRV.name, uuid)


QBLEGATTSCHAR = _uuids(
    "+QBLEGATTSCHAR",
    "Add a characteristic; its properties in hexadecimal, 00-FF",
    Text("att_cfg", max_bytes=2, optional=True),
)


@QBLEGATTSCHAR.write
def _add_characteristic(context: Context, uuid: str, att_cfg: str | None) -> None:
    need(holds=att_cfg is None or _is_hex(att_cfg))
    need(holds=stored(context, QBLEGATTSSRV.name, ()) != ())  # a service comes first
    _add_uuid(context, QBLEGATTSCHAR.name, uuid)


QBLEGATTSSRVDONE = Command("+QBLEGATTSSRVDONE", "All services are told", source=SOURCE)


@QBLEGATTSSRVDONE.execute
def _services_done(context: Context) -> None:
    need(holds=stored(context, QBLEGATTSCHAR.name, ()) != ())  # a characteristic comes first


# timing


def _rising(_context: Context, values: Values) -> None:
    """The smaller interval comes first."""
    need(holds=values == tuple(sorted(values, key=int)))


def _window_fits(_context: Context, values: Values) -> None:
    need(holds=int(values[1]) <= int(values[0]))


def _supervised(_context: Context, values: Values) -> None:
    """Interval (1.25 ms) times latency is less than the timeout (10 ms).

    The published text of the manual has lost the names of this rule; the Bluetooth specification
    says the same of the three.
    """
    _, interval, timeout, latency = map(int, values)
    need(holds=interval * latency < timeout * 8)


QBLEADVPARAM = stored_command(
    "+QBLEADVPARAM",
    "Advertising intervals, in 0.625 ms",
    SOURCE,
    (Integer("adv_int_min", 32, 16_384), Integer("adv_int_max", 32, 16_384)),
    (160, 160),
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
)

COMMANDS = (
    QBLEINIT,
    QBLEADDR,
    stored_command(
        "+QBLENAME",
        "Name of the device over Bluetooth LE",
        SOURCE,
        (Text("BLE_name", max_bytes=25),),
        lambda context: (wireless(context).ble_name,),
    ),
    QBLEADVPARAM,
    QBLEADVDATA,
    QBLEGATTSSRV,
    QBLEGATTSCHAR,
    QBLEGATTSSRVDONE,
    _idle("+QBLEADVSTART", "Whether the device advertises"),
    _idle("+QBLESCAN", "Whether the device scans"),
    QBLESCANPARAM,
    QBLECONNPARAM,
    QBLECFGMTU,
    QBLESTAT,
)
