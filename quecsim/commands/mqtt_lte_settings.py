"""Settings of the MQTT clients of the LTE modules: +QMTCFG."""

from quecsim.at.context import tcpip
from quecsim.at.keyed import Setting, Values, settings_command
from quecsim.at.spec import Integer, Key, Param, Text
from quecsim.commands.mqtt_keys import FIRST, SSL, is_whole_will, switch
from quecsim.commands.packet import CONTEXT

_SOURCE = (
    "a published log of AT+QMTCFG=? on an EC600S; the form of a query as in a capture of a BG770A"
)


def _setting(name: str, *params: Param, initial: Values, hides_off: bool = False) -> Setting:
    """A key of one client; a query does not repeat which one."""
    key = Key(name, (FIRST, *params), index=1)
    return Setting(key, initial, echoes_index=False, hides_off=hides_off, lasts="restart")


def _described(name: str) -> Text:
    return Text(name, described=f'"{name}"')


_SSL = Setting(
    SSL,
    (0, 0),
    echoes_index=False,
    hides_off=True,
    lasts=lambda context: tcpip(context).mqtt_ssl_lasts,
)
_WILL = Setting(
    Key(
        "will",
        (
            FIRST,
            switch("will_flag"),
            Integer("will_qos", high=2, optional=True),
            switch("will_retain", optional=True),
            Text("willtopic", max_bytes=256, optional=True, described='"willtopic"'),
            Text("willmessage", max_bytes=256, optional=True, described='"willmessage"'),
        ),
        index=1,
    ),
    (0, 0, 0, "", ""),
    echoes_index=False,
    hides_off=True,
    lasts="restart",
    check=is_whole_will,
)

SETTINGS = (
    _setting("version", Integer("vsn", allowed=(3, 4)), initial=(4,)),
    _setting("pdpcid", CONTEXT, initial=(1,)),
    _SSL,
    _setting("keepalive", Integer("keep_alive_time", high=3600), initial=(120,)),
    _setting("session", switch("clean_session"), initial=(1,)),
    _setting(
        "timeout",
        Integer("pkt_timeout", 1, 1200),
        Integer("retry_times", 1, 10, optional=True),
        switch("timeout_notice", optional=True),
        initial=(5, 3, 0),
    ),
    _WILL,
    _setting(
        "recv/mode",
        switch("msg_recv_mode"),
        switch("msg_len_enable", optional=True),
        initial=(0, 0),
    ),
    _setting("send/mode", switch("msg_send_mode"), initial=(0,)),
    _setting("onenet", _described("product id"), _described("access key"), initial=("", "")),
    _setting(
        "aliauth",
        _described("product key"),
        _described("device name"),
        _described("device secret"),
        initial=("", "", ""),
    ),
    _setting("hwauth", _described("device id"), _described("device secret"), initial=("", "")),
    _setting(
        "hwprodid",
        _described("product id"),
        _described("product secret"),
        _described("nodeid"),
        initial=("", "", ""),
    ),
    _setting("qmtping", Integer("qmtping_interval", 5, 60), initial=(5,)),
    _setting("dataformat", switch("send_mode"), switch("recv_mode"), initial=(0, 0)),
    _setting("view/mode", switch("view_mode"), initial=(0,)),
    _setting(
        "edit/timeout",
        switch("edit_enable"),
        Integer("edit_time", 1, 180, optional=True),
        initial=(0, 120),
    ),
)

QMTCFG = settings_command("+QMTCFG", "Settings of an MQTT client", _SOURCE, SETTINGS)

COMMANDS = (QMTCFG,)
