"""What a host asks about the network before it does anything: signal, registration, operator.

The answers are those of a device that has registered; the numbers come from the profile.
"""

from quecsim.at.alphabet import shown
from quecsim.at.context import Context, is_registered, radio, registration
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Command, Integer, Text
from quecsim.units import ms

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
        is_setting=True,
    )

    @command.write
    def _set(context: Context, n: int) -> None:
        context.settings.registration[name] = n

    @command.read
    def _get(context: Context) -> str:
        mode, status = context.settings.registration.get(name, 0), registration(context)
        return f"{name}: {mode},{_state(context, mode, status)}"

    return command


def _state(context: Context, mode: int, status: int) -> str:
    """The state of the registration, and the place where that is to be told."""
    cell = radio(context)
    place = f',"{cell.lac}","{cell.cell_id}",{cell.access_technology}'
    return f"{status}{place if mode == 2 and status in (1, 5) else ''}"


_OFF, _LOOKING = 0, 2


def look_for_network(
    context: Context, now_ns: int, delay_ns: int = 0, *, is_told: bool = True
) -> None:
    """The radio is switched on at `now_ns + delay_ns`, and looks for its network from then on; the
    host `is_told` of each step, where it wants to be.
    """
    looks_ns = ms(radio(context).register_ms)
    context.attachment.registered_from_ns = now_ns + delay_ns + looks_ns
    if is_told:
        _tell(context, now_ns, delay_ns, _LOOKING)
        _tell(context, now_ns, delay_ns + looks_ns, radio(context).registration)


def lose_network(context: Context, now_ns: int) -> None:
    """The radio is switched off."""
    steps = (_LOOKING, radio(context).registration)
    texts = {text for status in steps for text in _reports(context, status)}
    context.control.cancel_urcs(now_ns, texts)
    _tell(context, now_ns, 0, _OFF)


def _tell(context: Context, now_ns: int, delay_ns: int, status: int) -> None:
    for text in _reports(context, status):
        context.control.send_urc_later(now_ns, delay_ns, text)


def _reports(context: Context, status: int) -> list[str]:
    """The unsolicited result codes of that state (27.007 7.2), as far as the host wants them."""
    wanted = context.settings.registration.items()
    return [f"{name}: {_state(context, mode, status)}" for name, mode in wanted if mode]


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
    context.attachment.is_attached = bool(state)


@CGATT.read
def _get_attach(context: Context) -> str:
    is_attached = context.functionality == 1 and context.attachment.is_attached
    return f"+CGATT: {int(is_attached)}"


def _operators(context: Context) -> str:
    cell = radio(context)
    name = shown(context, cell.operator_name)
    entry = f'(2,"{name}","{name}","{cell.operator_numeric}",{cell.access_technology})'
    return f"+COPS: {entry},,(0-4),(0-2)"


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
) -> None:
    cell = radio(context)
    names = (cell.operator_name, shown(context, cell.operator_name), cell.operator_numeric)
    if mode in (1, 4) and oper not in names:
        raise AtError(Cme.OPERATION_NOT_ALLOWED)
    if format_ is not None:
        context.settings.config["cops_format"] = (format_,)
    if mode != 3:
        context.settings.config["cops_mode"] = (mode,)


@COPS.read
def _get_operator(context: Context) -> str:
    config, cell = context.settings.config, radio(context)
    mode = config.get("cops_mode", (0,))[0]
    if not is_registered(context) or mode == 2:
        return f"+COPS: {mode}"
    format_ = config.get("cops_format", (0,))[0]
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
