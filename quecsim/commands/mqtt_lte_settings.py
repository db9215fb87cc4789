"""Settings of the MQTT clients of the LTE modules: +QMTCFG, and what a client makes of them."""

from quecsim.at.context import Context, tcpip
from quecsim.at.keyed import Given, Setting, Values, need, settings_command
from quecsim.at.results import AtError
from quecsim.at.spec import Integer, Key, Param, Text
from quecsim.clients.mqtt_state import MqttSettings
from quecsim.commands.packet import CONTEXT
from quecsim.mqtt import Will, is_name
from quecsim.units import s

_SOURCE = (
    "a published log of AT+QMTCFG=? on an EC600S; the form of a query as in a capture of a BG770A"
)
_FIRST = Integer("client_idx", high=5, default=0, optional=True)  # a query may leave it out


def switch(name: str, *, optional: bool = False) -> Integer:
    """0 or 1."""
    return Integer(name, allowed=(0, 1), optional=optional)


def _setting(name: str, *params: Param, initial: Values, hides_off: bool = False) -> Setting:
    """A key of one client; a query does not repeat which one."""
    key = Key(name, (_FIRST, *params), index=1)
    return Setting(key, initial, echoes_index=False, hides_off=hides_off, lasts="restart")


def _described(name: str) -> Text:
    return Text(name, described=f'"{name}"')


def _is_whole_will(_context: Context, given: Given) -> None:
    """With the flag set, all the rest must be given, and the topic one that can be published to."""
    if given[0] == 0:
        return
    need(holds=None not in given)
    need(holds=is_name(utf8(str(given[3]))))


_SSL = Setting(
    Key("ssl", (_FIRST, switch("SSL_enable"), Integer("SSL_ctxID", high=5, optional=True)), 1),
    (0, 0),
    echoes_index=False,
    hides_off=True,
    lasts=lambda context: tcpip(context).mqtt_ssl_lasts,
)
_WILL = Setting(
    Key(
        "will",
        (
            _FIRST,
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
    check=_is_whole_will,
)

_SETTINGS = (
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
_BY_KEY = {setting.key.name: setting for setting in _SETTINGS}

QMTCFG = settings_command("+QMTCFG", "Settings of an MQTT client", _SOURCE, _SETTINGS)


def values(context: Context, client: int, key: str) -> Values:
    """What AT+QMTCFG=key says of that client."""
    return _BY_KEY[key].values(context, QMTCFG.name, (client,))


def number(context: Context, client: int, key: str, place: int = 0) -> int:
    """One of those values, where it is a number."""
    value = values(context, client, key)[place]
    assert isinstance(value, int)
    return value


def mqtt_settings(context: Context, client: int) -> MqttSettings:
    """The same as the client needs it."""

    def at(key: str, place: int = 0) -> int:
        return number(context, client, key, place)

    return MqttSettings(
        level=at("version"),
        is_clean=at("session") == 1,
        keep_alive_s=at("keepalive"),
        will=_will(values(context, client, "will")),
        packet_timeout_ns=s(at("timeout")),
        retries=at("timeout", 1),
        is_notified=at("timeout", 2) == 1,
        is_buffered=at("recv/mode") == 1,
        has_length=at("recv/mode", 1) == 1,
        is_hex=at("dataformat", 1) == 1,
    )


def _will(set_to: Values) -> Will | None:
    flag, qos, retain, topic, message = set_to
    if not flag:
        return None
    return Will(utf8(str(topic)), str(message).encode("latin-1"), int(qos), bool(retain))


def utf8(text: str) -> str:
    """The text of an argument, whose bytes are UTF-8. Raises AtError where they are not."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeDecodeError:
        raise AtError from None


COMMANDS = (QMTCFG,)
