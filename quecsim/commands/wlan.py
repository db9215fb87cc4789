"""The module itself, where it is a Wi-Fi one: +QRST, +QVERSION, +QECHO, +QSETBAND.

These devices have no V.250 settings (ATE, AT&W, AT+IPR) but commands of their own in their place.
"""

from quecsim.at.context import Context, wifi
from quecsim.at.effects import AfterReply, Steps
from quecsim.at.spec import Command, Integer
from quecsim.at.wifi_text import head

SOURCE = "FCM242D&FGM842D AT Commands Manual"

QRST = Command("+QRST", "Restart", source=SOURCE)


@QRST.execute
def _restart(context: Context) -> Steps:
    yield AfterReply(context.control.restart)


QVERSION = Command("+QVERSION", "Firmware version", source=SOURCE)


@QVERSION.execute
def _version(context: Context) -> str:
    return f"{head(wifi(context), QVERSION.name)}{context.revision}"


QECHO = Command(
    "+QECHO",
    "Echo, until the next restart: 0 off, 1 on",
    source=SOURCE,
    params=(Integer("enable", allowed=(0, 1)),),
)


@QECHO.write
def _echo(context: Context, enable: int) -> None:
    context.settings.echo = enable


def _slowest(context: Context) -> int:
    return min(context.profile.uart.bauds)


def _fastest(context: Context) -> int:
    return max(context.profile.uart.bauds)


QSETBAND = Command(
    "+QSETBAND",
    "Baud rate, from the end of the reply on; 1 keeps it over a restart",
    source=SOURCE,
    params=(
        Integer("baud_rate", low=_slowest, high=_fastest),
        Integer("save", allowed=(0, 1)),
    ),
)


@QSETBAND.write
def _set_rate(context: Context, baud_rate: int, save: int) -> Steps:
    context.settings.baud = baud_rate
    if save:
        context.kept.baud = baud_rate
    yield AfterReply(context.control.apply_line)


@QSETBAND.read
def _get_rate(context: Context) -> str:
    return f"{head(wifi(context), QSETBAND.name)}{context.settings.baud}"


COMMANDS = (QRST, QVERSION, QECHO, QSETBAND)
