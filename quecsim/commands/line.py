"""The serial line: +IPR, +ICF, +IFC.

The reply goes out at the old setting; the new one takes effect when it has left the UART. Source:
EG800Q&EG91xQ AT Commands Manual V1.1; frames and +IFC values of the EC200U: its AT engine's source.
"""

from quecsim.at.context import Context
from quecsim.at.effects import AfterReply, Steps
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Command, Integer

_SOURCE = "EG800Q&EG91xQ AT Commands Manual V1.1"


def _bauds(context: Context) -> tuple[int, ...]:
    uart = context.profile.uart
    return (0, *uart.bauds) if context.profile.autobaud else tuple(uart.bauds)


def _ifc_values(context: Context) -> tuple[int, ...]:
    return tuple(context.profile.uart.ifc_values)


IPR = Command(
    "+IPR",
    "Fixed baud rate of the UART; 0 where the device has auto-bauding",
    source=_SOURCE,
    params=(Integer("rate", allowed=_bauds),),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    is_setting=True,
)


@IPR.write
def _set_rate(context: Context, rate: int) -> Steps:
    context.settings.baud = rate
    yield AfterReply(context.control.apply_line)


@IPR.read
def _get_rate(context: Context) -> str:
    return f"+IPR: {context.settings.baud}"


# 27.007's numbers: format 1..6 = data, parity and stop bits; parity 0 odd, 1 even.
_ICF_FRAMES = {(3, 0): "8N1", (1, 0): "8N2", (2, 1): "8E1", (2, 0): "8O1"}
_ICF_PARITY = 3

ICF = Command(
    "+ICF",
    "Character frame of the UART",
    source=_SOURCE,
    params=(
        Integer("format", allowed=(1, 2, 3)),
        Integer("parity", allowed=(0, 1, 3), default=_ICF_PARITY, optional=True),
    ),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    is_setting=True,
)


def _icf_frame(format_: int, parity: int) -> str | None:
    return _ICF_FRAMES.get((format_, parity if format_ == 2 else 0))


@ICF.write
def _set_frame(context: Context, format_: int, parity: int) -> Steps:
    frame = _icf_frame(format_, parity)
    if frame is None or frame not in context.profile.uart.frames:
        raise AtError(Cme.INCORRECT_PARAMETERS)
    context.settings.frame = frame
    yield AfterReply(context.control.apply_line)


@ICF.read
def _get_frame(context: Context) -> str:
    format_, parity = next(k for k, v in _ICF_FRAMES.items() if v == context.settings.frame)
    return f"+ICF: {format_},{parity if format_ == 2 else _ICF_PARITY}"


IFC = Command(
    "+IFC",
    "Local flow control",
    source=f"{_SOURCE}; values of the EC200U: UIS8910DM AT engine source",
    params=(
        Integer("dce_by_dte", allowed=_ifc_values),
        Integer("dte_by_dce", allowed=_ifc_values, optional=True),
    ),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    is_setting=True,
)


@IFC.write
def _set_flow(context: Context, dce_by_dte: int, dte_by_dce: int | None) -> Steps:
    other = context.settings.ifc[1] if dte_by_dce is None else dte_by_dce
    context.settings.ifc = (dce_by_dte, other)
    yield AfterReply(context.control.apply_line)


@IFC.read
def _get_flow(context: Context) -> str:
    return "+IFC: {},{}".format(*context.settings.ifc)


COMMANDS = (IPR, ICF, IFC)
