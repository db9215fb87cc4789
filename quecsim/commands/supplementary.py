"""Supplementary services: +CLIP, +COLP, +CCWA, +CRC, +CNUM, and +CUSD with the network's answer."""

from quecsim.at.alphabet import shown, understood
from quecsim.at.context import Context, is_registered, radio
from quecsim.at.effects import AfterReply, Steps
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Command, Integer, Text
from quecsim.at.stored import stored, stored_command
from quecsim.units import ms

_SOURCE = "3GPP TS 27.007"
_INTERNATIONAL, _NATIONAL = 145, 129


def _switch(name: str, title: str, clause: str, network: str = "") -> Command:
    """A service that is on or off; `network` is what stands behind that in an answer."""
    return stored_command(
        name,
        title,
        f"{_SOURCE} {clause}",
        (Integer("n", allowed=(0, 1)),),
        (0,),
        shows=lambda _context, values: f"{values[0]}{network}",
        bad_parameter=Cme.INCORRECT_PARAMETERS,
    )


CLIP = _switch("+CLIP", "Show who calls: nobody does", "7.6", ",1")
COLP = _switch("+COLP", "Show who was reached", "7.8", ",1")
CRC = _switch("+CRC", "Say which kind of call comes in", "6.11")

CCWA = Command(
    "+CCWA",
    "Call waiting: mode 2 asks, and it is off",
    source=f"{_SOURCE} 7.12",
    params=(
        Integer("n", allowed=(0, 1), optional=True),
        Integer("mode", high=2, optional=True),
        Integer("class", low=1, high=255, optional=True),
    ),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text="+CCWA: (0,1)",
    is_setting=True,
)


@CCWA.write
def _wait(context: Context, n: int | None, mode: int | None, class_: int | None) -> str | None:
    if n is not None:
        context.settings.config["+CCWA"] = (n,)
    return f"+CCWA: 0,{class_ or 7}" if mode == 2 else None


@CCWA.read
def _waits(context: Context) -> str:
    return f"+CCWA: {stored(context, '+CCWA', (0,))[0]}"


CNUM = Command("+CNUM", "The SIM's own number", source=f"{_SOURCE} 7.1", test_text="")


@CNUM.execute
def _own_number(context: Context) -> str:
    number = radio(context).number
    return f'+CNUM: ,"{shown(context, number)}",{number_type(number)}'


def number_type(number: str) -> int:
    """24.008's type of address: with a + in front it is an international number."""
    return _INTERNATIONAL if number.startswith("+") else _NATIONAL


CUSD = Command(
    "+CUSD",
    "Ask the network by a code such as *101#: OK, and later its answer",
    source=f"{_SOURCE} 7.15",
    params=(
        Integer("n", high=2, optional=True, default=0),
        Text("str", max_bytes=364, optional=True),
        Integer("dcs", high=255, optional=True, default=15),
    ),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text="+CUSD: (0-2)",
    is_setting=True,
)
_SHOWN, _CANCEL = 1, 2


@CUSD.write
def _ask(context: Context, n: int, code: str | None, dcs: int) -> Steps:
    if n != _CANCEL:
        context.settings.config["+CUSD"] = (n,)
    if code is None or n == _CANCEL:
        return
    understood(context, code)
    if not is_registered(context):
        raise AtError(Cme.OPERATION_NOT_ALLOWED)
    if n == _SHOWN:
        yield AfterReply(lambda now_ns: _answer(context, now_ns, dcs))


def _answer(context: Context, now_ns: int, dcs: int) -> None:
    text = f'+CUSD: 0,"{shown(context, radio(context).ussd_reply)}",{dcs}'
    context.control.send_urc_later(now_ns, ms(radio(context).ussd_ms), text)


@CUSD.read
def _presentation(context: Context) -> str:
    return f"+CUSD: {stored(context, '+CUSD', (0,))[0]}"


COMMANDS = (CLIP, COLP, CCWA, CRC, CNUM, CUSD)
