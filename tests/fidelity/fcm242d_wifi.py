"""FCM242D&FGM842D AT Commands Manual: what Wi-Fi says unasked, by the tables of its codes.

The manual prints the codes and not when they come: their order and times are those of sister
devices, and the access point is the one of its example.
"""

from tests.fidelity.dialogue import Dialogue

_BLANK = "printed without the blank behind the colon, which a capture of a sister module has"

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
)
