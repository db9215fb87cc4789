"""The packet context of the GSM generation, from +QIFGCNT to +QIDEACT.

Two contexts, one of them in the foreground; each is registered, then activated. It comes up with
the address of the profile. Nothing is behind it.
"""

from quecsim.at.context import Context, is_registered, tcpip
from quecsim.at.effects import Info, NoReply, Sleep, Steps
from quecsim.at.keyed import Value, Values, merged, place_of_values, shown_value
from quecsim.at.results import AtError
from quecsim.at.spec import Command, Integer, Param, Text
from quecsim.at.stored import stored
from quecsim.units import ms

_SOURCE = "M95 FTPS Application Note V1.0, 4.2.1"
_CHANNEL = 255  # no channel of a multiplexer has the context
_CSD = 0

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
_NEW: Values = (1, "CMNET", "", "")

QICSGP = Command(
    "+QICSGP",
    "Bearer of the context (0 CSD, 1 GPRS), access point, user, password",
    f"{_SOURCE}; its read form is assumed",
    _BEARER,
)


def _place(context: Context, name: str) -> str:
    return place_of_values(name, "context", (_foreground(context),))


@QICSGP.write
def _configure(context: Context, *given: Value | None) -> None:
    context.settings.config[_place(context, QICSGP.name)] = merged(given, _NEW)


def _configured(context: Context) -> Values:
    return context.settings.config.get(_place(context, QICSGP.name), _NEW)


@QICSGP.read
def _configuration(context: Context) -> str:
    values = zip(_BEARER, _configured(context), strict=True)
    return f"{QICSGP.name}: {','.join(shown_value(param, value) for param, value in values)}"


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


def _registered(context: Context) -> set[int]:
    return context.bearers.registered


@QIREGAPP.write
def _register_as(context: Context, *account: str) -> None:
    _register(context)
    mode = _configured(context)[0]
    context.settings.config[_place(context, QICSGP.name)] = (mode, *account)


@QIREGAPP.execute
def _register(context: Context) -> None:
    number = _foreground(context)
    if number in _registered(context):
        raise AtError
    _registered(context).add(number)


@QIREGAPP.read
def _registration(context: Context) -> str:
    _, apn, user, password = _configured(context)
    return f'{QIREGAPP.name}: "{apn}","{user}","{password}"'


QIACT = Command(
    "+QIACT",
    "Activate the context, once it is registered: it comes up, with nothing behind it",
    _SOURCE,
    test_text="",
)


@QIACT.execute
def _activate(context: Context) -> Steps:
    number = _foreground(context)
    if number in context.bearers.active or number not in _registered(context):
        raise AtError
    yield Sleep(ms(tcpip(context).activate_ms), "the packet context was being activated")
    is_call = _configured(context)[0] == _CSD
    if is_call or not is_registered(context):
        raise AtError
    context.bearers.active.add(number)


QILOCIP = Command(
    "+QILOCIP", "The address of the active context; no OK behind it", _SOURCE, test_text=""
)


@QILOCIP.execute
def _address(context: Context) -> Steps:
    if _foreground(context) not in context.bearers.active:
        raise AtError
    yield Info(tcpip(context).address)
    yield NoReply()


QIDEACT = Command("+QIDEACT", "Deactivate the context; DEACT OK also where it is not", _SOURCE)
QIDEACT.test_text = ""


@QIDEACT.execute
def _deactivate(context: Context) -> Steps:
    number = _foreground(context)
    if number in context.bearers.active:
        yield Sleep(ms(tcpip(context).activate_ms), "the packet context was being deactivated")
    context.bearers.active.discard(number)
    _registered(context).discard(number)
    yield Info("DEACT OK")
    yield NoReply()


COMMANDS = (QIFGCNT, QICSGP, QIREGAPP, QIACT, QILOCIP, QIDEACT)
