"""What a host asks about the network before it does anything: signal, registration, operator.

The numbers come from the profile; where the device stands is `at.bearer`.
"""

from collections.abc import Mapping

from quecsim.at.alphabet import shown
from quecsim.at.bearer import DEREGISTERED, Bearer, Changed, Down
from quecsim.at.context import Context, is_registered, radio
from quecsim.at.effects import Sleep, Steps
from quecsim.at.registration import Standing
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Command, Integer, Text
from quecsim.profiles.schema import Radio
from quecsim.units import ms

_SOURCE = "3GPP TS 27.007; EC25&EC21 AT Commands Manual"
_UNKNOWN_SIGNAL = 99
_FORMAT_ONLY = 3

CSQ = Command(
    "+CSQ", "Signal quality", source=_SOURCE, test_text="+CSQ: (0-31,99),(0-7,99)"
)  # fmt: skip


@CSQ.execute
def _signal(context: Context) -> str:
    if not is_registered(context):
        return f"+CSQ: {_UNKNOWN_SIGNAL},{_UNKNOWN_SIGNAL}"
    return f"+CSQ: {radio(context).csq_rssi},{radio(context).csq_ber}"


def _registration(name: str, title: str) -> Command:
    """+CREG and its kin: mode 2 adds the place."""
    command = Command(
        name,
        title,
        source=_SOURCE,
        params=(Integer("n", allowed=(0, 1, 2)),),
        bad_parameter=Cme.INCORRECT_PARAMETERS,
        is_setting=True,
    )

    @command.write
    def _set(context: Context, n: int) -> None:
        context.settings.registration[name] = n

    @command.read
    def _get(context: Context) -> str:
        mode = context.settings.registration.get(name, 0)
        return f"{name}: {mode},{_state(radio(context), mode, _status(context.bearer, name))}"

    return command


def _state(cell: Radio, mode: int, status: int) -> str:
    """The state of the registration, and the place where that is to be told."""
    if mode != 2 or status not in (1, 5):
        return f"{status}"
    # 27.007 had no <act> before networks of several technologies.
    technology = f",{cell.access_technology}" if set(cell.systems) != {"gsm"} else ""
    return f'{status},"{cell.lac}","{cell.cell_id}"{technology}'


_PACKET = ("+CGREG", "+CEREG")  # +CREG is about calls


def _status(bearer: Bearer, name: str) -> int:
    return bearer.packet if name in _PACKET else bearer.circuit


def registration_reports(
    bearer: Bearer, cell: Radio, modes: Mapping[str, int], changed: Changed
) -> list[str]:
    """The unsolicited result codes of what has `changed` (27.007 7.2), as far as the host wants
    them: `modes` are those that it has set, by the command's name.
    """
    return [
        f"{name}: {_state(cell, mode, _status(bearer, name))}"
        for name, mode in modes.items()
        if mode and (changed.packet if name in _PACKET else changed.circuit)
    ]


CGATT = Command(
    "+CGATT",
    "Packet domain attach",
    source=_SOURCE,
    params=(Integer("state", allowed=(0, 1)),),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
)


@CGATT.write
def _set_attach(context: Context, state: int) -> None:
    if context.functionality != 1:
        raise AtError(Cme.OPERATION_NOT_ALLOWED)
    context.bearer.attach(is_wanted=bool(state))


@CGATT.read
def _get_attach(context: Context) -> str:
    return f"+CGATT: {int(context.bearer.is_attached)}"


_AVAILABLE, _CURRENT = 1, 2


def _operators(context: Context) -> str:
    cell = radio(context)
    name = shown(context, cell.operator_name)
    state = _CURRENT if is_registered(context) else _AVAILABLE
    entry = f'({state},"{name}","{name}","{cell.operator_numeric}",{cell.access_technology})'
    return f"+COPS: {entry if context.bearer.has_network else ''},,(0-4),(0-2)"


COPS = Command(
    "+COPS",
    "Operator",
    source=_SOURCE,
    params=(
        Integer("mode", allowed=(0, 1, 2, 3, 4)),
        Integer("format", allowed=(0, 1, 2), optional=True),
        Text("oper", max_bytes=128, optional=True),
        Integer("act", high=15, optional=True),
    ),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text=_operators,
)


@COPS.write
def _set_operator(
    context: Context,
    mode: int,
    format_: int | None,
    oper: str | None,
    act: int | None,  # noqa: ARG001 - there is one technology here
) -> Steps:
    cell = radio(context)
    names = (cell.operator_name, shown(context, cell.operator_name), cell.operator_numeric)
    if mode in (1, 4) and oper not in names:
        raise AtError(Cme.OPERATION_NOT_ALLOWED)
    if format_ is not None:
        context.settings.config["cops_format"] = (format_,)
    if mode == _FORMAT_ONLY:
        return
    bearer = context.bearer
    bearer.selection = mode
    if mode == DEREGISTERED:
        bearer.stop(Down.DEREGISTERED)
    elif context.functionality == 1 and bearer.standing is Standing.OFF:
        bearer.search()
        yield Sleep(ms(cell.register_ms), "the network was being looked for")


@COPS.read
def _get_operator(context: Context) -> str:
    cell, mode = radio(context), context.bearer.selection
    if not is_registered(context):
        return f"+COPS: {mode}"
    format_ = context.settings.config.get("cops_format", (0,))[0]
    name = cell.operator_numeric if format_ == 2 else shown(context, cell.operator_name)
    return f'+COPS: {mode},{format_},"{name}",{cell.access_technology}'


COMMANDS = (
    CSQ,
    _registration("+CREG", "Network registration"),
    _registration("+CGREG", "GPRS registration"),
    _registration("+CEREG", "EPS registration"),
    CGATT,
    COPS,
)
