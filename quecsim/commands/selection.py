"""Which network the device is to choose: +WS46, +CEMODE, +CPLS, +CPOL.

The choice is kept and read back; the device stays where it is.
"""

from quecsim.at.context import Context, radio
from quecsim.at.results import Cme
from quecsim.at.spec import Command, Integer
from quecsim.at.stored import stored_command

_SOURCE = "3GPP TS 27.007"

# 27.007 5.9: the number of each combination of systems.
_WS46 = {
    12: {"gsm"},
    22: {"umts"},
    25: {"gsm", "umts", "lte"},
    28: {"lte"},
    29: {"gsm", "umts"},
    30: {"gsm", "lte"},
    31: {"umts", "lte"},
}


def _combinations(context: Context) -> tuple[int, ...]:
    has = set(radio(context).systems)
    return tuple(number for number, systems in _WS46.items() if systems <= has)


def _all_systems(context: Context) -> tuple[int]:
    """The combination of all that it has."""
    return (max(_combinations(context), key=lambda number: len(_WS46[number])),)


WS46 = stored_command(
    "+WS46",
    "Networks that it may use: 12 GSM, 22 UMTS, 28 LTE; 25 and 29 to 31 several",
    f"{_SOURCE} 5.9",
    (Integer("n", allowed=_combinations),),
    _all_systems,
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text=lambda context: f"+WS46: ({','.join(map(str, _combinations(context)))})",
    is_saved=True,
)
CEMODE = stored_command(
    "+CEMODE",
    "Mode of operation in LTE",
    f"{_SOURCE} 10.1.28",
    (Integer("mode", high=3),),
    (2,),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    is_saved=True,
)
CPLS = stored_command(
    "+CPLS",
    "Which list of preferred operators is in use",
    f"{_SOURCE} 7.20",
    (Integer("list", high=2),),
    (0,),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
)
CPOL = Command(
    "+CPOL",
    "Preferred operators: none",
    source=f"{_SOURCE} 7.19",
    test_text="+CPOL: (1-20),(0-2)",
)


@CPOL.read
def _preferred(_context: Context) -> list[str]:
    return []


COMMANDS = (WS46, CEMODE, CPLS, CPOL)
