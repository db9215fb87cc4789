"""The device as an access point itself: +QSOFTAP, +QSOFTAPSTOP, +QAPSTATE."""

from quecsim.at.context import Context, wifi, wlan
from quecsim.at.effects import Announce, Sleep, Steps
from quecsim.at.results import AtError
from quecsim.at.spec import Command
from quecsim.at.wifi_text import said
from quecsim.commands.wlan import SOURCE
from quecsim.commands.wlan_station import checked, network_params
from quecsim.units import ms

QSOFTAP = Command(
    "+QSOFTAP", "Be an access point", source=SOURCE, params=network_params("key")
)  # fmt: skip


@QSOFTAP.write
def _start(context: Context, ssid: str, key: str | None) -> Steps:
    ssid, key = checked(ssid, key)
    own = wifi(context)
    duration_ns = ms(own.ap_key_ms if key else own.ap_open_ms)
    yield Sleep(duration_ns, "the access point was being started")
    wlan(context).raise_ap(ssid, key, says=not own.ap_event_first)
    if own.ap_event_first:
        yield Announce(said(own, "+QAPSTAT", "AP_UP"))


QSOFTAPSTOP = Command("+QSOFTAPSTOP", "Be no access point any more", source=SOURCE)


@QSOFTAPSTOP.execute
def _stop(context: Context) -> None:
    ap = wlan(context).ap
    if not ap.is_up and wifi(context).ap_stop_none == "error":
        raise AtError
    ap.stop()


QAPSTATE = Command("+QAPSTATE", "State of the access point", source=SOURCE)


@QAPSTATE.execute
def _state(context: Context) -> str:
    text = f"SOFTAP_{'UP' if wlan(context).ap.is_up else 'DOWN'}"
    return said(wifi(context), QAPSTATE.name, text)


COMMANDS = (QSOFTAP, QSOFTAPSTOP, QAPSTATE)
