"""FCM242D&FGM842D AT Commands Manual: what Wi-Fi says unasked, by the tables of its codes.

The manual prints the codes and not when they come: their order and times are those of sister
devices, and the access point is the one of its example.
"""

from base64 import b64encode
from typing import Any

from quecsim.firmware.package import build_package
from quecsim.profiles.schema import Profile
from tests.fidelity.dialogue import Dialogue

_BLANK = "printed without the blank behind the colon, which a capture of a sister module has"

_URL, _NEW = "http://ota.example/package.bin", "NEW"


def _server(profile: Profile) -> list[dict[str, Any]]:
    package = build_package(b"firmware" * 100, profile.identity.revision, _NEW)
    files = {"/package.bin": {"base64": b64encode(package).decode()}}
    return [{"host": "ota.example", "port": 80, "kind": "http", "http": {"files": files}}]


WIFI = (
    Dialogue(
        "+QSTASTAT, joined",
        """
        AT+QSTAST
        +QSTAST: "STATION_DOWN"
        OK
        AT+QSTAAPINFO="testssid","123456789"
        OK
        +QSTASTAT: "WLAN_CONNECTED"
        +QSTASTAT: "GOT_IP"
        AT+QSTAST
        +QSTAST: "STATION_UP"
        OK
        """,
        note=_BLANK,
        is_joined=False,
    ),
    Dialogue(
        "+QSTASTAT, no access point",
        """
        AT+QSTAAPINFODEF="another"
        OK
        +QSTASTAT: "SCAN_NO_AP"
        """,
        note=_BLANK,
        is_joined=False,
    ),
    Dialogue(
        "+QSTASTAT, left",
        """
        AT+QSTASTOP
        OK
        +QSTASTAT: "WLAN_DISCONNECTED"
        """,
        note=f"{_BLANK}; and with a blank in the event, where the others have an underscore",
    ),
    Dialogue(
        "+QAPSTAT",
        """
        AT+QSOFTAP="testap"
        OK
        +QAPSTAT: "AP_UP"
        AT+QAPSTATE
        +QAPSTATE: "SOFTAP_UP"
        OK
        AT+QSOFTAPSTOP
        OK
        +QAPSTAT: "AP_DOWN"
        """,
    ),
    Dialogue(
        "AT+QGETIP, of both",
        """
        AT+QGETIP="station"
        +QGETIP: "192.168.1.100","192.168.1.1","255.255.255.0","192.168.1.1"
        OK
        AT+QGETIP="ap"
        +QGETIP: "0.0.0.0","0.0.0.0","0.0.0.0","0.0.0.0"
        OK
        """,
        note="the conversion lost the values, whose order is that of the list of parameters",
    ),
    Dialogue(
        "+QOTASTAT, successful",
        f"""
        AT+QWLANOTA="{_URL}"
        OK
        +QOTASTAT: "START_DOWNLOAD"
        +QOTASTAT: "DOWNLOADING"
        +QOTASTAT: "DOWNLOAD_SUCCEED"
        RDY
        +QSTASTAT: "WLAN_CONNECTED"
        +QSTASTAT: "GOT_IP"
        """,
        services=_server,
        note="the restart, and what follows it, are not in the manual",
    ),
    Dialogue(
        "+QOTASTAT, failed",
        f"""
        AT+QWLANOTA="{_URL}.old"
        OK
        +QOTASTAT: "START_DOWNLOAD"
        +QOTASTAT: "DOWNLOAD_FAILED"
        """,
        services=_server,
    ),
)
