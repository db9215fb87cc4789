"""Settings and queries of sockets that need no network: +QICFG, +QISTATE, +QIGETERROR, O.

The manual marks the factory's values by underlining, which is lost in its published text: those
that it does not name in words are assumed.
"""

from quecsim.at.context import Context
from quecsim.at.keyed import Setting, settings_command
from quecsim.at.results import AtError, ResultCode
from quecsim.at.spec import Command, Integer, Key
from quecsim.commands.wlan import SOURCE


def _switch(name: str) -> Integer:
    return Integer(name, allowed=(0, 1))


_SETTINGS = (
    Setting(Key("transpktsize", (Integer("transpktsize", 1, 1460),)), (1024,)),
    Setting(Key("transwaittm", (Integer("transwaittm", high=20),)), (2,)),
    Setting(Key("tcp/accept", (_switch("state"),)), (1,)),
    Setting(Key("qisend/timeout", (Integer("timeout", high=120),)), (0,)),
    Setting(Key("passiveclosed", (_switch("closed"),)), (0,)),
    Setting(Key("dataformat", (_switch("send_data_format"), _switch("recv_data_format"))), (0, 0)),
    Setting(Key("close/mode", (_switch("close_mode"),)), (0,)),
    Setting(
        Key(
            "tcp/kalive",
            (
                _switch("kalive_onoff"),
                Integer("kalive_idle", 60, 7200, optional=True),
                Integer("kalive_interval", 10, 20, optional=True),
                Integer("kalive_cnt", 1, 8, optional=True),
            ),
        ),
        (0, 7200, 20, 8),
    ),
    Setting(Key("tcp/tw_cycle", (_switch("tw_enable"),)), (0,)),
    Setting(Key("udp/broadcast", (_switch("udp/broadcast"),)), (0,)),
)

QICFG = settings_command("+QICFG", "Settings of all sockets", SOURCE, _SETTINGS)

QISTATE = Command(
    "+QISTATE",
    "Sockets: none is open, without a network",
    source=SOURCE,
    params=(Integer("connectID", high=11),),
    test_text="",
)


@QISTATE.read
@QISTATE.execute
def _sockets(_context: Context) -> list[str]:
    return []


@QISTATE.write
def _socket(_context: Context, connect_id: int) -> list[str]:  # noqa: ARG001
    return []


QIGETERROR = Command(
    "+QIGETERROR",
    "Error of the last socket command: none has been used, without a network",
    source=f"{SOURCE}; without quotation marks as in a capture of a BG770A",
    test_text="",
)


@QIGETERROR.execute
def _last_error(_context: Context) -> str:
    return "+QIGETERROR: 0,Operation success"


ATO = Command("O", "Back to transparent mode: there is no connection to go back to", source=SOURCE)


@ATO.execute
def _resume(_context: Context) -> None:
    raise AtError(code=ResultCode.NO_CARRIER)


COMMANDS = (QICFG, QISTATE, QIGETERROR, ATO)
