"""How the Wi-Fi commands and codes of a device are written, as its profile has it (`wifi.words`).

The one place that reads it. Newer modules say `+QSTASTAT: "GOT_IP"`, an FC41D `+QSTASTAT:GOT_IP`.
"""

from quecsim.at.station import Addresses
from quecsim.profiles.schema import Wifi


def head(wifi: Wifi, name: str) -> str:
    """What stands before the values: `+QVERSION: ` or `+QVERSION:`."""
    return f"{name}:" if wifi.words == "bare" else f"{name}: "


def word(wifi: Wifi, text: str) -> str:
    """A word or an address among the values."""
    return text if wifi.words == "bare" else f'"{text}"'


def said(wifi: Wifi, name: str, text: str) -> str:
    """A line with a single word: `+QAPSTAT: "AP_UP"`."""
    return f"{head(wifi, name)}{word(wifi, text)}"


def event_head(wifi: Wifi) -> str:
    """What stands before an event of the station."""
    return "+QSTASTAT: " if wifi.words == "quoted" and wifi.station_blank else "+QSTASTAT:"


def addresses_text(wifi: Wifi, own: Addresses, dns: str) -> str:
    """What AT+QGETIP tells: the bare form names each address."""
    if wifi.words == "bare":
        return f"ip:{own.ip},gate:{own.gateway},mask:{own.mask},dns:{dns}"
    return f'"{own.ip}","{own.gateway}","{own.mask}","{dns}"'
