"""What a host asks about the network before it does anything: signal, registration, operator.

The answers are those of a device that has registered; the numbers come from the profile.
"""

from quecsim.at.context import Context, radio
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Command, Integer, Text

_SOURCE = "3GPP TS 27.007; EC25&EC21 AT Commands Manual"
_UNKNOWN_SIGNAL = 99

CSQ = Command(
    "+CSQ", "Signal quality", source=_SOURCE, test_text="+CSQ: (0-31,99),(0-7,99)"
)  # fmt: skip


@CSQ.execute
def _signal(context: Context) -> str:
    if context.functionality != 1:
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
    )

    @command.write
    def _set(context: Context, n: int) -> None:
        context.settings.registration[name] = n

    @command.read
    def _get(context: Context) -> str:
        mode = context.settings.registration.get(name, 0)
        cell = radio(context)
        status = cell.registration if context.functionality == 1 else 0
        place = f',"{cell.lac}","{cell.cell_id}",{cell.access_technology}'
        return f"{name}: {mode},{status}{place if mode == 2 and status in (1, 5) else ''}"

    return command


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
    context.settings.config["cgatt"] = (state,)


@CGATT.read
def _get_attach(context: Context) -> str:
    attached = context.settings.config.get("cgatt", (1,))[0] if context.functionality == 1 else 0
    return f"+CGATT: {attached}"


def _operators(context: Context) -> str:
    cell = radio(context)
    name = cell.operator_name
    entry = f'(2,"{name}","{name}","{cell.operator_numeric}",{cell.access_technology})'
    return f"+COPS: {entry},,(0-4),(0-2)"


COPS = Command(
    "+COPS",
    "Operator",
    source=_SOURCE,
    params=(
        Integer("mode", allowed=(0, 1, 2, 3, 4)),
        Integer("format", allowed=(0, 1, 2), optional=True),
        Text("oper", max_bytes=32, optional=True),
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
) -> None:
    cell = radio(context)
    if mode in (1, 4) and oper not in (cell.operator_name, cell.operator_numeric):
        raise AtError(Cme.OPERATION_NOT_ALLOWED)
    if format_ is not None:
        context.settings.config["cops_format"] = (format_,)
    if mode != 3:
        context.settings.config["cops_mode"] = (mode,)


@COPS.read
def _get_operator(context: Context) -> str:
    config, cell = context.settings.config, radio(context)
    mode = config.get("cops_mode", (0,))[0]
    if context.functionality != 1 or mode == 2:
        return f"+COPS: {mode}"
    format_ = config.get("cops_format", (0,))[0]
    name = cell.operator_numeric if format_ == 2 else cell.operator_name
    return f'+COPS: {mode},{format_},"{name}",{cell.access_technology}'


CTZU = Command(
    "+CTZU",
    "Automatic time zone update",
    source=_SOURCE,
    params=(Integer("onoff", allowed=(0, 1, 3)),),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
)


@CTZU.write
def _set_zone(context: Context, onoff: int) -> None:
    context.settings.registers["+CTZU"] = onoff


@CTZU.read
def _get_zone(context: Context) -> str:
    return f"+CTZU: {context.settings.registers.get('+CTZU', 0)}"


COMMANDS = (
    CSQ,
    _registration("+CREG", "Network registration"),
    _registration("+CGREG", "GPRS registration"),
    _registration("+CEREG", "EPS registration"),
    CGATT,
    COPS,
    CTZU,
)
