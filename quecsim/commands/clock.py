"""The time: +CCLK, and the network's time zone, +CTZU and +CTZR.

The clock is right from the start, or was never set (`at.clock`). With +CTZU the device takes the
network's time and zone when it registers. The network's zone never changes, so there is nothing for
+CTZR to report.
"""

from quecsim.at.clock import Clock
from quecsim.at.context import Context
from quecsim.at.results import AtError, Cme
from quecsim.at.settings import Settings
from quecsim.at.spec import Command, Integer, Text
from quecsim.at.stored import stored_command

_SOURCE = "3GPP TS 27.007; EC25&EC21 AT Commands Manual"

CCLK = Command(
    "+CCLK",
    "The clock: date, time and time zone",
    source=f"{_SOURCE}; 27.007 8.15",
    params=(Text("time", max_bytes=20, needs_quotes=True),),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text="",
)


@CCLK.write
def _set_clock(context: Context, date: str) -> None:
    try:
        context.clock.set(date)
    except ValueError:
        raise AtError(Cme.INCORRECT_PARAMETERS) from None


@CCLK.read
def _get_clock(context: Context) -> str:
    return f'+CCLK: "{context.clock.text()}"'


CTZU = stored_command(
    "+CTZU",
    "Automatic time zone update",
    _SOURCE,
    (Integer("onoff", allowed=(0, 1, 3)),),
    (0,),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    is_saved=True,
)


def follow_network(settings: Settings, clock: Clock) -> None:
    """The device has registered: it takes the network's time, where the host has it so."""
    if settings.saved.get(CTZU.name, (0,))[0]:
        clock.follow_network()


CTZR = stored_command(
    "+CTZR",
    "Report changes of the time zone: there are none",
    _SOURCE,
    (Integer("reporting", allowed=(0, 1, 2)),),
    (0,),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    is_saved=True,
)

COMMANDS = (CCLK, CTZU, CTZR)
