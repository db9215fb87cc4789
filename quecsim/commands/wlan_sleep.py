"""Low power: +QSCLK. Out of its sleep a device is woken by a pin, GPIO24."""

from functools import partial

from quecsim.at.context import Context, wifi, wlan
from quecsim.at.effects import AfterReply, Steps
from quecsim.at.results import AtError
from quecsim.at.spec import Command, Integer
from quecsim.at.stored import stored
from quecsim.commands.wlan import SOURCE

_AWAKE, _KEEP_ALIVE, _SLEEP, _DEEP_SLEEP = range(4)
_DTIM = 1  # assumed: the manual gives no default

QSCLK = Command(
    "+QSCLK",
    "Low power: 0 off, 1 Wi-Fi keep-alive, 2 sleep, 3 deep sleep, until GPIO24 goes up",
    source=SOURCE,
    params=(
        Integer("mode", allowed=(_AWAKE, _KEEP_ALIVE, _SLEEP, _DEEP_SLEEP)),
        Integer("dtim", low=1, high=30, optional=True),
    ),
)


@QSCLK.write
def _set_low_power(context: Context, mode: int, dtim: int | None) -> Steps:
    before, old_dtim = stored(context, QSCLK.name, (_AWAKE, _DTIM))
    if mode == _KEEP_ALIVE and wifi(context).keepalive_needs_ip and not wlan(context).is_online:
        raise AtError
    # A sleep is over when the host is heard again: then it is awake, as it was before.
    kept = before if mode in (_SLEEP, _DEEP_SLEEP) else mode
    context.settings.config[QSCLK.name] = (kept, old_dtim if dtim is None else dtim)
    if mode in (_SLEEP, _DEEP_SLEEP):
        yield AfterReply(partial(context.control.sleep, is_deep=mode == _DEEP_SLEEP))


@QSCLK.read
def _get_low_power(context: Context) -> str:
    mode, dtim = stored(context, QSCLK.name, (_AWAKE, _DTIM))
    return f"+QSCLK: {mode}" if mode == _AWAKE else f"+QSCLK: {mode},{dtim}"


COMMANDS = (QSCLK,)
