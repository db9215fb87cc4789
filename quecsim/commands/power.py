"""Functionality, SIM presence and power: +CFUN, +CPIN, +QPOWD."""

from quecsim.at.bearer import Down
from quecsim.at.context import Context
from quecsim.at.effects import AfterReply, NoReply, Steps
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Command, Integer
from quecsim.units import ms

CFUN = Command(
    "+CFUN",
    "Functionality: 0 minimum, 1 full, 4 radio off; ,1 restarts",
    source="EC25&EC21 AT Commands Manual; restart rules: UIS8910DM AT engine source",
    params=(
        Integer("fun", allowed=(0, 1, 4)),
        Integer("rst", allowed=(0, 1), default=0, optional=True),
    ),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
)


@CFUN.write
def _set_functionality(context: Context, fun: int, rst: int) -> Steps:
    if rst:
        if fun != 1:
            raise AtError(Cme.OPERATION_NOT_ALLOWED)
        yield AfterReply(context.control.restart)
        return
    before, context.functionality = context.functionality, fun
    if fun == before:
        return
    if fun == 1:
        context.bearer.search()
    else:
        context.bearer.stop(Down.RADIO_OFF)
    act = _announce_radio if fun == 1 else _silence_radio
    yield AfterReply(lambda now_ns: act(context, now_ns))


def _announce_radio(context: Context, now_ns: int) -> None:
    for urc in context.profile.boot.radio_urcs:
        context.control.send_urc_later(now_ns, ms(urc.after_ms), urc.text)


def _silence_radio(context: Context, now_ns: int) -> None:
    texts = {urc.text for urc in context.profile.boot.radio_urcs}
    context.control.cancel_urcs(now_ns, texts)


@CFUN.read
def _get_functionality(context: Context) -> str:
    return f"+CFUN: {context.functionality}"


CPIN = Command(
    "+CPIN",
    "SIM state",
    source="3GPP TS 27.007 8.3; EC25&EC21 AT Commands Manual",
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text="",
)


@CPIN.read
def _get_pin(context: Context) -> str:
    if context.functionality == 0:
        raise AtError(Cme.SIM_NOT_INSERTED)
    return "+CPIN: READY"


QPOWD = Command(
    "+QPOWD",
    "Power down: 1 normal, 0 at once",
    source="EC25&EC21 AT Commands Manual; order of the texts: UIS8910DM AT engine source",
    params=(Integer("n", allowed=(0, 1), default=1, optional=True),),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
)


@QPOWD.write
@QPOWD.execute
def _power_down(context: Context, n: int = 1) -> Steps:
    if n == 0:
        yield NoReply()  # at once: neither OK nor a farewell
    yield AfterReply(lambda now_ns: context.control.power_down(now_ns, announce=n == 1))


COMMANDS = (CFUN, CPIN, QPOWD)
