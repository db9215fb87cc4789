"""Settings and queries of Wi-Fi that need no network, as a device that is in none answers them."""

from ipaddress import IPv4Address

from quecsim.at.context import Context, wireless
from quecsim.at.keyed import Values
from quecsim.at.results import AtError
from quecsim.at.spec import Choice, Command, Integer, Text
from quecsim.at.stored import stored, stored_command
from quecsim.commands.wlan import SOURCE

_NO_ADDRESS = "0.0.0.0"
_STATIC = {"station": "+QSTASTATIC", "ap": "+QAPSTATIC"}


def _need_addresses(_context: Context, addresses: Values) -> None:
    """Plain ERROR unless all of them are IPv4 addresses."""
    try:
        for address in addresses:
            IPv4Address(address)
    except ValueError:
        raise AtError from None


QWLMAC = Command(
    "+QWLMAC",
    "MAC address of Wi-Fi",
    source=f"{SOURCE}; it speaks of colons, but its default value has none",
)


@QWLMAC.execute
def _mac(context: Context) -> str:
    return f'+QWLMAC: "{wireless(context).mac}"'


def _static(name: str, title: str) -> Command:
    """AT+QSTASTATIC and AT+QAPSTATIC."""
    command = Command(
        name,
        title,
        source=SOURCE,
        params=(Text("IP"), Text("mask"), Text("gate"), Text("DNS")),
    )

    @command.write
    def _set(context: Context, *addresses: str) -> None:
        _need_addresses(context, addresses)
        context.settings.config[name] = addresses

    return command


QGETIP = Command(
    "+QGETIP",
    "Addresses of the station or of the access point: the static ones, in no network",
    source=f"{SOURCE}; the order of gateway and mask is not that of AT+QSTASTATIC",
    params=(Choice("mode", tuple(_STATIC)),),
)


@QGETIP.write
def _addresses(context: Context, mode: str) -> str:
    ip, mask, gate, dns = stored(context, _STATIC[mode], (_NO_ADDRESS,) * 4)
    return f'+QGETIP: "{ip}","{gate}","{mask}","{dns}"'


def _state(name: str, title: str, state: str) -> Command:
    """A query whose answer is always the same as long as there is no network."""
    command = Command(name, title, source=SOURCE)
    command.execute(lambda _context: f'{name}: "{state}"')
    return command


QGETWIFISTATE = Command(
    "+QGETWIFISTATE", "The hotspot that the station is connected to", source=SOURCE
)


@QGETWIFISTATE.execute
def _hotspot(_context: Context) -> None:
    raise AtError  # it is connected to none


QSTAAPINFORMV = Command(
    "+QSTAAPINFORMV", "Forget the saved hotspot: without Wi-Fi none is saved", source=SOURCE
)


@QSTAAPINFORMV.execute
def _forget_hotspot(_context: Context) -> None:
    return None


QIDNSCFG = stored_command(
    "+QIDNSCFG",
    "Addresses of the DNS servers",
    SOURCE,
    (Text("pridnsaddr"), Text("secdnsaddr", optional=True)),
    (_NO_ADDRESS, _NO_ADDRESS),
    check=_need_addresses,
)

QWEBCFG = Command(
    "+QWEBCFG",
    "Configuring Wi-Fi by a web page: 0 off, 1 on; nobody is there to open it",
    source=SOURCE,
    params=(Integer("enable", allowed=(0, 1)),),
)


@QWEBCFG.write
def _web(context: Context, enable: int) -> None:
    context.settings.config[QWEBCFG.name] = (enable,)


COMMANDS = (
    QWLMAC,
    QGETIP,
    _state("+QSTAST", "State of the station", "STATION_DOWN"),
    stored_command(
        "+QSTADHCP",
        "DHCP of the station: 0 off, 1 on",
        SOURCE,
        (Integer("enable", allowed=(0, 1)),),
        (1,),
    ),
    _static(_STATIC["station"], "Static addresses of the station"),
    _state("+QAPSTATE", "State of the access point", "SOFTAP_DOWN"),
    _static(_STATIC["ap"], "Static addresses of the access point"),
    QGETWIFISTATE,
    QSTAAPINFORMV,
    QIDNSCFG,
    QWEBCFG,
)
