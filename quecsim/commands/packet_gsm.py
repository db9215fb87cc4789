"""The packet context of the GSM generation, from +QIFGCNT to +QIDEACT.

Two contexts, one of them in the foreground, which are the first two of +CGDCONT; each is
registered, then activated. It comes up with an address of the profile (`at.bearer`).
"""

from quecsim.at.activation import activation
from quecsim.at.bearer import Definition
from quecsim.at.context import Context, tcpip
from quecsim.at.effects import Info, NoReply, Sleep, Steps
from quecsim.at.keyed import place_of_values
from quecsim.at.results import AtError, Tcpip
from quecsim.at.spec import Command, Integer, Param, Text
from quecsim.at.stored import stored
from quecsim.units import ms

_SOURCE = "M95 FTPS Application Note V1.0, 4.2.1"
_CHANNEL = 255  # no channel of a multiplexer has the context
_CSD, _GPRS = 0, 1

QIFGCNT = Command(
    "+QIFGCNT",
    "Which of the two contexts the commands are about",
    f"{_SOURCE}; its read form as on the sister M66, from memory",
    (Integer("id", allowed=(0, 1)),),
)


def _foreground(context: Context) -> int:
    return int(stored(context, QIFGCNT.name, (0,))[0])


@QIFGCNT.write
def _choose(context: Context, number: int) -> None:
    context.settings.config[QIFGCNT.name] = (number,)


@QIFGCNT.read
def _chosen(context: Context) -> str:
    return f"{QIFGCNT.name}: {_foreground(context)},{_CHANNEL}"


_BEARER: tuple[Param, ...] = (
    Integer("mode", allowed=(0, 1)),
    Text("apn", max_bytes=99, needs_quotes=True),
    Text("username", max_bytes=127, optional=True),
    Text("password", max_bytes=127, optional=True),
)
_NEW = Definition(apn="CMNET")

QICSGP = Command(
    "+QICSGP",
    "Bearer of the context (0 CSD, 1 GPRS), access point, user, password",
    f"{_SOURCE}; its read form is assumed",
    _BEARER,
)


def context_number(context: Context) -> int:
    """The foreground context as +CGDCONT counts it: from 1."""
    return _foreground(context) + 1


def _mode_place(context: Context) -> str:
    return place_of_values(QICSGP.name, "mode", (_foreground(context),))


def _mode(context: Context) -> int:
    return int(stored(context, _mode_place(context), (_GPRS,))[0])


@QICSGP.write
def _configure(
    context: Context, mode: int, apn: str, user: str | None, password: str | None
) -> None:
    """The same context as +CGDCONT's; what is left out is none."""
    context.settings.config[_mode_place(context)] = (mode,)
    _account(context, apn, user or "", password or "")


def _account(context: Context, apn: str, user: str, password: str) -> None:
    after = _definition(context)._replace(apn=apn, user=user, password=password)
    context.bearer.define(context_number(context), after)


def _definition(context: Context) -> Definition:
    return context.bearer.definitions.get(context_number(context), _NEW)


@QICSGP.read
def _configuration(context: Context) -> str:
    _, apn, *_, user, password, _ = _definition(context)
    return f'{QICSGP.name}: {_mode(context)},"{apn}","{user}","{password}"'


QIREGAPP = Command(
    "+QIREGAPP",
    "Register the context on TCP/IP: with access point, user and password, or as they are",
    f"{_SOURCE}; its read form is assumed",
    (
        Text("apn", max_bytes=99, needs_quotes=True),
        Text("username", max_bytes=127, needs_quotes=True),
        Text("password", max_bytes=127, needs_quotes=True),
    ),
)


@QIREGAPP.write
def _register_as(context: Context, apn: str, user: str, password: str) -> None:
    _register(context)
    _account(context, apn, user, password)


@QIREGAPP.execute
def _register(context: Context) -> None:
    claimed = context.bearer.claimed
    if context_number(context) in claimed:
        raise AtError
    claimed.add(context_number(context))


@QIREGAPP.read
def _registration(context: Context) -> str:
    definition = _definition(context)
    return f'{QIREGAPP.name}: "{definition.apn}","{definition.user}","{definition.password}"'


QIACT = Command(
    "+QIACT",
    "Activate the context, once it is registered: it comes up with an address",
    _SOURCE,
    test_text="",
)


@QIACT.execute
def _activate(context: Context) -> Steps:
    number, bearer = context_number(context), context.bearer
    is_call = _mode(context) == _CSD
    # The note's 5.1: AT+CGACT must not have it, there are two at once, and its access point is set.
    is_taken = number in bearer.up and not bearer.is_up(number)
    is_full = len(bearer.up) >= tcpip(context).active_contexts
    if number not in bearer.claimed or is_taken or is_full:
        raise AtError
    if not is_call and not _definition(context).apn:
        raise AtError
    error = yield from activation(context, number, is_call=is_call)
    if error is not Tcpip.NONE:
        raise AtError


QILOCIP = Command(
    "+QILOCIP", "The address of the active context; no OK behind it", _SOURCE, test_text=""
)


@QILOCIP.execute
def _address(context: Context) -> Steps:
    number = context_number(context)
    if not context.bearer.is_up(number):
        raise AtError
    yield Info(context.bearer.address(number))
    yield NoReply()


QIDEACT = Command("+QIDEACT", "Deactivate the context; DEACT OK also where it is not", _SOURCE)
QIDEACT.test_text = ""


@QIDEACT.execute
def _deactivate(context: Context) -> Steps:
    number = context_number(context)
    if context.bearer.is_up(number):
        yield Sleep(ms(tcpip(context).activate_ms), "the packet context was being deactivated")
    context.bearer.deactivate(number)
    yield Info("DEACT OK")
    yield NoReply()


COMMANDS = (QIFGCNT, QICSGP, QIREGAPP, QIACT, QILOCIP, QIDEACT)
