"""Quectel's settings commands: +QCFG, +QINDCFG, +QURCCFG."""

from collections.abc import Callable

from quecsim.at.context import Context, radio, tcpip
from quecsim.at.keyed import Setting, Values, settings_command
from quecsim.at.results import AtError
from quecsim.at.spec import Command, Integer, Key, Text

_EC2X = "EC25&EC21 AT Commands Manual (nwscanmode, servicedomain, roamservice, gprsattach)"
_SOURCE = "EG800Q&EG91xQ AT Commands Manual V1.1"


def _set_usbifc(context: Context, _index: Values, values: Values) -> None:
    dce_by_dte, dte_by_dce = values
    assert isinstance(dce_by_dte, int)
    assert isinstance(dte_by_dce, int)
    context.settings.usbifc = (dce_by_dte, dte_by_dce)


USBIFC = Setting(
    Key(
        "usbifc",
        (Integer("dce_by_dte", allowed=(0, 2)), Integer("dte_by_dce", allowed=(0, 2))),
    ),
    (0, 0),
    get=lambda context, _index: context.settings.usbifc,
    set=_set_usbifc,
)

FOTA_CID = Setting(
    Key("fota/cid", (Integer("cid", low=1, high=lambda context: tcpip(context).contexts),)), (1,)
)
FOTA_PATH = Setting(Key("fota/path", (Text("path"),)), ("UFS:",))

# A pulse on a pin before a URC, so that the host can wake up in time; there is no pin here.
URC_PIN = Setting(
    Key(
        "urc/pin",
        (Integer("enable", allowed=(0, 1)), Integer("pulse", low=60, high=300, optional=True)),
    ),
    (0, 120),
)

_EFFECT = Integer("effect", allowed=(0, 1), optional=True)  # at once, or after a restart


def _choice(name: str, allowed: "tuple[int, ...] | Callable[[Context], tuple[int, ...]]",
            initial: int) -> Setting:  # fmt: skip
    """Which network to use: kept, and the device stays where it is."""
    key = Key(name, (Integer("value", allowed=allowed), _EFFECT))
    return Setting(key, (initial,), lasts="always", hidden=1)


_SCAN_MODES = {"gsm": 1, "umts": 2, "lte": 3}


def _scan_modes(context: Context) -> tuple[int, ...]:
    """0, all of them, and the number of each system that the device has."""
    return (0, *(_SCAN_MODES[system] for system in radio(context).systems))


SCAN_MODE = _choice("nwscanmode", _scan_modes, 0)
SERVICE_DOMAIN = _choice("servicedomain", (0, 1, 2), 2)
ROAM_SERVICE = _choice("roamservice", (1, 2, 255), 255)
GPRS_ATTACH = _choice("gprsattach", (0, 1), 1)

_KEY_SOURCES = {
    "usbifc": "EC200T&UC200T FOTA User Guide V1.0, 3.3 (usbifc)",
    "fota/cid": "EC200x&EG912Y Series FOTA Application Note V1.1, 3.2.1.1 (fota/cid, misprinted "
    "there as AT+QFOTA)",
    "fota/path": "a thread of Quectel's forum about the upgrade of an EC200U (fota/path)",
    "nwscanmode": _EC2X,
    "servicedomain": _EC2X,
    "roamservice": _EC2X,
    "gprsattach": _EC2X,
    "urc/pin": "FCM242D&FGM842D AT Commands Manual (urc/pin)",
}


def _sources(context: Context) -> str:
    sources = [_KEY_SOURCES[key.name] for key in QCFG.known_keys(context)]
    return "; ".join(dict.fromkeys(sources))


_SETTINGS = (
    USBIFC, FOTA_CID, FOTA_PATH, SCAN_MODE, SERVICE_DOMAIN, ROAM_SERVICE, GPRS_ATTACH, URC_PIN,
)  # fmt: skip
QCFG = settings_command("+QCFG", "Extended settings", _sources, _SETTINGS)


def _set_fota_cid(context: Context, index: Values, values: Values) -> None:
    FOTA_CID.change(context, QCFG.name, index, values)


# The note's misprint of AT+QCFG, for hosts that copied its examples.
QFOTA = settings_command(
    "+QFOTA",
    "The packet context for upgrades, as AT+QCFG has it",
    _KEY_SOURCES["fota/cid"],
    (
        Setting(
            FOTA_CID.key,
            FOTA_CID.initial,
            get=lambda context, index: FOTA_CID.values(context, QCFG.name, index),
            set=_set_fota_cid,
        ),
    ),
)

_INDICATIONS = ("all", "csq", "smsfull", "ring", "smsincoming", "act")

QINDCFG = Command(
    "+QINDCFG",
    "Which unsolicited result codes are sent",
    source=_SOURCE,
    params=(
        Text("urctype", needs_quotes=True),
        Integer("enable", allowed=(0, 1), optional=True),
        Integer("savetonvram", allowed=(0, 1), default=0, optional=True),
    ),
    test_text="+QINDCFG: ({}),(0,1),(0,1)".format(",".join(f'"{n}"' for n in _INDICATIONS)),
)


@QINDCFG.write
def _indicate(context: Context, kind: str, enable: int | None, save: int) -> str | None:
    name = kind.lower()
    if name not in _INDICATIONS:
        raise AtError
    if enable is None:
        return f'+QINDCFG: "{name}",{context.settings.indications.get(name, int(name == "all"))}'
    context.settings.indications[name] = enable
    if save:
        context.kept.indications[name] = enable
    return None


_URC_PORTS = ("usbat", "usbmodem", "uart1", "all")

QURCCFG = Command(
    "+QURCCFG",
    "The port that unsolicited result codes go to",
    source=_SOURCE,
    params=(Text("key", needs_quotes=True), Text("port", needs_quotes=True, optional=True)),
    test_text='+QURCCFG: "urcport",({})'.format(",".join(f'"{port}"' for port in _URC_PORTS)),
)


@QURCCFG.write
def _urc_port(context: Context, key: str, port: str | None) -> str | None:
    if key.lower() != "urcport":
        raise AtError
    if port is None:
        return f'+QURCCFG: "urcport","{context.settings.urc_port}"'
    if port.lower() not in _URC_PORTS:
        raise AtError
    context.settings.urc_port = port.lower()
    return None


CONFIG = (QCFG,)
INDICATIONS = (QINDCFG, QURCCFG)
