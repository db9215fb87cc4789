"""Who the device and its SIM are: ATI and the +G / +C identification commands."""

from collections.abc import Callable

from quecsim.at.context import Context, radio
from quecsim.at.spec import Command

_SOURCE = "EC25&EC21 AT Commands Manual; 3GPP TS 27.007 clause 5"


def _constant(
    names: tuple[str, ...], title: str, answer: Callable[[Context], str]
) -> list[Command]:
    """Commands whose execute form prints one value of the profile."""
    commands = [Command(name, title, source=_SOURCE) for name in names]
    for command in commands:
        command.execute(lambda context: answer(context))
    return commands


INFORMATION = Command("I", "Manufacturer, model and revision", source=_SOURCE)


@INFORMATION.execute
def _information(context: Context) -> list[str]:
    identity = context.profile.identity
    return [identity.manufacturer, identity.model, f"Revision: {context.revision}"]


DEVICE = (
    INFORMATION,
    *_constant(("+GMI", "+CGMI"), "Manufacturer", lambda c: c.profile.identity.manufacturer),
    *_constant(("+GMM", "+CGMM"), "Model", lambda c: c.profile.identity.model),
    *_constant(("+GMR", "+CGMR"), "Firmware revision", lambda c: c.revision),
)


def _with_edition(context: Context) -> str:
    """The revision, and of the factory's one its edition, too."""
    factory = context.profile.identity
    is_factorys = factory.edition and context.revision == factory.revision
    return f"{context.revision}_{factory.edition}" if is_factorys else context.revision


SUBSCRIBER = (
    *_constant(("+QGMR",), "Firmware revision", _with_edition),
    *_constant(("+GSN", "+CGSN"), "IMEI", lambda c: radio(c).imei),
    *_constant(("+CIMI",), "IMSI of the SIM", lambda c: radio(c).imsi),
    *_constant(("+QCCID",), "ICCID of the SIM", lambda c: f"+QCCID: {radio(c).iccid}"),
)
