"""Settings of all sockets (+QICFG), in the two families that have them.

The Wi-Fi modules' manual marks the factory's values by underlining, which is lost in its published
text: those that it does not name in words are assumed.
"""

from quecsim.at.context import Context
from quecsim.at.keyed import Setting, Value, settings_command
from quecsim.at.spec import Command, Integer, Key
from quecsim.clients.socket_state import SocketSettings
from quecsim.commands import packet
from quecsim.commands.wlan import SOURCE

_NAME, _TITLE = "+QICFG", "Settings of all sockets"


def _switch(name: str) -> Integer:
    return Integer(name, allowed=(0, 1))


def _kept(name: str, *params: Integer, initial: tuple[int, ...]) -> Setting:
    """A key of the LTE modules; it is not kept over a restart."""
    return Setting(Key(name, params), initial, lasts="restart")


_WLAN = (
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
_LTE = (
    _kept("transpktsize", Integer("transpktsize", 1, 1460), initial=(1024,)),
    _kept("transwaittm", Integer("transwaittm", high=20), initial=(2,)),
    _kept("dataformat", _switch("send_data_format"), _switch("recv_data_format"), initial=(0, 0)),
    _kept("viewmode", _switch("view_mode"), initial=(0,)),
    _kept(
        "tcp/retranscfg",
        Integer("max_backoffs", 3, 20),
        Integer("max_rto", 5, 1000),
        initial=(12, 60),
    ),
    _kept("dns/cache", _switch("dns_cache"), initial=(1,)),
    _kept("qisend/timeout", Integer("send_timeout", high=3600), initial=(5,)),
    _kept("passiveclosed", _switch("passive_closed"), initial=(0,)),
    _kept("udp/readmode", _switch("udp_read_mode"), initial=(0,)),
    _kept("udp/sendmode", _switch("udp_send_mode"), initial=(0,)),
    _kept("tcp/accept", _switch("auto_accept"), initial=(1,)),
    _kept("tcp/twrecyle", _switch("fast_recyle"), initial=(0,)),
    _kept("close/mode", _switch("close_mode"), initial=(0,)),
    _kept("recvind", _switch("recv_ind"), initial=(0,)),
    _kept("sendinfo", _switch("send_view_mode"), initial=(0,)),
    _kept("formatcfg", _switch("format"), initial=(0,)),
    Setting(
        Key(
            "tcp/keepalive",
            (
                _switch("enable"),
                Integer("idle_time", 1, 1800, optional=True),
                Integer("interval_time", 25, 100, optional=True),
                Integer("probe_cnt", 3, 10, optional=True),
            ),
        ),
        (0, 120, 75, 9),
        hides_off=True,
        lasts="restart",
    ),
    _kept("recv/buffersize", Integer("buffer_size", 10_240, 524_288), initial=(10_240,)),
)

WLAN_QICFG = settings_command(_NAME, _TITLE, SOURCE, _WLAN)
LTE_QICFG = settings_command(
    _NAME, _TITLE, f"{packet.SOURCE}; published replies of AT+QICFG=? of LTE modules", _LTE
)
for _command in (WLAN_QICFG, LTE_QICFG):
    _command.is_tcpip = True

_FAMILIES: tuple[tuple[str, Command, dict[str, Setting]], ...] = tuple(
    (family, command, {setting.key.name: setting for setting in settings})
    for family, command, settings in (
        ("socket_settings", WLAN_QICFG, _WLAN),
        ("sockets", LTE_QICFG, _LTE),
    )
)


def socket_value(context: Context, key: str, place: int = 0) -> int:
    """What AT+QICFG=key says; 0 for a device that does not have the key, or no sockets but TLS."""
    families = context.profile.commands.families
    for family, command, settings in _FAMILIES:
        if family in families and key in settings:
            values: tuple[Value, ...] = settings[key].values(context, command.name)
            return int(values[place])
    return 0


def socket_settings(context: Context) -> SocketSettings:
    """What a socket needs to know of that."""
    return SocketSettings(
        accepts=socket_value(context, "tcp/accept") == 1,
        frees_itself=socket_value(context, "passiveclosed") == 1,
        is_hex=socket_value(context, "dataformat", 1) == 1,
        header_end="," if socket_value(context, "viewmode") else "\r\n",
        tells_length=socket_value(context, "recvind") == 1,
        is_late=socket_value(context, "close/mode") == 1,
    )
