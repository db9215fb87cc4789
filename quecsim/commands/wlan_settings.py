"""Addresses of Wi-Fi: its own MAC address, DHCP or static ones, name servers."""

from ipaddress import IPv4Address

from quecsim.at.context import Context, wifi, wireless, wlan
from quecsim.at.results import AtError
from quecsim.at.spec import Choice, Command, Integer, Text
from quecsim.at.station import NO_ADDRESSES, Addresses
from quecsim.at.wifi_text import addresses_text, head, said
from quecsim.commands.wlan import SOURCE


def _need_addresses(*addresses: str) -> None:
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
    return said(wifi(context), QWLMAC.name, wireless(context).mac)


_QUAD = (Text("IP"), Text("mask"), Text("gate"), Text("DNS"))

QSTASTATIC = Command(
    "+QSTASTATIC", "Addresses of the station without DHCP", source=SOURCE, params=_QUAD
)


@QSTASTATIC.write
def _set_station(context: Context, *addresses: str) -> None:
    _need_addresses(*addresses)
    wlan(context).station.set_static(Addresses(*addresses))


QAPSTATIC = Command("+QAPSTATIC", "Addresses of the access point", source=SOURCE, params=_QUAD)


@QAPSTATIC.write
def _set_ap(context: Context, *addresses: str) -> None:
    _need_addresses(*addresses)
    wlan(context).ap.static = Addresses(*addresses)


QSTADHCP = Command(
    "+QSTADHCP",
    "DHCP of the station: 0 off, 1 on",
    source=SOURCE,
    params=(Integer("enable", allowed=(0, 1)),),
    is_setting=True,
)


@QSTADHCP.write
def _set_dhcp(context: Context, enable: int) -> None:
    wlan(context).station.use_dhcp(is_on=bool(enable))


@QSTADHCP.read
def _get_dhcp(context: Context) -> str:
    return f"{head(wifi(context), QSTADHCP.name)}{int(wlan(context).station.uses_dhcp)}"


QGETIP = Command(
    "+QGETIP",
    "Addresses of the station or of the access point, as they are",
    source=f"{SOURCE}; the order of gateway and mask is not that of AT+QSTASTATIC",
    params=(Choice("mode", ("station", "ap")),),
)


@QGETIP.write
def _addresses(context: Context, mode: str) -> str:
    side = wlan(context)
    own = side.station.addresses if mode == "station" else side.ap.addresses
    dns = side.dns[0] if mode == "station" and own != NO_ADDRESSES else own.dns
    if own == NO_ADDRESSES and wifi(context).unaddressed == "error":
        raise AtError
    text = addresses_text(wifi(context), own, dns)
    return f"{head(wifi(context), QGETIP.name)}{text}"


QIDNSCFG = Command(
    "+QIDNSCFG",
    "Addresses of the DNS servers",
    source=SOURCE,
    params=(Text("pridnsaddr"), Text("secdnsaddr", optional=True)),
    is_setting=True,
)


@QIDNSCFG.write
def _set_dns(context: Context, first: str, second: str | None) -> None:
    given = (first,) if second is None else (first, second)
    _need_addresses(*given)
    wlan(context).set_dns(given)


@QIDNSCFG.read
def _get_dns(context: Context) -> str:
    first, second = wlan(context).dns
    return f'+QIDNSCFG: "{first}","{second}"'


COMMANDS = (QWLMAC, QGETIP, QSTADHCP, QSTASTATIC, QAPSTATIC, QIDNSCFG)
