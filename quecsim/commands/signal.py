"""The cell that the device is on: its strength (+CESQ, +QCSQ), and what it is (+QNWINFO)."""

from quecsim.at.context import Context, is_registered, radio
from quecsim.at.spec import Command
from quecsim.profiles.schema import System

_QUECTEL = "EC25&EC21 AT Commands Manual"
_ZERO_DBM = {"lte": 141, "umts": 121, "gsm": 111}  # of the level's index in +CESQ
_UNKNOWN = {"rxlev": 99, "ber": 99, "rscp": 255, "ecno": 255, "rsrq": 255, "rsrp": 255}

# 27.007's numbers of access technologies; 8 is LTE Cat M1 where Quectel's modules say it.
_SYSTEMS: dict[int, System] = {0: "gsm", 2: "umts", 7: "lte", 8: "lte", 9: "lte"}
# Quectel's words for them, in +QCSQ and in +QNWINFO; a device has its own for LTE.
_WORDS = {"gsm": ("GSM", "GSM"), "umts": ("WCDMA", "WCDMA")}


def _system(context: Context) -> System:
    """The one that it is on."""
    return _SYSTEMS.get(radio(context).access_technology, "gsm")


def _words(context: Context) -> tuple[str, str]:
    """That system's name in +QCSQ, and in +QNWINFO."""
    return _WORDS.get(_system(context), radio(context).lte_words)


CESQ = Command(
    "+CESQ",
    "Signal quality of GSM, UMTS and LTE; 99 and 255 where it is not on that",
    source="3GPP TS 27.007 8.69",
    test_text="+CESQ: (0-63,99),(0-7,99),(0-96,255),(0-49,255),(0-34,255),(0-97,255)",
)


@CESQ.execute
def _quality(context: Context) -> str:
    values = dict(_UNKNOWN)
    if is_registered(context):
        cell = radio(context)
        system = _system(context)
        level = cell.level_dbm + _ZERO_DBM[system]
        if system == "lte":
            values |= {"rsrp": _within(level, 97), "rsrq": _within(2 * cell.quality_db + 40, 34)}
        elif system == "umts":
            values |= {"rscp": _within(level, 96), "ecno": _within(2 * cell.quality_db + 49, 49)}
        else:
            values |= {"rxlev": _within(level, 63), "ber": cell.csq_ber}
    return f"+CESQ: {','.join(map(str, values.values()))}"


def _within(value: int, top: int) -> int:
    return max(0, min(value, top))


QCSQ = Command(
    "+QCSQ",
    "Signal strength in dB and dBm",
    source=_QUECTEL,
    test_text='+QCSQ: ("NOSERVICE","GSM","WCDMA","LTE")',
)


@QCSQ.execute
def _strength(context: Context) -> str:
    if not is_registered(context):
        return '+QCSQ: "NOSERVICE"'
    cell = radio(context)
    rssi = 2 * min(cell.csq_rssi, 31) - 113
    sinr = 5 * (cell.sinr_db + 20) if cell.sinr_fifths else cell.sinr_db
    numbers = {
        "lte": (rssi, cell.level_dbm, sinr, cell.quality_db),
        "umts": (rssi, cell.level_dbm, cell.quality_db),
        "gsm": (rssi,),
    }[_system(context)]
    return f'+QCSQ: "{_words(context)[0]}",{",".join(map(str, numbers))}'


QNWINFO = Command(
    "+QNWINFO", "Access technology, operator, band and channel", source=_QUECTEL, test_text=""
)


@QNWINFO.execute
def _network(context: Context) -> str:
    if not is_registered(context):
        return "+QNWINFO: No Service"
    cell = radio(context)
    return (
        f'+QNWINFO: "{_words(context)[1]}","{cell.operator_numeric}","{cell.band}",{cell.channel}'
    )


COMMANDS = (CESQ, QCSQ, QNWINFO)
