"""FCM242D&FGM842D AT Commands Manual: what the command descriptions print in full.

A command is here where both its line and its reply stand without a parameter to fill in. Where the
manual prints "(list of supported ...s)", its own example `+QMTOPEN: (0-5),<host_name>,(1-65535)`
shows what the device prints: the values, while a name in angle brackets stays as it is.
"""

from tests.fidelity.dialogue import Dialogue

LISTS = "printed with (list of supported ...s): the values are those of the same page"
RENUMBERED = f"{LISTS}; 1/2 in the lists of the conversion are 0/1"
_STRIPPED = "the conversion lost what stood in angle brackets"


_BASIC = (
    Dialogue("AT command input", "AT\nOK"),
    Dialogue("AT+QRST", "AT+QRST\nOK\n<reboot>", is_joined=False),
    Dialogue(
        "AT+QWLMAC",
        """
        AT+QWLMAC
        +QWLMAC: "8800337769cc"
        OK
        """,
        note=f"{_STRIPPED}; the default value, which has none of the colons that the same "
        "line speaks of",
    ),
    Dialogue(
        "AT+QSTAST",
        """
        AT+QSTAST
        +QSTAST: "STATION_DOWN"
        OK
        """,
        note=f"{_STRIPPED}; the state before any Wi-Fi command",
        is_joined=False,
    ),
    Dialogue("AT+QSTASTOP", "AT+QSTASTOP\nOK", is_joined=False),
    Dialogue(
        "AT+QAPSTATE",
        """
        AT+QAPSTATE
        +QAPSTATE: "SOFTAP_DOWN"
        OK
        """,
        note=f"{_STRIPPED}; the state before any Wi-Fi command",
        is_joined=False,
    ),
    Dialogue("AT+QSOFTAPSTOP", "AT+QSOFTAPSTOP\nOK"),
    Dialogue(
        "AT+QIDNSCFG, test command",
        """
        AT+QIDNSCFG=?
        +QIDNSCFG: <pridnsaddr>,<secdnsaddr>
        OK
        """,
        note=_STRIPPED,
    ),
    Dialogue("AT+QSTAAPINFORMV", "AT+QSTAAPINFORMV\nOK"),
    Dialogue(
        "AT+QCFG, test command",
        """
        AT+QCFG=?
        +QCFG: "urc/pin",(0,1),(60-300)
        OK
        """,
        note=f"{_STRIPPED}; {RENUMBERED}",
    ),
)

# What comes before a peripheral's commands.
_PERIPHERAL = """
AT+QBLEINIT=2
OK
AT+QBLEGATTSSRV="FFF1"
OK
AT+QBLEGATTSCHAR="FFF2"
OK
AT+QBLEGATTSSRVDONE
OK
"""
_BEFORE = "printed alone; with what has to come before"

_BLE = (
    Dialogue(
        "AT+QBLENAME, read command, FCM242D",
        """
        AT+QBLENAME?
        +QBLENAME: "FCM242D"
        OK
        """,
        devices=("fcm242d",),
        note="printed with <BLE_name>: the default value, in the quotes of a string type",
    ),
    Dialogue(
        "AT+QBLENAME, read command, FGM842D",
        """
        AT+QBLENAME?
        +QBLENAME: "FGM842D"
        OK
        """,
        devices=("fgm842d",),
        note="printed with <BLE_name>: the default value, in the quotes of a string type",
    ),
    Dialogue(
        "AT+QBLEADVPARAM, read command",
        """
        AT+QBLEINIT=2,1
        OK
        AT+QBLEADVPARAM?
        +QBLEADVPARAM: 160,160
        OK
        """,
        note="printed with <adv_int_min>,<adv_int_max>: the defaults; for a peripheral device",
    ),
    Dialogue(
        "AT+QBLESCANPARAM, read command",
        """
        AT+QBLEINIT=1
        OK
        AT+QBLESCANPARAM?
        +QBLESCANPARAM: 100,30
        OK
        """,
        note="printed with <scan_interval>,<scan_window>: the default values; for a central device",
    ),
    Dialogue(
        "AT+QBLECFGMTU, read command",
        """
        AT+QBLEINIT=1
        OK
        AT+QBLECFGMTU?
        +QBLECFGMTU: 64
        OK
        """,
        note="printed with <MTU_value>: the default value; for a central device",
    ),
    Dialogue("AT+QBLEADVSTART", f"{_PERIPHERAL}AT+QBLEADVSTART\nOK", note=_BEFORE),
    Dialogue(
        "AT+QBLEADVSTOP", f"{_PERIPHERAL}AT+QBLEADVSTART\nOK\nAT+QBLEADVSTOP\nOK", note=_BEFORE
    ),
    Dialogue(
        "AT+QBLEDISCONN",
        f"""{_PERIPHERAL}AT+QBLEADVSTART\nOK
        +QBLESTAT: "CONNECTED"
        AT+QBLEDISCONN\nOK
        +QBLESTAT: "DISCONNECTED"
        """,
        note=_BEFORE,
        ble_peers=({"kind": "phone", "name": "phone", "after_ms": 100},),
    ),
    Dialogue(
        "AT+QBLESTAT",
        """
        AT+QBLESTAT
        +QBLESTAT: "NOINIT"
        OK
        """,
        note="printed with <BLE_state>; the state before any BLE command",
    ),
    Dialogue(
        "+++, BLE",
        f'{_PERIPHERAL}AT+QBLEADVSTART\nOK\nAT+QBLETRANMODE="FFF2"\nCONNECT\n+++\nOK',
        note=_BEFORE,
    ),
)

_FILES = (
    Dialogue(
        "AT+QFOPEN, test command",
        """
        AT+QFOPEN=?
        +QFOPEN: <filename>,(0-2)
        OK
        """,
        note=f"{LISTS}; the conversion numbered the modes 1 to 3",
    ),
    Dialogue(
        "AT+QFREAD, test command",
        """
        AT+QFREAD=?
        +QFREAD: <filehandle>,<length>
        OK
        """,
    ),
    Dialogue(
        "AT+QFWRITE, test command",
        """
        AT+QFWRITE=?
        +QFWRITE: <filehandle>,<length>,<timeout>
        OK
        """,
    ),
    Dialogue(
        "AT+QFCLOSE, test command",
        """
        AT+QFCLOSE=?
        +QFCLOSE: <filehandle>
        OK
        """,
    ),
    Dialogue("AT+QFLST, test command", "AT+QFLST=?\nOK"),
    Dialogue(
        "AT+QFDEL, test command",
        """
        AT+QFDEL=?
        +QFDEL: <file_name>
        OK
        """,
    ),
)

COMMANDS = (*_BASIC, *_BLE)
FILE_COMMANDS = _FILES
