"""Settings of the MQTT clients of the Wi-Fi modules: +QMTCFG.

The manual marks the factory's values by underlining, which is lost in its published text: those
that it does not name in words are assumed.
"""

from quecsim.at.keyed import Setting, Values, settings_command
from quecsim.at.spec import Integer, Key, Param, Text
from quecsim.commands.mqtt_keys import FIRST, SSL, is_whole_will, switch
from quecsim.commands.wlan import SOURCE


def _setting(name: str, params: tuple[Param, ...], initial: Values) -> Setting:
    """A key of one client; a query does not repeat which one (captured on a BG770A)."""
    return Setting(Key(name, (FIRST, *params), index=1), initial, echoes_index=False)


_WILL = Key(
    "will",
    (
        FIRST,
        switch("will_flag"),
        Integer("will_qos", high=2, optional=True),
        switch("will_retain", optional=True),
        Text("will_topic", max_bytes=256, optional=True),
        Text("will_message", max_bytes=256, optional=True),
    ),
    index=1,
)

SETTINGS = (
    _setting("version", (Integer("vsn", allowed=(3, 4)),), (4,)),
    Setting(SSL, (0, 0), echoes_index=False, hides_off=True),
    _setting("keepalive", (Integer("keep_alive_time", high=3600),), (120,)),
    _setting("session", (switch("clean_session"),), (1,)),
    Setting(_WILL, (0, 0, 0, "", ""), echoes_index=False, hides_off=True, check=is_whole_will),
    _setting("recv/mode", (switch("msg_recv_mode"),), (0,)),
    _setting("dataformat", (switch("send_mode"), switch("recv_mode")), (0, 0)),
    _setting(
        "timeout",
        (
            Integer("pkt_timeout", 1, 1200),
            Integer("retry_times", high=10, optional=True),
            switch("timeout_notice", optional=True),
        ),
        (5, 3, 0),
    ),
    _setting(
        "aliauth",
        (
            Text("product_key", described='"product key"'),
            Text("device_name", described='"device name"'),
            Text("device_secret", described='"device secret"'),
        ),
        ("", "", ""),
    ),
    _setting(
        "onenet",
        (
            Text("productID", described='"product id"'),
            Text("access_key", described='"access key"'),
        ),
        ("", ""),
    ),
)

QMTCFG = settings_command("+QMTCFG", "Settings of an MQTT client", SOURCE, SETTINGS)

COMMANDS = (QMTCFG,)
