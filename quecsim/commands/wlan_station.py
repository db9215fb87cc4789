"""The station: joining an access point, leaving it, and what there is: +QSTAAPINFO, +QWSCAN."""

from quecsim.at.access_point import AccessPoint
from quecsim.at.context import Context, wifi, wlan
from quecsim.at.effects import Info, Sleep, Steps
from quecsim.at.results import AtError
from quecsim.at.spec import Command, Param, Text
from quecsim.at.station import Aim, Standing
from quecsim.at.wifi_text import head, said
from quecsim.commands.wlan import SOURCE
from quecsim.units import ms

_KEY_BYTES = 8  # a key has no fewer; 63 at most


def network_params(key: str) -> tuple[Param, ...]:
    """A name and a key, which an open access point has none of."""
    return Text("SSID", max_bytes=32), Text(key, max_bytes=63, optional=True)


def checked(ssid: str, key: str | None) -> tuple[str, str]:
    """The name and the key, empty for none. Plain ERROR for one that is too short."""
    if not ssid or (key is not None and len(key) < _KEY_BYTES):
        raise AtError
    return ssid, key or ""


def _joining(name: str, title: str, *, saves: bool) -> Command:
    """AT+QSTAAPINFO and AT+QSTAAPINFODEF."""
    command = Command(name, title, source=SOURCE, params=network_params("pwd"))

    @command.write
    def _join(context: Context, ssid: str, key: str | None) -> None:
        wlan(context).station.join(Aim(*checked(ssid, key)), saves=saves)

    return command


QSTAAPINFORMV = Command("+QSTAAPINFORMV", "Forget the saved hotspot", source=SOURCE)


@QSTAAPINFORMV.execute
def _forget(context: Context) -> None:
    wlan(context).station.forget()


QSTASTOP = Command("+QSTASTOP", "Leave the hotspot, and join none", source=SOURCE)


@QSTASTOP.execute
def _stop(context: Context) -> None:
    wlan(context).station.stop()


QSTAST = Command("+QSTAST", "State of the station", source=SOURCE)

_UP_FROM = {
    "enabled": (Standing.JOINING, Standing.CONNECTED, Standing.GOT_IP),
    "joined": (Standing.CONNECTED, Standing.GOT_IP),
    "addressed": (Standing.GOT_IP,),
}


@QSTAST.execute
def _state(context: Context) -> str:
    is_up = wlan(context).station.standing in _UP_FROM[wifi(context).station_up]
    text = f"STATION_{'UP' if is_up else 'DOWN'}"
    return said(wifi(context), QSTAST.name, text)


QGETWIFISTATE = Command(
    "+QGETWIFISTATE",
    "The hotspot that the station is connected to; its signal in dBm",
    source=f"{SOURCE}; whether its values have quotes is not known",
)


@QGETWIFISTATE.execute
def _hotspot(context: Context) -> str | None:
    point = wlan(context).station.point
    if point is None:
        if wifi(context).unjoined == "error":
            raise AtError
        return None
    place = f"{head(wifi(context), QGETWIFISTATE.name)}ssid={point.ssid},bssid={point.bssid}"
    return f"{place},rssi={point.rssi_dbm},psk_type={point.words}"


QWSCAN = Command(
    "+QWSCAN",
    "The hotspots that there are, the strongest first",
    source=f"{SOURCE}; it has lost the values, whose order is that of its list of parameters",
)


@QWSCAN.execute
def _scan(context: Context) -> Steps:
    yield Sleep(ms(wifi(context).list_ms), "hotspots were being looked for")
    for point in wlan(context).access_points:
        yield Info(f"{head(wifi(context), QWSCAN.name)}{_listed(context, point)}")


def _listed(context: Context, point: AccessPoint) -> str:
    quotes = wifi(context).list_quotes
    name = point.ssid if quotes == "none" else f'"{point.ssid}"'
    words, bssid = (f'"{text}"' if quotes == "all" else text for text in (point.words, point.bssid))
    signal = point.rssi_dbm + wifi(context).list_rssi_offset
    return f"{name},{words},{signal},{bssid},{point.channel}"


COMMANDS = (
    _joining("+QSTAAPINFO", "Join a hotspot, until the next restart", saves=False),
    _joining("+QSTAAPINFODEF", "Join a hotspot, and after each start again", saves=True),
    QSTAAPINFORMV,
    QSTASTOP,
    QSTAST,
    QGETWIFISTATE,
    QWSCAN,
)
