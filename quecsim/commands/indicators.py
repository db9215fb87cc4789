"""Indicators and the battery: +CIND, +CMER, +CBC."""

from quecsim.at.context import Context, is_registered, radio
from quecsim.at.results import Cme
from quecsim.at.spec import Command, Integer
from quecsim.at.stored import stored_command

_SOURCE = "3GPP TS 27.007"

CIND = Command(
    "+CIND",
    "Indicators: battery, signal, service, call, roaming, full message storage",
    source=f"{_SOURCE} 8.9",
    test_text='+CIND: ("battchg",(0-5)),("signal",(0-5)),("service",(0,1)),("call",(0,1)),'
    '("roam",(0,1)),("smsfull",(0,1))',
)


@CIND.read
def _indicators(context: Context) -> str:
    cell = radio(context)
    charge = cell.battery_percent * 5 // 100
    is_there = is_registered(context)
    signal = min(cell.csq_rssi, 31) * 5 // 31 if is_there else 0
    roams = int(is_there and cell.registration == 5)
    return f"+CIND: {charge},{signal},{int(is_there)},0,{roams},0"


CMER = stored_command(
    "+CMER",
    "Reports of events: there are none",
    f"{_SOURCE} 8.10",
    (
        Integer("mode", high=3, optional=True),
        Integer("keyp", allowed=(0,), optional=True),
        Integer("disp", allowed=(0,), optional=True),
        Integer("ind", allowed=(0, 1), optional=True),
        Integer("bfr", allowed=(0, 1), optional=True),
    ),
    (0, 0, 0, 0, 0),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
)
CBC = Command(
    "+CBC",
    "Supply voltage: charging or not, percent, millivolts",
    source=f"{_SOURCE} 8.4; EC25&EC21 AT Commands Manual",
    test_text="+CBC: (0-2),(0-100),<voltage>",
)


@CBC.execute
def _battery(context: Context) -> str:
    return f"+CBC: 0,{radio(context).battery_percent},{radio(context).battery_mv}"


COMMANDS = (CIND, CMER, CBC)
